"""The tools of other programs, as one process knows them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from agents.errors import ToolError
from agents.tools.servers.calling import CHANGED, Manifest, call, offered
from agents.tools.servers.page import BETWEEN, ToolServer

log = logging.getLogger(__name__)


class ToolServers:
    """The servers of the page, and which of their tools may be used now.

    Args:
        servers: As the page names them.
    """

    def __init__(self, servers: Iterable[ToolServer] = ()) -> None:
        self._servers = {server.name: server for server in servers}
        self.allowed: dict[str, Manifest] = {}  # by the names agents know; pinned, and as they were pinned

    async def offered(self) -> dict[str, Manifest]:
        """Return every tool that the page allows and its server offers; a server that does not answer has none now."""
        found: dict[str, Manifest] = {}
        for server in self._servers.values():
            try:
                found |= await offered(server)
            except ToolError as wrong:
                log.warning("%s Its tools are off.", wrong)
        return found

    async def use(self, name: str, arguments: Mapping[str, Any], digest: str = "") -> str:
        """Return what a tool answers.

        Args:
            name: The tool as agents know it.
            arguments: What it is given.
            digest: What its manifest must still be; the accepted one when empty.

        Raises:
            ToolError: It is off, has changed, or failed; it was not done.
            UnsureError: It was begun, and nobody knows what became of it.
        """
        manifest = self.allowed.get(name)
        if manifest is None or (digest and manifest.digest != digest):
            raise ToolError(CHANGED.format(name=name))
        return await call(self._servers[name.partition(BETWEEN)[0]], name, manifest.digest, arguments)
