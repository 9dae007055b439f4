"""What findings say, value by value: a sentence says one thing of its subject, a labelled row several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agents.checks.dates import dates
from agents.checks.figures import figures
from agents.models.offline import rows
from agents.models.offline.brief import Fact
from agents.models.offline.qualifying import YEAR
from agents.models.offline.subjects import mentions
from agents.models.offline.topics import KNOWN, attributes, slug

_DATED: Final = frozenset(("term", "termination", "deadline", "founded", "launch"))
IS_YEAR: Final = re.compile(r"^(?:19|20)\d\d$")
MONEY: Final = re.compile(r"\b(?:EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN)\b|[$€£]")
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
    years: frozenset[str] = frozenset()  # that it is about

    @property
    def document(self) -> str:
        """The name of the document it stands in."""
        return self.fact.source.split(", ")[0]

    @property
    def told(self) -> str:
        """The words with their label before them."""
        return f"{self.label} {self.words}".strip()


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


def _of(fact: Fact, subjects: Sequence[str]) -> Iterator[Claim]:
    who = subject_of(fact, subjects)
    cells = [cell for cell in rows.labelled(fact.quote, "") if cell.label] if "|" in fact.quote else []
    which = rows.qualifier(cells, slug(who))
    told = [cell for cell in cells if cell.is_figure and not _ABOUT_ITSELF.search(cell.label)]
    for cell in told:
        years = _years(cell.label) or _years(
            " ".join(one.value for one in cells if IS_YEAR.match(one.value))
        )
        yield Claim(who, _attribute(cell, which), which, cell.value, fact, cell.label, years)
    if not told:
        pieces = fact.key.split("/")
        rest = pieces[1:] if len(pieces) > 1 and pieces[0] not in KNOWN else pieces
        rest = pieces[1:] if who and slug(who).startswith(pieces[0]) else rest
        yield Claim(
            who, rest[0] if rest else "", "/".join(rest[1:]), fact.quote, fact, years=_years(fact.quote)
        )


def _attribute(cell: rows.Cell, which: str) -> str:
    """Return what a cell is about: its label says it, or the row's name where the label is a time or a currency."""
    if dates(cell.value) and not figures(cell.value):
        return next((one for one in attributes(cell.label) if one in _DATED), slug(cell.label))
    known = attributes(re.sub(r"\([^)]*\)", "", cell.label))
    if known:
        return known[0]
    timed = YEAR.search(cell.label) or not slug(re.sub(MONEY, "", cell.label))
    return (attributes(which) or (slug(which),))[0] if timed and which else slug(cell.label)


def _years(text: str) -> frozenset[str]:
    return frozenset(YEAR.findall(text))
