"""While a run stands still, paused or with its whole workspace, so does the time that people have to decide in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from agents.engine import asking
from agents.engine.transitions import Transition
from agents.policies.durations import Duration, resumed
from agents.policies.hours import Hours
from storage import checkpoints, clock, halts, standing, timers
from storage.agenda import NEVER, Timer
from storage.policy import Policy
from storage.tables import Checkpoint
from storage.words import CheckpointState, TimerKind

KINDS: Final = frozenset({TimerKind.REMIND, TimerKind.ESCALATE, TimerKind.EXPIRE})
_SINCE, _DUE = "still_since", "due"  # what a timer that stands still keeps of the time before


async def follow(moving: Transition) -> None:
    """Let the time of everything this run asks stand still, or go on with what was left, as the run does now."""
    mine = await timers.undone(moving.session, moving.run.id, KINDS)
    still = await stands(moving)
    turning = [timer for timer in mine if (_DUE in timer.about) is not still]
    for checkpoint_id in dict.fromkeys(timer.checkpoint_id for timer in turning):
        checkpoint = await checkpoints.get(moving.session, checkpoint_id)
        its = [timer for timer in turning if timer.checkpoint_id == checkpoint_id]
        await (_hold(moving, checkpoint, its) if still else _release(moving, checkpoint, its))
        await moving.refresh(checkpoint)


async def stands(moving: Transition) -> bool:
    """Return whether a run stands still."""
    return not moving.ended and (moving.run.paused or await halts.is_on(moving.session, moving.run.team))


async def _hold(moving: Transition, checkpoint: Checkpoint, its: Sequence[Timer]) -> None:
    since = max(await _since(moving), checkpoint.held_until or checkpoint.opened_at)
    for timer in its:
        timer.about = {**timer.about, _SINCE: since.isoformat(), _DUE: timer.due_at.isoformat()}
        timer.due_at = NEVER
    checkpoint.due_at = None


async def _since(moving: Transition) -> datetime:
    """Return when the run came to stand still: it was paused or everything was stopped, whichever came first."""
    halt = await halts.get(moving.session, moving.run.team)
    paused = await standing.last(moving.session, moving.run.id, ("paused",)) if moving.run.paused else None
    return min([*([halt.at] if halt else []), *([paused.at] if paused else []), clock.now()])


async def _release(moving: Transition, checkpoint: Checkpoint, its: Sequence[Timer]) -> None:
    hours = await asking.hours_of(moving, Policy.model_validate(checkpoint.policy))
    for timer in its:
        timer.due_at = _anew(timer, hours)
        timer.about = {key: value for key, value in timer.about.items() if key not in (_SINCE, _DUE)}
        if timer.kind is TimerKind.EXPIRE and checkpoint.state is CheckpointState.OPEN:
            checkpoint.due_at = timer.due_at
            await moving.event("deadline moved", checkpoint=checkpoint.id, due_at=timer.due_at.isoformat())


def _anew(timer: Timer, hours: Sequence[Hours]) -> datetime:
    """Return when a timer is due now that time goes on; one whose time had not begun is due when it was."""
    since, due = datetime.fromisoformat(timer.about[_SINCE]), datetime.fromisoformat(timer.about[_DUE])
    lasts, now = str(timer.about.get(asking.LASTS) or "1 minute"), clock.now()
    return due if now <= since else resumed(now, since, due, Duration.parse(lasts), hours)
