"""Fresh facts about a person: a decision counts by what they are now, not by what they were."""

import asyncio
from collections.abc import Iterable
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import DeclinedError, SlackCallError, done
from storage.policy import Person

PATIENCE_S: Final = 1.5  # of the 3 s Slack gives a click
MOST_NAMES: Final = 20  # mentions of one message that are looked up
STRANGERS: Final = frozenset({"user_not_found", "user_not_visible"})  # Slack shows us nobody of that id


class UnknownPersonError(Exception):
    """Slack did not say in time who this is; the message is for the person."""


class People:
    """The people of one workspace, asked of Slack each time."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def asker(self, user: str) -> Person:
        """Return what someone is, whatever the channel.

        Raises:
            UnknownPersonError: Slack did not answer in time.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                return _person(user, await self._facts(user))
        except (SlackCallError, TimeoutError) as silent:
            raise UnknownPersonError(_SORRY) from silent

    async def member(self, user: str, channel: str) -> Person:
        """Return what someone is, and whether they are in the channel.

        Raises:
            UnknownPersonError: Slack did not answer in time.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                facts, inside = await asyncio.gather(self._facts(user), self._is_in(user, channel))
        except (SlackCallError, TimeoutError) as silent:
            raise UnknownPersonError(_SORRY) from silent
        return _person(user, facts, member=inside)

    async def names(self, users: Iterable[str]) -> dict[str, str]:
        """Return the names of people by id, as far as Slack says them."""
        asked = list(dict.fromkeys(users))[:MOST_NAMES]
        told = await asyncio.gather(*(self.asker(user) for user in asked), return_exceptions=True)
        return {person.id: person.name for person in told if isinstance(person, Person) and person.name}

    async def _facts(self, user: str) -> dict[str, Any]:
        try:
            told = await done(self._client.users_info(user=user))
        except DeclinedError as refused:
            if refused.code in STRANGERS:
                return {"is_stranger": True}
            raise
        return dict(told["user"])

    async def _is_in(self, user: str, channel: str) -> bool:
        cursor = ""
        while True:
            asked = self._client.conversations_members(channel=channel, limit=999, cursor=cursor or None)
            page = await done(asked)
            if user in page["members"]:
                return True
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return False


_SORRY: Final = "I could not check who you are just now, so this was not recorded. Press again in a moment."


def _person(user: str, facts: dict[str, Any], *, member: bool = False) -> Person:
    profile = facts.get("profile") or {}
    return Person(
        id=user,
        name=profile.get("display_name") or profile.get("real_name") or facts.get("name") or "",
        team=facts.get("team_id") or "",
        guest=bool(facts.get("is_restricted") or facts.get("is_ultra_restricted")),
        stranger=bool(facts.get("is_stranger")),
        bot=bool(facts.get("is_bot")) or user == "USLACKBOT",
        gone=bool(facts.get("deleted")),
        member=member,
    )
