"""Who may decide. PURE: a policy, a person and the checkpoint's requester in, a sentence of refusal or nothing out."""

from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from storage.words import CheckpointKind


class Deciders(StrEnum):
    """Who is asked."""

    REQUESTER = "requester"
    OTHERS = "others"  # any full member of the channel but the requester
    MEMBERS = "members"  # any full member of the channel


class Policy(BaseModel):
    """The rule of one checkpoint, kept with it as it was when opened."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    deciders: Deciders
    quorum: int = 1  # distinct people who must approve
    named: tuple[str, ...] = ()  # full members whom the requester asked by name, where nobody else is in the conversation


class Person(BaseModel):
    """A person's facts, fetched fresh when they press."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str = ""
    team: str = ""
    guest: bool = False
    stranger: bool = False  # from another organisation
    bot: bool = False
    gone: bool = False  # deactivated
    member: bool = False  # of the checkpoint's channel


SHIPPED: Final = {
    CheckpointKind.PLAN: Policy(deciders=Deciders.REQUESTER),
    CheckpointKind.QUESTION: Policy(deciders=Deciders.REQUESTER),
    CheckpointKind.BUDGET: Policy(deciders=Deciders.REQUESTER),
    CheckpointKind.DRAFT: Policy(deciders=Deciders.OTHERS),
    CheckpointKind.ESCALATION: Policy(deciders=Deciders.OTHERS),
    CheckpointKind.EFFECT: Policy(deciders=Deciders.OTHERS),
}


def outsider(person: Person, team: str) -> str:
    """Return why this person can neither ask nor decide here, or an empty text."""
    if person.bot:
        return "Apps cannot do this; a person must."
    if person.gone:
        return "This account is deactivated, so it does not count."
    if person.stranger or (team and person.team and person.team != team):
        return "People of another organisation cannot do this here."
    if person.guest:
        return "Guests may read along but not decide here. Ask a full member of the channel."
    return ""


def refusal(policy: Policy, person: Person, requester: str, team: str) -> str:
    """Return why this person may not decide, as a sentence for them, or an empty text when they may."""
    if said := outsider(person, team):
        return said
    if policy.deciders is Deciders.REQUESTER and person.id != requester:
        return f"Only <@{requester}>, who asked for this work, decides this one."
    if policy.deciders is Deciders.OTHERS and person.id == requester:
        return "You asked for this work, so someone else must decide on it."
    if not person.member and person.id not in policy.named:
        return "Only members of the channel decide this one."
    return ""


def may(policy: Policy, person: Person, requester: str, team: str) -> bool:
    """Return whether this person may decide."""
    return not refusal(policy, person, requester, team)
