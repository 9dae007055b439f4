"""Whether a number stands in the sources: in its unit, as a time in days or months, or rounded where it says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from agents.checks.dates import dates
from agents.checks.figures import Figure, figures

_HEDGED: Final = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|approximately|more than|over|some|less than|under|circa|ca\.|"
    r"close to)\s+$",
    re.I,
)
_TIMES: Final[dict[str, tuple[str, int]]] = {
    "minute": ("minute", 1),
    "hour": ("minute", 60),
    "day": ("day", 1),
    "week": ("day", 7),
    "month": ("month", 1),
    "quarter": ("month", 3),
    "year": ("month", 12),
}


class Known:
    """The numbers of some texts, to ask whether one of them stands there."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._units: dict[Decimal, set[tuple[str, str]]] = {}
        self._times: set[tuple[str, Decimal]] = set()
        for text in texts:
            for figure in figures(text):
                self.add(figure)
            for year in {year for day in dates(text) for year, _, _ in day.readings}:
                self._units.setdefault(Decimal(year), set()).add(("", ""))

    def add(self, figure: Figure) -> None:
        """Take one more number as known."""
        for value in figure.values:
            self._units.setdefault(value, set()).add((figure.unit, figure.noun))
            self._times |= {_time(figure.noun, value)} if figure.noun in _TIMES else set()

    def has(self, figure: Figure) -> bool:
        """Whether the number is known in its unit, or where none was written; two years are 24 months."""
        if any(_time(figure.noun, value) in self._times for value in figure.values if figure.noun in _TIMES):
            return True
        return any(
            _same(figure, unit, noun) for value in figure.values for unit, noun in self._units.get(value, ())
        )

    def near(self, figure: Figure) -> bool:
        """Whether a known number in that unit rounds to the figure at the digits it shows; final zeros show none."""
        step = _shown_step(figure)
        return any(
            abs(value - figure.value) <= max(step / 2, abs(value) / 50)
            and any(unit in ("", figure.unit) for unit, _ in units)
            for value, units in self._units.items()
        )


def hedged(text: str, start: int) -> bool:
    """Whether the number that begins at ``start`` is told as a rounded one: about, nearly, more than."""
    return bool(_HEDGED.search(text[max(0, start - 16) : start]))


def _same(figure: Figure, unit: str, noun: str) -> bool:
    """Whether a known number of this unit and noun can be the figure: ten users are not ten weeks."""
    if figure.unit and unit and figure.unit != unit:
        return False
    return figure.noun not in _TIMES or noun in ("", figure.noun)


def _time(noun: str, value: Decimal) -> tuple[str, Decimal]:
    base, factor = _TIMES[noun]
    return base, value * factor


def _shown_step(figure: Figure) -> Decimal:
    """Return the step of a round number's last digit that is not zero: 100 for 1,900."""
    step = figure.step
    while figure.value and figure.value % (step * 10) == 0:
        step *= 10
    return step
