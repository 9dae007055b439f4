"""Whose turn it is to write: one at a time, and what a person waits for goes before work in the background."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

Waiting = deque[asyncio.Future[None]]


class Turns:
    """One writer at a time, first come first served, in two rows."""

    def __init__(self) -> None:
        self._taken = False
        self._people: Waiting = deque()
        self._work: Waiting = deque()

    @asynccontextmanager
    async def turn(self, *, first: bool) -> AsyncIterator[None]:
        """Wait for a turn; ``first`` is for what a person waits for."""
        await self._take(self._people if first else self._work)
        try:
            yield
        finally:
            self._pass_on()

    async def _take(self, row: Waiting) -> None:
        if not self._taken:
            self._taken = True
            return
        mine = asyncio.get_running_loop().create_future()
        row.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():  # it was our turn already
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        for row in (self._people, self._work):
            while row:
                if not (waiting := row.popleft()).done():
                    waiting.set_result(None)
                    return
        self._taken = False
