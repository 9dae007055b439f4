"""Which kind of work a task is, and who does it."""

from __future__ import annotations

from agents.stations import contradiction
from agents.stations.assignment import Assignment, Outcome
from agents.stations.intake import triage
from agents.stations.means import Means
from agents.stations.planner import plan
from agents.stations.work import make
from storage.words import TaskKind


async def work(given: Assignment, means: Means) -> Outcome:
    """Return what came of one attempt at one task.

    Raises:
        ModelError: No usable answer came.
        PlanError: The plan cannot run.
        PersonNeeded: The agent asked for a person.
    """
    match given.kind:
        case TaskKind.TRIAGE:
            return await triage(given, means)
        case TaskKind.PLAN:
            return await plan(given, means, given.course)
        case TaskKind.WORK:
            return contradiction.asked(given) or await make(given, means)
