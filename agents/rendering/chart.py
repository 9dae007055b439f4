"""A chart: its numbers, what they are called, and the picture of them.

The numbers are the chart; the picture is drawn from them whenever it is needed, with equal bytes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from agents.rendering import fonts
from agents.rendering.canvas import INK, PALE, PAPER, Canvas
from agents.rendering.texts import legible

WIDTH, HEIGHT = 1_200, 675  # pixels
# Okabe and Ito's colours: told apart with every kind of colour vision; every second one is hatched besides.
_COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#8C5A9E")
_LEFT, _RIGHT, _TOP, _FLOOR = 150, 1_170, 160, 580  # of the area the values are drawn in
_TITLE, _WORDS, _SMALL, _LEAST = 36, 26, 22, 15  # pixels of letters
_STEPS: Final = 5  # lines across, at most
_ROOM: Final = 34  # above a bar or a dot, for its number


class Series(BaseModel):
    """One row of numbers; None where nothing was found."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=40)
    values: tuple[Decimal | None, ...] = Field(min_length=1, max_length=12)


class Chart(BaseModel):
    """The numbers of a chart and where they come from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, max_length=80)
    kind: Literal["bar", "line"]
    unit: str = Field(default="", max_length=24)
    labels: tuple[str, ...] = Field(min_length=1, max_length=12)
    series: tuple[Series, ...] = Field(min_length=1, max_length=4)
    findings: tuple[str, ...] = Field(min_length=1, max_length=24)

    @property
    def name(self) -> str:
        """Return its file name, such as ``chart-price-by-maker-3f9a12.png``: equal charts have the same, others never."""
        plain = unicodedata.normalize("NFKD", self.title).encode("ascii", "ignore").decode().lower()
        words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "numbers"
        return f"chart-{words}-{hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:6]}.png"

    @property
    def reference(self) -> str:
        """Return the line that shows it in a Markdown text."""
        return f"![{self.title}]({self.name})"

    def rows(self) -> list[list[str]]:
        """Return it as a table: a header, then a row for each label."""
        header = ["", *(one.name for one in self.series)]
        told = [
            [label, *(shown(one.values[at]) for one in self.series)] for at, label in enumerate(self.labels)
        ]
        return [header, *told]

    def markdown(self) -> str:
        """Return its numbers as a Markdown table."""
        header, *rows = [[cell.replace("|", "/") for cell in row] for row in self.rows()]
        lines = [header, ["---", *["--:"] * len(self.series)], *rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def alt(self) -> str:
        """Return what it shows, in words: the title and every number."""
        told = [f"{one.name}: {_listed(self.labels, one.values)}" for one in self.series]
        return f"{self.title}{f', in {self.unit}' if self.unit else ''}. {'. '.join(told)}."


def shown(value: Decimal | None) -> str:
    """Return a number as people read it, such as ``1,299.5``; a missing one says so."""
    return "not found" if value is None else f"{value:,f}"


def drawn(chart: Chart) -> bytes:
    """Return the picture: a PNG of 1200 × 675 pixels."""
    canvas = Canvas(WIDTH, HEIGHT, fonts.face())
    _Picture(canvas, chart).draw()
    return canvas.png()


def _listed(labels: tuple[str, ...], values: tuple[Decimal | None, ...]) -> str:
    return ", ".join(f"{label} {shown(value)}" for label, value in zip(labels, values, strict=True))


class _Picture:
    """One picture under way."""

    def __init__(self, canvas: Canvas, chart: Chart) -> None:
        self._canvas, self._chart = canvas, chart
        found = [float(value) for one in chart.series for value in one.values if value is not None]
        self._ticks = _ticks(min([0.0, *found]), max([0.0, *found]))
        self._column = (_RIGHT - _LEFT) / len(chart.labels)

    def draw(self) -> None:
        """Draw all of it."""
        title = _line(self._chart.title)
        self._canvas.words(40, 22, title, _fitting(self._canvas, title, 1_120, _TITLE), bold=True)
        if self._chart.unit:
            self._canvas.words(40, 74, f"in {_line(self._chart.unit)}", _SMALL)
        self._legend()
        self._scale()
        for number, label in enumerate(self._chart.labels):
            self._label(number, label)
        (self._bars if self._chart.kind == "bar" else self._lines)()

    def _legend(self) -> None:
        if len(self._chart.series) < 2:
            return
        names = [_line(one.name) for one in self._chart.series]
        room = (1_120 - 60 * len(names)) / len(names)
        size = min(_fitting(self._canvas, name, room, _SMALL) for name in names)
        at = 40.0
        for number, name in enumerate(names):
            self._canvas.flat(at, 116, at + 26, 142, _COLOURS[number])
            if number % 2:
                self._canvas.hatch(at, 116, at + 26, 142, PAPER)
            self._canvas.words(at + 36, 114, name, size)
            at += 36 + self._canvas.length(name, size) + 34

    def _scale(self) -> None:
        for tick in self._ticks:
            y = self._y(float(tick))
            self._canvas.flat(_LEFT, y - 1, _RIGHT, y + 1, INK if not tick else PALE)
            said = shown(tick)
            size = _fitting(self._canvas, said, _LEFT - 40, _SMALL)
            self._canvas.words(_LEFT - 14 - self._canvas.length(said, size), y - size * 0.6, said, size)

    def _label(self, number: int, label: str) -> None:
        said = _line(label)
        room = self._column - 8
        size = max(_fitting(self._canvas, said, room, _WORDS), _LEAST)
        for line, words in enumerate(_wrapped(self._canvas, said, size, room)):
            self._canvas.centred(self._middle(number), _FLOOR + 14 + line * size * 1.25, words, size)

    def _bars(self) -> None:
        count = len(self._chart.series)
        wide = min(self._column * 0.8 / count, 120)
        floor = self._y(0)
        for at, one in enumerate(self._chart.series):
            for number, value in enumerate(one.values):
                left = self._middle(number) + (at - count / 2) * wide + 2
                if value is None:
                    self._value(left + wide / 2 - 2, floor, "–", wide)
                    continue
                ends = sorted((self._y(float(value)), floor))
                self._canvas.flat(left, ends[0], left + wide - 4, ends[1], _COLOURS[at])
                if at % 2:
                    self._canvas.hatch(left, ends[0], left + wide - 4, ends[1], PAPER)
                self._value(
                    left + wide / 2 - 2, ends[0], shown(value), max(wide, self._column * 0.95 / count)
                )

    def _lines(self) -> None:
        for at, one in enumerate(self._chart.series):
            places = [
                None if value is None else (self._middle(number), self._y(float(value)))
                for number, value in enumerate(one.values)
            ]
            for before, after in pairwise(places):
                if before and after:
                    self._canvas.stroke(*before, *after, _COLOURS[at])
            for place, value in zip(places, one.values, strict=True):
                if place:
                    self._canvas.dot(*place, _COLOURS[at], 7 + 2 * (at % 2))
                    self._value(place[0], place[1] - 8, shown(value), self._column)

    def _value(self, middle: float, bottom: float, said: str, room: float) -> None:
        """Write a number where there is room; the scale says it anyway."""
        size = _fitting(self._canvas, said, room - 4, _SMALL)
        if size >= _LEAST:
            self._canvas.centred(middle, bottom - size * 1.35, said, size)

    def _middle(self, number: int) -> float:
        return _LEFT + self._column * (number + 0.5)

    def _y(self, value: float) -> float:
        low, high = float(self._ticks[0]), float(self._ticks[-1])
        return _FLOOR - (value - low) / (high - low) * (_FLOOR - _TOP - _ROOM)


def _line(words: str) -> str:
    """Return words on one line, as the font can show them."""
    return fonts.shown(" ".join(legible(words).split()))


def _ticks(low: float, high: float) -> list[Decimal]:
    """Return round numbers that hold all values, zero among them."""
    reach = Decimal(str(high)) - Decimal(str(low)) or Decimal(1)
    power = Decimal(10) ** (reach / _STEPS).adjusted()
    step = next(power * one for one in (1, 2, 5, 10) if power * one * _STEPS >= reach)
    first, last = (
        int((Decimal(str(low)) / step).to_integral_value("ROUND_FLOOR")),
        _ceiling(Decimal(str(high)) / step),
    )
    return [step * number for number in range(first, max(last, first + 1) + 1)]


def _ceiling(value: Decimal) -> int:
    return int(value.to_integral_value("ROUND_CEILING"))


def _fitting(canvas: Canvas, said: str, room: float, most: int) -> int:
    """Return the size of letters, at most ``most``, at which words are no wider than the room."""
    long = canvas.length(said, most)
    return most if long <= room else max(1, int(most * room / long))


def _wrapped(canvas: Canvas, said: str, size: int, room: float) -> Iterator[str]:
    """Yield at most two lines; what does not fit is cut, and the table holds it whole."""
    first, rest = said, ""
    while canvas.length(first, size) > room and " " in first:
        first, _, word = first.rpartition(" ")
        rest = f"{word} {rest}".strip()
    for line in filter(None, (first, rest)):
        kept = line
        while canvas.length(kept, size) > room and len(kept) > 1:
            kept = f"{kept.removesuffix('…')[:-1]}…"
        yield kept
