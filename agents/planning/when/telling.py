"""A repeat in words people use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from agents.planning.when.cron import LAST
from agents.planning.when.instants import MONTHS

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NTH: Final = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", LAST: "last"}
_MOST_TIMES: Final = 4  # more are told as minutes and hours


@dataclass(frozen=True)
class Dates:
    """The days a repeat comes on, as its fields name them."""

    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    nth: int


def days(dates: Dates) -> str:
    """Return the days: "every weekday", "on the 1st of each month", "every day in January and July"."""
    months = listed(MONTHS[month - 1].capitalize() for month in dates.months)
    parts = [_monthly(dates.days, months)] if dates.days else []
    if dates.weekdays or not dates.days:
        parts.append(_weekly(dates.weekdays, dates.nth, months))
    return " and ".join(parts)


def _monthly(numbers: tuple[int, ...], months: str) -> str:
    told = listed("last day" if number == LAST else ordinal(number) for number in numbers)
    return f"on the {told} of {months or 'each month'}"


def _weekly(weekdays: tuple[int, ...], nth: int, months: str) -> str:
    if nth:
        return f"on the {_NTH[nth]} {WEEKDAYS[weekdays[0]]} of {months or 'each month'}"
    named = {(): "day", (0, 1, 2, 3, 4): "weekday", (5, 6): "Saturday and Sunday"}
    told = named.get(weekdays) or listed(WEEKDAYS[number] for number in weekdays)
    return f"every {told}{f' in {months}' if months else ''}"


def told(dates: Dates, times: str) -> str:
    """Return days and times together: "every weekday at 07:00", "every 15 minutes", "every Monday, every hour"."""
    if not times.startswith("every") and not times.endswith("every hour"):
        return f"{days(dates)} {times}"
    return times if dates == Dates((), (), (), 0) else f"{days(dates)}, {times}"


def times(minutes: tuple[int, ...], hours: tuple[int, ...]) -> str:
    """Return the times of day: "at 07:00", "every 15 minutes", "every hour from 09:05 to 17:05"."""
    if hours and len(minutes) * len(hours) <= _MOST_TIMES:
        return "at " + listed(f"{hour:02}:{minute:02}" for hour in hours for minute in minutes)
    step = minutes[1] - minutes[0] if len(minutes) > 1 else 60
    even = minutes == tuple(range(minutes[0], 60, step)) and minutes[0] + 60 - minutes[-1] == step
    often = "every hour" if step == 60 else f"every {step} minutes"
    if even and not hours:
        return often if not minutes[0] else f"{often}, the first at minute {minutes[0]}"
    if even and hours == tuple(range(hours[0], hours[-1] + 1)):
        return f"{often} from {hours[0]:02}:{minutes[0]:02} to {hours[-1]:02}:{minutes[-1]:02}"
    return _in_full(minutes, hours)


def _in_full(minutes: tuple[int, ...], hours: tuple[int, ...]) -> str:
    step = hours[1] - hours[0] if len(hours) > 1 else 0
    if minutes == (0,) and step and hours == tuple(range(0, 24, step)):
        return f"every {step} hours"
    named = f"at minute{'s' if len(minutes) > 1 else ''} {listed(map(str, minutes))}"
    return f"{named} of the hours {listed(map(str, hours))}" if hours else f"{named} of every hour"


def ordinal(number: int) -> str:
    """Return 1st, 2nd, 3rd, 11th."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def listed(parts: Iterable[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    known = list(parts)
    return known[0] if len(known) == 1 else ", ".join(known[:-1]) + f" and {known[-1]}" if known else ""
