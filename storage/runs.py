"""Runs and their tasks."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.errors import NotFoundError
from storage.tables import Call, Note, Run, Task
from storage.words import ENDED


async def lock(session: AsyncSession, run_id: str) -> Run:
    """Return the run, locked until the transaction ends: its first statement is a write.

    Raises:
        NotFoundError: There is no such run.
    """
    mine = sa.update(Run).where(col(Run.id) == run_id).values(rev=Run.rev + 1).returning(Run)
    run = (await session.execute(mine, execution_options={"populate_existing": True})).scalar_one_or_none()
    if run is None:
        raise NotFoundError(f"There is no run {run_id!r}.")
    return run


async def get(session: AsyncSession, run_id: str) -> Run:
    """Return one run.

    Raises:
        NotFoundError: There is no such run.
    """
    if (run := await session.get(Run, run_id)) is None:
        raise NotFoundError(f"There is no run {run_id!r}.")
    return run


async def tasks(session: AsyncSession, run_id: str) -> list[Task]:
    """Return a run's tasks in page order."""
    found = sa.select(Task).where(col(Task.run_id) == run_id).order_by(col(Task.position))
    return list((await session.execute(found)).scalars())


async def task(session: AsyncSession, run_id: str, key: str) -> Task:
    """Return one task.

    Raises:
        NotFoundError: There is no such task.
    """
    if (found := await session.get(Task, (run_id, key))) is None:
        raise NotFoundError(f"Run {run_id!r} has no task {key!r}.")
    return found


async def by_request(session: AsyncSession, channel: str, ts: str) -> Run | None:
    """Return the run that this message asked for, if there is one."""
    found = sa.select(Run).where(col(Run.channel) == channel, col(Run.request_ts) == ts)
    return (await session.execute(found)).scalar_one_or_none()


async def told(session: AsyncSession, channel: str, ts: str) -> Run | None:
    """Return the run that this message asked for, or was kept as a note of."""
    if (run := await by_request(session, channel, ts)) is not None:
        return run
    noted = sa.select(Run).join(Note, col(Note.run_id) == col(Run.id))
    found = noted.where(col(Note.channel) == channel, col(Note.ts) == ts)
    return (await session.execute(found)).scalar_one_or_none()


async def in_thread(session: AsyncSession, channel: str, thread_ts: str) -> Run | None:
    """Return the newest run of a thread, if there is one."""
    found = sa.select(Run).where(col(Run.channel) == channel, col(Run.thread_ts) == thread_ts)
    return (await session.execute(found.order_by(col(Run.created_at).desc()).limit(1))).scalar_one_or_none()


async def under_way(session: AsyncSession) -> Sequence[str]:
    """Return the ids of runs that have not ended."""
    return (await session.execute(sa.select(col(Run.id)).where(col(Run.state).not_in(ENDED)))).scalars().all()


async def spent(session: AsyncSession, run_id: str) -> tuple[float, int, bool]:
    """Return what a run's calls cost so far: US dollars, tokens, and whether every price was known."""
    total = sa.select(
        sa.func.coalesce(sa.func.sum(Call.usd), 0.0),
        sa.func.coalesce(sa.func.sum(Call.tokens), 0),
        sa.func.coalesce(sa.func.min(Call.priced), True),
    ).where(col(Call.run_id) == run_id)
    usd, tokens, priced = (await session.execute(total)).one()
    return float(usd), int(tokens), bool(priced)


async def notes(session: AsyncSession, run_id: str) -> list[Note]:
    """Return what people wrote while the run was going, oldest first."""
    found = sa.select(Note).where(col(Note.run_id) == run_id).order_by(col(Note.id))
    return list((await session.execute(found)).scalars())


async def add_note(session: AsyncSession, note: dict[str, Any]) -> bool:
    """Keep what a person wrote; False when this very message is kept already."""
    kept = sa.select(col(Note.id)).where(col(Note.channel) == note["channel"], col(Note.ts) == note["ts"])
    if (await session.execute(kept)).scalar_one_or_none() is not None:
        return False
    session.add(Note(**note))
    return True
