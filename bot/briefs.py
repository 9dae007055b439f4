"""Morning briefs: planned for whom the night's work concerns, and queued once at their moment."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from agents.policies import Settings, settings_for
from bot.listeners.front import Front
from bot.listeners.mine import could
from bot.messages.covers import LATE, Cover
from bot.messages.deciders import is_direct
from bot.mornings import Mornings, mornings_of
from bot.patience import Patience
from bot.people import LONG_PATIENCE_S
from bot.threads import Threads, can_open
from storage import briefs, checkpoints, clock, outbox, people, timers
from storage.agenda import Timer
from storage.policy import Person, Policy, may, outsider
from storage.tables import Checkpoint, Run
from storage.words import CheckpointState, MessageKind, TimerKind

KINDS: Final = (TimerKind.BRIEF,)
DAY: Final = timedelta(days=1)
LONGEST: Final = timedelta(days=7)  # what a brief looks back; earlier than that is told by its threads
MOST: Final = 25  # decisions, results and runs of one brief; the rest stands in threads and on Home

Asked = tuple[Checkpoint, Run]


class Briefs:
    """Does what is due of morning briefs."""

    def __init__(self, front: Front, first_rest_s: float = 5.0) -> None:
        self._front = front
        self._patience = Patience("A morning brief", first_rest_s)
        self._threads = Threads(front.client)
        self._looked_up_to: int | None = None  # a line of the audit log

    async def work_off(self) -> None:
        """Plan the mornings of new nights, and queue the briefs that are due, each by itself."""
        await self._plan()
        async with self._front.database.read() as session:
            found = await timers.due(session, KINDS)
        of = defaultdict[str, list[Timer]](list)
        for timer in found:
            of[str(timer.about["who"])].append(timer)
        await self._patience.try_all({who: partial(self._brief, who, due) for who, due in of.items()})

    async def _plan(self) -> None:
        """Set the first morning's timer for whoever asked for a night's work and for its channel.

        It is found again after any crash: the timers are looked for by the runs, not set when one is opened.
        """
        async with self._front.database.read() as session:
            line, found = await briefs.of_the_night(session, self._looked_up_to, clock.now() - 2 * DAY)
            zones = await people.zones(session, {run.requester for run in found})
        if found:
            async with self._front.database.write() as session:
                for who, run in [(who, each) for each in found for who in _concerned(each)]:
                    await _plan_for(session, run, mornings_of(who, self._settings(run), zones.get(who, "")))
        self._looked_up_to = line

    def _settings(self, run: Run | None, channel: str = "") -> Settings:
        rules = self._front.engine.policies.rules()
        return settings_for(rules, run.channel, run.line) if run else settings_for(rules, channel)

    async def _brief(self, who: str, due: Sequence[Timer]) -> None:
        """Queue one brief for all of somebody's mornings that are due, and plan the next while something waits."""
        now, first = clock.now(), min(timer.due_at for timer in due)
        person = None if _is_channel(who) else await self._front.people.asker(who)
        mornings = mornings_of(who, self._settings(None, who), person.zone if person else "")
        if mornings and now - first > LATE and mornings.awake_at(now) > now:
            return  # too late for the morning it was meant for, too early for this one
        cover = await self._cover(who, first, person)
        async with self._front.database.write() as session:
            if not any([await timers.take(session, timer.id) for timer in due]):
                return
            await _say(session, cover)
            if mornings:
                await _plan_next(session, cover, mornings)
        for listener in self._front.engine.changed:
            listener()

    async def _cover(self, who: str, due: datetime, person: Person | None) -> Cover:
        """Return what there is to say to somebody now; nothing to those who may not be told any more."""
        now = clock.now()
        empty = Cover(who=who, since=due - DAY, until=now, due=due)
        if person is not None and outsider(person, self._front.me.team):
            return empty
        async with self._front.database.read() as session:
            last = await briefs.newest(session, who)
            since = _since(Cover.from_text(last.text).until if last else None, due, now)
            ended = (await briefs.ended(session, since, now, **empty.of))[-MOST:]
            going = (await briefs.going(session, **empty.of))[:MOST]
            asked = await checkpoints.all_open(session)
        waits = (await self._mine(who, asked) if person else [each for each in asked if each[1].channel == who])[:MOST]
        if not (waits or ended or any(_at_work(run, now) for run in going)):
            return empty
        links = await self._links(who, {run.id: run for run in (*ended, *going, *(run for _, run in waits))}.values())
        about = {"waits": [checkpoint.id for checkpoint, _ in waits], "links": links}
        named = {"ended": [run.id for run in ended], "going": [run.id for run in going]}
        return Cover.model_validate({**empty.model_dump(), "since": since, **about, **named})

    async def _mine(self, user: str, asked: Iterable[Asked]) -> list[Asked]:
        """Return the decisions that are this person's to make, by what Slack says now, a channel asked about once."""
        maybe = [(one, run) for one, run in asked if could(user, one)]
        groups = defaultdict[str, set[str]](set)
        for one, run in maybe:
            groups[run.channel] |= Policy.model_validate(one.policy).groups()
        known = {
            channel: await self._front.people.member(user, channel, inside, patience_s=LONG_PATIENCE_S)
            for channel, inside in groups.items()
        }
        return [(one, run) for one, run in maybe if _may(known[run.channel], one, run)]

    async def _links(self, who: str, runs: Iterable[Run]) -> dict[str, str]:
        """Return the addresses of the threads that whoever reads the brief can open."""
        theirs = [run for run in runs if can_open(run, who)]
        found = await asyncio.gather(*(self._threads.link(run) for run in theirs))
        return {run.id: link for run, link in zip(theirs, found, strict=True) if link}


