"""Rows of tables as labelled cells: ``Plan: Pro | Price: 20 USD``, or plain cells under a header row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agents.checks.dates import dates
from agents.checks.figures import figures
from agents.models.offline.topics import attributes, slug

TOTAL: Final = re.compile(r"^(?:grand |overall )?(?:total|sum)\b", re.IGNORECASE)  # in a row's first cell
_LABELLED: Final = re.compile(r"^(?P<label>[^:|]{1,70}):\s+(?P<value>.+)$", re.DOTALL)
_NAMES: Final = re.compile(
    r"^(?:vendor|company|competitor|name|supplier|product|brand|customer|plan|edition|package|tier|item|model|version|variant|type)\b",
    re.I,
)


@dataclass(frozen=True)
class Cell:
    """A cell with the label its header gives it; empty where there is none."""

    label: str
    value: str

    @property
    def is_figure(self) -> bool:
        """Whether it holds a number or a date, and not only a name that ends in one."""
        return bool(figures(self.value) or dates(self.value)) and not _NAMES.match(self.label)


def split(row: str) -> list[str]:
    """Return the cells of a row as they stand, without empty ones at its ends."""
    return [cell.strip() for cell in re.split(r"\s*\|\s*|\t", row.strip().strip("|"))]


def is_header(row: str, after: str = "", *, first: bool = True) -> bool:
    """Whether a row only names columns: those that label the cells of the row ``after`` it, else words without a figure.

    Args:
        row: The row.
        after: What stands below it; empty at the end.
        first: Whether no row above it names columns.
    """
    found = split(row)
    if len(found) < 2 or any(_LABELLED.match(cell) for cell in found):
        return False
    if any(cell.label and cell.label in found for cell in labelled(after, "")):
        return True
    return first and not any(figures(cell) or dates(cell) for cell in found)


def labelled(row: str, header: str) -> list[Cell]:
    """Return the cells with their labels."""
    names = split(header) if header else []
    found = split(row)
    cells = [_LABELLED.match(cell) for cell in found]
    if any(cells):
        pairs = zip(cells, found, strict=True)
        return [Cell(m["label"].strip(), m["value"].strip()) if m else Cell("", cell) for m, cell in pairs]
    return [
        Cell(names[at] if at < len(names) and len(names) == len(found) else "", cell)
        for at, cell in enumerate(found)
    ]


def names_somebody(row: str, header: str) -> bool:
    """Whether a row has a cell for a name, such as the competitor it is about."""
    return any(_NAMES.match(cell.label) for cell in labelled(row, header))


def attribute(cells: Sequence[Cell]) -> str:
    """Return what a row's first figure is about, by its label, such as ``price``."""
    for cell in cells:
        if cell.is_figure:
            known = attributes(cell.label) or attributes(cell.value)
            return known[0] if known else slug(cell.label)
    return ""


def qualifier(cells: Sequence[Cell], who: str) -> str:
    """Return the first plain cell that is not the subject's name, such as the plan, in its own words."""
    plain = [
        cell.value for cell in cells if not cell.is_figure and len(cell.value) <= 40 and slug(cell.value)
    ]
    return next(
        (words for words in plain if slug(words) != who and not slug(words).startswith(f"{who}-")), ""
    )
