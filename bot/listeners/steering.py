"""What people write in a run's thread reaches every later agent; `stop`, `pause` and `resume` do that. Else: silence."""

from typing import Final

from bot.listeners import control
from bot.listeners.company import lacks_people
from bot.listeners.front import Front
from bot.listeners.heard import Heard, people_in, plain
from bot.messages.actions import RunDeed
from bot.messages.deciders import lists_people
from storage import checkpoints
from storage.errors import RefusedError
from storage.policy import Policy, outsider
from storage.tables import Run
from storage.words import ENDED

STOP: Final = "stop"
MOST_TOLD: Final = 10_000  # people told that a run has ended; the oldest are forgotten
FILES_STAY: Final = "A run reads only the files it began with. To have these read, ask me anew and attach them."
DRAFT_STAYS: Final = (
    "I keep this for whoever works next. The text that waits for a decision stays as it is: *Send back* has it made "
    "anew, and *Edit and approve* changes it by hand."
)
ENDED_ALREADY: Final = "This run has ended, so no agent reads this. To ask for something new here, mention {me}."
LISTED: Final = "I asked nobody: the policy lists who decides on this, so nobody else can be named."
ASKED: Final = "I ask them in a direct message. Their decision shows up here."


class Followed:
    """Replies in a channel's threads that do not name the bot; beside one that does Slack sends an app_mention."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._first: dict[tuple[str, str], str] = {}  # (run, person): their first reply after its end; a restart forgets

    async def concerns(self, heard: Heard) -> bool:
        """Return whether a reply steers a run, or is the first its writer makes after the run's end."""
        if heard.names_me or not heard.is_reply:
            return False
        run = await self._front.run_in(heard.channel, heard.thread_ts)
        return run is not None and (run.state not in ENDED or self._is_first(heard, run))

    async def follow(self, heard: Heard) -> bool:
        """Take a reply; True when kept as handled."""
        if (run := await self._front.run_in(heard.channel, heard.thread_ts)) is None:
            return False
        if run.state not in ENDED:
            return await note(self._front, heard, run)
        if self._is_first(heard, run):
            await self._tell(heard, run)
        return False

    def _is_first(self, heard: Heard, run: Run) -> bool:
        first = self._first.setdefault((run.id, heard.user), heard.ts)
        if len(self._first) > MOST_TOLD:
            self._first.pop(next(iter(self._first)))
        return first == heard.ts

    async def _tell(self, heard: Heard, run: Run) -> None:
        """Say that the run has ended; who may not ask anyway is left in peace."""
        if not outsider(await self._front.people.asker(heard.user), run.team):
            said = ENDED_ALREADY.format(me=f"<@{self._front.me.user}>")
            await self._front.whisper(heard.channel, heard.user, said, heard.thread_ts)


async def note(front: Front, heard: Heard, run: Run) -> bool:
    """Keep a note for a run under way, or do what one word of it says; True when kept as handled."""
    words = plain(heard.text, front.me, await front.people.names(people_in(heard.text, front.me)))
    said = " ".join(words.lower().rstrip("!. ").split())
    if said == STOP:
        return await _stop(front, heard, run)
    if said in control.WORDS:
        return await _at_once(front, heard, run, control.WORDS[said])
    person = await front.people.asker(heard.user)
    if why := outsider(person, run.team):
        await front.whisper(heard.channel, heard.user, f"I cannot pass this on to the run. {why}", heard.thread_ts)
        return False
    if heard.files:
        await front.whisper(heard.channel, heard.user, FILES_STAY, heard.thread_ts)
    if not words:
        return False
    if heard.user == run.requester and await _may_name(front, heard, run):
        await _ask_by_name(front, heard, run)
    about = {"channel": heard.channel, "thread_ts": heard.thread_ts, "ts": heard.ts, "by": heard.user}
    await front.engine.steer(**about, text=words, event_id=heard.event_id)
    if await front.waits_on_a_text(run.id):
        await front.whisper(heard.channel, heard.user, DRAFT_STAYS, heard.thread_ts)
    return True


async def _may_name(front: Front, heard: Heard, run: Run) -> bool:
    """Return whether these words name people, where nobody else could decide: elsewhere a mention is only a mention."""
    named = any(user != run.requester for user in people_in(heard.text, front.me))
    return named and (heard.is_direct or await lacks_people(front, run))


async def _ask_by_name(front: Front, heard: Heard, run: Run) -> None:
    """Ask the people a requester names; refuse who may not decide."""
    asked = []
    for user in [user for user in dict.fromkeys(people_in(heard.text, front.me)) if user != run.requester]:
        if why := outsider(await front.people.asker(user), run.team):
            await front.whisper(heard.channel, heard.user, f"I cannot ask <@{user}>. {why}", heard.thread_ts)
        else:
            asked.append(user)
    if asked and await front.engine.ask_by_name(run.id, asked, heard.user):
        await front.whisper(heard.channel, heard.user, ASKED, heard.thread_ts)
    elif asked and await _lists_people(front, run):
        await front.whisper(heard.channel, heard.user, LISTED, heard.thread_ts)


async def _lists_people(front: Front, run: Run) -> bool:
    """Return whether something waits for others whom the policy lists."""
    async with front.database.read() as session:
        waiting = await checkpoints.open_in(session, run.id)
    return any(lists_people(one.policy) for one in waiting if not Policy.model_validate(one.policy).requester)


async def _at_once(front: Front, heard: Heard, run: Run, deed: RunDeed) -> bool:
    """Pause a run or let it go on; told again after a crash, it only says that this is so already."""
    if said := await control.at_once(front, run.id, heard.user, deed):
        await front.whisper(heard.channel, heard.user, said, heard.thread_ts)
    return False


async def _stop(front: Front, heard: Heard, run: Run) -> bool:
    try:
        await front.engine.stop_run(run.id, await front.presser(heard.user, run), heard.event_id)
    except RefusedError as refused:
        await front.whisper(heard.channel, heard.user, str(refused), heard.thread_ts)
        return False
    return True
