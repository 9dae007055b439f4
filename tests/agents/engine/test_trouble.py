"""What a run does when something goes wrong that may pass."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from agents.engine import outcomes
from agents.models import retry
from agents.stations import intake
from storage.tables import Document, OutboxMessage
from storage.words import CheckpointKind, MessageKind, RunState, TaskState, VoteAnswer
from tests.servers.model import scripted_model
from tests.workshop import ALICE, COMPETITORS, SURVEY, Workshop, reopened, triage, workshop

TRIAGE = {"schema": "Triage"}


async def _again(shop: Workshop, run_id: str, failures: int) -> bool:
    task = (await shop.tasks(run_id))["triage"]
    return task.failures == failures and task.state is TaskState.QUEUED


async def test_a_failed_attempt_rests_before_the_next_and_says_why(tmp_path: Path):
    busy = {"when": TRIAGE, "fault": {"status": 429, "retry_after": 600, "times": "*"}}
    async with workshop(tmp_path, [busy, triage()]) as shop:
        run_id = await shop.ask()
        await shop.until(lambda: _again(shop, run_id, 1))
        task = (await shop.tasks(run_id))["triage"]
        with shop.database.sync_engine.connect() as connection:
            rested = "select status, delay_until_epoch_ms - created_at from workflow_status where workflow_uuid = :id"
            queued = connection.execute(sa.text(rested), {"id": f"{run_id}:triage:2"}).one()

    assert "600 s of patience" in task.error
    assert re.search(r" Next attempt: \d\d:\d\d UTC\.$", task.error)
    assert queued[0] == "DELAYED" and 599_000 <= queued[1] <= 601_000


async def test_after_its_rest_the_next_attempt_begins_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(outcomes, "RESTS_S", (0.5, 0.5))
    busy = {"when": TRIAGE, "fault": {"status": 400, "times": "*"}, "times": "*"}
    passing = {"when": TRIAGE, "fault": {"status": 429, "retry_after": 61}}
    monkeypatch.setattr(outcomes, "LONGEST_REST_S", 0.5)
    async with workshop(tmp_path, [passing, triage(), busy]) as shop:
        run_id = await shop.ask()
        await shop.open(run_id, CheckpointKind.QUESTION)
        task = (await shop.tasks(run_id))["triage"]

    assert (task.attempt, task.cause, task.failures) == (2, "retry", 1)


async def test_a_stage_that_ended_without_an_outcome_is_tried_again(tmp_path: Path):
    hanging = {"when": TRIAGE, "fault": {"type": "hang", "times": "*"}, "times": "*"}
    async with workshop(tmp_path, [hanging]) as shop:
        run_id = await shop.ask()

        async def at_work() -> bool:
            return bool(shop.model.calls())

        await shop.until(at_work)
        for working in shop.engine._stages._working.values():  # as the loop does when the process ends: nothing was decided
            working.task.cancel()
        await shop.until(lambda: _swept(shop, run_id))
        run = await shop.run(run_id)

    assert run.state is RunState.WORKING


async def _swept(shop: Workshop, run_id: str) -> bool:
    await shop.engine.sweep()
    return await _again(shop, run_id, 1)


async def test_a_restart_gives_a_call_no_further_tries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retry, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(outcomes, "RESTS_S", (1.0, 0.05))
    down = {"when": TRIAGE, "fault": {"status": 500, "times": "*"}, "times": "*"}
    async with scripted_model([down], tmp_path, check=False) as model:
        async with reopened(tmp_path, model) as shop:
            run_id = await shop.ask()
            await shop.until(lambda: _again(shop, run_id, 1))
            before = len(model.calls())
        async with reopened(tmp_path, model) as shop:
            asked = await shop.open(run_id, CheckpointKind.ESCALATION)
            tries = model.calls()

    assert (before, len(tries), len({call.digest for call in tries})) == (2, 4, 1)
    assert asked.payload["failed"].endswith("It was tried 4 times.")


@pytest.mark.parametrize(("breaks", "attempt", "calls"), [(1, 2, 1), (2, 3, 2)])
async def test_an_attempt_after_a_break_of_our_own_keeps_its_calls_and_begins_anew_where_they_broke_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaks: int, attempt: int, calls: int
):
    monkeypatch.setattr(outcomes, "RESTS_S", (0.05, 0.05))
    whole, broken = intake._missing, iter(range(breaks))

    def missing(*about: object) -> object:
        if next(broken, None) is not None:
            raise ZeroDivisionError
        return whole(*about)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "_missing", missing)
    async with workshop(tmp_path, [{**triage(), "times": "*"}]) as shop:
        run_id = await shop.ask()
        await shop.open(run_id, CheckpointKind.QUESTION)
        task, made = (await shop.tasks(run_id))["triage"], shop.model.calls()

    assert (task.attempt, len(made)) == (attempt, calls)


async def test_files_that_cannot_be_read_are_named_at_once(tmp_path: Path):
    async with workshop(tmp_path, [triage()]) as shop:
        run_id = await shop.ask(samples=("competitors/price-survey.csv", "broken.pdf"))
        await shop.open(run_id, CheckpointKind.QUESTION)
        [notice] = [row.text for row in await shop.rows(OutboxMessage, run_id) if row.kind is MessageKind.NOTICE]

    assert notice.startswith("I go on without 1 of the 2 files:\n• 'broken.pdf'")
    assert "ask again with files I can read" in notice


async def test_where_no_file_can_be_read_others_are_asked_for_before_anything_begins(tmp_path: Path):
    async with workshop(tmp_path, [triage()]) as shop:
        run_id = await shop.ask(samples=("broken.pdf", "worse.pdf"))
        asked = await shop.open(run_id, CheckpointKind.QUESTION)
        field = asked.payload["fields"][-1]
        new = {"id": "F9", "name": SURVEY}
        answers = {"other_files": SURVEY, "competitors": COMPETITORS}
        await shop.decide(asked, ALICE, VoteAnswer.ANSWER, answers=answers, files=(new,))
        await shop.open(run_id, CheckpointKind.PLAN)
        read = [row.origin for row in await shop.rows(Document, run_id) if not row.problem]
        run = await shop.run(run_id)

    assert field["question"].startswith("None of the 2 files could be read:\n• 'broken.pdf'")
    assert (field["kind"], field["optional"]) == ("file", True)
    assert read == ["F9"]
    assert "other_files" not in run.inputs
