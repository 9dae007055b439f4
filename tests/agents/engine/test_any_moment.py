"""Pause, resume, stop, run again, halt and lift at any moment: nothing begins after, nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from storage import events
from storage.words import RunState
from tests.agents.engine.meddling import Began, Trial, script, watched
from tests.storage.voting import seeded
from tests.workshop import Workshop, workshop

SEED: Final = 0  # 0: another one each time; a failed test prints which, and it goes here
SIDE_BY_SIDE: Final = 4
PATIENCE_S: Final = 180  # for one run, on a busy machine too
SOON_S: Final = 2.0  # within which a deed is done and its message wanted
SPARE: Final = 0.9  # of the time an untouched run takes: later there is nothing to meddle with


async def untouched(shop: Workshop, began: Began) -> tuple[str, float]:
    """Return the document of a run that nobody meddles with, and how many seconds it took."""
    trial, asked = Trial(shop, began, 0, random.Random(0)), time.perf_counter()
    await trial.ask()

    assert await trial.decided() is RunState.DONE
    return await trial.document(), time.perf_counter() - asked


async def let_go(trial: Trial, within_s: float) -> RunState:
    """Meddle with a run while people decide, and return how it ended."""
    await trial.ask()
    deciding = asyncio.ensure_future(trial.decided())
    await trial.meddle(within_s)
    await deciding
    return await trial.decided()  # run again after its end, it was opened anew


async def stopped(trial: Trial, within_s: float) -> RunState:
    """Stop a run while people decide, and return how it ended."""
    await trial.ask()
    deciding = asyncio.ensure_future(trial.decided())
    await trial.stop(within_s)
    return await deciding


async def one(trial: Trial, document: str, within_s: float) -> Counter[str]:
    """Try one run; return what was done to it."""
    stops = trial.number % 4 == 0
    async with asyncio.timeout(PATIENCE_S):
        state = await (stopped if stops else let_go)(trial, within_s)
    if state is RunState.DONE:
        assert await trial.document() == document
        assert await trial.unfinished() == []
    else:
        assert (state, stops) == (RunState.STOPPED, True)
    assert trial.longest_s <= SOON_S
    return trial.done


async def meddled(folder: Path, count: int) -> Counter[str]:
    """Try so many runs, some side by side; return what was done to them."""
    chance, done, at_once = seeded(SEED), Counter[str](), asyncio.Semaphore(SIDE_BY_SIDE)
    with watched() as began:
        async with workshop(folder, script()) as shop:
            document, lasts_s = await untouched(shop, began)

            async def alone(trial: Trial) -> None:
                async with at_once:
                    done.update(await one(trial, document, lasts_s * SPARE))

            async with asyncio.TaskGroup() as group:
                for number in range(1, count + 1):
                    group.create_task(alone(Trial(shop, began, number, random.Random(chance.random()))))
            async with shop.database.read() as session:
                assert await events.broken(session) == []
    print(dict(done))
    return done


async def test_people_meddle_with_a_dozen_runs_at_any_moment(tmp_path: Path):
    done = await meddled(tmp_path, 12)

    assert done["pause"] + done["halt"] + done["run_again"] + done["stop"] >= 6


@pytest.mark.long
async def test_people_meddle_with_hundreds_of_runs_at_any_moment(tmp_path: Path):
    done = await meddled(tmp_path, 330)

    assert done.total() >= 500  # moments; at some of them there is nothing left to meddle with
    assert min(done[name] for name in ("pause", "halt", "run_again", "stop")) >= 20
