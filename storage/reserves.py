"""What model calls under way may cost at most: set aside before each is made, let go when its price is known."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from storage import events
from storage.columns import moment
from storage.database import changed, execute, insert, table_of
from storage.tables import Call, Run, Task
from storage.words import TaskState, Unit

LOST: Final = "call lost"  # the event of a call whose outcome nobody knows


class Reserve(SQLModel, table=True):
    """The most a call can cost. It goes when the price is known; where nobody knows, it counts as spent."""

    run_id: str = Field(primary_key=True)
    task_key: str = Field(primary_key=True)
    attempt: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    token: str  # of the worker that makes the call
    usd: float
    tokens: int
    at: datetime = moment()


_RESERVES: Final = table_of(Reserve)
_CALLS: Final = table_of(Call)
_KEY: Final = ("run_id", "task_key", "attempt", "seq")


def _one() -> sa.ColumnElement[bool]:
    return sa.and_(*(_RESERVES.c[name] == sa.bindparam(f"of_{name}") for name in _KEY))


_FREE: Final = sa.delete(_RESERVES).where(_one())
_LEFT: Final = sa.select(Reserve).where(col(Reserve.run_id) == sa.bindparam("of_run_id"))
_CHARGE: Final = (
    sa.update(_CALLS)
    .where(*(_CALLS.c[name] == sa.bindparam(f"of_{name}") for name in _KEY))
    .values(
        usd=_CALLS.c.usd + sa.bindparam("most_usd"),
        tokens=_CALLS.c.tokens + sa.bindparam("most_tokens"),
        priced=False,
    )
)


_UNDER_WAY: Final = sa.exists().where(
    col(Task.run_id) == col(Reserve.run_id),
    col(Task.key) == col(Reserve.task_key),
    col(Task.attempt) == col(Reserve.attempt),
    col(Task.token) == col(Reserve.token),
    col(Task.state) == TaskState.WORKING,
)


async def hold(session: AsyncSession, reserve: Reserve) -> None:
    """Set aside what a call can cost; what was set aside for it before was let go of."""
    await insert(session, reserve)


async def free(session: AsyncSession, key: tuple[str, str, int, int]) -> bool:
    """Let go of what was set aside for a call (run, task, attempt, number); False when nothing was."""
    return bool(await changed(session, _FREE, _about(key)))


async def lose(session: AsyncSession, run_id: str, which: Callable[[Reserve], bool] = lambda _: True) -> None:
    """Count what is set aside for a run's calls as spent, of all or of those: nobody knows what became of them."""
    rows = (await session.execute(_LEFT, {"of_run_id": run_id})).scalars().all()
    for row in filter(which, rows):
        await _lose(session, row)


async def _lose(session: AsyncSession, row: Reserve) -> None:
    """Charge the call with the most it can have cost; its result, if it is made again, is added to that."""
    key = _about(_key(row))
    await execute(session, _CHARGE, {**key, "most_usd": row.usd, "most_tokens": row.tokens})
    await free(session, _key(row))
    about: dict[str, Any] = {"task": row.task_key, "attempt": row.attempt, "seq": row.seq}
    await events.add(session, LOST, run_id=row.run_id, **about, usd=row.usd, tokens=row.tokens)


async def held(session: AsyncSession, unit: Unit = Unit.USD, **of: str) -> tuple[float, float]:
    """Return what is set aside for calls under way, and for calls that nobody makes any more: that is spent.

    Only of the runs with these fields' values; ``run_id`` names one run. Calls and minutes are counted where they
    are noted: none of them is set aside.
    """
    if unit in (Unit.CALLS, Unit.MINUTES):
        return 0.0, 0.0
    each = col(Reserve.usd if unit is Unit.USD else Reserve.tokens)
    under_way = sa.func.sum(sa.case((_UNDER_WAY, each), else_=0.0))
    total = sa.select(sa.func.coalesce(under_way, 0.0), sa.func.coalesce(sa.func.sum(each), 0.0))
    if "run_id" in of:
        total = total.where(col(Reserve.run_id) == of["run_id"])
    else:
        mine = [getattr(Run, name) == value for name, value in of.items()]
        total = total.join(Run, col(Run.id) == col(Reserve.run_id)).where(*mine)
    now, whole = (await session.execute(total)).one()
    return float(now), float(whole) - float(now)


def _key(row: Reserve) -> tuple[str, str, int, int]:
    return row.run_id, row.task_key, row.attempt, row.seq


def _about(key: tuple[str, str, int, int]) -> dict[str, Any]:
    return {f"of_{name}": value for name, value in zip(_KEY, key, strict=True)}
