"""Fresh facts about a person: a decision counts by what they are now, not by what they were."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import DeclinedError, SlackCallError, done
from storage import people
from storage.database import Database
from storage.policy import MEMBERS, REQUESTER, Person, Policy, may

PATIENCE_S: Final = 1.5  # of the 3 s Slack gives a click
LONG_PATIENCE_S: Final = 10.0  # where nobody waits for the answer
MOST_NAMES: Final = 20  # mentions of one message that are looked up
MOST_LOOKED_AT: Final = 30  # people who may be deciders; where more are, somebody may decide
_NOT_COUNTED: Final = 2  # the requester and the bot are among the members
STRANGERS: Final = frozenset({"user_not_found", "user_not_visible"})  # Slack shows us nobody of that id
GROUPLESS: Final = frozenset({"no_such_subteam", "subteam_not_found"})  # a group that is gone has nobody in it

Groups = Mapping[str, Collection[str]]  # the people of user groups, by the group's id


class UnknownPersonError(Exception):
    """Slack did not say in time who this is; the message is for the person."""


class People:
    """The people of one workspace, asked of Slack each time."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._seen: dict[str, Person] = {}  # whose name or zone is new to us
        self._known: dict[str, tuple[str, str]] = {}  # name and zone of everyone, as they are kept

    async def asker(self, user: str) -> Person:
        """Return what someone is, whatever the channel.

        Raises:
            UnknownPersonError: Slack did not answer in time.
        """
        try:
            async with asyncio.timeout(PATIENCE_S):
                return self._noticed(_person(user, await self._facts(user)))
        except (SlackCallError, TimeoutError) as silent:
            raise UnknownPersonError(_SORRY) from silent

    async def member(
        self, user: str, channel: str, groups: Iterable[str] = (), *, patience_s: float = PATIENCE_S
    ) -> Person:
        """Return what someone is, whether they are in the channel, and in which of these user groups.

        Args:
            user: A Slack user id.
            channel: Where the run is.
            groups: Ids of the groups that count, such as ``policy.groups()``.
            patience_s: Seconds that Slack may take.

        Raises:
            UnknownPersonError: Slack did not answer in time.
        """
        try:
            async with asyncio.timeout(patience_s):
                facts, inside, known = await asyncio.gather(
                    self._facts(user), self._is_in(user, channel), self._groups(groups)
                )
        except (SlackCallError, TimeoutError) as silent:
            raise UnknownPersonError(_SORRY) from silent
        return self._noticed(_person(user, facts, member=inside, groups=known))

    async def is_in(self, user: str, channel: str) -> bool:
        """Return whether somebody is in a channel now; in one that Slack does not show us, nobody is.

        Raises:
            SlackCallError: Slack does not say it just now.
        """
        try:
            return await self._is_in(user, channel)
        except DeclinedError:
            return False

    async def deciders(self, policy: Policy, channel: str, requester: str, team: str) -> list[Person] | None:
        """Return everyone who may decide by this policy, by id; None where too many are there to be looked up.

        Raises:
            UnknownPersonError: Slack did not answer in time.
        """
        try:
            async with asyncio.timeout(LONG_PATIENCE_S):
                return await self._deciders(policy, channel, requester, team)
        except (SlackCallError, TimeoutError) as silent:
            raise UnknownPersonError(_SORRY) from silent

    async def who_may(self, policy: Policy, channel: str, requester: str, team: str) -> int:
        """Return how many people may decide by this policy, no more than it takes.

        Where more people are there than can be looked up, it is as many as it takes.

        Raises:
            UnknownPersonError: Slack did not answer in time.
        """
        found = await self.deciders(policy, channel, requester, team)
        return policy.quorum if found is None else min(len(found), policy.quorum)

    async def names(self, users: Iterable[str]) -> dict[str, str]:
        """Return the names of people by id, as far as Slack says them."""
        asked = list(dict.fromkeys(users))[:MOST_NAMES]
        told = await asyncio.gather(*(self.asker(user) for user in asked), return_exceptions=True)
        return {person.id: person.name for person in told if isinstance(person, Person) and person.name}

    async def in_groups(self, groups: Iterable[str]) -> set[str]:
        """Return everyone who is in one of these user groups.

        Raises:
            UnknownPersonError: Slack did not answer in time.
        """
        try:
            async with asyncio.timeout(LONG_PATIENCE_S):
                return {user for inside in (await self._groups(groups)).values() for user in inside}
        except (SlackCallError, TimeoutError) as silent:
            raise UnknownPersonError(_SORRY) from silent

    async def remember(self, database: Database) -> None:
        """Keep the names and zones that were new since the last time; a person who presses does not wait for it."""
        if not (new := list(self._seen.values())):
            return
        async with database.write() as session:
            await people.keep(session, new)
        self._known |= {person.id: (person.name, person.zone) for person in new}
        self._seen = {user: person for user, person in self._seen.items() if self._is_new(person)}

    def _noticed(self, person: Person) -> Person:
        if self._is_new(person):
            self._seen[person.id] = person
        return person

    def _is_new(self, person: Person) -> bool:
        """Return whether Slack said something of a person that is not kept yet; an app has no day to know of."""
        told = bool(person.name or person.zone) and not person.bot
        return told and self._known.get(person.id) != (person.name, person.zone)

    async def _facts(self, user: str) -> dict[str, Any]:
        try:
            told = await done(self._client.users_info(user=user))
        except DeclinedError as refused:
            if refused.code in STRANGERS:
                return {"is_stranger": True}
            raise
        return dict(told["user"])

    async def _deciders(self, policy: Policy, channel: str, requester: str, team: str) -> list[Person] | None:
        groups = await self._groups(policy.groups())
        listed = named_in(policy, requester, groups)
        inside = await self._inside(channel, listed)
        asked = {*(inside if listed is None else listed), *expanded(policy.named, requester, groups)}
        if listed is None:
            asked |= {user for rule in policy.deciders for user in expanded(rule, requester, groups)}
        asked -= {*policy.apart, *(() if policy.requester else (requester,))}
        if len(asked) > MOST_LOOKED_AT:
            return None
        facts = await asyncio.gather(*(self._facts(user) for user in sorted(asked)))
        found = [
            self._noticed(_person(user, told, member=user in inside, groups=groups))
            for user, told in zip(sorted(asked), facts, strict=True)
        ]
        return [person for person in found if may(policy, person, requester, team)]

    async def _inside(self, channel: str, wanted: Collection[str] | None) -> set[str]:
        """Return those of the wanted people who are in the channel; None: everyone, until there are too many."""
        inside: set[str] = set()
        async for page in self._members(channel):
            inside |= set(page)
            if len(inside) > MOST_LOOKED_AT + _NOT_COUNTED if wanted is None else inside >= set(wanted):
                break
        return inside if wanted is None else inside & set(wanted)

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

    async def _groups(self, groups: Iterable[str]) -> dict[str, list[str]]:
        """Return the people of each of these groups, asked side by side."""
        asked = sorted(set(groups))
        inside = await asyncio.gather(*(self._group(group) for group in asked))
        return dict(zip(asked, inside, strict=True))

    async def _group(self, group: str) -> list[str]:
        try:
            told = await done(self._client.usergroups_users_list(usergroup=group))
        except DeclinedError as refused:
            if refused.code in GROUPLESS:
                return []
            raise
        return list(told["users"])


