"""Keeps anchors of the audit log while the bot works. Only after a decision has committed, so no press waits for it."""

import asyncio
import logging
from pathlib import Path
from typing import Final

from storage import anchors
from storage.database import Database

SETTLING_S: Final = 0.5  # after a change: the stage a decision starts goes first, and many changes are looked at once

log = logging.getLogger(__name__)


class Keeper:
    """Writes an anchor after every decision, and at the start if the last process died before it did.

    Args:
        database: Ours.
        home: Where the file of anchors is.
    """

    def __init__(self, database: Database, home: Path) -> None:
        self._database, self._home = database, home
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look soon whether a checkpoint was closed."""
        self._woken.set()

    async def run(self) -> None:
        """Keep anchors for as long as this task lives. Nothing but its cancellation ends it."""
        while True:
            self._woken.clear()
            await self.keep()
            await self._woken.wait()
            await asyncio.sleep(SETTLING_S)

    async def keep_daily(self) -> None:
        """Write an anchor of the newest line, whatever it is about; an unchanged log has its anchor already."""
        await anchors.keep(self._database, self._home)

    async def keep(self) -> None:
        """Write an anchor if a checkpoint was closed since the newest one."""
        try:
            await anchors.keep_decided(self._database, self._home)
        except Exception:  # a decision holds without its anchor, and the next one covers it too
            log.exception("The audit log has no anchor of the newest decision.")
