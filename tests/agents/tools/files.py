"""Files for the tests, made in memory: PDF, Word, Excel, archives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from docx import Document
from openpyxl import Workbook
from reportlab.pdfgen.canvas import Canvas


def pdf(*pages: str) -> bytes:
    """Return a PDF with one line of text a page; an empty string is an empty page."""
    held = io.BytesIO()
    canvas = Canvas(held)
    for text in pages:
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def raw_pdf(objects: Sequence[bytes]) -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is the catalog."""
    content = bytearray(b"%PDF-1.4\n")
    places = []
    for number, written in enumerate(objects, start=1):
        places.append(b"%010d 00000 n \n" % len(content))
        content += b"%d 0 obj" % number + written + b"endobj\n"
    size = b"%d" % (len(objects) + 1)
    table = b"xref\n0 " + size + b"\n0000000000 65535 f \n" + b"".join(places)
    ending = b"trailer<</Root 1 0 R/Size " + size + b">>\nstartxref\n%d\n%%%%EOF" % len(content)
    return bytes(content) + table + ending


def locked_pdf() -> bytes:
    """Return a PDF that asks for a password."""
    held = io.BytesIO()
    canvas = Canvas(held, encrypt="secret")
    canvas.drawString(72, 700, "hidden")
    canvas.save()
    return held.getvalue()


def word(paragraphs: Sequence[str], table: Sequence[Sequence[str]] = ()) -> bytes:
    """Return a Word document: paragraphs, then one table."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        grid = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def excel(
    sheets: Mapping[str, Sequence[Sequence[object]]], formats: Mapping[str, str] | None = None
) -> bytes:
    """Return a workbook; ``formats`` are number formats of the first sheet's cells, as ``{"B2": "0%"}``."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    for cell, form in (formats or {}).items():
        book.worksheets[0][cell].number_format = form
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def archive(entries: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return held.getvalue()


def with_entries(office: bytes, entries: Mapping[str, bytes]) -> bytes:
    """Return an Office file with more entries in its archive, or others in place of its own."""
    with zipfile.ZipFile(io.BytesIO(office)) as packed:
        kept = {name: packed.read(name) for name in packed.namelist()}
    return archive({**kept, **entries})
