"""Whether two claims of different documents contradict each other: on one thing, with values that cannot both hold."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Final

from agents.checks.dates import MONTHS, WEEKDAYS, dates
from agents.checks.figures import Figure, figures
from agents.models.offline import qualifying, shares
from agents.models.offline.claims import MONEY, Claim
from agents.models.offline.qualifying import YEAR
from agents.models.offline.topics import KNOWN, STOP, attributes, slug, stem, stems

_ALIKE: Final = 0.3  # share of equal words from which two sentences on one attribute speak of the same thing
_CLOSE: Final = 0.5  # … from which any value that differs is one too many
_MOSTLY: Final = 0.6  # share of a label's words that a sentence on the same thing has
_SHORT: Final = 12  # words of a statement that says little more than its value
_OPENING: Final = 7  # words in which a sentence names what it is about
_NEAR: Final = Decimal("0.1")  # share by which two prices of one thing seldom differ more
_MEASURED: Final = frozenset(("range", "payload", "capacity"))
_UNIT_WITHIN: Final = 4  # words after a number within which stands what it counts
_ORDINALS: Final = frozenset(("first", "last", "next"))
_PROPER: Final = re.compile(r"(?<=[a-z,] )[A-ZÄÖÜ][a-zäöü]{2,}|(?<=^The )[A-ZÄÖÜ][a-zäöü]{2,}")
_CALENDAR: Final = frozenset(name.capitalize() for name in (*MONTHS, *WEEKDAYS))
_CODES: Final = {"$": "USD", "€": "EUR", "£": "GBP"}
_SAME: Final = {"employee": "people", "staff": "people", "person": "people", "client": "customer"}


def differ(a: Claim, b: Claim) -> bool:
    """Whether two claims of different documents give different values for what looks like the same thing."""
    if a.document == b.document:
        return False
    if not a.label and not b.label and shares.differ(a.words, b.words):
        return True
    if a.subject != b.subject:
        return False
    if qualifying.keys_apart(a.fact.key, b.fact.key) or qualifying.taxed_apart(a.told, b.told):
        return False
    if not a.label and not b.label and _dates_apart(a, b):
        return not _of_others(a, b)
    if a.years and b.years and not a.years & b.years:
        return False
    if not a.label and not b.label:
        return not _of_others(a, b) and (_sentences(a, b) or _prices_near(a, b))
    return _one_attribute(a, b) and _same_row(a, b) and _apart(amounts(a), amounts(b))


def told_apart(claim: Claim, other: Claim) -> str:
    """Return the value of a claim where the other gives another one, in its own words; empty where it does not."""
    own, theirs = counted(claim), counted(other)
    for unit in own:
        values = {value for one in theirs.get(unit, ()) for value in one.values}
        found = next((one for one in own[unit] if values and not values & set(one.values)), None)
        if found:
            return claim.words if claim.label else _with_unit(claim.words, found, unit)
    days = _days(other.words)
    apart = (day for day in dates(claim.words) if days and not days & set(day.readings))
    return next((day.text for day in apart if any(month for _, month, _ in day.readings)), "")


@lru_cache(maxsize=4_096)
def said(words: str) -> frozenset[str]:
    """Return the stems of words without their numbers: two sentences on one thing differ in those alone."""
    return frozenset(word for word in stems(words) if not word.isdigit())


def _sentences(a: Claim, b: Claim) -> bool:
    """Whether two sentences on one attribute, in much the same words, give values apart."""
    if a.attribute != b.attribute:
        return False
    if a.attribute and qualifying.apart(a.words, b.words):
        return False
    near = _closeness(a, b)
    if near >= _CLOSE:
        return _apart(amounts(a), amounts(b), every=True) or _percents_apart(a, b)
    if a.attribute:
        short = min(len(a.words.split()), len(b.words.split())) <= _SHORT
        alike = near >= _ALIKE or (a.attribute in _MEASURED and short)
        return a.which == b.which and alike and (_apart(amounts(a), amounts(b)) or _percents_apart(a, b))
    shared = {word for pair in _phrases(a.words) & _phrases(b.words) for word in pair}
    own, other = amounts(a), amounts(b)
    return bool(a.years & b.years) and any(
        unit in shared and not own[unit] & other[unit] for unit in own if unit in other
    )


def _dates_apart(a: Claim, b: Claim) -> bool:
    """Whether two sentences open with the same thing, such as "the first bikes", and give it different dates."""
    own, other = _days(a.words), _days(b.words)
    if len(own) != 1 or len(other) != 1 or own == other:
        return False
    opening = [" ".join(claim.words.split()[:_OPENING]) for claim in (a, b)]
    return bool(_phrases(opening[0]) & _phrases(opening[1]))


def _prices_near(a: Claim, b: Claim) -> bool:
    """Whether two sentences give one price each, in one currency, so near that they may be meant for the same thing."""
    if any(claim.attribute not in ("price", "") or qualifying.RATE.search(claim.words) for claim in (a, b)):
        return False
    if not {a.attribute, b.attribute} & {"price"}:
        return False
    own, other = ([one for one in figures(claim.words) if one.unit and one.unit != "%"] for claim in (a, b))
    if len(own) != 1 or len(other) != 1 or own[0].unit != other[0].unit:
        return False
    return 0 < abs(own[0].value - other[0].value) <= _NEAR * max(own[0].value, other[0].value)


def _one_attribute(a: Claim, b: Claim) -> bool:
    """Whether both say the same of their subject; a label that rules do not know is met by a sentence with its words."""
    if a.attribute == b.attribute:
        return True
    cell, sentence = (a, b) if a.label else (b, a)
    if sentence.label or sentence.attribute in KNOWN or cell.attribute in KNOWN:
        return False
    label = stems(cell.label)
    return len(label) > 1 and len(label & stems(sentence.words)) >= _MOSTLY * len(label)


def _same_row(a: Claim, b: Claim) -> bool:
    """Whether a cell and another claim speak of one plan or model: by its name, or by the label where no name is needed."""
    if a.label and b.label:
        return slug(a.which) == slug(b.which) and (a.attribute in KNOWN or slug(a.label) == slug(b.label))
    cell, sentence = (a, b) if a.label else (b, a)
    words = stems(f"{sentence.words} {sentence.fact.by}") | stems(sentence.which.replace("-", " "))
    if cell.which and not (YEAR.search(cell.label) and cell.attribute in KNOWN):
        named = stems(cell.which.replace("-", " "))
        if named and named <= words:
            return True
    if cell.which and not cell.subject and not _is_the_thing(cell):
        return False
    if cell.attribute in KNOWN and YEAR.search(cell.label):
        named = stems(cell.which) - {"total"}
        if len(named & words) < _MOSTLY * len(named):
            return False
        return bool(sentence.years) or YEAR.findall(cell.label)[-1] == max(YEAR.findall(cell.fact.quote))
    label = stems(cell.label)
    return not (cell.which and sentence.which) and len(label & words) * 2 >= max(1, len(label))


def _is_the_thing(cell: Claim) -> bool:
    """Whether the row's name is what is measured, or a total: it then names nobody whom a sentence would have to name."""
    return slug(cell.which) == "total" or cell.attribute in (slug(cell.which), *attributes(cell.which))


