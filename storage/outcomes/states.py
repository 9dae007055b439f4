"""What the log has said so far about one run's result and about one open checkpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from storage.outcomes.lines import Line
from storage.policy import REQUESTER
from storage.words import CheckpointKind

SETTLES: Final = timedelta(days=7)  # after them a reopening takes no acceptance back
LONGEST: Final = timedelta(minutes=10)  # that one look of one person counts
_NOTHING: Final = timedelta()
_MINUTE: Final = timedelta(minutes=1)


@dataclass(slots=True)
class Outcome:
    """How one run's result stands.

    ``verdict`` is the last one a person gave on what is, or will be, delivered. It counts from the delivery that
    follows it; until then it is ``pending``.
    """

    requester: str = ""
    line: str = ""  # its name; empty for a run without one
    label: str = ""  # what the result must say about how it was made; empty behind a language model
    whole: bool = True  # False: it began before what was read
    last: str = ""  # the task that makes the result; empty: the log read so far does not say
    delivered_at: datetime | None = None
    verdict: bool | None = None
    pending: bool = False
    heard: bool = False  # whether anyone judged this version
    judged_at: datetime | None = None  # the last verdict, or the delivery it waited for
    rounds: int = 0
    usd: float = 0.0  # what the run is known to have cost up to its last end

    @property
    def accepted(self) -> bool:
        """Whether the last verdict is accept and stands on something delivered."""
        return self.verdict is True and not self.pending

    @property
    def first_pass(self) -> bool:
        """Whether it was accepted as it first came."""
        return self.accepted and self.whole and not self.rounds

    @property
    def unjudged(self) -> bool:
        """Whether something was delivered that nobody has judged."""
        return self.delivered_at is not None and not self.heard

    def judge(self, verdict: bool, at: datetime) -> None:
        """Note an accept, or that a person wants none of it."""
        self.verdict, self.judged_at, self.heard = verdict, at, True
        self.pending = self.delivered_at is None

    def send_back(self, at: datetime) -> None:
        """Note that people want another version of what is delivered in the end."""
        self.verdict, self.judged_at, self.heard = None, at, False
        self.pending = self.delivered_at is None

    def renew(self) -> None:
        """Note that a new version is put before people: what was said about an older one, undelivered, is over."""
        self.heard = False
        if self.pending:
            self.verdict = None

    def deliver(self, at: datetime) -> None:
        """Note that the run is done."""
        self.delivered_at = at
        if self.pending:
            self.judged_at, self.pending = at, False

    def reopen(self, at: datetime) -> None:
        """Note that an ended run is worked on again: within 7 days that takes its acceptance back."""
        settled = self.accepted and self.judged_at is not None and at - self.judged_at > SETTLES
        self.delivered_at, self.heard = None, False
        if not settled:
            self.verdict = None


@dataclass(slots=True)
class Asked:
    """A checkpoint that is open."""

    run: str
    at: datetime  # when people could see it
    deciders: set[str]  # Slack ids of people it waits on; none when any member may decide
    is_draft: bool  # whether an artifact is decided on
    is_result: bool  # whether that artifact is the run's result
    seen: dict[str, datetime] = field(default_factory=dict)  # a person's first look
    voted: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def read(cls, line: Line, outcome: Outcome) -> Asked:
        """Return what a line about an opened checkpoint says."""
        about = line.payload
        kind, task = about.get("asks"), about.get("task")
        is_draft = kind == CheckpointKind.DRAFT or (
            kind == CheckpointKind.ESCALATION and bool(about.get("artifact"))
        )
        # A run that began before what was read has no plan here; what people are shown of it is its result, reopened.
        is_last = not task or not outcome.last or task == outcome.last
        return cls(line.run, _shown(line), _people(about, outcome.requester), is_draft, is_draft and is_last)

    def look(self, by: str, at: datetime) -> None:
        """Note that a person opened it, in whichever version."""
        self.seen.setdefault(by, at)

    def lasted(self, until: datetime) -> timedelta:
        """Return how long people have been asked; a clock that was set back makes no time of it."""
        return max(until - self.at, _NOTHING)

    def opened_for(self, by: str, at: datetime) -> timedelta | None:
        """Return how long a person had it open when they pressed; None: the log does not say when they opened it."""
        return max(at - self.seen[by], _NOTHING) if by in self.seen else None

    def minutes(self, until: datetime) -> Iterator[float | None]:
        """Yield the minutes of each person who opened it or voted; None where the opening is not known."""
        for by in self.seen.keys() | self.voted.keys():
            yield capped(self.opened_for(by, self.voted.get(by, until)))


def capped(lasted: timedelta | None) -> float | None:
    """Return the minutes that count of one look."""
    return None if lasted is None else min(lasted, LONGEST) / _MINUTE


def _shown(line: Line) -> datetime:
    """Return when people were asked: what is asked in the night is shown in the morning."""
    held = line.text("held_until")
    return max(line.at, datetime.fromisoformat(held)) if held else line.at


def _people(about: Mapping[str, Any], requester: str) -> set[str]:
    """Return whom it waits on: people who are in every list that does not let just anybody of a group or channel in."""
    rules = about.get("deciders") or ()
    layers = [rules] if rules and isinstance(rules[0], str) else rules
    named = [{requester if who == REQUESTER else who for who in layer} for layer in layers]
    closed = [people for people in named if all(who.startswith(("U", "W")) for who in people)]
    return set.intersection(*closed) if closed else set()
