"""Searching the web by rules, where the operator named a search: in the words of a request that brought nothing to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.contracts import PartKind, read_parts
from agents.models.offline.brief import Brief
from agents.models.offline.topics import STOP, attributes, shown
from agents.models.offline.wire import Asked, Use, Used

TOOL: Final = "web_search"
_GIVEN: Final = (PartKind.DOCUMENT, PartKind.FINDING, PartKind.HANDOFF)
MOST_OPENED: Final = 3  # results whose pages are fetched
_LONGEST: Final = 200  # characters of a query; the tool's own bound
_MOST_WORDS: Final = 10
_ADDRESS: Final = re.compile(r"^https?://\S+$", re.MULTILINE)
_WORD: Final = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


def uses(asked: Asked) -> Iterator[Use]:
    """Yield one search where nothing was given to read, then the pages of its first results."""
    if TOOL not in asked.tools:
        return
    searched = [use for use in asked.used if use.name == TOOL]
    if searched:
        yield from _pages(asked, searched[0])
    elif not asked.used and not asked.of(*_GIVEN) and (query := _query(Brief.of(asked))):
        yield Use(TOOL, {"query": query})


def _query(brief: Brief) -> str:
    """Return the subject and what is asked about it, else the request's own words that carry meaning."""
    if brief.item:
        wanted = attributes(f"{brief.instructions}\n{brief.request}")
        words = [brief.item, *(shown(one) for one in wanted)]
    else:
        said = [line for line in brief.request.splitlines() if "://" not in line and "www." not in line]
        words = [word for word in _WORD.findall(" ".join(said)) if word.lower() not in STOP and len(word) > 1]
    return " ".join(words[:_MOST_WORDS])[:_LONGEST].strip()


def _pages(asked: Asked, searched: Used) -> Iterator[Use]:
    """Yield the pages of the first results, as their addresses stand there; only a page can be relied on."""
    if searched.failed or "fetch" not in asked.tools:
        return
    told = "\n".join(part.text for part in read_parts(searched.said))
    opened = {str(use.input.get("url")) for use in asked.used if use.name == "fetch"}
    for url in _ADDRESS.findall(told)[:MOST_OPENED]:
        if url not in opened:
            yield Use("fetch", {"url": url})
