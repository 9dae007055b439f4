"""The plan that people approved for a schedule: while nothing is different, its next runs do not ask about it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from agents.engine import asking
from agents.engine.transitions import Transition
from agents.planning.plan import RunPlan
from agents.planning.when.instants import shown
from agents.planning.when.telling import listed
from agents.policies import Settings, settings_for
from storage import clock, events, standing, voting
from storage.agenda import Schedule
from storage.tables import Checkpoint, Task
from storage.words import CheckpointKind, MessageKind

KNOWN: Final = "The plan is the one {who} approved on {when}, so nobody was asked again."


async def keep(moving: Transition, task: Task, checkpoint: Checkpoint) -> None:
    """Remember what people said yes to. What came of silence, or of an admin who decided past the policy, does not count."""
    schedule = await _schedule(moving)
    people = await voting.approved_by(moving.session, checkpoint)
    if schedule is None or not people or await standing.glass_broken_by(moving.session, checkpoint):
        return
    facts = _facts(moving, task, checkpoint.payload)
    usd = checkpoint.payload["receipt"]["chosen"]["usd"]
    schedule.approved = {"facts": facts, "usd": usd, "by": people, "at": clock.now().isoformat()}


async def is_known(moving: Transition, task: Task, payload: dict[str, Any]) -> bool:
    """Return whether people approved this very plan for this schedule before; then it is said in the thread.

    Args:
        moving: The run's transaction.
        task: The run's plan.
        payload: What people would be asked to decide on.
    """
    schedule, first = await _schedule(moving), _settings(moving).ask_first
    before = schedule.approved if schedule is not None else {}
    if schedule is None or not before or first.same_plan or task.note:
        return False
    if before["facts"] != _facts(moving, task, payload) or payload["receipt"]["chosen"]["usd"] > before["usd"]:
        return False
    at = datetime.fromisoformat(before["at"])
    await moving.event("plan known", schedule=schedule.id, approved_by=before["by"], approved_at=before["at"])
    moving.say(MessageKind.NOTICE, text=_said(before["by"], at, schedule.zone))
    return True


def _said(people: Sequence[str], at: datetime, zone: str) -> str:
    return KNOWN.format(who=listed(f"<@{one}>" for one in people), when=shown(at, ZoneInfo(zone)))


async def _schedule(moving: Transition) -> Schedule | None:
    """Return the schedule that asked for the run; None where nobody scheduled it, or it was erased."""
    return await moving.session.get(Schedule, moving.run.schedule_id) if moving.run.schedule_id else None


def _facts(moving: Transition, task: Task, payload: dict[str, Any]) -> dict[str, str]:
    """Return digests of all that a yes rests on; the words in which a plan gives its reason are no part of the work."""
    run = moving.run
    plan = RunPlan.model_validate(payload["plan"]).model_copy(update={"reason": ""})
    policy = asking.policy_for(moving.ground.policies.rules(), moving.run, task, CheckpointKind.PLAN)
    asked = [run.channel, run.line, run.request, run.files, run.constraints, run.inputs]
    ruled = [policy.model_dump(mode="json"), asdict(_settings(moving).ask_first)]
    parts = {"plan": plan.canonical(), "policy": ruled, "pages": run.pages, "asked": asked, "remark": payload["remark"]}
    return {name: events.digest(part) for name, part in parts.items()}


def _settings(moving: Transition) -> Settings:
    return settings_for(moving.ground.policies.rules(), moving.run.channel, moving.run.line)
