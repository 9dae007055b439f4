"""Schedules at work: at its moment each asks in its channel, and what was asked becomes a run, once.

Everything is found in rows, so it does not matter where a process ended: a schedule whose moment has come is taken
and its request queued in one transaction; what is posted and has no run yet gets one.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from agents.engine.engine import Asked
from agents.policies import not_quiet
from bot.listeners import timing
from bot.listeners.front import Front
from bot.listeners.schedules import shut
from bot.messages import schedules as shown
from bot.messages.deciders import is_direct
from bot.messages.text import title
from bot.people import UnknownPersonError
from bot.slack import NotYetError, SlackCallError
from storage import clock, outbox, schedules
from storage.agenda import Schedule
from storage.errors import NotFoundError
from storage.policy import Person, outsider
from storage.schedules import Due
from storage.tables import OutboxMessage
from storage.words import MessageKind, MessageState

ENDED: Final = "The schedule “{what}” ({often}) has ended. {why}"
LEFT: Final = "Whoever made it is not in this channel any more."
GONE: Final = "Whoever made it cannot ask here any more: {why}"
PAUSED: Final = (
    "I paused your schedule “{what}” ({often}): {why}. When that has changed, resume it: `/jidoka schedules` lists yours."
)
NOT_ASKED: Final = "I could not ask for what you had scheduled, “{what}” ({often}): {why}."
REFUSED: Final = "Slack refused my message in its channel ({error})"
PATIENCE_S: Final = 10.0  # for all that is due at one look
_LONGEST: Final = 100  # characters of a request in a sentence about it

log = logging.getLogger(__name__)
Row = TypeVar("Row", Schedule, OutboxMessage)


class Schedules:
    """What is due, worked off: called by the clock, as often as it likes."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._rests_until = 0.0  # on the loop's clock: Slack asked for patience

    async def work_off(self) -> None:
        """Ask for what is due, oldest first, and begin what was asked for."""
        if _loop_time() < self._rests_until:
            return
        async with self._front.database.read() as session:
            due, refused = await schedules.due(session), await schedules.refused(session)
            asked = await schedules.asked(session)
        for deed, rows in ((self._tell_refused, refused), (self._begin, asked)):
            await self._each(deed, rows)
        await self._each(self._ask, due)

    async def _each(self, deed: Callable[[Row], Awaitable[None]], rows: list[Row]) -> None:
        """Do one after the other, for a while; where one cannot be done just now, the others are done all the same."""
        until = _loop_time() + PATIENCE_S
        for row in rows:
            if not self._rests_until <= _loop_time() < until:
                return  # Slack is slow: the rest is found again, and what else is due is not held up
            try:
                await deed(row)
            except (UnknownPersonError, SlackCallError) as silent:
                log.warning("%s waits until Slack answers: %s", row.id, silent)
                self._rests_until = _loop_time() + _asked_for(silent)
            except Exception:  # one broken row must not hold up the others
                log.exception("%s could not be worked off.", row.id)

    async def _ask(self, schedule: Schedule) -> None:
        """Queue the request of a moment and move on to the next after now: many that were missed are one."""
        if await self._is_halted(schedule.team) or not await self._may_ask(schedule):
            return
        next_at = shown.next_after(schedule, clock.now())
        async with self._front.database.write() as session:
            if schedule.next_at is None or not await schedules.take(session, schedule, next_at):
                return
            await schedules.ask(session, schedule, schedule.next_at)
            await schedules.refresh(session, schedule.id)
        self._tell()

    async def _begin(self, message: OutboxMessage) -> None:
        """Open the run of a request that is posted. The same request again finds the run that is there."""
        due = Due.from_text(message.text)
        if (schedule := await self._schedule_of(message)) is None or await self._is_halted(schedule.team):
            return
        person = await self._front.people.asker(schedule.by)
        if why := outsider(person, schedule.team):
            await self._end(schedule, GONE.format(why=why), message)
            return
        run_id = await self._front.engine.open_run(self._asked(schedule, message, due, person))
        async with self._front.database.write() as session:
            await outbox.change(session, message.id, run_id=run_id)

    async def _schedule_of(self, message: OutboxMessage) -> Schedule | None:
        """Return the schedule of a request; None where it was erased, and then nothing more comes of the request."""
        try:
            async with self._front.database.read() as session:
                return await schedules.known(session, Due.from_text(message.text).schedule_id)
        except NotFoundError:
            async with self._front.database.write() as session:
                over = {"state": MessageState.DEAD, "wanted": message.delivered, "error": "its schedule was erased"}
                await outbox.change(session, message.id, **over)
            return None

    def _asked(self, schedule: Schedule, message: OutboxMessage, due: Due, person: Person) -> Asked:
        """Return the request; its words may say more of time, such as a deadline, counted from the moment it was due."""
        read = timing.read(self._front, schedule.request, person, schedule.channel, due.at)
        own = timing.hours(self._front, person.zone, schedule.channel)
        times: dict[str, Any] = {} if read.wrong else {"begin_at": read.begin_at, "due_at": read.timing.due}
        return Asked(
            team=schedule.team, channel=schedule.channel, thread_ts=message.ts, request_ts=message.ts,
            requester=schedule.by, request=schedule.request, files=tuple(schedule.files),
            schedule_id=schedule.id, line=schedule.line,
            night=read.timing.night or timing.is_night(due.at, own), **times,
        )  # fmt: skip

    async def _is_halted(self, team: str) -> bool:
        return await self._front.engine.controls.halted(team) is not None

    async def _may_ask(self, schedule: Schedule) -> bool:
        """Return whether a schedule can still ask in its channel; where not, it is ended or paused, and that is said.

        Raises:
            UnknownPersonError: Slack did not say in time who this is.
            SlackCallError: Slack did not say what became of the channel.
        """
        if why := outsider(await self._front.people.asker(schedule.by), schedule.team):
            await self._end(schedule, GONE.format(why=why))
        elif why := await shut(self._front, schedule.channel):
            await self._pause(schedule, why)
        elif not (await self._front.people.member(schedule.by, schedule.channel)).member:
            await self._end(schedule, LEFT)
        else:
            return True
        return False

    async def _end(self, schedule: Schedule, why: str, message: OutboxMessage | None = None) -> None:
        """End a schedule, and say so once where it asked: in the channel, or under a request that nobody answers now."""
        async with self._front.database.write() as session:
            ended = await schedules.change(session, schedule.id, "", "ended", ended_at=clock.now())
            if message is not None:
                await outbox.change(session, message.id, state=MessageState.DEAD, error=why, wanted=message.delivered)
            if (ended or message is not None) and not is_direct(schedule.channel):
                said, thread = ENDED.format(**_about(schedule), why=why), message.ts if message else ""
                outbox.say(session, MessageKind.NOTICE, channel=schedule.channel, thread_ts=thread, text=said)
        self._tell()

    async def _pause(self, schedule: Schedule, why: str) -> None:
        """Pause a schedule that can be said nowhere, and write to whoever made it when their night is over."""
        async with self._front.database.write() as session:
            if await schedules.change(session, schedule.id, "", "paused", paused=True):
                self._write_to(session, schedule, PAUSED, why)
        self._tell()

    async def _tell_refused(self, message: OutboxMessage) -> None:
        """Pause the schedule whose request Slack refused for good; its person hears of each refusal once."""
        if (schedule := await self._schedule_of(message)) is None:
            return
        async with self._front.database.write() as session:
            await outbox.change(session, message.id, wanted=message.delivered)
            paused = await schedules.change(session, schedule.id, "", "paused", paused=True)
            self._write_to(session, schedule, PAUSED if paused else NOT_ASKED, REFUSED.format(error=message.error))
        self._tell()

    def _write_to(self, session: Any, schedule: Schedule, said: str, why: str) -> None:  # noqa: ANN401  storage's
        awake = not_quiet(clock.now(), timing.hours(self._front, schedule.zone, schedule.channel))
        told = said.format(**_about(schedule), why=why)
        outbox.say(session, MessageKind.NOTICE, user=schedule.by, text=told, not_before=awake)

    def _tell(self) -> None:
        for listener in self._front.engine.changed:
            listener()


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


def _asked_for(silent: Exception) -> float:
    """Return the seconds of patience Slack asked for; 0 where it asked for none."""
    said = silent if isinstance(silent, NotYetError) else silent.__cause__
    return said.after_s if isinstance(said, NotYetError) else 0.0


def _about(schedule: Schedule) -> dict[str, str]:
    return {"what": title(schedule.request, _LONGEST, "a request"), "often": shown.words(schedule)}
