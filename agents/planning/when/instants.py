"""Where a day and a time of day in one place are on the one clock of the world."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_SECOND: Final = timedelta(seconds=1)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the moment in UTC at which clocks in ``zone`` show this day and time.

    A time that exists twice means the first; a time that clocks jump over means the first moment after the jump.
    """
    first = datetime.combine(day, at, zone).astimezone(UTC)
    second = datetime.combine(day, at, zone).replace(fold=1).astimezone(UTC)
    return first if first <= second else _end_of_gap(second, first, zone)


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment with the new offset; ``before`` still has the old one, ``after`` has the new."""
    old = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def shown(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment as a person in ``zone`` reads it: "Wed 25 November 2026, 08:00 (Europe/Berlin)"."""
    local = moment.astimezone(zone)
    month = MONTHS[local.month - 1].capitalize()
    return f"{local:%a} {local.day} {month} {local.year}, {local:%H:%M} ({zone.key})"


MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
