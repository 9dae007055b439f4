"""What is one person's: the decisions they may make by what Slack says now, and what they may look at."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Generic, TypeVar

from bot.listeners.front import Front
from bot.messages.deciders import is_direct
from bot.people import UnknownPersonError
from bot.slack import SlackCallError
from bot.threads import Threads, can_open
from storage.policy import REQUESTER, Person, Policy, may, outsider
from storage.tables import Checkpoint, Run

KEPT_S: Final = 60.0  # what Slack said of a person in a channel; the door asks anew when they decide
AT_ONCE: Final = 8  # questions to Slack side by side

Asked = tuple[Checkpoint, Run]
Said = TypeVar("Said")
_Place = tuple[str, str, frozenset[str]]  # a person, a channel, and the groups that count there


class _Lately(Generic[Said]):
    """What Slack said of somebody in a channel, for as long as that may count."""

    def __init__(self) -> None:
        self._said: dict[_Place, tuple[float, Said]] = {}

    def get(self, place: _Place) -> Said | None:
        """Return what was said; None when that is too long ago."""
        at, said = self._said.get(place, (0.0, None))
        return said if _now() - at < KEPT_S else None

    def keep(self, place: _Place, said: Said) -> Said:
        """Keep it, and drop what counts no longer."""
        self._said = {key: kept for key, kept in self._said.items() if _now() - kept[0] < KEPT_S}
        self._said[place] = (_now(), said)
        return said

    def forget(self, user: str) -> None:
        """Let everything of somebody be asked anew."""
        self._said = {key: kept for key, kept in self._said.items() if key[0] != user}


class Whereabouts:
    """What Slack said of people and threads a moment ago, asked for channel by channel within a time limit.

    Args:
        front: The doors.
        patience_s: Seconds that Slack may take for all of it.
    """

    def __init__(self, front: Front, patience_s: float) -> None:
        self._front, self._patience_s = front, patience_s
        self._people, self._inside = _Lately[Person](), _Lately[bool]()
        self._threads = Threads(front.client)
        self._room = asyncio.Semaphore(AT_ONCE)

    def forget(self, user: str) -> None:
        """Ask anew where somebody is: they are about to look."""
        self._people.forget(user)
        self._inside.forget(user)

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

    async def left(self, user: str, runs: Iterable[Run]) -> tuple[set[str], set[str]]:
        """Return the channels of somebody's own runs that they are in no longer, and those Slack said nothing of in time."""
        asked = sorted({run.channel for run in runs if not is_direct(run.channel)})
        found = await asyncio.gather(*(self._is_in(user, channel) for channel in asked))
        known = dict(zip(asked, found, strict=True))
        return {each for each in asked if known[each] is False}, {each for each in asked if known[each] is None}

    async def is_one_of_us(self, user: str) -> bool:
        """Return whether this is a full member of the workspace, as far as Slack says so in time."""
        try:
            person = await self._front.people.asker(user)
        except UnknownPersonError:
            return False
        return not outsider(person, self._front.me.team)

    async def links(self, user: str, runs: Iterable[Run]) -> dict[str, str]:
        """Return the addresses of the threads they can open, by run; one that Slack does not say in time is left out."""
        open_to = {run.id: run for run in runs if can_open(run, user)}
        found = await asyncio.gather(*(self._link(run) for run in open_to.values()))
        return {run_id: link for run_id, link in zip(open_to, found, strict=True) if link}

    async def _person(self, user: str, channel: str, groups: Iterable[str]) -> Person | None:
        if (known := self._people.get(place := (user, channel, frozenset(groups)))) is not None:
            return known
        try:
            async with asyncio.timeout(self._patience_s), self._room:
                person = await self._front.people.member(user, channel, place[2], patience_s=self._patience_s)
        except (UnknownPersonError, TimeoutError):
            return None
        return self._people.keep(place, person)

    async def _is_in(self, user: str, channel: str) -> bool | None:
        if (known := self._inside.get(place := (user, channel, frozenset[str]()))) is not None:
            return known
        try:
            async with asyncio.timeout(self._patience_s), self._room:
                return self._inside.keep(place, await self._front.people.is_in(user, channel))
        except (SlackCallError, TimeoutError):
            return None

    async def _link(self, run: Run) -> str:
        try:
            async with asyncio.timeout(self._patience_s), self._room:
                return await self._threads.link(run)
        except (SlackCallError, TimeoutError):
            return ""


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


def _now() -> float:
    return asyncio.get_running_loop().time()
