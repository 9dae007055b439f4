"""Writes to each who decides, where they are few: at once, after their quiet hours, or in their morning brief."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from agents.policies import hours_of, not_quiet, settings_for
from bot.listeners.front import Front
from bot.messages.deciders import is_direct
from bot.mornings import Mornings, just_before, mornings_of
from bot.patience import Patience
from storage import briefs, checkpoints, clock, events, outbox, timers
from storage.agenda import Timer
from storage.errors import NotFoundError
from storage.policy import Person, Policy
from storage.tables import Checkpoint, Run
from storage.words import CheckpointState, MessageKind, TimerKind

KINDS: Final = (TimerKind.TELL,)


@dataclass(frozen=True)
class Due:
    """A checkpoint of which it is time to tell."""

    timer: Timer
    checkpoint: Checkpoint
    run: Run


class Telling:
    """Does what is due of telling people that a decision is theirs."""

    def __init__(self, front: Front, first_rest_s: float = 5.0) -> None:
        self._front = front
        self._patience = Patience("Telling who decides", first_rest_s)

    async def work_off(self) -> None:
        """Write to everyone whom it is time to write to; what Slack does not answer now is tried again later."""
        async with self._front.database.read() as session:
            found = await timers.due(session, KINDS)
        await self._patience.try_all({timer.id: partial(self._tell, timer) for timer in found})

    async def _tell(self, timer: Timer) -> None:
        try:
            checkpoint, run = await self._front.asked_in(timer.checkpoint_id)
        except NotFoundError:  # its run was erased
            await self._over(timer)
            return
        if checkpoint.state is not CheckpointState.OPEN:
            await self._over(timer)
            return
        due = Due(timer, checkpoint, run)
        people = await self._to_write(due)
        async with self._front.database.write() as session:
            if await timers.take(session, timer.id):
                await self._write(session, due, people)
        self._wake()

    async def _over(self, timer: Timer) -> None:
        async with self._front.database.write() as session:
            await timers.take(session, timer.id)

    async def _to_write(self, due: Due) -> list[Person]:
        """Return who is written to directly; nobody where more may decide than the policy lets us write to.

        Whoever asked follows the thread, and whoever is in a direct message sees it there.
        """
        checkpoint, run, to = due.checkpoint, due.run, due.timer.about.get("to", ())
        policy = Policy.model_validate(checkpoint.policy)
        found = await self._front.people.deciders(policy, run.channel, checkpoint.requester, run.team)
        if found is not None and to:
            new = {*to, *await self._front.people.in_groups(each for each in to if each.startswith("S"))}
            found = [person for person in found if person.id in new]
        others = [each for each in found or () if each.id != checkpoint.requester]
        away = [each for each in others if not (is_direct(run.channel) and each.member)]
        return away if len(others) <= policy.direct else []

    async def _write(self, session: Any, due: Due, people: Sequence[Person]) -> None:  # noqa: ANN401
        checkpoint = await checkpoints.get(session, due.checkpoint.id)
        if checkpoint.state is not CheckpointState.OPEN:
            return
        told = await outbox.told(session, checkpoint.id)
        new = [person for person in people if person.id not in told]
        for person in new:
            await self._write_to(session, person, due)
        if new:
            told_now = [person.id for person in new]
            await events.add(session, "people told", run_id=due.run.id, checkpoint=checkpoint.id, people=told_now)

    async def _write_to(self, session: Any, person: Person, due: Due) -> None:  # noqa: ANN401
        """Queue a card, or leave it to the brief that comes before the person may be written to."""
        settings = settings_for(self._front.engine.policies.rules(), due.run.channel, due.run.line)
        mornings = mornings_of(person.id, settings, person.zone)
        if mornings and (brief := await _in_brief(session, mornings, due)):
            await mornings.plan(session, brief)
            return
        now = clock.now()
        awake = not_quiet(now, hours_of(Policy.model_validate(due.checkpoint.policy), person.zone))
        about = {"run_id": due.run.id, "checkpoint_id": due.checkpoint.id, "user": person.id}
        outbox.say(session, MessageKind.CHECKPOINT, **about, not_before=awake if awake > now else None)
        if mornings:
            await mornings.plan(session, mornings.working_after(now))

    def _wake(self) -> None:
        for listener in self._front.engine.changed:
            listener()


async def _in_brief(session: Any, mornings: Mornings, due: Due) -> datetime | None:  # noqa: ANN401
    """Return the morning whose brief asks what came up before it, where nobody may be written to any earlier."""
    morning = mornings.after(just_before(due.timer.due_at))
    fits = due.checkpoint.opened_at < morning <= mornings.awake_at(due.timer.due_at)
    return morning if fits and not await briefs.is_done(session, mornings.timer_id(morning)) else None
