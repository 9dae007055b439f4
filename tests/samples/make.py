"""Makes the PDF and Word files of the samples again: ``python -m tests.samples.make``.

Their text stands beside this module as Markdown; all of it is invented: companies, people, products and figures.
The same text gives the same bytes: no clock and no chance goes into a file.
"""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Word
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer

TEXTS = Path(__file__).resolve().parent
FOLDER = TEXTS.parents[1] / "bot" / "workspace" / "samples"
BEGAN = datetime(2026, 1, 1)
MARKS = {"# ": "Title", "## ": "Heading2", "> ": "Italic", "| ": "table", "": "BodyText"}

Part = tuple[str, str]  # a paragraph style of reportlab, or "table", and the text


def files() -> dict[str, bytes]:
    """Return every made file by its path below the samples folder."""
    return {
        "competitors/haulwren-product-sheet.pdf": pdf("haulwren-product-sheet"),
        "competitors/ternway-press-kit.pdf": pdf("ternway-press-kit"),
        "legal/term-sheet.docx": docx("term-sheet"),
    }


def pages(name: str) -> list[list[Part]]:
    """Return a text's parts, page by page."""
    told = (TEXTS / f"{name}.md").read_text(encoding="utf-8")
    return [[_part(block) for block in page.strip().split("\n\n")] for page in told.split("\n---\n")]


def _part(block: str) -> Part:
    mark = next(mark for mark in MARKS if block.startswith(mark))
    text = block if mark == "| " else " ".join(block.removeprefix(mark).split())
    return MARKS[mark], text


def rows(table: str) -> list[list[str]]:
    """Return a table's cells, row by row."""
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines()]


def pdf(name: str) -> bytes:
    """Return the text as a PDF."""
    out = io.BytesIO()
    made = SimpleDocTemplate(out, pagesize=A4, title=name, author="Jidoka samples", invariant=1)
    styles = getSampleStyleSheet()
    flow: list[Flowable] = []
    for number, parts in enumerate(pages(name)):
        flow += [PageBreak()] if number else []
        flow += [drawn for style, text in parts for drawn in (Paragraph(text, styles[style]), Spacer(1, 6))]
    made.build(flow)
    return out.getvalue()


def docx(name: str) -> bytes:
    """Return the text as a Word file."""
    made = Document()
    made.core_properties.author = "Jidoka samples"
    made.core_properties.created = made.core_properties.modified = BEGAN
    for parts in pages(name):
        for style, text in parts:
            _add(made, style, text)
    out = io.BytesIO()
    made.save(out)
    return _timeless(out.getvalue())


def _add(made: Word, style: str, text: str) -> None:
    if style == "table":
        _fill(made, rows(text))
    elif style == "BodyText":
        made.add_paragraph(text)
    else:
        made.add_heading(text, level=0 if style == "Title" else 2)


def _fill(made: Word, cells: list[list[str]]) -> None:
    table = made.add_table(rows=len(cells), cols=len(cells[0]))
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def _timeless(archive: bytes) -> bytes:
    """Return the archive with the same date on every member."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            new.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main() -> None:
    """Write the files."""
    for path, data in files().items():
        (FOLDER / path).write_bytes(data)
        sys.stdout.write(f"{path}: {len(data):,} bytes\n")


if __name__ == "__main__":
    main()
