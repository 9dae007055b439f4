"""How many people a policy leaves to decide, as far as it can be known without asking Slack. PURE."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from storage.policy import MEMBERS, REQUESTER, Policy

MANY: Final = 1_000_000  # how many people a channel or a user group may hold, as far as we know


def nobody(policy: Policy) -> str:
    """Return why nobody, or too few, could ever decide; empty when enough can."""
    most = most_deciders(policy)
    lists = " and ".join(_shown(rule) for rule in policy.deciders)
    if not most and not policy.requester and (REQUESTER,) in policy.deciders:
        return "only whoever asked is a decider, and they may not decide. Write requester = true, or name others."
    if not most:
        return f"nobody is in all of the lists {lists}. Everybody who decides must be in each of them."
    if most < policy.quorum:
        return f"{policy.quorum} people must decide, but {lists} leaves {most}. Name more people, or lower the quorum."
    return ""


def _shown(rule: Sequence[str]) -> str:
    return f"[{', '.join(rule)}]"


def most_deciders(policy: Policy) -> int:
    """Return how many people could decide at most, whoever asks."""
    return max(counts(policy).values())


def counts(policy: Policy) -> dict[str, int]:
    """Return how many people could decide, by who asks: somebody the lists name, or somebody else (empty)."""
    closed = [rule for rule in policy.deciders if not any(_is_open(who) for who in rule)]
    if not closed:
        return {"": MANY}
    people = {who for rule in closed for who in rule} - {REQUESTER}

    def decides(who: str, asks: str) -> bool:
        allowed = policy.requester or who != asks
        return allowed and all(who in rule or (who == asks and REQUESTER in rule) for rule in closed)

    return {asks: sum(decides(who, asks) for who in people | {asks}) for asks in (*sorted(people), "")}


def _is_open(who: str) -> bool:
    """Return whether an entry stands for people we cannot count: members of a channel, or a user group."""
    return who == MEMBERS or (who != REQUESTER and who.startswith("S"))
