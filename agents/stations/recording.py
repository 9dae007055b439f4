"""What a station needs of the engine, and no more: to keep a call before its result is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from agents.stations.assignment import Source
from agents.stations.brief import Brief
from agents.tools.documents import Parsed
from storage.words import CallKind


@dataclass(frozen=True)
class Result:
    """What a call gave: plain JSON, and what it cost."""

    value: Mapping[str, Any]
    model: str = ""
    tokens: int = 0
    usd: float = 0.0
    priced: bool = True
    waited_s: float = 0.0  # for half price: no work


@dataclass(frozen=True)
class Most:
    """The most a call can take, known before it is made."""

    usd: float
    tokens: int  # in and out


Make = Callable[[], Awaitable[Result]]


@dataclass
class Spent:
    """What one attempt used so far, recorded calls included."""

    calls: int = 0
    tokens: int = 0
    usd: float = 0.0
    worked_s: float = 0.0  # that models and tools took; waiting for people or half price is no work
    models: set[str] = field(default_factory=set)
    equal: Counter[str] = field(default_factory=Counter)  # how often each tool was used in just this way
    told: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # and what it said


class Recorder(Protocol):
    """The engine's side of one attempt."""

    @property
    def spent(self) -> Spent:
        """What this attempt used so far."""
        ...

    @property
    def documents(self) -> tuple[Source, ...]:
        """The run's documents, those fetched in this attempt included."""
        ...

    def next(self) -> int:
        """Return the next call's number; calls side by side take theirs before any of them starts."""
        ...

    async def record(
        self, seq: int, kind: CallKind, name: str, asked: Mapping[str, Any], make: Make, most: Most | None = None
    ) -> Mapping[str, Any]:
        """Return the result of a call: from the record when it was finished, else by making it.

        ``most`` is set aside first, where the call costs anything.
        """
        ...

    async def keep(self, brief: Brief) -> Brief:
        """Return the brief as it was first shown in this attempt, and keep it when it is new."""
        ...

    async def add_document(self, origin: str, parsed: Parsed, problem: str = "") -> Source:
        """Return a document of the run; the same origin is kept once."""
        ...
