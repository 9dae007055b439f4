"""Rows of a table as lines that a person can read and a quote can be checked against."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from agents.tools.parsing.media import decoded
from agents.tools.parsing.spans import Sheet

_DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLE: Final = 20  # rows looked at to find the delimiter
_FIGURE: Final = re.compile(r"[^A-Za-z]*\d[\d.,:/ -]*[^A-Za-z]*")


def read_csv(sheet: Sheet, content: bytes) -> None:
    """Add every row of a CSV file; labels count rows as a spreadsheet does, the header being row 1."""
    text = decoded(content).replace("\x00", "")
    for number, line in lines(csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text))):
        sheet.add(f"row {number}", line)


def lines(rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """Yield each row that holds something, with its number from 1.

    Under a header a row is ``Plan: Pro | Price: 20 USD``, so that a quoted line says by itself what its
    figures are; empty cells are left out. Without one it is ``Pro | 20 USD``. The header is the first row of
    two cells or more, provided they are all filled, all different and none is a figure.
    """
    header: list[str] | None = None
    sought = True
    for number, row in enumerate(rows, start=1):
        cells = [" ".join(cell.split()) for cell in row]
        if sought and sum(map(bool, cells)) > 1:
            sought = False
            header = _header(cells)
            yield number, " | ".join(filter(None, cells))
        elif any(cells):
            yield number, " | ".join(_told(cells, header))


def _told(cells: list[str], header: list[str] | None) -> list[str]:
    named = header or []
    return [f"{named[i]}: {cell}" if i < len(named) else cell for i, cell in enumerate(cells) if cell]


def _header(cells: list[str]) -> list[str] | None:
    while cells and not cells[-1]:
        cells = cells[:-1]
    plain = (
        all(cells) and len(set(cells)) == len(cells) and not any(_FIGURE.fullmatch(cell) for cell in cells)
    )
    return cells if plain else None


def _delimiter(text: str) -> str:
    sample = text[:20_000].splitlines(keepends=True)
    return max(_DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: list[str], delimiter: str) -> tuple[int, int]:
    widths = [len(row) for row in islice(csv.reader(sample, delimiter=delimiter), _SAMPLE) if row]
    usual = max(set(widths), key=widths.count, default=1)
    return (widths.count(usual) if usual > 1 else 0, usual)
