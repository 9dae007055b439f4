"""What may be searched for: words that carry nothing private out of the run. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from agents.stations.assignment import Source
from agents.tools.search import SearchError

ORIGIN: Final = "search:"  # how the origin of a document of search results begins
LONGEST_RUN: Final = 40  # characters of a private document that may not stand in a query as they stand there
_BLOCK: Final = LONGEST_RUN // 2  # whoever shares a long run shares a block that begins at a multiple of this
_PUBLIC: Final = ("http://", "https://", ORIGIN)


def checked(query: str, documents: Iterable[Source], people: Iterable[str]) -> str:
    """Return the query as it is sent, space squeezed.

    Args:
        query: What the agent wants to search for.
        documents: Everything the run has read; files people sent are private.
        people: What people wrote themselves: what stands there may be searched for.

    Raises:
        SearchError: It names an address, or holds a passage of a file; the sentence is for the agent.
    """
    plain = _squeezed(query)
    if "://" in plain or "www." in plain.lower():
        raise SearchError("A search takes words, not addresses. Open an address with 'fetch'.")
    said = list(people)
    for source in documents:
        if not source.origin.startswith(_PUBLIC) and _shares(plain, source.text, said):
            raise SearchError(
                f"The query repeats {LONGEST_RUN} or more characters of {source.name!r}, which is private. "
                "Search in a few words of your own, and no sentence of a file."
            )
    return plain


def origin(query: str) -> str:
    """Return what the results of a query are known by within a run."""
    return f"{ORIGIN}{query.casefold()}"


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _letters(text: str) -> str:
    """Return the letters and digits of a text, so that other case, space and punctuation hide nothing."""
    return re.sub(r"[\W_]+", " ", text).casefold()


def _shares(query: str, text: str, said: list[str]) -> bool:
    """Whether the query holds a long run of the text, as it stands or by its letters, that people did not write."""
    for form in (_squeezed, _letters):
        runs = _runs(form(query), form(text))
        if any(not any(run in form(one) for one in said) for run in runs):
            return True
    return False


def _runs(query: str, text: str) -> Iterator[str]:
    """Yield the long runs of the query that stand in the text; only near a block that does, they are looked for."""
    blocks = [at for at in range(0, len(query) - _BLOCK + 1, _BLOCK) if query[at : at + _BLOCK] in text]
    near = {start for at in blocks for start in range(max(at - _BLOCK, 0), at + 1)}
    runs = (query[at : at + LONGEST_RUN] for at in sorted(near) if at + LONGEST_RUN <= len(query))
    yield from (run for run in runs if run in text)
