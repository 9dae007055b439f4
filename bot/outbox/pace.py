"""How fast messages may follow each other: a burst, then one at a time."""

import asyncio
from collections.abc import Callable
from typing import Final

_MOST_KEYS: Final = 1_000  # kept before those that have rested long enough are forgotten


class Pace:
    """At most ``burst`` at once and one every ``every_s`` seconds after, for each key apart.

    Args:
        burst: How many may go at once after a rest.
        every_s: Seconds until one more may go.
        now: Seconds on a clock that never goes back; the event loop's by default.
    """

    def __init__(self, burst: int, every_s: float, now: Callable[[], float] | None = None) -> None:
        self._every, self._slack = every_s, (burst - 1) * every_s
        self._now = now or (lambda: asyncio.get_running_loop().time())
        self._next: dict[str, float] = {}  # when the burst would be used up no more

    def wait(self, key: str) -> float:
        """Return seconds until one more may go."""
        return max(0.0, self._next.get(key, 0.0) - self._slack - self._now())

    def take(self, key: str) -> None:
        """Count one."""
        now = self._now()
        if len(self._next) >= _MOST_KEYS:
            self._next = {other: at for other, at in self._next.items() if at > now}
        self._next[key] = max(self._next.get(key, 0.0), now) + self._every

    async def turn(self, key: str) -> None:
        """Wait until one more may go, first come first served, and count it."""
        seconds = self.wait(key)
        self.take(key)
        await asyncio.sleep(seconds)
