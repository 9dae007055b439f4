"""A run as a whole: asked for by the slash command, stopped by it or by a button."""

import logging
from typing import Any, Final

from slack_bolt.context.ack.async_ack import AsyncAck

from agents.engine.engine import Asked
from bot.listeners import schedules, timing
from bot.listeners.commands import Deed, Typed
from bot.listeners.front import Front
from bot.listeners.heard import people_in, plain
from bot.listeners.pressed import Pressed
from bot.listeners.requests import HELP
from bot.listeners.telling import tell
from bot.listeners.timing import Read
from bot.messages import actions
from bot.messages.text import escape
from bot.people import UnknownPersonError
from bot.slack import DeclinedError, SlackCallError, done
from storage import clock
from storage.errors import NotFoundError, RefusedError
from storage.policy import Person, outsider
from storage.tables import Run

NOT_HERE: Final = "I am not in this channel yet. Write `/invite @jidoka` here, then ask again."
NOT_TAKEN: Final = "Slack did not let me answer here just now, so this was not recorded. Please send it again."
NOTHING_HERE: Final = "No run of yours is under way in this channel."
SEVERAL: Final = "You have {count} runs under way here. Write `stop` in the thread of the one you mean."
TOO_LONG: Final = (
    "Your request takes {count:,} characters, and Slack shows at most {most:,} in one message, so nothing was recorded. "
    "Put the long part into a file and attach it to a message that mentions me."
)
LONGEST: Final = 40_000  # characters of a posted text; Slack cuts what is longer
SHUT: Final = frozenset({"not_in_channel", "channel_not_found", "is_archived"})

log = logging.getLogger(__name__)
Body = dict[str, Any]


class Runs:
    """What people do with a run as a whole."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def press_stop(self, ack: AsyncAck, body: Body) -> None:
        """Stop the run, then tell Slack: a crash between them loses nothing."""
        pressed = Pressed.read(body)
        said = await self._stop(actions.run_of(pressed.value) or "", pressed.user)
        await ack()
        await tell(self._front, pressed, said)

    def words(self) -> dict[str, Deed]:
        """Return what the slash command's words do with runs."""
        helping, stopping = Deed(self._help), Deed(self._stop_command)
        return {"": helping, "help": helping, "hilfe": helping, "?": helping, "stop": stopping}

    async def ask(self, ack: AsyncAck, typed: Typed) -> None:
        """Take the words as a request."""
        await ack(await self._ask(typed))

    async def _help(self, ack: AsyncAck, _typed: Typed) -> None:
        await ack(HELP)

    async def _stop_command(self, ack: AsyncAck, typed: Typed) -> None:
        await ack(await self._stop_mine(typed.user, typed.channel))

    async def _ask(self, typed: Typed) -> str:
        """Open a run; return what to tell the person who typed the command."""
        user, channel, words = typed.user, typed.channel, typed.text
        try:
            person = await self._front.people.asker(user)
        except UnknownPersonError as unknown:
            return str(unknown)
        if why := outsider(person, self._front.me.team):
            return f"I cannot take this. {why}"
        names = await self._front.people.names(people_in(words, self._front.me))
        request = plain(words, self._front.me, names)
        read = timing.read(self._front, request, person, channel, clock.now())
        if read.wrong:
            return read.wrong
        if read.timing.repeat is not None:
            return await self._schedule(person, channel, read)
        return await self._open(channel, user, request, read)

    async def _schedule(self, person: Person, channel: str, read: Read) -> str:
        """Keep a schedule without asking again; return what was assumed, or why there is none."""
        request, repeat = read.timing.rest.strip(), read.timing.repeat
        assert repeat is not None  # noqa: S101  the caller has looked
        until = read.timing.until
        said = await schedules.keep(self._front, person, channel, request, repeat, read.zone, until=until)
        return said or read.timing.assumed

    async def _open(self, channel: str, user: str, request: str, read: Read) -> str:
        """Show the request in the channel and open its run; return what was assumed, or why there is none."""
        if len(shown := f"<@{user}> asked: {escape(request)}") > LONGEST:
            return TOO_LONG.format(count=len(shown), most=LONGEST)
        ts, refused = await self._post(channel, shown)
        if refused:
            return refused
        times: dict[str, Any] = {"night": read.timing.night, "begin_at": read.begin_at, "due_at": read.timing.due}
        await self._front.engine.open_run(Asked(self._front.me.team, channel, ts, ts, user, request, **times))
        return read.timing.assumed

    async def _post(self, channel: str, text: str) -> tuple[str, str]:
        """Return the ts of the message that stands for a command, or why there is none.

        It is posted here and not by the outbox: it is the request itself, and its ts is the run's thread.
        """
        try:
            post = self._front.client.chat_postMessage
            posted = await done(post(channel=channel, text=text, unfurl_links=False, unfurl_media=False))
        except DeclinedError as refused:
            log.warning("A command's message was refused: %s", refused)
            return "", NOT_HERE if refused.code in SHUT else NOT_TAKEN
        except SlackCallError as lost:
            log.warning("A command's message was lost: %s", lost)
            return "", NOT_TAKEN
        return str(posted["ts"]), ""

    async def _stop_mine(self, user: str, channel: str) -> str:
        mine = [run for run in await self._front.open_runs() if (run.requester, run.channel) == (user, channel)]
        if len(mine) > 1:
            return SEVERAL.format(count=len(mine))
        return await self._stop(mine[0].id, user, mine[0]) or "Stopped." if mine else NOTHING_HERE

    async def _stop(self, run_id: str, user: str, run: Run | None = None) -> str:
        """Stop a run; return why not, or nothing."""
        try:
            run = run or await self._front.run(run_id)
            await self._front.engine.stop_run(run.id, await self._front.presser(user, run))
        except NotFoundError:
            return "This button belongs to nothing I know any more, so it did nothing."
        except (RefusedError, UnknownPersonError) as refused:
            return str(refused)
        return ""
