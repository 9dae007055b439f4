"""Layers become one policy and one set of settings: what is said replaces what is shipped, and the stricter wins. PURE."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from agents.policies.durations import ever_before, length
from agents.policies.hours import Hours
from agents.policies.values import AskFirst, Layer, Rules, Settings, Spend, Table
from storage.policy import (
    IN_SILENCE,
    MEMBERS,
    NOT_FOR_REQUESTER,
    REQUESTER,
    SHIPPED,
    STRICTER,
    Escalation,
    Policy,
)
from storage.words import CheckpointKind, EffectClass, Silence

Meet = Callable[[Sequence[Any]], Any]


def last(said: Sequence[Any]) -> Any:  # noqa: ANN401  whatever the key holds
    """Return what the most specific layer says."""
    return said[-1]


def united(said: Sequence[Collection[Any]]) -> tuple[Any, ...]:
    """Return everything that any layer names, each once."""
    return tuple(dict.fromkeys(one for each in said for one in each))


SETTINGS: Final[Mapping[str, Meet]] = {  # how a setting that several layers name is met for all
    "time_zone": last, "working_hours": last, "quiet_hours": last, "holidays": united,
    "brief": last, "weekly": last, "night": last, "at_once": min, "admins": united, "report_channel": last,
    "run_usd": min, "run_tokens": min, "run_calls": min, "run_minutes": min,
    "person_month_usd": min, "channel_month_usd": min, "month_usd": min,
    "ask_plan": any, "ask_same_plan": any, "ask_above_usd": min, "ask_times_one_agent": min, "ask_effects": min,
}  # fmt: skip
_HOURS: Final = {"time_zone": "zone", "working_hours": "work", "quiet_hours": "quiet", "holidays": "holidays"}


def resolve(
    rules: Rules,
    kind: CheckpointKind,
    *,
    channel: str = "",
    line: str = "",
    station: str = "",
    effect: EffectClass = EffectClass.R1,
    shipped: Policy | None = None,
) -> Policy:
    """Return who decides a checkpoint and by what rule; what nobody says is as shipped.

    Args:
        rules: The page.
        kind: What is asked.
        channel: A Slack id, such as C024BE91L.
        line: A line's name; empty for a run without one.
        station: Its title or its key; empty where none is asked about.
        effect: The class of what would be done: R3 and R4 keep their floors, whatever anybody says.
        shipped: What counts where nobody says otherwise; none: what Jidoka ships for this kind.
    """
    layers = rules.layers(channel, line, station)
    return met(kind, effect, tables_of(layers, kind, effect), hours_for(layers), shipped)


def tables_of(layers: Sequence[Layer], kind: CheckpointKind, effect: EffectClass) -> list[Table]:
    """Return the tables that count for a checkpoint, the most general first."""
    return [table for layer in layers for table in layer.tables(kind, effect)]


def met(
    kind: CheckpointKind,
    effect: EffectClass,
    tables: Sequence[Table],
    hours: Hours,
    shipped: Policy | None = None,
) -> Policy:
    """Return the policy that meets all these tables, the strictest of each rule."""
    default = (shipped or SHIPPED[kind]).model_dump()
    said = {**default, **_given(tables, hours.work)}
    said["remind"], said["escalate"] = _in_time(said, hours.work)
    floor = _floor(said, kind, effect)
    clock = {"zone": hours.zone, "work": hours.work, "quiet": hours.quiet, "holidays": hours.holidays}
    return Policy.model_validate({**said, **floor, **clock, "effect": effect})


def _given(tables: Sequence[Table], work: str) -> dict[str, Any]:
    """Return every rule that anybody says, met for all who say it."""
    meet: dict[str, Meet] = {
        **STRICTER,
        "deadline": lambda said: min(said, key=lambda text: length(text, work)),
        "remind": lambda said: tuple(sorted(united(said), key=lambda text: length(text, work))),
        "escalate": lambda said: tuple(sorted(united(said), key=lambda one: length(one.after, work))),
        "direct": last,
    }
    found: dict[str, Any] = {}
    for name, join in meet.items():
        said = [table.said[name] for table in tables if name in table.said]
        if said:
            found[name] = join([(one,) for one in said] if name == "deciders" else said)
    return found


def _in_time(said: Mapping[str, Any], work: str) -> tuple[tuple[str, ...], tuple[Escalation, ...]]:
    """Return the reminders and escalations that can come before a deadline, which another layer may have set."""
    deadline = said["deadline"]
    escalate = tuple(Escalation.model_validate(one) for one in said["escalate"])
    if not deadline:
        return said["remind"], escalate
    return (
        tuple(one for one in said["remind"] if ever_before(one, deadline, work)),
        tuple(one for one in escalate if ever_before(one.after, deadline, work)),
    )


def _floor(said: Mapping[str, Any], kind: CheckpointKind, effect: EffectClass) -> dict[str, Any]:
    """Return what holds whatever anybody says: who asked never decides R3, R4 takes two, silence spends nothing."""
    barred = effect in NOT_FOR_REQUESTER
    quiet_yes = said["silence"] is Silence.PROCEED and (
        effect not in IN_SILENCE or kind is CheckpointKind.BUDGET
    )
    lists = ((MEMBERS,) if barred and set(rule) == {REQUESTER} else rule for rule in said["deciders"])
    return {
        "requester": said["requester"] and not barred,
        "quorum": max(said["quorum"], 2 if effect is EffectClass.R4 else 1),
        "silence": Silence.WAIT if quiet_yes else said["silence"],
        "deciders": tuple(dict.fromkeys(lists)),
    }


def settings_for(rules: Rules, channel: str = "", line: str = "") -> Settings:
    """Return what counts for the runs of a channel and a line, beside who decides."""
    layers = rules.layers(channel, line)
    said = _settings(layers)
    names = {"brief", "weekly", "night", "at_once", "admins", "report_channel"}
    first = {key.removeprefix("ask_"): value for key, value in said.items() if key.startswith("ask_")}
    caps = {one.name: said[one.name] for one in fields(Spend) if one.name in said}
    return Settings(
        hours=hours_for(layers),
        spend=Spend(**caps),
        ask_first=AskFirst(**first),
        **{key: value for key, value in said.items() if key in names},
    )


def hours_for(layers: Sequence[Layer]) -> Hours:
    """Return the hours that count for these layers."""
    said = _settings(layers)
    shipped = Settings().hours
    given = {name: said.get(key, getattr(shipped, name)) for key, name in _HOURS.items()}
    return Hours(**given)


def _settings(layers: Sequence[Layer]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, meet in SETTINGS.items():
        said = [layer.settings.said[key] for layer in layers if key in layer.settings.said]
        if said:
            found[key] = meet(said)
    return found
