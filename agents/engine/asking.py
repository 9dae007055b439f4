"""How people are asked: under which policy, when it is shown, and what is due while they are silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from agents.policies import hours as clocks
from agents.policies.durations import Duration, due
from agents.policies.hours import Hours, next_local, not_quiet
from agents.policies.resolving import resolve, settings_for
from agents.policies.values import Rules
from storage import checkpoints, clock, people, timers
from storage.policy import ASKS_MEMBERS, REQUESTER, Policy, tighten
from storage.tables import Checkpoint, Run, Task
from storage.words import CheckpointKind, EffectClass, MessageKind, TaskKind, TimerKind

if TYPE_CHECKING:
    from agents.engine.transitions import Transition

FAILED: Final = "failed"  # the key of a payload about something that could not be done
LASTS: Final = "lasts"  # what a timer keeps: the duration after which it is due


async def ask(
    moving: Transition,
    task: Task,
    kind: CheckpointKind,
    question: str,
    payload: Mapping[str, Any],
    artifact_id: str = "",
    effect: EffectClass = EffectClass.R1,
) -> Checkpoint:
    """Open a checkpoint under the policy that holds here, and let what follows from silence come due."""
    policy = policy_for(moving.ground.policies.rules(), moving.run, task, kind, effect, anyone=FAILED in payload)
    hours = await hours_of(moving, policy)
    held = _held_until(moving, task, hours)
    about = {"question": question, "payload": dict(payload), "artifact_id": artifact_id, "held_until": held}
    checkpoint = await checkpoints.open_(moving.session, moving.run, task, kind, policy, **about)
    await _set_timers(moving, checkpoint, policy, hours)
    if held is None:
        moving.say(MessageKind.CHECKPOINT, checkpoint_id=checkpoint.id)
    return checkpoint


def policy_now(rules: Rules, run: Run, task: Task, checkpoint: Checkpoint) -> Policy:
    """Return the policy that counts for a checkpoint: as it was opened, and stricter where the rules are by now."""
    kind, effect, anyone = checkpoint.kind, checkpoint.effect, FAILED in checkpoint.payload
    return tighten(Policy.model_validate(checkpoint.policy), policy_for(rules, run, task, kind, effect, anyone=anyone))


def policy_for(
    rules: Rules, run: Run, task: Task, kind: CheckpointKind, effect: EffectClass = EffectClass.R1, *, anyone: bool = False
) -> Policy:
    """Return the policy as it is now. Having something tried again is nobody's privilege: ``anyone`` may say yes to it."""
    place = {"channel": run.channel, "line": run.line, "station": str(task.spec.get("station", ""))}
    shipped = ASKS_MEMBERS if anyone else None
    policy = resolve(rules, kind, effect=effect, shipped=shipped, **place)
    return policy.model_copy(update={"apart": () if policy.requester else tuple(run.handed_by)})


async def hours_of(moving: Transition, policy: Policy) -> list[Hours]:
    """Return the hours of those who decide, as far as it is known who and where they are."""
    known = {moving.run.requester} if any(REQUESTER in rule for rule in policy.deciders) else set()
    zones = await people.zones(moving.session, sorted({*known, *policy.lists(), *policy.named}))
    return [clocks.hours_of(policy, zone) for zone in sorted({*zones.values()}) or [""]]


async def awake_at(moving: Transition, policy: Policy, person: str = "") -> datetime | None:
    """Return the end of somebody's quiet hours; None when they may be written to now."""
    zones = await people.zones(moving.session, [person]) if person else {}
    now = clock.now()
    at = not_quiet(now, clocks.hours_of(policy, zones.get(person, "")))
    return at if at > now else None


def _held_until(moving: Transition, task: Task, hours: Sequence[Hours]) -> datetime | None:
    """Return the morning until which a question of the night is held; None when it is asked at once.

    What a request needs before it can begin is asked at once: whoever asked is still there. So is what somebody who
    decides is awake for.
    """
    now = clock.now()
    mornings = [not_quiet(now, each) for each in hours]
    if not moving.run.night or task.kind is not TaskKind.WORK or now in mornings:
        return None
    brief = settings_for(moving.ground.policies.rules(), moving.run.channel, moving.run.line).brief
    return min(next_local(now, brief, each.zone) for each in hours) if brief else min(mornings)


async def _set_timers(
    moving: Transition, checkpoint: Checkpoint, policy: Policy, hours: Sequence[Hours]
) -> None:
    shown = checkpoint.held_until or clock.now()

    async def at(kind: TimerKind, moment: datetime, step: str = "", about: Mapping[str, Any] | None = None) -> None:
        which = {"run_id": moving.run.id, "checkpoint_id": checkpoint.id}
        await timers.set_(moving.session, kind, moment, f"{checkpoint.id}{step}", **which, about=about)

    if checkpoint.held_until is not None:
        await at(TimerKind.SHOW, shown)
    await at(TimerKind.TELL, shown)
    for step, after in enumerate(policy.remind, start=1):
        await at(TimerKind.REMIND, due(shown, Duration.parse(after), hours), f".{step}", {LASTS: after})
    for step, rung in enumerate(policy.escalate, start=1):
        about = {"to": list(rung.to), LASTS: rung.after}
        await at(TimerKind.ESCALATE, due(shown, Duration.parse(rung.after), hours), f".{step}", about)
    if policy.deadline:
        checkpoint.due_at = due(shown, Duration.parse(policy.deadline), hours)
        await at(TimerKind.EXPIRE, checkpoint.due_at, about={LASTS: policy.deadline})
