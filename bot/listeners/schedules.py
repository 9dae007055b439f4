"""Schedules: asked for in words, by a form, or by command; confirmed, paused, resumed and deleted by buttons.

How one is edited stands in ``rescheduling``.
"""

import asyncio
import logging
from typing import Any, Final
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from agents.planning.when import Repeat
from agents.policies import settings_for
from bot.listeners import rescheduling
from bot.listeners.commands import Deed, Typed
from bot.listeners.front import Front
from bot.listeners.heard import Heard
from bot.listeners.leftovers import DEAD_BUTTON
from bot.listeners.pressed import Pressed
from bot.listeners.telling import tell
from bot.listeners.timing import Read, hours
from bot.messages import schedules as shown
from bot.messages import scheduling
from bot.messages.scheduling import LONGEST_REQUEST, Begun, Filled
from bot.people import PATIENCE_S, UnknownPersonError
from bot.slack import DeclinedError, SlackCallError, UnclearError, done
from storage import clock, inbox, outbox, schedules
from storage.agenda import Schedule
from storage.errors import NotAllowedError, NotFoundError, RefusedError
from storage.policy import Person, outsider
from storage.words import MessageKind

GONE: Final = "the channel is gone, or I am not in it (`/invite @jidoka` lets me in)"
ARCHIVED: Final = "the channel is archived"
CANNOT: Final = "I cannot schedule this. {why}"
TOO_LONG: Final = "A scheduled request takes at most {most:,} characters, and this has {count:,}: nothing was scheduled."
NOT_NOW: Final = "Slack did not let me look at this channel just now, so nothing was scheduled. Try again in a moment."
NOT_YOURS: Final = "Nothing changed. Only <@{by}>, whose schedule this is, and admins can change it."
NOT_SAID: Final = "Nothing changed. Only <@{by}>, in whose name it would ask, can say yes to this schedule."
NOT_IN_IT: Final = "You are not in this channel. Choose one of yours."
OVER: Final = "That moment has passed. Write it once more with a later one."
PAST: Final = "Nothing changed: it would not come any more. Edit when it comes, or delete it."
NO_MORE: Final = "This schedule is not there any more."
SHUT: Final = frozenset({"channel_not_found", "not_in_channel", "is_archived"})

log = logging.getLogger(__name__)
Body = dict[str, Any]


