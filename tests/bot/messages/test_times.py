"""A run's status says when it begins and by when it is wanted, in the reader's own time, and nothing that is not so."""

from datetime import timedelta
from typing import Any

import pytest

from bot import blockkit
from bot.messages import figures, status
from storage.words import CheckpointKind, RunState, TaskState
from tests.bot.messages import sample

LATER = sample.NOW + timedelta(hours=9)
EARLIER = sample.NOW - timedelta(hours=1)
WAITING = {"state": RunState.WAITING, "begin_at": LATER}
STILL = (sample.task("compare", TaskState.BLOCKED),)


def told(open: tuple[Any, ...] = (), **run: Any) -> str:
    said = status.build(sample.under_way(run=sample.run(**run), tasks=STILL, open=open))

    assert blockkit.validate(list(said.blocks), "message", "emit") == []
    return said.text + str(said.blocks)


def test_a_run_that_waits_for_the_night_says_when_it_begins_and_waits_for_no_decision():
    said = told(**WAITING, due_at=LATER + timedelta(hours=10), night=True)

    assert "Waiting for its time: Three competitors compared" in said
    assert f"Begins: {figures.moment(LATER)}." in said
    assert f"Wanted by: {figures.moment(LATER + timedelta(hours=10))}." in said
    assert "asked in the morning" in said
    assert "Waiting for a decision" not in said


def test_while_somebody_is_asked_it_waits_for_them():
    assert "Waiting for a decision: " in told(**WAITING, open=(sample.checkpoint(CheckpointKind.PLAN),))


def test_while_what_was_approved_is_being_done_it_waits_for_no_decision_unless_somebody_is_asked():
    acting: dict[str, Any] = {"run": sample.run(state=RunState.WAITING), "doing": frozenset({"compare"})}
    alone = status.build(sample.under_way(**acting))
    asking = status.build(sample.under_way(**acting, open=(sample.checkpoint(CheckpointKind.PLAN),)))
    held = status.build(sample.under_way(**{**acting, "run": sample.run(state=RunState.PAUSED)}))

    assert alone.text.startswith("Doing what was approved: ") and alone.text.endswith(status.DOING)
    assert status.summary(sample.under_way(**acting)).startswith("Doing what was approved · ")
    assert asking.text.startswith("Waiting for a decision: ") and status.DOING in asking.text
    assert status.DOING not in held.text


def test_once_it_has_begun_nothing_is_said_of_its_beginning():
    assert "Begins" not in told(state=RunState.WORKING, begin_at=EARLIER)


def test_a_deadline_that_has_passed_is_called_so():
    assert f"Wanted by: {figures.moment(EARLIER)}. That has passed." in told(due_at=EARLIER)


@pytest.mark.parametrize("state", [RunState.DONE, RunState.STOPPED, RunState.FAILED])
def test_a_run_that_has_ended_waits_for_no_time(state: RunState):
    said = told(state=state, begin_at=LATER, due_at=LATER, night=True, error="It could not be done.")

    assert "Begins" not in said and "Wanted" not in said and "morning" not in said


def test_a_run_without_a_time_says_nothing_of_one():
    said = told()

    assert "Begins" not in said and "Wanted" not in said and "morning" not in said
