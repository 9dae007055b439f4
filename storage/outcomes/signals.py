"""What to look at: people who approve unread, and people who are asked too much."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from storage.outcomes.figures import RubberStamp, Signal, Slower, Waiting
from storage.outcomes.periods import Facts, Pressed, between, middle
from storage.outcomes.states import Asked

BEFORE: Final = timedelta(weeks=4)  # what the time to a decision is held against
STAMPED: Final = 30  # decisions whose opening is known, before anyone is said to approve unread
SHARE: Final = 0.95  # of them approved; more is a signal
READ: Final = timedelta(seconds=5)  # a median below it is too short to read anything
MOST_WAITING: Final = 10  # decisions on one person; more is a signal
SLOWED: Final = 20  # decisions in each of the stretches compared
TIMES: Final = 2  # as long as before


def signals(since: datetime, until: datetime, facts: Facts, open_: Iterable[Asked]) -> tuple[Signal, ...]:
    """Return what to look at, people by their ids."""
    return (*_stamps(since, until, facts), *_waiting(until, open_), *_slower(since, until, facts))


def _stamps(since: datetime, until: datetime, facts: Facts) -> Iterator[RubberStamp]:
    within, of = between(since, until), defaultdict[str, list[Pressed]](list)
    for one in facts.pressed:
        if within(one.at):
            of[one.by].append(one)
    for person, pressed in sorted(of.items()):
        lasted = [one.opened for one in pressed if one.opened is not None]
        approved = sum(one.approved for one in pressed if one.opened is not None)
        median = middle(lasted)
        if median is not None and len(lasted) >= STAMPED and approved > SHARE * len(lasted) and median < READ:
            yield RubberStamp(person, len(lasted), approved, median)


def _waiting(until: datetime, open_: Iterable[Asked]) -> Iterator[Waiting]:
    on = Counter(person for asked in open_ if asked.at <= until for person in asked.deciders)
    return (Waiting(person, count) for person, count in sorted(on.items()) if count > MOST_WAITING)


def _slower(since: datetime, until: datetime, facts: Facts) -> Iterator[Slower]:
    now, then = between(since, until), between(since - BEFORE, since)
    lasted = [one.lasted for one in facts.decisions if now(one.at)]
    earlier = [one.lasted for one in facts.decisions if then(one.at)]
    median, before = middle(lasted), middle(earlier)
    if median is None or before is None or min(len(lasted), len(earlier)) < SLOWED:
        return
    if median >= TIMES * before and median > before:
        yield Slower(len(lasted), median, before)
