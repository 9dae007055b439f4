"""Tools of other programs at one task: what they read becomes a document of the run, what they would do is proposed."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final

from pydantic import ValidationError

from agents.errors import ToolError
from agents.stations.assignment import Assignment, Source
from agents.stations.recording import Recorder
from agents.tools.bills import Bill, Paid
from agents.tools.documents import Parsed, Span
from agents.tools.effects import USE_TOOL, Proposal, UseTool
from agents.tools.servers import Manifest, ToolServers
from agents.tools.toolbox import Use
from agents.trust import of_page
from storage.words import EffectClass

LONGEST_INPUT: Final = 20_000  # characters of what a tool is given
Open = Callable[[Source, Bill], Awaitable[Paid]]


def uses(given: Assignment, recorder: Recorder, servers: ToolServers, opened: Open) -> Mapping[str, Use]:
    """Return how each allowed tool is used in a task."""
    asks, proposes = partial(_ask, recorder, servers, opened), _propose
    return {
        name: partial(asks if tool.reach is EffectClass.R0 else proposes, tool)
        for name, tool in servers.allowed.items()
        if name in given.catalog.tools
    }


async def _ask(
    recorder: Recorder, servers: ToolServers, opened: Open, tool: Manifest, asked: Mapping[str, Any]
) -> Paid:
    """Use a tool that only reads; its answer is a stranger's text, kept so that it can be quoted."""
    written = _written(asked)
    said = await servers.use(tool.name, asked, tool.digest)
    name = f"{tool.tool} of {tool.server}"
    parsed = Parsed(name, "text/plain", said, (Span("", 0, len(said)),), name)
    return await opened(await recorder.add_document(f"{tool.name} {written}", parsed), Bill())


async def _propose(tool: Manifest, asked: Mapping[str, Any]) -> Proposal:
    _written(asked)
    try:
        wish = UseTool(why=asked.get("why", ""), tool=tool.name, manifest=tool.digest, arguments=asked.get("arguments"))
    except ValidationError as wrong:
        raise ToolError(f"{tool.name!r} wants why, a sentence, and arguments, as its form says.") from wrong
    return USE_TOOL.proposal(wish, {"tool": of_page(tool.name)})


def _written(asked: Mapping[str, Any]) -> str:
    written = json.dumps(asked, sort_keys=True, ensure_ascii=False)
    if len(written) > LONGEST_INPUT:
        raise ToolError(f"A tool is given {LONGEST_INPUT} characters at most.")
    return written
