"""The stop of everything while many runs work: no call goes on, none begins, and lifted all of them end well."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path
from typing import Any, Final

import pytest

from storage.words import RunState, TaskState
from tests.agents.engine.meddling import Began, Trial, first_commit, script, watched
from tests.workshop import BOB, Workshop, workshop

PATIENCE_S: Final = 90
SOON_S: Final = 2.0  # within which nothing is under way any more
STILL_S: Final = 1.0  # how long is watched that nothing begins
TEAM: Final = "T0JIDOKA"
ADMIN: Final = BOB.model_copy(update={"admin": True})


class Busy(Trial):
    """One of many runs of the same workspace; looking at all of them costs time as well."""

    look_s = 0.25

    @property
    def team(self) -> str:
        return TEAM


def slow_once(count: int) -> list[dict[str, Any]]:
    """The small line; so many readers' first answers never come."""
    readers = [line for line in script() if line["when"].get("schema") == "Findings"]
    hang = {"type": "hang", "times": 1}
    return [*({**line, "fault": hang, "times": count} for line in readers), *script()]


async def at_work(shop: Workshop, began: Began, count: int) -> list[Busy]:
    """Return runs whose readers all wait for the model."""
    busy = [Busy(shop, began, number, random.Random(number)) for number in range(1, count + 1)]
    for each in busy:
        await each.ask()
    approving = [asyncio.ensure_future(each.decided()) for each in busy]
    async with asyncio.timeout(PATIENCE_S):
        while began.under_way < 2 * count:
            await asyncio.sleep(0.05)
    for task in approving:
        task.cancel()
    await asyncio.gather(*approving, return_exceptions=True)
    return busy


async def quiet(began: Began, since: float) -> float:
    """Return how many seconds after a moment no call was under way any more."""
    async with asyncio.timeout(PATIENCE_S):
        while began.under_way:
            await asyncio.sleep(0.005)
    return time.perf_counter() - since


@pytest.mark.parametrize("count", [4, pytest.param(20, marks=pytest.mark.long)])
async def test_a_halt_ends_every_call_of_busy_runs_at_once_and_lifted_all_go_on(tmp_path: Path, count: int):
    with watched() as began:
        async with workshop(tmp_path, slow_once(count)) as shop:
            busy = await at_work(shop, began, count)
            pressed = time.perf_counter()
            moment, _ = await first_commit(shop.engine.controls.halt(TEAM, ADMIN, "Look at this."))
            quiet_s = await quiet(began, pressed)
            late_ask = Busy(shop, began, count + 1, random.Random(0))
            await late_ask.ask()
            await shop.engine.controls.settle()
            await asyncio.sleep(STILL_S)
            after = [began.after(each.run_id, moment) for each in (*busy, late_ask)]
            held = [(await shop.run(each.run_id)).state for each in busy]
            under_way = [
                task.key
                for each in busy
                for task in (await shop.tasks(each.run_id)).values()
                if task.state in (TaskState.QUEUED, TaskState.WORKING)
            ]
            await shop.engine.controls.lift(TEAM, ADMIN)
            async with asyncio.timeout(PATIENCE_S):
                ended = await asyncio.gather(*(each.decided() for each in (*busy, late_ask)))
    print(f"Quiet after {quiet_s:.3f} s.")

    assert quiet_s <= SOON_S
    assert after == [0] * (count + 1)
    assert held == [RunState.PAUSED] * count and under_way == []
    assert ended == [RunState.DONE] * (count + 1)
