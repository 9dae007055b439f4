"""The record of one attempt: intent before a call, result before it is used, all fenced by the task's token.

A finished call is never made again; after a crash at most the one that was under way is. A replay that asks something
else than the record ends loudly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.engine.rows import source_of
from agents.errors import AgentsError
from agents.stations.assignment import Source
from agents.stations.brief import Brief
from agents.stations.recording import Make, Result, Spent
from agents.tools.documents import Parsed
from storage import artifacts, calls, events
from storage.database import Database, insert
from storage.tables import Brief as BriefRow
from storage.tables import Call
from storage.words import CallKind, CallState


class FencedError(AgentsError):
    """Another attempt or worker has this task now: whoever sees this stops, silently."""


class DivergedError(AgentsError):
    """A replay asked something else than what is on record."""


@dataclass(frozen=True)
class Attempt:
    """One attempt at one task, and the token that lets it write."""

    run_id: str
    task_key: str
    number: int
    token: str


@dataclass
class RunRecorder:
    """Keeps the calls of one attempt in our rows. It follows ``agents.stations.recording.Recorder``."""

    database: Database
    attempt: Attempt
    known: dict[int, Call]
    briefs: dict[str, BriefRow]
    documents: tuple[Source, ...]
    spent: Spent = field(default_factory=Spent)
    _seq: int = 0
    _unwritten: BriefRow | None = None

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
        if row is None:
            await self._intend(seq, kind, name, digest)
        return self._counted(await self._made(seq, make))

    async def _intend(self, seq: int, kind: CallKind, name: str, digest: str) -> None:
        mine = self.attempt
        call = {"run_id": mine.run_id, "task_key": mine.task_key, "attempt": mine.number, "seq": seq}
        brief, self._unwritten = self._unwritten, None
        async with self.database.write() as session:
            if brief is not None:
                await insert(session, brief)
            kept = await calls.intend(
                session, mine.token, {**call, "kind": kind, "name": name, "digest": digest}
            )
            if not kept:
                raise FencedError(f"Task {mine.task_key!r} is somebody else's now.")

    async def _made(self, seq: int, make: Make) -> Result:
        result, mine = await make(), self.attempt
        values = {
            "result": dict(result.value),
            "model": result.model,
            "tokens": result.tokens,
            "usd": result.usd,
            "priced": result.priced,
        }
        async with self.database.write() as session:
            kept = await calls.record(
                session, mine.token, (mine.run_id, mine.task_key, mine.number, seq), values
            )
        if not kept:
            raise FencedError(f"Task {mine.task_key!r} is somebody else's now.")
        return result

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
        self._unwritten = self.briefs[brief.name] = BriefRow(
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
        async with self.database.write() as session:
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