class Schedules:
    """What people do with schedules."""

    def __init__(self, front: Front) -> None:
        self._front = front

    def words(self) -> dict[str, Deed]:
        """Return what the slash command's words do with schedules."""
        return {"schedule": Deed(self._open_form), "schedules": Deed(self._list)}

    async def press(self, ack: AsyncAck, body: Body) -> None:
        """Do what a button says, then tell Slack; in the window that lists them, the list shows what came of it."""
        pressed = Pressed.read(body)
        said = await change(self._front, pressed.user, pressed.action, shown.pointed(pressed.value))
        await ack()
        if (view := body.get("view")) and view.get("type") == "modal":
            await self._show_again(view, pressed.user, said)
        else:
            await tell(self._front, pressed, said)

    async def choose(self, ack: AsyncAck, body: Body) -> None:
        """Ask for what the chosen way of repeating needs."""
        await ack()
        await self._update(body["view"], scheduling.again(body["view"]))

    async def submit(self, ack: AsyncAck, body: Body) -> None:
        """Keep the schedule a form holds, then close it; what is wrong stands at its input."""
        filled = scheduling.filled(body["view"], clock.now())
        wrong = dict(filled.wrong) or await self._kept(filled, body["user"]["id"])
        await (ack(response_action="errors", errors=wrong) if wrong else ack())
        below = str(body["view"].get("root_view_id") or "")
        if not wrong and below not in ("", body["view"]["id"]):  # the window that lists them stands below the form
            await self._update({"id": below}, shown.window(await mine(self._front, body["user"]["id"]), clock.now()))

    async def _kept(self, filled: Filled, user: str) -> dict[str, str]:
        """Keep what was filled in; return what is wrong with it by input, or nothing."""
        try:
            person = await self._front.people.member(user, filled.channel)
        except UnknownPersonError as unknown:
            return {"channel": str(unknown)}
        if not person.member:
            return {"channel": NOT_IN_IT}
        said = await self._saved(person, filled)
        return {"request": said} if said else {}

    async def _saved(self, person: Person, filled: Filled) -> str:
        assert filled.repeat is not None  # noqa: S101  the form says otherwise what is wrong
        if not filled.schedule_id:
            about = {"line": filled.line, "until": filled.until}
            return await keep(
                self._front, person, filled.channel, filled.request, filled.repeat, filled.zone, **about
            )
        why = await _why_not(self._front, person, filled.channel, filled.request)
        if not why and not (why := await rescheduling.save(self._front, person.id, filled)):
            _tell(self._front)
        return why

    async def _open_form(self, ack: AsyncAck, typed: Typed) -> None:
        await ack()
        try:
            person = await self._front.people.asker(typed.user)
            if why := outsider(person, self._front.me.team):
                await self._front.whisper(typed.channel, typed.user, CANNOT.format(why=why))
                return
            begun = Begun(hours(self._front, person.zone, typed.channel).zone, typed.channel)
            form = scheduling.form(begun, sorted(self._front.engine.catalog.lines))
            await done(self._front.client.views_open(trigger_id=typed.trigger, view=form))
        except (UnknownPersonError, SlackCallError) as lost:
            log.warning("A form could not be opened: %s", lost)
            await self._front.whisper(typed.channel, typed.user, "Slack could not open the form in time. Try again.")

    async def _list(self, ack: AsyncAck, typed: Typed) -> None:
        await ack()
        window = shown.window(await mine(self._front, typed.user), clock.now())
        try:
            await done(self._front.client.views_open(trigger_id=typed.trigger, view=window))
        except SlackCallError as lost:
            log.warning("A list could not be opened: %s", lost)
            await self._front.whisper(typed.channel, typed.user, "Slack could not open the list in time. Try again.")

    async def _show_again(self, view: Body, user: str, said: str) -> None:
        if view.get("callback_id") == shown.WINDOW:
            await self._update(view, shown.window(await mine(self._front, user), clock.now(), said))

    async def _update(self, view: Body, anew: Body) -> None:
        try:
            await done(self._front.client.views_update(view_id=view["id"], view=anew))
        except SlackCallError as lost:
            log.warning("A window could not be updated: %s", lost)


def register(app: AsyncApp, front: Front) -> None:
    """Tell Bolt who answers what people do with schedules."""
    listener = Schedules(front)
    for action in (shown.CONFIRM, shown.DROP, shown.PAUSE, shown.RESUME, shown.END):
        app.action(action)(listener.press)
    app.action(scheduling.OFTEN)(listener.choose)
    rescheduling.register(app, front)
    app.view_submission(scheduling.FORM)(listener.submit)


async def mine(front: Front, user: str) -> list[Schedule]:
    """Return one person's schedules, the next to come first."""
    async with front.database.read() as session:
        return await schedules.going(session, user)


async def propose(front: Front, heard: Heard, person: Person, read: Read) -> bool:
    """Ask the writer of a message whether it is to become a schedule; True, as the event is handled with it."""
    request, repeat = read.timing.rest.strip(), read.timing.repeat
    why = await _why_not(front, person, heard.channel, request)
    if why or repeat is None:
        await front.say(heard.channel, heard.thread_ts, why, heard.event_id)
        return True
    async with front.database.write() as session:
        about: dict[str, Any] = {"team": front.me.team, "channel": heard.channel, "by": person.id, "zone": read.zone}
        about |= {"until": read.timing.until}
        files = [dict(file) for file in heard.files]
        asked = await schedules.propose(session, **about, request=request, repeat=repeat.to_text(), files=files)
        outbox.say(session, MessageKind.SCHEDULE, channel=heard.channel, thread_ts=heard.thread_ts, text=asked.id)
        await inbox.handled(session, heard.event_id)
    _tell(front)
    if read.timing.assumed:
        await front.whisper(heard.channel, heard.user, read.timing.assumed, heard.thread_ts)
    return True


