"""The executor's side of an effect: cleared before each attempt, in the transaction that notes the attempt."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from agents.engine import effects
from agents.engine.effects import BEGUN, DONE, NOT_DONE, REFUSED, Approved, Order
from agents.engine.ground import Ground
from agents.engine.transitions import Transition, transition
from agents.errors import AgentsError
from agents.tools.servers import ToolServers
from storage import checkpoints, halts, outbox, runs
from storage.errors import NotFoundError
from storage.tables import Checkpoint, OutboxMessage
from storage.words import ENDED, MessageKind, MessageState

RUN_ENDED: Final = "the run had ended before"
BEGUN_ANEW: Final = "its task was begun anew before"
BROKEN: Final = "what people decided on cannot be read any more"
WAITS: Final = "This waits: the run is paused, or everything is stopped."
TOLD: Final = "“{what}” to {where} was not done: {why}. The run goes on without it."
NOTHING_SENT: Final = "“{what}” to {where} was refused: {why}. Nothing was sent, and the audit log has it."
LONGEST_ANSWER: Final = 2_000  # characters of what a tool answered
_APPROVED: Final = "checkpoint approved"  # the line of the audit log that a decision writes


class NotNowError(AgentsError):
    """Everything is stopped, or the run is paused: an approved effect waits."""


@dataclass(frozen=True)
class Cleared:
    """One attempt at an effect: exactly what to do now."""

    row_id: str
    team: str
    payload: Mapping[str, Any]


class Executor:
    """What the outbox asks before it does an effect, and tells afterwards.

    Args:
        ground: What transitions stand on.
        tell: Called after every commit that may have queued messages or stages.
        servers: Tools of other programs, that some effects are done with.
    """

    def __init__(self, ground: Ground, tell: Callable[[], None], servers: ToolServers) -> None:
        self._ground, self._tell, self._servers = ground, tell, servers

    async def begin(self, row_id: str) -> Cleared | None:
        """Clear one attempt and note it; None when it is settled that it is not done.

        Raises:
            NotNowError: It waits, for the workspace is halted or the run is paused.
            NotFoundError: There is no such row.
        """
        await self._check_now(row_id)
        async with self._moving(row_id) as (moving, row):
            if moving.run.paused or await halts.is_on(moving.session, moving.run.team):
                raise NotNowError(WAITS)
            cleared = await _cleared(moving, row)
        self._tell()
        return cleared

    def check_still(self, cleared: Cleared) -> None:
        """Look once more in the moment of the call: a halt may have come since.

        Raises:
            NotNowError: It has.
        """
        if cleared.team in self._ground.halted:
            raise NotNowError(WAITS)

    async def act(self, cleared: Cleared) -> str:
        """Do with a tool of another program exactly what was approved; return what it answers.

        Raises:
            ToolError: It was not done; says why.
            UnsureError: It was begun, and nobody knows what became of it.
        """
        approved = cleared.payload
        return await self._servers.use(approved["target"]["tool"], approved["arguments"], approved["manifest"])

    async def done(self, row_id: str, ts: str, permalink: str, answer: str = "") -> None:
        """Note that an effect was done, where and when, and what was answered; the run goes on."""
        async with self._moving(row_id) as (moving, row):
            if _is_due(row):
                said = {"ts": ts, "delivered": row.wanted, "error": "", "not_before": None}
                await outbox.change(moving.session, row.id, **said)
                checkpoint = await checkpoints.get(moving.session, row.checkpoint_id)
                told = {"answer": answer[:LONGEST_ANSWER]} if answer else {}
                await effects.end(moving, checkpoint, DONE, ts=ts, permalink=permalink, **told)
        self._tell()

    async def give_up(self, row_id: str, why: str) -> None:
        """Note that an effect cannot be done: people are told in a sentence, and the run goes on without it."""
        async with self._moving(row_id) as (moving, row):
            if _is_due(row):
                await _close(moving, row, NOT_DONE, why)
        self._tell()

    async def _check_now(self, row_id: str) -> None:
        """Look before a transaction is opened: what waits is looked at again and again, and that must change nothing."""
        async with self._ground.database.read() as session:
            run = await runs.get(session, (await _row(session, row_id)).run_id)
            if await halts.is_on(session, run.team) or (run.paused and run.state not in ENDED):
                raise NotNowError(WAITS)

    @asynccontextmanager
    async def _moving(self, row_id: str) -> AsyncIterator[tuple[Transition, OutboxMessage]]:
        """Open the transaction of a row's run, and the row as it is in it."""
        async with self._ground.database.read() as session:
            run_id = (await _row(session, row_id)).run_id
        async with transition(self._ground, run_id) as moving:
            yield moving, await _row(moving.session, row_id)


