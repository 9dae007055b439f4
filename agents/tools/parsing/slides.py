"""PowerPoint presentations, slide by slide: text, tables and charts in reading order, then the notes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from pptx import Presentation
from pptx.shapes.base import BaseShape
from pptx.shapes.group import GroupShape
from pptx.shapes.picture import Picture
from pptx.shapes.placeholder import PlaceholderPicture
from pptx.slide import Slide

from agents.errors import UnreadableError
from agents.tools.parsing import pictures
from agents.tools.parsing.spans import Sheet
from agents.tools.parsing.tables import lines

_HIDDEN: Final = "0"  # what a slide's `show` says when it is left out of the show
_DEEPEST: Final = 20  # groups within groups


def read(sheet: Sheet, content: bytes) -> None:
    """Add every slide: its words as "slide 3", then "slide 3, table 1, row 2", "slide 3, chart 1, row 2", "slide 3, notes".

    A hidden slide is read too, and its label says so. Pictures are kept, each once.

    Raises:
        UnreadableError: It is a show or a template, or has too many slides.
    """
    try:
        slides = Presentation(io.BytesIO(content)).slides
    except ValueError as other:
        raise UnreadableError(
            f"{sheet.name!r} is a slide show or a template. Save it as .pptx and send that."
        ) from other
    _check_slides(sheet, len(slides))
    known: set[str] = set()
    for number, slide in enumerate(slides, start=1):
        hidden = " (hidden)" if slide.element.get("show") == _HIDDEN else ""
        _add(sheet, f"slide {number}{hidden}", slide)
        _add_pictures(sheet, f"slide {number}{hidden}", slide, known)


def _check_slides(sheet: Sheet, slides: int) -> None:
    if slides > sheet.limits.pages:
        most = sheet.limits.pages
        raise UnreadableError(
            f"{sheet.name!r} has {slides:,} slides; at most {most} are read. Send the slides that matter."
        )


def _add(sheet: Sheet, label: str, slide: Slide) -> None:
    shapes = list(_shapes(slide.shapes))
    sheet.add(label, "\n".join(filter(None, map(_words, shapes))), gap="\n\n")
    for number, shape in enumerate((one for one in shapes if one.has_table), start=1):
        _add_rows(sheet, f"{label}, table {number}", _cells(shape))
    for number, shape in enumerate((one for one in shapes if one.has_chart), start=1):
        _add_rows(sheet, f"{label}, chart {number}", _values(shape))
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    sheet.add(f"{label}, notes", _plain(notes.text) if notes is not None else "", gap="\n\n")


def _add_pictures(sheet: Sheet, label: str, slide: Slide, known: set[str]) -> None:
    """Keep the pictures of a slide, "slide 3, picture 1"; one that was there before, such as a logo, is known."""
    number = 0
    for shape in _shapes(slide.shapes):
        if (image := _image(shape)) is None or image.sha1 in known:
            continue
        number += 1
        known.add(image.sha1)
        pictures.add(sheet, f"{label}, picture {number}", image.blob)


def _image(shape: BaseShape) -> Any:  # noqa: ANN401  python-pptx's picture, or nothing
    try:
        return shape.image if isinstance(shape, Picture | PlaceholderPicture) else None
    except (ValueError, KeyError, AttributeError):  # it only leads to a picture elsewhere
        return None


def _shapes(shapes: Iterable[BaseShape], depth: int = 0) -> Iterator[BaseShape]:
    """Yield shapes, those inside of groups included, in the order in which they are drawn."""
    for shape in shapes:
        if not isinstance(shape, GroupShape):
            yield shape
        elif depth < _DEEPEST:
            yield from _shapes(shape.shapes, depth + 1)


def _words(shape: Any) -> str:  # noqa: ANN401  each kind of shape is another class; what it has, it says
    return _plain(shape.text_frame.text) if shape.has_text_frame else ""


def _plain(text: str) -> str:
    lines_ = (" ".join(line.split()) for line in text.replace("\v", "\n").splitlines())
    return "\n".join(filter(None, lines_))


def _cells(shape: Any) -> Iterator[Sequence[str]]:  # noqa: ANN401
    for row in shape.table.rows:
        yield ["" if cell.is_spanned else cell.text_frame.text for cell in row.cells]


def _values(shape: Any) -> Iterator[Sequence[str]]:  # noqa: ANN401
    """Yield a chart's figures as a table: its title or "category" and the names of the series, then a row a category."""
    chart = shape.chart
    title = chart.chart_title.text_frame.text if chart.has_title and chart.chart_title.has_text_frame else ""
    for plot in chart.plots:
        series = list(plot.series)
        yield [title.strip() or "category", *(one.name for one in series)]
        columns = [list(one.values) for one in series]
        for place, category in enumerate(plot.categories):
            yield [str(category), *(_figure(column, place) for column in columns)]


def _figure(column: Sequence[float | None], place: int) -> str:
    value = column[place] if place < len(column) else None
    return "" if value is None else f"{value:.15g}"


def _add_rows(sheet: Sheet, label: str, rows: Iterable[Sequence[str]]) -> None:
    for number, line in lines(rows):
        sheet.add(f"{label}, row {number}", line, gap="\n\n" if number == 1 else "\n")
