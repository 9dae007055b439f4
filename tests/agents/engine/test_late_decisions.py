"""A decision that comes after the end: refused with a sentence, and nothing runs because of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from storage import events
from storage.errors import AlreadyDecidedError
from storage.tables import Artifact, Task, Vote
from storage.words import CheckpointState, RunState, TaskState, VoteAnswer
from tests.workshop import ALICE, BOB, whole_line, workshop

LATE = (
    (VoteAnswer.APPROVE, {}),
    (VoteAnswer.APPROVE, {"edited": {"text": "Mine.\n"}}),
    (VoteAnswer.SEND_BACK, {"note": "Once more."}),
    (VoteAnswer.STOP, {}),
)


async def test_nothing_runs_for_a_decision_that_comes_after_the_run_was_stopped(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        draft = await shop.to_draft(run_id)
        await shop.engine.stop_run(run_id, ALICE)
        asked, made = len(shop.model.calls()), len(await shop.rows(Artifact, run_id))
        for answer, more in LATE:
            with pytest.raises(AlreadyDecidedError, match="already withdrawn"):
                await shop.decide(draft, BOB, answer, **more)
        await shop.engine.sweep()
        run, tasks = await shop.run(run_id), {task.key: task for task in await shop.rows(Task, run_id)}
        async with shop.database.read() as session:
            after = await session.get_one(type(draft), draft.id)
            voted = await session.get(Vote, (draft.id, 1, BOB.id))
            wrong = await events.broken(session)

        assert (len(shop.model.calls()), len(await shop.rows(Artifact, run_id))) == (asked, made)

    assert (run.state, after.state, after.version, voted) == (
        RunState.STOPPED,
        CheckpointState.WITHDRAWN,
        1,
        None,
    )
    assert (tasks["brief"].state, tasks["brief"].attempt) == (TaskState.ASKING, 1)
    assert wrong == []


async def test_a_late_press_waits_for_nobody_who_writes(tmp_path: Path):
    async with workshop(tmp_path, whole_line()) as shop:
        run_id = await shop.ask()
        draft = await shop.to_draft(run_id)
        await shop.engine.stop_run(run_id, ALICE)
        async with shop.database.write():
            async with asyncio.timeout(5):
                with pytest.raises(AlreadyDecidedError, match="already withdrawn"):
                    await shop.decide(draft, BOB, VoteAnswer.APPROVE)
