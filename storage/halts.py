"""The stop of a whole workspace: while there is a row, nothing of it starts."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import clock, events
from storage.agenda import Halt
from storage.database import changed, execute, table_of

_HALTS: Final = table_of(Halt)
_OF: Final = sa.select(_HALTS.c.team).where(_HALTS.c.team == sa.bindparam("of_team"))


async def is_on(session: AsyncSession, team: str) -> bool:
    """Return whether this workspace is halted."""
    return (await execute(session, _OF, {"of_team": team})).scalar() is not None


async def get(session: AsyncSession, team: str) -> Halt | None:
    """Return who halted this workspace, when and why; None when it is not."""
    return await session.get(Halt, team)


async def begin(session: AsyncSession, team: str, by: str, why: str) -> bool:
    """Halt a workspace; False when it is halted already."""
    row = insert(Halt).values(team=team, by=by, why=why, at=clock.now())
    if await changed(session, row.on_conflict_do_nothing()) != 1:
        return False
    await events.add(session, "halted", by=by, team=team, why=why)
    return True


async def end(session: AsyncSession, team: str, by: str) -> bool:
    """Lift the halt; False when there is none."""
    if await changed(session, sa.delete(Halt).where(col(Halt.team) == team)) != 1:
        return False
    await events.add(session, "halt lifted", by=by, team=team)
    return True


async def teams(session: AsyncSession) -> set[str]:
    """Return the workspaces that are halted."""
    return set((await session.execute(sa.select(col(Halt.team)))).scalars())
