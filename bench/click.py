"""How soon work goes on after a press: from the decision to the first line of the stage it starts.

    python -m bench.click [--samples 200] [--busy 20] [--model-s 2.0]     prints one line of JSON

The clock runs from the call of ``Engine.decide`` to the first line of the next stage (the plan's first reader, or the
synthesis after the draft), so it holds the decision's transaction, the claim, and the way to the loop. First alone, then
while ``--busy`` other runs work without end, with a model that takes ``--model-s`` seconds an answer. Milliseconds.
"""

import argparse
import asyncio
import json
import logging
import statistics
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from bench.rigs.engine import ALICE, BOB, Direct, Rig, answer, ours
from bot import garbage

BUSY: Final = "busy"  # the request of the runs beside
WARM_UP: Final = 5  # runs


class Paced(Direct):
    """The scripted model; it takes its time for the runs beside, and none for those that are measured."""

    def __init__(self, model_s: float) -> None:
        self._model_s = model_s

    async def call(self, params: dict[str, Any], total_s: float) -> dict[str, Any]:
        if f"\n{BUSY}\n" in json.dumps(params["messages"]).replace("\\n", "\n"):
            await asyncio.sleep(self._model_s)
        return answer(params)


class Starts:
    """When a run's next stage begins."""

    def __init__(self, rig: Rig) -> None:
        self._waiting: dict[str, asyncio.Future[float]] = {}
        stages: Any = rig.engine._stages
        self._work = stages.run
        stages.run = self._begin

    async def _begin(self, run_id: str, task_key: str, attempt: int) -> None:
        if (waiting := self._waiting.pop(run_id, None)) is not None:
            waiting.set_result(time.perf_counter())
        await self._work(run_id, task_key, attempt)

    def next(self, run_id: str) -> asyncio.Future[float]:
        """Return the moment this run's next stage begins."""
        self._waiting[run_id] = asyncio.get_running_loop().create_future()
        return self._waiting[run_id]


async def one_run(rig: Rig, starts: Starts, number: int) -> list[float]:
    """Return milliseconds from each of a run's two decisions to the stage it starts."""
    run_id = await rig.open_run(number)
    took = []
    for person in (ALICE, BOB):
        asked = await rig.until_waiting(run_id)
        started = starts.next(run_id)
        shown = await rig.shown(asked)
        pressed = time.perf_counter()
        await rig.decide(shown, person)
        took.append((await started - pressed) * 1e3)
    await rig.until_waiting(run_id)
    return took


async def keep_busy(rig: Rig, number: int) -> None:
    """Do one run after the other, for as long as this task lives."""
    while True:
        run_id = await rig.open_run(number, BUSY)
        for person in (ALICE, BOB):
            await rig.press(await rig.until_waiting(run_id), person)
        await rig.until_waiting(run_id)
        number += 1


@asynccontextmanager
async def beside(rig: Rig, count: int, model_s: float) -> AsyncIterator[None]:
    """Keep this many runs at work, until the block ends."""
    tasks = [asyncio.create_task(keep_busy(rig, 1_000_000 * (n + 1))) for n in range(count)]
    await asyncio.sleep(2 * model_s)  # until they are at work
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def sample(rig: Rig, starts: Starts, first: int, samples: int) -> Mapping[str, float]:
    """Return how long many decisions took to have an effect."""
    took: list[float] = []
    for number in range(first, first + samples // 2):
        took += await one_run(rig, starts, number)
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p99": round(cuts[98], 1), "most": round(max(took), 1)}


async def main() -> None:
    """Measure alone, then beside others."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--samples", type=int, default=200)
    arguments.add_argument("--busy", type=int, default=20)
    arguments.add_argument("--model-s", type=float, default=2.0)
    asked = arguments.parse_args()
    logging.disable(logging.INFO)
    async with ours(Paced(asked.model_s)) as rig:
        starts = Starts(rig)
        await rig.engine.start()
        garbage.leave_what_is_loaded()  # as the product does
        await sample(rig, starts, 0, 2 * WARM_UP)
        alone = await sample(rig, starts, 1_000, asked.samples)
        async with beside(rig, asked.busy, asked.model_s):
            busy = await sample(rig, starts, 10_000, asked.samples)
    print(json.dumps({"alone": alone, f"beside_{asked.busy}_runs": busy}))


if __name__ == "__main__":
    asyncio.run(main())
