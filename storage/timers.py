"""What is due at a moment. A timer's id is made of what and when, so setting it twice sets it once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import clock
from storage.agenda import NEVER, Timer
from storage.database import changed
from storage.words import TimerKind

MOST: Final = 200  # timers of one look; the rest is found by the next


async def set_(
    session: AsyncSession,
    kind: TimerKind,
    due_at: datetime,
    what: str,
    *,
    run_id: str = "",
    checkpoint_id: str = "",
    about: Mapping[str, Any] | None = None,
) -> str:
    """Set a timer and return its id; one of the same kind and ``what`` stays as it is.

    Args:
        session: A transaction.
        kind: What is due.
        due_at: When, aware.
        what: What tells it apart from others of its kind, such as a checkpoint's id and a step.
        run_id: The run it is about, if any.
        checkpoint_id: The checkpoint it is about, if any.
        about: What its kind needs besides, as JSON.
    """
    timer_id = f"{kind}.{what}"
    row = {"id": timer_id, "kind": kind, "due_at": due_at, "run_id": run_id, "checkpoint_id": checkpoint_id}
    new = insert(Timer).values(**row, about=dict(about or {}))
    await session.execute(new.on_conflict_do_nothing())
    return timer_id


async def due(session: AsyncSession, kinds: Collection[TimerKind]) -> list[Timer]:
    """Return the timers of these kinds whose moment has come, oldest first."""
    late = sa.select(Timer).where(
        col(Timer.done_at).is_(None), col(Timer.due_at) <= clock.now(), col(Timer.kind).in_(kinds)
    )
    return list((await session.execute(late.order_by(col(Timer.due_at), col(Timer.id)).limit(MOST))).scalars())


async def undone(session: AsyncSession, run_id: str, kinds: Collection[TimerKind]) -> list[Timer]:
    """Return the timers of a run of these kinds that have not come yet, also those that stand still."""
    mine = sa.select(Timer).where(col(Timer.run_id) == run_id, col(Timer.done_at).is_(None), col(Timer.kind).in_(kinds))
    return list((await session.execute(mine.order_by(col(Timer.due_at), col(Timer.id)))).scalars())


async def are_still(session: AsyncSession, checkpoint_id: str) -> bool:
    """Return whether the time to decide on a checkpoint stands still."""
    return bool((await session.execute(_STILL.where(col(Timer.checkpoint_id) == checkpoint_id))).first())


_STILL: Final = sa.select(col(Timer.run_id)).where(col(Timer.done_at).is_(None), col(Timer.due_at) == NEVER)


async def take(session: AsyncSession, timer_id: str) -> bool:
    """Mark a timer done that is due; False when somebody did before, or moved it away since it was found.

    What it causes belongs in the same transaction.
    """
    now = clock.now()
    taking = sa.update(Timer).where(col(Timer.id) == timer_id, col(Timer.done_at).is_(None), col(Timer.due_at) <= now)
    return bool(await changed(session, taking.values(done_at=now)))


async def reset(session: AsyncSession, kind: TimerKind, due_at: datetime, run_id: str) -> None:
    """Let what a run has one of, such as its deadline, come at this moment and no other, even if it came before."""
    row = insert(Timer).values(id=f"{kind}.{run_id}", kind=kind, due_at=due_at, run_id=run_id, checkpoint_id="", about={})
    anew = {"due_at": due_at, "done_at": None}
    await session.execute(row.on_conflict_do_update(index_elements=["id"], set_=anew))


async def next_at(session: AsyncSession) -> datetime | None:
    """Return the earliest moment at which anything is due; None when nothing waits."""
    earliest = sa.select(col(Timer.due_at)).where(col(Timer.done_at).is_(None))
    return (await session.execute(earliest.order_by(col(Timer.due_at)).limit(1))).scalar_one_or_none()


async def forget(session: AsyncSession, before: datetime) -> int:
    """Delete timers that were done before this moment; return how many."""
    old = sa.delete(Timer).where(col(Timer.done_at) < before)
    return await changed(session, old)
