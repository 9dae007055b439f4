"""Requests that are made again and again, or once at a moment to come."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import clock, events, ids
from storage.database import changed
from storage.errors import NotFoundError
from storage.tables import Schedule


async def add(session: AsyncSession, **fields: Any) -> Schedule:  # noqa: ANN401  the row's own fields
    """Keep a new schedule; ``fields`` hold team, channel, by, request, repeat, zone and next_at."""
    schedule = Schedule(id=ids.new("sch"), **fields)
    session.add(schedule)
    about = {"schedule": schedule.id, "channel": schedule.channel, "repeat": schedule.repeat}
    await events.add(session, "scheduled", by=schedule.by, **about)
    return schedule


async def get(session: AsyncSession, schedule_id: str) -> Schedule:
    """Return one schedule.

    Raises:
        NotFoundError: There is none, or it has ended.
    """
    found = await session.get(Schedule, schedule_id)
    if found is None or found.ended_at is not None:
        raise NotFoundError("This schedule is not there any more.")
    return found


async def going(session: AsyncSession, by: str = "") -> list[Schedule]:
    """Return the schedules that have not ended, of one person or of all, the next to come first."""
    mine = sa.select(Schedule).where(col(Schedule.ended_at).is_(None))
    mine = mine.where(col(Schedule.by) == by) if by else mine
    return list((await session.execute(mine.order_by(col(Schedule.next_at), col(Schedule.id)))).scalars())


async def due(session: AsyncSession) -> list[Schedule]:
    """Return the schedules whose moment has come, oldest first."""
    late = sa.select(Schedule).where(
        col(Schedule.ended_at).is_(None), col(Schedule.paused).is_(False), col(Schedule.next_at) <= clock.now()
    )
    return list((await session.execute(late.order_by(col(Schedule.next_at)))).scalars())


async def take(session: AsyncSession, schedule: Schedule, next_at: datetime | None) -> bool:
    """Move a schedule on to its next moment, or end it; False when somebody did before."""
    taking = sa.update(Schedule).where(
        col(Schedule.id) == schedule.id, col(Schedule.next_at) == schedule.next_at, col(Schedule.ended_at).is_(None)
    )
    values = {"next_at": next_at, "ended_at": clock.now() if next_at is None else None}
    return bool(await changed(session, taking.values(**values)))


async def change(session: AsyncSession, schedule_id: str, by: str, what: str, **values: Any) -> bool:  # noqa: ANN401
    """Change a schedule, such as pausing or ending it; False when it has ended."""
    mine = sa.update(Schedule).where(col(Schedule.id) == schedule_id, col(Schedule.ended_at).is_(None))
    if await changed(session, mine.values(**values)) != 1:
        return False
    await events.add(session, f"schedule {what}", by=by, schedule=schedule_id)
    return True
