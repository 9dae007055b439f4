"""What the team's work came to, kept for a while: counting a long log takes a thread some seconds."""

import asyncio
import logging
from typing import Final

from agents.engine.ground import Rulings
from agents.policies import settings_for
from bot.looking_back import working
from storage import clock
from storage.outcomes import Figures, Log

KEPT_S: Final = 900.0
PATIENCE_S: Final = 1.0  # for the very first count; whoever is not that patient sees it the next time

log = logging.getLogger(__name__)


class Worked:
    """The figures of the last weeks.

    Args:
        counted: The log they are counted from.
        rules: The policy as it is now; it says when people work.
    """

    def __init__(self, counted: Log, rules: Rulings) -> None:
        self._counted, self._rules = counted, rules
        self._kept: Figures | None = None
        self._counting: asyncio.Task[None] | None = None
        self._until = float("-inf")

    async def figures(self) -> Figures | None:
        """Return them as they were a quarter of an hour ago at most; None while they are counted for the first time."""
        if asyncio.get_running_loop().time() >= self._until and self._counting is None:
            self._counting = asyncio.create_task(self._count())
        if self._kept is None and self._counting is not None:
            await asyncio.wait([self._counting], timeout=PATIENCE_S)
        return self._kept

    async def now(self) -> Figures:
        """Return them counted anew.

        Raises:
            StorageError: There is no log to read; says why.
        """
        hours = working(settings_for(self._rules.rules()).hours)
        return await asyncio.to_thread(self._counted.figures, clock.now(), 4, hours)

    async def _count(self) -> None:
        try:
            self._kept = await self.now()
        except Exception:  # a Home without figures is better than none
            log.exception("The figures could not be counted.")
        self._until = asyncio.get_running_loop().time() + KEPT_S
        self._counting = None
