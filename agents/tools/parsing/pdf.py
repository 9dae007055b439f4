"""PDF files, page by page: their text, and pictures of the pages that are scans."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from agents.errors import UnreadableError
from agents.tools.parsing.spans import Sheet

_NEAR: Final = 2.0  # points by which words may begin outside of their link's frame


def read(sheet: Sheet, content: bytes) -> None:
    """Add the text of every page that has some; of a page that has none, its largest picture.

    Raises:
        UnreadableError: Locked with a password, too many pages, or damaged.
    """
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise UnreadableError(f"{sheet.name!r} is locked with a password. Remove it and send it again.")
        _check_pages(sheet, len(reader.pages))
        for number, page in enumerate(reader.pages, start=1):
            _check_pages(sheet, number)
            text = page.extract_text()
            sheet.add(f"page {number}", text, gap="\n\n")
            if "/Annots" in page:
                _add_links(sheet, f"page {number}", page)
            if not text.strip():
                from agents.tools.parsing import scans  # loaded only where there may be one

                scans.add(sheet, f"page {number}", page)
    except PyPdfError as damaged:
        raise UnreadableError(
            f"{sheet.name!r} is damaged: its pages cannot be read. Send it again."
        ) from damaged


def _add_links(sheet: Sheet, where: str, page: PageObject) -> None:
    """Keep where the links of a page lead, with the words that begin inside of their frames."""
    pieces: list[tuple[float, float, str]] = []
    try:
        for address, frame in _links(page):
            if not pieces:
                page.extract_text(visitor_text=lambda text, _, at, *__: pieces.append((at[4], at[5], text)))
            sheet.link(where, "".join(text for x, y, text in pieces if _is_in(frame, x, y)), address)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return  # annotations that are none; the page's text is read


def _links(page: PageObject) -> Iterator[tuple[str, list[float]]]:
    for reference in page["/Annots"].get_object():  # type: ignore[union-attr]
        note = reference.get_object()
        action = note.get("/A")
        if note.get("/Subtype") == "/Link" and action is not None and "/URI" in action.get_object():
            yield str(action.get_object()["/URI"]), [float(edge) for edge in note["/Rect"]]


def _is_in(frame: list[float], x: float, y: float) -> bool:
    left, right = sorted((frame[0], frame[2]))
    low, high = sorted((frame[1], frame[3]))
    return left - _NEAR <= x <= right and low - _NEAR <= y <= high + _NEAR


def _check_pages(sheet: Sheet, pages: int) -> None:
    if pages > sheet.limits.pages:
        most = sheet.limits.pages
        raise UnreadableError(
            f"{sheet.name!r} has {pages:,} pages; at most {most} are read. Send the pages that matter."
        )
