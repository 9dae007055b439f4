"""Figures of an installation: a whole run's log says what its rows say, and the command tells it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

import pytest

from agents.errors import PolicyError
from agents.policies import PAGE, Hours
from bot import looking_back
from storage import clock, outcomes, runs
from storage.outcomes import Amount, Steadiness
from storage.tables import Checkpoint, Event
from storage.words import CheckpointKind, CheckpointState, VoteAnswer
from tests.bot.test_main import run as command
from tests.storage.outcomes.scribe import END, stored
from tests.storage.outcomes.test_three_logs import calm
from tests.workshop import ALICE, BOB, whole_line, workshop, written

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday
MINUTE = timedelta(minutes=1)


class Watch:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def wait(self, minutes: float) -> None:
        """Let minutes pass."""
        self.now += minutes * MINUTE


@pytest.fixture
async def watch() -> AsyncIterator[Watch]:
    made = Watch()
    clock.follow(lambda: made.now)
    yield made
    clock.follow(None)


async def test_the_log_of_a_whole_run_says_what_its_rows_say(tmp_path: Path, watch: Watch):
    async with workshop(tmp_path, [*whole_line(), written(), whole_line()[-1]]) as shop:
        run_id = await shop.ask()
        form = await shop.open(run_id, CheckpointKind.QUESTION)
        watch.wait(4)
        await shop.decide(
            form, ALICE, VoteAnswer.ANSWER, answers={"competitors": "Haulwren, Ternway, Oxbell"}
        )
        plan = await shop.open(run_id, CheckpointKind.PLAN)
        watch.wait(7)
        await shop.decide(plan, ALICE, VoteAnswer.APPROVE)
        draft = await shop.open(run_id, CheckpointKind.DRAFT)
        watch.wait(45)
        await shop.decide(draft, BOB, VoteAnswer.SEND_BACK, note="Please open with the price survey.")
        draft = await shop.open(run_id, CheckpointKind.DRAFT)
        watch.wait(30)
        await shop.decide(draft, BOB, VoteAnswer.APPROVE)
        await shop.ended(run_id)
        asked, events = await shop.rows(Checkpoint, run_id), await shop.rows(Event, run_id)
        async with shop.database.read() as session:
            usd, _, priced = await runs.spent(session, run_id)
        found = outcomes.of(shop.database.path, watch.now)

    whole = found.whole
    lasted = [one.closed_at - one.opened_at for one in asked]
    back = [one for one in asked if one.state is CheckpointState.SENT_BACK]
    [end] = [event for event in events if event.kind == "run done"]
    assert usd > 0
    assert (whole.accepted, whole.provisional, whole.first_pass, whole.judged) == (1, 1, 0, 1)
    assert found.lines == (Steadiness("competitive-intelligence", 1, 0),)
    assert (whole.rounds, whole.decisions, whole.wall) == (len(back), 4, median(lasted))
    assert sorted(lasted) == [4 * MINUTE, 7 * MINUTE, 30 * MINUTE, 45 * MINUTE]
    assert (whole.usd, whole.priced) == (Amount(usd, 1, 0), priced)
    assert (whole.minutes, end.payload["rework"]) == (
        Amount(0, 0, 4),
        len(back),
    )  # nobody opened anything in full


def nine_to_five(zone: str = "UTC", *holidays: str) -> Hours:
    return Hours(zone, "Mon-Fri 09:00-17:00", "", holidays)


@pytest.mark.parametrize("start, end, hours, minutes", [
    ("2026-11-18T08:00", "2026-11-18T10:00", nine_to_five(), 60),
    ("2026-11-20T16:00", "2026-11-23T09:30", nine_to_five(), 90),  # over a weekend
    ("2026-11-18T16:00", "2026-11-20T10:00", nine_to_five("UTC", "2026-11-19"), 120),
    ("2026-11-18T08:00", "2026-11-18T10:00", nine_to_five("Europe/Berlin"), 120),
    ("2026-11-18T17:00", "2026-11-18T17:00", nine_to_five(), 0),
    ("2026-11-18T12:00", "2026-11-18T11:00", nine_to_five(), 0),  # a clock that was set back
])  # fmt: skip
def test_working_time_lies_in_the_hours_of_the_policy(start, end, hours, minutes):
    moments = [datetime.fromisoformat(f"{text}+00:00") for text in (start, end)]

    assert looking_back.working(hours)(*moments) == minutes * MINUTE


@pytest.fixture
def settings(tmp_path: Path) -> Any:
    return SimpleNamespace(jidoka_home=tmp_path, database_path=stored(tmp_path / "jidoka.db", calm().lines))


def test_an_installation_counts_in_its_own_hours(settings: Any, watch: Watch):
    watch.now = END
    shipped = looking_back.figures(settings).whole.working
    (settings.jidoka_home / PAGE).write_text('working_hours = "Mon-Fri 09:00-10:00"\n', encoding="utf-8")
    short = looking_back.figures(settings).whole.working

    # Two plans were decided in that hour, in 3 and 10 min; four drafts were not: 0, 0, 0, 0, 3 and 10
    assert (shipped, short) == (17.5 * MINUTE, timedelta())


def test_hours_that_cannot_be_read_are_told(settings: Any):
    (settings.jidoka_home / PAGE).write_text('working_hours = "whenever"\n', encoding="utf-8")

    with pytest.raises(PolicyError, match="whenever"):
        looking_back.figures(settings)


async def test_the_command_tells_the_figures(tmp_path: Path):
    now = datetime.now(UTC)
    lines = [line._replace(at=line.at + (now - END)) for line in calm().lines]
    stored(tmp_path / "jidoka.db", lines)

    code, out, err = await command(tmp_path, "figures")
    told = out.splitlines()

    assert (code, err) == (0, "")
    assert told[0] == f"The 4 weeks to {now.day} {now:%b %Y}:"
    assert told[1] == "3 results were accepted; 1 of them may still be reopened, for 7 days."
    assert len(told) == 8


async def test_the_command_takes_other_weeks(tmp_path: Path):
    now = datetime.now(UTC)
    stored(tmp_path / "jidoka.db", [line._replace(at=line.at + (now - END)) for line in calm().lines])

    _, out, _ = await command(tmp_path, "figures", "--weeks", "1")

    assert out.splitlines()[1] == "1 result was accepted; 1 of them may still be reopened, for 7 days."


@pytest.mark.parametrize("weeks", ["53", "many"])
async def test_a_number_of_weeks_that_makes_no_sense_is_a_sentence(tmp_path: Path, weeks):
    code, out, err = await command(tmp_path, "figures", "--weeks", weeks)

    assert (code, out) == (2, "")
    assert f"{weeks!r}: give a number of weeks from 1 to 52." in err


async def test_the_command_says_that_there_is_no_log(tmp_path: Path):
    code, out, err = await command(tmp_path, "figures")

    assert (code, out) == (1, "")
    assert err == f"There is no database at {str(tmp_path / 'jidoka.db')!r}: nothing has run there yet.\n"
