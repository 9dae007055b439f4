"""What the clock does to runs. Each timer is one transaction, through the same doors as a press, and happens once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from agents.engine import asking, effects, stillness
from agents.engine.decisions import follow, tighten_now
from agents.engine.ground import Ground
from agents.engine.naming import ask_also
from agents.engine.transitions import Transition, transition
from storage import checkpoints, outbox, timers, voting
from storage.agenda import Timer
from storage.errors import NotFoundError
from storage.policy import IN_SILENCE, Policy
from storage.tables import Checkpoint
from storage.words import (
    CheckpointKind,
    CheckpointState,
    MessageKind,
    RunState,
    Silence,
    TaskState,
    TimerKind,
)

STILL: Final = "The time to decide on this has passed, and nobody did. Nothing goes on without you: it still waits."
NOT_IN_TIME: Final = "nobody decided in time"
OVERDUE: Final = "This was wanted by now and is not ready. The work goes on; write `stop` to end it."
OVERDUE_FOR_YOU: Final = "This was wanted by now and is not ready: a decision still waits. Its card above has the buttons."
WAITED: Final = "A decision still waits here. Its card above has the buttons."
WAITED_FOR_YOU: Final = "“{title}” still waits for your decision. Its buttons are above."


async def work_off(ground: Ground) -> bool:
    """Do what is due now; return whether anything was."""
    async with ground.database.read() as session:
        found = await timers.due(session, HANDLERS)
    for timer in found:
        await _one(ground, timer)
    return bool(found)


async def _one(ground: Ground, timer: Timer) -> None:
    try:
        async with transition(ground, timer.run_id) as moving:
            if timer.kind in stillness.KINDS and await stillness.stands(moving):
                await stillness.follow(moving)
            elif await timers.take(moving.session, timer.id):
                await HANDLERS[timer.kind](moving, timer)
    except NotFoundError:  # its run was erased
        async with ground.database.write() as session:
            await timers.take(session, timer.id)


async def _open(moving: Transition, timer: Timer) -> Checkpoint | None:
    checkpoint = await checkpoints.get(moving.session, timer.checkpoint_id)
    return checkpoint if checkpoint.state is CheckpointState.OPEN else None


async def _begin(moving: Transition, _timer: Timer) -> None:
    await moving.event("window opened")


async def _show(moving: Transition, timer: Timer) -> None:
    """Ask in the morning what came up in the night."""
    if (checkpoint := await _open(moving, timer)) is not None:
        checkpoint.held_until = None
        moving.say(MessageKind.CHECKPOINT, checkpoint_id=checkpoint.id)


async def _remind(moving: Transition, timer: Timer) -> None:
    """Remind those who were written to; where nobody was, the thread."""
    if (checkpoint := await _open(moving, timer)) is None:
        return
    await moving.event("reminded", checkpoint=checkpoint.id)
    policy, about = Policy.model_validate(checkpoint.policy), {"checkpoint_id": checkpoint.id}
    told = await outbox.told(moving.session, checkpoint.id)
    for user in sorted(told - {*await voting.approved_by(moving.session, checkpoint)}):
        text = WAITED_FOR_YOU.format(title=moving.run.title or moving.run.request)
        to = {"run_id": moving.run.id, "user": user, "not_before": await asking.awake_at(moving, policy, user)}
        outbox.say(moving.session, MessageKind.NOTICE, **about, **to, text=text)
    if not told:
        not_before = await asking.awake_at(moving, policy)
        moving.say(MessageKind.NOTICE, **about, text=WAITED, not_before=not_before)


async def _escalate(moving: Transition, timer: Timer) -> None:
    if (checkpoint := await _open(moving, timer)) is not None:
        await ask_also(moving, checkpoint, timer.about["to"], "")


async def _expire(moving: Transition, timer: Timer) -> None:
    """Let silence mean what the policy says; by default it means nothing."""
    if (checkpoint := await _open(moving, timer)) is None:
        return
    await tighten_now(moving, checkpoint, await moving.task(checkpoint.task_key))
    silence = _meaning(checkpoint)
    await moving.event("deadline passed", checkpoint=checkpoint.id, silence=silence)
    if silence is Silence.WAIT:
        moving.say(MessageKind.NOTICE, text=STILL)
    elif await checkpoints.close(moving.session, checkpoint, CheckpointState.EXPIRED):
        await _say_nothing_came(moving, checkpoint, silence)
        await moving.refresh(checkpoint)


def _meaning(checkpoint: Checkpoint) -> Silence:
    """Return what silence means here. Nothing that reaches outside, and no question, is ever answered by it."""
    silence = Policy.model_validate(checkpoint.policy).silence
    may_proceed = checkpoint.effect in IN_SILENCE and checkpoint.kind in PROCEEDS
    return Silence.WAIT if silence is Silence.PROCEED and not may_proceed else silence


PROCEEDS: Final = frozenset({CheckpointKind.PLAN, CheckpointKind.DRAFT, CheckpointKind.ESCALATION})


async def _say_nothing_came(moving: Transition, checkpoint: Checkpoint, silence: Silence) -> None:
    task = await moving.task(checkpoint.task_key)
    if silence is Silence.STOP:
        await moving.end(RunState.STOPPED, f"It was stopped because {NOT_IN_TIME}, as the policy says.")
    elif silence is Silence.SKIP and checkpoint.kind is CheckpointKind.EFFECT:
        await effects.end(moving, checkpoint, effects.NOT_DONE, why=effects.SILENT)
    elif silence is Silence.SKIP:
        task.state, task.error = TaskState.FAILED, f"{NOT_IN_TIME}, so it was left out, as the policy says."
    else:
        await follow(moving, task, checkpoint, CheckpointState.APPROVED)


async def _overdue(moving: Transition, _timer: Timer) -> None:
    if not moving.ended:
        await moving.event("overdue")
        is_waiting = bool(await checkpoints.open_in(moving.session, moving.run.id))
        moving.say(MessageKind.NOTICE, text=OVERDUE_FOR_YOU if is_waiting else OVERDUE)


HANDLERS: Final[dict[TimerKind, Callable[[Transition, Timer], Awaitable[None]]]] = {
    TimerKind.BEGIN: _begin,
    TimerKind.SHOW: _show,
    TimerKind.REMIND: _remind,
    TimerKind.ESCALATE: _escalate,
    TimerKind.EXPIRE: _expire,
    TimerKind.OVERDUE: _overdue,
}
