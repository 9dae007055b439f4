"""Fresh facts about a person: a decision counts by what they are now, not by what they were."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import DeclinedError, SlackCallError, done
from storage.policy import Person, Policy, may

PATIENCE_S: Final = 1.5  # of the 3 s Slack gives a click
LONG_PATIENCE_S: Final = 10.0  # where nobody waits for the answer
MOST_NAMES: Final = 20  # mentions of one message that are looked up
MOST_LOOKED_AT: Final = 30  # people of a channel; where more are, somebody may decide
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

    async def who_may(self, policy: Policy, channel: str, requester: str, team: str) -> int:
        """Return how many people may decide by this policy; no more are looked for than it takes.

        Where user groups decide, or more people are there than can be looked up, it is as many as it takes.

        Raises:
            UnknownPersonError: Slack did not answer in time.
        """
        if policy.groups():
            return policy.quorum
        try:
            async with asyncio.timeout(LONG_PATIENCE_S):
                return await self._who_may(policy, channel, requester, team)
        except (SlackCallError, TimeoutError) as silent:
            raise UnknownPersonError(_SORRY) from silent

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

    async def _who_may(self, policy: Policy, channel: str, requester: str, team: str) -> int:
        inside: list[str] = []
        async for page in self._members(channel):
            if len(inside := [*inside, *page]) > MOST_LOOKED_AT:
                return policy.quorum
        found, asked = 0, {*inside, *policy.named, *policy.lists()} - {requester}
        for user in asked:
            person = _person(user, await self._facts(user), member=user in inside)
            found += may(policy, person, requester, team)
        return min(found, policy.quorum)

    async def _is_in(self, user: str, channel: str) -> bool:
        async for page in self._members(channel):
            if user in page:
                return True
        return False

    async def _members(self, channel: str) -> AsyncIterator[list[str]]:
        """Yield the ids of a channel's members, a page at a time."""
        cursor = ""
        while True:
            page = await done(self._client.conversations_members(channel=channel, limit=999, cursor=cursor or None))
            yield page["members"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


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
