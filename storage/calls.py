"""Recorded calls and the briefs they began with. Every write is fenced by the task's token."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import clock
from storage.database import changed, table_of
from storage.tables import Brief, Call, Run, Task
from storage.words import ENDED, UNDER_WAY, CallState, TaskState

_CALLS: Final = table_of(Call)
_TASKS: Final = table_of(Task)
_RUNS: Final = table_of(Run)
_RUN: Final[sa.BindParameter[str]] = sa.bindparam("of_run")
_KEY: Final[sa.BindParameter[str]] = sa.bindparam("of_task")
_ATTEMPT: Final[sa.BindParameter[int]] = sa.bindparam("of_attempt")
_HELD: Final = sa.exists().where(
    _TASKS.c.run_id == _RUN,
    _TASKS.c.key == _KEY,
    _TASKS.c.attempt == _ATTEMPT,
    _TASKS.c.token == sa.bindparam("token"),
    _TASKS.c.state == TaskState.WORKING,
)
_TAKE: Final = (
    sa.update(_TASKS)
    .where(
        _TASKS.c.run_id == _RUN,
        _TASKS.c.key == _KEY,
        _TASKS.c.attempt == _ATTEMPT,
        _TASKS.c.token == sa.bindparam("seen"),
        _TASKS.c.state.in_(UNDER_WAY),
        sa.exists().where(_RUNS.c.id == _RUN, _RUNS.c.state.not_in(ENDED)),
    )
    .values(
        state=TaskState.WORKING,
        token=sa.bindparam("new"),
        began_at=sa.func.coalesce(_TASKS.c.began_at, sa.bindparam("now", type_=_TASKS.c.began_at.type)),
    )
)
_NEW: Final = [column for column in _CALLS.columns if column.key != "ended_at"]
_INTEND: Final = sa.insert(_CALLS).from_select(
    [column.key for column in _NEW],
    sa.select(*(sa.bindparam(f"new_{column.key}", type_=column.type) for column in _NEW)).where(_HELD),
)
_NOTE: Final = sa.update(_CALLS).where(
    _CALLS.c.run_id == _RUN,
    _CALLS.c.task_key == _KEY,
    _CALLS.c.attempt == _ATTEMPT,
    _CALLS.c.seq == sa.bindparam("of_seq"),
    _HELD,
)
_TRIED: Final = _NOTE.values(faults=sa.bindparam("in_vain", type_=_CALLS.c.faults.type))
_WRITTEN: Final = _CALLS.c.state == CallState.DONE  # by a commit whose end was not seen: it counts once
_RECORD: Final = _NOTE.values(
    state=CallState.DONE,
    ended_at=sa.bindparam("now", type_=_CALLS.c.ended_at.type),
    result=sa.bindparam("said", type_=_CALLS.c.result.type),
    model=sa.bindparam("by_model"),
    worked_s=sa.bindparam("for_s"),
    # what an earlier try may have cost stays spent
    usd=sa.case((_WRITTEN, _CALLS.c.usd), else_=_CALLS.c.usd + sa.bindparam("more_usd")),
    tokens=sa.case((_WRITTEN, _CALLS.c.tokens), else_=_CALLS.c.tokens + sa.bindparam("more_tokens")),
    priced=sa.case((_CALLS.c.priced, sa.bindparam("is_priced", type_=_CALLS.c.priced.type)), else_=False),
)
_OF: Final = sa.select(Call).where(
    col(Call.run_id) == _RUN, col(Call.task_key) == _KEY, col(Call.attempt) == _ATTEMPT
)
_AT_WORK: Final = (
    sa.select(col(Call.ended_at), col(Call.worked_s))
    .where(col(Call.run_id) == _RUN)
    .distinct()  # what a later attempt took over is there twice
)
_BRIEFS: Final = sa.select(Brief).where(
    col(Brief.run_id) == _RUN, col(Brief.task_key) == _KEY, col(Brief.attempt) == _ATTEMPT
)


async def take(session: AsyncSession, about: tuple[str, str, int], seen: str, token: str) -> bool:
    """Take a task for its worker; False when its run has ended or somebody took it since its token was ``seen``.

    Taking compares: who looked, slept and wakes up late takes nothing away from who took it meanwhile.
    """
    values = {**_about(*about), "seen": seen, "new": token, "now": clock.now()}
    return bool(await changed(session, _TAKE, values))


async def of(session: AsyncSession, run_id: str, task_key: str, attempt: int) -> dict[int, Call]:
    """Return the calls of one attempt by their number."""
    mine = await session.execute(_OF, _about(run_id, task_key, attempt))
    return {row.seq: row for row in mine.scalars()}


async def worked_s(session: AsyncSession, run_id: str) -> float:
    """Return for how many seconds a run's models or tools were at work, however many side by side."""
    total, counted = timedelta(), datetime.min.replace(tzinfo=UTC)
    made = await session.execute(_AT_WORK, {"of_run": run_id})
    for began, ended in sorted((ended - timedelta(seconds=worked), ended) for ended, worked in made if ended):
        total += max(timedelta(), ended - max(counted, began))
        counted = max(counted, ended)
    return total.total_seconds()


