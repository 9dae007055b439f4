"""The policy in plain sentences, each with where it comes from. PURE."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import time
from typing import Any, Final

from agents.pages import Problem
from agents.policies.contradictions import Chain
from agents.policies.fields import ASK_FIRST, SPEND, SPEND_OF_LINES
from agents.policies.hours import DAYS
from agents.policies.resolving import hours_for, met, settings_for, tables_of
from agents.policies.values import EVERY_CLASS, PAGE, Layer, Rules, Settings, Table
from storage.policy import MEMBERS, REQUESTER, Escalation, Policy, called
from storage.words import CheckpointKind, EffectClass, Silence

SHIPPED_WITH: Final = "(as shipped)"
_SUBJECT: Final = {
    CheckpointKind.PLAN: "Plans", CheckpointKind.DRAFT: "Drafts", CheckpointKind.QUESTION: "Questions",
    CheckpointKind.EFFECT: "Effects", CheckpointKind.BUDGET: "Reached caps", CheckpointKind.ESCALATION: "Escalations",
}  # fmt: skip
_SILENCE: Final = {
    Silence.WAIT: "it waits", Silence.STOP: "it stops", Silence.SKIP: "it is left out, and the result says so",
    Silence.PROCEED: "it goes on",
}  # fmt: skip
_COUNTED: Final = {"run_tokens": "token{s}", "run_calls": "call{s} of models", "run_minutes": "minute{s} of work"}
_CAPS: Final = {
    "a run": SPEND_OF_LINES, "a person's month": ("person_month_usd",),
    "a channel's month": ("channel_month_usd",), "the month": ("month_usd",),
}  # fmt: skip


def explain(rules: Rules) -> list[str]:
    """Return who decides what, by when and what else counts: everywhere first, then place by place."""
    return [
        *_settings((rules.top,), settings_for(rules), ""),
        *(said for kind in CheckpointKind for said in _kind((rules.top,), kind, "")),
        *(said for place, chained, settings in _places(rules) for said in _place(place, chained, settings)),
    ]


def here(rules: Rules, channel: str, line: str = "") -> list[str]:
    """Return who decides what for the runs of a channel, on a line if one is named, then what else counts for them.

    Args:
        rules: The page.
        channel: A Slack id, such as C024BE91L.
        line: A line's name; what its stations say stands after what counts on all of it.
    """
    chained, settings = rules.layers(channel, line), settings_for(rules, channel, line)
    stations = {layer.settings.path[-1]: key for (name, key), layer in rules.stations.items() if name == line}
    own = {f" at {title!r}": rules.layers(channel, line, key) for title, key in stations.items()}
    return [
        *(said for kind in CheckpointKind for said in _kind(chained, kind, "")),
        *(said for place, layers in own.items() for said in _place(place, layers, settings)),
        *_settings(chained, settings, ""),
    ]


def report(rules: Rules, wrong: Sequence[Problem]) -> list[str]:
    """Return the sentences for whoever runs ``python -m bot check``: what is wrong, or else what holds."""
    if wrong:
        return [*(f"Wrong: {problem}" for problem in wrong), "The bot does not start until this is mended."]
    return [*explain(rules), *(f"Careful: {warning}" for warning in rules.warnings)]


def why(
    rules: Rules,
    kind: CheckpointKind,
    *,
    channel: str = "",
    line: str = "",
    station: str = "",
    effect: EffectClass = EffectClass.R1,
) -> list[str]:
    """Return who decides a checkpoint there, then what each place of the page says about it."""
    chained = rules.layers(channel, line, station)
    tables = tables_of(chained, kind, effect)
    of = f" of class {effect}" if kind is CheckpointKind.EFFECT else ""
    subject = f"{_SUBJECT[kind]}{of}{_where(channel, line, station)}"
    first = _sentence(subject, met(kind, effect, tables, hours_for(chained)), tables)
    said = [f"{table.place} says: {_written(table)}." for table in tables]
    stricter = ["Where several say something, the stricter counts."] if len(tables) > 1 else []
    return [first, *said, *stricter, *(["What nobody says is as shipped."] if tables else [])]


def _places(rules: Rules) -> Iterator[tuple[str, Chain, Settings]]:
    """Yield every place but the workspace: its words, its layers, what counts for its runs."""
    for channel in rules.channels:
        yield _where(channel), rules.layers(channel), settings_for(rules, channel)
    for line in rules.lines:
        yield _where("", line), rules.layers("", line), settings_for(rules, "", line)
        for (name, key), layer in rules.stations.items():
            if name == line:
                station = layer.settings.path[-1]
                yield _where("", line, station), rules.layers("", line, key), settings_for(rules, "", line)


def _place(place: str, chained: Chain, settings: Settings) -> Iterator[str]:
    last = chained[-1]
    if last.settings.said:
        yield from _settings(chained, settings, place)
    for kind in dict.fromkeys(kind for kind, _ in last.rules):
        yield from _kind(chained, kind, place)


def _where(channel: str = "", line: str = "", station: str = "") -> str:
    parts = (f" in <#{channel}>" if channel else "", f" on the line {line!r}" if line else "")
    return "".join((*parts, f" at {station!r}" if station else ""))


def _kind(chained: Chain, kind: CheckpointKind, place: str) -> Iterator[str]:
    """Yield one sentence; of effects one for each group of classes with the same rule."""
    if kind is not CheckpointKind.EFFECT:
        yield _of_class(chained, kind, EffectClass.R1, f"{_SUBJECT[kind]}{place}")
        return
    groups: dict[str, list[EffectClass]] = {}
    for effect in EVERY_CLASS:
        groups.setdefault(_of_class(chained, kind, effect, ""), []).append(effect)
    for sentence, classes in groups.items():
        span = classes[0] if len(classes) == 1 else f"{classes[0]} to {classes[-1]}"
        yield f"{_SUBJECT[kind]} of class {span}{place}{sentence}"


def _of_class(chained: Chain, kind: CheckpointKind, effect: EffectClass, subject: str) -> str:
    tables = tables_of(chained, kind, effect)
    return _sentence(subject, met(kind, effect, tables, hours_for(chained)), tables)


def _sentence(subject: str, policy: Policy, tables: Sequence[Table]) -> str:
    origin = " ".join(table.place for table in tables) or SHIPPED_WITH
    return f"{subject}: {'; '.join(_rules(policy))}. {origin}"


def _rules(policy: Policy) -> Iterator[str]:
    """Yield the parts of a policy in words, each without an end."""
    yield deciders(policy)
    if policy.opened_first:
        yield "each opens all of it first"
    if policy.deadline:
        yield f"by {policy.deadline} later"
    if policy.remind:
        yield f"reminded after {_listed(policy.remind)}"
    yield from (
        f"after {one.after} {_listed([called(who) for who in one.to])} too" for one in policy.escalate
    )
    if policy.break_glass:
        yield "in an emergency an admin alone, which is recorded"
    yield f"silence means: {_SILENCE[policy.silence]}"


def deciders(policy: Policy) -> str:
    """Return who decides, such as "any 2 members of the channel, never whoever asked" (mrkdwn)."""
    first, *others = policy.deciders
    said = _counted(first, policy.quorum) + "".join(f", who must also be {_either(rule)}" for rule in others)
    if not policy.requester:
        return f"{said}, never whoever asked"
    return said if any(REQUESTER in rule for rule in policy.deciders) else f"{said}, also whoever asked"


def _counted(rule: Sequence[str], quorum: int) -> str:
    if quorum == 1:
        return _either(rule)
    return (
        f"any {quorum} members of the channel"
        if tuple(rule) == (MEMBERS,)
        else f"{quorum} of these: {_either(rule)}"
    )


def _either(rule: Sequence[str]) -> str:
    words = {REQUESTER: "whoever asked", MEMBERS: "any member of the channel"}
    return _listed([words.get(who) or called(who) for who in rule], "or")


def _settings(chained: Chain, settings: Settings, place: str) -> Iterator[str]:
    """Yield what counts for runs there, beside who decides: of a place only what it speaks of itself."""
    for keys, tell in _TOLD:
        if not place or any(key in chained[-1].settings.said for key in keys):
            named = [_name(layer) for layer in chained if any(key in layer.settings.said for key in keys)]
            if said := tell(settings, place):
                yield f"{said}. {' '.join(named) or SHIPPED_WITH}"


def _name(layer: Layer) -> str:
    return layer.settings.place or f"[{PAGE}]"


def _hours(settings: Settings, place: str) -> str:
    hours = settings.hours
    quiet = f"quiet hours {hours.quiet}" if hours.quiet else "no quiet hours"
    free = f", {len(hours.holidays)} holiday{'s' * (len(hours.holidays) != 1)}" if hours.holidays else ""
    return f"Hours{place}: work {hours.work}, {quiet}{free} ({hours.zone})"


def _by_the_clock(settings: Settings, place: str) -> str:
    brief = f"at {_clock(settings.brief)}" if settings.brief else "never"
    weekly = f"{DAYS[settings.weekly[0]]} at {_clock(settings.weekly[1])}" if settings.weekly else "never"
    told = f"The morning brief{place} comes {brief}, the figures of the week {weekly}"
    return f"{told}; work for the night starts at {_clock(settings.night)}"


def _caps(settings: Settings, place: str) -> str:
    caps = {name: [_amount(key, getattr(settings.spend, key)) for key in keys] for name, keys in _CAPS.items()}
    told = [f"{name} {_listed(said, 'or')}" for name, each in caps.items() if (said := [one for one in each if one])]
    return f"Caps{place}: {_listed(told) if told else 'none'}"


def _amount(key: str, most: float | None) -> str:
    if most is None:
        return ""
    if key.endswith("_usd"):
        return f"{most:.2f} US dollars"
    return f"{most:,} {_COUNTED[key]}".format(s="" if most == 1 else "s")


def _at_once(settings: Settings, place: str) -> str:
    return f"Tasks of a run at once{place}: {settings.at_once} at most"


def _admins(settings: Settings, _place: str) -> str:
    named = _listed([called(who) for who in settings.admins]) if settings.admins else ""
    return f"Besides Slack's admins, {named} may halt everything" if named else ""


def _reports(settings: Settings, _place: str) -> str:
    channel = settings.report_channel
    return f"Figures and the audit log's anchors go to <#{channel}>" if channel else ""


def _first(settings: Settings, place: str) -> str:
    first = settings.ask_first
    again = ", also one that was approved for the same schedule before" if first.same_plan else ""
    parts = [f"every plan{again}"] if first.plan else []
    if first.above_usd is not None:
        parts.append(f"what should cost more than {first.above_usd:.2f} US dollars")
    parts.append(f"a line that should cost more than {first.times_one_agent:g} times one agent")
    return f"Asked before it begins{place}: {_listed([*parts, f'effects from class {first.effects} on'])}"


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def _written(table: Table) -> str:
    return ", ".join(f"{key} = {_value(value)}" for key, value in table.said.items())


def _value(value: Any) -> str:  # noqa: ANN401  whatever the key holds
    """Return a value nearly as it stands on the page."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, Escalation):
        return f'{{ after = "{value.after}", to = {_value(value.to)} }}'
    return str(value) if isinstance(value, int) else f'"{value}"'


def _listed(names: Sequence[str], word: str = "and") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


_TOLD: Final[
    tuple[tuple[Sequence[str], Callable[[Settings, str], str]], ...]
] = (  # by the keys that each speaks of
    (("working_hours", "quiet_hours", "holidays", "time_zone"), _hours),
    (("brief", "weekly", "night"), _by_the_clock),
    (tuple(f"ask_{key}" for key in ASK_FIRST), _first),
    (tuple(SPEND), _caps),
    (("at_once",), _at_once),
    (("admins",), _admins),
    (("report_channel",), _reports),
)
