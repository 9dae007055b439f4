"""What cannot hold together on the page, as far as it can be known without asking Slack. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import chain
from typing import Final

from agents.pages import Problem
from agents.policies import deciding
from agents.policies.durations import ever_before
from agents.policies.hours import MOST_YEARLY, Hours, minutes
from agents.policies.resolving import hours_for, met, tables_of
from agents.policies.values import Layer, Rules, Table
from storage.policy import IN_SILENCE, NOT_FOR_REQUESTER, REQUESTER
from storage.words import CheckpointKind, EffectClass, Silence

CLASSES: Final = dict.fromkeys(CheckpointKind, (EffectClass.R1,)) | {
    CheckpointKind.EFFECT: tuple(EffectClass)
}
_YES_IN_SILENCE: Final = (
    "Silence never lets an effect of class R2 or higher go on. Write 'proceed' in [effect.R0] or [effect.R1]."
)

Chain = tuple[Layer, ...]


def problems(rules: Rules) -> list[Problem]:
    """Return everything that contradicts itself, by place."""
    found = [*_of_tables(rules), *_of_chains(rules)]
    return sorted(dict.fromkeys(found), key=lambda problem: problem.line)


def unknown(
    rules: Rules, stations: Mapping[str, Mapping[str, str]], broken: Sequence[str] = ()
) -> list[Problem]:
    """Return the lines and stations of the page that no catalog has: a rule for them would protect nobody.

    Args:
        rules: The page.
        stations: Every line's stations, title by key.
        broken: Lines whose own page has mistakes: nothing is known of their stations.
    """
    found: list[Problem] = []
    for name, layer in rules.lines.items():
        if name not in stations and name not in broken:
            found.append(layer.settings.problem(f"no line is called {name!r}. {_near(name, list(stations))}"))
    for (line, key), layer in rules.stations.items():
        if line in stations and key not in stations[line]:
            title = layer.settings.path[-1]
            near = _near(title, list(stations[line].values()))
            found.append(layer.settings.problem(f"{line!r} has no station {title!r}. {near}"))
    return found


def _near(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, 1)
    return f"Did you mean {close[0]!r}?" if close else f"There is: {', '.join(sorted(known)) or 'none'}."


def chains(rules: Rules) -> Iterator[Chain]:
    """Yield the layers of every place that the page names, the shortest first."""
    yield (rules.top,)
    places = [("", "", ""), *((name, "", "") for name in rules.channels)]
    below = [*((line, "") for line in rules.lines), *rules.stations]
    yield from (rules.layers(*place) for place in places[1:])
    yield from (rules.layers(channel, line, key) for channel, _, _ in places for line, key in below)


def _of_tables(rules: Rules) -> Iterator[Problem]:
    """Yield what is wrong inside single tables."""
    for chained in chains(rules):
        work = hours_for(chained).work
        for (kind, effect), table in chained[-1].rules.items():
            yield from _floors(kind, effect, table)
            yield from _order(table, work)


def _floors(kind: CheckpointKind, effect: EffectClass | None, table: Table) -> Iterator[Problem]:
    """Yield where a table asks for less than what always holds."""
    said = table.said
    if said.get("silence") is Silence.PROCEED:
        if kind is CheckpointKind.BUDGET:
            yield table.problem("Silence never spends more money. Write 'wait' or 'stop'.", "silence")
        if kind is CheckpointKind.EFFECT and effect not in IN_SILENCE:
            yield table.problem(_YES_IN_SILENCE, "silence")
    if effect in NOT_FOR_REQUESTER and (said.get("requester") or said.get("deciders") == (REQUESTER,)):
        key = "requester" if said.get("requester") else "deciders"
        yield table.problem(f"An effect of class {effect} is never decided by whoever asked for it.", key)
    if effect is EffectClass.R4 and said.get("quorum", 2) < 2:
        yield table.problem("An effect of class R4 takes two people. Write 2 or more.", "quorum")


def _order(table: Table, work: str) -> Iterator[Problem]:
    """Yield reminders and escalations that can never come before the table's own deadline."""
    if deadline := table.said.get("deadline"):
        for key, after in steps(table):
            if not ever_before(after, deadline, work):
                message = f"{after!r} is not before the deadline, which is {deadline!r}. Shorten it."
                yield table.problem(message, key)


def steps(table: Table) -> Iterator[tuple[str, str]]:
    """Yield what a table wants to happen before its deadline: the key, and after how long."""
    yield from (("remind", after) for after in table.said.get("remind", ()))
    yield from (("escalate", one.after) for one in table.said.get("escalate", ()))


def _of_chains(rules: Rules) -> Iterator[Problem]:
    """Yield what contradicts itself where layers meet; the fewest layers that do are named."""
    blamed: list[tuple[str, frozenset[tuple[str, ...]]]] = []
    for chained in chains(rules):
        for subject, tables, message in chain(_hours(chained), _people(chained)):
            guilty = frozenset(table.path for table in tables)
            if not any(subject == other and before <= guilty for other, before in blamed):
                blamed.append((subject, guilty))
                yield _together(tables, message, subject)


def _together(tables: Sequence[Table], message: str, subject: str) -> Problem:
    """Return a problem of several tables, at the last of them."""
    others = [table.place or "the top" for table in tables[:-1]]
    said = f"together with {' and '.join(others)}: {message}" if others else message
    return tables[-1].problem(said, subject if subject in tables[-1].said else "")


def _hours(chained: Chain) -> Iterator[tuple[str, list[Table], str]]:
    """Yield hours that leave nobody to ask, by the key that says them last."""
    hours = hours_for(chained)
    if minutes(hours.work) <= minutes(hours.quiet):
        covered = f"the quiet hours {hours.quiet!r} cover all working hours, {hours.work!r}"
        yield *_last(chained, "quiet_hours", "working_hours"), f"{covered}: nobody could be asked."
    if (days := _yearly(hours)) > MOST_YEARLY:
        few = f"{days} days of every year are holidays: too few working days are left."
        yield *_last(chained, "holidays"), few


def _last(chained: Chain, *keys: str) -> tuple[str, list[Table]]:
    """Return the key that the last table says, and all tables that say one."""
    tables = [layer.settings for layer in chained if any(key in layer.settings.said for key in keys)]
    return next(key for key in keys if key in tables[-1].said), tables


def _yearly(hours: Hours) -> int:
    return sum(len(day) == len("12-25") for day in hours.holidays)


def _people(chained: Chain) -> Iterator[tuple[str, list[Table], str]]:
    """Yield each kind of checkpoint that nobody could decide."""
    hours = hours_for(chained)
    for kind, classes in CLASSES.items():
        for effect in classes:
            tables = tables_of(chained, kind, effect)
            policy = met(kind, effect, tables, hours)
            if tables and (message := deciding.nobody(policy)):
                guilty = [table for table in tables if {"deciders", "quorum", "requester"} & set(table.said)]
                of = f"for effects of class {effect}, " if kind is CheckpointKind.EFFECT else ""
                yield str(kind), guilty or tables, f"{of}{message}"
