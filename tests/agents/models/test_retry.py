from collections.abc import Sequence

import pytest

from agents.errors import (
    LaterError,
    ModelError,
    MoneyError,
    RefusalError,
    RequestError,
    RetryError,
    SetupError,
    TriedError,
)
from agents.models.faults import LostError, OverloadedError
from agents.models.retry import AT_ONCE, MOST_TRIES, OVERLOADED_WAIT_S, Fault, Tries, counted, patiently


class Service:
    """A service that meets the given errors, then gives "done"; it knows how often it was asked, and what is on record."""

    def __init__(self, *errors: ModelError) -> None:
        self._errors = list(errors)
        self.asked = 0
        self.waits: list[float] = []
        self.kept: list[Fault] = []
        self.lost: list[bool] = []

    async def answer(self) -> str:
        self.asked += 1
        if self._errors:
            raise self._errors.pop(0)
        return "done"

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def keep(self, faults: Sequence[Fault], lost: bool) -> None:
        self.kept = list(faults)
        self.lost.append(lost)

    async def attempt(self, chance: float = 0.0, part: str = "") -> str:
        """Ask as one attempt at a task does, which knows of the others what is on record."""
        with counted(Tries(self.kept, self.keep)):
            return await patiently(self.answer, part=part, sleep=self.sleep, jitter=lambda: chance)


@pytest.mark.parametrize(("chance", "waited"), [(0.0, 1.0), (1.0, 1.5)])
async def test_passing_trouble_is_waited_out_and_chance_lengthens_the_wait_by_up_to_half(chance: float, waited: float):
    service = Service(RetryError("a"))

    assert await service.attempt(chance) == "done"
    assert (service.asked, service.waits) == (2, [waited])


async def test_trouble_that_stays_ends_the_first_attempt_after_two_tries():
    service = Service(*[RetryError(f"trouble {n}") for n in range(1, 9)])

    with pytest.raises(RetryError, match="trouble 2"):
        await service.attempt()

    assert (service.asked, service.waits) == (AT_ONCE, [1.0])


async def test_all_attempts_together_try_a_call_four_times_and_the_last_says_so():
    service, said = Service(*[RetryError(f"trouble {n}.") for n in range(1, 9)]), []
    for _ in range(4):
        with pytest.raises(ModelError) as ended:
            await service.attempt()
        said.append((type(ended.value), str(ended.value), service.asked))

    assert said == [
        (RetryError, "trouble 2.", 2),
        (RetryError, "trouble 3.", 3),
        (TriedError, "trouble 4. It was tried 4 times.", MOST_TRIES),
        (TriedError, "trouble 4. It was tried 4 times.", MOST_TRIES),
    ]


async def test_a_later_attempt_that_meets_no_trouble_goes_on():
    service = Service(RetryError("a"), RetryError("b"), LaterError("c", 0))
    for _ in range(2):
        with pytest.raises(ModelError):
            await service.attempt()

    assert await service.attempt() == "done"
    assert service.asked == 4


async def test_each_part_of_a_call_has_tries_of_its_own():
    service = Service(*[RetryError(f"trouble {n}") for n in range(1, 5)])
    for part in ("page 1", "page 2"):
        with pytest.raises(RetryError):
            await service.attempt(part=part)

    assert [part for part, _ in service.kept] == ["page 1", "page 1", "page 2", "page 2"]


async def test_a_try_whose_end_nobody_knows_is_kept_as_one_that_may_cost():
    service = Service(LostError("cut"), RetryError("refused"))
    with pytest.raises(RetryError):
        await service.attempt()

    assert service.lost == [True, False]


async def test_a_service_that_stays_overloaded_is_left_alone_for_minutes():
    service = Service(*[OverloadedError("full") for _ in range(4)])

    with pytest.raises(LaterError, match="full") as later:
        await service.attempt()

    assert (service.asked, later.value.after_s) == (2, OVERLOADED_WAIT_S)


async def test_a_short_patience_is_kept_as_asked():
    service = Service(LaterError("wait", 60))

    assert await service.attempt(chance=1.0) == "done"
    assert service.waits == [60]


async def test_patience_of_more_than_a_minute_is_left_to_the_clock():
    service = Service(LaterError("an hour", 3600))

    with pytest.raises(LaterError, match="an hour"):
        await service.attempt()

    assert (service.asked, service.waits) == (1, [])


async def test_waiting_as_asked_counts_as_a_try_too():
    service = Service(*[LaterError(f"wait {n}", 1) for n in range(1, 9)])

    with pytest.raises(LaterError, match="wait 2"):
        await service.attempt()

    assert service.asked == 2


@pytest.mark.parametrize("kind", [MoneyError, SetupError, RequestError, RefusalError])
async def test_what_patience_cannot_help_is_told_at_once(kind: type[ModelError]):
    service = Service(kind("no"))

    with pytest.raises(kind):
        await service.attempt()

    assert (service.asked, service.waits, service.kept) == (1, [], [])
