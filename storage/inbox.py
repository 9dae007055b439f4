"""Slack events, saved before they are acknowledged."""

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import clock
from storage.database import changed
from storage.tables import InboxEvent

KEPT: Final = timedelta(days=8)  # longer than Slack delivers anything again
MOST_ATTEMPTS: Final = 8  # then a person has been told and it is left


async def save(session: AsyncSession, event_id: str, payload: dict[str, Any]) -> bool:
    """Keep a Slack event; False when it is known already."""
    row = insert(InboxEvent).values(event_id=event_id, payload=payload, received_at=clock.now(), attempts=0)
    return bool(await changed(session, row.on_conflict_do_nothing()))


async def handled(session: AsyncSession, event_id: str) -> None:
    """Note that everything this event asked for is committed."""
    mine = sa.update(InboxEvent).where(col(InboxEvent.event_id) == event_id)
    await session.execute(mine.values(handled_at=clock.now()))


async def tried(session: AsyncSession, event_id: str) -> None:
    """Count one attempt at handling an event."""
    mine = sa.update(InboxEvent).where(col(InboxEvent.event_id) == event_id)
    await session.execute(mine.values(attempts=InboxEvent.attempts + 1))


async def unhandled(session: AsyncSession, older_than_s: float) -> list[InboxEvent]:
    """Return events received at least this long ago whose handling did not finish, oldest first."""
    before = clock.now() - timedelta(seconds=older_than_s)
    left = sa.select(InboxEvent).where(
        col(InboxEvent.handled_at).is_(None),
        col(InboxEvent.received_at) <= before,
        col(InboxEvent.attempts) < MOST_ATTEMPTS,
    )
    return list((await session.execute(left.order_by(col(InboxEvent.received_at)))).scalars())


async def forget(session: AsyncSession) -> None:
    """Delete handled events that Slack will never deliver again."""
    old = sa.delete(InboxEvent).where(col(InboxEvent.handled_at) < clock.now() - KEPT)
    await session.execute(old)


async def received_at(session: AsyncSession, event_id: str) -> datetime:
    """Return when an event came, now for one that is not kept: "tonight" is that day's night, however late it is read."""
    kept = await session.get(InboxEvent, event_id)
    return kept.received_at if kept is not None else clock.now()
