"""Runs that people meddle with at any moment, and what began when."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from sqlalchemy.ext.asyncio import AsyncSession

from agents.engine.attempt import Attempt
from agents.engine.engine import Asked
from agents.engine.recording import RunRecorder
from storage import artifacts
from storage.checkpoints import Press
from storage.errors import NotFoundError, RefusedError
from storage.policy import Person
from storage.tables import Checkpoint, OutboxMessage
from storage.words import ENDED, CheckpointState, MessageKind, RunState, TaskState, VoteAnswer
from tests.workshop import ALICE, BOB, Workshop, brief_text, comparison, research, triage, verdict, written

SLOW_MS: Final = 60  # an answer of the model
REQUEST: Final = "compare Haulwren and Ternway for the sales team; keep it under 900 words"
AGAIN: Final = ("research-1", "research-2", "comparison", "brief")
STILL_S: Final = 0.25  # how long is watched that nothing begins
_DEED: ContextVar[list[float] | None] = ContextVar("_DEED", default=None)


def script() -> list[dict[str, Any]]:
    """A small line, for any number of runs: two readers, an analyst, a reviewed writer."""
    inputs = [
        {"name": "audience", "value": "the sales team"},
        {"name": "competitors", "value": "Haulwren, Ternway"},
    ]
    first = triage(constraints=["keep it under 900 words"], inputs=inputs)
    readers = [research(f"research-{number}", word) for number, word in ((1, "Haulwren"), (2, "Ternway"))]
    brief = written(brief_text().replace("F301", "F201"))
    lines = (first, *readers, comparison(), brief, verdict())
    return [{**line, "times": "*", "latency_ms": SLOW_MS} for line in lines]


@dataclass
class Began:
    """When calls to models and tools began, a run, on the clock of ``time.perf_counter``."""

    calls: dict[str, list[float]] = field(default_factory=dict)
    under_way: int = 0

    def after(self, run_id: str, moment: float) -> int:
        """Return how many calls of a run began after a moment."""
        return sum(at > moment for at in self.calls.get(run_id, []))


@contextmanager
def watched() -> Iterator[Began]:
    """Note each moment at which a call begins, and at which a transaction of a deed has just committed."""
    began = Began()
    made: Any = RunRecorder._made
    commit = AsyncSession.commit

    async def noted(self: RunRecorder, *about: Any) -> Any:
        attempt: Attempt = self.attempt
        began.calls.setdefault(attempt.run_id, []).append(time.perf_counter())
        began.under_way += 1
        try:
            return await made(self, *about)
        finally:
            began.under_way -= 1

    async def committed(self: AsyncSession) -> None:
        await commit(self)
        if (moments := _DEED.get()) is not None:
            moments.append(time.perf_counter())

    RunRecorder._made, AsyncSession.commit = noted, committed  # type: ignore[method-assign]
    try:
        yield began
    finally:
        RunRecorder._made, AsyncSession.commit = made, commit  # type: ignore[method-assign]


async def first_commit(deed: Awaitable[Any]) -> tuple[float, float]:
    """Do something and return when its first transaction had committed, and how many seconds all of it took."""
    moments: list[float] = []
    token, asked = _DEED.set(moments), time.perf_counter()
    try:
        await deed
    finally:
        _DEED.reset(token)
    return moments[0], time.perf_counter() - asked


@dataclass
class Trial:
    """One run in a workspace of its own, somebody who decides, and somebody who meddles."""

    shop: Workshop
    began: Began
    number: int
    chance: random.Random
    run_id: str = ""
    longest_s: float = 0.0  # that a deed took
    look_s: ClassVar[float] = 0.02  # seconds between two looks at what is asked
    done: Counter[str] = field(default_factory=Counter)

    @property
    def team(self) -> str:
        return f"T{self.number}"

    def person(self, who: Person) -> Person:
        """Return somebody as a full member and admin of this workspace."""
        return who.model_copy(update={"team": self.team, "admin": True})

    async def ask(self) -> None:
        ts = f"{self.number}.000100"
        files = ({"id": "F1", "name": "competitors/price-survey.csv"},)
        self.run_id = await self.shop.engine.open_run(
            Asked(self.team, "C0GENERAL", ts, ts, ALICE.id, REQUEST, files)
        )

    async def decided(self) -> RunState:
        """Approve whatever is asked until the run has ended; return how."""
        while (run := await self.shop.run(self.run_id)).state not in ENDED:
            for asked in await self.shop.rows(Checkpoint, self.run_id):
                if asked.state is CheckpointState.OPEN:
                    with suppress(RefusedError):  # withdrawn meanwhile
                        await self._approve(asked)
            await asyncio.sleep(self.look_s)
        return run.state

    async def _approve(self, asked: Checkpoint) -> None:
        pointer = {"checkpoint_id": asked.id, "version": asked.version, "nonce": asked.nonce}
        person = self.person(ALICE if asked.kind.value == "plan" else BOB)
        await self.shop.engine.decide(Press(**pointer, answer=VoteAnswer.APPROVE), person)

    async def meddle(self, within_s: float) -> None:
        """Do one to three things at moments of chance, then let the run go on."""
        for _ in range(self.chance.randint(1, 3)):
            await asyncio.sleep(self.chance.uniform(0, within_s))
            await self._do(self.chance.choice((self._pause, self._halt, self._run_again)))

    async def stop(self, within_s: float) -> None:
        """Stop the run at a moment of chance; no call begins any more."""
        await asyncio.sleep(self.chance.uniform(0, within_s))
        await self._do(self._stop)

    async def _do(self, deed: Callable[[], Awaitable[None]]) -> None:
        name = deed.__name__.strip("_")
        try:
            await deed()
        except (RefusedError, NotFoundError):
            name = f"{name} too late"
        self.done[name] += 1

    async def _stop(self) -> None:
        before = await self.wanted()
        await self._stands(self.shop.engine.stop_run(self.run_id, self.person(ALICE)))

        assert await self.wanted() > before, "the status message does not say it"

    async def _pause(self) -> None:
        before = await self.wanted()
        await self._stands(self.shop.engine.controls.pause(self.run_id, self.person(BOB)))

        assert await self.wanted() > before, "the status message does not say it"
        await self.shop.engine.controls.resume(self.run_id, self.person(ALICE))

    async def _halt(self) -> None:
        await self._stands(self.shop.engine.controls.halt(self.team, self.person(BOB), "Look at this."))
        await self.shop.engine.controls.lift(self.team, self.person(BOB))

    async def _run_again(self) -> None:
        task = self.chance.choice(AGAIN)
        _, lasted = await first_commit(
            self.shop.engine.controls.run_again(self.run_id, self.person(ALICE), task)
        )
        self.longest_s = max(self.longest_s, lasted)

    async def _stands(self, deed: Awaitable[Any]) -> None:
        """Do something after which nothing may begin, and see that nothing does."""
        moment, lasted = await first_commit(deed)
        self.longest_s = max(self.longest_s, lasted)
        await asyncio.sleep(self.chance.uniform(0, STILL_S))

        assert self.began.after(self.run_id, moment) == 0, "a call began after the commit"

    async def wanted(self) -> int:
        """Return which version of the status message is to be shown."""
        (status,) = [
            m for m in await self.shop.rows(OutboxMessage, self.run_id) if m.kind is MessageKind.STATUS
        ]
        return int(status.wanted)

    async def document(self) -> str:
        """Return what the run delivered."""
        async with self.shop.database.read() as session:
            found = await artifacts.handoffs(session, self.run_id)
            return (await artifacts.texts(session, [found["brief"].artifact_id]))[found["brief"].artifact_id]

    async def unfinished(self) -> list[str]:
        """Return the tasks that are not done."""
        return [
            key
            for key, task in (await self.shop.tasks(self.run_id)).items()
            if task.state is not TaskState.DONE
        ]
