"""Requests that are made again and again, or once at a moment to come.

A row without ``next_at`` that has not ended is proposed: it was read in somebody's words, who has not said yes yet.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import clock, events, ids
from storage.agenda import Schedule
from storage.database import changed
from storage.errors import InvalidError, NotFoundError
from storage.tables import OutboxMessage
from storage.words import MessageKind, MessageState

MOST: Final = 20  # a person's schedules that have not ended


@dataclass(frozen=True)
class Due:
    """One moment of a schedule, as its message's row keeps it."""

    schedule_id: str
    at: datetime  # when it was due, aware

    def to_text(self) -> str:
        """Return the row's text."""
        return json.dumps({"schedule": self.schedule_id, "at": self.at.astimezone(UTC).isoformat()})

    @classmethod
    def from_text(cls, text: str) -> "Due":
        """Return what ``to_text`` wrote."""
        kept = json.loads(text)
        return cls(kept["schedule"], datetime.fromisoformat(kept["at"]))

    def message_id(self) -> str:
        """Return the id of the message that asks: the same moment, asked for twice, is one message."""
        return f"req-{self.schedule_id}-{self.at.astimezone(UTC):%Y%m%dT%H%M%S}"


async def add(session: AsyncSession, **fields: Any) -> Schedule:  # noqa: ANN401  the row's own fields
    """Keep a new schedule; ``fields`` hold team, channel, by, request, repeat, zone, next_at, and files, line, until."""
    schedule = await propose(session, **fields)
    await _note_begun(session, schedule)
    return schedule


async def propose(session: AsyncSession, **fields: Any) -> Schedule:  # noqa: ANN401  the row's own fields
    """Keep what may become a schedule; ``fields`` as in ``add``, without next_at."""
    schedule = Schedule(id=ids.new("sch"), **fields)
    session.add(schedule)
    return schedule


async def check_room(session: AsyncSession, by: str) -> None:
    """Raises InvalidError when somebody has as many schedules as a person may have."""
    if len(await going(session, by)) >= MOST:
        raise InvalidError(
            f"You have {MOST} schedules, and that is the most a person can have. Delete one first: `/jidoka schedules` "
            "lists them."
        )


async def begin(session: AsyncSession, schedule: Schedule, next_at: datetime | None) -> bool:
    """Let a proposed schedule begin; False when it did before, or was dropped."""
    proposed = col(Schedule.next_at).is_(None) & col(Schedule.ended_at).is_(None)
    mine = sa.update(Schedule).where(col(Schedule.id) == schedule.id, proposed)
    if next_at is None or await changed(session, mine.values(next_at=next_at)) != 1:
        return False
    await _note_begun(session, schedule)
    await refresh(session, schedule.id)
    return True


async def _note_begun(session: AsyncSession, schedule: Schedule) -> None:
    about = {"schedule": schedule.id, "channel": schedule.channel, "repeat": schedule.repeat}
    await events.add(session, "scheduled", by=schedule.by, **about)


async def get(session: AsyncSession, schedule_id: str) -> Schedule:
    """Return one schedule.

    Raises:
        NotFoundError: There is none, or it has ended.
    """
    found = await known(session, schedule_id)
    if found.ended_at is not None:
        raise NotFoundError("This schedule is not there any more.")
    return found


async def known(session: AsyncSession, schedule_id: str) -> Schedule:
    """Return one schedule, ended or not; NotFoundError when there never was one."""
    if (found := await session.get(Schedule, schedule_id)) is None:
        raise NotFoundError("This schedule is not there any more.")
    return found


async def going(session: AsyncSession, by: str = "") -> list[Schedule]:
    """Return the schedules that began and have not ended, of one person or of all, the next to come first."""
    begun = col(Schedule.ended_at).is_(None) & col(Schedule.next_at).is_not(None)
    mine = sa.select(Schedule).where(begun)
    mine = mine.where(col(Schedule.by) == by) if by else mine
    return list((await session.execute(mine.order_by(col(Schedule.next_at), col(Schedule.id)))).scalars())


async def due(session: AsyncSession) -> list[Schedule]:
    """Return the schedules whose moment has come, oldest first."""
    late = sa.select(Schedule).where(
        col(Schedule.ended_at).is_(None), col(Schedule.paused).is_(False), col(Schedule.next_at) <= clock.now()
    )
    return list((await session.execute(late.order_by(col(Schedule.next_at), col(Schedule.id)))).scalars())


