"""Editing a schedule: its person opens the form with what it holds, and saves what is to hold from the next time on."""

import logging
from typing import Any, Final
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.listeners.front import Front
from bot.listeners.pressed import Pressed
from bot.listeners.telling import tell
from bot.messages import rescheduling, scheduling
from bot.messages import schedules as shown
from bot.messages.scheduling import Filled
from bot.people import UnknownPersonError
from bot.slack import SlackCallError, done
from storage import clock, schedules
from storage.agenda import Schedule
from storage.errors import NotAllowedError, NotFoundError, RefusedError
from storage.policy import outsider

NOT_YOURS: Final = "Nothing changed. Only <@{by}>, in whose name it asks, can edit it; admins can pause or delete it."
NOT_OPENED: Final = "Slack could not open the form in time. Press *Edit* again."

log = logging.getLogger(__name__)
Body = dict[str, Any]


class Rescheduling:
    """What people do to have a schedule as they want it now."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def open(self, ack: AsyncAck, body: Body) -> None:
        """Open the form of one schedule, over the window that lists them where the press was there."""
        await ack()
        pressed = Pressed.read(body)
        try:
            schedule = await mine(self._front, pressed.user, shown.pointed(pressed.value))
            form = scheduling.form(rescheduling.begun(schedule), sorted(self._front.engine.catalog.lines))
            in_window = (body.get("view") or {}).get("type") == "modal"
            show = self._front.client.views_push if in_window else self._front.client.views_open
            await done(show(trigger_id=pressed.trigger, view=form))
        except (RefusedError, NotFoundError, UnknownPersonError) as refused:
            await tell(self._front, pressed, str(refused))
        except SlackCallError as lost:
            log.warning("A schedule's form could not be opened: %s", lost)
            await tell(self._front, pressed, NOT_OPENED)


def register(app: AsyncApp, front: Front) -> None:
    """Tell Bolt who opens the form of a schedule; the form is handed in where new ones are."""
    app.action(shown.EDIT)(Rescheduling(front).open)


async def mine(front: Front, user: str, schedule_id: str) -> Schedule:
    """Return a schedule its own person may edit.

    Raises:
        NotFoundError: It has ended.
        NotAllowedError: It asks in somebody else's name.
        UnknownPersonError: Slack did not say in time who this is.
    """
    async with front.database.read() as session:
        schedule = await schedules.get(session, schedule_id)
    if why := outsider(await front.people.asker(user), schedule.team):
        raise NotAllowedError(f"Nothing changed. {why}")
    if user != schedule.by:
        raise NotAllowedError(NOT_YOURS.format(by=schedule.by))
    return schedule


async def save(front: Front, user: str, filled: Filled) -> str:
    """Let a schedule be as a form says from now on; return why not, or nothing."""
    assert filled.repeat is not None  # noqa: S101  the form says otherwise what is wrong
    try:
        await mine(front, user, filled.schedule_id)
        async with front.database.write() as session:
            schedule = await schedules.get(session, filled.schedule_id)
            await schedules.edit(session, schedule, user, **_values(schedule, filled))
    except (RefusedError, NotFoundError, UnknownPersonError) as refused:
        return str(refused)
    return ""


def _values(schedule: Schedule, filled: Filled) -> dict[str, Any]:
    """Return the fields of the row as the form says them, with the moment that comes next: none before the yes to it."""
    assert filled.repeat is not None  # noqa: S101
    kept = [file for file in schedule.files if str(file["id"]) in filled.files]
    said = {
        "channel": filled.channel, "request": filled.request, "line": filled.line, "files": kept,
        "repeat": filled.repeat.to_text(), "until": filled.until,
    }  # fmt: skip
    if shown.is_proposed(schedule) or said["repeat"] == schedule.repeat:
        return said
    return {**said, "next_at": filled.repeat.next_after(clock.now(), ZoneInfo(schedule.zone))}
