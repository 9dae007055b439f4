"""What is kept of people: where their day is, as Slack said it last."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import clock
from storage.agenda import Colleague
from storage.policy import Person


async def keep(session: AsyncSession, people: Iterable[Person]) -> None:
    """Remember the names and zones of people; what Slack does not say now stays as it said it last."""
    for person in people:
        facts = {"name": person.name, "zone": person.zone, "at": clock.now()}
        row = insert(Colleague).values(id=person.id, **facts)
        said = {what: value for what, value in facts.items() if value}
        await session.execute(row.on_conflict_do_update(index_elements=["id"], set_=said))


async def zones(session: AsyncSession, ids: Iterable[str]) -> dict[str, str]:
    """Return the zones of those of these people whose zone is known."""
    asked = sa.select(Colleague).where(col(Colleague.id).in_(list(ids)), col(Colleague.zone) != "")
    return {row.id: row.zone for row in (await session.execute(asked)).scalars()}


async def opened_home(session: AsyncSession, user: str) -> None:
    """Note that somebody looks at their Home tab."""
    now = clock.now()
    row = insert(Colleague).values(id=user, at=now, home_at=now)
    await session.execute(row.on_conflict_do_update(index_elements=["id"], set_={"home_at": now}))


async def at_home(session: AsyncSession, since: datetime) -> list[str]:
    """Return who opened their Home tab after a moment, whoever did last first."""
    found = sa.select(col(Colleague.id)).where(col(Colleague.home_at) > since)
    return list((await session.execute(found.order_by(col(Colleague.home_at).desc()))).scalars())
