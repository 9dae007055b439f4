"""A document as PDF: the same parts as for Word, set on A4 with page numbers and an outline."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable, Iterator
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, HRFlowable, Image, PageTemplate, Spacer
from reportlab.platypus import Paragraph as Written
from reportlab.platypus import Table as Grid

from agents.rendering import fonts
from agents.rendering.columns import plain, shares
from agents.rendering.shapes import (
    Block,
    Code,
    Heading,
    Item,
    Listed,
    Paper,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Side,
    Span,
    Spans,
    Table,
)
from agents.rendering.texts import absent, legible

AUTHOR: Final = "Jidoka"
_MARGIN: Final = 2.1 * cm
_WIDTH, _HEIGHT = A4[0] - 2 * _MARGIN, A4[1] - 2 * _MARGIN  # of what is written on a page
_STEP: Final = 17  # points a list or quote is set in
_DEEPEST: Final = 12  # steps; deeper ones stay there
_INK, _PALE = colors.HexColor("#1A1A1A"), colors.HexColor("#C4C8CE")
_QUOTED: Final = colors.HexColor("#4A5260")
_SHADE: Final = colors.HexColor("#EDEFF2")
_HEADINGS: Final = (14.0, 11.5, 10.0)  # points by level; lower ones are like the last
_LONGEST_CELL: Final = 1_200  # characters; a table with a longer one is told row by row
_MOST_COLUMNS: Final = 9
_ALIGNED: Final = {"left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT}
_one_at_a_time: Final = threading.Lock()  # reportlab keeps its fonts for the whole process


def pdf(paper: Paper) -> bytes:
    """Return a document as a PDF file; a character the font has no shape for stands as its code, and the end says so."""
    with _one_at_a_time:
        fonts.register()
        file = io.BytesIO()
        made = _Sheets(file, legible(paper.title))
        made.build(list(_story(paper)))
        return file.getvalue()


def _story(paper: Paper) -> Iterator[Flowable]:
    told = _Teller(paper)
    yield Written(_marked((Span(legible(paper.title)),)), _style(18, fontName=fonts.BOLD, spaceAfter=10))
    yield from told.blocks(paper.blocks)
    if told.unshown:
        codes = ", ".join(f"U+{ord(one):04X}" for one in sorted(told.unshown)[:12])
        said = f"This file's font has no shape for {len(told.unshown)} characters of the text ({codes}); they stand as "
        said += "their codes. The Markdown file holds them as they are."
        yield Spacer(0, 8)
        yield Written(escape(said), _style(8, fontName=fonts.ITALIC))


class _Sheets(BaseDocTemplate):  # type: ignore[misc]  # reportlab has no types
    """The pages: one column, their number at the foot, headings in the outline."""

    def __init__(self, file: io.BytesIO, title: str) -> None:
        facts = {"title": title[:250], "author": AUTHOR, "creator": AUTHOR, "subject": ""}
        super().__init__(file, pagesize=A4, invariant=1, allowSplitting=1, lang="", **facts)
        frame = Frame(_MARGIN, _MARGIN, _WIDTH, _HEIGHT, 0, 0, 0, 0)
        self.addPageTemplates(PageTemplate(frames=[frame], onPage=_numbered))
        self._headings = 0
        self._deepest = -1

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802  reportlab's name
        """Enter a heading into the outline, at most one level below the one before."""
        if (level := getattr(flowable, "outline", 0)) == 0:
            return
        self._headings += 1
        self._deepest = min(level - 1, self._deepest + 1)
        key = f"h{self._headings}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(flowable.getPlainText(), key, self._deepest)


def _numbered(canvas: Any, _: BaseDocTemplate) -> None:  # noqa: ANN401  reportlab has no types
    canvas.setFont(fonts.FAMILY, 8)
    canvas.drawCentredString(A4[0] / 2, _MARGIN / 2, str(canvas.getPageNumber()))


class _Teller:
    """Makes what reportlab lays out from blocks, and notes which characters it could not show."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self.unshown: set[str] = set()

    def blocks(self, found: Iterable[Block], depth: int = 0, ink: colors.Color = _INK) -> Iterator[Flowable]:
        """Yield blocks, ``depth`` steps in."""
        for block in found:
            match block:
                case Heading(level, spans):
                    yield self._heading(level, spans)
                case Paragraph(spans, small):
                    face = fonts.ITALIC if small else fonts.FAMILY
                    look = _style(8 if small else 9.5, depth, fontName=face, spaceAfter=5, textColor=ink)
                    yield self._words(spans, look)
                case Listed():
                    yield from self._listed(block, depth, ink)
                    yield Spacer(0, 0 if depth else 4)
                case Quote(inside):
                    yield from self.blocks(inside, depth + 1, _QUOTED)
                case Code(text):
                    yield self._words(
                        (Span(_spaced(text)),), _style(8.5, depth, spaceAfter=6, backColor=_SHADE)
                    )
                case Table():
                    yield from self._table(block, depth)
                case Rule():
                    yield HRFlowable(width="100%", thickness=0.5, color=_PALE, spaceBefore=6, spaceAfter=6)
                case Picture():
                    yield from self._picture(block, depth)

    def _words(self, spans: Spans, style: ParagraphStyle, bullet: str | None = None) -> Written:
        self.unshown.update(fonts.unshown(plain(spans)))
        return Written(_marked(spans), style, bulletText=bullet)

    def _heading(self, level: int, spans: Spans) -> Written:
        points = _HEADINGS[min(level, len(_HEADINGS)) - 1]
        made = self._words(
            spans, _style(points, fontName=fonts.BOLD, spaceBefore=8, spaceAfter=4, keepWithNext=1)
        )
        made.outline = min(level, len(_HEADINGS))
        return made

    def _listed(self, block: Listed, depth: int, ink: colors.Color) -> Iterator[Flowable]:
        for number, item in enumerate(block.items, start=block.start or 0):
            yield from self._item(item, depth + 1, "•" if block.start is None else f"{number}.", ink)

    def _item(self, item: Item, depth: int, mark: str, ink: colors.Color) -> Iterator[Flowable]:
        head, *rest = item.blocks or (Paragraph(()),)
        if not isinstance(head, Paragraph):
            head, rest = Paragraph(()), list(item.blocks)
        yield self._words(head.spans, _style(9.5, depth, spaceAfter=3, textColor=ink), mark)
        yield from self.blocks(rest, depth, ink)

    def _table(self, block: Table, depth: int) -> Iterator[Flowable]:
        cells = (plain(cell) for row in (block.header, *block.rows) for cell in row)
        if len(block.header) > _MOST_COLUMNS or max(map(len, cells), default=0) > _LONGEST_CELL:
            yield from self.blocks(_row_by_row(block), depth)
            return
        room = _WIDTH - _indent(depth)
        widths = [room * share for share in shares(block)]
        points = 8.5 if len(widths) <= 4 else 7.5
        rows = [
            [
                self._cell(cell, points, side, is_head=n == 0)
                for cell, side in zip(row, block.sides, strict=True)
            ]
            for n, row in enumerate((block.header, *block.rows))
        ]
        lines = [
            ("GRID", (0, 0), (-1, -1), 0.5, _PALE), ("BACKGROUND", (0, 0), (-1, 0), _SHADE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 4), ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ]  # fmt: skip
        yield Grid(rows, widths, repeatRows=1, style=lines, hAlign="RIGHT", spaceBefore=4, spaceAfter=8)

    def _cell(self, spans: Spans, points: float, side: Side, *, is_head: bool) -> Written:
        face = fonts.BOLD if is_head else fonts.FAMILY
        return self._words(spans, _style(points, fontName=face, alignment=_ALIGNED[side]))

    def _picture(self, block: Picture, depth: int) -> Iterator[Flowable]:
        content = self._paper.pictures.get(block.name)
        if content is None:
            yield self._words(absent(block), _style(9.5, depth, spaceAfter=5))
            return
        shown = Image(io.BytesIO(content))
        wide = _WIDTH - _indent(depth)
        yield Image(io.BytesIO(content), wide, wide * shown.imageHeight / shown.imageWidth, hAlign="RIGHT")
        yield self._words((Span(block.alt),), _style(8, depth, fontName=fonts.ITALIC, spaceAfter=8))


