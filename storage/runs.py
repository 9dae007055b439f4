"""Runs and their tasks."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.database import table_of
from storage.errors import NotFoundError
from storage.tables import Call, Checkpoint, Event, Note, Run, Task
from storage.words import ENDED, CallKind, CallState, CheckpointState, RunState

_RUNS: Final = table_of(Run)
_OF_RUN: Final[sa.BindParameter[str]] = sa.bindparam("run")
_NEXT_REV: Final = (
    sa.update(_RUNS).where(_RUNS.c.id == _OF_RUN).values(rev=_RUNS.c.rev + 1).returning(*_RUNS.c)
)
_LOCK: Final = sa.select(Run).from_statement(_NEXT_REV).execution_options(populate_existing=True)
_RUN: Final = sa.select(Run).where(col(Run.id) == _OF_RUN)
_TASK: Final = sa.select(Task).where(col(Task.run_id) == _OF_RUN, col(Task.key) == sa.bindparam("task"))
_TASKS: Final = sa.select(Task).where(col(Task.run_id) == _OF_RUN).order_by(col(Task.position))
_SPENT: Final = sa.select(
    sa.func.coalesce(sa.func.sum(Call.usd), 0.0),
    sa.func.coalesce(sa.func.sum(Call.tokens), 0),
    sa.func.coalesce(sa.func.min(Call.priced), True),
).where(col(Call.run_id) == _OF_RUN)
_NOTES: Final = sa.select(Note).where(col(Note.run_id) == _OF_RUN).order_by(col(Note.id))


async def lock(session: AsyncSession, run_id: str) -> Run:
    """Return the run, locked until the transaction ends: its first statement is a write.

    Raises:
        NotFoundError: There is no such run.
    """
    run: Run | None = (await session.execute(_LOCK, {"run": run_id})).scalar_one_or_none()
    if run is None:
        raise NotFoundError(f"There is no run {run_id!r}.")
    return run


async def get(session: AsyncSession, run_id: str) -> Run:
    """Return one run.

    Raises:
        NotFoundError: There is no such run.
    """
    run = (await session.execute(_RUN, {"run": run_id})).scalar_one_or_none()
    if run is None:
        raise NotFoundError(f"There is no run {run_id!r}.")
    return run


async def tasks(session: AsyncSession, run_id: str) -> list[Task]:
    """Return a run's tasks in page order."""
    return list((await session.execute(_TASKS, {"run": run_id})).scalars())


async def task(session: AsyncSession, run_id: str, key: str) -> Task:
    """Return one task.

    Raises:
        NotFoundError: There is no such task.
    """
    found = (await session.execute(_TASK, {"run": run_id, "task": key})).scalar_one_or_none()
    if found is None:
        raise NotFoundError(f"Run {run_id!r} has no task {key!r}.")
    return found


async def specs(session: AsyncSession, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what the plan says of those of these tasks that are there, by (run id, task key)."""
    found = sa.select(col(Task.run_id), col(Task.key), col(Task.spec))
    mine = found.where(sa.tuple_(col(Task.run_id), col(Task.key)).in_(keys))
    return {(run_id, key): spec for run_id, key, spec in await session.execute(mine)}


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


async def under_way(session: AsyncSession, team: str = "") -> Sequence[str]:
    """Return the ids of runs that have not ended, of one workspace or of all."""
    going = sa.select(col(Run.id)).where(
        col(Run.state).in_(set(RunState) - ENDED)
    )  # IN finds them by the index
    going = going.where(col(Run.team) == team) if team else going
    return (await session.execute(going)).scalars().all()


async def spent(session: AsyncSession, run_id: str) -> tuple[float, int, bool]:
    """Return what a run's calls cost so far: US dollars, tokens, and whether every price was known."""
    usd, tokens, priced = (await session.execute(_SPENT, {"run": run_id})).one()
    return float(usd), int(tokens), bool(priced)


async def called(session: AsyncSession, run_id: str, but: tuple[str, int]) -> int:
    """Return how many model calls of a run were begun. One that a later attempt took over counts once.

    The call that is about to be made, perhaps again, does not count yet: ``but`` is its task and its number.
    """
    mine = sa.and_(col(Call.task_key) == but[0], col(Call.seq) == but[1], col(Call.state) == CallState.INTENT)
    begun = sa.select(col(Call.task_key), col(Call.seq), col(Call.began_at)).distinct()
    made = begun.where(col(Call.run_id) == run_id, col(Call.kind) == CallKind.MODEL, ~mine).subquery()
    return int((await session.execute(sa.select(sa.func.count()).select_from(made))).scalar_one())


async def spent_by(session: AsyncSession, ids: Collection[str]) -> dict[str, tuple[float, int, bool]]:
    """Return for each of these runs that called anything what ``spent`` says of it."""
    total = sa.select(
        col(Call.run_id), sa.func.sum(Call.usd), sa.func.sum(Call.tokens), sa.func.min(Call.priced)
    ).where(col(Call.run_id).in_(ids))
    found = await session.execute(total.group_by(col(Call.run_id)))
    return {run_id: (float(usd), int(tokens), bool(priced)) for run_id, usd, tokens, priced in found}


async def touched(session: AsyncSession, after: int) -> set[tuple[str, str]]:
    """Return (run id, who caused it) of what the audit log says after a line; either may be empty."""
    lines = sa.select(col(Event.run_id), col(Event.by)).where(col(Event.seq) > after).distinct()
    return {(run_id, by) for run_id, by in await session.execute(lines)}


async def spent_since(session: AsyncSession, since: datetime, **of: str) -> float:
    """Return what the calls since a moment cost, in US dollars, of the runs with these fields' values."""
    mine = [getattr(Run, name) == value for name, value in of.items()]
    total = sa.select(sa.func.coalesce(sa.func.sum(Call.usd), 0.0)).join(Run, col(Run.id) == col(Call.run_id))
    return float((await session.execute(total.where(col(Call.began_at) >= since, *mine))).scalar_one())


async def rework(session: AsyncSession, run_id: str) -> int:
    """Return how often people sent something back in this run."""
    back = sa.select(sa.func.count()).select_from(Checkpoint).where(
        col(Checkpoint.run_id) == run_id, col(Checkpoint.state) == CheckpointState.SENT_BACK
    )
    return int((await session.execute(back)).scalar_one())


async def notes(session: AsyncSession, run_id: str) -> list[Note]:
    """Return what people wrote while the run was going, oldest first."""
    return list((await session.execute(_NOTES, {"run": run_id})).scalars())


async def add_note(session: AsyncSession, note: dict[str, Any]) -> bool:
    """Keep what a person wrote; False when this very message is kept already."""
    kept = sa.select(col(Note.id)).where(col(Note.channel) == note["channel"], col(Note.ts) == note["ts"])
    if (await session.execute(kept)).scalar_one_or_none() is not None:
        return False
    session.add(Note(**note))
    return True
