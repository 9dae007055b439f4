"""Two policies met together are as strict as each of them, and hold every floor."""

from __future__ import annotations

from random import Random

import pytest
from pydantic import ValidationError

from storage.policy import MEMBERS, NOT_FOR_REQUESTER, REQUESTER, Person, Policy, called, may, tighten
from storage.words import EffectClass, Silence
from tests.storage.voting import TEAM, seeded

PEOPLE = ("U0ALICE", "U0BOB", "U0CAROL", "U0DAVE")
GROUPS = ("S0LEADS", "S0LEGAL")
STRICTEST = [Silence.STOP, Silence.WAIT, Silence.SKIP, Silence.PROCEED]


def drawn(chance: Random) -> Policy:
    """Return a policy by chance."""
    among = (REQUESTER, MEMBERS, *PEOPLE, *GROUPS)
    lists = tuple(tuple(chance.sample(among, chance.randint(1, 3))) for _ in range(chance.randint(1, 2)))
    return Policy(
        deciders=lists, requester=chance.random() < 0.5, quorum=chance.randint(1, 3), silence=chance.choice(STRICTEST),
        break_glass=chance.random() < 0.5,
    )  # fmt: skip


def somebody(chance: Random) -> Person:
    groups = tuple(group for group in GROUPS if chance.random() < 0.5)
    return Person(id=chance.choice(PEOPLE), team=TEAM, member=chance.random() < 0.8, groups=groups)


def test_whoever_decides_under_both_may_decide_under_each_and_nobody_else():
    chance = seeded()
    for _ in range(5_000):
        one, other, person, asks = drawn(chance), drawn(chance), somebody(chance), chance.choice(PEOPLE)
        both = tighten(one, other)

        assert may(both, person, asks, TEAM) == (
            may(one, person, asks, TEAM) and may(other, person, asks, TEAM)
        )
        assert both.quorum == max(one.quorum, other.quorum)
        assert STRICTEST.index(both.silence) == min(map(STRICTEST.index, (one.silence, other.silence)))
        assert both.break_glass == (one.break_glass and other.break_glass)


def test_meeting_a_policy_again_changes_nothing():
    chance = seeded()
    for _ in range(500):
        one, other = drawn(chance), drawn(chance)
        both = tighten(one, other)

        assert tighten(both, other) == tighten(both, one) == both


@pytest.mark.parametrize("effect", sorted(NOT_FOR_REQUESTER))
def test_no_policy_lets_a_requester_decide_what_reaches_outside(effect):
    with pytest.raises(ValidationError, match="never decided by whoever asked"):
        Policy(effect=effect, quorum=2, requester=True)


def test_no_policy_lets_one_person_decide_what_cannot_be_undone():
    with pytest.raises(ValidationError, match="takes two people"):
        Policy(effect=EffectClass.R4)


@pytest.mark.parametrize("effect", [EffectClass.R2, EffectClass.R3, EffectClass.R4])
def test_no_policy_lets_silence_act(effect):
    with pytest.raises(ValidationError, match="Silence never lets"):
        Policy(effect=effect, quorum=2, silence=Silence.PROCEED)


def test_deciders_are_called_as_people_read_them():
    assert [called(who) for who in (REQUESTER, MEMBERS, "U0BOB", "S0LEGAL")] == [
        "whoever asked for the work", "members of the channel", "<@U0BOB>", "<!subteam^S0LEGAL>",
    ]  # fmt: skip
