"""The record of one attempt: intent before a call, result before anything follows from it, all fenced by a token.

A finished call is never made again; after a crash at most the one that was under way is. A replay that asks something
else than the record ends loudly.

Each commit is a wait for the disk, so what belongs together is written together: the task is taken with the attempt's
first write, and a result goes along with what follows from it, the next call's intent or the outcome. Until then it is
only thought about. While another call is still under way a result does not wait: a crash would repeat both.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from agents.engine.budget import Purse
from agents.engine.rows import source_of
from agents.errors import AgentsError
from agents.models.overnight import Ticket
from agents.stations.assignment import Source
from agents.stations.brief import Brief
from agents.stations.recording import Make, Result, Spent
from agents.tools.documents import Parsed
from storage import artifacts, calls, events
from storage.database import Database, insert
from storage.tables import Brief as BriefRow
from storage.tables import Call, Task
from storage.words import UNDER_WAY, CallKind, CallState, TaskState


class FencedError(AgentsError):
    """Another attempt or worker has this task now: whoever sees this stops, silently."""


class DivergedError(AgentsError):
    """A replay asked something else than what is on record."""


@dataclass(frozen=True)
class Attempt:
    """One attempt at one task, the token that lets it write, and the one that was there when it looked."""

    run_id: str
    task_key: str
    number: int
    token: str
    seen: str

    @property
    def key(self) -> tuple[str, str, int]:
        """Return run, task and number."""
        return self.run_id, self.task_key, self.number

    def holds(self, task: Task) -> bool:
        """Return whether the task is still this attempt's to end."""
        mine = (self.number, TaskState.WORKING, self.token)
        return (task.attempt, task.state, task.token) == mine

    def is_of(self, task: Task) -> bool:
        """Return whether the task is still at this attempt, taken by it or not yet."""
        return task.attempt == self.number and task.state in UNDER_WAY and task.token in {self.token, self.seen}


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
    _seq: int = 0
    _taken: bool = False  # whether the task carries our token
    _brief: BriefRow | None = None  # written with the intent of the call that shows it
    _results: dict[int, Result] = field(default_factory=dict)  # not written yet, by call
    _under_way: int = 0  # calls
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def replaying(self) -> bool:
        """Whether the next call is answered from the record."""
        row = self.known.get(self._seq + 1)
        return row is not None and row.state is CallState.DONE

    def next(self) -> int:
        """Return the next call's number."""
        self._seq += 1
        return self._seq

    async def record(
        self, seq: int, kind: CallKind, name: str, asked: Mapping[str, Any], make: Make
    ) -> Mapping[str, Any]:
        """Return a call's result: from the record when it was finished, else by making it."""
        digest = events.digest(asked)
        row = self.known.get(seq)
        if row is not None and row.digest != digest:
            raise DivergedError(f"Call {seq} of task {self.attempt.task_key!r} is not the one on record.")
        if row is not None and row.state is CallState.DONE:
            return self._counted(Result(row.result, row.model, row.tokens, row.usd, row.priced))
        if kind is CallKind.MODEL:
            await self._afford()
        if row is None:
            await self._intend(seq, kind, name, digest)
        elif not self._taken:
            await self.settle()
        return self._counted(await self._made(seq, make))

    async def _afford(self) -> None:
        """Let one more model call be made, or raise BudgetError; what this attempt has not written yet counts."""
        if self.purse.is_limited:
            await self.purse.check(sum(result.usd for result in self._results.values()))

    async def _intend(self, seq: int, kind: CallKind, name: str, digest: str) -> None:
        run_id, task_key, number = self.attempt.key
        call = {"run_id": run_id, "task_key": task_key, "attempt": number, "seq": seq}
        about = {"kind": kind, "name": name, "digest": digest}
        brief = self._brief
        async with self._writing() as session:
            if brief is not None:
                await insert(session, brief)
            self._check(await calls.intend(session, self.attempt.token, {**call, **about}))
        self._brief = None

    async def _made(self, seq: int, make: Make) -> Result:
        self._under_way += 1
        try:
            result = self._results[seq] = await make()
        finally:
            self._under_way -= 1
        if self._under_way:
            await self.settle()
        return result

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
        for seq, result in results.items():
            self._check(await calls.record(session, mine.token, (*mine.key, seq), _values(result)))
        return tuple(results)

    def _check(self, kept: bool) -> None:
        if not kept:
            raise FencedError(f"Task {self.attempt.task_key!r} is somebody else's now.")

    def _counted(self, result: Result) -> Mapping[str, Any]:
        self.spent.calls += 1
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
    return {
        "result": dict(result.value),
        "model": result.model,
        "tokens": result.tokens,
        "usd": result.usd,
        "priced": result.priced,
    }