async def keep(
    front: Front, person: Person, channel: str, request: str, repeat: Repeat, zone: str, **besides: Any  # noqa: ANN401
) -> str:
    """Keep a schedule and say so in its channel; return why not, or nothing. ``besides`` may hold line and until."""
    if why := await _why_not(front, person, channel, request):
        return why
    if (next_at := repeat.next_after(clock.now(), ZoneInfo(zone))) is None:
        return OVER
    about = {"team": front.me.team, "channel": channel, "by": person.id, "zone": zone, "next_at": next_at, **besides}
    try:
        async with front.database.write() as session:
            await schedules.check_room(session, person.id)
            kept = await schedules.add(session, **about, request=request, repeat=repeat.to_text())
            outbox.say(session, MessageKind.SCHEDULE, channel=channel, text=kept.id)
    except RefusedError as full:
        return str(full)
    _tell(front)
    return ""


async def change(front: Front, user: str, action: str, schedule_id: str) -> str:
    """Do what a button of a schedule says; return why not, or nothing. Buttons are those of ``bot.messages.schedules``."""
    try:
        async with front.database.read() as session:
            schedule = await schedules.get(session, schedule_id)
        await _check_may(front, await front.people.asker(user), schedule)
        async with front.database.write() as session:
            await _do(session, action, await schedules.get(session, schedule_id), user)
    except NotFoundError:
        return NO_MORE if schedule_id else DEAD_BUTTON
    except (RefusedError, UnknownPersonError) as refused:
        return str(refused)
    _tell(front)
    return ""


async def _check_may(front: Front, person: Person, schedule: Schedule) -> None:
    """Raises NotAllowedError when a person may not change a schedule."""
    if why := outsider(person, schedule.team):
        raise NotAllowedError(f"Nothing changed. {why}")
    admins = settings_for(front.engine.policies.rules()).admins
    if person.id != schedule.by and not person.admin and person.id not in admins:
        raise NotAllowedError(NOT_YOURS.format(by=schedule.by))


async def _do(session: Any, action: str, schedule: Schedule, user: str) -> None:  # noqa: ANN401  storage's session
    next_at = shown.next_after(schedule, clock.now())
    match action:
        case shown.CONFIRM if not shown.is_proposed(schedule):
            return  # a second press
        case shown.CONFIRM if user != schedule.by:
            raise NotAllowedError(NOT_SAID.format(by=schedule.by))
        case shown.CONFIRM if next_at is not None:
            await schedules.check_room(session, schedule.by)
            await schedules.begin(session, schedule, next_at)
        case shown.PAUSE:
            await schedules.change(session, schedule.id, user, "paused", paused=True)
        case shown.RESUME if next_at is not None:
            await schedules.change(session, schedule.id, user, "resumed", paused=False, next_at=next_at)
        case shown.DROP | shown.END:
            what = "dropped" if shown.is_proposed(schedule) else "ended"
            await schedules.change(session, schedule.id, user, what, ended_at=clock.now())
        case _:
            raise NotAllowedError(PAST if action == shown.RESUME else OVER)


async def _why_not(front: Front, person: Person, channel: str, request: str) -> str:
    """Return why this person cannot have this scheduled here, or nothing."""
    if why := outsider(person, front.me.team):
        return CANNOT.format(why=why)
    if len(request) > LONGEST_REQUEST:
        return TOO_LONG.format(most=LONGEST_REQUEST, count=len(request))
    try:
        why = await shut(front, channel)
    except SlackCallError as lost:
        log.warning("Could not look at %s: %s", channel, lost)
        return NOT_NOW
    return CANNOT.format(why=f"{why[0].upper()}{why[1:]}.") if why else ""


async def shut(front: Front, channel: str) -> str:
    """Return why nothing can be posted in a channel, such as "the channel is archived", or nothing.

    Raises:
        SlackCallError: Slack did not say, or not in time.
    """
    try:
        async with asyncio.timeout(PATIENCE_S):
            told = dict((await done(front.client.conversations_info(channel=channel)))["channel"])
    except TimeoutError as silent:
        raise UnclearError(f"Slack did not say in time what became of {channel!r}.") from silent
    except DeclinedError as refused:
        if refused.code in SHUT:
            return GONE
        raise
    if told.get("is_archived"):
        return ARCHIVED
    return "" if told.get("is_im") or told.get("is_member", True) else GONE


def _tell(front: Front) -> None:
    for listener in front.engine.changed:
        listener()
