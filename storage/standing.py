"""How a run stands by people's hands, as the audit log has it: who paused it, whose vote fell away."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.tables import Checkpoint, Event

FELL_AWAY = "vote fell away"  # of somebody who may decide no longer


async def last(session: AsyncSession, run_id: str, kinds: Collection[str]) -> Event | None:
    """Return the newest line of a run of one of these kinds, such as "paused"; None when there is none."""
    found = sa.select(Event).where(col(Event.run_id) == run_id, col(Event.kind).in_(kinds))
    return (await session.execute(found.order_by(col(Event.seq).desc()).limit(1))).scalar_one_or_none()


async def fallen(session: AsyncSession, checkpoint: Checkpoint) -> list[str]:
    """Return whose votes on the present version fell away, each once, in the order they did."""
    found = sa.select(Event).where(col(Event.run_id) == checkpoint.run_id, col(Event.kind) == FELL_AWAY)
    lines = (await session.execute(found.order_by(col(Event.seq)))).scalars()
    mine = {"checkpoint": checkpoint.id, "version": checkpoint.version}
    return list(dict.fromkeys(line.by for line in lines if mine.items() <= line.payload.items()))
