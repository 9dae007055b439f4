"""What people do with a run as a whole, at any moment: each is one transaction, and each is in the audit log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from agents.engine import budget, stillness
from agents.engine.transitions import Transition
from agents.policies.resolving import resolve, settings_for
from storage import checkpoints, clock, outbox, standing, timers
from storage.errors import AlreadyDecidedError, InvalidError, NotAllowedError
from storage.policy import Person, Policy, outsider, refusal
from storage.tables import Run, Task
from storage.words import (
    ENDED,
    Cause,
    CheckpointKind,
    MessageKind,
    RunState,
    TaskKind,
    TaskState,
    TimerKind,
)

LEAST_CAP_USD: Final = 0.01


def check_may_steer(run: Run, person: Person) -> None:
    """Let the requester and full members of the channel steer a run.

    Raises:
        NotAllowedError: This person may not; the message is for them.
    """
    if said := outsider(person, run.team):
        raise NotAllowedError(f"Nothing changed. {said}")
    if person.id != run.requester and not person.member:
        raise NotAllowedError("Nothing changed. Only members of the channel can do this.")


def check_goes(run: Run) -> None:
    """Raises AlreadyDecidedError when a run has ended."""
    if run.state in ENDED:
        raise AlreadyDecidedError(f"Nothing changed: this run is already {run.state}.")


async def pause(moving: Transition, person: Person) -> None:
    """Start nothing more; what is under way is cut after the commit and goes on later from its finished calls."""
    _check(moving, person)
    if moving.run.paused:
        raise AlreadyDecidedError("Nothing changed: this run is paused already.")
    moving.run.paused = True
    await moving.event("paused", by=person.id)
    await stillness.follow(moving)


async def resume(moving: Transition, person: Person) -> None:
    """Go on where a pause stopped."""
    _check(moving, person)
    if not moving.run.paused:
        raise AlreadyDecidedError("Nothing changed: this run is not paused.")
    await stillness.follow(moving)  # also of what was asked since
    moving.run.paused = False
    await moving.event("resumed", by=person.id)
    await stillness.follow(moving)


async def stop(moving: Transition, person: Person) -> None:
    """End the run."""
    _check(moving, person)
    await moving.end(RunState.STOPPED, f"Stopped by <@{person.id}>.")


async def run_again(moving: Transition, person: Person, key: str, note: str) -> None:
    """Do a task anew, and everything that builds on it; a run that has ended is reopened.

    Args:
        moving: The run's transaction.
        person: Whoever asks for it.
        key: The task.
        note: What should be different, word for word; empty repeats it as it was.
    """
    check_may_steer(moving.run, person)
    first = await moving.task(key)
    if first.kind is not TaskKind.WORK:
        raise InvalidError("Nothing changed: only the plan's own tasks can be run again. Ask anew for another plan.")
    tasks = await moving.tasks()
    again = {key, *built_on(key, tasks)}
    if first.state is TaskState.BLOCKED:
        raise InvalidError("Nothing changed: this task has not begun yet.")
    of_money = await _withdraw(moving, again)
    for one in [task for task in tasks.values() if task.key in again and task.state is not TaskState.BLOCKED]:
        one.failures = 0
        await moving.again(one, Cause.AGAIN, note if one.key == key else "")
    if of_money:  # others stood before the same cap: they look at it anew
        await budget.let_go(moving)
    await moving.event("run again", by=person.id, task=key, note=note, tasks=sorted(again))
    await _reopen(moving, person, note)


async def judge(moving: Transition, person: Person, *, accepted: bool) -> None:
    """Keep what a person says of a delivered result; the last word counts."""
    run, kind = moving.run, standing.ACCEPTED if accepted else standing.TURNED_DOWN
    check_may_steer(run, person)
    if run.state is not RunState.DONE:
        raise AlreadyDecidedError("Nothing changed: there is no result to judge just now, for the work goes on.")
    said = await standing.verdict(moving.session, run.id)
    if said is not None and (said.kind, said.by) == (kind, person.id):
        raise AlreadyDecidedError("Nothing changed: you said so already.")
    await moving.event(kind, by=person.id)
    await outbox.refresh(moving.session, MessageKind.RESULT, run_id=run.id)


def built_on(key: str, tasks: Mapping[str, Task]) -> set[str]:
    """Return the keys of all tasks that need a task, directly or through others."""
    found: set[str] = set()
    for task in tasks.values():  # page order: what is needed stands before what needs it
        if {key, *found} & set(task.spec.get("needs", ())):
            found.add(task.key)
    return found


async def _withdraw(moving: Transition, keys: Collection[str]) -> bool:
    """Withdraw what these tasks ask; return whether the run's question about money was among it."""
    mine = [one for one in await checkpoints.open_in(moving.session, moving.run.id) if one.task_key in keys]
    for checkpoint in mine:
        await moving.withdraw(checkpoint)
    return any(one.kind is CheckpointKind.BUDGET for one in mine)


