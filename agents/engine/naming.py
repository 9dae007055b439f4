"""People asked by name: a conversation between the requester and the bot alone holds nobody else who may decide."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col

from agents.engine.asking import awake_at
from agents.engine.transitions import Transition
from storage import checkpoints, clock, outbox, timers
from storage.policy import MEMBERS, Policy
from storage.tables import Checkpoint, Event
from storage.words import CheckpointKind, MessageKind, TimerKind

ASKED = "people asked"


async def ask_by_name(moving: Transition, people: Sequence[str], by: str) -> bool:
    """Let these people decide what waits for others; each is shown it in a direct message. False: nothing does.

    Whoever asked for the work finds people where members of the channel decide, and nowhere else: whom the policy lists
    is not theirs to choose.
    """
    open_ = await checkpoints.open_in(moving.session, moving.run.id)
    waiting = [(one, found) for one in open_ if _is_for_others(one) and (found := _stand_in(one, people))]
    for checkpoint, found in waiting:
        await ask_also(moving, checkpoint, found, by)
    return bool(waiting)


def _stand_in(checkpoint: Checkpoint, people: Sequence[str]) -> list[str]:
    """Return those who may decide once they count as members of the channel."""
    lists = [rule for rule in Policy.model_validate(checkpoint.policy).deciders if MEMBERS not in rule]
    return [person for person in people if all(person in rule for rule in lists)]


def _is_for_others(checkpoint: Checkpoint) -> bool:
    return not Policy.model_validate(checkpoint.policy).requester


async def ask_also(moving: Transition, checkpoint: Checkpoint, people: Sequence[str], by: str) -> None:
    """Let these people and user groups decide as well, and write to them."""
    policy = Policy.model_validate(checkpoint.policy)
    barred = {*policy.named, *policy.apart, *(() if policy.requester else (checkpoint.requester,))}
    new = [person for person in dict.fromkeys(people) if person not in barred]
    if not new:
        return
    named = policy.model_copy(update={"named": (*policy.named, *new)})
    checkpoint.policy = named.model_dump(mode="json")
    await moving.event(ASKED, by=by, checkpoint=checkpoint.id, people=new)
    await moving.refresh(checkpoint)
    about = {"run_id": moving.run.id, "checkpoint_id": checkpoint.id}
    for person in [each for each in new if not each.startswith("S")]:
        not_before = None if by else await awake_at(moving, policy, person)  # what a person asks for comes at once
        outbox.say(moving.session, MessageKind.CHECKPOINT, **about, user=person, not_before=not_before)
    if groups := [each for each in new if each.startswith("S")]:
        what = f"{checkpoint.id}.{'.'.join(groups)}"
        await timers.set_(moving.session, TimerKind.TELL, clock.now(), what, **about, about={"to": groups})


async def ask_again(moving: Transition, checkpoint: Checkpoint) -> None:
    """Ask those who were asked by name before: a new version of a draft comes to them too.

    Whom the requester named for what waits for others is asked about everything that does. Whom deciders or the clock
    asked was asked about that one thing.
    """
    if not _is_for_others(checkpoint):
        return
    earlier = {one.id: one for one in await checkpoints.all_in(moving.session, moving.run.id)}
    mine = sa.select(Event).where(col(Event.run_id) == moving.run.id, col(Event.kind) == ASKED).order_by(col(Event.seq))
    for line in (await moving.session.execute(mine)).scalars().all():
        before, people = earlier[line.payload["checkpoint"]], line.payload["people"]
        if _is_the_same(before, checkpoint):
            await ask_also(moving, checkpoint, people, "")
        elif line.by in {moving.run.requester, *moving.run.handed_by} and _is_for_others(before):
            await ask_also(moving, checkpoint, _stand_in(checkpoint, people), "")


def _is_the_same(before: Checkpoint, now: Checkpoint) -> bool:
    """Return whether both ask about versions of one thing, by the same rule. Every effect is a thing of its own."""
    about = (before.task_key, before.kind, before.policy["deciders"])
    return about == (now.task_key, now.kind, now.policy["deciders"]) and now.kind is not CheckpointKind.EFFECT
