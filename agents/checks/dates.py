"""Dates as people write them, with their spans; impossible ones are found too."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from agents.checks.lexicon import listed
from agents.checks.places import Places

MONTHS: Final = listed(
    "January February March April May June July August September October November December"
)
WEEKDAYS: Final = listed("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_SHORT: Final = {name[:3]: number for number, name in enumerate(MONTHS, start=1)} | {"Sept": 9}
_BY_NAME: Final = {name: number for number, name in enumerate(MONTHS, start=1)} | _SHORT


@dataclass(frozen=True)
class Day:
    """A date or a part of one: ``readings`` are the (year, month, day) it can mean, 0 where it says nothing.

    No readings: the date is impossible. Two: it is ambiguous, such as 02/03/2026.
    """

    text: str
    start: int
    end: int
    readings: tuple[tuple[int, int, int], ...]
    weekday: str = ""
    quarter: int = 0

    @property
    def whole(self) -> date | None:
        """The date, when it names year, month and day and can mean one thing only."""
        if len(self.readings) != 1 or 0 in self.readings[0]:
            return None
        return date(*self.readings[0])


_MONTH: Final = rf"(?P<month>{'|'.join(MONTHS)}|(?:{'|'.join(_SHORT)})\b\.?)"
_WEEKDAY: Final = (
    rf"(?:(?P<weekday>{'|'.join(WEEKDAYS)}|(?:Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)\b\.?)"
    r",?\s+(?:the\s+)?)?"
)
_AFTER: Final = rf"(?:\s+\((?:an?\s+)?(?P<after>{'|'.join(WEEKDAYS)})\))?"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR: Final = r"(?P<year>(?:1[6-9]|20|21)\d{2})(?!\d)"
_FORMS: Final = (
    re.compile(rf"{_WEEKDAY}(?<![\d.,-])(?P<year>\d{{4}})-(?P<month>\d{{2}})-{_DAY}(?![\d-]){_AFTER}"),
    re.compile(
        rf"{_WEEKDAY}(?<![\d.,$€£])(?:(?P<first>\d{{1,2}})(?:st|nd|rd|th)?\s?(?:[–-]|to|"
        rf"and)\s?)?{_DAY}\s+(?:of\s+)?"
        rf"{_MONTH}(?:,?\s+{_YEAR})?{_AFTER}"
    ),
    re.compile(rf"{_WEEKDAY}\b{_MONTH}\s+{_DAY}(?!\d|[.,]\d|\s?%)(?:,?\s+{_YEAR})?{_AFTER}"),
    re.compile(
        rf"{_WEEKDAY}(?<![\d./])(?P<a>\d{{1,2}})(?P<mark>[./])(?P<b>\d{{1,2}})(?P=mark)(?P<year>\d{{4}})(?![\d/]){_AFTER}"
    ),
    re.compile(rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}"),
    re.compile(rf"\bQ(?P<quarter>[1-4])(?:\s?/\s?|\s+(?:of\s+)?){_YEAR}"),
    re.compile(r"\b(?P<year>(?:19|20)\d{2})-(?P<month>0[1-9]|1[0-2])(?![\d-])"),
    re.compile(
        r"(?<![\w.,$€£¥#/-])(?<![$€£¥] )(?<!EUR )(?<!USD )(?<!GBP )(?<!CHF )"
        r"(?P<year>(?:19|20)\d{2})(?:s\b)?(?![\d%/]|[.,:]\d|-\d{3}|\s?%|\s?(?:USD|EUR|GBP|"
        r"CHF|euros?|dollars)\b)"
    ),
)


def dates(text: str) -> list[Day]:
    """Return the dates of ``text`` in order; a longer form wins over the shorter one inside it."""
    return list(_cached(text) if len(text) < _KEPT else _found(text))


def _found(text: str) -> tuple[Day, ...]:
    if not _DIGIT.search(text):
        return ()
    found: list[Day] = []
    places = Places(len(text))
    for form in _FORMS:
        for match in form.finditer(text):
            if places.free(*match.span()):
                places.take(*match.span())
                found += _read(match)
    return tuple(sorted(found, key=lambda day: (day.start, day.readings)))


_cached = lru_cache(maxsize=256)(_found)  # the rules read the same sentences again and again
_DIGIT: Final = re.compile(r"\d")
_KEPT: Final = 20_000  # characters; longer texts are not worth keeping in memory


def agrees(claimed: Day, known: Day) -> bool:
    """Whether ``known`` carries what ``claimed`` says.

    The parts both name are equal, and a whole date needs its day.
    """
    if claimed.quarter and claimed.quarter not in (known.quarter, *_quarters(known)):
        return False
    return any(_fits(a, b) for a in claimed.readings for b in known.readings)


def true_weekday(day: Day) -> str:
    """Return the weekday of a whole date in full, or nothing when the date is not whole."""
    return WEEKDAYS[day.whole.weekday()] if day.whole else ""


def _fits(claimed: tuple[int, int, int], known: tuple[int, int, int]) -> bool:
    if claimed[2] and not known[2]:
        return False
    if claimed[1] and not known[1]:
        return False
    return all(a == b or not a or not b for a, b in zip(claimed, known, strict=True))


def _quarters(day: Day) -> list[int]:
    return [(month - 1) // 3 + 1 for _, month, _ in day.readings if month]


def _read(match: re.Match[str]) -> Iterator[Day]:
    got = {name: value or "" for name, value in match.groupdict().items()}
    year = int(got.get("year") or 0)
    if got.get("a"):
        yield _day(match, [(year, int(got["b"]), int(got["a"])), (year, int(got["a"]), int(got["b"]))], got)
        return
    month = _month(got.get("month", ""))
    numbers = [int(got[name]) for name in ("first", "day") if got.get(name)] or [0]
    for number in numbers:
        yield _day(match, [(year, month, number)], got, has_day=bool(got.get("day")))


def _day(
    match: re.Match[str], readings: list[tuple[int, int, int]], got: dict[str, str], *, has_day: bool = True
) -> Day:
    weekday = (got.get("weekday") or got.get("after") or "").rstrip(".")
    possible = [reading for reading in dict.fromkeys(readings) if _exists(reading, has_day=has_day)]
    if len(set(readings)) == 2 and got.get("mark") == ".":
        possible = [reading for reading in possible if reading == readings[0]]
    full = next((name for name in WEEKDAYS if weekday and name.startswith(weekday[:3])), "")
    return Day(match[0], match.start(), match.end(), tuple(possible), full, int(got.get("quarter") or 0))


def _exists(reading: tuple[int, int, int], *, has_day: bool) -> bool:
    year, month, day = reading
    if not month:
        return not day
    if month > 12 or (has_day and day < 1):
        return False
    return day <= calendar.monthrange(year or 2000, month)[1]


def _month(name: str) -> int:
    if name.isdigit():
        return int(name)
    return _BY_NAME.get(name.rstrip("."), 0)
