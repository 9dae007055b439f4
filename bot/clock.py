"""What happens by itself: sweeps every half minute, and forgetting at night. Only this module knows APScheduler."""

from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

EVERY_S: Final = 30
NIGHT: Final = CronTrigger(hour=3, minute=17, timezone=UTC)
LATE_S: Final = 3_600  # a machine that slept through the night forgets in the morning

Deed = Callable[[], Awaitable[object]]


class Clock:
    """The jobs of one process.

    Args:
        often: What is done every half minute, by name; each waits for its own last time to end.
        nightly: What is done once a night, by name.
    """

    def __init__(self, often: dict[str, Deed], nightly: dict[str, Deed]) -> None:
        self._scheduler: Any = AsyncIOScheduler(timezone=UTC)
        for name, deed in often.items():
            self._add(name, deed, IntervalTrigger(seconds=EVERY_S, timezone=UTC))
        for name, deed in nightly.items():
            self._add(name, deed, NIGHT)

    def _add(self, name: str, deed: Deed, trigger: object) -> None:
        about = {"id": name, "name": name, "coalesce": True, "max_instances": 1, "misfire_grace_time": LATE_S}
        self._scheduler.add_job(deed, trigger, **about)

    def start(self) -> None:
        """Begin, on the running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Begin nothing new; what is under way ends with its loop."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
