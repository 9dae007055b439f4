"""CPU and wall time of one run: plan, 8 tasks side by side, review, checkpoint, resume, synthesis; a model that takes 0 ms.

    python -m bench.one_run [--runs 20]     prints one line of JSON

Beside it, LangGraph with its SQLite saver does the same work with bare functions. Two of our figures: with the
Anthropic client in between (what a real run pays), and with the door answering at once (what the engine alone costs).
It takes turns with each, so that a busy machine slows both alike; figures are medians, ``times_langgraph`` is the
median of the ratios of neighbours. ``statements`` and ``writes`` (transactions that wrote, each a wait for the disk) of
a whole run do not depend on the machine. CPU is the whole process's, the engine's own threads included.
"""

import argparse
import asyncio
import gc
import json
import logging
import statistics
from collections.abc import Mapping, Sequence
from typing import Any, Final

from agents.models.client import Door
from bench.rigs.engine import Direct, Rig, Transport, ours
from bench.rigs.graph import Graph, langgraph
from bench.rigs.measuring import Counted

WARM_UP: Final = 3  # runs that are not counted
COUNTED: Final = 3  # runs whose statements are counted

Laps = list[dict[str, float]]


async def in_turns(count: int, rig: Rig, graph: Graph) -> tuple[Laps, Laps]:
    """Return the figures of both, taken in turns; the first few are not kept."""
    mine: Laps = []
    beside: Laps = []
    for number in range(count + WARM_UP):
        gc.collect()
        beside.append(await graph.run(number))
        gc.collect()
        mine.append(await rig.run(number))
    return mine[WARM_UP:], beside[WARM_UP:]


async def counted(rig: Rig, first: int) -> dict[str, float]:
    """Return how many statements, and transactions that wrote, one run takes from its request to its end."""
    counter = Counted()
    for number in range(first, first + COUNTED):
        await rig.run(number)
    counter.close()
    return {name: round(found / COUNTED, 1) for name, found in sorted(counter.found.items())}


def medians(laps: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the median of every figure."""
    return {name: round(statistics.median(lap[name] for lap in laps), 1) for name in laps[0]}


def times(laps: Laps, beside: Laps) -> float:
    """Return how many times a neighbour's CPU was used up to the pause."""
    pairs = zip(laps, beside, strict=True)
    return round(statistics.median(a["cpu_to_pause"] / b["cpu_to_pause"] for a, b in pairs), 1)


async def measure(count: int, door: Any) -> dict[str, Any]:
    """Return our medians, LangGraph's beside them, and the counts of one run."""
    async with langgraph() as graph, ours(door) as rig:
        await rig.engine.start()
        mine, beside = await in_turns(count, rig, graph)
        counts = await counted(rig, count + WARM_UP)
    figures = {**medians(mine), "times_langgraph": times(mine, beside), **counts}
    return {"ours": figures, "langgraph": medians(beside)}


def client() -> Door:
    """Return the real client in front of the scripted model."""
    ids = {"fast": "claude-haiku-5-5", "strong": "claude-sonnet-5-5", "best": "claude-opus-5-5"}
    return Door.open(api_key="k", base_url="http://127.0.0.1:9", transport=Transport(), **ids)


async def main() -> None:
    """Measure the engine alone, then with the client in between."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--runs", type=int, default=20)
    count = arguments.parse_args().runs
    logging.disable(logging.INFO)
    direct = await measure(count, Direct())
    print(json.dumps({"direct": direct, "client": await measure(count, client())}))


if __name__ == "__main__":
    asyncio.run(main())
