"""What of a night's work can wait for half price: how late an answer may come without the result coming late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from agents.models.client import Door
from agents.models.overnight import WAIT, Overnight
from agents.planning.plan import RunPlan
from agents.policies.hours import next_local
from agents.policies.resolving import settings_for
from agents.policies.values import Settings
from storage import clock, runs
from storage.tables import Run, Task
from storage.words import TaskKind

MORNING: Final = time(7, 30)  # where the policy has no brief

if TYPE_CHECKING:
    from agents.engine.ground import Ground
    from agents.engine.recording import RunRecorder


def overnight(ground: Ground, door: Door, run: Run, task: Task, recorder: RunRecorder) -> Overnight | None:
    """Return an attempt's way to half price; None where nothing of it may wait.

    Triage and plan never do: what they ask is asked before the night.
    """
    if door.batches is None or not run.night or task.kind is not TaskKind.WORK:
        return None

    async def until() -> datetime | None:
        return await latest(ground, run.id, task.key)

    return Overnight(door.batches, recorder, recorder.attempt.key, until, recorder.unfinished)


async def latest(ground: Ground, run_id: str, key: str) -> datetime | None:
    """Return when the answers of a task must be there at the latest; None when its run does not wait for anything."""
    async with ground.database.read() as session:
        run = await runs.get(session, run_id)
        tasks = await runs.tasks(session, run_id)
    settings = settings_for(ground.policies.rules(), run.channel, run.line)
    if run.paused or not is_for_the_night(run, settings):
        return None
    needs = {task.key: task.spec.get("needs", ()) for task in tasks}
    return wanted_by(run, settings) - WAIT * tasks_after(needs, key)


def by_batch(ground: Ground, door: Door, run: Run, plan: RunPlan) -> frozenset[str]:
    """Return the keys of the tasks that should find time for message batches: what a plan costs is predicted with it."""
    settings = settings_for(ground.policies.rules(), run.channel, run.line)
    if door.batches is None or not door.batches.speaks or not is_for_the_night(run, settings):
        return frozenset()
    begin = max(clock.now(), run.begin_at or clock.now())
    needs = {task.key: task.needs for task in plan.tasks}
    end = wanted_by(run, settings)
    return frozenset(key for key in needs if begin + WAIT <= end - WAIT * tasks_after(needs, key))


def is_for_the_night(run: Run, settings: Settings) -> bool:
    """Return whether a run's work may take the night; one that people began early, by day, is wanted soon."""
    if not run.night or run.begin_at is not None:
        return run.night
    asked, zone = run.created_at, settings.hours.zone
    return next_local(asked, settings.brief or MORNING, zone) < next_local(asked, settings.night, zone)


def wanted_by(run: Run, settings: Settings) -> datetime:
    """Return when people want the result: as they said, else at the morning brief after the work's beginning."""
    if run.due_at is not None:
        return run.due_at
    return next_local(run.begin_at or run.created_at, settings.brief or MORNING, settings.hours.zone)


def tasks_after(needs: Mapping[str, Sequence[str]], key: str) -> int:
    """Return how many tasks come after one of them on the longest way to the end.

    Args:
        needs: The keys of the tasks that each task needs; no circles.
        key: The task.
    """
    following = [other for other, needed in needs.items() if key in needed]
    return max((1 + tasks_after(needs, other) for other in following), default=0)
