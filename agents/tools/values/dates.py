"""Dates, months, quarters and years. What could be two days, or is none, is found and has no value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, TypeAlias

from agents.tools.values.kinds import Extracted, ValueKind

_Read: TypeAlias = "tuple[str | None, str]"  # the value, and why there is none

_ENGLISH: Final = "January February March April May June July August September October November December"
_GERMAN: Final = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
_SHORT: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_MONTHS: Final = {
    name.lower(): number
    for names in (_ENGLISH, _GERMAN, _SHORT)
    for number, name in enumerate(names.split(), start=1)
} | {"sept": 9}
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNDER_TWENTY: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth"
)
_OVER_TWENTY: Final = [f"twenty-{unit}" for unit in _UNDER_TWENTY.split()[:9]]
_ORDINALS: Final = [*_UNDER_TWENTY.split(), "twentieth", *_OVER_TWENTY, "thirtieth", "thirty-first"]

_NAMES: Final = sorted(
    {n for month in _MONTHS for n in (month.capitalize(), month.upper())}, key=len, reverse=True
)
_MONTH: Final = rf"(?P<month>{'|'.join(_NAMES)})\b"
_M: Final = rf"{_MONTH}\.?"
_W: Final = rf"(?:(?P<weekday>{'|'.join(f'{d[:3]}(?:{d[3:]})?' for d in _WEEKDAYS)})\b\.?,?\s+(?:the\s+)?)?"
_SUFFIX: Final = r"(?:st|nd|rd|th)"
_D: Final = rf"(?P<day>\d{{1,2}}{_SUFFIX}?|{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})"
_TO: Final = rf"(?:\s*(?:–|—|-|to|until|through|bis)\s*(?P<last>\d{{1,2}}){_SUFFIX}?)?"
_Y: Final = r"(?P<year>[12]\d{3})(?![\d/])"
_LEFT: Final = r"(?<![\w./-])"
_BETWEEN: Final = r"(?:,?\s+|,|-)"

_RULES: Final = tuple(
    re.compile(_LEFT + rule)
    for rule in (
        rf"{_W}{_D}{_TO}\.?(?:\s+day)?(?:\s+of)?(?:\s+|-){_M}{_BETWEEN}{_Y}",  # 9 September 2026
        rf"{_W}{_M}\s+(?:the\s+)?{_D}{_TO}(?:,?\s+|,){_Y}",  # September 9, 2026
        r"(?P<year>[12]\d{3})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?![\d/-])",  # 2026-09-09
        r"(?P<one>\d{1,2})(?P<mark>[-/.])(?P<two>\d{1,2})(?P=mark)(?P<year>[12]\d{3})(?![\d/-])",  # 9/9/2026
        r"(?P<one>\d{1,2})/(?P<two>\d{1,2})/(?P<short>\d{2})(?![\w/])",  # 9/9/26
        r"(?P<one>\d{2})\.(?P<two>\d{2})\.(?P<short>\d{2})(?![\w.])",  # 09.09.26
        r"(?:Q(?P<quarter>[1-4])|(?P<spoken>first|second|third|fourth)\s+quarter)(?:\s+of|,|/)?\s*(?P<year>[12]\d{3})\b",
        r"H(?P<half>[12])\s*(?P<year>[12]\d{3})\b",
        r"FY\s?(?P<fiscal>20\d{2})\b",
        rf"{_M}(?:,?\s+(?:of\s+)?){_Y}",  # September 2026
        rf"{_W}{_D}(?:\s+of)?(?:\s+|-){_MONTH}(?!\w)",  # 9 September
        rf"{_W}{_M}\s+(?:the\s+)?{_D}(?![\w%€.,:]?\d|\s?(?:%|percent))(?!\w)",  # September 9
        r"(?:(?<=\bin )|(?<=\bIn )|(?<=\bsince )|(?<=\bSince )|(?<=\bduring )|(?<=\buntil )|(?<=\bby )|"
        r"(?<=\byear ))(?P<year>(?:19|20)\d{2})(?!\d|[.,:/-]\d|\s?(?:%|€|\$|[a-z]+s\b))",  # in 2026
    )
)


def find(text: str) -> Iterator[Extracted]:
    """Yield every date, clear or not, rule by rule; where two meet, the first yielded is the better."""
    for rule in _RULES:
        for match in rule.finditer(text):
            value, note = _read(match.groupdict())
            yield Extracted(ValueKind.DATE, match[0], value, match.start(), match.end(), note)


def _read(parts: dict[str, str | None]) -> _Read:
    if parts.get("one"):
        return _numeric(parts)
    if parts.get("quarter") or parts.get("spoken"):
        quarter = parts["quarter"] or str(1 + _ORDINALS.index(parts["spoken"] or ""))
        return f"{parts['year']}-Q{quarter}", ""
    if parts.get("fiscal"):
        return f"FY{parts['fiscal']}", ""
    if parts.get("half"):
        return f"{parts['year']}-H{parts['half']}", ""
    if not parts.get("year"):
        return None, "The year is missing."
    if not parts.get("month"):
        return parts["year"], ""
    return _named(parts)


def _named(parts: dict[str, str | None]) -> _Read:
    year, written = int(parts["year"] or 0), parts["month"] or ""
    month = int(written) if written.isdigit() else _MONTHS[written.lower()]
    if not parts.get("day"):
        return f"{year:04}-{month:02}", ""
    first = _day(year, month, _ordinal(parts["day"] or ""))
    last = _day(year, month, int(parts.get("last") or 0)) if parts.get("last") else first
    if first is None or last is None or last < first:
        return None, "There is no such day."
    if first != last:
        return f"{first}/{last}", ""
    return _on_weekday(first, parts.get("weekday"))


def _on_weekday(day: date, weekday: str | None) -> _Read:
    real = _WEEKDAYS[day.weekday()]
    if weekday and not real.startswith(weekday[:3]):
        return None, f"{day} is a {real}."
    return day.isoformat(), ""


def _numeric(parts: dict[str, str | None]) -> _Read:
    one, two = int(parts["one"] or 0), int(parts["two"] or 0)
    if parts.get("short"):
        return None, "The century is missing."
    year = int(parts["year"] or 0)
    readings = {day for day in (_day(year, two, one), _day(year, one, two)) if day}
    if len(readings) == 1:
        return readings.pop().isoformat(), ""
    return None, "Day and month could be either way round." if readings else "There is no such day."


def _ordinal(written: str) -> int:
    return _ORDINALS.index(written) + 1 if written in _ORDINALS else int(re.sub(r"\D", "", written))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
