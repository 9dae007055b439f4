"""What a run's receipt says at its end, beside what was predicted at its beginning."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from agents.planning.coordination import Talked, share
from storage.tables import Brief, Call, Run, Task
from storage.words import CallKind


async def complete(session: AsyncSession, run: Run, tasks: list[Task]) -> None:
    """Write on the receipt which share of the tokens went into working together; a simple request has none to share."""
    if run.receipt:
        run.receipt = {**run.receipt, "coordination": round(share(await talked(session, run.id, tasks)), 3)}


async def talked(session: AsyncSession, run_id: str, tasks: list[Task]) -> list[Talked]:
    """Return who was asked how much in a run, by task, attempt and role."""
    kinds = {task.key: task.kind for task in tasks}
    key = (col(Call.task_key), col(Call.attempt), col(Call.name))
    spent = sa.select(*key, sa.func.count(), sa.func.sum(Call.tokens)).group_by(*key)
    mine = spent.where(col(Call.run_id) == run_id, col(Call.kind) == CallKind.MODEL, col(Call.tokens) > 0)
    briefs = sa.select(col(Brief.task_key), col(Brief.attempt), col(Brief.role), col(Brief.manifest))
    shown: dict[tuple[str, int, str], list[tuple[dict[str, object], ...]]] = {}
    for task, attempt, role, manifest in await session.execute(briefs.where(col(Brief.run_id) == run_id)):
        shown.setdefault((task, attempt, role), []).append(tuple(manifest))
    return [
        Talked(kinds[task], int(calls), int(tokens), tuple(shown.get((task, attempt, role), ())))
        for task, attempt, role, calls, tokens in await session.execute(mine)
        if task in kinds
    ]
