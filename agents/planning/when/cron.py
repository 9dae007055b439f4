"""The five fields of a cron line: minute, hour, day of the month, month, weekday."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from agents.errors import AgentsError

LAST: Final = -1  # the last day of a month, or the last such weekday of it
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class RepeatError(AgentsError):
    """Something cannot be repeated as it was written; the message is for the person who wrote it."""


@dataclass(frozen=True)
class Field:
    """One field: its name for people, the smallest and largest number, and the names of its numbers."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()

    def number(self, word: str) -> int:
        """Return the number of a word such as ``7`` or ``mon``; RepeatError when the field has no such number."""
        if word.lower()[:3] in self.names and word.isalpha():
            return self.names.index(word.lower()[:3]) + self.least
        if not (word.isascii() and word.isdigit()) or not self.least <= int(word[:4]) <= self.most:
            raise RepeatError(f"{word!r} is no {self.name}: write {self.least} to {self.most}.")
        return int(word)


MINUTE: Final = Field("minute", 0, 59)
HOUR: Final = Field("hour", 0, 23)
DAY: Final = Field("day of the month", 1, 31)
MONTH: Final = Field("month", 1, 12, MONTHS)
WEEKDAY: Final = Field("weekday", 0, 7, ("sun", "mon", "tue", "wed", "thu", "fri", "sat"))
_PART: Final = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d{1,3}))?")
_NTH: Final = re.compile(r"(?P<day>[a-z]+|\d)(?:#(?P<nth>[1-5])|(?P<last>L))", re.IGNORECASE)


def numbers(text: str, field: Field) -> tuple[int, ...]:
    """Return the numbers a field names, ascending; empty for ``*``, which is any.

    Raises:
        RepeatError: The field cannot be read; the sentence says why.
    """
    found: set[int] = set()
    for part in text.split(","):
        found.update(_part(part, field))
    everything = range(field.least, field.most + 1)
    return () if found.issuperset(everything) else tuple(sorted(found))


def _part(text: str, field: Field) -> range:
    match = _PART.fullmatch(text)
    if match is None:
        raise RepeatError(f"{text!r} cannot be read as a {field.name}: write such as 7, 1-5, 0,30 or */15.")
    step = int(match["step"] or 1)
    if match["first"] == "*" and not match["last"]:
        first, last = field.least, field.most
    else:
        first = field.number(match["first"])
        last = field.number(match["last"]) if match["last"] else first
        last = field.most if match["step"] and not match["last"] else last
    if step < 1 or last < first:
        raise RepeatError(
            f"{text!r} names no {field.name}: write the smaller one first and a step of 1 or more."
        )
    return range(first, last + 1, step)


def days(text: str) -> tuple[int, ...]:
    """Return the days of the month, with LAST for ``L``; empty for any."""
    if text.upper() == "L":
        return (LAST,)
    return numbers(text, DAY)


def weekdays(text: str) -> tuple[tuple[int, ...], int]:
    """Return the weekdays, Monday is 0, and which of the month: 0 every one, 1 the first, LAST the last.

    As in every cron, 0 and 7 are Sunday, and ``sat-sun`` and ``fri-mon`` run over the end of the week.
    """
    nth = _NTH.fullmatch(text)
    if nth:
        return ((WEEKDAY.number(nth["day"]) - 1) % 7,), LAST if nth["last"] else int(nth["nth"])
    found = {(number - 1) % 7 for part in text.split(",") for number in _week_part(part)}
    return (() if len(found) == 7 else tuple(sorted(found))), 0


def _week_part(text: str) -> list[int]:
    if text == "*":
        return list(range(7))
    first, dash, last = text.partition("-")
    if dash and first.isalpha() and last.isalpha():
        begin, end = WEEKDAY.number(first), WEEKDAY.number(last)
        return list(range(begin, end + 1 if begin <= end else end + 8))
    if text.startswith("*/"):
        return list(_part(text, Field("weekday", 0, 6)))
    return list(_part(text, WEEKDAY))


def written(found: tuple[int, ...], field: Field) -> str:
    """Return a field as cron writes it, three or more in a row as a range; equal numbers give equal text."""
    if found == (LAST,):
        return "L"
    step = _step(found, field)
    names = MONTHS if field is MONTH else tuple(str(number) for number in range(field.least, field.most + 1))
    return f"*/{step}" if step else named(found, names, field.least)


def _step(found: tuple[int, ...], field: Field) -> int:
    """Return the step of numbers that lie evenly over a whole field of the clock, or 0."""
    if field not in (MINUTE, HOUR) or len(found) < 2 or found[0] != field.least:
        return 0
    step = found[1] - found[0]
    return step if found == tuple(range(field.least, field.most + 1, step)) else 0


def named(found: tuple[int, ...], names: tuple[str, ...], least: int) -> str:
    """Return numbers by name, three or more in a row as a range: ``mon-fri``; ``*`` for any."""
    runs: list[list[int]] = []
    for number in found:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(part for run in runs for part in _run(run, names, least)) or "*"


def _run(run: list[int], names: tuple[str, ...], least: int) -> list[str]:
    if len(run) >= 3:
        return [f"{names[run[0] - least]}-{names[run[-1] - least]}"]
    return [names[number - least] for number in run]


def closest(minutes: tuple[int, ...], hours: tuple[int, ...]) -> int:
    """Return the fewest minutes between two times of day, over midnight too; 1,440 for one time a day."""
    times = [60 * hour + minute for hour in hours or range(24) for minute in minutes or range(60)]
    return min(later - earlier for earlier, later in pairwise([*times, times[0] + 24 * 60]))
