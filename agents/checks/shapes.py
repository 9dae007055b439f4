"""What a check is given, and what it says: contracts, evidence, problems."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, with the words that show it and what to do.

    ``text[start:end] == quote``; a problem of the whole text (too long, a missing section) has an empty
    quote at 0.
    """

    rule: str
    message: str
    quote: str
    start: int
    end: int
    fix: str


@dataclass(frozen=True)
class Side:
    """What sources say on one side: a value in their words, the findings that give it, where the first of them stands."""

    value: str
    ids: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Disagreement:
    """One thing for which sources give values that cannot both hold; every value is one side."""

    topic: str
    sides: tuple[Side, ...]

    @property
    def told(self) -> str:
        """The disagreement as a sentence, every value with its finding and its source."""
        values = (f"{side.value} [{side.ids[0]}] ({side.source})" for side in self.sides)
        return f"Sources disagree on “{self.topic}”: {'; '.join(values)}."

    @property
    def short(self) -> str:
        """The same as a line of a list, for whoever is shown the findings with their sources beside it."""
        return f"“{self.topic}”: {'; '.join(f'{side.value} [{side.ids[0]}]' for side in self.sides)}"


@dataclass(frozen=True)
class Contract:
    """What a deliverable must be, as far as rules can tell.

    ``constraints`` are (id, words of the request). ``forbidden`` holds words and phrases, or one of the forms
    ``:emoji:``, ``:exclamation-mark:``, ``:link:``, ``:table:``, ``:bullet:``. ``cites``: every fact names a
    finding. ``disagreements``: what the sources disagree about, and the text has to say.
    ``said``: the ids of what people decided and wrote, such as ``P1`` and ``N2``: a sentence may cite them instead.
    ``is_result``: it is what people receive, and held to the length, sections and form they asked for.
    """

    sections: tuple[str, ...] = ()
    most_words: int | None = None
    least_words: int | None = None
    constraints: tuple[tuple[str, str], ...] = ()
    forbidden: tuple[str, ...] = ()
    cites: bool = False
    disagreements: tuple[Disagreement, ...] = ()
    is_result: bool = True
    said: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Evidence:
    """A finding such as ``F3``.

    Its quote, and the stored text of its source where ``text[start:end]`` is the quote. ``as_of`` is the date the
    reader gives it; it counts where the source names that date too.
    """

    id: str
    quote: str
    text: str
    start: int
    end: int
    as_of: str = ""


def problem(rule: str, text: str, span: tuple[int, int], message: str, fix: str) -> Problem:
    """Return a problem whose quote is ``text`` between the two ends of ``span``."""
    start, end = span
    return Problem(rule=rule, message=message, quote=text[start:end], start=start, end=end, fix=fix)
