"""Deciding several things in one form: decisions that are alike, and the open questions of one run.

Each goes through the very same door as its own button, with its own line in the audit log; all of it is committed
before the form closes.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.listeners.decisions import TOO_LATE, Decisions, count
from bot.listeners.front import Front
from bot.listeners.gathering import waiting_on
from bot.listeners.leftovers import DEAD_BUTTON, DEAD_FORM, LONGEST_ERROR
from bot.listeners.mine import Whereabouts, could
from bot.listeners.pressed import Pressed
from bot.listeners.telling import tell
from bot.messages import actions, several, together
from bot.messages.several import Counted
from bot.messages.together import Part
from bot.people import PATIENCE_S
from bot.slack import SlackCallError, done
from storage import checkpoints
from storage.errors import NotFoundError
from storage.tables import Checkpoint
from storage.words import CheckpointKind, CheckpointState, VoteAnswer

ONE_LEFT: Final = "Fewer than two decisions like these still wait on you. Use the buttons of the one that is left."
NONE_CHOSEN: Final = "Tick at least one decision above, or close this window."
NOTHING_SAID: Final = "Answer at least one question, or close this window."

log = logging.getLogger(__name__)
Body = dict[str, Any]


class Several:
    """What people do with forms about several decisions."""

    def __init__(self, front: Front, decisions: Decisions) -> None:
        self._front, self._decisions = front, decisions

    async def open_alike(self, ack: AsyncAck, body: Body) -> None:
        """Show the decisions that are alike, as they are now."""
        await ack()
        pressed = Pressed.read(body)
        if (what := several.pointed(pressed.value)) is None:
            await tell(self._front, pressed, DEAD_BUTTON)
            return
        mine = await waiting_on(self._front, Whereabouts(self._front, PATIENCE_S), pressed.user)
        if (inside := several.groups(mine).get(what)) is None:
            await tell(self._front, pressed, ONE_LEFT)
            return
        await self._open(pressed, several.form(what, inside, pressed.user))

    async def approve_chosen(self, ack: AsyncAck, body: Body) -> None:
        """Count what was ticked, each by itself, then say in the form's place which counted."""
        chosen, note = several.chosen(body["view"]), several.note(body["view"])
        if not chosen:
            await ack(response_action="errors", errors={several.NOTE: NONE_CHOSEN})
            return
        user = body["user"]["id"]
        said = await asyncio.gather(
            *(count(self._front, user, pointed, VoteAnswer.APPROVE, note=note) for _, pointed in chosen)
        )
        counted = [Counted(title, why) for (title, _), why in zip(chosen, said, strict=True)]
        await ack(response_action="update", view=several.results(counted))

    async def open_questions(self, ack: AsyncAck, body: Body) -> None:
        """Show every open question of a run that is this person's to answer; a single one in its own form."""
        pressed = Pressed.read(body)
        asked = await self._questions(pressed)
        if len(asked) < 2:
            await self._decisions.open_form(ack, body)
            return
        await ack()
        await self._open(pressed, together.form(asked))

    async def answer_together(self, ack: AsyncAck, body: Body) -> None:
        """Take the answers of each question that was begun; what is missing or refused stands at its own field."""
        parts = together.parts(body["view"])
        errors = await self._missing(parts) if parts else {_first(body): NOTHING_SAID}
        errors = errors or await self._answer(body["user"]["id"], parts)
        await (ack(response_action="errors", errors=errors) if errors else ack())

    async def _questions(self, pressed: Pressed) -> list[Checkpoint]:
        """Return the run's questions with the pressed one first; none where the button is an old one."""
        if (pointer := actions.pointer(pressed.value)) is None:
            return []
        try:
            pressed_one, run = await self._front.asked_in(pointer.checkpoint_id)
        except NotFoundError:
            return []
        if pressed_one.state is not CheckpointState.OPEN or actions.to(pressed_one) != pointer:
            return []
        async with self._front.database.read() as session:
            found = await checkpoints.open_in(session, run.id)
        others = [one for one in found if one.kind is CheckpointKind.QUESTION and one.id != pressed_one.id]
        return together.fit([pressed_one, *(one for one in others if could(pressed.user, one))])

    async def _missing(self, parts: Sequence[Part]) -> dict[str, str]:
        errors: dict[str, str] = {}
        for part in parts:
            if (one := await self._open_one(part)) is not None:
                errors |= together.problems(one, part)
        return errors

    async def _answer(self, user: str, parts: Sequence[Part]) -> dict[str, str]:
        """Count each; one that was counted a moment ago from this very form is not counted against the person."""
        errors = {}
        for part in parts:
            said = await count(self._front, user, part.pointer, VoteAnswer.ANSWER, answers=part.answers, files=part.files)
            if said and not await self._is_theirs(user, part):
                errors[part.first] = said[:LONGEST_ERROR]
        return errors

    async def _is_theirs(self, user: str, part: Part) -> bool:
        one = await self._one(part)
        answered = one is not None and one.state is CheckpointState.ANSWERED
        return answered and one is not None and (one.decided_by, one.answers) == (user, part.answers)

    async def _open_one(self, part: Part) -> Checkpoint | None:
        one = await self._one(part)
        return one if one is not None and one.state is CheckpointState.OPEN else None

    async def _one(self, part: Part) -> Checkpoint | None:
        pointer = actions.pointer(part.pointer)
        try:
            one, _ = await self._front.asked_in(pointer.checkpoint_id if pointer else "")
        except NotFoundError:
            return None
        return one

    async def _open(self, pressed: Pressed, view: dict[str, Any]) -> None:
        try:
            await done(self._front.client.views_open(trigger_id=pressed.trigger, view=view))
        except SlackCallError as lost:
            log.warning("A form could not be opened: %s", lost)
            await tell(self._front, pressed, TOO_LATE)


def register(app: AsyncApp, front: Front, decisions: Decisions) -> None:
    """Tell Bolt who takes what is decided together."""
    together_ = Several(front, decisions)
    app.action(several.DECIDE_ALIKE)(together_.open_alike)
    app.view_submission(several.FORM)(together_.approve_chosen)
    app.action(actions.CHECKPOINT_ANSWER)(together_.open_questions)
    app.view_submission(together.FORM)(together_.answer_together)


def _first(body: Body) -> str:
    """Return the block id of a form's first input."""
    return next((str(each["block_id"]) for each in body["view"]["blocks"] if each["type"] == "input"), DEAD_FORM)
