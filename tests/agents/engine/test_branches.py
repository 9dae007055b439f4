"""A reader who asks holds up what builds on it, and no one else; the answer lets the rest go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from storage.tables import Call
from storage.words import CheckpointKind, RunState, TaskState, VoteAnswer
from tests.workshop import ALICE, BOB, Workshop, whole_line, workshop

ASKING: Final[dict[str, Any]] = {
    "when": {"task": "research-1", "call": 1},
    "reply": {
        "blocks": [{"type": "tool_use", "id": "toolu_1", "name": "ask_person", "input": {"question": "Which one?"}}],
        "stop_reason": "tool_use",
    },
}  # fmt: skip


async def states(shop: Workshop, run_id: str) -> dict[str, TaskState]:
    """Return how the plan's own tasks stand."""
    return {
        key: task.state for key, task in (await shop.tasks(run_id)).items() if key not in ("triage", "plan")
    }


async def test_while_one_reader_waits_for_a_person_the_others_finish_and_what_needs_it_does_not_begin(
    tmp_path: Path,
):
    async with workshop(tmp_path, [ASKING, *whole_line()]) as shop:
        run_id = await shop.ask()
        await shop.decide(await shop.to_plan(run_id), ALICE, VoteAnswer.APPROVE)
        question = await shop.open(run_id, CheckpointKind.QUESTION)

        async def stands() -> bool:
            return (await shop.run(run_id)).state is RunState.WAITING

        await shop.until(stands)
        await shop.engine.sweep()
        waiting = await states(shop, run_id)
        called = {call.task_key for call in await shop.rows(Call, run_id)} - {"triage", "plan"}
        await shop.decide(
            question, ALICE, VoteAnswer.ANSWER, answers={question.payload["fields"][0]["name"]: "Both."}
        )
        await shop.decide(await shop.open(run_id, CheckpointKind.DRAFT), BOB, VoteAnswer.APPROVE)
        run = await shop.ended(run_id)

    assert waiting == {
        "research-1": TaskState.ASKING,
        "research-2": TaskState.DONE,
        "research-3": TaskState.DONE,
        "comparison": TaskState.BLOCKED,
        "brief": TaskState.BLOCKED,
    }
    assert called == {"research-1", "research-2", "research-3"}
    assert run.state is RunState.DONE
