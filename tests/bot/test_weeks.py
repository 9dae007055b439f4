"""Morning briefs over weeks: clocks that change, machines that jump or die, and each morning told once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from storage.words import RunState
from tests.bot.night import Night, at, night
from tests.bot.test_telling import under

BERLIN = 'time_zone = "Europe/Berlin"\n'


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[Night]:
    """A Monday's evening in Berlin, noon in New York."""
    async with night(tmp_path, "2026-11-23 18:00") as found:
        under(found, BERLIN)
        yield found


async def test_a_death_between_any_two_steps_neither_loses_nor_doubles_a_brief(tmp_path: Path):
    async with night(tmp_path, "2025-11-24 18:00") as evening:  # long ago: Slack's own clock is never behind it
        under(evening, BERLIN)
        await evening.end(await evening.ask(), RunState.FAILED, "It broke.")
        await evening.tick()
        evening.now = at("2025-11-25 06:30")
        deaths = 0
        while not await _dies(evening, deaths + 1):
            deaths += 1
            evening.restart()
        sent = [len(await evening.mornings(who)) for who in ("alice", "C0SALES")]
        seen = [await evening.read(channel) for channel in ("D0ALICE", "C0SALES")]

    assert deaths > 5
    assert sent == [1, 1]
    assert [len([each for each in there if "morning brief" in each["text"]]) for there in seen] == [1, 1]


async def _dies(evening: Night, tick: int) -> bool:
    """Let a process die at its nth call to Slack or transaction; return whether it lived."""
    front, left = evening.here.front, tick
    write, call = front.database.write, front.client.api_call

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise asyncio.CancelledError

    def dying_write():
        count()
        return write()

    async def dying_call(*given, **named):
        count()
        answer = await call(*given, **named)
        count()
        return answer

    front.database.write, front.client.api_call = dying_write, dying_call  # type: ignore[method-assign]
    try:
        await evening.tick()
    except asyncio.CancelledError:
        return False
    finally:
        await evening.outbox._leave()
        front.database.write, front.client.api_call = write, call  # type: ignore[method-assign]
    return left > 0


async def test_a_clock_set_back_or_forward_by_a_day_makes_no_storm_and_repeats_nothing(evening: Night):
    await evening.end(await evening.ask(), RunState.FAILED, "It broke.")
    await evening.to(at("2026-11-24 06:30"))
    for jump in (timedelta(days=-1), timedelta(days=2), timedelta(days=-1)):
        evening.now = at("2026-11-24 08:00") + jump
        await evening.tick()
        await evening.to(evening.now + timedelta(hours=3))

    assert len(await evening.mornings("alice")) == 1


@pytest.mark.parametrize(
    ("first", "change"),
    [
        ("2026-10-19 16:00", "2026-10-25"),  # Berlin leaves summer time; New York a week later
        ("2026-10-26 16:00", "2026-11-01"),
        ("2027-03-08 16:00", "2027-03-14"),  # New York enters it; Berlin two weeks later
        ("2027-03-22 16:00", "2027-03-28"),
    ],
)
async def test_a_week_of_nights_is_told_at_half_past_seven_each_morning_once(tmp_path: Path, first: str, change: str):
    async with night(tmp_path, first) as week:
        under(week, BERLIN)
        for day in range(7):
            run = await week.ask(title=f"Night {day}")
            await week.draft(run)
            await week.to(at(first) + timedelta(days=day, hours=6))
            if day == 3:
                week.restart()
            await week.to(at(first) + timedelta(days=day + 1))
        berlin, york = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
        alice = [each.astimezone(berlin) for each in await week.mornings("alice")]
        bob = [each.astimezone(york) for each in await week.mornings("bob")]

    assert [f"{each:%H:%M}" for each in alice] == ["07:30"] * 7
    assert change in [f"{each:%Y-%m-%d}" for each in alice]
    assert {f"{each:%H:%M}" for each in bob} == {"07:30"}
    assert len({each.date() for each in bob}) == len(bob) >= 5
