"""The figures of some weeks, as values.

They are made so that no figure gets better when people accept less: whatever was spent counts, also on what nobody
accepted, and is divided by accepted results alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import comb

Working = Callable[[datetime, datetime], timedelta]  # how much working time lies between two moments


@dataclass(frozen=True)
class Amount:
    """A sum of the parts that are known, and how many are not."""

    known: float = 0.0
    parts: int = 0  # that are known
    unknown: int = 0  # parts

    @property
    def is_unknown(self) -> bool:
        """Whether there are parts and nothing is known of any."""
        return self.unknown > 0 and not self.parts

    def per(self, count: int) -> Amount | None:
        """Return this shared out; None over nothing."""
        return Amount(self.known / count, self.parts, self.unknown) if count else None


@dataclass(frozen=True)
class Period:
    """What came out between two moments; ``since`` itself is not in it, ``until`` is."""

    since: datetime
    until: datetime
    accepted: int = 0  # results whose last verdict by a person is accept, not reopened within 7 days
    provisional: int = 0  # of these: their 7 days are not over
    first_pass: int = 0  # of these: with no round of rework
    judged: int = 0  # results that a person has given a verdict on, whichever
    unjudged: int = 0  # results that were delivered and that nobody has judged
    rounds: int = 0  # of rework: a draft sent back, a result reopened
    escaped: int = 0  # times a delivered result was reopened or turned down
    decisions: int = 0  # checkpoints that people decided, or that ran out
    wall: timedelta | None = None  # the median from asked to decided
    working: timedelta | None = None  # the same in working hours; None: no calendar, or no decisions
    minutes: Amount = field(default_factory=Amount)  # of people
    usd: Amount = field(default_factory=Amount)  # of runs that ended, whichever way
    priced: bool = True  # False: a model's price is unknown and the dearest known one was counted

    @property
    def first_pass_share(self) -> float | None:
        """Return how many of the judged results were accepted at the first pass, from 0 to 1; None: none was judged."""
        return self.first_pass / self.judged if self.judged else None

    @property
    def rounds_each(self) -> float | None:
        """Return the rounds of rework for each accepted result; None: none was accepted."""
        return self.rounds / self.accepted if self.accepted else None

    @property
    def minutes_each(self) -> Amount | None:
        """Return people's minutes for each accepted result; None: none was accepted."""
        return self.minutes.per(self.accepted)

    @property
    def usd_each(self) -> Amount | None:
        """Return US dollars for each accepted result; None: none was accepted."""
        return self.usd.per(self.accepted)


@dataclass(frozen=True)
class Steadiness:
    """How steadily the results of a line are accepted as they first come."""

    line: str  # its name
    judged: int
    first_pass: int  # of these

    def all_of(self, count: int) -> float | None:
        """Return how likely ``count`` judged results, drawn together, were all accepted at the first pass, from 0 to 1.

        That is pass^k (τ-bench, arXiv 2406.12045). None: fewer were judged.
        """
        return comb(self.first_pass, count) / comb(self.judged, count) if self.judged >= count else None


@dataclass(frozen=True)
class RubberStamp:
    """A person approves nearly everything faster than it can be read."""

    person: str  # a Slack user id
    decisions: int
    approved: int
    median: timedelta  # from opening to pressing


@dataclass(frozen=True)
class Waiting:
    """Too many decisions wait on one person."""

    person: str  # a Slack user id
    decisions: int


@dataclass(frozen=True)
class Slower:
    """Decisions take twice as long as they did, or longer."""

    decisions: int
    median: timedelta
    before: timedelta  # the median of the weeks before


Signal = RubberStamp | Waiting | Slower


@dataclass(frozen=True)
class Figures:
    """What came out of some weeks: as a whole, week by week (oldest first), and what to look at."""

    whole: Period
    weeks: tuple[Period, ...]
    signals: tuple[Signal, ...] = ()
    lines: tuple[Steadiness, ...] = ()  # those with judged results, the most first
