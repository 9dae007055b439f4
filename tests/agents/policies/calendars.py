"""Calendars by chance, and an oracle that looks at them minute by minute, knowing nothing of the code under test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from agents.policies import Hours

ZONES: Final = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "Pacific/Chatham",
    "America/Havana", "Asia/Beirut", "Africa/Casablanca", "Africa/Cairo", "America/St_Johns", "Pacific/Kiritimati",
)  # fmt: skip
BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
QUARTERS: Final = 700 * 24 * 4  # nearly two years; clocks are changed at quarters of an hour only
DAY: Final = 1440
EPOCH: Final = date(1970, 1, 1)
NAMES: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Shift = tuple[int, int]  # minutes after midnight


def _ahead(here: ZoneInfo, quarter: int) -> int:
    offset = (BEGIN + quarter * timedelta(minutes=15)).astimezone(here).utcoffset()
    assert offset is not None
    return int(offset.total_seconds()) // 60


@cache
def offsets(zone: str) -> tuple[int, ...]:
    """Return how many minutes clocks are ahead of UTC, for each quarter of an hour since ``BEGIN``."""
    here = ZoneInfo(zone)
    found: list[int] = []
    for day in range(0, QUARTERS, 96):
        ends = _ahead(here, day), _ahead(here, day + 96)
        found += (
            [ends[0]] * 96 if ends[0] == ends[1] else [_ahead(here, day + number) for number in range(96)]
        )
    return tuple(found)


@cache
def changes(zone: str) -> tuple[int, ...]:
    """Return the minutes since ``BEGIN`` at which clocks are changed."""
    ahead = offsets(zone)
    return tuple(15 * at for at in range(1, QUARTERS) if ahead[at] != ahead[at - 1])


@dataclass(frozen=True)
class Calendar:
    """Somebody's hours: shifts by weekday, quiet hours, holidays as days since 1970."""

    zone: str
    shifts: dict[int, tuple[Shift, ...]]
    quiet: Shift | None
    holidays: frozenset[int]

    def hours(self) -> Hours:
        """Return the same as texts."""
        work = ", ".join(
            f"{NAMES[weekday]} {_clock(begin)}-{_clock(end)}"
            for weekday, shifts in sorted(self.shifts.items())
            for begin, end in shifts
        )
        quiet = f"{_clock(self.quiet[0])}-{_clock(self.quiet[1])}" if self.quiet else ""
        free = tuple((EPOCH + timedelta(days=day)).isoformat() for day in sorted(self.holidays))
        return Hours(self.zone, work, quiet, free)

    def on(self, day: int) -> tuple[Shift, ...]:
        """Return the shifts that begin on a day."""
        return () if day in self.holidays else self.shifts.get((day + 3) % 7, ())  # 1970 began on a Thursday


def _clock(minute: int) -> str:
    return "24:00" if minute == DAY else f"{minute // 60 % 24:02}:{minute % 60:02}"


def drawn(chance: Random) -> Calendar:
    """Return a calendar by chance: lunch breaks, shifts over midnight, quiet hours over midnight, holidays."""
    shifts: dict[int, tuple[Shift, ...]] = {}
    for weekday in chance.sample(range(7), chance.randint(2, 7)):
        begin = chance.randrange(20 * 60 if chance.random() < 0.3 else 0, DAY, 15)
        end = begin + chance.randrange(30, 10 * 60, 15)
        shifts[weekday] = ((begin, end),)
        if end < 20 * 60 and chance.random() < 0.3:
            shifts[weekday] += ((end + 30, end + 30 + chance.randrange(15, 180, 15)),)
    quiet = chance.randrange(0, DAY, 15)
    first = (BEGIN.date() - EPOCH).days
    holidays = frozenset(first + chance.randrange(700) for _ in range(chance.randint(0, 60)))
    silent = (quiet, quiet + chance.randrange(15, 16 * 60, 15)) if chance.random() < 0.9 else None
    return Calendar(chance.choice(ZONES), shifts, silent, holidays)


def minute_near_a_change(chance: Random, zone: str) -> int:
    """Return a minute since ``BEGIN``, one in two near a change of the clocks where there is any."""
    near = [at for at in changes(zone) if 3 * DAY < at < 500 * DAY]
    if near and chance.random() < 0.5:
        return chance.choice(near) + chance.randint(-DAY, DAY)
    return chance.randrange(3 * DAY, 500 * DAY)


class Oracle:
    """Walks from a minute on, one minute at a time."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.ahead = offsets(calendar.zone)
        self.first = (BEGIN.date() - EPOCH).days * DAY

    def local(self, minute: int) -> int:
        """Return the minute since 1970 that clocks show."""
        return self.first + minute + self.ahead[minute // 15]

    def walk(self, start: int) -> Iterator[tuple[int, int]]:
        """Yield each minute with the latest that clocks have shown."""
        shown = max(self.local(minute) for minute in range(start - 180, start + 1))
        for minute in range(start, start + 400 * DAY):
            shown = max(shown, self.local(minute))
            yield minute, shown

    def shift(self, shown: int) -> int | None:
        """Return the day whose shift this is; None when nobody works."""
        for day in (shown // DAY - 1, shown // DAY):
            if any(begin <= shown - day * DAY < end for begin, end in self.calendar.on(day)):
                return day
        return None

    def after_hours(self, start: int, count: int) -> int:
        """Return the minute at which that many working hours are over."""
        left = count * 60
        for minute, shown in self.walk(start):
            left -= self.shift(shown) is not None
            if not left:
                return minute + 1
        raise AssertionError("nobody ever works")

    def after_days(self, start: int, count: int) -> int:
        """Return the minute at which that many working days are over."""
        began, day = next((m, d) for m, shown in self.walk(start) if (d := self.shift(shown)) is not None)
        offset = self.local(began) - day * DAY
        while count:
            day += 1
            count -= bool(self.calendar.on(day))
        shifts = self.calendar.on(day)
        offset = min(max(offset, min(begin for begin, _ in shifts)), max(end for _, end in shifts))
        return next(minute for minute, shown in self.walk(start) if shown >= day * DAY + offset)

    def not_quiet(self, start: int) -> int:
        """Return the first minute at which people may be asked."""
        return next(minute for minute, shown in self.walk(start) if not self._is_quiet(shown % DAY))

    def _is_quiet(self, minute: int) -> bool:
        begin, end = self.calendar.quiet or (0, 0)
        return begin <= minute < end or begin <= minute + DAY < end

    def next_local(self, start: int, time: int) -> int:
        """Return the next minute at which clocks reach this minute of a day."""
        before = None
        for minute, shown in self.walk(start):
            if before is not None and (shown - time) // DAY > (before - time) // DAY:
                return minute
            before = shown
        raise AssertionError("time stands still")


def at(minute: int) -> datetime:
    """Return a minute since ``BEGIN`` as a moment."""
    return BEGIN + timedelta(minutes=minute)
