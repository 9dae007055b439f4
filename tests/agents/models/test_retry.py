import pytest

from agents.errors import (
    LaterError,
    ModelError,
    MoneyError,
    RefusalError,
    RequestError,
    RetryError,
    SetupError,
)
from agents.models.faults import OverloadedError
from agents.models.retry import OVERLOADED_WAIT_S, patiently


class Tries:
    """An attempt that meets the given errors, then gives "done"; it knows how often it was made."""

    def __init__(self, *errors: ModelError) -> None:
        self._errors = list(errors)
        self.made = 0
        self.waits: list[float] = []

    async def attempt(self) -> str:
        self.made += 1
        if self._errors:
            raise self._errors.pop(0)
        return "done"

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def patiently(self, chance: float = 0.0) -> str:
        return await patiently(self.attempt, sleep=self.sleep, jitter=lambda: chance)


async def test_passing_trouble_is_waited_out_longer_each_time():
    tries = Tries(RetryError("a"), RetryError("b"), RetryError("c"))

    assert await tries.patiently() == "done"
    assert tries.waits == [1, 2, 4]


async def test_chance_lengthens_a_wait_by_up_to_half():
    tries = Tries(RetryError("a"), RetryError("b"))

    assert await tries.patiently(chance=1.0) == "done"
    assert tries.waits == [1.5, 3]


async def test_trouble_that_stays_is_told_after_four_attempts():
    tries = Tries(*[RetryError(f"trouble {n}") for n in range(1, 9)])

    with pytest.raises(RetryError, match="trouble 4"):
        await tries.patiently()

    assert (tries.made, tries.waits) == (4, [1, 2, 4])


async def test_a_service_that_stays_overloaded_is_left_alone_for_minutes():
    tries = Tries(*[OverloadedError("full") for _ in range(4)])

    with pytest.raises(LaterError, match="full") as later:
        await tries.patiently()

    assert (tries.made, later.value.after_s) == (4, OVERLOADED_WAIT_S)


async def test_a_short_patience_is_kept_as_asked():
    tries = Tries(LaterError("wait", 60), LaterError("wait", 0))

    assert await tries.patiently(chance=1.0) == "done"
    assert tries.waits == [60, 0]


async def test_patience_of_more_than_a_minute_is_left_to_the_clock():
    tries = Tries(LaterError("an hour", 3600))

    with pytest.raises(LaterError, match="an hour"):
        await tries.patiently()

    assert (tries.made, tries.waits) == (1, [])


async def test_waiting_as_asked_counts_as_an_attempt_too():
    tries = Tries(*[LaterError(f"wait {n}", 1) for n in range(1, 9)])

    with pytest.raises(LaterError, match="wait 4"):
        await tries.patiently()

    assert tries.made == 4


@pytest.mark.parametrize("kind", [MoneyError, SetupError, RequestError, RefusalError])
async def test_what_patience_cannot_help_is_told_at_once(kind):
    tries = Tries(kind("no"))

    with pytest.raises(kind):
        await tries.patiently()

    assert (tries.made, tries.waits) == (1, [])
