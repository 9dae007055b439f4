"""The Home tab: what waits on the person who opens it."""

import logging
from collections.abc import Sequence
from typing import Any, Final

from bot.inbox import Handler, Payload
from bot.listeners.front import Front
from bot.messages import blocks
from bot.messages.deciders import is_direct
from bot.messages.text import escape, shorten
from bot.people import UnknownPersonError
from bot.slack import SlackCallError, done
from storage.policy import Policy, may
from storage.tables import Checkpoint, Run

MOST_SHOWN: Final = 20
QUIET: Final = "Nothing waits on you. When a decision is yours to make, it stands here."
LONGEST: Final = 300  # characters of a question

log = logging.getLogger(__name__)
Waiting = Sequence[tuple[Checkpoint, Run, str]]  # the checkpoint, its run, the link to its thread


def events(front: Front) -> dict[str, Handler]:
    """Return what to do when someone opens the app's page."""

    async def is_home(payload: Payload) -> bool:
        return bool(payload["event"].get("tab") == "home")

    async def opened(payload: Payload) -> bool:
        await _publish(front, payload["event"]["user"])
        return False

    return {"app_home_opened": Handler(is_home, opened)}


async def _publish(front: Front, user: str) -> None:
    try:
        shown = view([(*each, await _link(front, each[1], user)) for each in await _waiting(front, user)])
        await done(front.client.views_publish(user_id=user, view=shown))
    except (SlackCallError, UnknownPersonError) as lost:
        log.warning("Could not show %s their page: %s", user, lost)


async def _waiting(front: Front, user: str) -> list[tuple[Checkpoint, Run]]:
    """Return the open checkpoints this person may decide, oldest first."""
    mine: list[tuple[Checkpoint, Run]] = []
    people = {}
    for checkpoint, run in await front.open_checkpoints():
        if run.channel not in people:
            people[run.channel] = await front.people.member(user, run.channel)
        policy = Policy.model_validate(checkpoint.policy)
        if may(policy, people[run.channel], checkpoint.requester, run.team):
            mine.append((checkpoint, run))
    return mine


async def _link(front: Front, run: Run, user: str) -> str:
    """Return the address of a run's thread; nothing when it is in another person's direct messages."""
    if is_direct(run.channel) and user != run.requester:
        return ""
    told = await done(front.client.chat_getPermalink(channel=run.channel, message_ts=run.thread_ts))
    return str(told["permalink"])


def view(waiting: Waiting) -> dict[str, Any]:
    """Return the Home view. PURE."""
    if not waiting:
        return {"type": "home", "blocks": [blocks.section(QUIET)]}
    shown = [part for each in waiting[:MOST_SHOWN] for part in _entry(*each)]
    more = len(waiting) - MOST_SHOWN
    rest = [blocks.section(f"And {more} more, in their threads.")] if more > 0 else []
    return {"type": "home", "blocks": [blocks.header("Waiting for you"), *shown, *rest]}


def _entry(checkpoint: Checkpoint, run: Run, link: str) -> list[dict[str, Any]]:
    title = escape(shorten(run.title or run.request, 100))
    asked = escape(shorten(checkpoint.question, LONGEST))
    where = f"<{link}|Open the thread>" if link else "The question is in your messages with me"
    return [
        blocks.section(f"*{title}*\n{asked}"),
        blocks.context(f"{where} · asked for by <@{run.requester}>"),
    ]
