"""The picture of the weekly brief: what people accepted and sent back, and how long decisions took.

Pillow is loaded when the first picture is drawn, and drawing belongs into a thread: ``drawn`` does both.
"""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.messages import figures
from storage.outcomes.figures import Figures, Period

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

WIDTH: Final = 1_200  # pixels
HEIGHT: Final = 675
MOST_WEEKS: Final = 8  # the newest ones are shown
COLOURS: Final = 64  # of the file: few enough to be small, enough for soft edges
# Okabe and Ito's colours: told apart with every kind of colour vision, and by their lightness alone.
_FIRST, _REWORKED, _BACK, _TIME = "#0072B2", "#7CC4EE", "#D55E00", "#333333"
_INK, _PALE, _PAPER = "#1A1A1A", "#D9D9D9", "#FFFFFF"
_FINE: Final = 2  # drawn so many times as large, then made smaller: soft edges
_LEFT, _RIGHT = 40, 1_160
_BARS: Final = (150, 372)  # top and bottom of the bars, numbers above them included
_LINE: Final = (505, 590)  # of the line
_WORDS, _NUMBERS = 32, 36  # pixels; on a phone the picture is about a third as wide
_ROOM: Final = 44  # above a bar or a dot, for its number


async def drawn(given: Figures) -> bytes:
    """Return the picture, drawn in a thread of its own."""
    return await asyncio.to_thread(weekly, given)


def weekly(given: Figures) -> bytes:
    """Return a PNG of 1200 × 675 pixels; the same figures give the same bytes."""
    from PIL import Image, ImageDraw

    whole = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), _PAPER)
    _Picture(ImageDraw.Draw(whole), given.weeks[-MOST_WEEKS:]).draw()
    small = whole.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def alt(given: Figures) -> str:
    """Return what the picture shows, in words."""
    weeks = given.weeks[-MOST_WEEKS:]
    accepted = ", ".join(f"{week.accepted} ({week.first_pass} at the first pass)" for week in weeks)
    back = ", ".join(str(week.rounds) for week in weeks)
    took = ", ".join(_lasted(week.wall) if week.wall is not None else "no decisions" for week in weeks)
    return (
        f"Weeks that end on {', '.join(map(_day, weeks))}. Accepted results: {accepted}. Sent back or reopened: {back}. "
        f"Half of the decisions took no longer than: {took}."
    )


