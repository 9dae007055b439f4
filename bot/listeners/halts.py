"""What admins stop, let go on and decide past the policy; and `/jidoka pause` and its like for one's only run here."""

from typing import Final

from slack_bolt.context.ack.async_ack import AsyncAck

from agents.policies.resolving import settings_for
from bot.listeners import control
from bot.listeners.commands import Deed, Typed
from bot.listeners.decisions import STALE, count
from bot.listeners.front import Front
from bot.messages import actions
from bot.messages.actions import RunDeed
from bot.messages.text import escape
from bot.people import UnknownPersonError
from storage.errors import NotFoundError, RefusedError
from storage.words import VoteAnswer

HALTED: Final = (
    "Everything is stopped: nothing starts, and what was under way is cut. `/jidoka go on` lets it go on where it was."
)
LIFTED: Final = "Everything goes on where it was."
NOTHING_HERE: Final = "No run of yours is under way in this channel."
SEVERAL: Final = "You have {count} runs under way here. Write `{word}` in the thread of the one you mean."
GLASS_USAGE: Final = "Write `/jidoka break-glass <id> <why>`: the decision's id stands at the foot of its card."
GLASS_BROKEN: Final = "Your vote past the policy is counted. It is recorded with your reason, and the card says so."
NO_SUCH: Final = "I know no decision `{id}`. Its id stands at the foot of its card, such as `chk-….1`."
DONE: Final = {RunDeed.PAUSE: "Paused.", RunDeed.RESUME: "It goes on."}


class Halts:
    """What the slash command stops and lets go on."""

    def __init__(self, front: Front) -> None:
        self._front, self._doors, self._team = front, front.engine.controls, front.me.team

    def words(self) -> dict[str, Deed]:
        """Return the slash command's words for it."""
        return {
            "stop everything": Deed(self._halt, takes_more=True), "go on": Deed(self._go_on),
            "pause": Deed(self._pause), "resume": Deed(self._resume),
            "break-glass": Deed(self._break_glass, takes_more=True),
        }  # fmt: skip

    async def _halt(self, ack: AsyncAck, typed: Typed) -> None:
        try:
            person = await self._front.people.asker(typed.user)
            await self._doors.halt(self._team, person, typed.rest.strip(), tell=self._told(typed))
        except (RefusedError, UnknownPersonError) as refused:
            await ack(str(refused))
        else:
            await ack(HALTED)

    async def _go_on(self, ack: AsyncAck, typed: Typed) -> None:
        """Lift the halt; where there is none, let one's only run here go on."""
        if await self._doors.halted(self._team) is None:
            await self._resume(ack, typed)
            return
        try:
            person = await self._front.people.asker(typed.user)
            await self._doors.lift(self._team, person, tell=self._told(typed))
        except (RefusedError, UnknownPersonError) as refused:
            await ack(str(refused))
        else:
            await ack(LIFTED)

    async def _break_glass(self, ack: AsyncAck, typed: Typed) -> None:
        """Approve past the policy, where it knows emergencies: by its id and with a reason."""
        named, _, why = typed.rest.strip().partition(" ")
        if not (why := why.strip()):
            await ack(GLASS_USAGE)
            return
        try:
            checkpoint, _run = await self._front.asked_in(named.rpartition(".")[0])
        except NotFoundError:
            await ack(NO_SUCH.format(id=escape(named)))
            return
        if named != actions.named(checkpoint):
            await ack(STALE)  # what they read is not what there is
            return
        pointed = actions.to(checkpoint).value()
        said = await count(self._front, typed.user, pointed, VoteAnswer.APPROVE, break_glass=why)
        await ack(said or GLASS_BROKEN)

    def _told(self, typed: Typed) -> list[str]:
        """Return the channels in which it is said: where it was typed, and where reports go."""
        report = settings_for(self._front.engine.policies.rules()).report_channel
        return [channel for channel in dict.fromkeys((typed.channel, report)) if channel]

    async def _pause(self, ack: AsyncAck, typed: Typed) -> None:
        await ack(await self._mine(typed, RunDeed.PAUSE, "pause"))

    async def _resume(self, ack: AsyncAck, typed: Typed) -> None:
        await ack(await self._mine(typed, RunDeed.RESUME, "resume"))

    async def _mine(self, typed: Typed, deed: RunDeed, word: str) -> str:
        runs = await self._front.open_runs()
        mine = [run for run in runs if (run.requester, run.channel) == (typed.user, typed.channel)]
        if len(mine) != 1:
            return SEVERAL.format(count=len(mine), word=word) if mine else NOTHING_HERE
        return await control.at_once(self._front, mine[0].id, typed.user, deed) or DONE[deed]
