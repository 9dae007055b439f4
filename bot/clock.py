"""What happens by itself: what is due, every few seconds; sweeps, every half minute; and forgetting, at night.

Only this module knows APScheduler. It keeps the night's hour; the short rounds rest on the loop's own clock, because a
machine whose clock is set back by a day would otherwise do nothing for a day.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

DUE_EVERY_S: Final = 5.0
EVERY_S: Final = 30.0
NIGHT: Final = CronTrigger(hour=3, minute=17, timezone=UTC)
LATE_S: Final = 3_600  # a machine that slept through the night forgets in the morning

log = logging.getLogger(__name__)
Deed = Callable[[], Awaitable[object]]


class Clock:
    """The rounds of one process.

    Args:
        often: What is done every half minute, by name; each waits for its own last time to end.
        nightly: What is done once a night, by name.
        due: What is done every five seconds, by name, one after the other: each sees what those before it did.
    """

    def __init__(
        self, often: Mapping[str, Deed], nightly: Mapping[str, Deed], due: Mapping[str, Deed] | None = None
    ) -> None:
        self._often, self._due = dict(often), dict(due or {})
        self._rounds: list[asyncio.Task[None]] = []
        self._scheduler: Any = AsyncIOScheduler(timezone=UTC)
        for name, deed in nightly.items():
            about = {"id": name, "name": name, "coalesce": True, "max_instances": 1, "misfire_grace_time": LATE_S}
            self._scheduler.add_job(deed, NIGHT, **about)

    async def work_off(self) -> None:
        """Do what is due now; a deed that fails is logged and stops no other."""
        for name, deed in self._due.items():
            await _tried(name, deed)

    def start(self) -> None:
        """Begin, on the running loop."""
        self._scheduler.start()
        rounds = [self._round(name, deed) for name, deed in self._often.items()]
        self._rounds = [asyncio.create_task(each) for each in [*rounds, self._due_round()]]

    async def stop(self) -> None:
        """End every round; a transaction under way is rolled back, and what it was about is still due."""
        for each in self._rounds:
            each.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _due_round(self) -> None:
        while True:
            await asyncio.sleep(DUE_EVERY_S)
            await self.work_off()

    async def _round(self, name: str, deed: Deed) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await _tried(name, deed)


async def _tried(name: str, deed: Deed) -> None:
    try:
        await deed()
    except Exception:  # the clock must outlive a database that is busy, and every fault of a deed
        log.exception("What is due could not be done: %s. It is tried again.", name)
