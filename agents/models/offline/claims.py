"""What findings say, value by value: a sentence says one thing of its subject, a labelled row several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from agents.checks.dates import dates
from agents.checks.figures import figures
from agents.models.offline import rows
from agents.models.offline.brief import Fact
from agents.models.offline.subjects import mentions
from agents.models.offline.topics import attributes, slug, stems

_ALIKE: Final = 0.3  # share of equal words from which two sentences on one attribute speak of the same thing
_ABOUT_ITSELF: Final = re.compile(r"\b(?:seen|as of|source|retrieved|checked|updated|note)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Claim:
    """One value: of whom, what, which kind (a plan, a model), in which words, and the finding that says it."""

    subject: str
    attribute: str
    which: str
    words: str
    fact: Fact
    label: str = ""  # of a row's cell; empty for a sentence

    @property
    def document(self) -> str:
        """The name of the document it stands in."""
        return self.fact.source.split(", ")[0]


def claims(facts: Sequence[Fact], subjects: Sequence[str]) -> list[Claim]:
    """Return the claims of findings, in their order."""
    return [claim for fact in facts for claim in _of(fact, subjects)]


def subject_of(fact: Fact, subjects: Sequence[str]) -> str:
    """Return the subject a finding is about: the first part of its key, else the one its words name."""
    head = fact.key.split("/")[0]
    for name in subjects:
        if head and (
            slug(name) == head or slug(name).startswith(f"{head}-") or head.startswith(f"{slug(name)}-")
        ):
            return name
    return next((name for name in subjects if mentions(fact.quote, name)), "")


def differ(a: Claim, b: Claim) -> bool:
    """Whether two claims of different documents give different values for what looks like the same thing."""
    if (
        a.document == b.document
        or (a.subject, a.attribute) != (b.subject, b.attribute)
        or not _same_thing(a, b)
    ):
        return False
    return _apart(_amounts(a.words), _amounts(b.words))


def _of(fact: Fact, subjects: Sequence[str]) -> Iterator[Claim]:
    who = subject_of(fact, subjects)
    cells = [cell for cell in rows.labelled(fact.quote, "") if cell.label] if "|" in fact.quote else []
    which = rows.qualifier(cells, slug(who))
    told = [cell for cell in cells if cell.is_figure and not _ABOUT_ITSELF.search(cell.label)]
    for cell in told:
        known = attributes(cell.label) or (slug(cell.label),)
        yield Claim(who, known[0], which, cell.value, fact, cell.label)
    if not told:
        pieces = fact.key.split("/")
        rest = pieces[1:] if len(pieces) > 1 or (who and slug(who).startswith(pieces[0])) else pieces
        yield Claim(who, rest[0] if rest else "", "/".join(rest[1:]), fact.quote, fact)


def _same_thing(a: Claim, b: Claim) -> bool:
    """Whether both speak of one plan or model: by name, by the row's label, or in much the same words."""
    if a.label and b.label:
        return slug(a.which) == slug(b.which)
    if not a.label and not b.label:
        close = stems(a.words) & stems(b.words)
        return a.which == b.which and len(close) >= _ALIKE * min(len(stems(a.words)), len(stems(b.words)))
    cell, sentence = (a, b) if a.label else (b, a)
    words = stems(sentence.words)
    if cell.which and stems(cell.which.replace("-", " ")) <= words | stems(sentence.which.replace("-", " ")):
        return True
    return not (cell.which and sentence.which) and len(stems(cell.label) & words) * 2 >= max(
        1, len(stems(cell.label))
    )


def _amounts(text: str) -> dict[str, set[Decimal]]:
    found: dict[str, set[Decimal]] = {}
    for figure in figures(text):
        unit = figure.unit or figure.noun or _unit_after(text, figure.end)
        found.setdefault(unit, set()).update(figure.values)
    for day in dates(text):
        whole = [reading for reading in day.readings if reading[1]]
        found.setdefault("date", set()).update(Decimal(y * 10_000 + m * 100 + d) for y, m, d in whole)
    return {unit: values for unit, values in found.items() if values}


def _unit_after(text: str, end: int) -> str:
    """Return the letters right after a number, such as ``Wh``: only like is compared with like."""
    match = re.match(r"\s?([A-Za-zµ°]{1,4})\b", text[end:])
    return match[1].lower() if match else ""


def _apart(a: dict[str, set[Decimal]], b: dict[str, set[Decimal]]) -> bool:
    shared = [unit for unit in a if unit in b and unit != "%"]
    return bool(shared) and not a[shared[0]] & b[shared[0]]
