"""What happened, each with its moment, and how the figures of a stretch of time follow from it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from storage.outcomes.figures import Amount, Period, Steadiness, Working
from storage.outcomes.states import SETTLES, Outcome

Within = Callable[[datetime | None], bool]


class Decision(NamedTuple):
    """A checkpoint that people decided, or that ran out."""

    at: datetime
    asked: datetime

    @property
    def lasted(self) -> timedelta:
        """How long people were asked; a clock that was set back makes no time of it."""
        return max(self.at - self.asked, timedelta())


class Pressed(NamedTuple):
    """A person's vote to let something go on, or not to."""

    at: datetime
    by: str
    approved: bool
    opened: timedelta | None  # how long they had it open; None: not known


class Minutes(NamedTuple):
    """What one look took one person."""

    at: datetime
    minutes: float | None


class Cost(NamedTuple):
    """What a run cost since its last end."""

    at: datetime
    usd: float | None
    priced: bool


class Happened(NamedTuple):
    """Something of which only the moment counts."""

    at: datetime


@dataclass(frozen=True)
class Facts:
    """What happened in the weeks that can be asked for, each kind in the log's order."""

    decisions: deque[Decision] = field(default_factory=deque)
    pressed: deque[Pressed] = field(default_factory=deque)
    minutes: deque[Minutes] = field(default_factory=deque)
    costs: deque[Cost] = field(default_factory=deque)
    rounds: deque[Happened] = field(default_factory=deque)
    escaped: deque[Happened] = field(default_factory=deque)

    def forget(self, before: datetime) -> None:
        """Drop what is older than a moment."""
        kinds: tuple[deque[Any], ...] = (
            self.decisions, self.pressed, self.minutes, self.costs, self.rounds, self.escaped,
        )  # fmt: skip
        for kind in kinds:
            while kind and kind[0].at < before:
                kind.popleft()


def period(
    since: datetime,
    until: datetime,
    now: datetime,
    facts: Facts,
    outcomes: Iterable[Outcome],
    working: Working | None,
) -> Period:
    """Return the figures of one stretch of time, as things stand ``now``."""
    within = between(since, until)
    costs = [cost for cost in facts.costs if within(cost.at)]
    results = _results(within, now, outcomes)
    looks = [one.minutes for one in facts.minutes if within(one.at)]
    return Period(
        since,
        until,
        **results,
        rounds=sum(within(one.at) for one in facts.rounds),
        escaped=sum(within(one.at) for one in facts.escaped),
        # Whoever reads a result and says nothing spends minutes too, and nobody knows how many.
        minutes=_sum([*looks, *[None] * results["unjudged"]]),
        usd=_sum([cost.usd for cost in costs]),
        priced=all(cost.priced for cost in costs),
        **_durations([one for one in facts.decisions if within(one.at)], working),
    )


def between(since: datetime, until: datetime) -> Within:
    """Return whether a moment lies after ``since`` and not after ``until``."""
    return lambda at: at is not None and since < at <= until


def steadiness(since: datetime, until: datetime, outcomes: Iterable[Outcome]) -> tuple[Steadiness, ...]:
    """Return how steadily each line's results are accepted, of those judged in a stretch of time.

    What rules made without a language model says nothing about how it does with one.
    """
    within = between(since, until)
    mine = [one for one in outcomes if one.line and not one.label and one.judged_at is not None and within(one.judged_at)]
    judged = Counter(one.line for one in mine)
    first = Counter(one.line for one in mine if one.first_pass)
    most_first = sorted(judged.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Steadiness(line, count, first[line]) for line, count in most_first)


def _results(within: Within, now: datetime, outcomes: Iterable[Outcome]) -> dict[str, Any]:
    count = Counter[str]()
    for outcome in outcomes:
        if outcome.unjudged and within(outcome.delivered_at):
            count["unjudged"] += 1
        if (at := outcome.judged_at) is not None and within(at):
            count["judged"] += 1
            count["accepted"] += outcome.accepted
            count["first_pass"] += outcome.first_pass
            count["provisional"] += outcome.accepted and now - at <= SETTLES
    return {name: count[name] for name in ("accepted", "provisional", "first_pass", "judged", "unjudged")}


def _durations(decisions: list[Decision], working: Working | None) -> dict[str, Any]:
    spent = [working(one.asked, one.at) for one in decisions] if working else []
    return {
        "decisions": len(decisions),
        "wall": middle(one.lasted for one in decisions),
        "working": middle(spent),
    }


def middle(lasted: Iterable[timedelta]) -> timedelta | None:
    """Return the median; None of nothing."""
    known = sorted(lasted)
    half = len(known) // 2
    if not known:
        return None
    return known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2


def _sum(parts: Iterable[float | None]) -> Amount:
    known, unknown = list[float](), 0
    for part in parts:
        if part is None:
            unknown += 1
        else:
            known.append(part)
    return Amount(sum(known), len(known), unknown)
