"""PDF files, page by page: their text, and pictures of the pages that are scans."""

from __future__ import annotations

import io

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from agents.errors import UnreadableError
from agents.tools.parsing.spans import Sheet


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
            if not text.strip():
                from agents.tools.parsing import scans  # loaded only where there may be one

                scans.add(sheet, f"page {number}", page)
    except PyPdfError as damaged:
        raise UnreadableError(
            f"{sheet.name!r} is damaged: its pages cannot be read. Send it again."
        ) from damaged


def _check_pages(sheet: Sheet, pages: int) -> None:
    if pages > sheet.limits.pages:
        most = sheet.limits.pages
        raise UnreadableError(
            f"{sheet.name!r} has {pages:,} pages; at most {most} are read. Send the pages that matter."
        )
