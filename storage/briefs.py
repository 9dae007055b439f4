"""What a morning brief is about: the runs of a person or a channel between two moments, and what they cost."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.agenda import Timer
from storage.tables import Call, Checkpoint, Event, OutboxMessage, Run
from storage.words import ENDED, MessageKind, RunState

ACCEPTED: Final = "run accepted"  # events people cause about a result; the last one counts
REFUSED: Final = "run refused"
_BEGINNINGS: Final = ("run opened", "handed over")
_GOING: Final = set(RunState) - ENDED


def _of(of: Mapping[str, str]) -> list[Any]:
    """Return the conditions that a run is somebody's: its fields and their values, such as ``channel="C024BE91L"``."""
    return [col(getattr(Run, name)) == value for name, value in of.items()]


async def ended(session: AsyncSession, since: datetime, until: datetime, **of: str) -> list[Run]:
    """Return the runs of a requester or channel that ended after one moment and up to another, oldest end first."""
    within = (col(Run.ended_at) > since, col(Run.ended_at) <= until, col(Run.state).in_(ENDED))
    found = sa.select(Run).where(*_of(of), *within).order_by(col(Run.ended_at))
    return list((await session.execute(found)).scalars())


async def going(session: AsyncSession, **of: str) -> list[Run]:
    """Return the runs of a requester or channel that have not ended, oldest first."""
    found = sa.select(Run).where(*_of(of), col(Run.state).in_(_GOING)).order_by(col(Run.created_at))
    return list((await session.execute(found)).scalars())


async def of_the_night(session: AsyncSession, after: int | None, since: datetime) -> tuple[int, list[Run]]:
    """Return the runs of the night that were opened or handed over after a line of the audit log, and its newest line.

    Without a line it is those opened since a moment and all that have not ended: what a new process looks at first.
    """
    newest = (await session.execute(sa.select(sa.func.max(col(Event.seq))))).scalar() or 0
    recent = sa.or_(col(Run.created_at) > since, col(Run.state).in_(_GOING))
    if after is not None:
        lines = sa.select(col(Event.run_id)).where(col(Event.seq) > after, col(Event.kind).in_(_BEGINNINGS))
        recent = col(Run.id).in_(set((await session.execute(lines)).scalars()))
    found = sa.select(Run).where(col(Run.night).is_(True), recent).order_by(col(Run.created_at))
    return newest, list((await session.execute(found)).scalars())


async def runs(session: AsyncSession, ids: Sequence[str]) -> list[Run]:
    """Return the runs of these ids that are still there, in this order."""
    found = {
        run.id: run for run in (await session.execute(sa.select(Run).where(col(Run.id).in_(ids)))).scalars()
    }
    return [found[run_id] for run_id in ids if run_id in found]


async def asked(session: AsyncSession, ids: Sequence[str]) -> list[tuple[Checkpoint, Run]]:
    """Return the checkpoints of these ids that are still there with their runs, in this order."""
    pairs = sa.select(Checkpoint, Run).join(Run, col(Run.id) == col(Checkpoint.run_id))
    found = {
        row[0].id: (row[0], row[1]) for row in await session.execute(pairs.where(col(Checkpoint.id).in_(ids)))
    }
    return [found[checkpoint_id] for checkpoint_id in ids if checkpoint_id in found]


async def spent(
    session: AsyncSession, since: datetime, until: datetime, **of: str
) -> tuple[float, int, bool]:
    """Return what the calls between two moments cost: US dollars, tokens, and whether every price was known."""
    total = sa.select(
        sa.func.coalesce(sa.func.sum(Call.usd), 0.0),
        sa.func.coalesce(sa.func.sum(Call.tokens), 0),
        sa.func.coalesce(sa.func.min(Call.priced), True),
    ).join(Run, col(Run.id) == col(Call.run_id))
    within = (col(Call.began_at) > since, col(Call.began_at) <= until)
    usd, tokens, priced = (await session.execute(total.where(*_of(of), *within))).one()
    return float(usd), int(tokens), bool(priced)


async def judged(session: AsyncSession, run_id: str) -> tuple[str, str]:
    """Return who said last what a run's result is worth, and which event that was; empty texts when nobody did."""
    said = sa.select(Event).where(col(Event.run_id) == run_id, col(Event.kind).in_((ACCEPTED, REFUSED)))
    last = (await session.execute(said.order_by(col(Event.seq).desc()).limit(1))).scalar_one_or_none()
    return (last.by, last.kind) if last else ("", "")


async def newest(session: AsyncSession, who: str) -> OutboxMessage | None:
    """Return the last brief a person or channel was sent, or will be."""
    where = sa.or_(
        col(OutboxMessage.user) == who,
        sa.and_(col(OutboxMessage.user) == "", col(OutboxMessage.channel) == who),
    )
    found = sa.select(OutboxMessage).where(col(OutboxMessage.kind) == MessageKind.BRIEF, where)
    return (
        await session.execute(found.order_by(col(OutboxMessage.seq).desc()).limit(1))
    ).scalar_one_or_none()


async def is_done(session: AsyncSession, timer_id: str) -> bool:
    """Return whether the brief of a timer has come already; not when it was never set."""
    timer = await session.get(Timer, timer_id)
    return timer is not None and timer.done_at is not None
