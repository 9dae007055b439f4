"""Steering a run as a whole: its menu and forms, the words in its thread, and what people say of its result."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.listeners.front import Front
from bot.listeners.leftovers import DEAD_BUTTON, DEAD_FORM, refuse
from bot.listeners.pressed import Pressed
from bot.listeners.telling import tell
from bot.messages import actions, control
from bot.messages.actions import RunDeed
from bot.messages.deciders import is_direct
from bot.messages.figures import Spend
from bot.people import UnknownPersonError
from bot.slack import SlackCallError, done
from storage.errors import NotAllowedError, NotFoundError, RefusedError
from storage.policy import Person
from storage.tables import Run

TOO_LATE: Final = "Slack could not open the form in time. Press the button again."
NOTHING_BEGUN: Final = "Nothing can be run again here yet: no task has begun."
NOT_HERE: Final = "This shows what the run is about, and you are not in its channel any more. Ask somebody there."
NO_NUMBER: Final = "Give the budget as a number of US dollars, such as 2.50."
NO_MOMENT: Final = "Choose a day and a time."
WORDS: Final[Mapping[str, RunDeed]] = {"pause": RunDeed.PAUSE, "resume": RunDeed.RESUME, "go on": RunDeed.RESUME}

log = logging.getLogger(__name__)
Body = dict[str, Any]
Door = Callable[[Run, Person], Awaitable[object]]


async def steer(front: Front, run_id: str, user: str, door: Door) -> str:
    """Let a person do something with a run; return why it does not count, or nothing."""
    try:
        run = await front.run(run_id)
        await door(run, await front.presser(user, run))
    except NotFoundError:
        return DEAD_BUTTON
    except (RefusedError, UnknownPersonError) as refused:
        return str(refused)  # written for the person
    return ""


async def at_once(front: Front, run_id: str, user: str, deed: RunDeed) -> str:
    """Pause a run, resume it or let it begin; return why that does not count, or nothing."""
    doors = front.engine.controls
    do = {RunDeed.PAUSE: doors.pause, RunDeed.RESUME: doors.resume, RunDeed.BEGIN_NOW: doors.begin_now}[deed]
    return await steer(front, run_id, user, lambda run, person: do(run.id, person))


class Controls:
    """What people do with a run's menu, its forms and its result's buttons."""

    def __init__(self, front: Front) -> None:
        self._front, self._doors = front, front.engine.controls

    async def menu(self, ack: AsyncAck, body: Body) -> None:
        """Do what an entry of the menu says, or open its form."""
        pressed = Pressed.read(body)
        run_id, deed = actions.menu_of(pressed.value) or ("", RunDeed.CAP)
        if deed in (RunDeed.PAUSE, RunDeed.RESUME, RunDeed.BEGIN_NOW):
            said = await at_once(self._front, run_id, pressed.user, deed)
            await ack()
            await self._tell(pressed, said)
        else:
            await ack()
            await self._open(pressed, run_id, deed)

    async def reopen(self, ack: AsyncAck, body: Body) -> None:
        """Ask what of a finished run shall be done again."""
        await ack()
        pressed = Pressed.read(body)
        await self._open(pressed, actions.run_of(pressed.value) or "", RunDeed.AGAIN)

    async def accept(self, ack: AsyncAck, body: Body) -> None:
        """Keep that a person accepts the result."""
        await self._judge(ack, body, accepted=True)

    async def turn_down(self, ack: AsyncAck, body: Body) -> None:
        """Keep that a person says the result is not right."""
        await self._judge(ack, body, accepted=False)

    async def again(self, ack: AsyncAck, body: Body) -> None:
        """Run a task again as the form says."""
        key, note = control.chosen_task(_values(body))
        await self._take(ack, body, lambda run, person: self._doors.run_again(run.id, person, key, note))

    async def cap(self, ack: AsyncAck, body: Body) -> None:
        """Set the budget."""
        if (usd := control.chosen_cap(_values(body))) is None:
            await refuse(ack, body, NO_NUMBER)
            return
        await self._take(ack, body, lambda run, person: self._doors.set_cap(run.id, person, usd))

    async def deadline(self, ack: AsyncAck, body: Body) -> None:
        """Set by when the result is wanted."""
        if (at := control.chosen_moment(_values(body))) is None:
            await refuse(ack, body, NO_MOMENT)
            return
        await self._take(ack, body, lambda run, person: self._doors.set_deadline(run.id, person, at))

    async def hand_over(self, ack: AsyncAck, body: Body) -> None:
        """Make somebody else the requester."""

        async def door(run: Run, person: Person) -> None:
            to = await self._front.presser(control.chosen_person(_values(body)), run)
            await self._doors.hand_over(run.id, person, to)

        await self._take(ack, body, door)

    async def delegate(self, ack: AsyncAck, body: Body) -> None:
        """Let somebody else decide as well."""
        said = await self._delegate(body)
        await (refuse(ack, body, said) if said else ack())

    async def _delegate(self, body: Body) -> str:
        if (pointer := actions.pointer(str(body["view"].get("private_metadata") or ""))) is None:
            return DEAD_FORM
        try:
            asked = await self._front.asked_in(pointer.checkpoint_id)
            person, _ = await self._front.deciding(body["user"]["id"], *asked)
            to = await self._front.people.asker(control.chosen_person(_values(body)))
            await self._doors.delegate(pointer.checkpoint_id, person, to)
        except (RefusedError, NotFoundError, UnknownPersonError) as refused:
            return str(refused)
        return ""

    async def _judge(self, ack: AsyncAck, body: Body, *, accepted: bool) -> None:
        pressed = Pressed.read(body)
        run_id = actions.run_of(pressed.value) or ""
        said = await steer(
            self._front, run_id, pressed.user, lambda run, person: self._doors.judge(run.id, person, accepted=accepted)
        )
        await ack()
        await self._tell(pressed, said)

    async def _take(self, ack: AsyncAck, body: Body, door: Door) -> None:
        """Commit, then close the form; what is refused is shown in it, with everything typed kept."""
        run_id = actions.run_of(str(body["view"].get("private_metadata") or ""))
        said = await steer(self._front, run_id, body["user"]["id"], door) if run_id else DEAD_FORM
        await (refuse(ack, body, said) if said else ack())

    async def _open(self, pressed: Pressed, run_id: str, deed: RunDeed) -> None:
        try:
            view = await self._form(run_id, deed, pressed.user)
            await done(self._front.client.views_open(trigger_id=pressed.trigger, view=view))
        except NotFoundError:
            await self._tell(pressed, DEAD_BUTTON)
        except (RefusedError, UnknownPersonError) as refused:
            await self._tell(pressed, str(refused))
        except SlackCallError as lost:
            log.warning("A form could not be opened: %s", lost)
            await self._tell(pressed, TOO_LATE)

    async def _form(self, run_id: str, deed: RunDeed, user: str) -> dict[str, Any]:
        run, tasks, spent = await self._front.whole_run(run_id)
        match deed:
            case RunDeed.AGAIN if not control.repeatable(tasks):
                raise RefusedError(NOTHING_BEGUN)
            case RunDeed.AGAIN:
                await self._check_may_look(run, user)
                return control.again(run, tasks)
            case RunDeed.DEADLINE:
                return control.deadline(run)
            case RunDeed.HAND_OVER:
                return control.hand_over(run)
            case _:
                return control.cap(run, Spend(*spent))

    async def _check_may_look(self, run: Run, user: str) -> None:
        """Raises NotAllowedError when somebody is not in the channel: what the tasks are called tells what it is about."""
        if not (is_direct(run.channel) or (await self._front.presser(user, run)).member):
            raise NotAllowedError(NOT_HERE)

    async def _tell(self, pressed: Pressed, said: str) -> None:
        await tell(self._front, pressed, said)


def register(app: AsyncApp, front: Front) -> None:
    """Tell Bolt who takes the menu, its forms, and the result's buttons."""
    controls = Controls(front)
    app.action(actions.RUN_MENU)(controls.menu)
    app.action(actions.RUN_ACCEPT)(controls.accept)
    app.action(actions.RUN_REFUSE)(controls.turn_down)
    app.action(actions.RUN_REOPEN)(controls.reopen)
    app.view_submission(actions.AGAIN_FORM)(controls.again)
    app.view_submission(actions.CAP_FORM)(controls.cap)
    app.view_submission(actions.DEADLINE_FORM)(controls.deadline)
    app.view_submission(actions.HAND_OVER_FORM)(controls.hand_over)
    app.view_submission(actions.DELEGATE_FORM)(controls.delegate)


def _values(body: Body) -> dict[str, Any]:
    return dict(body["view"]["state"]["values"])
