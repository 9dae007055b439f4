"""Findings side by side: by subject and key, what contradicts, what is dated, what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from agents.checks.dates import dates
from agents.checks.figures import figures
from agents.models.offline.brief import Brief, Fact
from agents.models.offline.subjects import mentions
from agents.models.offline.topics import slug, stems

OTHER: Final = "Other"
_LONGEST_CELL: Final = 110  # characters of a quote in a table's cell
_ALIKE: Final = 0.3  # share of equal words from which two sentences of one key speak of the same thing


def subject_of(fact: Fact, subjects: Sequence[str]) -> str:
    """Return the subject a finding is about: the first part of its key, else the one its words name."""
    head = fact.key.split("/")[0]
    for name in subjects:
        if head and (
            slug(name) == head or slug(name).startswith(f"{head}-") or head.startswith(f"{slug(name)}-")
        ):
            return name
    return next((name for name in subjects if mentions(fact.quote, name)), "")


def attribute_of(fact: Fact, subjects: Sequence[str]) -> str:
    """Return what a finding says of its subject, such as ``price`` or ``price, starter``."""
    pieces = fact.key.split("/")
    known = subject_of(fact, subjects)
    heads = pieces[1:] if len(pieces) > 1 or (known and slug(known).startswith(pieces[0])) else pieces
    return ", ".join(piece.replace("-", " ") for piece in heads if piece)


def names_of(brief: Brief) -> list[str]:
    """Return the subjects: those of the inputs, else the heads of the findings' keys."""
    if brief.subjects:
        return list(brief.subjects)
    heads = [fact.key.split("/")[0] for fact in brief.facts if "/" in fact.key]
    return list(dict.fromkeys(heads)) if len(set(heads)) > 1 else []


def topic_of(fact: Fact, subjects: Sequence[str]) -> str:
    """Return what a finding is about, for people: "Acme, price, starter"."""
    named = [subject_of(fact, subjects), attribute_of(fact, subjects)]
    return ", ".join(name for name in named if name) or fact.key


def side_by_side(facts: Sequence[Fact], subjects: Sequence[str], everything: Sequence[Fact]) -> list[str]:
    """Return a Markdown table, an attribute a row and a subject a column.

    A cell without a finding says "not found", or "left out" where there is one among ``everything``.
    """
    cells = _cells(facts, subjects)
    if not cells:
        return []
    whole = _cells(everything, subjects)
    rows = [
        [what, *(_told(told.get(who), who in whole.get(what, {})) for who in subjects)]
        for what, told in cells.items()
    ]
    return [_row(["", *subjects]), _row(["---"] * (len(subjects) + 1)), *(_row(row) for row in rows)]


def _cells(facts: Sequence[Fact], subjects: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for fact in facts:
        who, what = subject_of(fact, subjects), attribute_of(fact, subjects)
        if who and what:
            found.setdefault(what, {}).setdefault(who, []).append(f"{cell(fact)} {fact.cite}")
    return found


def _told(found: list[str] | None, some: bool) -> str:  #  whether there is something that is not shown
    return "; ".join(dict.fromkeys(found)) if found else ("left out" if some else "not found")


def contradictions(facts: Sequence[Fact]) -> list[list[Fact]]:
    """Return groups of findings on one key, of different sources, whose numbers or dates differ."""
    by_key: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.key:
            by_key.setdefault(fact.key, []).append(fact)
    groups = [
        [one for one in group if any(differ(one, other) for other in group)] for group in by_key.values()
    ]
    return [group for group in groups if group]


def differ(a: Fact, b: Fact) -> bool:
    """Whether two findings on one key give different values for what looks like the same thing."""
    if a is b or _document(a) == _document(b):
        return False
    close = stems(a.quote) & stems(b.quote)
    if len(close) < _ALIKE * min(len(stems(a.quote)), len(stems(b.quote))):
        return False
    return _apart(_amounts(a.quote), _amounts(b.quote)) or _apart(_days(a.quote), _days(b.quote))


def timeline(facts: Sequence[Fact]) -> list[Fact]:
    """Return the findings that give a date, oldest first."""
    dated = [(when, place, fact) for place, fact in enumerate(facts) if (when := _when(fact))]
    return [fact for _, _, fact in sorted(dated, key=lambda one: one[:2])]


def missing(facts: Sequence[Fact], subjects: Sequence[str]) -> Iterator[str]:
    """Yield, for each subject, what others have a value for and it has not."""
    told: dict[str, dict[str, None]] = {name: {} for name in subjects}
    for fact in facts:
        if (who := subject_of(fact, subjects)) and (what := attribute_of(fact, subjects).split(", ")[0]):
            told[who][what] = None
    everything = dict.fromkeys(what for found in told.values() for what in found)
    for name in subjects:
        absent = [what for what in everything if what not in told[name]]
        if not told[name]:
            yield f"Nothing in the given sources about {name}."
        elif absent:
            yield f"Nothing in the given sources about {name} on: {', '.join(absent)}."


def cell(fact: Fact) -> str:
    """Return a finding's value for a table: its words where they are short, else its numbers and dates as written."""
    quote = " ".join(fact.quote.split()).replace(" | ", ", ").replace("|", ",")
    if len(quote) <= _LONGEST_CELL:
        return quote
    places = {figure.start: figure.text for figure in figures(quote)} | {
        day.start: day.text for day in dates(quote)
    }
    values = [places[start] for start in sorted(places)]
    return ", ".join(dict.fromkeys(values[:4])) if values else "see the finding"


def _row(found: Sequence[str]) -> str:
    return f"| {' | '.join(found)} |"


def _document(fact: Fact) -> str:
    return fact.source.split(", ")[0]


def _amounts(text: str) -> dict[str, set[Decimal]]:
    found: dict[str, set[Decimal]] = {}
    for figure in figures(text):
        found.setdefault(figure.unit or figure.noun, set()).update(figure.values)
    return found


def _days(text: str) -> dict[str, set[tuple[int, int, int]]]:
    whole = {reading for day in dates(text) for reading in day.readings if reading[1]}
    return {"date": whole} if whole else {}


def _apart(
    a: dict[str, set[Decimal]] | dict[str, set[tuple[int, int, int]]],
    b: dict[str, set[Decimal]] | dict[str, set[tuple[int, int, int]]],
) -> bool:
    shared = [unit for unit in a if unit in b]
    return any(not set(a[unit]) & set(b[unit]) for unit in shared)


def _when(fact: Fact) -> tuple[int, int, int] | None:
    found = [reading for day in dates(fact.quote) for reading in day.readings[:1] if reading[0]]
    return found[0] if found else None


def plain(text: str) -> str:
    """Return words on one line."""
    return re.sub(r"\s+", " ", text).strip()
