"""One writer at a time; people go first."""

import asyncio
import random

import pytest

from storage.turns import Turns


async def test_what_people_wait_for_goes_before_work_in_the_background():
    turns, order = Turns(), list[str]()

    async def write(name: str, *, first: bool) -> None:
        async with turns.turn(first=first):
            order.append(name)
            await asyncio.sleep(0)

    named = [("work-1", False), ("work-2", False), ("press-1", True), ("work-3", False), ("press-2", True)]
    await asyncio.gather(*(write(name, first=first) for name, first in named))

    assert order == ["work-1", "press-1", "press-2", "work-2", "work-3"]


@pytest.mark.parametrize("seed", range(20))
async def test_one_at_a_time_whoever_gives_up(seed: int):
    turns, chance, inside, done = Turns(), random.Random(seed), 0, 0

    async def write() -> None:
        nonlocal inside, done
        async with turns.turn(first=chance.random() < 0.3):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0)
            inside -= 1
            done += 1

    writers = [asyncio.create_task(write()) for _ in range(60)]
    for writer in chance.sample(writers, 20):
        await asyncio.sleep(0)
        writer.cancel()
    ended = await asyncio.gather(*writers, return_exceptions=True)
    async with asyncio.timeout(1), turns.turn(first=False):
        done += 1

    assert done == 1 + sum(one is None for one in ended)
