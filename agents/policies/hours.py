"""When people work and when they are left alone, read from texts such as "Mon-Thu 9-17, Fri 9:00-14:00". PURE.

Clocks that jump: a time they jump over means the first moment after the jump; an hour they show twice belongs
to what began before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from agents.errors import PolicyError
from agents.planning.when.instants import instant
from storage.policy import Policy

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY: Final = 24 * 60  # minutes
WEEK: Final = 7 * DAY
MOST_YEARLY: Final = 300  # holidays of every year: with more, no working day may come for years
_TIME: Final = r"(\d{1,2})(?:[:.](\d\d))?\s*([ap]m)?"
_PART: Final = re.compile(rf"(?P<days>[a-z][a-z\s-]*?)?\s*(?P<span>{_TIME}\s*-\s*{_TIME})?$", re.IGNORECASE)
_CLOCK: Final = re.compile(rf"{_TIME}$", re.IGNORECASE)
_ONE_DAY: Final = timedelta(days=1)
_SILENT_DAYS: Final = 9  # more than a week: quiet hours that never end are refused when they are read


@dataclass(frozen=True)
class Span:
    """From one minute to another, counted from the midnight a day begins with; it may end on the day after."""

    weekday: int  # 0 is Monday
    begin: int
    end: int


@dataclass(frozen=True)
class Stretch:
    """Working time in one piece, on the day it belongs to."""

    day: date
    begin: datetime  # aware, UTC
    end: datetime


@dataclass(frozen=True)
class Hours:
    """One person's working hours, quiet hours and holidays, on the clocks of their time zone.

    Raises:
        PolicyError: A text cannot be read; the sentence says how to write it.
    """

    zone: str
    work: str
    quiet: str  # empty: never quiet
    holidays: tuple[str, ...] = ()  # "2026-12-25", or "12-25" for every year

    def __post_init__(self) -> None:
        zone_of(self.zone)
        week(self.work)
        week(self.quiet)
        for text in self.holidays:
            holiday(text)

    def is_working_day(self, day: date) -> bool:
        """Return whether working time begins on this day."""
        return bool(self.spans(day))

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the working spans that begin on this day, in order; none on a holiday."""
        if day.isoformat() in self.holidays or f"{day:%m-%d}" in self.holidays:
            return ()
        return tuple(span for span in week(self.work) if span.weekday == day.weekday())

    def moment(self, day: date, minute: int) -> datetime:
        """Return the moment, in UTC, at which clocks here show this minute of that day."""
        shown = datetime.combine(day, time()) + timedelta(minutes=minute)
        return instant(shown.date(), shown.time(), zone_of(self.zone))

    def stretches(self, start: datetime) -> Iterator[Stretch]:
        """Return working time from a moment on, without end, in order of its beginnings."""
        day = start.astimezone(zone_of(self.zone)).date() - _ONE_DAY
        while True:
            for span in self.spans(day):
                begin, end = self.moment(day, span.begin), self.moment(day, span.end)
                if end > start:
                    yield Stretch(day, max(begin, start), end)
            day += _ONE_DAY

    def silences(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Return the quiet hours around and after a moment, for more than a week, in order of their beginnings."""
        today = at.astimezone(zone_of(self.zone)).date()
        for day in (today + number * _ONE_DAY for number in range(-1, _SILENT_DAYS)):
            for span in week(self.quiet):
                if span.weekday == day.weekday():
                    yield self.moment(day, span.begin), self.moment(day, span.end)


def hours_of(policy: Policy, zone: str = "") -> Hours:
    """Return the hours that count for somebody under a policy, on the clocks of their own ``zone`` if it is known."""
    own = zone if zone in available_zones() else policy.zone
    return Hours(own, policy.work, policy.quiet, policy.holidays)


def not_quiet(at: datetime, hours: Hours) -> datetime:
    """Return the moment itself, or the end of the quiet hours it falls into. Never earlier than ``at``."""
    for begin, end in hours.silences(at):
        if begin > at:
            return at
        at = max(at, end)
    return at


def next_local(at: datetime, time_of_day: time, zone: str) -> datetime:
    """Return the next moment after ``at``, in UTC, at which clocks in ``zone`` show this time; once a day."""
    here = zone_of(zone)
    day = at.astimezone(here).date()
    while (moment := instant(day, time_of_day, here)) <= at:
        day += _ONE_DAY
    return moment


def next_weekly(at: datetime, weekday: int, time_of_day: time, zone: str) -> datetime:
    """Return the next moment after ``at`` at which clocks in ``zone`` show this time on this weekday (0 is Monday)."""
    here = zone_of(zone)
    day = at.astimezone(here).date()
    day += (weekday - day.weekday()) % 7 * _ONE_DAY
    while (moment := instant(day, time_of_day, here)) <= at:
        day += 7 * _ONE_DAY
    return moment


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its name, such as Europe/Berlin.

    Raises:
        PolicyError: There is none of this name.
    """
    if name not in available_zones():
        raise PolicyError(
            f"{name!r} is no time zone I know. Write one like 'Europe/Berlin' or 'America/New_York'."
        )
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def available_zones() -> frozenset[str]:
    """Return the names of all time zones this system knows."""
    return frozenset(available_timezones())


@lru_cache(maxsize=256)
def week(text: str) -> tuple[Span, ...]:
    """Return the spans of a week, in order; none for an empty text.

    A part without days takes those of the part before it; the first one then means every day.

    Raises:
        PolicyError: A part cannot be read; says which.
    """
    plain = re.sub(r"\s+to\s+", "-", text.replace("–", "-").replace("—", "-"))
    parts = [part.strip() for part in plain.split(",")] if text.strip() else []
    spans: set[Span] = set()
    days: tuple[int, ...] = tuple(range(7))
    waiting: tuple[int, ...] = ()  # days named before the hours they share: "Mon, Wed 9-17"
    for part in parts:
        named, hours = _part(part)
        waiting += named
        if hours:
            days, waiting = waiting or days, ()
            spans |= {Span(day, *hours) for day in days}
    if waiting:
        raise PolicyError(f"{text!r} names days without hours. Write them like 'Mon-Fri 09:00-17:00'.")
    return tuple(sorted(spans, key=lambda span: (span.weekday, span.begin, span.end)))


def _part(part: str) -> tuple[tuple[int, ...], tuple[int, int] | None]:
    """Return the days and the minutes that one part names."""
    found = _PART.match(part)
    if found is None or not part:
        raise PolicyError(f"{part!r} is no hours of a day. Write them like 'Mon-Fri 09:00-17:00'.")
    days = _days(found["days"]) if found["days"] else ()
    if not found["span"]:
        return days, None
    numbers = found.groups()[2:]
    begin, end = _minute(numbers[:3], part), _minute(numbers[3:], part)
    if begin in (end, DAY):
        raise PolicyError(
            f"{part!r} has no length. Write when it begins and when it ends, such as '09:00-17:00'."
        )
    return days, (begin, end if end > begin else end + DAY)


def _days(text: str) -> tuple[int, ...]:
    ends = [_day(name) for name in text.split("-")]
    if len(ends) == 1:
        return (ends[0],)
    return tuple((ends[0] + number) % 7 for number in range((ends[-1] - ends[0]) % 7 + 1))


def _day(text: str) -> int:
    name = text.strip().casefold()
    found = [number for number, day in enumerate(DAYS) if len(name) > 2 and day.casefold().startswith(name)]
    if not found:
        raise PolicyError(f"{text.strip()!r} is no day. The days are: Mon, Tue, Wed, Thu, Fri, Sat, Sun.")
    return found[0]


def _minute(numbers: Sequence[str | None], text: str) -> int:
    """Return the minute of the day that an hour, a minute and "am" or "pm" say."""
    hour, minute, half = int(numbers[0] or 0), int(numbers[1] or 0), (numbers[2] or "").lower()
    possible = 1 <= hour <= 12 if half else hour * 60 + minute <= DAY
    if not possible or minute > 59:
        raise PolicyError(f"{text!r} names a time that no day has. Times go from 00:00 to 24:00.")
    return (hour % 12 + 12 * (half == "pm") if half else hour) * 60 + minute


def time_of(text: str) -> time:
    """Return a time of day from "07:30", "7" or "7 am".

    Raises:
        PolicyError: It is none.
    """
    found = _CLOCK.match(text.strip())
    minute = _minute(found.groups(), text) if found else DAY
    if minute == DAY:
        raise PolicyError(f"{text!r} is no time of day. Write one like '07:30'.")
    return time(minute // 60, minute % 60)


def weekly_of(text: str) -> tuple[int, time]:
    """Return the weekday (0 is Monday) and the time that "Mon 08:00" says.

    Raises:
        PolicyError: It says none.
    """
    name, _, clock = text.strip().partition(" ")
    if not clock:
        raise PolicyError(f"{text!r} is no day with a time. Write it like 'Mon 08:00'.")
    return _day(name), time_of(clock)


def holiday(text: str) -> str:
    """Return a holiday as it was written: "2026-12-25", or "12-25" for every year.

    Raises:
        PolicyError: It is no day of a calendar.
    """
    try:
        found = date.fromisoformat(text if len(text) > len("12-25") else f"2024-{text}")
    except ValueError:
        found = None
    if found is None or not found.isoformat().endswith(text):
        raise PolicyError(f"{text!r} is no day. Write it like '2026-12-25', or '12-25' for every year.")
    return text


@lru_cache(maxsize=256)
def minutes(text: str) -> frozenset[int]:
    """Return the minutes of a week, from Monday's midnight, that these hours hold."""
    spans = week(text)
    return frozenset(
        (span.weekday * DAY + minute) % WEEK for span in spans for minute in range(span.begin, span.end)
    )


def overlaps(text: str) -> bool:
    """Return whether a minute of the week is said twice."""
    spans = sorted((span.weekday * DAY + span.begin, span.weekday * DAY + span.end) for span in week(text))
    turned = [*spans, (spans[0][0] + WEEK, 0)] if spans else []
    return any(later[0] < earlier[1] for earlier, later in pairwise(turned))


SHIPPED_HOURS: Final = hours_of(Policy())
EPOCH: Final = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday: the week in which durations are compared