async def _reopen(moving: Transition, person: Person, note: str) -> None:
    run = moving.run
    if run.state in ENDED:
        run.state, run.ended_at, run.error = RunState.WORKING, None, ""
        await moving.event(standing.REOPENED, by=person.id, note=note)
        await outbox.refresh(moving.session, MessageKind.RESULT, run_id=run.id)


async def hand_over(moving: Transition, person: Person, to: Person) -> None:
    """Make somebody else the requester. Whoever was it before still may not decide on their own request."""
    _check(moving, person)
    run = moving.run
    if said := outsider(to, run.team):
        raise InvalidError(f"Nothing changed. <@{to.id}> cannot take this over. {said}")
    if to.id == run.requester:
        raise InvalidError(f"Nothing changed: this is <@{to.id}>'s already.")
    if not to.member:
        raise InvalidError(
            f"Nothing changed. <@{to.id}> is not in this channel, so they could not answer what the run asks. "
            "Invite them first."
        )
    before = run.requester
    run.handed_by, run.requester = [*(one for one in run.handed_by if one != to.id), before], to.id
    await moving.event("handed over", by=person.id, before=before, to=to.id)
    for checkpoint in await checkpoints.open_in(moving.session, run.id):
        policy = Policy.model_validate(checkpoint.policy)
        apart = {} if policy.requester else {"apart": tuple(run.handed_by)}
        checkpoint.requester, checkpoint.policy = to.id, policy.model_copy(update=apart).model_dump(mode="json")
        await moving.refresh(checkpoint)
    said = f"You were handed “{run.title}”: its questions and its result are yours."
    outbox.say(moving.session, MessageKind.NOTICE, run_id=run.id, user=to.id, text=said)


async def set_cap(moving: Transition, person: Person, cap_usd: float) -> None:
    """Let the run ask once it has spent this much, in US dollars."""
    _check(moving, person)
    if cap_usd < LEAST_CAP_USD:
        raise InvalidError("Nothing changed: give a budget of at least one cent, or stop the run.")
    _check_may_allow(moving, person, cap_usd)
    moving.run.cap_usd, moving.run.extra_usd = cap_usd, 0.0
    await moving.event("budget set", by=person.id, cap_usd=cap_usd)
    await budget.look_again(moving)


def _check_may_allow(moving: Transition, person: Person, cap_usd: float) -> None:
    """Raises NotAllowedError when a budget goes beyond the policy's, and this person alone does not decide on that."""
    run, rules = moving.run, moving.ground.policies.rules()
    most = settings_for(rules, run.channel, run.line).spend.run_usd
    policy = resolve(rules, CheckpointKind.BUDGET, channel=run.channel, line=run.line)
    if most is None or cap_usd <= most:
        return
    if policy.quorum > 1 or refusal(policy, person, run.requester, run.team):
        raise NotAllowedError(
            f"Nothing changed. The policy lets this run spend ${most:.2f}. There it asks, and whoever may decide on that "
            "can let it spend more."
        )


async def set_deadline(moving: Transition, person: Person, due_at: datetime) -> None:
    """Say by when the result is wanted."""
    _check(moving, person)
    if due_at <= clock.now():
        raise InvalidError("Nothing changed: that moment has passed already.")
    moving.run.due_at = due_at
    await timers.reset(moving.session, TimerKind.OVERDUE, due_at, moving.run.id)
    await moving.event("deadline set", by=person.id, due_at=due_at.isoformat())


async def begin_now(moving: Transition, person: Person) -> None:
    """Open the window of a run that waits for the night."""
    _check(moving, person)
    if moving.run.begin_at is None or moving.run.begin_at <= clock.now():
        raise AlreadyDecidedError("Nothing changed: this run has begun already.")
    moving.run.begin_at = None
    await moving.event("begun early", by=person.id)


def _check(moving: Transition, person: Person) -> None:
    check_goes(moving.run)
    check_may_steer(moving.run, person)
