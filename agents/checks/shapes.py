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
class Contract:
    """What a deliverable must be, as far as rules can tell.

    ``constraints`` are (id, words of the request). ``forbidden`` holds words and phrases, or one of the forms
    ``:emoji:``, ``:exclamation-mark:``, ``:link:``, ``:table:``, ``:bullet:``. ``cites``: every fact names a
    finding.
    """

    sections: tuple[str, ...] = ()
    most_words: int | None = None
    least_words: int | None = None
    constraints: tuple[tuple[str, str], ...] = ()
    forbidden: tuple[str, ...] = ()
    cites: bool = False


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
