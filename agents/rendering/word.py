"""A document for Word: its own headings, lists, tables and quotes, so that people can go on writing in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Final

from docx import Document
from docx.document import Document as Made
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.text.paragraph import Paragraph as Written

from agents.rendering import marks
from agents.rendering.columns import shares
from agents.rendering.shapes import (
    Block,
    Code,
    Heading,
    Listed,
    Paper,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Span,
    Spans,
    Table,
)
from agents.rendering.texts import absent, legible

_BODY, _FIXED = "Calibri", "Consolas"
_INK: Final = RGBColor(0x1A, 0x1A, 0x1A)
_WIDE, _HIGH = Cm(21.0), Cm(29.7)  # A4
_MARGIN: Final = Cm(2.3)
_TEXT: Final = Emu(_WIDE - 2 * _MARGIN)  # width of a line
_DEEPEST: Final = 3  # of Word's own styles for lists
_LEVELS: Final = 6  # of headings
_SIDES: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP file can say: equal documents are equal bytes


def word(paper: Paper) -> bytes:
    """Return a document as a .docx file."""
    made = Document()
    _dressed(made, legible(paper.title))
    made.add_paragraph(legible(paper.title), style="Title")
    _Writer(made, paper).add(paper.blocks)
    file = io.BytesIO()
    made.save(file)
    return _without_time(file.getvalue())


class _Writer:
    """One document being written."""

    def __init__(self, made: Made, paper: Paper) -> None:
        self._made, self._paper = made, paper

    def add(self, found: Iterable[Block], depth: int = 0, style: str = "Normal") -> None:
        """Add blocks; ``depth`` counts the lists around them."""
        for block in found:
            match block:
                case Heading(level, spans):
                    self._words(spans, f"Heading {min(level, _LEVELS)}")
                case Paragraph(spans, small):
                    self._words(spans, "Caption" if small else style)
                case Listed():
                    self._listed(block, depth + 1)
                case Quote(inside):
                    self.add(inside, depth, "Quote")
                case Code(text):
                    self._words((Span(text),), "Code")
                case Table():
                    self._table(block)
                case Rule():
                    marks.ruled(self._made.add_paragraph())
                case Picture():
                    self._picture(block)

    def _words(self, spans: Spans, style: str) -> Written:
        return _filled(self._made.add_paragraph(style=style), spans)

    def _listed(self, block: Listed, depth: int) -> None:
        """Add a list; a numbered one begins to count anew."""
        kind, level = "Bullet" if block.start is None else "Number", min(depth, _DEEPEST)
        number = (
            None
            if block.start is None
            else marks.numbering(self._made, _styled("List Number", level), block.start)
        )
        for item in block.items:
            head, rest = _head(item.blocks)
            opening = self._words(head, _styled(f"List {kind}", level))
            if number is not None:
                marks.numbered(opening, number)
            self.add(rest, depth, _styled("List Continue", level))

    def _table(self, block: Table) -> None:
        made = self._made.add_table(rows=0, cols=len(block.header), style="Table Grid")
        made.autofit = False
        widths, style = (
            [Emu(int(_TEXT * share)) for share in shares(block)],
            self._made.styles["Cell"].style_id,
        )
        for number, cells in enumerate((block.header, *block.rows)):
            row = made.add_row()
            marks.kept_whole(row, is_header=number == 0)
            for cell, spans, width, side in zip(row.cells, cells, widths, block.sides, strict=True):
                cell.width = width
                written = _filled(cell.paragraphs[0], spans, bold=number == 0)
                written._p.style, written.alignment = (
                    style,
                    _SIDES[side],
                )  # by its id: a look-up takes milliseconds
                if number == 0:
                    marks.shaded(cell)
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        marks.spaced(self._made.add_paragraph())

    def _picture(self, block: Picture) -> None:
        content = self._paper.pictures.get(block.name)
        if content is None:
            self._words(absent(block), "Normal")
            return
        shown = self._made.add_picture(io.BytesIO(content), width=_TEXT)
        marks.described(shown, block.name, block.alt)
        self._made.add_paragraph(block.alt, style="Caption")


def _head(found: tuple[Block, ...]) -> tuple[Spans, tuple[Block, ...]]:
    """Return the words an item opens with, and what follows."""
    if found and isinstance(found[0], Paragraph):
        return found[0].spans, found[1:]
    return (), found


def _styled(name: str, level: int) -> str:
    return name if level == 1 else f"{name} {level}"


def _filled(written: Written, spans: Spans, *, bold: bool = False) -> Written:
    for span in spans:
        run = written.add_run(span.text)
        run.bold, run.italic = (span.bold or bold) or None, span.italic or None
        run.font.strike = span.struck or None
        if span.code:
            run.font.name = _FIXED
    return written


def _dressed(made: Made, title: str) -> None:
    """Set the page, its footer, the properties and the looks."""
    page = made.sections[0]
    page.page_width, page.page_height = _WIDE, _HIGH
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = _MARGIN
    marks.page_numbers(page.footer.paragraphs[0])
    marks.undated(made, title[:250])
    for name, points in (
        ("Normal", 10.5),
        ("Title", 20.0),
        ("Heading 1", 15.0),
        ("Heading 2", 12.5),
        ("Heading 3", 11.0),
    ):
        marks.look(made.styles[name], _BODY, Pt(points), _INK)
    for name in ("Heading 4", "Heading 5", "Heading 6", "Quote", "Caption"):
        marks.look(made.styles[name], _BODY, Pt(10), _INK)
    marks.own_style(made, "Code", _FIXED, Pt(9))
    marks.own_style(made, "Cell", _BODY, Pt(9))


def _without_time(content: bytes) -> bytes:
    """Return the same file with the time taken off its parts."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(part, before.read(name))
    return file.getvalue()
