"""The record of one attempt: intent before a call, result before anything follows from it, all fenced by a token.

A finished call is never made again; after a crash at most the one that was under way is. A replay that asks something
else than the record ends loudly.

Each commit is a wait for the disk, so what belongs together is written together: the task is taken with the attempt's
first write, and a result goes along with what follows from it, the next call's intent or the outcome. Until then it is
only thought about. While another call is still under way a result does not wait: a crash would repeat both.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from agents.engine.attempt import Attempt, DivergedError, FencedError
from agents.engine.budget import CrowdedError, Purse
from agents.engine.rows import source_of
from agents.errors import ModelError
from agents.models.overnight import Ticket
from agents.models.retry import Fault, Tries, counted
from agents.stations.assignment import Source
from agents.stations.brief import Brief
from agents.stations.recording import Make, Most, Result, Spent
from agents.tools.documents import Parsed
from storage import artifacts, calls, events, reserves
from storage.database import Database, insert
from storage.reserves import Reserve
from storage.tables import Brief as BriefRow
from storage.tables import Call
from storage.words import CallKind, CallState

LOOK_S: Final = 0.1  # before another look at whether others' calls have left room, then twice as long
LONGEST_LOOK_S: Final = 2.0
TOOL_REFUSED: Final = "tool refused"  # the event of an agent that wanted a tool its role does not have


@dataclass
class RunRecorder:
    """Keeps the calls of one attempt in our rows. It follows ``agents.stations.recording.Recorder``."""

    database: Database
    attempt: Attempt
    known: dict[int, Call]
    briefs: dict[str, BriefRow]
    documents: tuple[Source, ...]
    purse: Purse
    spent: Spent = field(default_factory=Spent)
    has_made: bool = False  # a call, instead of answering all of them from the record
    _seq: int = 0
    _taken: bool = False  # whether the task carries our token
    _brief: BriefRow | None = None  # written with the intent of the call that shows it
    _results: dict[int, tuple[Result, float]] = field(default_factory=dict)  # not written yet, with its seconds, by call
    _under_way: int = 0  # calls
    _reserved: set[int] = field(default_factory=set)  # calls that something was set aside for
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    def next(self) -> int:
        """Return the next call's number."""
        self._seq += 1
        return self._seq

    async def record(
        self, seq: int, kind: CallKind, name: str, asked: Mapping[str, Any], make: Make, most: Most | None = None
    ) -> Mapping[str, Any]:
        """Return a call's result: from the record when it was finished, else by making it."""
        digest = events.digest(asked)
        row = self.known.get(seq)
        if row is not None and row.digest != digest:
            raise DivergedError(f"Call {seq} of task {self.attempt.task_key!r} is not the one on record.")
        if row is not None and row.state is CallState.DONE:
            return self._counted(Result(row.result, row.model, row.tokens, row.usd, row.priced), row.worked_s)
        if row is None:
            await self._begin(seq, most, {"kind": kind, "name": name, "digest": digest})
        elif most is not None or not self._taken:
            await self._begin(seq, most)
        with counted(self._tries(seq, most)):
            return self._counted(*await self._made(seq, make))

    async def _begin(self, seq: int, most: Most | None, about: Mapping[str, Any] | None = None) -> None:
        """Set aside what a call can cost and note that it is made, if it was not noted before.

        Raises:
            BudgetError: A cap is reached.
        """
        rest = LOOK_S
        while True:
            with suppress(CrowdedError):
                return await self._begun(seq, most, about)
            if not self._taken or self._results:
                await self.settle()  # takes the task: what its last worker set aside is under way no longer
            await asyncio.sleep(rest)
            rest = min(2 * rest, LONGEST_LOOK_S)

    async def _begun(self, seq: int, most: Most | None, about: Mapping[str, Any] | None) -> None:
        run_id, task_key, number = self.attempt.key
        brief = self._brief
        async with self._writing() as session:
            if most is not None and self.purse.counts(most):
                await self.purse.reserve(session, (*self.attempt.key, seq), self.attempt.token, most)
                self._reserved.add(seq)
            if about is not None:
                if brief is not None:
                    await insert(session, brief)
                call = {"run_id": run_id, "task_key": task_key, "attempt": number, "seq": seq}
                self._check(await calls.intend(session, self.attempt.token, {**call, **about}))
                self._brief = None

    async def _made(self, seq: int, make: Make) -> tuple[Result, float]:
        self.has_made, began = True, time.monotonic()
        self._under_way += 1
        try:
            result = await make()
            made = self._results[seq] = result, max(0.0, time.monotonic() - began - result.waited_s)
        except ModelError:
            await self._free(seq)
            raise
        finally:
            self._under_way -= 1
        if self._under_way:
            await self.settle()
        return made

    async def _free(self, seq: int) -> None:
        """Let go of what was set aside for a call that was not made: the service refused it, and that costs nothing."""
        async with self.database.write() as session:
            await reserves.free(session, (*self.attempt.key, seq))

    def _tries(self, seq: int, most: Most | None) -> Tries:
        """Return how often a call may be tried still; what was tried in vain is on record before anything follows."""
        row = self.known.get(seq)
        before = [] if row is None else [(str(part), str(why)) for part, why in row.faults]
        return Tries(before, partial(self._tried, seq, most))

    async def _tried(self, seq: int, most: Most | None, faults: Sequence[Fault], lost: bool) -> None:
        """Keep why a call was tried in vain. Where nobody knows its end, it counts as spent and is set aside anew.

        Raises:
            BudgetError: A cap is reached with it.
        """
        mine, lost = self.attempt, lost and seq in self._reserved
        async with self._writing() as session:
            if lost:
                await reserves.lose(session, mine.run_id, lambda row: self._is_mine(row) and row.seq == seq)
            self._check(await calls.tried(session, mine.token, (*mine.key, seq), faults))
        if lost:
            await self._begin(seq, most)

    def _is_mine(self, row: Reserve) -> bool:
        return row.token == self.attempt.token

    def _is_left(self, row: Reserve) -> bool:
        """Whether an earlier worker of this task set it aside and is gone; what waits in a batch is still awaited."""
        mine = row.task_key == self.attempt.task_key and not self._is_mine(row)
        ticket = self.unfinished.get(row.seq) if row.attempt == self.attempt.number else None
        return mine and not (ticket is not None and ticket.batch)

    async def note(self, seq: int, about: Mapping[str, Any]) -> None:
        """Keep something about a call under way: in which batch it waits.

        Raises:
            FencedError: Somebody else has the task.
        """
        mine = self.attempt
        async with self._writing() as session:
            self._check(await calls.note(session, mine.token, (*mine.key, seq), about))

    @property
    def unfinished(self) -> dict[int, Ticket]:
        """What is on record of model calls that were under way when this attempt was last left, by number."""
        return {
            seq: Ticket.read(row.result, row.began_at)
            for seq, row in self.known.items()
            if row.kind is CallKind.MODEL and row.state is CallState.INTENT
        }

    async def settle(self) -> None:
        """Write what is not written yet in a transaction of its own.

        Raises:
            FencedError: Somebody else has the task.
        """
        async with self._writing():
            pass

    async def give_up(self) -> None:
        """Keep the results in hand of a stage that was stopped: they cost money, whatever became of the run."""
        if self._results:
            with suppress(FencedError):
                await self.settle()

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction that begins with what is not written yet; only its commit makes that written."""
        async with self._one_at_a_time:
            async with self.database.write() as session:
                written = await self.catch_up(session)
                yield session
            self._taken = True
            for seq in written:
                del self._results[seq]

    async def catch_up(self, session: AsyncSession) -> tuple[int, ...]:
        """Write what is not written yet in the transaction of what follows from it; return which results that were.

        Raises:
            FencedError: Somebody else has the task; roll back.
        """
        mine, results = self.attempt, dict(self._results)
        if not self._taken:
            self._check(await calls.take(session, mine.key, mine.seen, mine.token))
            await reserves.lose(session, mine.run_id, self._is_left)
        for seq, made in results.items():
            await self._record(session, seq, *made)
        return tuple(results)

    async def _record(self, session: AsyncSession, seq: int, result: Result, worked_s: float) -> None:
        """Write a result; one that was given up meanwhile was charged with the most it can cost, and costs no more."""
        key = (*self.attempt.key, seq)
        if seq in self._reserved and not await reserves.free(session, key):
            result = replace(result, usd=0.0, tokens=0)
        self._check(await calls.record(session, self.attempt.token, key, {**_values(result), "worked_s": worked_s}))
        if tool := result.value.get("refused"):
            run_id, task_key, number = self.attempt.key
            await events.add(session, TOOL_REFUSED, run_id=run_id, task=task_key, attempt=number, tool=tool)

    def _check(self, kept: bool) -> None:
        if not kept:
            raise FencedError(f"Task {self.attempt.task_key!r} is somebody else's now.")

    def _counted(self, result: Result, worked_s: float) -> Mapping[str, Any]:
        self.spent.calls += 1
        self.spent.worked_s += worked_s
        self.spent.tokens += result.tokens
        self.spent.usd += result.usd
        return result.value

    async def keep(self, brief: Brief) -> Brief:
        """Return the brief as it was first shown in this attempt; what people say meanwhile waits for the next one.

        A new one is written with the intent of the call that shows it.
        """
        if (there := self.briefs.get(brief.name)) is not None:
            return Brief(there.name, there.role, there.system, there.text, tuple(there.manifest))
        mine = self.attempt
        self._brief = self.briefs[brief.name] = BriefRow(
            run_id=mine.run_id,
            task_key=mine.task_key,
            attempt=mine.number,
            name=brief.name,
            role=brief.role,
            system=brief.system,
            text=brief.text,
            manifest=[dict(entry) for entry in brief.manifest],
            digest=brief.digest,
        )
        return brief

    async def add_document(self, origin: str, parsed: Parsed, problem: str = "") -> Source:
        """Return a document of the run; the same origin is kept once."""
        spans = [[span.label, span.start, span.end] for span in parsed.spans]
        async with self._writing() as session:
            row = await artifacts.add_document(
                session,
                self.attempt.run_id,
                origin,
                name=parsed.name,
                media_type=parsed.media_type,
                text=parsed.text,
                spans=spans,
                problem=problem,
            )
        source = source_of(row)
        if source.id not in {known.id for known in self.documents}:
            self.documents = (*self.documents, source)
        return source


def _values(result: Result) -> dict[str, Any]:
    said = {name: getattr(result, name) for name in ("model", "tokens", "usd", "priced")}
    return {"result": dict(result.value), **said}
