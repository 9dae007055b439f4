"""What the policy's page says, as values: layers of rules, what counts for a run, and how layers are met together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any, Final

from agents.catalog import Line
from agents.catalog.lines import key_of
from agents.pages import Problem
from agents.planning.receipt import ASKS_ABOVE
from agents.policies.hours import SHIPPED_HOURS, Hours
from storage.words import CheckpointKind, EffectClass

PAGE: Final = "policy.toml"
AT_ONCE: Final = 3  # tasks of one run working side by side
MOST_AT_ONCE: Final = 6
EVERY_CLASS: Final = tuple(EffectClass)

Kind = tuple[CheckpointKind, EffectClass | None]  # of an effect also the class, where a table names one


@dataclass(frozen=True)
class Table:
    """One table of the page: what it says, and where it stands."""

    place: str  # such as "[channels.C0SALES.draft]"; empty at the top
    path: tuple[str, ...]
    line: int
    said: Mapping[str, Any]  # only what is written there, each value already read
    lines: Mapping[str, int] = field(default_factory=dict)  # where each key stands

    def problem(self, message: str, key: str = "") -> Problem:
        """Return something wrong in this table, or with one of its keys."""
        return Problem(
            PAGE, self.lines.get(key, self.line), ": ".join(filter(None, (self.place, key, message)))
        )


@dataclass(frozen=True)
class Layer:
    """Everything said for the workspace, a channel, a line or a station."""

    settings: Table
    rules: Mapping[Kind, Table]

    def tables(self, kind: CheckpointKind, effect: EffectClass) -> tuple[Table, ...]:
        """Return the tables that count for a checkpoint, the general one first."""
        wanted: tuple[Kind, ...] = ((kind, None), (kind, effect))
        return tuple(self.rules[each] for each in wanted if each in self.rules)


NOTHING: Final = Layer(Table("", (), 0, {}), {})


@dataclass(frozen=True)
class Rules:
    """The whole page. Lines and stations are kept by name and by key."""

    top: Layer = NOTHING
    channels: Mapping[str, Layer] = field(default_factory=dict)
    lines: Mapping[str, Layer] = field(default_factory=dict)
    stations: Mapping[tuple[str, str], Layer] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()

    def layers(self, channel: str = "", line: str = "", station: str = "") -> tuple[Layer, ...]:
        """Return the layers that count there, the most general first. ``station`` is a title or a key."""
        found = (
            self.channels.get(channel),
            self.lines.get(line),
            self.stations.get((line, key_of(station))),
        )
        return (self.top, *(layer for layer in found if layer is not None))

    def with_warnings(self, warnings: Iterable[Problem]) -> Rules:
        """Return the same rules with what may surprise somebody about them."""
        return replace(self, warnings=tuple(warnings))


@dataclass(frozen=True)
class Spend:
    """The caps, a run's also in tokens, calls of models and minutes of work; None: no cap. Reaching one asks people."""

    run_usd: float | None = None
    run_tokens: int | None = None  # in and out
    run_calls: int | None = None
    run_minutes: int | None = None  # in which models or tools are at work: waiting for people does not count
    person_month_usd: float | None = None
    channel_month_usd: float | None = None
    month_usd: float | None = None


@dataclass(frozen=True)
class AskFirst:
    """What is asked before it begins."""

    plan: bool = True
    same_plan: bool = False  # also one that people approved for the same schedule before
    above_usd: float | None = None  # of a run's predicted cost
    times_one_agent: float = ASKS_ABOVE
    effects: EffectClass = EffectClass.R3  # from this class on


@dataclass(frozen=True)
class Settings:
    """What counts for the runs of a channel and a line, beside who decides."""

    hours: Hours = SHIPPED_HOURS
    brief: time | None = time(7, 30)  # of the morning brief; None: none
    weekly: tuple[int, time] | None = (0, time(8))  # weekday, 0 is Monday, and time of the week's figures
    night: time = time(20)  # when tonight's work starts
    spend: Spend = Spend()
    ask_first: AskFirst = AskFirst()
    at_once: int = AT_ONCE
    admins: tuple[str, ...] = ()  # who may halt everything, beside Slack's admins
    report_channel: str = ""


def stations_of(lines: Mapping[str, Line]) -> dict[str, dict[str, str]]:
    """Return every line's stations, title by key."""
    return {name: {station.key: station.name for station in line.stations} for name, line in lines.items()}
