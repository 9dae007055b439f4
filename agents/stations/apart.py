"""What one text says that another does not, so that nobody is shown the same lines twice. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

MOST_LINES: Final = 2_000  # of one text: comparing longer ones would hold up everybody else's work
LEFT_OUT: Final = "(Lines that the artifact holds word for word, in the same order, are left out here and counted.)"


def apart(text: str, other: str) -> str:
    """Return a text without the lines that stand in the other in the same order; says how many, and where they stood."""
    lines, there = _lines(text), _lines(other)
    if max(len(lines), len(there)) > MOST_LINES:
        return text
    blocks = SequenceMatcher(None, lines, there).get_matching_blocks()  # the last one is empty, at the end
    shown = lines[: blocks[0].a]
    for block, after in pairwise(blocks):
        shown += [_counted(lines[block.a : block.a + block.size]), *lines[block.a + block.size : after.a]]
    told = "\n".join([LEFT_OUT, "", *shown])
    return told if len(told) < len(text) else text


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _counted(lines: list[str]) -> str:
    """Return how many lines these are, or the lines themselves where saying so would be longer."""
    said = f"(… {len(lines)} lines as in the artifact …)" if len(lines) > 1 else "(… 1 line as in the artifact …)"
    whole = "\n".join(lines)
    return said if len(said) < len(whole) else whole


def beyond(summary: str, quotes: Iterable[str]) -> str:
    """Return a summary without the lines that are mostly one of these quotes, word for word."""
    known = [_words(quote) for quote in quotes]
    return "\n".join(line for line in summary.split("\n") if not any(_is_mostly(quote, line) for quote in known)).strip()


def _is_mostly(quote: str, line: str) -> bool:
    return bool(quote) and quote in _words(line) and 2 * len(quote) > len(line)


def _words(text: str) -> str:
    return " ".join(text.split())
