"""How wide the columns of a table are: room for the longest word first, then by how much each has to say."""

from __future__ import annotations

from math import sqrt
from typing import Final

from agents.rendering.shapes import Spans, Table

LINE: Final = 90  # characters of a line of small text across a page
_LONGEST_WORD: Final = 20  # a longer one is broken
_AIR: Final = 3  # characters: the space around a cell's words


def shares(table: Table) -> tuple[float, ...]:
    """Return each column's share of the table's width; together they are 1."""
    columns = [[plain(cell) for cell in column] for column in zip(table.header, *table.rows, strict=True)]
    needs = [_AIR + min(max(map(_longest, cells), default=0), _LONGEST_WORD) for cells in columns]
    wants = [sqrt(sum(map(len, cells)) + 1) for cells in columns]
    left = max(LINE - sum(needs), 0)
    widths = [need + left * want / sum(wants) for need, want in zip(needs, wants, strict=True)]
    return tuple(width / sum(widths) for width in widths)


def plain(spans: Spans) -> str:
    """Return words without their looks."""
    return "".join(span.text for span in spans)


def _longest(text: str) -> int:
    return max(map(len, text.split()), default=0)
