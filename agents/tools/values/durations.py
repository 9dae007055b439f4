"""Lengths of time: ``three years``, ``thirty (30) days``, ``3–5 business days``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from agents.tools.values.figures import FIGURE, WORDS, number, plain
from agents.tools.values.kinds import Extracted, ValueKind

_UNITS: Final = {
    **dict.fromkeys(("second", "sec"), "second"),
    **dict.fromkeys(("minute", "min"), "minute"),
    **dict.fromkeys(("hour", "hr", "h"), "hour"),
    **{name: name for name in ("day", "week", "fortnight", "month", "quarter", "year", "decade")},
}
_ORDER: Final = ("second", "minute", "hour", "day", "week", "month", "year")
_QUANTITY: Final = rf"(?:{FIGURE}|{WORDS})"
_ONE: Final = (
    rf"(?P<first>{_QUANTITY})(?:\s+\((?P<figure>\d{{1,4}})\))?(?P<half>[\s-]+and[\s-]+a[\s-]+half)?"
    rf"(?:(?P<link>\s?(?:–|—|-)\s?|\s+to\s+|\s+or\s+|\s+and\s+)(?P<last>{_QUANTITY})(?:\s+\(\d{{1,4}}\))?)?"
    r"(?:\s|-)?(?:(?P<sort>(?i:business|working|calendar|consecutive))\s+)?"
    r"(?P<unit>(?i:seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|weeks?|fortnights?|months?|quarters?|years?|decades?))(?![\w])"
)
_RULE: Final = re.compile(rf"(?<![\w.,/$€£%-]){_ONE}")
_JOIN: Final = re.compile(r",?\s+(?:and\s+)?")


def find(text: str) -> Iterator[Extracted]:
    """Yield lengths of time; neighbours such as "1 year and 6 months" are one."""
    group: list[re.Match[str]] = []
    for match in _RULE.finditer(text):
        if group and not _continues(text, group[-1], match):
            yield _told(text, group)
            group = []
        group.append(match)
    if group:
        yield _told(text, group)


def _continues(text: str, before: re.Match[str], match: re.Match[str]) -> bool:
    units = [_unit(before), _unit(match)]
    joined = _JOIN.fullmatch(text, before.end(), match.start()) is not None
    known = all(unit in _ORDER for unit in units) and not before["last"] and not match["last"]
    return joined and known and _ORDER.index(units[1]) < _ORDER.index(units[0])


def _told(text: str, group: list[re.Match[str]]) -> Extracted:
    start, end = group[0].start(), group[-1].end()
    values = [_value(text, match) for match in group]
    note = next((note for value, note in values if value is None), "")
    value = None if note else " ".join(value for value, _ in values if value)
    return Extracted(ValueKind.DURATION, text[start:end], value, start, end, note)


def _value(text: str, match: re.Match[str]) -> tuple[str | None, str]:
    first, last = number(match["first"]), number(match["last"]) if match["last"] else None
    if first is None or (match["last"] and last is None):
        return None, "The figure can be read in two ways."
    if match["figure"] and Decimal(match["figure"]) != first:
        return None, f"The word says {plain(first)} and the figure {match['figure']}."
    if match["last"] and not _is_range(text, match):
        return None, "Two lengths are given."
    first += Decimal("0.5") if match["half"] else 0
    told = plain(first) if last is None else f"{plain(first)}–{plain(last)}"
    unit = " ".join(filter(None, [(match["sort"] or "").lower(), _unit(match)]))
    return f"{told} {unit}{'' if told == '1' else 's'}", ""


def _is_range(text: str, match: re.Match[str]) -> bool:
    link = match["link"].strip()
    between = re.search(r"(?i:between)\s+$", text[max(0, match.start() - 12) : match.start()]) is not None
    return link in ("–", "—", "-", "to") or (link == "and" and between)


def _unit(match: re.Match[str]) -> str:
    written = match["unit"].lower()
    return _UNITS.get(written) or _UNITS[written.removesuffix("s")]
