"""How long a decision takes: the vote, the audit log, the messages and the stage it starts, in one transaction.

    python -m bench.deciding [--samples 400] [--at-once 8]     prints one line of JSON

``press`` runs while ``Engine.decide`` does, ``commit`` while its transaction holds the database, from the lock to the
end of the commit. ``alone``: one press after the other, each once the work before it has come to rest. ``at_once``: so
many people press in the same moment, each in a run of their own; they wait for each other, and for the work of those
who came first, which has begun meanwhile. Milliseconds.
"""

import argparse
import asyncio
import json
import logging
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from agents.engine import engine as doors
from bench.rigs.engine import ALICE, BOB, Direct, Rig, ours
from storage.policy import Person
from storage.tables import Checkpoint

PRESSES: Final = 2  # a run: on its plan, and on its draft
WARM_UP: Final = 3  # waves that are not counted


Took = list[float]
Figures = dict[str, float]


class Commits:
    """How long the transactions of decisions held the database, newest last."""

    def __init__(self) -> None:
        self.took: Took = []
        of: Any = doors
        self._transition, of.transition = of.transition, self._timed

    @asynccontextmanager
    async def _timed(self, *about: Any, **named: Any) -> AsyncIterator[Any]:
        async with self._transition(*about, **named) as moving:
            began = time.perf_counter()
            yield moving
        self.took.append((time.perf_counter() - began) * 1e3)


async def timed(rig: Rig, shown: Checkpoint, person: Person) -> float:
    """Return how many milliseconds a press takes to be decided."""
    began = time.perf_counter()
    await rig.decide(shown, person)
    return (time.perf_counter() - began) * 1e3


async def wave(rig: Rig, first: int, size: int) -> Took:
    """Open so many runs and let each decision of theirs be made by all at once; return what each press took."""
    runs = [await rig.open_run(number) for number in range(first, first + size)]
    took: Took = []
    for person in (ALICE, BOB):
        asked = [await rig.until_waiting(run_id) for run_id in runs]
        shown = [await rig.shown(checkpoint_id) for checkpoint_id in asked]
        took += await asyncio.gather(*(timed(rig, one, person) for one in shown))
    for run_id in runs:
        await rig.until_waiting(run_id)
    return took


async def sample(rig: Rig, commits: Commits, samples: int, size: int) -> dict[str, Any]:
    """Return the figures of many decisions, ``size`` of them at once."""
    took: Took = []
    commits.took.clear()
    for number in range(-(-samples // (PRESSES * size))):
        took += await wave(rig, 100_000 * size + number * size, size)
    return {"decisions": len(took), "press": figures(took), "commit": figures(commits.took)}


def figures(took: Sequence[float]) -> Figures:
    """Return the middle, the 99th of a hundred, and the most."""
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    found = {"p50": cuts[49], "p99": cuts[98], "most": max(took)}
    return {name: round(value, 1) for name, value in found.items()}


async def main() -> None:
    """Measure one after the other, then many at once."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--samples", type=int, default=400)
    arguments.add_argument("--at-once", type=int, default=8)
    asked = arguments.parse_args()
    logging.disable(logging.INFO)
    async with ours(Direct()) as rig:
        await rig.engine.start()
        commits = Commits()
        for number in range(WARM_UP):
            await wave(rig, number * asked.at_once, asked.at_once)
        alone = await sample(rig, commits, asked.samples, 1)
        together = await sample(rig, commits, asked.samples, asked.at_once)
    print(json.dumps({"alone": alone, f"at_once_{asked.at_once}": together}))


if __name__ == "__main__":
    asyncio.run(main())
