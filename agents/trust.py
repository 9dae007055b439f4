"""Whose words may say where something goes. PURE.

Any text is untrusted, unless it is ``Trusted``: the words of people who may ask here, or of the installation's pages,
exactly as they stand in a row. Whatever is made of a text, be it cut, joined, summed up, kept or read back, is a plain
``str`` again: trust is lost at the first touch, and taint never is. Where a tool, a place or a person is chosen, mypy
and a look at run time refuse a plain text.

Trust is given in four ways, and nowhere else: ``of_people``, ``of_page``, ``one_of`` and ``seen_before``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final


class Trusted(str):
    """Words that may name a tool, a place or a person. Every operation on them gives a plain ``str``."""

    __slots__ = ()


NOTHING: Final = Trusted("")


def of_people(text: str) -> Trusted:
    """Return what somebody who may ask or decide here wrote, word for word: a request, a note, why work came back."""
    return Trusted(text)


def of_page(text: str) -> Trusted:
    """Return what a role's or line's page says, word for word: the operator wrote it."""
    return Trusted(text)


def one_of(word: str, known: Iterable[Trusted]) -> Trusted | None:
    """Return the trusted word that an untrusted one names, character for character; None when there is none."""
    return next((one for one in known if one == word), None)


def seen_before(address: str) -> Trusted:
    """Return an address that stood, as a whole, somewhere before an agent named it: it holds nothing the agent was shown."""
    return Trusted(address)


def check(words: Iterable[str], what: str) -> None:
    """Look at run time at what mypy has looked at before.

    Raises:
        TypeError: One of the words is nobody's whose words count here.
    """
    if any(not isinstance(word, Trusted) for word in words):
        raise TypeError(f"{what} comes from a text that a stranger may have written, so it is not used.")
