"""Requests as the product sends them, and a way to send them raw to a server in this process."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import BaseModel

from agents.contracts import Part, PartKind
from agents.models import params
from tests.servers import calls, script
from tests.servers.app import Server
from tests.servers.calls import Call, Log
from tests.servers.desk import Desk
from tests.servers.script import Script

HEADERS = {"authorization": "Bearer sk-test", "anthropic-version": "2026-10-21"}
FETCH = {
    "name": "fetch",
    "description": "Fetch a page.",
    "input_schema": {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]},
}


def brief(*parts: Part, run: str = "r1", task: str = "t1", station: str = "write", attempt: int = 1) -> str:
    """Return the text of a first user message."""
    told = f"run: {run}\ntask: {task}\nstation: {station}\nattempt: {attempt}"
    return "\n".join(part.written("k7") for part in (Part("t", PartKind.TASK, told), *parts))


def ask(
    role: str = "writer",
    *,
    text: str = "",
    schema: type[BaseModel] | None = None,
    tools: Sequence[dict[str, Any]] = (),
    then: Sequence[dict[str, Any]] = (),
    model: str = "claude-haiku-5-5",
    max_tokens: int = 1_000,
) -> dict[str, Any]:
    """Return a request of a role; ``then`` are the messages after the brief."""
    return params.request(
        model=model,
        system=f"role: {role}\nDo your work.",
        messages=[{"role": "user", "content": text or brief()}, *then],
        schema=schema,
        tools=tools,
        max_tokens=max_tokens,
    )


class Wire:
    """A server in this process, asked by plain HTTP."""

    def __init__(self, url: str, session: aiohttp.ClientSession, log: Path) -> None:
        self.url, self._session, self._log = url, session, log

    async def post(self, body: Any, path: str = "/v1/messages", **headers: str | None) -> tuple[int, Any]:
        """Return status and JSON of the answer; a header given as None is left out."""
        changed = {**HEADERS, **{name.replace("_", "-"): value for name, value in headers.items()}}
        sent = {name: value for name, value in changed.items() if value is not None}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self._session.post(self.url + path, data=raw, headers=sent) as response:
            return response.status, await response.json()

    async def text(self, body: dict[str, Any]) -> str:
        """Return the text of the answer; of an error, its message."""
        status, answer = await self.post(body)
        return (
            "".join(b.get("text", "") for b in answer["content"])
            if status == 200
            else answer["error"]["message"]
        )

    def calls(self) -> list[Call]:
        """Return what the server wrote down."""
        return calls.read(self._log)


@asynccontextmanager
async def wired(lines: list[dict[str, Any]], folder: Path) -> AsyncIterator[Wire]:
    """Give a server in this process that follows the script."""
    log = Log(folder / "calls.jsonl")
    server = Server(Desk(Script(script.read(lines))), log)
    runner = web.AppRunner(server.app(), access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        yield Wire(f"http://127.0.0.1:{runner.addresses[0][1]}", session, folder / "calls.jsonl")
    await runner.cleanup()
    log.close()
