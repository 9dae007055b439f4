"""How a run and its checkpoints stand by people's hands, as the audit log has it: who paused, whose vote fell away."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.agenda import NEVER, Timer
from storage.tables import Checkpoint, Event, OutboxMessage, Run
from storage.words import ENDED, MessageKind, MessageState, RunState, TimerKind

FELL_AWAY: Final = "vote fell away"  # of somebody who may decide no longer
BREAK_GLASS: Final = "break glass"  # an admin decides alone in an emergency
ACCEPTED: Final = "run accepted"  # a person says so of the result; the last word counts
TURNED_DOWN: Final = "run refused"
REOPENED: Final = "run reopened"
TOO_FEW: Final = "too few to decide"  # were there when it was asked
_ASKED: Final = "people asked"


async def last(session: AsyncSession, run_id: str, kinds: Collection[str]) -> Event | None:
    """Return the newest line of a run of one of these kinds, such as "paused"; None when there is none."""
    found = sa.select(Event).where(col(Event.run_id) == run_id, col(Event.kind).in_(kinds))
    return (await session.execute(found.order_by(col(Event.seq).desc()).limit(1))).scalar_one_or_none()


async def show_all(session: AsyncSession, team: str) -> None:
    """Let every status message of a workspace's runs under way show how they stand, in one statement."""
    going = sa.select(col(Run.id)).where(col(Run.team) == team, col(Run.state).in_(set(RunState) - ENDED))
    mine = (col(OutboxMessage.kind) == MessageKind.STATUS, col(OutboxMessage.run_id).in_(going))
    again = sa.update(OutboxMessage).where(*mine).values(wanted=col(OutboxMessage.wanted) + 1)
    await session.flush()
    await session.execute(again.execution_options(synchronize_session=False))


async def being_done(session: AsyncSession, run_id: str) -> frozenset[str]:
    """Return the keys of a run's tasks whose approved effect is still to be done."""
    ordered = sa.select(col(Checkpoint.task_key)).join(OutboxMessage, col(OutboxMessage.checkpoint_id) == col(Checkpoint.id))
    mine = (col(OutboxMessage.run_id) == run_id, col(OutboxMessage.kind) == MessageKind.EFFECT)
    to_do = (col(OutboxMessage.state) == MessageState.LIVE, col(OutboxMessage.delivered) < col(OutboxMessage.wanted))
    return frozenset((await session.execute(ordered.where(*mine, *to_do))).scalars())


async def verdict(session: AsyncSession, run_id: str) -> Event | None:
    """Return the line that says what the run's result is worth; None when nobody said so since it was made."""
    said = await last(session, run_id, (ACCEPTED, TURNED_DOWN, REOPENED))
    return said if said is not None and said.kind != REOPENED else None


async def newest_result(session: AsyncSession, run_id: str) -> str:
    """Return the id of the message with the newest result of a run; empty when there is none."""
    mine = sa.select(col(OutboxMessage.id)).where(
        col(OutboxMessage.run_id) == run_id, col(OutboxMessage.kind) == MessageKind.RESULT
    )
    return (await session.execute(mine.order_by(col(OutboxMessage.seq).desc()).limit(1))).scalar_one_or_none() or ""


async def fallen(session: AsyncSession, checkpoint: Checkpoint) -> list[str]:
    """Return whose votes on the present version fell away, each once, in the order they did."""
    lines = await _about(session, checkpoint, FELL_AWAY)
    return list(dict.fromkeys(line.by for line in lines if line.payload.get("version") == checkpoint.version))


async def in_name_of(session: AsyncSession, checkpoint: Checkpoint) -> str:
    """Return the decider who asked whoever decided to do it for them; empty when nobody did, or only the requester."""
    asking = [line.by for line in await _about(session, checkpoint, _ASKED)
              if checkpoint.decided_by in line.payload.get("people", ())]  # fmt: skip
    return next((by for by in asking if by not in ("", checkpoint.requester)), "")


async def broken_glass(session: AsyncSession, checkpoint: Checkpoint) -> str:
    """Return the reason of the admin who approved the present version past the policy; empty when nobody did."""
    lines = await _about(session, checkpoint, BREAK_GLASS)
    mine = (line for line in lines if line.payload.get("version") == checkpoint.version)
    return next((str(line.payload.get("why", "")) for line in mine), "")


async def glass_broken_by(session: AsyncSession, checkpoint: Checkpoint) -> set[str]:
    """Return the admins who approved the present version past the policy."""
    lines = await _about(session, checkpoint, BREAK_GLASS)
    return {line.by for line in lines if line.payload.get("version") == checkpoint.version}


async def were_too_few(session: AsyncSession, checkpoint: Checkpoint) -> bool:
    """Return whether fewer people than it takes to decide were there when it was asked."""
    return bool(await _about(session, checkpoint, TOO_FEW))


async def reminder(session: AsyncSession, checkpoint_id: str) -> datetime | None:
    """Return when people are reminded next; None when they are not."""
    waiting = sa.select(sa.func.min(col(Timer.due_at))).where(
        col(Timer.checkpoint_id) == checkpoint_id, col(Timer.kind) == TimerKind.REMIND, col(Timer.done_at).is_(None),
        col(Timer.due_at) < NEVER,
    )  # fmt: skip
    return (await session.execute(waiting)).scalar_one_or_none()


async def _about(session: AsyncSession, checkpoint: Checkpoint, kind: str) -> list[Event]:
    found = sa.select(Event).where(col(Event.run_id) == checkpoint.run_id, col(Event.kind) == kind)
    lines = (await session.execute(found.order_by(col(Event.seq)))).scalars()
    return [line for line in lines if line.payload.get("checkpoint") == checkpoint.id]
