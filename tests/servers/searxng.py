"""A search service on loopback that answers as a SearXNG does, in this process; it writes down what it was asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class SearchServer:
    """What it finds, and what it was asked."""

    url: str
    results: Sequence[Mapping[str, Any]]
    status: int = 200
    body: bytes | None = None  # instead of the results
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)  # the parameters of each request, in order
    keys: list[str] = field(default_factory=list)  # the Authorization of each

    @property
    def queries(self) -> list[str]:
        """Return what was searched for, in order."""
        return [one["q"] for one in self.asked]

    async def search(self, request: web.Request) -> web.Response:
        """Answer a search; without ``format=json`` there is only a page for people."""
        self.asked.append(dict(request.query))
        self.keys.append(request.headers.get("Authorization", ""))
        if request.query.get("format") != "json":
            return web.Response(text="<!doctype html><p>For people.</p>", content_type="text/html")
        if self.body is not None or self.status != 200:
            return web.Response(status=self.status, body=self.body, headers=self.headers)
        query = request.query["q"]
        found = [{"engine": "test", "score": 1.0, "category": "general", **result} for result in self.results]
        return web.json_response({"query": query, "results": found, "answers": [query], "suggestions": [query]})


@asynccontextmanager
async def searching(*results: Mapping[str, Any]) -> AsyncIterator[SearchServer]:
    """Run a search service that finds these: each with ``title``, ``url`` and ``content``."""
    app = web.Application()
    server = SearchServer("", results)
    app.router.add_get("/search", server.search)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