def _closeness(a: Claim, b: Claim) -> float:
    one, other = said(a.words), said(b.words)
    return len(one & other) / max(1, min(len(one), len(other)))


def _of_others(a: Claim, b: Claim) -> bool:
    """Whether two sentences name things apart: the Flemish subsidy is not the one of Brussels."""
    one, other = (frozenset(_PROPER.findall(claim.words)) - _CALENDAR for claim in (a, b))
    return bool(one and other) and not one & other


@lru_cache(maxsize=4_096)
def _phrases(words: str) -> frozenset[tuple[str, str]]:
    """Return the pairs of neighbouring words that name a thing, such as ("first", "bike")."""
    found = re.findall(r"[^\W\d_]{3,}", words.lower())
    return frozenset(
        (stem(a), stem(b)) for a, b in pairwise(found) if b not in STOP and (a not in STOP or a in _ORDINALS)
    )


def _percents_apart(a: Claim, b: Claim) -> bool:
    """Whether two sentences under one key of several words give other percentages, and neither is about more than that."""
    one, other = (counted(claim).get("%", []) for claim in (a, b))
    words = said(a.words), said(b.words)
    if len(one) != 1 or len(other) != 1 or a.fact.key != b.fact.key or "/" not in a.fact.key:
        return False
    return (words[0] <= words[1] or words[1] <= words[0]) and not set(one[0].values) & set(other[0].values)


