"""Patience with a model service: how often and how long one call is tried again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from agents.errors import LaterError, RetryError
from agents.models.faults import OverloadedError

LONGEST_WAIT_S: Final = 60.0  # a longer wait ends the stage; the clock starts the next attempt
OVERLOADED_WAIT_S: Final = 300.0  # when the service stays overloaded through every attempt

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[object]]


async def patiently(
    attempt: Callable[[], Awaitable[T]],
    *,
    most: int = 4,
    sleep: Sleep = asyncio.sleep,
    jitter: Callable[[], float] = random.random,
) -> T:
    """Return what the attempt gives, trying again while the trouble is passing.

    Args:
        attempt: One model call; called again as a whole.
        most: Attempts in all.
        sleep: Waits seconds; a test hands in its own.
        jitter: Gives a number from 0 to 1, so that many callers do not come back at the same moment.

    Raises:
        LaterError: The service asks for more than a minute, or stays overloaded; ``after_s`` says how long.
        ModelError: Any other trouble that patience did not or cannot help.
    """
    for tried in range(1, most):
        try:
            return await attempt()
        except RetryError:
            await sleep(_backoff_s(tried, jitter()))
        except LaterError as later:
            if later.after_s > LONGEST_WAIT_S:
                raise
            await sleep(later.after_s)
    return await _last(attempt)


async def _last(attempt: Callable[[], Awaitable[T]]) -> T:
    try:
        return await attempt()
    except OverloadedError as still:
        raise LaterError(str(still), OVERLOADED_WAIT_S) from still


def _backoff_s(tried: int, chance: float) -> float:
    return float(2 ** (tried - 1)) * (1 + chance / 2)
