"""Requests: a mention, a direct message, or a message in a thread that a run follows."""

from typing import Final

from agents.engine.engine import Asked
from bot.inbox import Handler, Payload
from bot.listeners import changes, commands, schedules, steering, timing
from bot.listeners.front import Front
from bot.listeners.heard import Heard, people_in, plain
from bot.listeners.timing import Read
from storage import inbox
from storage.policy import Person, outsider
from storage.words import ENDED

HELP: Final = (
    "Tell me in one message what you need, when if not now (`tonight`, `by 8 tomorrow`, `every Monday at 9`), and attach "
    "the files it rests on: \"compare these three offers for the sales team, at most 900 words\". "
    "I show you the plan and what it should cost, work on it with several agents, and ask people here before anything "
    "is called done. Reply in the thread to steer me, write `stop` there to stop; what waits on you stands on my Home tab, "
    "and `/jidoka` takes `pause`, `resume`, `schedule`, `schedules`, `policy` and `tools`."
)
STEERS: Final = (
    "That is no request, so nothing has begun. `/jidoka {meant}` does that; for one run, write `stop`, `pause` or `resume` "
    "in its thread."
)
_HELP_WORDS: Final = frozenset({"help", "hilfe", "?"})


def events(front: Front) -> dict[str, Handler]:
    """Return what to do with the events people's messages make."""
    followed = steering.Followed(front)

    async def names_me(payload: Payload) -> bool:
        return Heard.read(payload, front.me) is not None

    async def mentioned(payload: Payload) -> bool:
        heard = Heard.read(payload, front.me)
        return heard is not None and await take(front, heard)

    async def is_for_me(payload: Payload) -> bool:
        if (heard := Heard.read(payload, front.me)) is None:
            return await changes.concerns(front, payload)
        return heard.is_direct or await followed.concerns(heard)

    async def written(payload: Payload) -> bool:
        if (heard := Heard.read(payload, front.me)) is None:
            await changes.tell(front, payload)
            return False
        return await take(front, heard) if heard.is_direct else await followed.follow(heard)

    return {"app_mention": Handler(names_me, mentioned), "message": Handler(is_for_me, written)}


async def take(front: Front, heard: Heard) -> bool:
    """Make a request of a message, or a note where its thread's run is still going; True when kept as handled."""
    if await front.is_request(heard.channel, heard.ts):
        return False
    run = await front.run_in(heard.channel, heard.thread_ts)
    if run is not None and run.state not in ENDED:
        return await steering.note(front, heard, run)
    return await _open(front, heard)


async def _open(front: Front, heard: Heard) -> bool:
    person = await front.people.asker(heard.user)
    if why := outsider(person, front.me.team):
        await front.whisper(heard.channel, heard.user, f"I cannot take this. {why}", heard.reply_to())
        return False
    words = plain(heard.text, front.me, await front.people.names(people_in(heard.text, front.me)))
    if words.lower().rstrip("!. ") in _HELP_WORDS or not (words or heard.files):
        await front.say(heard.channel, heard.thread_ts, HELP, heard.event_id)
        return True
    if (meant := commands.steering(words)) and not heard.files:
        await front.say(heard.channel, heard.thread_ts, STEERS.format(meant=meant), heard.event_id)
        return True
    return await _begin(front, heard, person, words)


async def _begin(front: Front, heard: Heard, person: Person, words: str) -> bool:
    """Open a run, or ask whether to schedule it, as the words say; where they cannot be right, say so and begin nothing."""
    async with front.database.read() as session:
        written_at = await inbox.received_at(session, heard.event_id)
    read = timing.read(front, words, person, heard.channel, written_at)
    if read.wrong:
        await front.say(heard.channel, heard.thread_ts, read.wrong, heard.event_id)
        return True
    if read.timing.repeat is not None:
        return await schedules.propose(front, heard, person, read)
    await front.engine.open_run(asked(front, heard, words, read))
    if read.timing.assumed:  # the status shows the moments that were taken; this says that they were guessed
        await front.whisper(heard.channel, heard.user, read.timing.assumed, heard.thread_ts)
    return True


def asked(front: Front, heard: Heard, words: str, read: Read) -> Asked:
    """Return the request a message makes. Its words stay as they are: they bind every agent."""
    return Asked(
        team=front.me.team, channel=heard.channel, thread_ts=heard.thread_ts, request_ts=heard.ts,
        requester=heard.user, request=words, files=heard.files, event_id=heard.event_id,
        night=read.timing.night, begin_at=read.begin_at, due_at=read.timing.due,
    )
