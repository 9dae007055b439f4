"""Speaking with a tool server: what its tools say of themselves, and one call. Every call looks at that again first.

A server is spoken to anew each time, so what is held against the pinned manifest is what answers the call.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from agents.errors import ToolError, UnsureError
from agents.tools.servers.page import BETWEEN, ToolServer
from storage.words import EffectClass

if TYPE_CHECKING:
    from mcp import Client

CALL_S: Final = 60.0  # all of it: starting, looking, calling
LONGEST_DESCRIPTION: Final = 2_000  # characters
LARGEST_SCHEMA: Final = 20_000
CHANGED: Final = "The tool '{name}' is not what it was when it was allowed. It is off until an admin accepts it."
MOST_PAGES: Final = 10  # of a server's list of tools


@dataclass(frozen=True)
class Manifest:
    """What a tool says of itself, as agents are shown it. ``digest`` is what is pinned: any change changes it."""

    name: str  # as agents know it
    server: str
    tool: str
    description: str
    schema: Mapping[str, Any]
    reach: EffectClass  # the page's word

    @property
    def digest(self) -> str:
        """Return the SHA-256 of everything the server said of this tool."""
        said = [self.server, self.tool, self.description, self.schema]
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


async def offered(server: ToolServer) -> dict[str, Manifest]:
    """Return the tools of a server that its page allows, by the names agents know.

    Raises:
        ToolError: The server does not answer as it should.
    """
    async with _speaking(server) as client:
        return await _listed(server, client)


async def call(server: ToolServer, name: str, digest: str, arguments: Mapping[str, Any]) -> str:
    """Return what one tool answers, as text. It is what a stranger says.

    Args:
        server: Whose tool it is.
        name: The tool as agents know it.
        digest: What its manifest must still be.
        arguments: What the tool is given.

    Raises:
        ToolError: The tool has changed, is gone, or says it failed.
        UnsureError: It was called, and its answer did not come.
    """
    answer, begun = None, False
    try:
        async with _speaking(server) as client:
            found = (await _listed(server, client)).get(name)
            if found is not None and found.digest == digest:
                begun = True
                answer = await client.call_tool(found.tool, dict(arguments))
    except ToolError as lost:
        if begun and answer is None:
            raise UnsureError(f"{name!r} was called, and its answer did not come.") from lost
        if not begun:
            raise
    if answer is None:
        raise ToolError(CHANGED.format(name=name))
    said = "\n".join(getattr(part, "text", "") or f"({part.type}, not shown)" for part in answer.content)
    if answer.is_error:
        raise ToolError(f"{name!r} says it failed: {said[:500] or 'without a reason'}.")
    return said or json.dumps(answer.structured_content or {}, ensure_ascii=False)


@asynccontextmanager
async def _speaking(server: ToolServer) -> AsyncIterator[Client]:
    from mcp import Client, MCPError  # only where there is a server: it takes half a second

    try:
        with Path(os.devnull).open("w") as silence:  # noqa: ASYNC230  nothing waits there
            way = _remote(server) if server.url else _started(server, silence)
            async with asyncio.timeout(CALL_S), Client(way, read_timeout_seconds=CALL_S) as client:
                yield client
    except TimeoutError as late:
        raise ToolError(f"The tool server {server.name!r} did not answer within {CALL_S:g} s.") from late
    except (OSError, ValueError, MCPError, ExceptionGroup) as wrong:
        raise ToolError(f"The tool server {server.name!r} cannot be reached or does not answer as it should.") from wrong


def _started(server: ToolServer, silence: TextIO) -> Any:  # noqa: ANN401  the SDK's transport
    from mcp.client.stdio import StdioServerParameters, stdio_client

    program, *arguments = server.command
    about = StdioServerParameters(command=program, args=arguments, env=_environment(server))
    return stdio_client(about, errlog=silence)


def _remote(server: ToolServer) -> Any:  # noqa: ANN401  the SDK's transport
    from mcp.client.streamable_http import streamable_http_client
    from mcp.shared._httpx_utils import create_mcp_http_client

    token = server.token_file.read_text(encoding="utf-8").strip() if server.token_file else ""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return streamable_http_client(server.url, http_client=create_mcp_http_client(headers=headers))


def _environment(server: ToolServer) -> dict[str, str]:
    lines = server.env_file.read_text(encoding="utf-8").splitlines() if server.env_file else []
    pairs = (line.partition("=") for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


async def _listed(server: ToolServer, client: Client) -> dict[str, Manifest]:
    found: dict[str, Manifest] = {}
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        for tool in page.tools:
            name = f"{server.name}{BETWEEN}{tool.name}"
            if name in server.tools and len(json.dumps(tool.input_schema)) <= LARGEST_SCHEMA:
                found[name] = _manifest(server, name, tool)
        if not (cursor := page.next_cursor):
            break
    return found


def _manifest(server: ToolServer, name: str, tool: Any) -> Manifest:  # noqa: ANN401  the SDK's
    said = (tool.description or "")[:LONGEST_DESCRIPTION]
    return Manifest(name, server.name, tool.name, said, dict(tool.input_schema), server.tools[name])
