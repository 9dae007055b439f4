"""A sheet to draw on: the few strokes our pictures are made of, in pixels of the finished picture.

Pillow is loaded when the first sheet is opened. Drawing is work for the processor: do it in a thread.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont, ImageFont

COLOURS: Final = 64  # of the file: few enough to be small, enough for soft edges
INK, PALE, PAPER = "#1A1A1A", "#D9D9D9", "#FFFFFF"
_FINE: Final = 2  # drawn so many times as large, then made smaller: soft edges


class Canvas:
    """One picture under way.

    Args:
        width: In pixels, as the height.
        height: See width.
        face: A TrueType font; none: Pillow's own, which has English letters and no more.
    """

    def __init__(self, width: int, height: int, face: bytes | None = None) -> None:
        from PIL import Image, ImageDraw

        self.width, self.height, self._face = width, height, face
        self._whole = Image.new("RGB", (width * _FINE, height * _FINE), PAPER)
        self._canvas = ImageDraw.Draw(self._whole)
        self._fonts: dict[int, FreeTypeFont | ImageFont] = {}

    def png(self) -> bytes:
        """Return the picture; the same strokes give the same bytes."""
        from PIL import Image

        small = self._whole.resize((self.width, self.height), Image.Resampling.LANCZOS)
        file = io.BytesIO()
        small.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        return file.getvalue()

    def flat(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """Fill a rectangle; one lower than a pixel is left out."""
        if bottom - top >= 1:
            self._canvas.rectangle(_fine(left, top, right, bottom), fill=colour)

    def hatch(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """Draw lines across a rectangle: a texture is seen without any colour."""
        for y in range(round(top) + 5, round(bottom), 10):
            self._canvas.line(_fine(left, y, right, y), fill=colour, width=2 * _FINE)

    def stroke(
        self, from_x: float, from_y: float, to_x: float, to_y: float, colour: str, width: int = 4
    ) -> None:
        """Draw a straight line."""
        self._canvas.line(_fine(from_x, from_y, to_x, to_y), fill=colour, width=width * _FINE)

    def dot(self, x: float, y: float, colour: str, reach: float = 9) -> None:
        """Draw a filled circle around a place."""
        self._canvas.ellipse(_fine(x - reach, y - reach, x + reach, y + reach), fill=colour)

    def words(
        self, x: float, y: float, said: str, size: int, colour: str = INK, *, bold: bool = False
    ) -> None:
        """Write words from a corner on; where a line passes behind them it makes room."""
        at, font = (x * _FINE, y * _FINE), self._font(size)
        self._canvas.text(at, said, PAPER, font, stroke_width=4 * _FINE, stroke_fill=PAPER)
        self._canvas.text(at, said, colour, font, stroke_width=_FINE // 2 * bold)

    def centred(self, x: float, y: float, said: str, size: int, colour: str = INK) -> None:
        """Write words around a middle."""
        self.words(x - self.length(said, size) / 2, y, said, size, colour)

    def length(self, said: str, size: int) -> float:
        """Return how wide words are."""
        return self._font(size).getlength(said) / _FINE

    def _font(self, size: int) -> FreeTypeFont | ImageFont:
        if size not in self._fonts:
            self._fonts[size] = self._opened(size * _FINE)
        return self._fonts[size]

    def _opened(self, size: int) -> FreeTypeFont | ImageFont:
        from PIL import ImageFont

        if self._face is None:
            return ImageFont.load_default(size)
        # Not every build of Pillow has the other engine, and pictures are the same everywhere.
        return ImageFont.truetype(io.BytesIO(self._face), size, layout_engine=ImageFont.Layout.BASIC)


def _fine(*pixels: float) -> list[float]:
    return [pixel * _FINE for pixel in pixels]
