"""What people write in a run's thread reaches every later agent; `stop` stops the run. Other threads: silence."""

from typing import Final

from bot.listeners.front import Front
from bot.listeners.heard import Heard, people_in, plain
from storage.errors import RefusedError
from storage.policy import outsider
from storage.tables import Run
from storage.words import ENDED

STOP: Final = "stop"
FILES_STAY: Final = "A run reads only the files it began with. To have these read, ask me anew and attach them."
DRAFT_STAYS: Final = (
    "I keep this for whoever works next. The text that waits for a decision stays as it is: *Send back* has it made "
    "anew, and *Edit and approve* changes it by hand."
)
ASKED: Final = "I ask them in a direct message. Their decision shows up here."


async def follows(front: Front, heard: Heard) -> bool:
    """Return whether a channel's message steers a run; beside one that names the bot Slack sends an app_mention."""
    if heard.names_me or not heard.is_reply:
        return False
    run = await front.run_in(heard.channel, heard.thread_ts)
    return run is not None and run.state not in ENDED


async def follow(front: Front, heard: Heard) -> bool:
    """Take a reply that does not name the bot; True when kept as handled."""
    run = await front.run_in(heard.channel, heard.thread_ts)
    if run is None or run.state in ENDED:
        return False
    return await note(front, heard, run)


async def note(front: Front, heard: Heard, run: Run) -> bool:
    """Keep a note for a run under way, or stop it; True when kept as handled."""
    words = plain(heard.text, front.me, await front.people.names(people_in(heard.text, front.me)))
    if words.lower().rstrip("!. ") == STOP:
        return await _stop(front, heard, run)
    person = await front.people.asker(heard.user)
    if why := outsider(person, run.team):
        await front.whisper(heard.channel, heard.user, f"I cannot pass this on to the run. {why}", heard.thread_ts)
        return False
    if heard.files:
        await front.whisper(heard.channel, heard.user, FILES_STAY, heard.thread_ts)
    if not words:
        return False
    if heard.is_direct and heard.user == run.requester:
        await _ask_by_name(front, heard, run)
    about = {"channel": heard.channel, "thread_ts": heard.thread_ts, "ts": heard.ts, "by": heard.user}
    await front.engine.steer(**about, text=words, event_id=heard.event_id)
    if await front.waits_on_a_text(run.id):
        await front.whisper(heard.channel, heard.user, DRAFT_STAYS, heard.thread_ts)
    return True


async def _ask_by_name(front: Front, heard: Heard, run: Run) -> None:
    """Ask the people a requester names in a direct message, where nobody else could decide; refuse who may not."""
    asked = []
    for user in [user for user in dict.fromkeys(people_in(heard.text, front.me)) if user != run.requester]:
        if why := outsider(await front.people.asker(user), run.team):
            await front.whisper(heard.channel, heard.user, f"I cannot ask <@{user}>. {why}", heard.thread_ts)
        else:
            asked.append(user)
    if asked and await front.engine.ask_by_name(run.id, asked, heard.user):
        await front.whisper(heard.channel, heard.user, ASKED, heard.thread_ts)


async def _stop(front: Front, heard: Heard, run: Run) -> bool:
    try:
        await front.engine.stop_run(run.id, await front.presser(heard.user, run), heard.event_id)
    except RefusedError as refused:
        await front.whisper(heard.channel, heard.user, str(refused), heard.thread_ts)
        return False
    return True
