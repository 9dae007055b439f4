"""Typed values in text, each with its place: dates, money, percentages, durations, parties, links, governing law.

Rules only, no model. A value is given where the text says it for certain; where it does not (``02/03/2026``,
31 February, a sum whose currency several countries share) the place is found and the value is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final

from agents.tools.values import amounts, dates, durations, laws, links, parties
from agents.tools.values.kinds import BREAK, Extracted, ValueKind

__all__ = ["Extracted", "ValueKind", "extract"]

# The end of a long line within a sentence is where prose was wrapped; any other parts what stands on both sides.
_WRAPPED: Final = re.compile(r"(?<=[^\n|]{45})(?<![.:;!?|])\n(?!\d{1,3}[.)] )(?=[\w(\"“$€£])")

# In this order a place is given away: a figure inside a date is no number of its own.
_FINDERS: Final[tuple[Callable[[str], Iterator[Extracted]], ...]] = (
    links.urls,
    links.emails,
    dates.find,
    amounts.money,
    amounts.percentages,
    durations.find,
    laws.find,
    parties.find,
    amounts.numbers,
)


def extract(text: str, kinds: Collection[ValueKind] | None = None) -> list[Extracted]:
    """Return the values of a text in the order they stand; never two in one place.

    A million characters take about five seconds (measured), so a long text is read away from the event loop.

    Args:
        text: Any text; ``text[e.start:e.end] == e.text`` holds for every value.
        kinds: The kinds wanted; None for all.
    """
    shown = _WRAPPED.sub(" ", text).replace("\n", BREAK)  # as long as the text, so that places stay the same
    kept = _without_overlaps(text, (found for finder in _FINDERS for found in finder(shown)))
    return sorted((e for e in kept if kinds is None or e.kind in kinds), key=lambda e: e.start)


def _without_overlaps(text: str, found: Iterable[Extracted]) -> Iterator[Extracted]:
    taken = bytearray(len(text))
    for each in found:
        if not any(taken[each.start : each.end]):
            taken[each.start : each.end] = b"\x01" * (each.end - each.start)
            yield replace(each, text=text[each.start : each.end])
