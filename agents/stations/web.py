"""The web as one task reaches it: pages that somebody named, and searches that carry nothing private out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from agents.checks import verify_quote
from agents.errors import FetchError, UnreadableError
from agents.models.client import Door
from agents.models.prices import bill_of
from agents.models.searching import Service
from agents.stations import provenance, queries, sight
from agents.stations.assignment import Assignment, Source
from agents.stations.recording import Recorder
from agents.tools.bills import Bill
from agents.tools.documents import Parsed, Span, at
from agents.tools.parsing.spans import Limits, Sheet
from agents.tools.search import Found, Hit, Once, Search, SearchError
from agents.tools.servers import ToolServers
from agents.tools.web import Fetched, Fetcher, canonical
from agents.trust import Trusted, seen_before

SEARCHES: Final = "web_search"  # the tool's name
LONGEST_TITLE: Final = 150  # characters
MOST_OPENED: Final = 5  # pages that one search opens to look for what was quoted
NOT_VERIFIED: Final = "quoted by the search service, not verified"


@dataclass(frozen=True)
class Operators:
    """What the operator set up outside.

    Args:
        search: Searches the web; None: the model service does, where it can.
        servers: Tools of other programs.
    """

    search: Search | None = None
    servers: ToolServers = field(default_factory=ToolServers)


@dataclass(frozen=True)
class Reach:
    """The ways out, the same for every task.

    Args:
        fetcher: Fetches pages.
        search: Searches; None where nothing can.
        once: What was found already, by run.
        servers: Tools of other programs.
    """

    fetcher: Fetcher
    search: Search | None
    once: Once
    servers: ToolServers


def reach(door: Door, fetcher: Fetcher, given: Operators) -> Reach:
    """Return the ways out: the operator's search where there is one, else the model service's own, else none."""
    own = Service(door) if door.capabilities.server_tools else None
    return Reach(fetcher, given.search or own, Once(), given.servers)


class Web:
    """The web for one task. What it reads is kept as documents of the run."""

    def __init__(self, given: Assignment, recorder: Recorder, door: Door, reach: Reach) -> None:
        self._given, self._recorder, self._door, self._reach = given, recorder, door, reach

    async def page(self, url: str) -> tuple[Source, Bill]:
        """Return a page that people or documents named; each is fetched once in a run.

        Raises:
            FetchError: Nobody named it, or it cannot be fetched.
            ModelError: It is a picture, and the model that reads it cannot be reached.
        """
        address = await asyncio.to_thread(provenance.stood, url, self._given, self._recorder.documents)
        known = self._known(address)
        return (known, Bill()) if known is not None else await self._fetched(address)

    async def search(self, query: str) -> tuple[Source, Bill]:
        """Return the results of a search as a document; each query is sent once in a run.

        Raises:
            SearchError: It may not be sent, or nothing came of it.
            ModelError: The service that searches cannot be reached.
        """
        people = provenance.people(self._given)
        plain = await asyncio.to_thread(queries.checked, query, self._recorder.documents, people)
        origin = queries.origin(plain)
        if (known := self._known(origin)) is not None:
            return known, Bill()
        found = await self._reach.once.found(self._given.run_id, origin, lambda: self._asked(plain))
        return await self._recorder.add_document(origin, _results(plain, found)), found.bill

    def _known(self, origin: str) -> Source | None:
        return next((one for one in self._recorder.documents if one.origin == origin), None)

    async def _asked(self, query: str) -> Found:
        if self._reach.search is None:
            raise SearchError("Searching is switched off here.")
        found = await self._reach.search(query)
        if not found.hits:
            raise SearchError(f"Nothing was found for {query!r}. Try other words.")
        notes, bill = await self._verified(found.hits)
        return Found(found.hits, found.bill + bill, notes)

    async def _fetched(self, address: Trusted) -> tuple[Source, Bill]:
        page = await self._reach.fetcher.fetch(address)
        read, bill = await self._read(
            Parsed(_named(page), page.media_type, page.text, page.spans, "", page.pictures, page.unread)
        )
        return await self._recorder.add_document(address, read), bill

    async def _read(self, parsed: Parsed) -> tuple[Parsed, Bill]:
        """Return a page whose pictures are read too, and what that took."""
        bills: list[Bill] = []

        async def call(_number: int, look: sight.Look) -> Mapping[str, Any]:
            answer = await look.make()
            bills.append(bill_of(answer))
            return answer

        try:
            read = await sight.text_of(parsed, self._door, call)
        except UnreadableError as unreadable:
            raise FetchError(str(unreadable)) from unreadable
        return read, sum(bills, Bill())

    async def _verified(self, hits: tuple[Hit, ...]) -> tuple[dict[tuple[str, str], str], Bill]:
        """Return of each quoted page where the quotes stand in it, opened and kept, and what that took."""
        quoted = [hit for hit in hits if hit.quotes][:MOST_OPENED]
        opened = await asyncio.gather(*(self._opened(hit.url) for hit in quoted))
        notes, bill = dict[tuple[str, str], str](), Bill()
        for hit, (source, took) in zip(quoted, opened, strict=True):
            notes |= {(hit.url, quote): _where(quote, source) for quote in hit.quotes}
            bill += took
        return notes, bill

    async def _opened(self, url: str) -> tuple[Source | None, Bill]:
        """Return a page that the search service named."""
        try:
            known = self._known(address := seen_before(canonical(url)))
            return (known, Bill()) if known is not None else await self._fetched(address)
        except FetchError:
            return None, Bill()


def _named(page: Fetched) -> str:
    """Return what a page is called among sources: whoever checks one needs its address."""
    return f"{page.title[:LONGEST_TITLE]} ({page.url})" if page.title else page.url


def _where(quote: str, source: Source | None) -> str:
    span = verify_quote(quote.rstrip("….").strip(), source.text) if source is not None else None
    if source is None or span is None:
        return NOT_VERIFIED
    place = at(tuple(Span(*one) for one in source.spans), *span)
    return f"stands in {source.id}, {place}" if place else f"stands in {source.id}"


def _results(query: str, found: Found) -> Parsed:
    """Return search results as a document. The query stands in its name alone: its text holds no agent's words."""
    sheet = Sheet(f"search results for “{query}”", Limits())
    for number, hit in enumerate(found.hits, start=1):
        quotes = [f"“{quote}” ({found.notes.get((hit.url, quote), NOT_VERIFIED)})" for quote in hit.quotes]
        told = filter(None, [hit.title, hit.url, hit.text, *quotes])
        sheet.add(f"search result {number}", "\n".join(told), gap="\n\n")
    return sheet.parsed("text/plain")
