"""Files for the tests, made in memory: PDF, Word, Excel, PowerPoint, pictures, archives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from docx import Document
from openpyxl import Workbook
from PIL import Image, ImageDraw
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches
from reportlab.lib.utils import ImageReader
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


def slides(*texts: str, notes: str = "", table: Sequence[Sequence[str]] = ()) -> bytes:
    """Return a presentation with one line a slide; notes and a table are the last slide's, which is hidden then."""
    deck = Presentation()
    for text in texts:
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = text
    if table:
        size = (Inches(1), Inches(2), Inches(4), Inches(1))
        grid = slide.shapes.add_table(len(table), len(table[0]), *size).table
        for row, cells in enumerate(table):
            for column, text in enumerate(cells):
                grid.cell(row, column).text = text
    if notes:
        slide.notes_slide.notes_text_frame.text = notes
        slide.element.set("show", "0")
    return _saved(deck)


def chart(categories: Sequence[str], **series: Sequence[float | None]) -> bytes:
    """Return a presentation of one slide with a chart of these series by name."""
    deck, data = Presentation(), CategoryChartData()
    data.categories = categories
    for name, values in series.items():
        data.add_series(name, values)
    place = (Inches(1), Inches(1), Inches(4), Inches(3))
    deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data)
    return _saved(deck)


def picture(form: str = "PNG", size: tuple[int, int] = (320, 200), mode: str = "RGB", **saved: object) -> bytes:
    """Return a picture with a dark square on white."""
    image = Image.new(mode, size, "white")
    ImageDraw.Draw(image).rectangle((10, 10, 100, 100), fill="black")
    held = io.BytesIO()
    image.save(held, form, **saved)
    return held.getvalue()


def scanned_pdf(pages: int, *, text: str = "") -> bytes:
    """Return a PDF of pages that are pictures, before them one with a line of text where there is some."""
    held = io.BytesIO()
    canvas = Canvas(held)
    if text:
        canvas.drawString(72, 700, text)
        canvas.showPage()
    for number in range(pages):
        canvas.drawImage(ImageReader(io.BytesIO(picture(size=(300 + number, 200)))), 0, 0, 600, 800)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def illustrated_slides(*pictures: bytes) -> bytes:
    """Return a presentation with a title and these pictures on its second slide of three."""
    deck = Presentation()
    for number in range(1, 4):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = f"Slide {number}."
        for content in pictures if number == 2 else ():
            slide.shapes.add_picture(io.BytesIO(content), Inches(1), Inches(1))
    return _saved(deck)


def illustrated_word(*pictures: bytes) -> bytes:
    """Return a Word document: a picture, two paragraphs, the other pictures, a table, a paragraph."""
    document = Document()
    for place, content in enumerate(pictures):
        document.add_picture(io.BytesIO(content))
        if not place:
            document.add_paragraph("First.")
            document.add_paragraph("Second.")
    document.add_table(rows=1, cols=2).rows[0].cells[1].text = "Cell"
    document.add_paragraph("Third.")
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _saved(deck: Presentation) -> bytes:
    held = io.BytesIO()
    deck.save(held)
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
