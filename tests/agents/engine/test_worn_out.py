"""A stage whose process ends in the middle of it again and again: at some point people are asked, and can have it tried."""

import sqlite3
from pathlib import Path

import pytest

from agents.engine import durable, sweeping
from agents.engine.durable import MOST_RECOVERIES
from bot.messages import actions, checkpoint
from bot.messages.rows import CheckpointRows
from storage import clock
from storage.tables import Checkpoint
from storage.words import CheckpointKind, TaskState, VoteAnswer
from tests.servers.model import ModelServer, scripted_model
from tests.workshop import BOB, Workshop, reopened, triage

HANGS = {"when": {"schema": "Triage"}, "fault": {"type": "hang"}}


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process leaves at once what it is in the middle of."""
    monkeypatch.setattr(durable, "STOP_S", 0.1)
    monkeypatch.setattr(durable, "LEAVE_S", 0.1)


async def begun(home: Path, model: ModelServer, *requests: str) -> list[str]:
    """Return the runs of requests whose process ended while the model was asked about each."""
    async with reopened(home, model) as shop:
        found = [await shop.ask(samples=(), ts=f"1.00010{number}") for number, _ in enumerate(requests)]

        async def at_work() -> bool:
            return len(model.calls()) == len(requests)

        await shop.until(at_work)
    return found


def ended(home: Path, run_id: str, times: int) -> None:
    """Let the process have ended this often in the middle of a run's first stage: what DBOS counts when it begins one."""
    with sqlite3.connect(home / "jidoka.db") as connection:
        said = "update workflow_status set recovery_attempts = ? where workflow_uuid = ? and status = 'PENDING'"
        assert connection.execute(said, (times, f"{run_id}:triage:1")).rowcount == 1
    connection.close()


async def asked(shop: Workshop, run_id: str) -> Checkpoint:
    """Return what people are asked once the net has looked for what stands still."""

    async def swept() -> bool:
        await shop.engine.sweep()
        return (await shop.tasks(run_id))["triage"].state is TaskState.ASKING

    await shop.until(swept)
    return await shop.open(run_id, CheckpointKind.ESCALATION)


async def test_after_five_recoveries_it_is_still_begun_again(tmp_path: Path):
    async with scripted_model([HANGS, triage()], tmp_path, check=False, outlives=False) as model:
        [run_id] = await begun(tmp_path, model, "compare")
        ended(tmp_path, run_id, MOST_RECOVERIES)
        async with reopened(tmp_path, model) as shop:
            await shop.open(run_id, CheckpointKind.QUESTION)
            task = (await shop.tasks(run_id))["triage"]

    assert (task.attempt, task.failures) == (1, 0)


async def test_after_six_ends_people_are_told_in_one_sentence_and_a_press_has_it_tried_again(tmp_path: Path):
    async with scripted_model([HANGS, triage()], tmp_path, check=False, outlives=False) as model:
        [run_id] = await begun(tmp_path, model, "compare")
        ended(tmp_path, run_id, MOST_RECOVERIES + 1)
        async with reopened(tmp_path, model) as shop:
            failed = await asked(shop, run_id)
            calls = len(model.calls())
            card = checkpoint.build(CheckpointRows(checkpoint=failed, run=await shop.run(run_id), now=clock.now()))
            await shop.decide(failed, BOB, VoteAnswer.APPROVE)
            await shop.open(run_id, CheckpointKind.QUESTION)
            task = (await shop.tasks(run_id))["triage"]

    [row] = [block for block in card.blocks if block["type"] == "actions"]
    assert calls == 1  # it was not begun a seventh time
    assert failed.payload["failed"] == sweeping.WORN_OUT
    assert "ended in the middle of this 6 times in a row" in str(card.blocks)
    assert (row["elements"][0]["text"]["text"], row["elements"][0]["action_id"]) == ("Try again", actions.CHECKPOINT_APPROVE)
    assert (task.attempt, task.failures) == (2, 0)


async def test_one_that_is_worn_out_keeps_no_other_from_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async with scripted_model([HANGS, HANGS, triage()], tmp_path, check=False, outlives=False) as model:
        worn, other = await begun(tmp_path, model, "compare", "compare again")
        ended(tmp_path, worn, MOST_RECOVERIES + 1)
        monkeypatch.setattr(durable, "POLL_S", 600.0)  # only what we claim ourselves is begun
        async with reopened(tmp_path, model) as shop:
            shop.engine._ground.durable._wanted = True
            shop.engine._ground.durable.claim_soon()
            await shop.open(other, CheckpointKind.QUESTION)
            await asked(shop, worn)

    assert "A stage was not begun" in caplog.text
