"""Values on which sources disagree: a text that rests on them names all. Nothing is averaged, nothing dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from agents.checks.citations import cited
from agents.checks.dates import Day, agrees, dates
from agents.checks.figures import figures
from agents.checks.known import Known
from agents.checks.markdown import Sentence, sentences
from agents.checks.shapes import Disagreement, Problem, problem

RULE: Final = "sources-disagree"
_FIX: Final = "Name every value with its citation. Average none, choose none, drop none."


def unnamed(text: str, disagreements: Iterable[Disagreement]) -> Iterator[Problem]:
    """Yield the disagreements of which the text does not name every value, with the sentence that gives one alone."""
    found = _Named(text)
    for one in disagreements:
        if not all(found.has(side.value) for side in one.sides):
            spoken = next((said for said in sentences(text) if _states(said, one)), None)
            span = (spoken.start, spoken.end) if spoken else (0, 0)
            yield problem(RULE, text, span, one.told, _FIX)


def same(one: str, other: str) -> bool:
    """Whether two values in words are the same one: ``EUR 4,890`` and ``4.890 €``."""
    return _Named(one).has(other)


class _Named:
    """The values that a text names."""

    def __init__(self, text: str) -> None:
        self._numbers, self._days = Known([text]), dates(text)

    def has(self, value: str) -> bool:
        """Whether it names this value, in its unit or without one."""
        days: list[Day] = dates(value)
        if days:
            return any(agrees(days[0], day) for day in self._days)
        return any(self._numbers.has(figure) for figure in figures(value)[:1])


def _states(said: Sentence, one: Disagreement) -> bool:
    """Whether a sentence states a value with its citation, or cites two sides and gives the value of neither."""
    ids = set(cited(said.text))
    sides = [side for side in one.sides if ids & set(side.ids)]
    named = _Named(said.text)
    return len(sides) > 1 or any(named.has(side.value) for side in sides)
