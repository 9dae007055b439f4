"""Process death at any tick of a run, and again in recovery: nothing lost, nothing doubled, no finished call repeated."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.bot.waiting import until
from tests.kill.tales import BRIEF, POSTS, SALES, Tale
from tests.stories.town import PATIENCE_S, ROOT, Town, town

SEED = int.from_bytes(os.urandom(2))
LAST_TICK = 170  # a run of these lines ends a little later
SAMPLE = 1  # ticks that the short run tries on each


@dataclass(frozen=True)
class Trial:
    """What one run came to, and at what price."""

    kills: int
    said: list[dict[str, Any]]  # the bot's messages in the thread
    calls: Counter[tuple[str, str]]  # to the model, by task and schema
    bodies: frozenset[tuple[str, str, str]]  # task, schema and the digest of what was asked: the same after a death
    documents: list[bytes]  # of its files
    acts: int  # done elsewhere for it


@dataclass
class Killer:
    """Starts bots that end at a tick."""

    process: asyncio.subprocess.Process
    gone: set[int] = field(default_factory=set)
    pid: int = 0

    async def start(self, at: int) -> None:
        """Start a bot that ends at this tick; 0 is one that lives."""
        assert self.process.stdin is not None
        self.pid = 0
        self.process.stdin.write(f"{at}\n".encode())
        await self.process.stdin.drain()
        await until(lambda: self.pid, PATIENCE_S)

    async def listen(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            words = line.decode().split()
            if words[0] == "ended":
                self.gone.add(int(words[1]))
            else:
                self.pid = int(words[0])

    @property
    def dead(self) -> bool:
        return self.pid in self.gone

    async def end(self) -> None:
        """End the bot that lives."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        await until(lambda: self.dead)


@asynccontextmanager
async def killer(here: Town) -> AsyncIterator[Killer]:
    pipe = asyncio.subprocess.PIPE
    with (here.home / "bot.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.kill.victim",
            cwd=ROOT,
            env=here._environment(),
            stdin=pipe,
            stdout=pipe,
            stderr=log,
        )
    here_killer = Killer(process)
    listening = asyncio.ensure_future(here_killer.listen())
    try:
        yield here_killer
    finally:
        listening.cancel()
        process.kill()
        await process.wait()


async def press_what_is_asked(here: Town, tale: Tale, ts: str) -> None:
    """Press Approve wherever it is asked, as often as it takes."""
    for name, words in tale.presses:
        person = here.people[name]
        for message in await person.thread(SALES, ts):
            for block in message.get("blocks", []):
                for button in block.get("elements", []):
                    if _approves(button) and words in str(message):
                        await person.press_this(SALES, message, block, button)


def _approves(element: Any) -> bool:
    return isinstance(element, dict) and element.get("action_id") == "checkpoint_approve"


async def until_done(here: Town, bots: Killer, tale: Tale, ts: str) -> str:
    """Drive the run until its result is there and no button waits ("done"), or its bot is gone ("dead")."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            said = await here.alice.thread(SALES, ts)
            if tuple(name for name, _ in _files(said)) == tale.documents and not _waiting(said):
                return "done"
            if bots.dead:
                return "dead"
            await press_what_is_asked(here, tale, ts)
            await asyncio.sleep(0.05)


async def trial(here: Town, bots: Killer, tale: Tale, first: int, second: int) -> Trial:
    """Make a request, let its bot die at a tick, and the next one in recovery; a third brings it to its end."""
    assert here.model is not None
    before, kills, how, done = len(here.model.calls()), 0, "dead", await _acts(here, tale)
    ts = await here.alice.say(SALES, tale.request, files=tale.files)
    for at in (first, second, 0):
        if how == "dead":
            await bots.start(at)
            how = await until_done(here, bots, tale, ts)
            kills += how == "dead"
    said = await here.alice.thread(SALES, ts)
    await bots.end()
    documents = [await _content(here, address) for _, address in _files(said)]
    made = here.model.calls()[before:]
    calls = Counter((call.task, call.schema) for call in made)
    bodies = frozenset((call.task, call.schema, call.digest) for call in made)
    return Trial(kills, said, calls, bodies, documents, await _acts(here, tale) - done)


async def _acts(here: Town, tale: Tale) -> int:
    return await tale.acts(here) if tale.acts else 0


def _waiting(said: list[dict[str, Any]]) -> bool:
    """Return whether a button still waits to be pressed: every message must show the end."""
    return "checkpoint_approve" in str(said) or "run_stop" in str(said)


def _files(said: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return name and address of each file in a thread, oldest first."""
    return [(file["name"], file["url_private"]) for message in said for file in message.get("files", [])]


async def _content(here: Town, address: str) -> bytes:
    url = address if address.startswith("http") else f"{here.facts['url']}{address}"
    async with here.page.get(url, headers={"Authorization": "Bearer xoxp-alice"}) as answer:
        return await answer.read()


def check(one: Trial, unkilled: Trial) -> None:
    """Nothing lost, nothing doubled, no finished call made again."""
    ids = Counter(m["metadata"]["event_payload"]["id"] for m in one.said if m.get("metadata"))

    assert max(ids.values()) == 1, "a message was posted twice"
    assert _openings(one) == _openings(unkilled), (
        "a message was lost or doubled, or stands as it did before its end"
    )
    assert one.documents == unkilled.documents
    assert one.acts == unkilled.acts, "something was done twice, or not at all"
    assert set(one.calls) == set(unkilled.calls)
    assert max(one.calls.values()) <= 1 + one.kills, f"a finished call was made again: {one.calls}"
    assert len(one.bodies) == len(unkilled.bodies), "after a death something else was asked than before it"
    repeated = one.calls.total() - len(one.calls)
    assert repeated <= 2 * one.kills, f"more calls were repeated than were in flight: {one.calls}"


def _openings(one: Trial) -> list[str]:
    """Return how each message begins, whatever the time and the order that branches side by side said them in."""
    begun = (str((message.get("blocks") or [{}])[0].get("text", "")) for message in one.said)
    return sorted(re.sub(r"\d+", "#", words) for words in begun)


async def prove(home: Path, tale: Tale, ticks: Callable[[random.Random], Iterable[int]], seed: int) -> int:
    """Try ticks until one lies after the run's end; return how many deaths there were."""
    chance, deaths = random.Random(seed), 0
    tale.write_pages(home / "bot")
    async with town(home, tale.script, bot=False) as here, killer(here) as bots:
        unkilled = await trial(here, bots, tale, 0, 0)
        for tick in ticks(chance):
            one = await trial(here, bots, tale, tick, chance.randint(1, LAST_TICK // 2))
            again = one.calls.total() - len(one.calls)
            print(f"seed {seed}, {tale.name}, tick {tick}: {one.kills} deaths, {again} calls repeated")
            check(one, unkilled)
            deaths += one.kills
            if one.kills == 0:
                break
    return deaths


@pytest.mark.parametrize("tale", [BRIEF, POSTS], ids=lambda tale: tale.name)
async def test_death_at_a_few_ticks_loses_and_doubles_nothing(tmp_path: Path, tale: Tale):
    deaths = await prove(
        tmp_path, tale, lambda chance: sorted(chance.sample(range(1, LAST_TICK), SAMPLE)), SEED
    )

    assert deaths >= SAMPLE


@pytest.mark.long
@pytest.mark.parametrize("tale", [BRIEF, POSTS], ids=lambda tale: tale.name)
async def test_death_at_every_tick_loses_and_doubles_nothing(tmp_path: Path, tale: Tale):
    deaths = await prove(tmp_path, tale, lambda _: range(1, 2_000), SEED)

    assert deaths >= 100
