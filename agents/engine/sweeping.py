"""The safety net: nothing stands still without a person being asked, whatever ended badly."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from agents.engine import outcomes, stillness
from agents.engine.durable import MOST_RECOVERIES, Key
from agents.engine.ground import Ground
from agents.engine.transitions import transition
from agents.stations.assignment import Failed
from storage.agenda import NEVER, Timer
from storage.tables import Run, Task
from storage.words import ENDED, UNDER_WAY, RunState

LOST = "The work on this ended without an outcome."
WORN_OUT = (
    f"Jidoka's process ended in the middle of this {MOST_RECOVERIES + 1} times in a row, so it is not begun again by itself."
)


async def sweep(ground: Ground) -> None:
    """Advance runs that stand still, and fail tasks whose stage ended without an outcome."""
    async with ground.database.read() as session:
        at_work = sa.select(col(Task.run_id), col(Task.key), col(Task.attempt)).where(
            col(Task.state).in_(UNDER_WAY)
        )
        stages = [(row.run_id, row.key, row.attempt) for row in await session.execute(at_work)]
        busy = sa.exists().where(col(Task.run_id) == col(Run.id), col(Task.state).in_(UNDER_WAY))
        lifted = sa.and_(  # the halt they stood still for is over, and the process ended before they were told
            col(Run.state) == RunState.PAUSED, ~col(Run.paused), col(Run.team).not_in(ground.halted)
        )
        goes = sa.or_(col(Run.state) == RunState.WORKING, lifted)
        standing = sa.select(col(Run.id)).where(goes, ~busy)
        still = list((await session.execute(standing)).scalars())
        stood = list((await session.execute(_stood(ground))).scalars())
    for run_id in still:
        async with transition(ground, run_id):
            continue
    for run_id in stood:  # what let them go on may have been told to nobody
        async with transition(ground, run_id) as moving:
            await stillness.follow(moving)
    for stage, is_worn_out in (await ground.durable.ended_badly(stages)).items():
        await _fail(ground, stage, is_worn_out=is_worn_out)


def _stood(ground: Ground) -> sa.Select[Any]:
    """Return the question which runs go on, or have ended, while the time of what they ask stands still."""
    goes = sa.or_(col(Run.state).in_(ENDED), sa.and_(~col(Run.paused), col(Run.team).not_in(ground.halted)))
    still = sa.select(col(Timer.run_id)).join(Run, col(Run.id) == col(Timer.run_id)).distinct()
    return still.where(col(Timer.due_at) == NEVER, col(Timer.done_at).is_(None), goes)


async def _fail(ground: Ground, stage: Key, *, is_worn_out: bool) -> None:
    run_id, key, attempt = stage
    async with transition(ground, run_id) as moving:
        task = await moving.task(key)
        if task.attempt == attempt and task.state in UNDER_WAY:
            passing = Failed(LOST, keeps=not task.failures)  # the second time anew
            await outcomes.follow(moving, task, Failed(WORN_OUT, again=False) if is_worn_out else passing)
