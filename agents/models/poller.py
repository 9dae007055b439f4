"""One task that looks at whatever is awaited elsewhere, each thing at its own moment. It ends when nobody waits."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Final, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How long to wait before each look: seconds at first, then longer and longer."""

    first_s: float = 15.0
    growth: float = 1.5
    most_s: float = 300.0

    def after(self, waited_s: float) -> float:
        """Return the seconds to wait after a wait of so many; 0 is before the first."""
        return min(max(self.first_s, waited_s * self.growth), self.most_s)


PATIENCE: Final = Patience()


@dataclass(order=True)
class _Wanted(Generic[T]):
    due: float  # on the loop's clock
    place: int
    name: str = field(compare=False)
    told: asyncio.Future[T] = field(compare=False)


class Poller(Generic[T]):
    """Looks on behalf of all who wait.

    Args:
        look: Looks at what has this name; what it raises is raised to whoever waits.
    """

    def __init__(self, look: Callable[[str], Awaitable[T]]) -> None:
        self._look = look
        self._queue: list[_Wanted[T]] = []
        self._places = count()
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def look(self, name: str, after_s: float) -> T:
        """Return what a look at this thing gives, so many seconds from now."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[T] = loop.create_future()
        wanted = _Wanted(loop.time() + after_s, next(self._places), name, told)
        heapq.heappush(self._queue, wanted)
        self._woken.set()
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._work())
        return await told

    async def close(self) -> None:
        """Look no more; who still waits is cancelled."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        for wanted in self._queue:
            wanted.told.cancel()
        self._queue.clear()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._queue:
            self._woken.clear()
            if (left := self._queue[0].due - loop.time()) > 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), left)
                continue
            wanted = heapq.heappop(self._queue)
            if not wanted.told.done():  # whoever waited may have been cut
                await self._tell(wanted)

    async def _tell(self, wanted: _Wanted[T]) -> None:
        try:
            found = await self._look(wanted.name)
        except asyncio.CancelledError:
            wanted.told.cancel()
            raise
        except Exception as wrong:  # noqa: BLE001  it is whoever waits who must hear of it
            if not wanted.told.done():
                wanted.told.set_exception(wrong)
        else:
            if not wanted.told.done():
                wanted.told.set_result(found)
