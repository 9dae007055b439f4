"""How soon a press is acknowledged while the bot is busy: the real bot, over Socket Mode, in the built-in workspace.

    python -m bench.acknowledging [--seconds 60] [--rate 50] [--busy 20] [--model-s 2.0] [--at-once 1]

Prints one line of JSON.

``--busy`` runs work all the time, with ``--at-once`` agents each and a model that takes ``--model-s`` seconds an answer;
whenever one ends, the plan of the next is approved. Meanwhile ``--rate`` buttons a second are pressed: half of them by
people who may not decide, which the audit log keeps, half on cards that were decided before. The clock runs from the
moment a press is due to the bot's acknowledgement. ``lost``: not acknowledged within Slack's 3 s. ``not_kept``: presses
that belong in the log and are not there, because Slack did not say in time who pressed. Milliseconds; ``cpu`` is the
percentage of one core that each process used, ``here`` being the one that presses and answers as the model, and
``starved`` the percentage of the time for which the bot wanted a core that other programs had: figures count where it is
small.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bench.rigs.product import Card, Product, product

CHANNELS: Final = ("C0GENERAL", "C0SALES", "C0LEGAL")
PATIENCE_S: Final = 240.0  # until every card stands in its thread: Slack takes one message a second
LOOK_S: Final = 0.25
OPEN: Final = "SELECT count(*) FROM checkpoint WHERE state = 'OPEN'"
WORKING: Final = "SELECT count(*) FROM run WHERE state = 'WORKING'"
REFUSED: Final = "SELECT count(*) FROM event WHERE kind = 'vote refused'"
VOTES: Final = "SELECT count(*) FROM event WHERE kind = 'vote'"


@dataclass
class Presses:
    """What became of the presses so far."""

    took: list[float] = field(default_factory=list)  # milliseconds
    late: list[float] = field(default_factory=list)  # how much too late this process pressed
    lost: int = 0
    forbidden: int = 0  # by people who may not decide, acknowledged
    approved: int = 0  # by who may, acknowledged
    busy: list[int] = field(default_factory=list)  # runs at work, at each look


class Load:
    """Cards that wait, cards that are decided, and who presses on them."""

    def __init__(self, here: Product, cards: Sequence[Card]) -> None:
        self._here, self._waiting, self._decided = here, list(cards), list[Card]()
        self.presses = Presses()
        self.over = False

    async def press(self, number: int, due: float) -> None:
        """Press as somebody who may not, or on what is decided."""
        stale = bool(number % 2) and bool(self._decided)
        cards = self._decided if stale else self._waiting
        person = ("bob", "carol")[number // 2 % 2]
        self.presses.late.append((time.perf_counter() - due) * 1e3)
        ok = await self._here.press(person, cards[number % len(cards)])
        self.presses.took.append((time.perf_counter() - due) * 1e3)
        self.presses.lost += not ok
        self.presses.forbidden += ok and not stale

    async def keep_busy(self, count: int) -> None:
        """Keep this many runs at work, as long as plans wait, until it is over."""
        while not self.over:
            at_work = self._here.count(WORKING)
            self.presses.busy.append(at_work)
            for _ in range(count - at_work):
                await self._approve()
            await asyncio.sleep(LOOK_S)

    async def _approve(self) -> None:
        if len(self._waiting) > 1:  # one stays for those who may not
            card, began = self._waiting.pop(), time.perf_counter()
            ok = await self._here.press("alice", card)
            self.presses.took.append((time.perf_counter() - began) * 1e3)
            self.presses.lost += not ok
            self.presses.approved += ok
            self._decided.append(card)


async def prepared(here: Product, count: int) -> list[Card]:
    """Ask for this many runs and return their cards once all of them wait for a decision on their plan."""
    for number in range(count):
        request = f"<@U0JIDOKA> bench {number}"
        await here.api("alice", "chat.postMessage", channel=CHANNELS[number % len(CHANNELS)], text=request)
    end = time.monotonic() + PATIENCE_S
    while here.count(OPEN) < count or len(cards := await here.cards()) < count:
        if time.monotonic() > end:
            raise RuntimeError(
                f"Of {count} plans only {here.count(OPEN)} were asked about in {PATIENCE_S:g} s."
            )
        await asyncio.sleep(1.0)
    return cards


async def loaded(load: Load, asked: argparse.Namespace) -> None:
    """Press at this rate, whether or not earlier presses are answered yet."""
    busy = asyncio.create_task(load.keep_busy(asked.busy))
    await asyncio.sleep(2 * asked.model_s)  # until the first are at work
    began, pressing = time.perf_counter(), set[asyncio.Task[None]]()
    for number in range(int(asked.rate * asked.seconds)):
        due = began + number / asked.rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        task = asyncio.create_task(load.press(number, due))
        pressing.add(task)
        task.add_done_callback(pressing.discard)
    await asyncio.gather(*pressing)
    load.over = True  # a press under way is still counted
    await busy


def figures(here: Product, presses: Presses) -> dict[str, Any]:
    """Return the figures of what became of the presses."""
    cuts = statistics.quantiles(presses.took, n=100, method="inclusive")
    took = {"p50": cuts[49], "p99": cuts[98], "most": max(presses.took), "late_most": max(presses.late)}
    counts = {"presses": len(presses.took), "lost": presses.lost, "decisions": presses.approved}
    counts |= {"not_kept": presses.forbidden - here.count(REFUSED) + presses.approved - here.count(VOTES)}
    busy = round(statistics.mean(presses.busy), 1)
    return {name: round(value, 1) for name, value in took.items()} | counts | {"runs_busy": busy}


async def used(here: Product, deed: Awaitable[None]) -> dict[str, Any]:
    """Return what of the machine something took."""
    before, starved, began = here.cpu_s(), here.starved_s(), time.perf_counter()
    await deed
    lasted = time.perf_counter() - began
    cpu = {name: round((now - before[name]) / lasted * 100) for name, now in here.cpu_s().items()}
    return {"cpu": cpu, "starved": round((here.starved_s() - starved) / lasted * 100)}


async def main() -> None:
    """Measure once."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=float, default=60.0)
    arguments.add_argument("--rate", type=float, default=50.0)
    arguments.add_argument("--busy", type=int, default=20)
    arguments.add_argument("--runs", type=int, default=90, help="plans that wait when it begins")
    arguments.add_argument("--model-s", type=float, default=2.0)
    arguments.add_argument("--at-once", type=int, default=1, help="agents of a run, up to 6")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        policy = f"at_once = {asked.at_once}\n"
        async with product(Path(folder), model_s=asked.model_s, policy=policy) as here:
            load = Load(here, await prepared(here, asked.runs))
            machine = await used(here, loaded(load, asked))
            await asyncio.sleep(1.0)  # what was acknowledged first is written by then
            print(json.dumps(figures(here, load.presses) | machine))


if __name__ == "__main__":
    asyncio.run(main())