_WHEN_AND_WHERE: Final = ("next_at", "repeat", "until", "channel")


async def take(session: AsyncSession, schedule: Schedule, next_at: datetime | None) -> bool:
    """Move a schedule on to its next moment, or end it; False when somebody did before, paused or edited it since."""
    as_read = (col(getattr(Schedule, name)).is_not_distinct_from(getattr(schedule, name)) for name in _WHEN_AND_WHERE)
    taking = sa.update(Schedule).where(
        col(Schedule.id) == schedule.id, *as_read, col(Schedule.ended_at).is_(None), col(Schedule.paused).is_(False)
    )
    values = {"next_at": next_at or schedule.next_at, "ended_at": clock.now() if next_at is None else None}
    return bool(await changed(session, taking.values(**values)))


async def ask(session: AsyncSession, schedule: Schedule, at: datetime) -> bool:
    """Queue the request of one moment; False when it is queued already."""
    moment = Due(schedule.id, at)
    row = OutboxMessage(
        id=moment.message_id(), kind=MessageKind.REQUEST, channel=schedule.channel, text=moment.to_text()
    )
    queued = insert(OutboxMessage).values(**row.model_dump(exclude={"seq"})).on_conflict_do_nothing()
    if not await changed(session, queued):
        return False
    await events.add(session, "schedule due", schedule=schedule.id, at=at.isoformat(), by=schedule.by)
    return True


_ASKED: Final = sa.select(OutboxMessage).where(  # those without a run are few, and found by the index of runs
    col(OutboxMessage.run_id) == "", col(OutboxMessage.kind) == MessageKind.REQUEST
)


async def asked(session: AsyncSession) -> list[OutboxMessage]:
    """Return the requests that are posted and have no run yet, oldest first."""
    posted = _ASKED.where(col(OutboxMessage.state) == MessageState.LIVE, col(OutboxMessage.ts) != "")
    return list((await session.execute(posted.order_by(col(OutboxMessage.seq)))).scalars())


async def refused(session: AsyncSession) -> list[OutboxMessage]:
    """Return the requests Slack refused for good of which nobody was told yet, oldest first."""
    untold = col(OutboxMessage.delivered) < col(OutboxMessage.wanted)
    lost = _ASKED.where(col(OutboxMessage.state) == MessageState.DEAD, untold)
    return list((await session.execute(lost.order_by(col(OutboxMessage.seq)))).scalars())


async def refresh(session: AsyncSession, schedule_id: str) -> None:
    """Let every message about a schedule show how it stands."""
    await session.flush()
    mine = sa.update(OutboxMessage).where(
        col(OutboxMessage.run_id) == "", col(OutboxMessage.kind) == MessageKind.SCHEDULE,
        col(OutboxMessage.text) == schedule_id,
    )  # fmt: skip
    await changed(session, mine.values(wanted=OutboxMessage.wanted + 1))


async def change(session: AsyncSession, schedule_id: str, by: str, what: str, **values: Any) -> bool:  # noqa: ANN401
    """Change a schedule, such as pausing or ending it; False when it has ended."""
    mine = sa.update(Schedule).where(col(Schedule.id) == schedule_id, col(Schedule.ended_at).is_(None))
    if await changed(session, mine.values(**values)) != 1:
        return False
    await events.add(session, f"schedule {what}", by=by, schedule=schedule_id, fields=sorted(values))
    await refresh(session, schedule_id)
    return True


async def edit(session: AsyncSession, schedule: Schedule, by: str, **values: Any) -> bool:  # noqa: ANN401
    """Change what a schedule asks, or when; False when it has ended.

    Args:
        session: A transaction.
        schedule: The schedule as it is.
        by: Who edits it.
        **values: Its fields as they are from now on. Where other work comes of them, the plan that was approved for
            the work of before counts no more.
    """
    new = {name: value for name, value in values.items() if value != getattr(schedule, name)}
    if not new:
        return schedule.ended_at is None
    forgotten: dict[str, Any] = {"approved": {}} if set(new) & _WORK else {}
    return await change(session, schedule.id, by, "edited", **new, **forgotten)


_WORK: Final = frozenset({"request", "channel", "line", "files"})  # fields that say what is to be done, and where
