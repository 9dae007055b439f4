"""When something comes again, or comes once: kept as one line of text in a row, told in words, computed in any zone."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from agents.planning.when import cron, telling
from agents.planning.when.cron import LAST, RepeatError
from agents.planning.when.instants import instant, shown

LEAST_MINUTES: Final = 15  # between two starts
_LONGEST_WAIT: Final = 8 * 366  # days; 29 February can be eight years away
_ANY_YEAR: Final = 2024  # a leap year
_ONCE: Final = re.compile(r"once (\d{4}-\d\d-\d\dT\d\d:\d\dZ)")


@dataclass(frozen=True)
class Repeat:
    """Times that come again by a cron line, or the one moment ``once``. Make it with ``from_text`` or ``from_cron``.

    Empty fields mean any. Weekdays count from Monday, 0; days of the month from 1, with -1 for the last.
    """

    minutes: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    nth: int = 0  # which of the month's weekdays: 0 every one, 1 the first, -1 the last
    once: datetime | None = None  # aware, UTC, a whole minute; then the other fields say nothing

    def words(self, zone: ZoneInfo | None = None) -> str:
        """Return it for people: "every weekday at 07:00"; the one moment as it is in ``zone`` (UTC)."""
        if self.once:
            return f"once, on {shown(self.once, zone or ZoneInfo('UTC'))}"
        dates = telling.Dates(self.days, self.months, self.weekdays, self.nth)
        return telling.told(dates, telling.times(self.minutes, self.hours))

    def to_text(self) -> str:
        """Return the one line a row keeps: ``0 7 * * mon-fri`` or ``once 2026-12-03T13:00Z``; equal values, equal text."""
        if self.once:
            return f"once {self.once:%Y-%m-%dT%H:%MZ}"
        weekdays = cron.named(self.weekdays, cron.WEEKDAYS, 0)
        nth = {0: "", LAST: "L"}.get(self.nth, f"#{self.nth}")
        return " ".join([
            cron.written(self.minutes, cron.MINUTE), cron.written(self.hours, cron.HOUR),
            cron.written(self.days, cron.DAY), cron.written(self.months, cron.MONTH), weekdays + nth,
        ])  # fmt: skip

    @classmethod
    def from_text(cls, text: str) -> Repeat:
        """Return what ``to_text`` wrote; RepeatError, a sentence, for any other text that is no cron line."""
        once = _ONCE.fullmatch(text)
        if once is None:
            return cls.from_cron(text)
        try:
            return cls(once=datetime.strptime(once[1], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC))
        except ValueError as error:
            raise RepeatError(f"{text!r} is no moment there is.") from error

    @classmethod
    def from_cron(cls, text: str) -> Repeat:
        """Return a cron line of five fields as people write it, such as ``0 7 * * 1-5``.

        Also ``L`` for the last day of a month, ``mon#1`` for its first Monday, ``friL`` for its last Friday.

        Raises:
            RepeatError: It cannot be read, has seconds, names no day there is, or is more often than every
                15 minutes; the sentence says which.
        """
        fields = text.split()
        if len(fields) != 5:
            raise RepeatError(_not_five(text, len(fields)))
        weekdays, nth = cron.weekdays(fields[4])
        found = cls(
            minutes=cron.numbers(fields[0], cron.MINUTE),
            hours=cron.numbers(fields[1], cron.HOUR),
            days=cron.days(fields[2]),
            months=cron.numbers(fields[3], cron.MONTH),
            weekdays=weekdays,
            nth=nth,
        )
        _check(found, text, stepped="/" in fields[2] or "/" in fields[4])
        return found

    @classmethod
    def at_once(cls, moment: datetime) -> Repeat:
        """Return the one moment, cut to its minute."""
        return cls(once=moment.astimezone(UTC).replace(second=0, microsecond=0))

    def next_after(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the first moment strictly after ``at``, aware, in UTC; None when the one moment is over.

        A local time that clocks jump over comes at the first moment after the jump; one that exists twice
        comes the first time only.
        """
        if self.once:
            return self.once if self.once > at else None
        for day in self._dates(at.astimezone(zone).date() - timedelta(days=1)):
            for time_of_day in self._times():
                moment = instant(day, time_of_day, zone)
                if moment > at:
                    return moment
        raise RepeatError(f"{self.to_text()!r} names no day there is.")

    def _dates(self, first: date) -> Iterator[date]:
        """Yield the days it comes on, from ``first`` on, eight years far."""
        after = (first + timedelta(days=ahead) for ahead in range(_LONGEST_WAIT))
        return (day for day in after if self._comes_on(day))

    def _times(self) -> Iterator[time]:
        return (
            time(hour, minute) for hour in self.hours or range(24) for minute in self.minutes or range(60)
        )

    def _comes_on(self, day: date) -> bool:
        """Whether it comes on this day; where day and weekday are both named, as in every cron, either is enough."""
        if self.months and day.month not in self.months:
            return False
        if self.days and self.weekdays:
            return self._in_month(day) or self._in_week(day)
        return self._in_month(day) if self.days else self._in_week(day)

    def _in_month(self, day: date) -> bool:
        last = calendar.monthrange(day.year, day.month)[1]
        return day.day in self.days or (LAST in self.days and day.day == last)

    def _in_week(self, day: date) -> bool:
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        if self.nth == LAST:
            return day.day + 7 > calendar.monthrange(day.year, day.month)[1]
        return not self.nth or (day.day - 1) // 7 + 1 == self.nth


def _not_five(text: str, count: int) -> str:
    if count > 5:
        return f"{text!r} has {count} fields, and seconds or years are not for me: write five, such as 0 7 * * 1-5."
    return f"{text!r} has {count} of the five fields minute, hour, day, month, weekday: write such as 0 7 * * 1-5."


def _check(found: Repeat, text: str, *, stepped: bool) -> None:
    if cron.closest(found.minutes, found.hours) < LEAST_MINUTES:
        raise RepeatError(f"{text!r} comes more often than every {LEAST_MINUTES} minutes: make it rarer.")
    if found.days and found.weekdays and stepped:
        raise RepeatError(f"{text!r} has a step in the days beside another kind of day: name the days.")
    if found.days and not found.weekdays and not _exists(found):
        raise RepeatError(f"{text!r} names a day that no month has: name another.")


def _exists(found: Repeat) -> bool:
    longest = max(calendar.monthrange(_ANY_YEAR, month)[1] for month in found.months or range(1, 13))
    return min(found.days) <= longest
