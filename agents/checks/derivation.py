"""Numbers that need no source because they follow from other numbers of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from agents.checks.changes import changes
from agents.checks.figures import Figure, figures
from agents.checks.known import Known
from agents.checks.markdown import sentences
from agents.checks.sums import list_totals, slack, sums, written_out
from agents.checks.totals import column_totals, table_totals, total_cells

_FACTORS: Final = {
    "half": Decimal("0.5"),
    "a quarter": Decimal("0.25"),
    "three quarters": Decimal("0.75"),
    "twice": Decimal(2),
    "double": Decimal(2),
    "three times": Decimal(3),
}


def derived(text: str, known: Known | None = None) -> set[int]:
    """Return the starts of numbers that follow: right changes, differences, shares, sums and totals.

    The parts of a right total follow too where the total is ``known``: they share out what was given.
    """
    wrong = {one.start for one in (*changes(text), *sums(text), *table_totals(text))}
    shared = _shared_out(text, known, wrong) if known else ()
    return {*_claimed(text), *shared} - wrong


def _shared_out(text: str, known: Known, wrong: set[int]) -> Iterator[int]:
    for parts, total in (*list_totals(text), *column_totals(text)):
        if total.start not in wrong and (known.has(total) or (total.unit == "%" and total.value == 100)):
            yield from (part.start for part in parts)
            yield total.start


def _claimed(text: str) -> Iterator[int]:
    for sentence in sentences(text):
        found = figures(text, sentence.start, sentence.end)
        parts = _parts(sentence.text)
        for one in found:
            others = [other for other in found if other is not one]
            if follows(one, others) or any(_part(one, other, parts) for other in others):
                yield one.start
    yield from (total.start for total in total_cells(text))
    yield from (total.start for _, total in list_totals(text))
    yield from (claimed.start for _, _, claimed in written_out(text))


def follows(figure: Figure, others: Sequence[Figure]) -> bool:
    """Whether a number is the sum of all others of its sentence, or comes of two of them."""
    same = [one for one in others if one.unit == figure.unit]
    total = sum(one.value for one in same)
    if len(same) > 1 and abs(total - figure.value) <= slack([*same, figure]):
        return True
    pairs = [(a, b) for a in others for b in others if a is not b]
    return any(_comes_of(figure, a, b) if a.unit == b.unit else _scaled(figure, a, b) for a, b in pairs)


def _parts(text: str) -> list[Decimal]:
    """Return the parts and multiples a sentence names in words: half, a third, twice."""
    return [factor for word, factor in _FACTORS.items() if re.search(rf"\b{word}\b", text, re.IGNORECASE)]


def _part(figure: Figure, whole: Figure, factors: Sequence[Decimal]) -> bool:
    return figure.unit == whole.unit and any(figure.value == whole.value * factor for factor in factors)


def _scaled(figure: Figure, a: Figure, b: Figure) -> bool:
    """Whether a number is an amount times a count, or shared out over it: 12 shops at EUR 64."""
    if figure.unit != a.unit or b.unit or b.value <= 1:
        return False
    return figure.value in (a.value * b.value, a.value / b.value)


def _comes_of(figure: Figure, a: Figure, b: Figure) -> bool:
    """Whether a number is the difference, the percent change, the share or the ratio of two others."""
    difference = abs(a.value - b.value)
    if figure.unit == a.unit and figure.value and abs(difference - figure.value) <= slack([a, b, figure]):
        return True
    if not a.value:
        return False
    if figure.unit == "%":
        percentages = (difference / abs(a.value) * 100, b.value / a.value * 100)
        return any(abs(one - figure.value) <= figure.step / 2 for one in percentages)
    return not figure.unit and figure.value > 1 and abs(b.value / a.value - figure.value) <= figure.step / 20
