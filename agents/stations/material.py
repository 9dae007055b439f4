"""Documents as agents are shown them: page by page, or by rows, whole while they fit. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from agents.contracts import Part, PartKind
from agents.stations.assignment import Source

LONGEST_DOCUMENTS: Final = (
    240_000  # characters of documents shown whole, about 60,000 tokens; the rest by read_document
)
LONGEST_PART: Final = (
    3_000  # characters: rows are gathered up to this, so that a part is a page or a screen of rows
)


def documents(sources: Iterable[Source]) -> list[Part]:
    """Return documents by page or rows, whole while they fit; what does not fit or cannot be read is named."""
    room, parts = LONGEST_DOCUMENTS, []
    for source in sources:
        shown, room = (
            (_pages(source), room - len(source.text))
            if len(source.text) <= room
            else ([named(source)], room)
        )
        parts += [_hole(source)] if source.problem else shown
    return parts


def _hole(source: Source) -> Part:
    return Part(
        source.id, PartKind.DOCUMENT, f"(This file could not be read: {source.problem})", source=source.name
    )


def named(source: Source) -> Part:
    """Return a document by its name alone, and how to read it."""
    said = f"(Not shown here: {len(source.text)} characters. Use read_document with document {source.id} to read it.)"
    return Part(source.id, PartKind.DOCUMENT, said, source=source.name)


def _pages(source: Source) -> list[Part]:
    gathered = list(gather(source.spans))
    return [page(source, number, *span) for number, span in enumerate(gathered, start=1)]


def page(source: Source, number: int, label: str, start: int, end: int) -> Part:
    """Return one page, or some rows, of a document as a part such as ``d1.2``."""
    named = f"{source.name}, {label}" if label else source.name
    return Part(
        f"{source.id}.{number}", PartKind.DOCUMENT, source.text[start:end], named, source.sha256, start
    )


def gather(spans: Iterable[tuple[str, int, int]]) -> Iterable[tuple[str, int, int]]:
    """Return spans with small neighbours joined, so that many rows make few parts: ("row 2 to row 9", start, end)."""
    first = last = ""
    start = end = -1
    for label, begins, ends in spans:
        if start >= 0 and ends - start > LONGEST_PART:
            yield _range(first, last), start, end
            start = -1
        if start < 0:
            first, start = label, begins
        last, end = label, ends
    if start >= 0:
        yield _range(first, last), start, end


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"
