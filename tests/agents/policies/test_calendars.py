"""Deadlines, quiet hours and times of day, against an oracle that goes minute by minute."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from agents.policies import Duration, due, next_local, not_quiet, wait
from tests.agents.policies.calendars import DAY, Oracle, at, drawn, minute_near_a_change
from tests.storage.voting import seeded

CALENDARS = 200
JUMP = timedelta(days=1)


def test_working_time_quiet_hours_and_times_of_day_are_right_on_every_calendar():
    chance = seeded()
    wrong = [said for number in range(CALENDARS) for said in _wrong(chance, number)]

    assert wrong == []


def _wrong(chance: Random, number: int) -> list[str]:
    calendar = drawn(chance)
    hours, oracle = calendar.hours(), Oracle(calendar)
    start = minute_near_a_change(chance, calendar.zone)
    count, clock = chance.randint(1, 5), chance.randrange(0, DAY, 5)
    found = {
        "hours": (due(at(start), Duration(count, "working hour"), [hours]), oracle.after_hours(start, count)),
        "days": (due(at(start), Duration(count, "working day"), [hours]), oracle.after_days(start, count)),
        "quiet": (not_quiet(at(start), hours), oracle.not_quiet(start)),
        "clock": (
            next_local(at(start), time(clock // 60, clock % 60), hours.zone),
            oracle.next_local(start, clock),
        ),
    }
    return [
        f"{number}: {name}, {hours}, {count}, {clock}, from {at(start)}: {got}, not {at(right)}"
        for name, (got, right) in found.items()
        if got != at(right)
    ]


def test_the_deadline_of_several_people_is_the_latest_of_theirs():
    chance = seeded()
    for _ in range(100):
        several = [drawn(chance).hours() for _ in range(chance.randint(1, 4))]
        duration = Duration(
            chance.randint(1, 9), chance.choice(["working hour", "working day", "hour", "day"])
        )
        start = at(chance.randrange(3 * DAY, 500 * DAY))

        assert due(start, duration, several) == max(due(start, duration, [hours]) for hours in several)


def test_nothing_is_ever_due_before_it_began_and_no_wait_is_negative_when_clocks_jump():
    chance = seeded()
    for _ in range(400):
        hours, start = drawn(chance).hours(), _moment(chance)
        unit = chance.choice(["minute", "hour", "day", "week", "working hour", "working day"])
        until = due(start, Duration(chance.randint(1, 9), unit), [hours])
        asked = not_quiet(start, hours)
        jumps = (start, start + JUMP, start - JUMP, until + JUMP)

        assert until > start
        assert asked >= start
        assert next_local(start, time(chance.randrange(24)), hours.zone) > start
        assert all(wait(moment, now) >= timedelta() for moment in (until, asked) for now in jumps)


def test_asking_later_is_never_due_earlier():
    chance = seeded()
    for _ in range(200):
        hours, start = drawn(chance).hours(), _moment(chance).replace(second=0)
        later = start + timedelta(minutes=chance.randint(1, 3 * DAY))
        hour = Duration(chance.randint(1, 9), "working hour")

        assert due(start, hour, [hours]) <= due(later, hour, [hours])
        assert not_quiet(start, hours) <= not_quiet(later, hours)


def _moment(chance: Random) -> datetime:
    return at(chance.randrange(3 * DAY, 500 * DAY)) + timedelta(seconds=chance.randrange(60))
