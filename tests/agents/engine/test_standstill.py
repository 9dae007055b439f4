"""Work that does not come on: a free plan is made anew once, then people are asked; a cheap model hands on to a strong."""

from pathlib import Path
from typing import Any

from storage.tables import Artifact, Checkpoint, Event, Review
from storage.words import CheckpointKind, CheckpointState, RunState, TaskState, VoteAnswer
from tests.agents.engine.test_routes import planned
from tests.servers.calls import Call
from tests.workshop import (
    ALICE,
    BOB,
    Page,
    Workshop,
    brief_text,
    comparison,
    finding,
    research,
    researches,
    triage,
    verdict,
    workshop,
    written,
)

UNASKED = Page("[ask_first]\nplan = false\n")
STUCK = brief_text("CANARY-STUCK TODO [F101].").replace("F301", "F201")
CHEAP, STRONG = "claude-haiku-5-5", "claude-sonnet-5-5"


def unasked(*, more: bool = False) -> dict[str, Any]:
    """A plan without a question of its own; anew it has one more reader, and the writer is told something else."""
    answer = planned()
    *readers, writer = answer["reply"]["json"]["tasks"]
    writer["ask"] = ""
    if more:
        third = {"key": "read-c", "title": "Read Oxbell", "makes": "oxbell", "instructions": "Read on."}
        readers.append({**readers[0], **third})
        writer |= {"needs": ["read-a", "read-b", "read-c"], "instructions": "Write one page and finish it."}
    answer["reply"]["json"]["tasks"] = [*readers, writer]
    return answer


def readers() -> list[dict[str, Any]]:
    return [research("read-a", "Haulwren"), research("read-b", "Ternway"), research("read-c", "Oxbell")]


async def told(shop: Workshop, run_id: str, kind: str) -> list[Event]:
    return [line for line in await shop.rows(Event, run_id) if line.kind == kind]


def plan_of(call: Call) -> str:
    return str(call.body["messages"][0]["content"])


async def test_a_free_plan_that_stands_still_is_made_anew_once_and_then_a_person_is_asked(tmp_path: Path):
    free = triage(route="plan", line="", inputs=[])
    script = [free, unasked(), unasked(more=True), *readers(), written(STUCK, times="*"), verdict(times="*")]
    async with workshop(tmp_path, script, policy=UNASKED) as shop:
        run_id = await shop.ask()
        asked = await shop.open(run_id, CheckpointKind.ESCALATION)
        tasks, run = await shop.tasks(run_id), await shop.run(run_id)
        plans, drafts = shop.model.calls(schema="Plan"), shop.model.calls(role="writer")
        stood = await told(shop, run_id, "plan stalled")
        await shop.decide(asked, BOB, VoteAnswer.APPROVE)
        ended = await shop.ended(run_id)
        shop.model.check()

    print(f"{len(plans)} plans, asked after {len(drafts)} rounds")
    assert (len(plans), len(drafts), len(stood)) == (2, 6, 1)
    assert asked.question.startswith("“Write it up” stands still: three versions brought nothing new.")
    assert set(tasks) == {"triage", "plan", "read-a", "read-b", "read-c", "write"}
    assert tasks["read-a"].attempt == 1 and tasks["write"].attempt == 2, "what was done stays done"
    assert "Write one page and finish it." in plan_of(drafts[3]) and "Oxbell" in plan_of(drafts[3])
    assert (run.state, ended.state) == (RunState.WAITING, RunState.DONE)
    # the second plan is shown numbers and ids of what stood still, and no word of it or of a document
    assert "task: write" in plan_of(plans[1]) and "placeholder 1" in plan_of(plans[1])
    assert "CANARY-STUCK" not in plan_of(plans[1]) and "6 to 8 weeks" not in plan_of(plans[1])
    assert "standstill" not in plan_of(plans[0])


async def test_a_new_plan_that_touches_what_has_begun_goes_back_and_a_person_who_wants_to_see_it_does(tmp_path: Path):
    free = triage(route="plan", line="", inputs=[])
    meddled = unasked()
    meddled["reply"]["json"]["tasks"][0]["instructions"] = "Read something else."
    good = written(brief_text("Read [F101].").replace("F301", "F201"))
    script = [free, unasked(), meddled, unasked(more=True), *readers(), *[written(STUCK)] * 3, good, verdict(times="*")]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        await shop.decide(await shop.open(run_id, CheckpointKind.PLAN), ALICE, VoteAnswer.APPROVE)
        again = await shop.open(run_id, CheckpointKind.PLAN)
        while_asked = {key: task.state for key, task in (await shop.tasks(run_id)).items()}
        await shop.decide(again, ALICE, VoteAnswer.APPROVE)
        ended = await shop.ended(run_id)
        plans = shop.model.calls(schema="Plan")
        shop.model.check()

    assert "has begun and stays as it is." in plan_of(plans[2])
    assert while_asked["write"] is TaskState.BLOCKED
    assert ended.state is RunState.DONE


async def test_a_line_that_stands_still_asks_a_person_after_three_rounds(tmp_path: Path):
    stuck = written(brief_text("Three makers TODO [F101]."), times="*")
    script = [triage(), *researches(), comparison(), stuck, verdict(times="*")]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        plan = await shop.to_plan(run_id)
        tasks = [{**task, "ask": ""} for task in plan.payload["plan"]["tasks"]]
        edited = {"plan": {**plan.payload["plan"], "tasks": tasks}}
        await shop.decide(plan, ALICE, VoteAnswer.APPROVE, edited=edited)
        asked = await shop.open(run_id, CheckpointKind.ESCALATION)
        rounds = [row for row in await shop.rows(Review, run_id) if row.task_key == "brief"]
        stood = await told(shop, run_id, "plan stalled")

    assert "stands still: three versions brought nothing new" in asked.question
    assert (len(rounds), stood) == (3, [])


async def test_a_failed_check_hands_a_cheap_task_to_the_strong_model_once_and_the_record_says_so(tmp_path: Path):
    wrong = research("research-1", "Haulwren")
    wrong["reply"]["json"]["findings"] = [{**finding("Haulwren"), "quote": "Nobody said this anywhere."}]
    right = research("research-1", "Haulwren", times="*")
    script = [triage(), wrong, right, *researches()[1:], comparison(times="*"), written(times="*"), verdict(times="*")]
    async with workshop(tmp_path, script) as shop:
        run_id = await shop.ask()
        await shop.to_draft(run_id)
        await shop.engine.controls.run_again(run_id, ALICE, "research-1", "Look again.")
        await shop.until(lambda: _again(shop, run_id))
        used = [call.body["model"] for call in shop.model.calls(task="research-1")]
        others = {call.body["model"] for call in shop.model.calls(schema="Findings") if call.task != "research-1"}
        raised = await told(shop, run_id, "tier raised")

    assert used == [CHEAP, STRONG, STRONG], "a further attempt begins where the first one ended"
    assert others == {CHEAP}
    assert [line.payload for line in raised] == [{"task": "research-1", "attempt": 1, "round": 2}]


async def _again(shop: Workshop, run_id: str) -> bool:
    made = [row for row in await shop.rows(Artifact, run_id) if row.task_key == "research-1"]
    open_ = [one for one in await shop.rows(Checkpoint, run_id) if one.state is CheckpointState.OPEN]
    return len(made) == 2 and [one.kind for one in open_] == [CheckpointKind.DRAFT]
