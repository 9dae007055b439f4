"""Tools of other programs: used only while they are what they were when somebody allowed them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.tools.servers import Manifest, ToolServers
from storage import tool_pins
from storage.database import Database
from storage.errors import NotAllowedError
from storage.policy import Person, outsider
from storage.tool_pins import Standing

NOT_ADMIN: Final = "Only admins accept a tool that has changed."

class Pins:
    """Holds what tools say of themselves against what was accepted.

    Args:
        database: Ours.
        servers: Where the tools are; which of them are allowed is set here.
    """

    def __init__(self, database: Database, servers: ToolServers) -> None:
        self._database, self._servers = database, servers
        self._offered: dict[str, Manifest] = {}

    async def look(self) -> Sequence[Manifest]:
        """Ask every server anew, and allow what is as it was accepted; return what has changed since the last look."""
        self._offered = await self._servers.offered()
        if not self._offered:
            self._servers.allowed = {}
            return []
        async with self._database.write() as session:
            stand = {name: await tool_pins.see(session, name, one.digest) for name, one in self._offered.items()}
        on = {Standing.SAME, Standing.NEW}
        self._servers.allowed = {name: one for name, one in self._offered.items() if stand[name] in on}
        return [one for name, one in self._offered.items() if stand[name] is Standing.CHANGED]

    def off(self) -> Sequence[Manifest]:
        """Return the tools that changed and wait for an admin."""
        return [one for name, one in self._offered.items() if name not in self._servers.allowed]

    async def accept(self, name: str, person: Person, team: str, admins: Sequence[str]) -> Manifest:
        """Let a tool be used as it is now; return what it says.

        Raises:
            NotAllowedError: The person is no admin.
            NotFoundError: No server offers it.
            InvalidError: It is accepted already.
        """
        if why := outsider(person, team) or ("" if person.admin or person.id in admins else NOT_ADMIN):
            raise NotAllowedError(f"Nothing changed. {why}")
        await self.look()
        async with self._database.write(first=True) as session:
            await tool_pins.accept(session, name, person.id)
        await self.look()
        return self._offered[name]