class _Picture:
    """One picture under way, in pixels of the finished one."""

    def __init__(self, canvas: ImageDraw, weeks: tuple[Period, ...]) -> None:
        self._canvas, self._weeks = canvas, weeks
        self._column = (_RIGHT - _LEFT) / max(len(weeks), 1)
        most = max([2, *(max(week.accepted, week.rounds) for week in weeks)])
        self._unit = (_BARS[1] - _BARS[0] - _ROOM) / most  # pixels a result

    def draw(self) -> None:
        """Draw all of it."""
        self._words(_LEFT, 20, "Results that people accepted, and what they sent back", _NUMBERS, bold=True)
        self._legend()
        for number, week in enumerate(self._weeks):
            self._bars(number, week)
            self._centred(self._middle(number), 382, _day(week), _WORDS)
        self._flat(_LEFT, _BARS[1], _RIGHT, _BARS[1] + 2, _INK)
        self._words(_LEFT, 432, "Half of the decisions took no longer than", _NUMBERS, bold=True)
        self._times()

    def _legend(self) -> None:
        at = _LEFT
        for colour, hatched, said in (
            (_FIRST, False, "at first pass"), (_REWORKED, False, "after rework"), (_PALE, True, "may be reopened"),
            (_BACK, False, "sent back"),
        ):  # fmt: skip
            self._flat(at, 82, at + 30, 112, colour)
            if hatched:
                self._hatch(at, 82, at + 30, 112, _INK)
            self._words(at + 40, 76, said, _WORDS)
            at += 40 + round(self._font(_WORDS).getlength(said) / _FINE) + 44

    def _middle(self, number: int) -> float:
        return _LEFT + self._column * (number + 0.5)

    def _bars(self, number: int, week: Period) -> None:
        middle, wide = self._middle(number), min(self._column * 0.3, 80)
        floor = _BARS[1]
        first, top = floor - week.first_pass * self._unit, floor - week.accepted * self._unit
        self._flat(middle - wide - 4, first, middle - 4, floor, _FIRST)
        self._flat(middle - wide - 4, top, middle - 4, first, _REWORKED)
        self._hatch(middle - wide - 4, top, middle - 4, top + week.provisional * self._unit, _PAPER)
        self._centred(middle - wide / 2 - 4, top - _ROOM, str(week.accepted), _NUMBERS)
        back = floor - week.rounds * self._unit
        self._flat(middle + 4, back, middle + wide + 4, floor, _BACK)
        self._centred(
            middle + wide / 2 + 4, back - _ROOM, str(week.rounds), _NUMBERS, _BACK if week.rounds else _INK
        )

    def _times(self) -> None:
        longest = max([week.wall for week in self._weeks if week.wall is not None], default=timedelta())
        before: tuple[float, float] | None = None
        for number, week in enumerate(self._weeks):
            at = None if week.wall is None else (self._middle(number), self._height(week.wall, longest))
            if at and before:
                self._stroke(*before, *at)
            before = at
        for number, week in enumerate(self._weeks):
            self._dot(self._middle(number), week.wall, longest)

    def _height(self, lasted: timedelta, longest: timedelta) -> float:
        top, floor = _LINE[0] + _ROOM, _LINE[1] + _ROOM
        return floor - (floor - top) * (lasted / longest if longest else 0)

    def _dot(self, x: float, lasted: timedelta | None, longest: timedelta) -> None:
        if lasted is None:
            self._centred(x, _LINE[1], "none", _NUMBERS)
            return
        y = self._height(lasted, longest)
        self._canvas.ellipse(_fine(x - 9, y - 9, x + 9, y + 9), fill=_TIME)
        self._centred(x, y - _ROOM - 10, _lasted(lasted), _NUMBERS)

    def _flat(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        if bottom - top >= 1:
            self._canvas.rectangle(_fine(left, top, right, bottom), fill=colour)

    def _hatch(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """Draw lines across what may still change: a texture is seen without any colour."""
        for y in range(round(top) + 5, round(bottom), 10):
            self._canvas.line(_fine(left, y, right, y), fill=colour, width=2 * _FINE)

    def _stroke(self, from_x: float, from_y: float, to_x: float, to_y: float) -> None:
        self._canvas.line(_fine(from_x, from_y, to_x, to_y), fill=_TIME, width=4 * _FINE)

    def _centred(self, x: float, y: float, said: str, size: int, colour: str = _INK) -> None:
        self._words(x - self._font(size).getlength(said) / _FINE / 2, y, said, size, colour)

    def _words(
        self, x: float, y: float, said: str, size: int, colour: str = _INK, *, bold: bool = False
    ) -> None:
        """Write words; where a line passes behind them it makes room."""
        at, font = (x * _FINE, y * _FINE), self._font(size)
        self._canvas.text(at, said, _PAPER, font, stroke_width=4 * _FINE, stroke_fill=_PAPER)
        self._canvas.text(at, said, colour, font, stroke_width=_FINE // 2 * bold)

    @staticmethod
    def _font(size: int) -> FreeTypeFont | ImageFont:
        from PIL import ImageFont

        return ImageFont.load_default(size * _FINE)


def _fine(*pixels: float) -> list[float]:
    return [pixel * _FINE for pixel in pixels]


def _day(week: Period) -> str:
    return f"{week.until.day} {week.until:%b}"


def _lasted(lasted: timedelta) -> str:
    """Return such as ``42 min``, ``3.5 h`` or ``2.1 days``: short enough for a column."""
    hours = lasted / timedelta(hours=1)
    if hours < 1:
        return figures.duration(lasted)
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days"
