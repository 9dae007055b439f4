"""Recorded calls and the briefs they began with. Every write is fenced by the task's token."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import clock
from storage.database import changed
from storage.tables import Brief, Call, Task
from storage.words import CallState, TaskState

_COLUMNS: Final = Call.__table__.columns  # type: ignore[attr-defined]  # SQLModel's tables are tables


async def of(session: AsyncSession, run_id: str, task_key: str, attempt: int) -> dict[int, Call]:
    """Return the calls of one attempt by their number."""
    mine = sa.select(Call).where(
        col(Call.run_id) == run_id, col(Call.task_key) == task_key, col(Call.attempt) == attempt
    )
    return {row.seq: row for row in (await session.execute(mine)).scalars()}


async def intend(session: AsyncSession, token: str, call: Mapping[str, Any]) -> bool:
    """Note that a call is about to be made; False when another worker has the task."""
    named = {
        **call,
        "state": CallState.INTENT,
        "result": {},
        "model": "",
        "tokens": 0,
        "usd": 0.0,
        "priced": True,
    }
    values = [sa.literal(value, _COLUMNS[name].type) for name, value in named.items()]
    values.append(sa.literal(clock.now(), _COLUMNS["began_at"].type))
    mine = _held(call["run_id"], call["task_key"], call["attempt"], token)
    return bool(
        await changed(
            session, sa.insert(Call).from_select([*named, "began_at"], sa.select(*values).where(mine))
        )
    )


async def record(
    session: AsyncSession, token: str, key: tuple[str, str, int, int], values: Mapping[str, Any]
) -> bool:
    """Keep a call's result; False when another worker has the task."""
    run_id, task_key, attempt, seq = key
    mine = sa.update(Call).where(
        col(Call.run_id) == run_id,
        col(Call.task_key) == task_key,
        col(Call.attempt) == attempt,
        col(Call.seq) == seq,
        _held(run_id, task_key, attempt, token),
    )
    return bool(await changed(session, mine.values(state=CallState.DONE, ended_at=clock.now(), **values)))


def _held(run_id: str, task_key: str, attempt: int, token: str) -> sa.Exists:
    return sa.exists().where(
        col(Task.run_id) == run_id,
        col(Task.key) == task_key,
        col(Task.attempt) == attempt,
        col(Task.token) == token,
        col(Task.state) == TaskState.WORKING,
    )


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
    mine = sa.select(Brief).where(
        col(Brief.run_id) == run_id, col(Brief.task_key) == task_key, col(Brief.attempt) == attempt
    )
    return {row.name: row for row in (await session.execute(mine)).scalars()}
