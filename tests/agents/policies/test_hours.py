"""Hours as people write them, and what clocks do at the edges."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from agents.errors import PolicyError
from agents.policies import Hours, hours_of, next_local, next_weekly, not_quiet
from agents.policies.hours import MOST_YEARLY, Span, holiday, time_of, week, weekly_of
from storage.policy import Policy

BERLIN = "Europe/Berlin"


def local(text: str, fold: int = 0, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def spans(*parts: tuple[str, int, int]) -> tuple[Span, ...]:
    days = {"Mo": 0, "Tu": 1, "We": 2, "Th": 3, "Fr": 4, "Sa": 5, "Su": 6}
    found = [Span(days[day], begin * 60, end * 60) for names, begin, end in parts for day in names.split()]
    return tuple(sorted(found, key=lambda span: (span.weekday, span.begin)))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Mon-Fri 09:00-17:00", spans(("Mo Tu We Th Fr", 9, 17))),
        ("Mon-Thu 9-17, Fri 9:00-14:00", spans(("Mo Tu We Th", 9, 17), ("Fr", 9, 14))),
        ("mon – thu 9am–5 pm", spans(("Mo Tu We Th", 9, 17))),
        ("Monday to Wednesday 9 to 17", spans(("Mo Tu We", 9, 17))),
        ("Mon, Wed, Fri 8.00-12.00, 13-17", spans(("Mo We Fr", 8, 12), ("Mo We Fr", 13, 17))),
        ("Fri-Mon 22:00-06:00", spans(("Fr Sa Su Mo", 22, 30))),
        ("Sat 0-24", spans(("Sa", 0, 24))),
        ("20-7", spans(("Mo Tu We Th Fr Sa Su", 20, 31))),
        ("12am-12pm", spans(("Mo Tu We Th Fr Sa Su", 0, 12))),
        ("", ()),
    ],
)
def test_hours_are_read_as_people_write_them(text, meant):
    assert week(text) == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9 to five", "'9-five' is no hours of a day. Write them like 'Mon-Fri 09:00-17:00'."),
        ("Mon-Fri", "'Mon-Fri' names days without hours. Write them like 'Mon-Fri 09:00-17:00'."),
        ("Mon-Fri 9-17,", "'' is no hours of a day. Write them like 'Mon-Fri 09:00-17:00'."),
        ("Mop-Fri 9-17", "'Mop' is no day. The days are: Mon, Tue, Wed, Thu, Fri, Sat, Sun."),
        ("Mon 9-25", "'Mon 9-25' names a time that no day has. Times go from 00:00 to 24:00."),
        ("Mon 9-13pm", "'Mon 9-13pm' names a time that no day has. Times go from 00:00 to 24:00."),
        ("Mon 9-9", "'Mon 9-9' has no length. Write when it begins and when it ends, such as '09:00-17:00'."),
    ],
)
def test_what_is_no_hours_is_told(text, said):
    with pytest.raises(PolicyError) as wrong:
        week(text)

    assert str(wrong.value) == said


def test_a_time_a_weekday_and_a_holiday_are_read():
    assert (time_of("07:30"), time_of("7"), time_of("7.30 pm")) == (time(7, 30), time(7), time(19, 30))
    assert weekly_of("Mon 08:00") == (0, time(8))
    assert (holiday("2026-12-25"), holiday("12-25"), holiday("02-29")) == ("2026-12-25", "12-25", "02-29")


@pytest.mark.parametrize("read, text", [
    (time_of, "24:00"), (time_of, "early"), (weekly_of, "08:00"), (weekly_of, "Mon"), (holiday, "2026-02-29"),
    (holiday, "25.12."), (holiday, "20261225"), (holiday, "2026-W52-5"), (holiday, ""),
])  # fmt: skip
def test_what_is_no_time_weekday_or_holiday_is_refused(read, text):
    with pytest.raises(PolicyError):
        read(text)


def test_quiet_hours_end_in_the_morning_and_nobody_is_asked_before():
    hours = Hours(BERLIN, "Mon-Fri 9-17", "20:00-07:30")

    assert not_quiet(local("2026-11-23 23:00"), hours) == local("2026-11-24 07:30")
    assert not_quiet(local("2026-11-24 07:29"), hours) == local("2026-11-24 07:30")
    assert not_quiet(local("2026-11-24 07:30"), hours) == local("2026-11-24 07:30")
    assert not_quiet(local("2026-11-24 19:59"), hours) == local("2026-11-24 19:59")


def test_quiet_hours_that_follow_each_other_are_one():
    hours = Hours(BERLIN, "Mon-Fri 9-17", "20-24, 0-7, Sat-Sun 7-20")

    assert not_quiet(local("2026-11-27 21:00"), hours) == local("2026-11-30 07:00")


def test_without_quiet_hours_no_moment_is_quiet_and_with_all_of_them_it_still_returns():
    at = local("2026-11-27 21:00")

    assert not_quiet(at, Hours(BERLIN, "Mon-Fri 9-17", "")) == at
    assert not_quiet(at, Hours(BERLIN, "Mon-Fri 9-17", "0-24")) > at


def test_a_time_that_clocks_jump_over_is_the_moment_after_and_a_time_shown_twice_is_the_first():
    spring, autumn = local("2026-03-28 12:00"), local("2026-10-24 12:00")

    assert next_local(spring, time(2, 30), BERLIN) == local("2026-03-29 03:00")
    assert next_local(autumn, time(2, 30), BERLIN) == local("2026-10-25 02:30", fold=0)
    assert next_local(local("2026-10-25 02:30", fold=0), time(2, 30), BERLIN) == local("2026-10-26 02:30")
    assert next_local(local("2026-10-25 02:45", fold=1), time(2, 50), BERLIN) == local("2026-10-26 02:50")


def test_a_week_ahead_is_the_next_of_that_weekday():
    monday = local("2026-11-23 08:00")

    assert next_weekly(local("2026-11-22 13:00"), 0, time(8), BERLIN) == monday
    assert next_weekly(monday, 0, time(8), BERLIN) == local("2026-11-30 08:00")
    assert next_weekly(local("2026-11-23 07:59"), 0, time(8), BERLIN) == monday


def test_the_hours_of_a_person_are_on_their_own_clock_if_it_is_known():
    policy = Policy(zone=BERLIN, work="Mon 9-10", quiet="", holidays=("12-25",))

    assert hours_of(policy, "Asia/Kolkata") == Hours("Asia/Kolkata", "Mon 9-10", "", ("12-25",))
    assert hours_of(policy, "Nowhere/At_all") == hours_of(policy) == Hours(BERLIN, "Mon 9-10", "", ("12-25",))


def test_working_time_comes_even_with_the_most_holidays():
    days = [f"{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)][:MOST_YEARLY]
    hours = Hours(BERLIN, "Mon 9-10", "", tuple(days))

    assert next(hours.stretches(local("2026-01-01 00:00"))).day.isoweekday() == 1
