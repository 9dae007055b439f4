"""Word lists, written as running text."""

from __future__ import annotations


def listed(words: str) -> tuple[str, ...]:
    """Return the words of a text in order."""
    return tuple(words.split())
