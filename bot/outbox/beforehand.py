"""What Slack is asked before a message for one person is written: what they may see is checked when it is shown."""

from dataclasses import dataclass
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.covers import Cover
from bot.messages.deciders import is_direct
from bot.people import People
from bot.slack import SlackCallError
from bot.threads import Threads, can_open
from storage import briefs
from storage.database import Database
from storage.tables import OutboxMessage
from storage.words import MessageKind


@dataclass(frozen=True)
class Seen:
    """What Slack said."""

    link: str = ""  # to the thread a card is about; empty where its reader cannot open that
    left: frozenset[str] = frozenset()  # channels of a brief's runs that its reader is not in


NOTHING_SEEN: Final = Seen()


class Beforehand:
    """Asks Slack about who reads a message."""

    def __init__(self, database: Database, client: AsyncWebClient) -> None:
        self._database = database
        self._people, self._threads = People(client), Threads(client)

    async def seen(self, row: OutboxMessage) -> Seen:
        """Return what this message takes to be written; nothing for what is not one person's.

        Raises:
            SlackCallError: Slack does not say just now where they are, so nothing may be told of it.
        """
        if row.user and row.kind is MessageKind.BRIEF:
            return Seen(left=await self._left(row.user, Cover.from_text(row.text)))
        if row.user and row.kind is MessageKind.CHECKPOINT:
            return Seen(link=await self._link(row))
        return NOTHING_SEEN

    async def _left(self, user: str, cover: Cover) -> frozenset[str]:
        async with self._database.read() as session:
            told = await briefs.runs(session, [*cover.ended, *cover.going])
        channels = sorted({run.channel for run in told if not is_direct(run.channel)})
        return frozenset([each for each in channels if not await self._people.is_in(user, each)])

    async def _link(self, row: OutboxMessage) -> str:
        """Return the way to a card's thread; a card does not wait for it."""
        async with self._database.read() as session:
            asked = await briefs.asked(session, [row.checkpoint_id])
        try:
            return "".join([await self._threads.link(run) for _, run in asked if can_open(run, row.user)])
        except SlackCallError:
            return ""
