"""Every moment is shown in the reader's own time, by our own code alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import blockkit
from bot.messages import attempts, figures, outcome, status, text
from bot.messages.rows import RunRows
from storage.tables import Task
from storage.words import CheckpointKind, CheckpointState, RunState, TaskState
from tests.bot.messages import sample

WHY = "The model service is overloaded (529)."
AT_1220 = int((sample.BEGAN + timedelta(hours=2, minutes=20)).timestamp())


def resting(now: datetime, error: str, **other: Any) -> RunRows:
    task = sample.task("compare", TaskState.QUEUED, attempt=2, failures=1, error=error)
    return sample.under_way(tasks=(task,), now=now, **other)


def test_a_moment_is_in_the_readers_own_time_and_else_in_utc():
    said = figures.moment(datetime(2026, 11, 22, 12, 20, 40, tzinfo=UTC))

    assert said == f"<!date^{AT_1220 + 40}^{{date_short_pretty}}, {{time}}|22 Nov 2026, 12:20 UTC>"


def test_a_decision_says_when_in_the_readers_own_time():
    decided = sample.checkpoint(
        CheckpointKind.DRAFT, state=CheckpointState.APPROVED, decided_by="U0BOB", closed_at=sample.NOW
    )

    assert outcome.sentence(decided) == f"*Approved* by <@U0BOB> · {figures.moment(sample.NOW)}"


def test_a_status_says_when_the_next_attempt_is_and_that_nobody_needs_to_do_anything():
    rows = resting(sample.BEGAN + timedelta(hours=2, minutes=15), f"{WHY} Next attempt: 12:20 UTC.")

    said = status.build(rows)

    sentence = f"“Compare” failed. Next attempt, by itself: <!date^{AT_1220}^{{date_short_pretty}}, {{time}}|"
    assert sentence in said.text
    assert sentence in str(said.blocks)
    assert f"This failed and is tried again by itself. {WHY}" in str(said.blocks)
    assert "Next attempt: 12:20" not in str(said.blocks)
    assert blockkit.validate(list(said.blocks), "message", "emit") == []


@pytest.mark.parametrize(
    ("now", "said", "next_at"),
    [
        ("2026-11-22 23:58", "00:03", "2026-11-23 00:03"),
        ("2026-11-22 12:15", "12:20", "2026-11-22 12:20"),
        ("2026-11-23 00:01", "23:59", None),  # its time has come
        ("2026-11-22 12:20", "12:20", None),
    ],
)
def test_the_next_attempt_is_the_nearest_such_time(now: str, said: str, next_at: str | None):
    at, when = (datetime.fromisoformat(f"{each}:00+00:00") if each else None for each in (now, next_at))
    task = sample.task("compare", TaskState.QUEUED, failures=1, error=f"{WHY} Next attempt: {said} UTC.")
    assert at is not None

    assert attempts.next_at(task, at) == when


@pytest.mark.parametrize(
    ("state", "failures", "error"),
    [
        (TaskState.WORKING, 1, f"{WHY} Next attempt: 12:20 UTC."),
        (TaskState.QUEUED, 0, f"{WHY} Next attempt: 12:20 UTC."),
        (TaskState.QUEUED, 1, WHY),
        (TaskState.QUEUED, 1, f"{WHY} Next attempt: 99:99 UTC."),
        (TaskState.QUEUED, 1, "Next attempt: 12:20 UTC. Or later."),
    ],
)
def test_what_does_not_rest_has_no_next_attempt(state: TaskState, failures: int, error: str):
    task: Task = sample.task("compare", state, failures=failures, error=error)

    assert attempts.next_at(task, sample.NOW) is None


def test_a_run_that_ended_tries_nothing_again():
    ended = sample.run(state=RunState.STOPPED, ended_at=sample.NOW)
    rows = resting(sample.NOW, f"{WHY} Next attempt: 10:20 UTC.", run=ended)

    assert "Next attempt" not in status.build(rows).text


def test_many_resting_tasks_are_counted():
    tasks = [sample.task(f"t{n}", TaskState.QUEUED, failures=1, error=f"{WHY} Next attempt: 10:20 UTC.") for n in range(5)]
    said = status.build(sample.under_way(tasks=tuple(tasks)))

    assert said.text.count("Next attempt, by itself") == 3
    assert "… and 2 more rest." in said.text


def test_a_date_an_agent_writes_stays_dead():
    assert text.escape("<!date^1^{date}|now>") == "&lt;!date^1^{date}|now&gt;"