async def intend(session: AsyncSession, token: str, call: Mapping[str, Any]) -> bool:
    """Note that a call is about to be made; False when another worker has the task."""
    row = Call(**call, began_at=clock.now())
    new = {f"new_{column.key}": getattr(row, column.key) for column in _NEW}
    about = _about(row.run_id, row.task_key, row.attempt)
    return bool(await changed(session, _INTEND, {**new, **about, "token": token}))


async def record(
    session: AsyncSession, token: str, key: tuple[str, str, int, int], values: Mapping[str, Any]
) -> bool:
    """Keep a call's result and add what it cost; False when another worker has the task.

    ``values`` are ``result``, ``model``, ``tokens``, ``usd``, whether the price was known: ``priced``, and ``worked_s``.
    """
    mine = {**_about(*key[:3]), "of_seq": key[3], "token": token, "now": clock.now()}
    cost = {"more_usd": values["usd"], "more_tokens": values["tokens"], "is_priced": values["priced"]}
    said = {"said": values["result"], "by_model": values["model"], "for_s": values["worked_s"]}
    return bool(await changed(session, _RECORD, {**mine, **cost, **said}))


async def note(
    session: AsyncSession, token: str, key: tuple[str, str, int, int], about: Mapping[str, Any]
) -> bool:
    """Keep something about a call under way where its result will be; False when another worker has the task."""
    mine = {**_about(*key[:3]), "of_seq": key[3], "token": token}
    return bool(await changed(session, _NOTE, {**mine, "result": dict(about)}))


async def tried(
    session: AsyncSession, token: str, key: tuple[str, str, int, int], faults: Sequence[tuple[str, str]]
) -> bool:
    """Keep why a call under way was tried in vain, every time; False when another worker has the task."""
    mine = {**_about(*key[:3]), "of_seq": key[3], "token": token}
    return bool(await changed(session, _TRIED, {**mine, "in_vain": [list(fault) for fault in faults]}))


def _about(run_id: str, task_key: str, attempt: int) -> dict[str, Any]:
    return {"of_run": run_id, "of_task": task_key, "of_attempt": attempt}


async def inherit(session: AsyncSession, run_id: str, task_key: str, attempt: int) -> None:
    """Let attempt + 1 begin where this one stopped: the same briefs and the same recorded calls."""
    for table in (Brief, Call):
        mine = sa.select(table).where(
            col(table.run_id) == run_id, col(table.task_key) == task_key, col(table.attempt) == attempt
        )
        for row in (await session.execute(mine)).scalars():
            session.add(table(**{**row.model_dump(), "attempt": attempt + 1, **_unpaid(table)}))


def _unpaid(table: type[Brief] | type[Call]) -> dict[str, Any]:
    """A copied call was paid for once, by the attempt that made it."""
    return {"usd": 0.0, "tokens": 0} if table is Call else {}


async def briefs(session: AsyncSession, run_id: str, task_key: str, attempt: int) -> dict[str, Brief]:
    """Return the briefs of one attempt as they were shown, by name."""
    mine = await session.execute(_BRIEFS, _about(run_id, task_key, attempt))
    return {row.name: row for row in mine.scalars()}
