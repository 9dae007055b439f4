"""What can be used but will surprise somebody. PURE."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from agents.pages import Problem
from agents.policies import deciding
from agents.policies.contradictions import Chain, chains, steps
from agents.policies.durations import always_before, ever_before
from agents.policies.resolving import hours_for, met, settings_for, tables_of
from agents.policies.values import Kind, Rules, Spend, Table
from storage.policy import Policy, called
from storage.words import CheckpointKind, EffectClass, Silence

_CAPS: Final = (  # each with the wider one that ends it too
    ("run_usd", "channel_month_usd"), ("run_usd", "person_month_usd"), ("run_usd", "month_usd"),
    ("channel_month_usd", "month_usd"), ("person_month_usd", "month_usd"),
)  # fmt: skip


def warnings(rules: Rules) -> list[Problem]:
    """Return what can be used but will surprise somebody, in page order."""
    found = (warning for chained in chains(rules) for warning in _of(chained))
    return sorted(dict.fromkeys((*found, *_caps(rules))), key=lambda problem: problem.line)


def _of(chained: Chain) -> Iterator[Problem]:
    for key, table in chained[-1].rules.items():
        policy = _met(chained, key)
        yield from chain(_late(table, policy.work), _silent(table, policy), _alone(table, policy))


def _met(chained: Chain, key: Kind) -> Policy:
    """Return the policy that a table takes part in; of effects in general the class that asks most people first."""
    kind, named = key
    effect = named or (EffectClass.R3 if kind is CheckpointKind.EFFECT else EffectClass.R1)
    return met(kind, effect, tables_of(chained, kind, effect), hours_for(chained))


def _late(table: Table, work: str) -> Iterator[Problem]:
    """Yield what comes too late at some hours of the week, because its time is counted another way."""
    deadline = table.said.get("deadline", "")
    for key, after in steps(table) if deadline else ():
        if ever_before(after, deadline, work) and not always_before(after, deadline, work):
            message = f"at some hours of the week {after!r} is over after the deadline, {deadline!r}: then it never comes."
            yield table.problem(message, key)


def _silent(table: Table, policy: Policy) -> Iterator[Problem]:
    """Yield where silence can mean nothing, because no deadline ends it."""
    if table.said.get("silence", Silence.WAIT) is not Silence.WAIT and not policy.deadline:
        yield table.problem("there is no deadline, so silence waits for ever. Write a deadline.", "silence")


def _alone(table: Table, policy: Policy) -> Iterator[Problem]:
    """Yield who would wait for ever once they ask: too few others are left to decide."""
    few = [who for who, count in deciding.counts(policy).items() if who and count < policy.quorum]
    if few and "deciders" in table.said and deciding.most_deciders(policy) >= policy.quorum:
        message = f"when {' or '.join(called(who) for who in few)} asks, too few others are left to decide."
        yield table.problem(message, "deciders")


def _caps(rules: Rules) -> Iterator[Problem]:
    """Yield caps that a smaller one makes useless."""
    places = [("", ""), *((name, "") for name in rules.channels), *(("", name) for name in rules.lines)]
    for channel, line in places:
        table, spend = rules.layers(channel, line)[-1].settings, settings_for(rules, channel, line).spend
        for key, wider in _CAPS:
            if key in table.said and _over(spend, key, wider):
                yield table.problem(f"it is above {wider}, which is reached before it.", key)


def _over(spend: Spend, key: str, wider: str) -> bool:
    small, large = getattr(spend, key), getattr(spend, wider)
    return small is not None and large is not None and small > large
