"""Searching the web at an address of the operator's own: a SearXNG, or whatever answers as it does."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final, Protocol

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from agents.errors import FetchError, ToolError
from agents.tools.bills import Bill
from agents.tools.unpacking import ACCEPTED, Unpacker
from agents.tools.web import canonical

MOST_HITS: Final = 10
_HEADERS: Final = {"Accept": "application/json", "Accept-Encoding": ACCEPTED}
_MOST_BYTES: Final = 2_000_000
_MOST_KEPT: Final = 500  # answers, of all runs together
_LONGEST: Final = {"title": 300, "text": 2_000}  # characters


class SearchError(ToolError):
    """The web cannot be searched, or not for this; the agent is shown the sentence."""


@dataclass(frozen=True)
class Hit:
    """One result of a search."""

    title: str
    url: str
    text: str = ""  # what the service shows of the page
    quotes: tuple[str, ...] = ()  # what the service says stands there word for word


@dataclass(frozen=True)
class Found:
    """The results of a search, best first, and what it took."""

    hits: tuple[Hit, ...]
    bill: Bill = field(default_factory=Bill)
    notes: Mapping[tuple[str, str], str] = field(default_factory=dict)  # of a page's quote: where it stands, if it does


class Search(Protocol):
    """A way to search the web."""

    @property
    def most(self) -> Bill:
        """The most that one use of it can take; nothing where it is free."""
        ...

    async def __call__(self, query: str) -> Found:
        """Return what was found.

        Raises:
            SearchError: Nothing could be searched; the sentence is for the agent.
            PaidError: Nothing was found, and that was paid for.
        """
        ...


class _Result(BaseModel):
    model_config = ConfigDict(extra="ignore")

    url: str
    title: str = ""
    content: str | None = None


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    results: list[_Result]


class Endpoint:
    """A search service at the operator's address, which may be on this machine: it is the operator's word.

    Args:
        url: Such as ``http://127.0.0.1:8888``; without a path, ``/search`` is taken.
        deadline_s: Seconds for one search.
    """

    def __init__(self, url: str, *, deadline_s: float = 20.0) -> None:
        parsed = httpx.URL(url)
        self._url = parsed if parsed.path.strip("/") else parsed.copy_with(path="/search")
        self._deadline_s = deadline_s
        self.most = Bill()  # the operator's own

    async def __call__(self, query: str) -> Found:
        """Return what was found.

        Raises:
            SearchError: The service does not answer, or not as a SearXNG does.
        """
        try:
            async with asyncio.timeout(self._deadline_s):
                content = await self._asked(query)
        except TimeoutError as late:
            raise SearchError(
                f"The search service took longer than {self._deadline_s:g} s. Try again later."
            ) from late
        except httpx.HTTPError as lost:
            raise SearchError("The search service cannot be reached. Go on without it.") from lost
        except FetchError as odd:
            raise SearchError("The search service's answer is too large or damaged. Go on without it.") from odd
        return Found(_hits(content))

    async def _asked(self, query: str) -> bytes:
        url = self._url.copy_merge_params({"q": query, "format": "json"})
        request = httpx.Request("GET", url, headers=_HEADERS)
        if url.userinfo:
            next(httpx.BasicAuth(url.username, url.password).sync_auth_flow(request))  # sets the header
        # The transport alone, without a client around it: no environment, no redirects, and no query in the log.
        async with (
            httpx.AsyncHTTPTransport(trust_env=False) as transport,
            aclosing(await transport.handle_async_request(request)) as answer,
        ):
            _check(answer)
            unpacker = Unpacker(answer.headers.get("content-encoding", ""), _MOST_BYTES)
            async for piece in answer.aiter_raw():
                unpacker.add(piece)
            return unpacker.content()


def _check(answer: httpx.Response) -> None:
    if answer.status_code == HTTPStatus.FORBIDDEN:
        raise SearchError(
            "The search service refuses to answer in JSON. Its operator has to allow the format 'json' in its settings."
        )
    if answer.status_code != HTTPStatus.OK:
        raise SearchError(f"The search service answered {answer.status_code}. Go on without it.")


def _hits(content: bytes) -> tuple[Hit, ...]:
    try:
        results = _Answer.model_validate_json(content).results
    except ValidationError as odd:
        raise SearchError("The search service does not answer as a SearXNG does. Go on without it.") from odd
    once: dict[str, Hit] = {}
    for result in results:
        if _is_address(result.url):
            title, text = _plain(result.title, "title"), _plain(result.content or "", "text")
            once.setdefault(result.url, Hit(title, result.url, text))
    return tuple(once.values())[:MOST_HITS]


def _is_address(url: str) -> bool:
    try:
        canonical(url)
    except FetchError:
        return False
    return True


def _plain(text: str, what: str) -> str:
    return " ".join(text.split())[: _LONGEST[what]]


@dataclass
class _Answered:
    """A question of a run; whoever has the lock asks it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    found: Found | None = None


class Once:
    """Answers each question of a run once, also when several of its tasks ask at the same moment."""

    def __init__(self) -> None:
        self._answered: OrderedDict[tuple[str, str], _Answered] = OrderedDict()

    async def found(self, run_id: str, query: str, make: Callable[[], Awaitable[Found]]) -> Found:
        """Return what was found: by ``make``, or free of charge what it gave before."""
        one = self._answered.setdefault((run_id, query), _Answered())
        while len(self._answered) > _MOST_KEPT:
            self._answered.popitem(last=False)
        async with one.lock:
            if one.found is not None:
                return replace(one.found, bill=Bill())
            one.found = await make()
            return one.found
