"""Pages of a PDF that are pictures: what a scanner makes."""

from __future__ import annotations

from typing import Final

from PIL import Image
from pypdf import PageObject
from pypdf.errors import PyPdfError

from agents.tools.parsing import pictures
from agents.tools.parsing.spans import Sheet

_FAULTS: Final = (  # of what unpacks pictures
    PyPdfError,
    OSError,
    ValueError,
    KeyError,
    NotImplementedError,
    ImportError,
    TypeError,
    AttributeError,
    Image.DecompressionBombError,
)


def add(sheet: Sheet, label: str, page: PageObject) -> None:
    """Keep the largest picture of a page; an empty page has none, and one that cannot be unpacked is named."""
    try:
        name, pixels = _largest(page)
        if pixels > sheet.limits.pixels or (pixels and not sheet.has_room):
            sheet.leave(label)
        elif pixels:
            _add(sheet, label, page, name)
    except _FAULTS:
        sheet.leave(label)


def _largest(page: PageObject) -> tuple[str, int]:
    """Return the name of the largest picture of a page and how many pixels it claims; 0 when there is none."""
    sizes = [(name, _pixels(page, name)) for name in page.images.keys() if isinstance(name, str)]  # noqa: SIM118  to go through it unpacks them
    return max(sizes, key=lambda one: one[1], default=("", 0))


def _pixels(page: PageObject, name: str) -> int:
    found = page["/Resources"]["/XObject"][name]  # type: ignore[index]
    return int(found["/Width"]) * int(found["/Height"])


def _add(sheet: Sheet, label: str, page: PageObject, name: str) -> None:
    scan = page.images[name].image
    if scan is None or scan.width * scan.height > sheet.limits.pixels:
        sheet.leave(label)
    else:
        sheet.add_picture(pictures.small(_turned(scan, page), label))


def _turned(scan: Image.Image, page: PageObject) -> Image.Image:
    """Return the picture as the page is looked at."""
    return scan.rotate(-page.rotation, expand=True) if page.rotation % 360 else scan
