"""One task looks at everything that is awaited."""

import asyncio

import pytest

from agents.models.poller import PATIENCE, Patience, Poller


def test_patience_grows_from_a_quarter_of_a_minute_to_five_minutes():
    waits, waited = [], 0.0
    for _ in range(12):
        waited = PATIENCE.after(waited)
        waits.append(waited)

    assert waits[0] == 15.0 and waits[-1] == 300.0
    assert waits == sorted(waits)


def test_a_wait_that_is_cut_short_does_not_bring_the_next_look_nearer_than_the_first():
    assert Patience(first_s=10, growth=2, most_s=60).after(1.0) == 10


async def test_whoever_waits_is_told_what_their_look_gave_each_at_its_own_moment():
    looked: list[str] = []

    async def look(name: str) -> str:
        looked.append(name)
        return name.upper()

    poller = Poller(look)
    told = await asyncio.gather(poller.look("late", 0.2), poller.look("soon", 0.0), poller.look("between", 0.1))
    await poller.close()

    assert told == ["LATE", "SOON", "BETWEEN"]
    assert looked == ["soon", "between", "late"]


async def test_trouble_of_one_look_reaches_the_one_who_waits_and_nobody_else():
    async def look(name: str) -> str:
        if name == "broken":
            raise ValueError("It is broken.")
        return name

    poller = Poller(look)
    told = await asyncio.gather(poller.look("broken", 0.0), poller.look("whole", 0.01), return_exceptions=True)
    await poller.close()

    assert [str(one) for one in told] == ["It is broken.", "whole"]


async def test_nobody_looks_for_those_who_left_and_the_task_ends_when_nobody_waits():
    looked: list[str] = []

    async def look(name: str) -> str:
        looked.append(name)
        return name

    poller = Poller(look)
    gone, stays = asyncio.ensure_future(poller.look("gone", 0.05)), asyncio.ensure_future(poller.look("stays", 0.1))
    await asyncio.sleep(0)
    gone.cancel()
    await stays
    await asyncio.sleep(0)

    assert looked == ["stays"]
    assert poller._task is not None and poller._task.done()


async def test_closing_lets_everybody_go():
    async def look(name: str) -> str:
        return name

    poller = Poller(look)
    waiting = asyncio.ensure_future(poller.look("later", 60))
    await asyncio.sleep(0)
    await poller.close()

    with pytest.raises(asyncio.CancelledError):
        await waiting
