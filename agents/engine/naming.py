"""People asked by name: a conversation between the requester and the bot alone holds nobody else who may decide."""

from __future__ import annotations

from collections.abc import Sequence

from agents.engine.asking import awake_at
from agents.engine.transitions import Transition
from storage import checkpoints, clock, outbox, timers
from storage.policy import Policy
from storage.tables import Checkpoint
from storage.words import MessageKind, TimerKind


async def ask_by_name(moving: Transition, people: Sequence[str], by: str) -> bool:
    """Let these people decide what waits for others; each is shown it in a direct message. False: nothing does."""
    waiting = [one for one in await checkpoints.open_in(moving.session, moving.run.id) if _is_for_others(one)]
    for checkpoint in waiting:
        await ask_also(moving, checkpoint, people, by)
    return bool(waiting)


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
    await moving.event("people asked", by=by, checkpoint=checkpoint.id, people=new)
    await moving.refresh(checkpoint)
    about = {"run_id": moving.run.id, "checkpoint_id": checkpoint.id}
    for person in [each for each in new if not each.startswith("S")]:
        not_before = None if by else await awake_at(moving, policy, person)  # what a person asks for comes at once
        outbox.say(moving.session, MessageKind.CHECKPOINT, **about, user=person, not_before=not_before)
    if groups := [each for each in new if each.startswith("S")]:
        what = f"{checkpoint.id}.{'.'.join(groups)}"
        await timers.set_(moving.session, TimerKind.TELL, clock.now(), what, **about, about={"to": groups})


async def ask_again(moving: Transition, checkpoint: Checkpoint) -> None:
    """Ask those who were asked by name before: a new version of a draft comes to them too."""
    earlier = await checkpoints.all_in(moving.session, moving.run.id)
    named = [person for one in earlier for person in Policy.model_validate(one.policy).named]
    if _is_for_others(checkpoint) and named:
        await ask_also(moving, checkpoint, named, "")
