"""Figures as people write them: ``20,000``, ``1.5 million``, ``twenty-five``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_UNITS: Final = "zero one two three four five six seven eight nine"
_TEENS: Final = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_LARGE: Final = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SMALL: Final = {word: value for value, word in enumerate(f"{_UNITS} {_TEENS}".split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), start=2)
}
_SCALES: Final = (
    {"lakh": 10**5, "crore": 10**7, "tn": 10**12, "trillion": 10**12}
    | dict.fromkeys(("k", "thousand"), 10**3)
    | dict.fromkeys(("m", "mn", "mm", "mio", "mio.", "million", "millions"), 10**6)
    | dict.fromkeys(("b", "bn", "billion", "billions"), 10**9)
)
_BEGIN: Final = "|".join(_SMALL)
_ANY: Final = "|".join([*_SMALL, "hundred", *_LARGE])
_GAP: Final = "[\u00a0\u202f'’]"  # what may stand between groups of digits anywhere

FIGURE: Final = rf"(?:\d{{1,3}}(?:{_GAP}\d{{3}})+(?:[.,]\d+)?|\d[\d.,]{{0,30}}\d|\d)"
# Groups parted by plain spaces are one figure only beside a currency.
SPACED: Final = rf"(?:\d{{1,3}}(?: \d{{3}})+(?!\d)(?:[.,]\d+)?|{FIGURE})"
_THEN: Final = (
    rf"(?:\s|-){{1,2}}(?:{_ANY})\b|(?:(?<=hundred)|(?<=thousand)|(?<=million))\s+and\s+(?:{_ANY})\b"
)
WORDS: Final = rf"(?i:\b(?:{_BEGIN})(?:{_THEN})*)\b"
_BY_NAME: Final = r"thousand|millions?|billions?|trillion|lakh|crore|[mM]io\.?|mn|bn|tn|mm|MM|[kKmMbB]"
SCALE: Final = rf"(?:(?:{_BY_NAME})(?![\w]))"
_GROUPED: Final = re.compile(r"\d{1,3}(?:(?P<by>[.,])\d{3})(?:(?P=by)\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}")


def number(written: str) -> Decimal | None:
    """Return the number that digits or words say; None where they could say two, such as ``1.250``."""
    digits = re.sub(rf"{_GAP}|\s", "", written) if written[:1].isdigit() else ""
    return _digits(digits) if digits else _words(written)


def scaled(written: str, scale: str | None) -> Decimal | None:
    """Return the number times what stands behind it, such as ``k`` or ``million``."""
    found = number(written) if not scale or "." not in written else _decimal(written)
    return None if found is None else found * _SCALES.get((scale or "").lower(), 1)


def plain(value: Decimal) -> str:
    """Return a number without an exponent and without zeros that say nothing: ``20000``, ``1.5``."""
    return f"{value.normalize():f}" if value else "0"


def _digits(written: str) -> Decimal | None:
    marks = [mark for mark in written if mark in ".,"]
    if not marks:
        return Decimal(written)
    if len(set(marks)) == 2:
        return _both_marks(written, marks)
    before, _, after = written.partition(marks[0])
    if len(marks) > 1:
        return Decimal(re.sub("[.,]", "", written)) if _GROUPED.fullmatch(written) else None
    if len(after) != 3 or before == "0" or len(before) > 3:
        return Decimal(f"{before}.{after}")
    return Decimal(before + after) if marks[0] == "," else None


def _both_marks(written: str, marks: list[str]) -> Decimal | None:
    last = marks[-1]
    whole, _, fraction = written.rpartition(last)
    if last in whole or not _GROUPED.fullmatch(whole):
        return None
    return Decimal(re.sub("[.,]", "", whole) + "." + fraction)


def _decimal(written: str) -> Decimal | None:
    """Return a number before "million" and the like, where ``1.250`` can only be a decimal."""
    return Decimal(written) if re.fullmatch(r"\d+\.\d+", written) else number(written)


def _words(written: str) -> Decimal | None:
    total = current = 0
    smallest = 10**12
    for word in re.split(r"[\s-]+", written.lower()):
        if word == "and":
            continue
        if word == "hundred" and 1 <= current <= 9:
            current *= 100
        elif word in _LARGE and current and _LARGE[word] < smallest:
            smallest = _LARGE[word]
            total, current = total + current * smallest, 0
        elif word in _SMALL and _fits(current, _SMALL[word]):
            current += _SMALL[word]
        else:
            return None
    return Decimal(total + current)


def _fits(current: int, more: int) -> bool:
    if more >= 10:
        return current % 100 == 0
    return current % 10 == 0 and (current % 100 == 0 or current % 100 >= 20)
