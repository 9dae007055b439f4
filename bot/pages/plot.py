"""The picture of the weekly brief: what people accepted and sent back, and how long decisions took.

Drawing belongs into a thread: ``drawn`` does that.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from agents.rendering.canvas import INK, PALE, PAPER, Canvas
from bot.messages import figures
from storage.outcomes.figures import Figures, Period

WIDTH: Final = 1_200  # pixels
HEIGHT: Final = 675
MOST_WEEKS: Final = 8  # the newest ones are shown
# Okabe and Ito's colours: told apart with every kind of colour vision, and by their lightness alone.
_FIRST, _REWORKED, _BACK, _TIME = "#0072B2", "#7CC4EE", "#D55E00", "#333333"
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
    canvas = Canvas(WIDTH, HEIGHT)
    _Picture(canvas, given.weeks[-MOST_WEEKS:]).draw()
    return canvas.png()


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

    def __init__(self, canvas: Canvas, weeks: tuple[Period, ...]) -> None:
        self._canvas, self._weeks = canvas, weeks
        self._column = (_RIGHT - _LEFT) / max(len(weeks), 1)
        most = max([2, *(max(week.accepted, week.rounds) for week in weeks)])
        self._unit = (_BARS[1] - _BARS[0] - _ROOM) / most  # pixels a result

    def draw(self) -> None:
        """Draw all of it."""
        self._canvas.words(_LEFT, 20, "Results that people accepted, and what they sent back", _NUMBERS, bold=True)
        self._legend()
        for number, week in enumerate(self._weeks):
            self._bars(number, week)
            self._canvas.centred(self._middle(number), 382, _day(week), _WORDS)
        self._canvas.flat(_LEFT, _BARS[1], _RIGHT, _BARS[1] + 2, INK)
        self._canvas.words(_LEFT, 432, "Half of the decisions took no longer than", _NUMBERS, bold=True)
        self._times()

    def _legend(self) -> None:
        at = _LEFT
        for colour, hatched, said in (
            (_FIRST, False, "at first pass"), (_REWORKED, False, "after rework"), (PALE, True, "may be reopened"),
            (_BACK, False, "sent back"),
        ):  # fmt: skip
            self._canvas.flat(at, 82, at + 30, 112, colour)
            if hatched:
                self._canvas.hatch(at, 82, at + 30, 112, INK)
            self._canvas.words(at + 40, 76, said, _WORDS)
            at += 40 + round(self._canvas.length(said, _WORDS)) + 44

    def _middle(self, number: int) -> float:
        return _LEFT + self._column * (number + 0.5)

    def _bars(self, number: int, week: Period) -> None:
        middle, wide = self._middle(number), min(self._column * 0.3, 80)
        floor = _BARS[1]
        first, top = floor - week.first_pass * self._unit, floor - week.accepted * self._unit
        self._canvas.flat(middle - wide - 4, first, middle - 4, floor, _FIRST)
        self._canvas.flat(middle - wide - 4, top, middle - 4, first, _REWORKED)
        self._canvas.hatch(middle - wide - 4, top, middle - 4, top + week.provisional * self._unit, PAPER)
        self._canvas.centred(middle - wide / 2 - 4, top - _ROOM, str(week.accepted), _NUMBERS)
        back = floor - week.rounds * self._unit
        self._canvas.flat(middle + 4, back, middle + wide + 4, floor, _BACK)
        self._canvas.centred(
            middle + wide / 2 + 4, back - _ROOM, str(week.rounds), _NUMBERS, _BACK if week.rounds else INK
        )

    def _times(self) -> None:
        longest = max([week.wall for week in self._weeks if week.wall is not None], default=timedelta())
        before: tuple[float, float] | None = None
        for number, week in enumerate(self._weeks):
            at = None if week.wall is None else (self._middle(number), self._height(week.wall, longest))
            if at and before:
                self._canvas.stroke(*before, *at, _TIME)
            before = at
        for number, week in enumerate(self._weeks):
            self._dot(self._middle(number), week.wall, longest)

    def _height(self, lasted: timedelta, longest: timedelta) -> float:
        top, floor = _LINE[0] + _ROOM, _LINE[1] + _ROOM
        return floor - (floor - top) * (lasted / longest if longest else 0)

    def _dot(self, x: float, lasted: timedelta | None, longest: timedelta) -> None:
        if lasted is None:
            self._canvas.centred(x, _LINE[1], "none", _NUMBERS)
            return
        y = self._height(lasted, longest)
        self._canvas.dot(x, y, _TIME)
        self._canvas.centred(x, y - _ROOM - 10, _lasted(lasted), _NUMBERS)


def _day(week: Period) -> str:
    return f"{week.until.day} {week.until:%b}"


def _lasted(lasted: timedelta) -> str:
    """Return such as ``42 min``, ``3.5 h`` or ``2.1 days``: short enough for a column."""
    hours = lasted / timedelta(hours=1)
    if hours < 1:
        return figures.duration(lasted)
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days"