def counted(claim: Claim) -> dict[str, list[Figure]]:
    """Return the numbers of a claim by what they are counted in: a currency, a measure, or the thing itself."""
    return _counted(claim.words, claim.label)


@lru_cache(maxsize=4_096)
def _counted(words: str, label: str) -> dict[str, list[Figure]]:
    found: dict[str, list[Figure]] = {}
    money = MONEY.search(label)
    for figure in figures(words):
        if not figure.unit and qualifying.is_condition(words, figure.start):
            continue
        unit = figure.unit or (_CODES.get(money[0], money[0]) if money else "")
        unit = unit or _SAME.get(figure.noun, figure.noun)
        unit = unit or (stem(label.split()[-1].lower()) if label else _unit_after(words, figure.end))
        found.setdefault(unit, []).append(figure)
    return found


def amounts(claim: Claim) -> dict[str, set[Decimal]]:
    """Return the values of a claim by what they are counted in; dates as numbers, such as 20270630."""
    return _amounts(claim.words, claim.label)


@lru_cache(maxsize=4_096)
def _amounts(words: str, label: str) -> dict[str, set[Decimal]]:
    told = _counted(words, label).items()
    found = {unit: {value for one in ones for value in one.values} for unit, ones in told}
    if days := _days(words):
        found["date"] = {Decimal(y * 10_000 + m * 100 + d) for y, m, d in days}
    return found


@lru_cache(maxsize=4_096)
def _days(text: str) -> set[tuple[int, int, int]]:
    return {reading for day in dates(text) for reading in day.readings if reading[1]}


def _unit_after(text: str, end: int) -> str:
    """Return what a bare number counts: letters such as ``Wh``, or the last noun after it: "electric cargo bikes"."""
    match = re.match(r"\s?([A-Za-zµ°]{1,3})\b", text[end:])
    if match and match[1].lower() not in STOP:
        return match[1].lower()
    after = re.match(r"\s((?:[a-z-]{3,}\s?){1,3})", text[end:])
    words = after[1].split() if after else []
    head = words[: next((at for at, word in enumerate(words) if word in STOP), len(words))]
    return stem(head[-1]) if head else ""


def _with_unit(text: str, figure: Figure, unit: str) -> str:
    """Return a number with the words after it up to what it counts: "11,800 electric cargo bikes"."""
    after = list(re.finditer(r"[\s-]?[^\W\d]+", text[figure.end : figure.end + 40]))[:_UNIT_WITHIN]
    ends = (word.end() for word in after if not figure.unit and _counts(word[0].strip(" -\n").lower(), unit))
    return text[figure.start : figure.end + next(ends, 0)].strip()


def _counts(word: str, unit: str) -> bool:
    return word == unit or stem(word) == unit or stem(_SAME.get(stem(word), word)) == stem(unit)


def _apart(a: dict[str, set[Decimal]], b: dict[str, set[Decimal]], *, every: bool = False) -> bool:
    """Whether values differ in the unit they share first; with ``every``, in any that they share."""
    shared = [unit for unit in a if unit in b and unit != "%"]
    return any(not a[unit] & b[unit] for unit in (shared if every else shared[:1]))
