"""Lengths of time: how they are written, by when they are over, and which is the shorter."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agents.errors import PolicyError
from agents.policies import Duration, Hours, due
from agents.policies.durations import always_before, ever_before, length, resumed

WORK = "Mon-Thu 9-17, Fri 9-14"
BERLIN = Hours("Europe/Berlin", WORK, "", ("2026-12-25",))
NEW_YORK = Hours("America/New_York", WORK, "")


def by(start: str, text: str, *hours: Hours) -> str:
    """Return by when it is, on Berlin's clocks."""
    zone = ZoneInfo("Europe/Berlin")
    moment = datetime.fromisoformat(start).replace(tzinfo=zone).astimezone(UTC)
    return f"{due(moment, Duration.parse(text), hours or [BERLIN]).astimezone(zone):%a %d %H:%M}"


@pytest.mark.parametrize("text, meant", [
    ("30 minutes", Duration(30, "minute")), ("1 hour", Duration(1, "hour")), ("2 working days", Duration(2, "working day")),
    ("4  Working Hours ", Duration(4, "working hour")), ("1 day", Duration(1, "day")), ("3 weeks", Duration(3, "week")),
])  # fmt: skip
def test_durations_are_read_and_written_back(text, meant):
    assert Duration.parse(text) == meant
    assert Duration.parse(str(meant)) == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "soon",
            "'soon' is no length of time. Write a whole number and minutes, hours, working hours, days, working days or "
            "weeks, such as '4 working hours'.",
        ),
        ("1.5 hours", "'1.5 hours' is no length of time."),
        ("4 working minutes", "'4 working minutes' is no length of time."),
        ("-1 days", "'-1 days' is no length of time."),
        ("0 hours", "'0 hours' is no time at all. Give at least 1 hour."),
        ("261 working days", "'261 working days' is longer than a year. Give a shorter time."),
        ("400 days", "'400 days' is longer than a year. Give a shorter time."),
    ],
)
def test_what_is_no_duration_is_told(text, said):
    with pytest.raises(PolicyError) as wrong:
        Duration.parse(text)

    assert str(wrong.value).startswith(said)


@pytest.mark.parametrize(
    ("start", "text", "right"),
    [
        ("2026-11-24 15:00", "30 minutes", "Tue 24 15:30"),
        ("2026-11-27 15:00", "1 day", "Sat 28 15:00"),
        ("2026-11-24 15:00", "4 working hours", "Wed 25 11:00"),
        ("2026-11-24 13:00", "4 working hours", "Tue 24 17:00"),
        ("2026-11-27 13:00", "4 working hours", "Mon 30 12:00"),
        ("2026-11-28 13:00", "1 working hour", "Mon 30 10:00"),
        ("2026-12-24 16:00", "2 working hours", "Mon 28 10:00"),
        ("2026-11-24 15:00", "1 working day", "Wed 25 15:00"),
        ("2026-11-26 16:00", "1 working day", "Fri 27 14:00"),
        ("2026-11-24 18:00", "1 working day", "Thu 26 09:00"),
        ("2026-11-28 11:00", "1 working day", "Tue 01 09:00"),
        ("2026-12-24 10:00", "2 working days", "Tue 29 10:00"),
    ],
)
def test_a_duration_is_over_when_people_would_say_so(start, text, right):
    assert by(start, text) == right


def test_nobody_loses_working_time_to_somebody_elsewhere():
    assert by("2026-11-24 10:00", "4 working hours", BERLIN, NEW_YORK) == "Tue 24 19:00"


@pytest.mark.parametrize(("text", "began", "stood", "goes_on", "right"), [
    ("8 working hours", "2026-11-23 09:00", "2026-11-23 11:00", "2026-11-24 12:00", "Wed 25 10:00"),
    ("8 working hours", "2026-11-23 09:00", "2026-11-23 17:30", "2026-11-27 17:30", "Fri 27 17:30"),  # it was over
    ("1 working day", "2026-11-23 10:00", "2026-11-23 12:00", "2026-11-25 12:00", "Thu 26 10:00"),
    ("4 working hours", "2026-11-27 15:00", "2026-11-28 12:00", "2026-11-29 12:00", "Mon 30 13:00"),
    ("3 hours", "2026-11-23 09:00", "2026-11-23 10:00", "2026-11-23 20:00", "Mon 23 22:00"),
])  # fmt: skip
def test_what_is_left_of_a_duration_that_stood_still_goes_on(text, began, stood, goes_on, right):
    zone = ZoneInfo("Europe/Berlin")
    began, stood, goes_on = (datetime.fromisoformat(said).replace(tzinfo=zone) for said in (began, stood, goes_on))
    duration = Duration.parse(text)
    over = resumed(goes_on, stood, due(began, duration, [BERLIN]), duration, [BERLIN])

    assert f"{over.astimezone(zone):%a %d %H:%M}" == right


def test_without_anybodys_hours_the_shipped_ones_count():
    moment = datetime(2026, 11, 24, 16, tzinfo=UTC)

    assert due(moment, Duration.parse("2 working hours"), []) == datetime(2026, 11, 25, 10, tzinfo=UTC)


def test_durations_are_ordered_by_how_long_they_take_in_these_working_hours():
    texts = ["1 week", "1 day", "1 working day", "4 working hours", "4 hours", "30 minutes"]

    assert sorted(texts, key=lambda text: length(text, WORK)) == [
        "30 minutes", "4 hours", "4 working hours", "1 day", "1 working day", "1 week",
    ]  # fmt: skip


def test_working_time_comes_before_time_by_the_clock_at_some_hours_only():
    assert always_before("4 hours", "1 working day", WORK)
    assert ever_before("4 working hours", "1 day", WORK)
    assert not always_before("4 working hours", "1 day", WORK)
    assert not ever_before("1 working day", "4 hours", WORK)


@pytest.mark.parametrize(
    "start, right", [("2025-12-24 16:00", "Fri 26 10:00"), ("2026-12-24 16:00", "Mon 28 10:00")]
)
def test_a_holiday_of_every_year_is_one_in_each(start, right):
    assert by(start, "2 working hours", Hours("Europe/Berlin", WORK, "", ("12-25",))) == right