def _concerned(run: Run) -> list[str]:
    return [run.requester] if is_direct(run.channel) else [run.requester, run.channel]


def _is_channel(who: str) -> bool:
    return not who.startswith(("U", "W"))


async def _plan_for(session: Any, run: Run, mornings: Mornings | None) -> None:  # noqa: ANN401  bot does not know SQLAlchemy
    """Plan the first morning after a run's night; one that was missed long ago was told another way."""
    now = clock.now()
    if mornings is None:
        return
    morning = mornings.after(now if run.handed_by else max(run.created_at, run.begin_at or run.created_at))
    if morning > now - DAY:
        await mornings.plan(session, morning)


def _since(last: datetime | None, due: datetime, now: datetime) -> datetime:
    """Return from when on a brief tells: since the one before, where that is not long ago or yet to come."""
    return last if last is not None and now - LONGEST < last < now else due - DAY


def _at_work(run: Run, now: datetime) -> bool:
    return run.night and (run.begin_at is None or run.begin_at <= now)


def _may(person: Person, checkpoint: Checkpoint, run: Run) -> bool:
    return may(Policy.model_validate(checkpoint.policy), person, checkpoint.requester, run.team)


async def _say(session: Any, cover: Cover) -> None:  # noqa: ANN401
    """Queue a brief; cards about the same decisions that nobody has seen yet are not sent besides."""
    if cover.says_nothing:
        return
    open_ = [(await checkpoints.get(session, each)).state is CheckpointState.OPEN for each in cover.waits]
    waits = tuple(each for each, is_open in zip(cover.waits, open_, strict=True) if is_open)
    for checkpoint_id in waits:
        for card in await outbox.copies(session, checkpoint_id):
            if card.user == cover.who:
                await outbox.take_back(session, card.id)
    cover = cover.model_copy(update={"waits": waits})
    to = {"channel" if cover.is_for_channel else "user": cover.who}
    if not cover.says_nothing:
        outbox.say(session, MessageKind.BRIEF, **to, text=cover.to_text())


async def _plan_next(session: Any, cover: Cover, mornings: Mornings) -> None:  # noqa: ANN401
    """Plan the morning on which what still waits, or still goes on at night, is told again."""
    if any(_at_work(run, cover.until) for run in await briefs.runs(session, cover.going)):
        await mornings.plan(session, mornings.after(cover.until))
    elif cover.waits:
        await mornings.plan(session, mornings.working_after(cover.until))
