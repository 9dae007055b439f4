"""Doing several things side by side, each by itself: what fails rests, is tried again later, and stops no other."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.people import UnknownPersonError
from bot.slack import SlackCallError

AT_ONCE: Final = 4
FIRST_REST_S: Final = 5.0  # after the first failure; it doubles with each
LONGEST_REST_S: Final = 600.0

log = logging.getLogger(__name__)
Deed = Callable[[], Awaitable[None]]


class Patience:
    """Which of the things to do rest after a failure.

    Args:
        what: What is done, for the log, such as "Telling who decides".
        first_rest_s: Seconds until the second attempt; they double up to ten minutes.
    """

    def __init__(self, what: str, first_rest_s: float = FIRST_REST_S) -> None:
        self._what, self._first_rest_s = what, first_rest_s
        self._failed: dict[str, int] = {}  # times in a row, by key
        self._rests: dict[str, float] = {}  # until when, on the loop's clock: the machine's may jump

    async def try_all(self, deeds: Mapping[str, Deed]) -> None:
        """Do what does not rest, a few at a time; come back when each was tried once."""
        self._forget(deeds)
        room = asyncio.Semaphore(AT_ONCE)
        ready = [key for key in deeds if self._rests.get(key, 0.0) <= _now()]
        await asyncio.gather(*(self._try(room, key, deeds[key]) for key in ready))

    async def _try(self, room: asyncio.Semaphore, key: str, deed: Deed) -> None:
        try:
            async with room:
                await deed()
        except (SlackCallError, UnknownPersonError) as silent:
            why = silent.__cause__ or silent
            log.warning("%s waits %.0f s for Slack: %s", self._what, self._rest(key), why, extra={"key": key})
        except Exception:  # a fault in one must not stop the others
            log.exception("%s failed; the next try is in %.0f s.", self._what, self._rest(key), extra={"key": key})
        else:
            self._failed.pop(key, None)

    def _rest(self, key: str) -> float:
        failed = self._failed[key] = self._failed.get(key, 0) + 1
        seconds = min(LONGEST_REST_S, self._first_rest_s * 2.0 ** min(failed - 1, 10))
        self._rests[key] = _now() + seconds
        return seconds

    def _forget(self, deeds: Mapping[str, Deed]) -> None:
        """Forget what is no longer to be done."""
        self._failed = {key: count for key, count in self._failed.items() if key in deeds}
        self._rests = {key: until for key, until in self._rests.items() if key in deeds}


def _now() -> float:
    return asyncio.get_running_loop().time()
