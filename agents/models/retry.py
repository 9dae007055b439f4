"""Patience with a model service: how often and how long one call is tried again.

A call is tried at most ``MOST_TRIES`` times, by all attempts at its task together. Two tries follow each other at once;
what has not passed then is left to rest, and each later attempt tries it once.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TypeVar

from agents.errors import LaterError, ModelError, RetryError, TriedError
from agents.models.faults import LostError, OverloadedError

MOST_TRIES: Final = 4  # of one call, whatever happens between them
AT_ONCE: Final = 2  # of them before the first attempt ends
FIRST_WAIT_S: Final = 1.0  # and up to half as long again, so that many callers do not come back at the same moment
LONGEST_WAIT_S: Final = 60.0  # a longer wait ends the stage; the clock starts the next attempt
OVERLOADED_WAIT_S: Final = 300.0  # when the service stays overloaded through every try of an attempt

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[object]]
Fault = tuple[str, str]  # of which part of the call, and why it was tried in vain
Keep = Callable[[Sequence[Fault], bool], Awaitable[None]]


async def _nowhere(_faults: Sequence[Fault], _lost: bool) -> None:
    """Keep nothing: for a call that no record is kept of."""


class Tries:
    """What one call was tried in vain, and how often it may be tried still.

    Args:
        faults: Those of earlier attempts, from their record.
        keep: Called after each new one with all there are now, and whether the last may have to be paid for all the same.
    """

    def __init__(self, faults: Iterable[Fault] = (), keep: Keep = _nowhere) -> None:
        self._faults, self._keep = list(faults), keep

    @property
    def is_fresh(self) -> bool:
        """Whether nothing was tried in vain yet."""
        return not self._faults

    def left(self, part: str = "") -> int:
        """Return how often a part of the call may still be made, by all attempts."""
        return MOST_TRIES - len(self._of(part))

    def now(self, part: str = "") -> int:
        """Return how often it may be made before this attempt ends."""
        return min(self.left(part), 1 if self._of(part) else AT_ONCE)

    async def failed(self, fault: ModelError, part: str = "", *, lost: bool = False) -> None:
        """Count a try in vain before anything follows from it."""
        self._faults.append((part, str(fault)))
        await self._keep(self._faults, lost)

    def named(self, part: str = "") -> TriedError:
        """Return what to say when nothing is left."""
        return TriedError(f"{self._of(part)[-1]} It was tried {MOST_TRIES} times.")

    def _of(self, part: str) -> list[str]:
        return [why for of, why in self._faults if of == part]


_TRIES: ContextVar[Tries | None] = ContextVar("tries", default=None)


@contextmanager
def counted(tries: Tries) -> Iterator[None]:
    """Let what is tried inside count on these tries."""
    before = _TRIES.set(tries)
    try:
        yield
    finally:
        _TRIES.reset(before)


def tries_now() -> Tries:
    """Return the tries of the call that is being made; fresh ones where no record is kept of it."""
    return _TRIES.get() or Tries()


async def patiently(
    attempt: Callable[[], Awaitable[T]],
    *,
    part: str = "",
    sleep: Sleep = asyncio.sleep,
    jitter: Callable[[], float] = random.random,
) -> T:
    """Return what one try gives, trying again while the trouble is passing and tries are left.

    Args:
        attempt: One try; called again as a whole.
        part: Which one, where a recorded call is made of several.
        sleep: Waits seconds; a test hands in its own.
        jitter: Gives a number from 0 to 1.

    Raises:
        LaterError: The service asks for more than a minute, or stays overloaded; ``after_s`` says how long.
        TriedError: It was tried as often as a call may be.
        ModelError: Any other trouble that patience did not or cannot help.
    """
    tries = tries_now()
    for more in reversed(range(tries.now(part))):
        try:
            return await attempt()
        except (RetryError, LaterError) as fault:
            await tries.failed(fault, part, lost=isinstance(fault, LostError))
            if not tries.left(part):
                raise tries.named(part) from fault
            await sleep(_rest_s(fault, more, jitter()))
    raise tries.named(part)


def _rest_s(fault: RetryError | LaterError, more: int, chance: float) -> float:
    """Return the seconds to wait before the next of so many more tries; raise what ends the attempt instead."""
    if not more and isinstance(fault, OverloadedError):
        raise LaterError(str(fault), OVERLOADED_WAIT_S) from fault
    after_s = fault.after_s if isinstance(fault, LaterError) else FIRST_WAIT_S * (1 + chance / 2)
    if not more or after_s > LONGEST_WAIT_S:
        raise fault
    return after_s
