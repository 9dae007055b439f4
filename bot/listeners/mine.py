"""What is one person's: the decisions they may make by what Slack says now, and the ways to threads they can open."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.listeners.front import Front
from bot.messages.deciders import is_direct
from bot.people import UnknownPersonError
from bot.slack import DeclinedError, SlackCallError, done
from storage.policy import REQUESTER, Person, Policy, may, outsider
from storage.tables import Checkpoint, Run

KEPT_S: Final = 60.0  # what Slack said of a person in a channel; the door asks anew when they decide
AT_ONCE: Final = 8  # questions to Slack side by side
MOST_KEPT: Final = 2_000

Asked = tuple[Checkpoint, Run]
_Place = tuple[str, str, frozenset[str]]  # a person, a channel, and the groups that count there


class Whereabouts:
    """What Slack said of people and threads a moment ago, asked for channel by channel within a time limit.

    Args:
        front: The doors.
        patience_s: Seconds that Slack may take for all of it.
    """

    def __init__(self, front: Front, patience_s: float) -> None:
        self._front, self._patience_s = front, patience_s
        self._people: dict[_Place, tuple[float, Person]] = {}
        self._links: dict[tuple[str, str], str] = {}  # they never change
        self._room = asyncio.Semaphore(AT_ONCE)

    async def theirs(self, user: str, asked: Sequence[Asked]) -> tuple[list[Asked], list[str]]:
        """Return the decisions that are this person's, and the channels Slack did not answer for in time."""
        maybe = [(one, run) for one, run in asked if could(user, one)]
        groups = defaultdict[str, set[str]](set)
        for one, run in maybe:
            groups[run.channel] |= Policy.model_validate(one.policy).groups()
        found = await asyncio.gather(*(self._person(user, channel, inside) for channel, inside in groups.items()))
        known = dict(zip(groups, found, strict=True))
        mine = [(one, run) for one, run in maybe if (person := known[run.channel]) and _may(person, one, run)]
        return mine, [channel for channel, person in known.items() if person is None]

    async def is_one_of_us(self, user: str) -> bool:
        """Return whether this is a full member of the workspace, as far as Slack says so in time."""
        try:
            person = await self._front.people.asker(user)
        except UnknownPersonError:
            return False
        return not outsider(person, self._front.me.team)

    async def links(self, user: str, runs: Iterable[Run]) -> dict[str, str]:
        """Return the addresses of the threads they can open, by run; one that Slack does not say in time is left out."""
        open_to = {run.id: run for run in runs if not is_direct(run.channel) or run.requester == user}
        found = await asyncio.gather(*(self._link(run) for run in open_to.values()))
        return {run_id: link for run_id, link in zip(open_to, found, strict=True) if link}

    async def _person(self, user: str, channel: str, groups: Iterable[str]) -> Person | None:
        place, now = (user, channel, frozenset(groups)), asyncio.get_running_loop().time()
        at, known = self._people.get(place, (0.0, None))
        if known is not None and now - at < KEPT_S:
            return known
        try:
            async with asyncio.timeout(self._patience_s), self._room:
                person = await self._front.people.member(user, channel, place[2], patience_s=self._patience_s)
        except (UnknownPersonError, TimeoutError):
            return None
        self._people = {key: kept for key, kept in self._people.items() if now - kept[0] < KEPT_S}
        self._people[place] = (now, person)
        return person

    async def _link(self, run: Run) -> str:
        if (known := self._links.get(thread := (run.channel, run.thread_ts))) is not None:
            return known
        asked = self._front.client.chat_getPermalink
        try:
            async with asyncio.timeout(self._patience_s), self._room:
                told = dict(await done(asked(channel=run.channel, message_ts=run.thread_ts)))
        except DeclinedError:  # the channel or the message is gone
            told = {"permalink": ""}
        except (SlackCallError, TimeoutError):
            return ""
        if len(self._links) >= MOST_KEPT:
            self._links.clear()
        self._links[thread] = str(told["permalink"])
        return self._links[thread]


def could(user: str, checkpoint: Checkpoint) -> bool:
    """Return whether a person might decide on this, before Slack is asked about them."""
    policy = Policy.model_validate(checkpoint.policy)
    if user == checkpoint.requester:
        return policy.requester
    return user not in policy.apart and (bool(policy.named) or (REQUESTER,) not in policy.deciders)


def _may(person: Person, checkpoint: Checkpoint, run: Run) -> bool:
    return may(Policy.model_validate(checkpoint.policy), person, checkpoint.requester, run.team)


def by_run(asked: Iterable[Asked]) -> Mapping[str, list[Checkpoint]]:
    """Return the checkpoints by the run they belong to, in the order they came."""
    found = defaultdict[str, list[Checkpoint]](list)
    for one, run in asked:
        found[run.id].append(one)
    return found
