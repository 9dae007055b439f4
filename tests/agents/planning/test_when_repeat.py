"""A repeat comes when clocks on the wall say so, in every zone, through every change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.planning.when import Repeat, RepeatError
from agents.planning.when.instants import instant

ZONES: Final = [ZoneInfo(name) for name in (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "America/St_Johns",
    "America/Nuuk", "Africa/Cairo",
)]  # fmt: skip
BERLIN: Final = ZONES[0]
FIRST: Final = datetime(2026, 1, 1, tzinfo=UTC)
FIVE_YEARS_S: Final = 5 * 366 * 24 * 3600

zones = st.sampled_from(ZONES)
moments = st.integers(0, FIVE_YEARS_S).map(lambda seconds: FIRST + timedelta(seconds=seconds))
daily = st.builds(
    lambda hour, minute: Repeat.from_cron(f"{minute} {hour} * * *"), st.integers(0, 23), st.integers(0, 59)
)


def _field(least, most):
    number = st.integers(least, most)
    return st.one_of(
        st.just("*"),
        number.map(str),
        st.lists(number, min_size=1, max_size=4).map(lambda found: ",".join(map(str, found))),
        st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}"),
        st.integers(2, max(2, most // 2)).map(lambda step: f"*/{step}"),
    )


@st.composite
def lines(draw):
    """Cron lines, also such as are refused."""
    minute = draw(st.one_of(_field(0, 59), st.integers(0, 44).map(lambda first: f"{first},{first + 15}")))
    return " ".join([minute, *(draw(_field(*bounds)) for bounds in ((0, 23), (1, 31), (1, 12), (0, 7)))])


def after(text, at, zone=BERLIN):
    """The next moment as clocks in the zone show it."""
    found = Repeat.from_text(text).next_after(at, zone)
    assert found is not None
    return found.astimezone(zone)


@settings(deadline=None)
@given(lines(), moments, zones)
def test_every_line_that_is_taken_comes_strictly_later_and_never_too_often(text, at, zone):
    try:
        repeat = Repeat.from_cron(text)
    except RepeatError as refused:
        assert str(refused).endswith(".")
        return
    first = repeat.next_after(at, zone)
    second = repeat.next_after(first, zone)

    assert at < first < second
    assert first.tzinfo is UTC
    assert Repeat.from_text(repeat.to_text()) == repeat


@settings(deadline=None)
@given(lines(), moments, moments, zones)
def test_a_later_question_never_gets_an_earlier_answer(text, one, other, zone):
    try:
        repeat = Repeat.from_cron(text)
    except RepeatError:
        return
    earlier, later = sorted((one, other))

    assert repeat.next_after(earlier, zone) <= repeat.next_after(later, zone)


@settings(deadline=None)
@given(lines(), moments, zones)
def test_nothing_is_passed_over(text, at, zone):
    try:
        repeat = Repeat.from_cron(text)
    except RepeatError:
        return
    found = repeat.next_after(at, zone)

    assert repeat.next_after(found - timedelta(seconds=1), zone) == found
    assert repeat.next_after(at + (found - at) / 2, zone) == found


@settings(deadline=None)
@given(daily, moments, zones)
def test_a_daily_repeat_comes_once_each_day_at_its_time(repeat, at, zone):
    at = repeat.next_after(at, zone)
    for _ in range(20):
        following = repeat.next_after(at, zone)
        wanted = time(repeat.hours[0], repeat.minutes[0])
        day = at.astimezone(zone).date() + timedelta(days=0 if at.astimezone(zone).time() < wanted else 1)
        shown = following.astimezone(zone)

        assert shown.replace(tzinfo=None) == datetime.combine(day, wanted) or _jumped_over(day, wanted, zone)
        assert shown.fold == 0
        at = following


@settings(deadline=None, max_examples=40)
@given(
    daily, st.integers(2026, 2030), st.sampled_from([zone for zone in ZONES if zone.key != "America/Nuuk"])
)
def test_a_daily_repeat_comes_exactly_once_on_every_day_of_a_year(repeat, year, zone):
    at = instant(date(year, 1, 1), time(0), zone) - timedelta(seconds=1)
    days = []
    while (at := repeat.next_after(at, zone)).astimezone(zone).year == year:
        days.append(at.astimezone(zone).date())

    assert days == [date(year, 1, 1) + timedelta(days=number) for number in range(365 + (year % 4 == 0))]


def _jumped_over(day, at, zone):
    """Whether clocks in the zone never show this time on this day."""
    there = datetime.combine(day, at, zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != there.replace(tzinfo=None)


@pytest.mark.parametrize(("zone", "before", "line", "shown"), [
    ("Europe/Berlin", "2026-03-28T12:00", "30 2 * * *", "2026-03-29T03:00+02:00"),
    ("Europe/Berlin", "2026-03-29T01:00", "30 2 * * *", "2026-03-30T02:30+02:00"),
    ("Europe/Berlin", "2026-10-24T12:00", "30 2 * * *", "2026-10-25T02:30+02:00"),
    ("Europe/Berlin", "2026-10-25T00:30", "30 2 * * *", "2026-10-26T02:30+01:00"),
    ("Australia/Lord_Howe", "2026-10-03T12:00", "15 2 * * *", "2026-10-04T02:30+11:00"),
    ("Australia/Lord_Howe", "2026-04-04T12:00", "45 1 * * *", "2026-04-05T01:45+11:00"),
    ("America/New_York", "2026-03-08T00:00", "0 2 * * sun", "2026-03-08T03:00-04:00"),
    ("Africa/Cairo", "2026-04-23T12:00", "0 0 * * *", "2026-04-24T01:00+03:00"),
    ("Asia/Kathmandu", "2026-04-23T01:15", "0 7 * * *", "2026-04-24T07:00+05:45"),
])  # fmt: skip
def test_a_time_that_is_jumped_over_comes_right_after_and_one_that_is_twice_comes_first(
    zone, before, line, shown
):
    at = datetime.fromisoformat(before).replace(tzinfo=UTC)

    assert after(line, at, ZoneInfo(zone)).isoformat(timespec="minutes") == shown


@pytest.mark.parametrize(("line", "text", "words"), [
    ("0 7 * * 1-5", "0 7 * * mon-fri", "every weekday at 07:00"),
    ("0 7 * * mon,tue,wed,thu,fri", "0 7 * * mon-fri", "every weekday at 07:00"),
    ("30 9 * * 1", "30 9 * * mon", "every Monday at 09:30"),
    ("0 9 * * 0", "0 9 * * sun", "every Sunday at 09:00"),
    ("0 9 * * 7", "0 9 * * sun", "every Sunday at 09:00"),
    ("0 9 * * sat-sun", "0 9 * * sat,sun", "every Saturday and Sunday at 09:00"),
    ("0 9 * * fri-mon", "0 9 * * mon,fri-sun", "every Monday, Friday, Saturday and Sunday at 09:00"),
    ("0 9 * * 5-7", "0 9 * * fri-sun", "every Friday, Saturday and Sunday at 09:00"),
    ("0 8 1 * *", "0 8 1 * *", "on the 1st of each month at 08:00"),
    ("0 8 1,15 * *", "0 8 1,15 * *", "on the 1st and 15th of each month at 08:00"),
    ("0 17 L * *", "0 17 L * *", "on the last day of each month at 17:00"),
    ("0 9 * * 1#1", "0 9 * * mon#1", "on the first Monday of each month at 09:00"),
    ("0 9 * * friL", "0 9 * * friL", "on the last Friday of each month at 09:00"),
    ("0 9 24 12 *", "0 9 24 dec *", "on the 24th of December at 09:00"),
    ("0 9 * 1,7 *", "0 9 * jan,jul *", "every day in January and July at 09:00"),
    ("0 9 13 * fri", "0 9 13 * fri", "on the 13th of each month and every Friday at 09:00"),
    ("0 8,17 * * *", "0 8,17 * * *", "every day at 08:00 and 17:00"),
    ("*/15 * * * *", "*/15 * * * *", "every 15 minutes"),
    ("*/15 * * * mon", "*/15 * * * mon", "every Monday, every 15 minutes"),
    ("0 * * * *", "0 * * * *", "every hour"),
    ("5 * * * *", "5 * * * *", "every hour, the first at minute 5"),
    ("5,35 * * * *", "5,35 * * * *", "every 30 minutes, the first at minute 5"),
    ("5,25 * * * *", "5,25 * * * *", "at minutes 5 and 25 of every hour"),
    ("0 0,2,4,6,8,10,12,14,16,18,20,22 * * *", "0 */2 * * *", "every 2 hours"),
    ("0,30 9-17 * * 1-5", "*/30 9-17 * * mon-fri", "every weekday, every 30 minutes from 09:00 to 17:30"),
    ("0 1,3,5,7,9 * * *", "0 1,3,5,7,9 * * *", "every day at minute 0 of the hours 1, 3, 5, 7 and 9"),
    ("0 9 * mar-may *", "0 9 * mar-may *", "every day in March, April and May at 09:00"),
])  # fmt: skip
def test_one_meaning_has_one_text_and_words_for_people(line, text, words):
    repeat = Repeat.from_cron(line)

    assert (repeat.to_text(), repeat.words()) == (text, words)
    assert Repeat.from_text(text) == repeat


@pytest.mark.parametrize(("line", "told"), [
    ("0 0 7 * * 1-5", "6 fields"),
    ("0 7 * *", "4 of the five fields"),
    ("", "0 of the five fields"),
    ("*/5 * * * *", "more often than every 15 minutes"),
    ("* * * * *", "more often than every 15 minutes"),
    ("0,50 * * * *", "more often than every 15 minutes"),
    ("50 0 * * *,", "cannot be read as a weekday"),
    ("60 7 * * *", "'60' is no minute: write 0 to 59."),
    ("0 24 * * *", "'24' is no hour"),
    ("0 7 0 * *", "'0' is no day of the month"),
    ("0 7 * 13 *", "'13' is no month"),
    ("0 7 * * 8", "'8' is no weekday"),
    ("0 7 * * mun", "'mun' is no weekday"),
    ("0 9-8 * * *", "smaller one first"),
    ("*/0 7 * * *", "a step of 1 or more"),
    ("0 7 30 2 *", "a day that no month has"),
    ("0 7 31 4,6 *", "a day that no month has"),
    ("0 7 */2 * mon", "a step in the days"),
    ("² 7 * * *", "is no minute"),
    ("0 7 * * mon#6", "cannot be read"),
    ("once 2026-02-30T08:00Z", "no moment there is"),
    ("once upon a time", "4 of the five fields"),
])  # fmt: skip
def test_what_cannot_be_repeated_is_refused_in_a_sentence(line, told):
    with pytest.raises(RepeatError) as refused:
        Repeat.from_text(line)

    assert told in str(refused.value)
    assert str(refused.value).endswith(".")


def test_the_leap_day_is_waited_for_over_a_year_that_has_none():
    assert after("0 7 29 2 *", datetime(2096, 3, 1, tzinfo=UTC)).isoformat() == "2104-02-29T07:00:00+01:00"


def test_a_day_and_a_weekday_are_either_or_as_in_every_cron():
    assert after("0 9 13 * fri", datetime(2026, 11, 24, tzinfo=UTC)).date() == date(2026, 11, 27)
    assert after("0 9 25 * fri", datetime(2026, 11, 24, tzinfo=UTC)).date() == date(2026, 11, 25)


def test_the_nth_and_the_last_weekday_of_a_month_are_found():
    at = datetime(2026, 11, 24, tzinfo=UTC)

    assert after("0 9 * * mon#1", at).date() == date(2026, 12, 7)
    assert after("0 9 * * mon#5", at).date() == date(2026, 11, 30)
    assert after("0 9 * * friL", at).date() == date(2026, 11, 27)
    assert after("0 9 L * *", at).date() == date(2026, 11, 30)


def test_the_one_moment_comes_once_and_keeps_its_minute():
    once = Repeat.at_once(datetime(2026, 12, 3, 14, 0, 59, tzinfo=BERLIN))
    moment = datetime(2026, 12, 3, 13, 0, tzinfo=UTC)

    assert once.next_after(moment - timedelta(seconds=1), BERLIN) == moment
    assert once.next_after(moment, BERLIN) is None
    assert once.to_text() == "once 2026-12-03T13:00Z"
    assert Repeat.from_text(once.to_text()) == once
    assert once.words(BERLIN) == "once, on Thu 3 December 2026, 14:00 (Europe/Berlin)"
