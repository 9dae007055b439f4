"""Shares of a whole that sentences give to somebody by name, also in words: "every fourth bike was an Acme". PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from agents.checks.lexicon import listed
from agents.models.offline.qualifying import YEAR
from agents.models.offline.topics import STOP, stem, stems

_PARTS: Final = {
    "half": (1, 2), "third": (1, 3), "quarter": (1, 4), "fourth": (1, 4), "fifth": (1, 5), "sixth": (1, 6),
    "seventh": (1, 7), "eighth": (1, 8), "ninth": (1, 9), "tenth": (1, 10),
}  # fmt: skip
_NUMBERS: Final = {word: n for n, word in enumerate(listed("one two three four five six seven eight nine ten"), start=1)}
_NUMBER: Final = rf"(?:\d{{1,2}}|{'|'.join(_NUMBERS)})"
_SHARE: Final = re.compile(
    rf"(?P<bound>\b(?:more|less|fewer) than |\b(?:over|under|at least|at most|almost|nearly|up to) )?"
    rf"(?P<about>\b(?:about|around|roughly|approximately|some|almost|nearly) )?"
    rf"(?:(?P<percent>\d{{1,3}}(?:[.,]\d+)?)\s?(?:%|per ?cent\b)"
    rf"|\bevery (?P<every>second|{'|'.join(list(_PARTS)[1:])})\b"
    rf"|\b(?P<out>{_NUMBER}) (?:in|of|out of)(?: every)? (?P<of>{_NUMBER})\b"
    rf"|\b(?:(?P<many>two|three|four) |an? |one[ -])?(?P<part>half|(?:{'|'.join(list(_PARTS)[1:])})s?)\b"
    r"(?! an? | year| time| of \d))",
    re.IGNORECASE,
)
_NAME: Final = r"[A-ZÄÖÜ][\w&-]+"
_BEFORE: Final = re.compile(rf"(?P<name>{_NAME})(?: (?:has|had|holds|held|reached|sold|took|with|at))*\s*[:(]?\s*$")
_IS: Final = re.compile(
    rf"\b(?:was|were|is|are|came|come|went|goes?)(?: (?:an?|from|by|to|made by|sold by))+ (?P<name>{_NAME})"
)
_LESS: Final = ("less", "fewer", "under", "at most", "up to")
_EXACT: Final = Decimal(3)  # percentage points by which two figures of one share may differ
_WORDED: Final = Decimal(5)  # … where one is a fraction in words
_ROUGH: Final = Decimal(7)  # … that is said to be rough
_GENERAL: Final = frozenset({"share", "percent", "number", "part", "year"})


@dataclass(frozen=True)
class Share:
    """How much of a whole is somebody's: between ``low`` and ``high`` percent."""

    name: str
    low: Decimal
    high: Decimal


def differ(one: str, other: str) -> bool:
    """Whether two sentences on one whole, of neighbouring years, give somebody shares that cannot both hold."""
    own, theirs = list(shares(one)), list(shares(other))
    if not own or not theirs or not _near(one, other) or not _whole(one) & _whole(other):
        return False
    return any(a.name == b.name and (a.high < b.low or b.high < a.low) for a in own for b in theirs)


def shares(text: str) -> Iterator[Share]:
    """Yield the shares a sentence gives to somebody it names."""
    found = list(_SHARE.finditer(text))
    for match in found:
        before = _BEFORE.search(text, 0, match.start())
        after = _IS.search(text, match.end())
        named = before or (after if after and not any(match.end() < one.start() < after.start() for one in found) else None)
        value = _value(match)
        if named and named["name"].lower() not in STOP and 0 < value < 100:
            yield Share(named["name"], *_bounds(match, value))


def _value(match: re.Match[str]) -> Decimal:
    if match["percent"]:
        return Decimal(match["percent"].replace(",", "."))
    if match["every"]:
        return Decimal(100) / (2 if match["every"].lower() == "second" else _PARTS[match["every"].lower()][1])
    if match["out"]:
        return Decimal(100) * _count(match["out"]) / max(1, _count(match["of"]))
    up, down = _PARTS[match["part"].lower().removesuffix("s")]
    return Decimal(100) * up * _NUMBERS.get((match["many"] or "one").lower(), 1) / down


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word.lower()]


def _bounds(match: re.Match[str], value: Decimal) -> tuple[Decimal, Decimal]:
    bound = (match["bound"] or "").strip().lower()
    if bound in {"almost", "nearly"} or match["about"]:
        return value - _ROUGH, value + _ROUGH
    room = _EXACT if match["percent"] else _WORDED
    if bound:
        return (Decimal(0), value + room) if bound.startswith(_LESS) else (value - room, Decimal(100))
    return value - room, value + room


def _near(one: str, other: str) -> bool:
    """Whether the years are the same or follow each other; what gives none is of any."""
    own, theirs = ({int(year) for year in YEAR.findall(text)} for text in (one, other))
    return not own or not theirs or min(abs(a - b) for a in own for b in theirs) <= 1


def _whole(text: str) -> frozenset[str]:
    """Return the words that say of what the shares are: without names, numbers and the shares themselves."""
    words = re.sub(_NAME, lambda name: name[0] if name.start() == 0 else " ", _SHARE.sub(" ", text))
    said = {stem(name["name"].lower()) for name in _BEFORE.finditer(text)}
    return frozenset(word for word in stems(words) if not word.isdigit()) - _GENERAL - said