def _row_by_row(block: Table) -> Iterator[Block]:
    """Yield a table that fits no page as lists: each row under its first cell, each cell behind its column's name."""
    for first, *rest in block.rows:
        yield Paragraph(tuple(Span(span.text, bold=True) for span in first))
        named = zip(block.header[1:], rest, strict=True)
        yield Listed(tuple(Item((Paragraph((*head, Span(": "), *cell)),)) for head, cell in named if cell))


def _style(points: float, depth: int = 0, **looks: Any) -> ParagraphStyle:  # noqa: ANN401  reportlab's own words
    """Return how words look: their size, how many steps they are set in, and reportlab's words for the rest."""
    indent = _indent(depth)
    usual: dict[str, Any] = {
        "fontName": fonts.FAMILY, "fontSize": points, "leading": points * 1.4, "textColor": _INK, "leftIndent": indent,
        "bulletIndent": max(indent - _STEP + 2, 0), "bulletFontName": fonts.FAMILY, "bulletFontSize": points,
        "splitLongWords": 1,
    }  # fmt: skip
    return ParagraphStyle("words", **{**usual, **looks})


def _indent(depth: int) -> float:
    return min(depth, _DEEPEST) * _STEP


def _marked(spans: Spans) -> str:
    """Return words in reportlab's own markup."""
    return "".join(_look(span) for span in spans)


def _look(span: Span) -> str:
    words = escape(fonts.shown(span.text)).replace("\n", "<br/>")
    for is_so, tag in ((span.bold, "b"), (span.italic, "i"), (span.struck, "strike")):
        words = f"<{tag}>{words}</{tag}>" if is_so else words
    return f'<font backColor="#EDEFF2">{words}</font>' if span.code else words


def _spaced(text: str) -> str:
    """Return code whose spaces stay, yet whose lines can be broken."""
    return text.replace("  ", "\u00a0 ").replace("\n ", "\n\u00a0")
