"""How long people have: "30 minutes", "4 working hours", "2 working days", and by when that is. PURE."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Final

from agents.errors import PolicyError
from agents.policies.hours import EPOCH, SHIPPED_HOURS, WEEK, Hours, zone_of

MINUTE: Final = timedelta(minutes=1)
_ELAPSED: Final = {
    "minute": MINUTE, "hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1),
}  # fmt: skip
_WORKING: Final = {"working hour": 2_000, "working day": 260}  # each with its most: a year's
_LONGEST: Final = timedelta(days=366)
_FORM: Final = re.compile(r"(?P<count>\d{1,6}) +(?P<unit>(?:working +)?[a-z]+?)s?$", re.IGNORECASE)
_SAMPLED: Final = 30  # minutes between the moments of a week at which two durations are compared


@dataclass(frozen=True)
class Duration:
    """A length of time, by the clock or in somebody's working time."""

    count: int
    unit: str  # minute, hour, day or week; "working hour" or "working day"

    @property
    def working(self) -> bool:
        """Whether it counts in working time."""
        return self.unit in _WORKING

    @staticmethod
    @lru_cache(maxsize=512)
    def parse(text: str) -> Duration:
        """Return the duration that a text such as "4 working hours" says.

        Raises:
            PolicyError: It says none, or more than a year.
        """
        found = _FORM.match(text.strip())
        unit = re.sub(r" +", " ", found["unit"].lower()) if found else ""
        if found is None or unit not in {*_ELAPSED, *_WORKING}:
            message = "Write a whole number and minutes, hours, working hours, days, working days or weeks"
            raise PolicyError(f"{text!r} is no length of time. {message}, such as '4 working hours'.")
        count = int(found["count"])
        if not count:
            raise PolicyError(f"{text!r} is no time at all. Give at least 1 {unit}.")
        if count > _WORKING[unit] if unit in _WORKING else count * _ELAPSED[unit] > _LONGEST:
            raise PolicyError(f"{text!r} is longer than a year. Give a shorter time.")
        return Duration(count, unit)

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


def due(start: datetime, duration: Duration, hours_of_each: Sequence[Hours]) -> datetime:
    """Return by when a duration from ``start`` is over for everybody: the latest, so nobody loses working time.

    By the clock it is the same for all. Working hours count only while somebody works. A working day ends at the
    same time of their next working day; asked outside of working hours, it begins with the next ones.

    Args:
        start: An aware moment.
        duration: Such as ``Duration.parse("1 working day")``.
        hours_of_each: The people's hours; none: those that Jidoka ships with.
    """
    if not duration.working:
        return start + duration.count * _ELAPSED[duration.unit]
    after = _after_days if duration.unit == "working day" else _after_hours
    return max(after(start, duration.count, hours) for hours in hours_of_each or (SHIPPED_HOURS,))


def resumed(at: datetime, stood: datetime, due_at: datetime, duration: Duration, hours_of_each: Sequence[Hours]) -> datetime:
    """Return when a duration is over that stood still: what was left of it goes on.

    Args:
        at: When it goes on, aware.
        stood: When it stood still.
        due_at: When it would have been over.
        duration: What it was; of working hours and days, working time is left.
        hours_of_each: The people's hours; none: those that Jidoka ships with.
    """
    if due_at <= stood:
        return at
    if not duration.working:
        return at + (due_at - stood)
    return max(_worked(at, _working(stood, due_at, hours), hours) for hours in hours_of_each or (SHIPPED_HOURS,))


def _working(begin: datetime, end: datetime, hours: Hours) -> timedelta:
    """Return how much working time lies between two moments."""
    found, at = timedelta(), begin
    for stretch in hours.stretches(begin):
        if stretch.begin >= end:
            return found
        found += max(min(stretch.end, end) - max(at, stretch.begin), timedelta())
        at = max(at, stretch.end)
    return found


def _after_hours(start: datetime, count: int, hours: Hours) -> datetime:
    return _worked(start, count * timedelta(hours=1), hours)


def _worked(start: datetime, left: timedelta, hours: Hours) -> datetime:
    """Return when this much working time is over."""
    at = start
    for stretch in hours.stretches(start):
        begin = max(at, stretch.begin)  # shifts may overlap: time counts once
        if begin + left <= stretch.end:
            return begin + left
        left -= max(stretch.end - begin, timedelta())
        at = max(at, stretch.end)
    return at


def _after_days(start: datetime, count: int, hours: Hours) -> datetime:
    first = next(hours.stretches(start))
    shown = first.begin.astimezone(zone_of(hours.zone)).replace(tzinfo=None)
    day = first.day
    while count:
        day += timedelta(days=1)
        count -= hours.is_working_day(day)
    spans = hours.spans(day)
    earliest, latest = spans[0].begin, max(span.end for span in spans)
    offset = shown - datetime.combine(first.day, time())
    minute = min(max(offset, earliest * MINUTE), latest * MINUTE)
    whole = minute // MINUTE
    return max(start, hours.moment(day, whole) + (minute - whole * MINUTE))


def wait(until: datetime, now: datetime) -> timedelta:
    """Return how long it is until a moment; nothing once it has passed, also when a clock was set wrong."""
    return max(until - now, timedelta())


@lru_cache(maxsize=1024)
def waits(text: str, work: str) -> tuple[timedelta, ...]:
    """Return how long a duration takes from each half hour of a week without holidays, for these working hours."""
    duration, hours = Duration.parse(text), Hours("UTC", work, "")
    starts = (EPOCH + minute * MINUTE for minute in range(0, WEEK, _SAMPLED))
    return tuple(due(start, duration, [hours]) - start for start in starts)


def length(text: str, work: str) -> timedelta:
    """Return how long a duration takes over a week, all its half hours together: what orders durations."""
    return sum(waits(text, work), timedelta())


def always_before(one: str, other: str, work: str) -> bool:
    """Return whether one duration is over before another, whenever both begin."""
    return all(a < b for a, b in zip(waits(one, work), waits(other, work), strict=True))


def ever_before(one: str, other: str, work: str) -> bool:
    """Return whether one duration is over before another at some hour of the week."""
    return any(a < b for a, b in zip(waits(one, work), waits(other, work), strict=True))