def named_in(policy: Policy, requester: str, groups: Groups) -> set[str] | None:
    """Return the people whom every list without "members" names; None where each list has the members. PURE."""
    lists = [expanded(rule, requester, groups) for rule in policy.deciders if MEMBERS not in rule]
    return set.intersection(*lists) if lists else None


def expanded(rule: Iterable[str], requester: str, groups: Groups) -> set[str]:
    """Return the people a list names, those of its groups among them; channel members are not looked up. PURE."""
    said = set(rule) - {MEMBERS, REQUESTER, *groups} | ({requester} if REQUESTER in rule else set())
    return said.union(*(groups[group] for group in groups if group in rule))


_SORRY: Final = "I could not check who you are just now, so this was not recorded. Press again in a moment."


def _person(user: str, facts: dict[str, Any], *, member: bool = False, groups: Groups | None = None) -> Person:
    profile = facts.get("profile") or {}
    return Person(
        id=user,
        name=profile.get("display_name") or profile.get("real_name") or facts.get("name") or "",
        team=facts.get("team_id") or "",
        zone=facts.get("tz") or "",
        guest=bool(facts.get("is_restricted") or facts.get("is_ultra_restricted")),
        stranger=bool(facts.get("is_stranger")),
        bot=bool(facts.get("is_bot")) or user == "USLACKBOT",
        gone=bool(facts.get("deleted")),
        admin=any(facts.get(rank) for rank in ("is_admin", "is_owner", "is_primary_owner")),
        member=member,
        groups=tuple(group for group, inside in (groups or {}).items() if user in inside),
    )
