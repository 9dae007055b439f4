"""Decisions by a button: what records something commits before it is acknowledged; what opens a form acks first."""

import logging
from collections.abc import Sequence
from typing import Any, Final

from slack_bolt.context.ack.async_ack import AsyncAck

from agents.catalog import ORCHESTRATOR
from agents.engine.rows import pages_of
from agents.errors import PlanError
from bot.listeners.front import Front
from bot.listeners.leftovers import DEAD_BUTTON
from bot.listeners.pressed import Pressed
from bot.listeners.telling import tell
from bot.messages import actions, control, modals
from bot.messages.text import sentence
from bot.people import UnknownPersonError
from bot.slack import SlackCallError, done
from storage.checkpoints import ENDINGS, Press, check_open
from storage.errors import NotAllowedError, NotFoundError, RefusedError
from storage.policy import Person, Policy
from storage.tables import Artifact, Brief, Checkpoint, Run
from storage.words import CheckpointKind, CheckpointState, VoteAnswer

STALE: Final = "This was edited after you saw it. Look at the newest version in the thread and decide on that."
WHOLE: Final = frozenset({actions.CHECKPOINT_READ, actions.CHECKPOINT_EDIT})  # what they open shows all that is decided on
BREAK_GLASS: Final = (
    "In an emergency you may approve as an admin: `/jidoka break-glass {id} <why>`. It is recorded, and the card says so."
)
TOO_LATE: Final = "Slack could not open the form in time. Press the button again."

log = logging.getLogger(__name__)
Body = dict[str, Any]


class Decisions:
    """What people do with a checkpoint's buttons."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def approve(self, ack: AsyncAck, body: Body) -> None:
        """Count the vote, then tell Slack: a crash between them loses nothing."""
        await self._vote(ack, body, VoteAnswer.APPROVE)

    async def stop(self, ack: AsyncAck, body: Body) -> None:
        """Stop the run by its checkpoint, then tell Slack."""
        await self._vote(ack, body, VoteAnswer.STOP)

    async def finish(self, ack: AsyncAck, body: Body) -> None:
        """Let a run at its cap deliver what there is, then tell Slack."""
        await self._vote(ack, body, VoteAnswer.FINISH)

    async def open_form(self, ack: AsyncAck, body: Body) -> None:
        """Show the form or window a button opens, about the version the button carried."""
        await ack()
        pressed = Pressed.read(body)
        try:
            view = await self._form(pressed)
            await done(self._front.client.views_open(trigger_id=pressed.trigger, view=view))
            await self._see(pressed)
        except (RefusedError, NotFoundError) as refused:
            await tell(self._front, pressed, sentence(str(refused)))
        except SlackCallError as lost:
            log.warning("A form could not be opened: %s", lost)
            await tell(self._front, pressed, TOO_LATE)

    async def _see(self, pressed: Pressed) -> None:
        """Keep that this person opened it; where all of it must be seen first, only what shows all of it counts."""
        if (pointer := actions.pointer(pressed.value)) is None or pressed.action == actions.CHECKPOINT_MORE:
            return
        checkpoint, _ = await self._front.asked_in(pointer.checkpoint_id)
        if pressed.action in WHOLE or not Policy.model_validate(checkpoint.policy).opened_first:
            await self._front.engine.controls.see(checkpoint.id, pointer.version, pressed.user)

    async def _vote(self, ack: AsyncAck, body: Body, answer: VoteAnswer) -> None:
        pressed = Pressed.read(body)
        said = await count(self._front, pressed.user, pressed.value, answer)
        await ack()
        await tell(self._front, pressed, sentence(said))

    async def _form(self, pressed: Pressed) -> dict[str, Any]:
        if (pointer := actions.pointer(pressed.value)) is None:
            raise NotFoundError(DEAD_BUTTON)
        checkpoint, run = await self._front.asked_in(pointer.checkpoint_id)
        if actions.to(checkpoint) != pointer:
            raise RefusedError(STALE)
        if pressed.action != actions.CHECKPOINT_READ:
            _still_open(checkpoint)
        if pressed.action == actions.CHECKPOINT_EDIT and checkpoint.kind is CheckpointKind.PLAN:
            return modals.edit_plan(checkpoint, roles_of(self._front, run))
        draft = await self._front.artifact(checkpoint.artifact_id)
        reads = pressed.action == actions.CHECKPOINT_READ and draft is not None
        return form(pressed.action, checkpoint, draft, await self._front.brief(checkpoint) if reads else None)


async def count(
    front: Front, user: str, pointed: str, answer: VoteAnswer, **rest: Any,  # noqa: ANN401  note, answers, edited
) -> str:
    """Count one person's answer to what a button or form pointed at; return why it does not count, or nothing."""
    if (pointer := actions.pointer(pointed)) is None:
        return DEAD_BUTTON
    press = Press(
        checkpoint_id=pointer.checkpoint_id, version=pointer.version, nonce=pointer.nonce, answer=answer, **rest
    )
    try:
        checkpoint, run = await front.asked_in(press.checkpoint_id)
        check_open(checkpoint)  # of a late press Slack is asked nothing
        person, voters = await front.deciding(user, checkpoint, run)
        return await _decide(front, press, person, voters, checkpoint)
    except (RefusedError, NotFoundError, PlanError, UnknownPersonError) as refused:
        return str(refused)  # written for the person who pressed


async def _decide(front: Front, press: Press, person: Person, voters: Sequence[Person], checkpoint: Checkpoint) -> str:
    """Decide; an admin who is barred is told what an emergency takes, where the policy knows any."""
    try:
        await front.engine.decide(press, person, voters)
    except NotAllowedError as barred:
        glass = person.admin and Policy.model_validate(checkpoint.policy).break_glass and not press.break_glass
        return f"{barred} {BREAK_GLASS.format(id=actions.named(checkpoint))}" if glass else str(barred)
    return ""


def roles_of(front: Front, run: Run) -> dict[str, tuple[str, ...]]:
    """Return the roles that may work in a run, each with its tools."""
    known = pages_of(run, front.engine.catalog).roles
    return {name: role.tools for name, role in known.items() if name != ORCHESTRATOR}


def form(action: str, checkpoint: Checkpoint, draft: Artifact | None, brief: Brief | None) -> dict[str, Any]:
    """Return the view a button opens; ``brief`` is what a draft that is read was made from."""
    match action:
        case actions.CHECKPOINT_ANSWER:
            return modals.answer(checkpoint)
        case actions.CHECKPOINT_SEND_BACK:
            return modals.send_back(checkpoint)
        case actions.CHECKPOINT_EDIT if draft is not None:
            return modals.edit_draft(checkpoint, draft)
        case actions.CHECKPOINT_MORE:
            return control.delegate(checkpoint)
        case actions.CHECKPOINT_READ:
            return modals.read(checkpoint, draft, brief=brief)
        case _:
            raise NotFoundError(DEAD_BUTTON)


def _still_open(checkpoint: Checkpoint) -> None:
    if checkpoint.state is not CheckpointState.OPEN:
        by = f" by <@{checkpoint.decided_by}>" if checkpoint.decided_by else ""
        raise RefusedError(f"This was already {ENDINGS[checkpoint.state]}{by}, so there is nothing left to decide.")
