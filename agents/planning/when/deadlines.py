"""Deadlines in a request: "by 8 tomorrow", "until Friday noon", "bis morgen 8 Uhr", at the end of a clause that asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from agents.planning.when import asking
from agents.planning.when.days import MONTH, WEEKDAY
from agents.planning.when.moments import Moment, Resolved, UnclearError, moment, resolve
from agents.planning.when.request_words import INFINITIVES

FARTHEST: Final = timedelta(days=14)  # a date farther away is more likely the subject's
_BY: Final = re.compile(
    r"\b(?:(?:no|not) later than|by|until|till|before|bis(?:\sspätestens)?|spätestens(?:\sbis)?)\s(?:zum\s)?",
    re.IGNORECASE,
)
_END: Final = re.compile(
    r"(?:\s(?:at the latest|latest|spätestens))?(?:,?\s(?:please|thanks|thank you|bitte|danke))*\s?(?:[.!?;:,\n)–—]|-\s|$)"
    rf"|\s(?:{INFINITIVES})\s?(?:[.!?;,\n]|$)",
    re.IGNORECASE,
)
_OPEN_RANGE: Final = re.compile(
    rf"(?:\b\d{{1,2}}(?:[:.]\d\d)?\s?(?:uhr|am|pm)?|\b(?:{WEEKDAY}|{MONTH}|today|now|heute|jetzt|noon|morning))\s?$",
    re.IGNORECASE,
)
_SORTED: Final = re.compile(  # "by" that names no time, or a time that is only an example
    r"\b(?:sort|sorted|group|grouped|filter|filtered|order|split|written|sold|won)\s$|\be\.g\.\s$|\bz\.\s?B\.\s$"
    r"|^\W*(?:replace|change|multiply|divide|swap)\b",
    re.IGNORECASE,
)
_DEMAND: Final = re.compile(
    r"\b(?:asking|demanding|requesting|telling|saying|promising|requiring|inviting)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Deadline:
    """A deadline and where its words stand; ``wrong`` is a sentence when it cannot be kept as written."""

    start: int
    end: int
    instant: datetime | None = None
    assumed: str = ""
    wrong: str = ""


def deadlines(text: str, now: datetime, zone: ZoneInfo) -> Iterator[Deadline]:
    """Yield the deadlines of a request, in order.

    Args:
        text: The request with quotes and mentions out of the way.
        now: The present, aware.
        zone: Where the person is.
    """
    for match in _BY.finditer(text):
        found = moment(text, match.end())
        before = text[max(0, match.start() - asking.NEAREST) : match.start()]
        if found is None:
            continue
        after = text[found[1] : found[1] + asking.NEAREST]
        if (_END.match(text, found[1]) or _ordered(before, after)) and _counts(found[0], before, match[0]):
            yield from _kept(match.start(), found, now, zone)


def _ordered(before: str, after: str) -> bool:
    """Whether it stands between a word of command and what is wanted, "Erstelle mir bis Freitag …", or before both."""
    if not before.strip():
        return asking.follows(after)
    return after.startswith(" ") and asking.ordered(before)


def _counts(said: Moment, before: str, word: str) -> bool:
    """Whether a moment behind "by" is a deadline of the work: named well enough, and asked for."""
    if not said.clock and (said.day is None or said.day.day):
        return False
    if word.lower().startswith("before") and not _before_counts(said, before):
        return False
    if _SORTED.search(before[-40:]) or _goodbye(said, before, word):
        return False
    vague = said.bare or (word.lower().startswith(("until", "till")) and not said.clock)
    if not asking.apart(before) and (vague or asking.listed(before)):
        return False
    if not word.lower().startswith("by") and _OPEN_RANGE.search(before[-40:]):
        return False
    return asking.asks(before) and (asking.apart(before) or not _DEMAND.search(before))


def _before_counts(said: Moment, before: str) -> bool:
    """Whether "before" is a deadline: a day and a time are named, and nothing that has a time of its own."""
    return said.clock is not None and said.day is not None and not asking.about_an_event(before)


def _goodbye(said: Moment, before: str, word: str) -> bool:
    """Whether it is only "Bis morgen!", which people say as they go."""
    return (
        word.lower().startswith("bis")
        and said.clock is None
        and not asking.first_word(before[-40:].rpartition("\n")[2])
    )


def _kept(start: int, found: tuple[Moment, int], now: datetime, zone: ZoneInfo) -> Iterator[Deadline]:
    said, end = found
    try:
        due: Resolved = resolve(said, now, zone, due=True)
    except UnclearError as unclear:
        yield Deadline(start, end, wrong=str(unclear))
        return
    if due.instant - now <= FARTHEST:
        yield Deadline(start, end, due.instant, due.assumed)
