"""A free plan that stands still is made anew, once. A line's page is people's: there a person is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import AsyncSession

from agents.planning import standstill
from agents.planning.plan import RunPlan
from agents.stations.assignment import Made, Standing
from storage import events
from storage.tables import Run, Task
from storage.words import Cause, Route, TaskKind, TaskState

if TYPE_CHECKING:
    from agents.engine.transitions import Transition

STALLED: Final = "plan stalled"
RAISED: Final = "tier raised"


async def plan_anew(moving: Transition, task: Task, made: Made) -> bool:
    """Have the plan made anew, the task waiting for it; False where that was tried before or is not for agents to do."""
    run = moving.run
    free = run.route == Route.PLAN and made.stalled
    if not free or await events.said(moving.session, run.id, STALLED):
        return False
    rules = [str(problem["rule"]) for problem in made.problems]
    await moving.event(STALLED, **standstill.told(task.key, made.text, rules))
    await moving.again(task, Cause.STALLED)
    await moving.again(await moving.task(TaskKind.PLAN.value), Cause.STALLED)
    return True


async def standing(session: AsyncSession, run: Run, tasks: Sequence[Task]) -> Standing | None:
    """Return what the plan is made anew from; None when it is made for the first time."""
    told = await events.said(session, run.id, STALLED) if run.plan else []
    if not told:
        return None
    begun = frozenset(task.key for task in tasks if task.state is not TaskState.BLOCKED)
    return Standing(RunPlan.model_validate(run.plan), begun, standstill.words(told[-1].payload))


async def was_raised(session: AsyncSession, run_id: str, task_key: str) -> bool:
    """Return whether an earlier attempt at a task went on with a stronger model."""
    return any(line.payload["task"] == task_key for line in await events.said(session, run_id, RAISED))
