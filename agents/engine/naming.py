"""People asked by name: a conversation between the requester and the bot alone holds nobody else who may decide."""

from __future__ import annotations

from collections.abc import Sequence

from agents.engine.transitions import Transition
from storage import checkpoints, outbox
from storage.policy import Policy
from storage.tables import Checkpoint
from storage.words import MessageKind


async def ask_by_name(moving: Transition, people: Sequence[str], by: str) -> bool:
    """Let these people decide what waits for others; each is shown it in a direct message. False: nothing does."""
    waiting = [one for one in await checkpoints.open_in(moving.session, moving.run.id) if _is_for_others(one)]
    for checkpoint in waiting:
        await _name(moving, checkpoint, people, by)
    return bool(waiting)


def _is_for_others(checkpoint: Checkpoint) -> bool:
    return not Policy.model_validate(checkpoint.policy).requester


async def _name(moving: Transition, checkpoint: Checkpoint, people: Sequence[str], by: str) -> None:
    policy = Policy.model_validate(checkpoint.policy)
    new = [person for person in dict.fromkeys(people) if person not in {*policy.named, checkpoint.requester}]
    if not new:
        return
    named = policy.model_copy(update={"named": (*policy.named, *new)})
    checkpoint.policy = named.model_dump(mode="json")
    await moving.event("people asked", by=by, checkpoint=checkpoint.id, people=new)
    await moving.refresh(checkpoint)
    for person in new:
        about = {"run_id": moving.run.id, "checkpoint_id": checkpoint.id, "user": person}
        outbox.say(moving.session, MessageKind.CHECKPOINT, **about)


async def ask_again(moving: Transition, checkpoint: Checkpoint) -> None:
    """Ask those who were asked by name before: a new version of a draft comes to them too."""
    earlier = await checkpoints.all_in(moving.session, moving.run.id)
    named = [person for one in earlier for person in Policy.model_validate(one.policy).named]
    if _is_for_others(checkpoint) and named:
        await _name(moving, checkpoint, named, "")
