"""What a document is made of, whatever it is written as: blocks, and words in one of a few looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Span:
    """Words in one look; a line break in them is meant."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    struck: bool = False


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; 1 is the highest."""

    level: int
    spans: Spans


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    spans: Spans
    small: bool = False


@dataclass(frozen=True)
class Item:
    """One item of a list."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Listed:
    """A list; ``start`` is the first number of a numbered one, None: bullets."""

    items: tuple[Item, ...]
    start: int | None = None


@dataclass(frozen=True)
class Quote:
    """What somebody else said."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Code:
    """Text whose lines and spaces stand as they are."""

    text: str


Side = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Table:
    """A table; every row has as many cells as the header."""

    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]
    sides: tuple[Side, ...]  # of each column


@dataclass(frozen=True)
class Rule:
    """A line between two parts."""


@dataclass(frozen=True)
class Picture:
    """A picture of this run, by its file name."""

    name: str
    alt: str


Block = Heading | Paragraph | Listed | Quote | Code | Table | Rule | Picture


@dataclass(frozen=True)
class Paper:
    """A whole document.

    ``pictures`` holds the PNG of every picture by its name; one that is not there is shown by its words.
    """

    title: str
    blocks: tuple[Block, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
