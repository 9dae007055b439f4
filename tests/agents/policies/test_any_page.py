"""Whatever stands on a page: what is accepted can be decided everywhere, the floors hold, and the stricter wins."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from agents.policies import Rules, explain, judged, resolve, settings_for, why
from agents.policies.durations import length
from agents.policies.resolving import tables_of
from agents.policies.values import Table
from storage.policy import Person, Policy, may
from storage.words import CheckpointKind, EffectClass, Silence
from tests.agents.policies.pages import CHANNELS, GROUPS, LINES, PEOPLE, page
from tests.storage.voting import TEAM, seeded

STATIONS = [(line, station) for line, titles in LINES.items() for station in ("", *titles)]
PLACES = [(channel, *rest) for channel in ("", *CHANNELS, "C0OTHER") for rest in (("", ""), *STATIONS)]
SOMEBODY = ("U0ERIN", "U0FRANK", "U0GRACE")  # named nowhere
STRICTEST = [Silence.STOP, Silence.WAIT, Silence.SKIP, Silence.PROCEED]

Asked = tuple[CheckpointKind, EffectClass, tuple[str, str, str]]


def asked() -> Iterator[Asked]:
    """Yield every kind and class in every place."""
    for place in PLACES:
        yield from ((kind, effect, place) for kind in CheckpointKind for effect in EffectClass)


def resolved(rules: Rules, one: Asked) -> Policy:
    kind, effect, (channel, line, station) = one
    return resolve(rules, kind, channel=channel, line=line, station=station, effect=effect)


def holds_its_floor(policy: Policy, effect: EffectClass, kind: CheckpointKind) -> bool:
    barred = effect in (EffectClass.R3, EffectClass.R4)
    spends = effect in (EffectClass.R2, EffectClass.R3, EffectClass.R4) or kind is CheckpointKind.BUDGET
    return (
        policy.effect is effect
        and not (barred and policy.requester)
        and policy.quorum >= (2 if effect is EffectClass.R4 else 1)
        and not (spends and policy.silence is Silence.PROCEED)
        and policy.opened_first == (effect is EffectClass.R4)
        and all(policy.deciders)
    )


def can_be_decided(policy: Policy) -> bool:
    """Return whether there is a requester with whom enough people may vote, everybody being in every group."""
    people = [Person(id=id, team=TEAM, member=True, groups=GROUPS) for id in (*PEOPLE, *SOMEBODY)]
    return any(
        sum(may(policy, person, asks.id, TEAM) for person in people) >= policy.quorum for asks in people
    )


def is_kept(policy: Policy, table: Table) -> bool:
    """Return whether a policy is no laxer than one table that counts for it."""
    said = table.said
    return (
        tuple(said.get("deciders", policy.deciders[0])) in policy.deciders
        and policy.requester <= said.get("requester", True)
        and policy.quorum >= said.get("quorum", 1)
        and policy.break_glass <= said.get("break_glass", True)
        and STRICTEST.index(policy.silence) <= STRICTEST.index(said.get("silence", Silence.PROCEED))
        and (
            "deadline" not in said
            or length(policy.deadline, policy.work) <= length(said["deadline"], policy.work)
        )
    )


def one_page(chance: Random) -> bool:
    """Hold one page against everything that must be so; return whether it was accepted."""
    text = page(chance, mistakes=chance.choice([0, 0, 0.1]))
    rules, wrong = judged(text)
    of = list(asked()) if chance.random() < 0.05 else chance.sample(EVERYTHING, 40)
    for one in of:
        kind, effect, (channel, line, station) = one
        policy = resolved(rules, one)

        assert holds_its_floor(policy, effect, kind), (one, text)
        if not wrong:
            tables = tables_of(rules.layers(channel, line, station), kind, effect)
            normal = kind is CheckpointKind.EFFECT or effect is EffectClass.R1

            assert not normal or can_be_decided(policy), (one, text)
            assert effect in (EffectClass.R3, EffectClass.R4) or all(
                is_kept(policy, table) for table in tables
            ), (one, text)
            assert why(rules, kind, channel=channel, line=line, station=station, effect=effect)
            assert settings_for(rules, channel, line)
    assert wrong or explain(rules)
    return not wrong


EVERYTHING = list(asked())


@pytest.mark.parametrize("pages", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_accepted_pages_can_be_decided_everywhere_and_no_page_breaks_a_floor(pages: int):
    chance = seeded()
    accepted = sum(one_page(chance) for _ in range(pages))
    print(f"{accepted} of {pages} pages were accepted.")

    assert 0.2 < accepted / pages < 0.95
