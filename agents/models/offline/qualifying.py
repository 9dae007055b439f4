"""What sets two values apart that look alike: another thing, another part of it, with tax or without, a month or a year."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from agents.checks.dates import MONTHS, WEEKDAYS
from agents.checks.figures import CODES, figures
from agents.models.offline.topics import KNOWN, STOP, attributes, stem, stems

RATE: Final = re.compile(
    r"\b(?:per|a|an|each|every)\s+(?P<each>month|year|week|day|hour|morning|issue|seat|user|piece)\b|"
    r"\b(?P<often>daily|weekly|monthly|yearly|annual)(?:ly)?\b",
    re.IGNORECASE,
)
_OFTEN: Final = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annual": "year"}
_TIMES: Final = frozenset((*_OFTEN.values(), "hour"))
_IN_YEAR: Final = re.compile(r"\bin (?:19|20)\d\d\b", re.IGNORECASE)
YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_VAT: Final = r"(?:\d+ ?% (?:of )?)?(?:VAT|(?:sales )?tax(?:es)?)\b"
_NET: Final = re.compile(rf"\b(?:without|excluding|excl\.?|ex|before|plus|net of) {_VAT}", re.IGNORECASE)
_GROSS: Final = re.compile(rf"\b(?:including|incl\.?|with|after) {_VAT}", re.IGNORECASE)
_NAME: Final = re.compile(r"(?<=[\w,;)] )[A-ZÄÖÜ][\w-]+|\b[A-Z]+-?\d+\b")
_IN_PLACE: Final = re.compile(r"\b(?:in|at) (?P<place>[A-ZÄÖÜ][a-zäöü]{2,})")
_OBJECT: Final = re.compile(r"\b(?P<how>on|for|in) (?:the |all |our |its )?(?P<what>[a-z]{3,})")
_SHARE_OF: Final = re.compile(r"(?:\s[a-z]+)?\s?of (?:the|its|all|our|their|these)\b")
_PERIODS: Final = frozenset(("day", "week", "month", "year", "hour"))  # 30 days of the invoice are no share of it
_WHOSE: Final = re.compile(r"\b(?:of the|from) (?P<what>[a-z]{3,})")
_EACH: Final = re.compile(r"\d(?:\s[a-z]+)?\s(?:per|an?|each|every)\s(?P<each>[a-z]{3,})")
_IN_MONTH: Final = re.compile(rf"\bin (?:{'|'.join(MONTHS)}|(?:the \w+ )?quarter|Q[1-4])\b", re.IGNORECASE)
_OTHERWISE: Final = re.compile(  # what is said with one of these words is no value for the thing itself
    r"\b(?:renew|exten[ds]|beg[aiu]n|prolong|discount|instal|planned|plans\b|forecast|expect|"
    r"in all\b|in total\b|on average\b)",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(
    r"^\W*(?:(?:the|an?|each|every|its|their|our|all|both)\s+)?(?P<what>(?:[\w-]+\s+){0,2}?[\w-]+?)(?:\s+(?:of|at|in|on|for|from)\s[^,;:]{1,40}?)?\s+"
    r"(?:(?:now|also|only|still|currently|today)\s+)?"
    r"(?:is|are|was|were|has|have|had|costs?|weighs?|lasts?|runs?|takes?|makes?|gives?|sells?|holds?|carries|bears?|charges?)\b",
    re.IGNORECASE,
)
_NOTICE: Final = re.compile(r"\bnotice\b", re.IGNORECASE)  # how long before an end, and not how long it lasts
_ENDING: Final = re.compile(r"\b(?:notice|notif|terminat|end(?:s|ed|ing)?\b|cancel)", re.IGNORECASE)
_ANYBODY: Final = frozenset(("it", "they", "we", "he", "she", "there", "this", "company", "firm", "vendor", "supplier"))
_CALENDAR: Final = frozenset(name.capitalize() for name in (*MONTHS, *WEEKDAYS))


def keys_apart(one: str, other: str) -> bool:
    """Whether keys such as ``acme/price`` begin with other things; a key that only says what is measured tells none."""
    heads = [key.split("/")[0] if "/" in key else "" for key in (one, other)]
    if not all(heads) or set(heads) & KNOWN:
        return False
    return not (heads[0].startswith(heads[1]) or heads[1].startswith(heads[0]))


@lru_cache(maxsize=16_384)
def taxed_apart(one: str, other: str) -> bool:
    """Whether one value is with tax and the other without."""
    return any(_NET.search(a) and _GROSS.search(b) for a, b in ((one, other), (other, one)))


@lru_cache(maxsize=16_384)
def apart(one: str, other: str) -> bool:
    """Whether two sentences on one attribute say it of other things, parts, places or times."""
    own, theirs = _names(one), _names(other)
    if (own - theirs and theirs - own) or _rated_apart(_rates(one), _rates(other)) or _opened_apart(one, other):
        return True
    if any(_NOTICE.search(a) and not _ENDING.search(b) for a, b in ((one, other), (other, one))):
        return True
    return _objects_apart(one, other) or any(_narrower(a, b) for a, b in ((one, other), (other, one)))


def is_condition(text: str, start: int) -> bool:
    """Whether the number that begins there says under what something was measured: at 20 degrees."""
    return text[:start].endswith("at ")


def _narrower(one: str, other: str) -> bool:
    """Whether the first is about a part, a place or a renewal of which the second says nothing."""
    if (_shares_out(one) and not _shares_out(other)) or (_IN_YEAR.search(one) and not YEAR.search(other)):
        return True
    if any(words.search(one) and not words.search(other) for words in (_OTHERWISE, _IN_MONTH)):
        return True
    told = {match["what"] for match in _WHOSE.finditer(one)} | {match["place"] for match in _IN_PLACE.finditer(one)}
    spoken = stems(other)
    return any(stem(word.lower()) not in spoken for word in told - STOP)


@lru_cache(maxsize=4_096)
def _shares_out(text: str) -> bool:
    return any(_SHARE_OF.match(text, figure.end) for figure in figures(text) if figure.noun not in _PERIODS)


@lru_cache(maxsize=4_096)
def _names(text: str) -> frozenset[str]:
    return frozenset(_NAME.findall(text)) - _CALENDAR - frozenset((*CODES, "VAT"))


def _rated_apart(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both are for a time or a thing, and not for the same: a month and a year, a year and a case."""
    times = one & _TIMES, other & _TIMES
    return any(a and b and not a & b for a, b in ((one, other), times))


def _opened_apart(one: str, other: str) -> bool:
    """Whether both begin with a thing of which the other does not speak: the battery weighs, the bike weighs."""
    begins = _opening(one), _opening(other)
    return all(begins) and stem(begins[0]) not in stems(other) and stem(begins[1]) not in stems(one)


def _opening(text: str) -> str:
    """Return the thing a sentence begins with; empty where that is only what is measured, or anybody."""
    match = _OPENING.match(text)
    word = match["what"].split()[-1].lower() if match else ""
    return "" if word in _ANYBODY or attributes(word) else word


@lru_cache(maxsize=4_096)
def _rates(text: str) -> frozenset[str]:
    found = [match["each"] or _OFTEN[match["often"].lower()] for match in RATE.finditer(text)]
    return frozenset(word.lower() for word in (*found, *(match["each"] for match in _EACH.finditer(text))))


def _objects_apart(one: str, other: str) -> bool:
    """Whether both say what it is on or for, with the same small word before other things: on the frame, on the battery."""
    own, theirs = ({(m["how"], stem(m["what"])) for m in _OBJECT.finditer(text)} for text in (one, other))
    return any(how == also for how, _ in own for also, _ in theirs) and not own & theirs