async def _row(session: AsyncSession, row_id: str) -> OutboxMessage:
    mine = sa.select(OutboxMessage).where(col(OutboxMessage.id) == row_id)
    if (found := (await session.execute(mine)).scalar_one_or_none()) is None:
        raise NotFoundError(f"There is no effect {row_id!r}.")
    return found


def _is_due(row: OutboxMessage) -> bool:
    return row.state is MessageState.LIVE and not row.delivered


async def _cleared(moving: Transition, row: OutboxMessage) -> Cleared | None:
    if not _is_due(row):
        return None
    try:
        checkpoint = await checkpoints.get(moving.session, row.checkpoint_id)
    except ValueError:  # its JSON is broken
        await _refuse_unread(moving, row)
        return None
    order = Order.read(row.text)
    if why := await _outdated(moving, checkpoint):
        await _close(moving, row, NOT_DONE, why)
        return None
    if why := effects.differs(row, order, checkpoint, await _approved(moving, checkpoint)):
        await _close(moving, row, REFUSED, why)
        return None
    attempt = row.attempts + 1
    await outbox.change(moving.session, row.id, attempts=attempt)
    await moving.event(BEGUN, checkpoint=checkpoint.id, digest=checkpoint.digest, attempt=attempt)
    return Cleared(row.id, moving.run.team, order.payload) if order else None


async def _outdated(moving: Transition, checkpoint: Checkpoint) -> str:
    """Return why what was approved is wanted no longer, or an empty text."""
    if moving.ended:
        return RUN_ENDED
    task = await moving.task(checkpoint.task_key)
    return "" if effects.waits(task, checkpoint) else BEGUN_ANEW


async def _approved(moving: Transition, checkpoint: Checkpoint) -> Approved | None:
    """Return what the audit log says was approved; None when nothing was, or more than one thing."""
    told = await effects.lines(moving, (_APPROVED,))
    mine = [one.payload for one in told if one.payload.get("checkpoint") == checkpoint.id]
    return Approved(str(mine[0].get("digest")), int(mine[0].get("version", 0))) if len(mine) == 1 else None


async def _close(moving: Transition, row: OutboxMessage, kind: str, why: str) -> None:
    """End a row for good; tell the log and the thread."""
    checkpoint = await checkpoints.get(moving.session, row.checkpoint_id)
    await outbox.change(moving.session, row.id, state=MessageState.DEAD, error=why)
    words = NOTHING_SENT if kind == REFUSED else TOLD
    what = str(checkpoint.payload.get("effect", "an effect")).replace("_", " ")
    where = row.channel or str(checkpoint.payload["target"].get("tool", "its target"))
    moving.say(MessageKind.NOTICE, text=words.format(what=what, where=where, why=why))
    await effects.end(moving, checkpoint, kind, why=why)


async def _refuse_unread(moving: Transition, row: OutboxMessage) -> None:
    """Refuse what cannot even be compared. Its task waits until a person runs it again."""
    await outbox.change(moving.session, row.id, state=MessageState.DEAD, error=BROKEN)
    await moving.event(REFUSED, checkpoint=row.checkpoint_id, why=BROKEN)
    moving.say(MessageKind.NOTICE, text=f"An effect was refused: {BROKEN}. Nothing was sent. Run its task again.")
