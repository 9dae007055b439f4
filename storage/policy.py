"""Who may decide. PURE: a policy, a person and the checkpoint's requester in, a sentence of refusal or nothing out."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, model_validator

from storage.words import CheckpointKind, EffectClass, Silence

REQUESTER: Final = "requester"  # whoever asked for the work
MEMBERS: Final = "members"  # any full member of the channel
NOT_FOR_REQUESTER: Final = frozenset({EffectClass.R3, EffectClass.R4})
IN_SILENCE: Final = frozenset({EffectClass.R0, EffectClass.R1})  # what may go on without a word


class Escalation(BaseModel):
    """Whom to ask as well, and after how long."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: str  # a duration, such as "1 working day"
    to: tuple[str, ...]  # Slack ids of people (U…) or user groups (S…)


class Policy(BaseModel):
    """The rule of one checkpoint, kept with it as it was when opened.

    ``deciders`` holds one list a layer that names who decides: a person must be in every one of them. A list holds
    "requester", "members", ids of people (U…) and of user groups (S…).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    deciders: tuple[tuple[str, ...], ...] = ((MEMBERS,),)
    requester: bool = False  # whether whoever asked for the work may decide, where the lists let them
    quorum: int = 1  # distinct people who must approve
    named: tuple[str, ...] = ()  # asked besides: by the requester, by a decider who delegates, by escalation
    apart: tuple[str, ...] = ()  # people who may not decide, such as an earlier requester
    effect: EffectClass = EffectClass.R1
    silence: Silence = Silence.WAIT
    deadline: str = ""  # a duration in the deciders' own hours; none: no deadline
    remind: tuple[str, ...] = ()  # durations after opening
    escalate: tuple[Escalation, ...] = ()
    zone: str = "UTC"  # for those whose own zone is not known
    work: str = "Mon-Fri 09:00-17:00"
    quiet: str = "20:00-07:30"  # nobody is asked or reminded then
    holidays: tuple[str, ...] = ()  # such as "2026-12-25"
    direct: int = 5  # deciders are written to directly when they are at most this many
    break_glass: bool = False  # whether an admin may decide alone in an emergency; it is always recorded

    @model_validator(mode="after")
    def _keeps_the_floor(self) -> "Policy":
        """Effects that reach outside keep their floor, whatever a page says."""
        if self.effect in NOT_FOR_REQUESTER and self.requester:
            raise ValueError(f"An effect of class {self.effect} is never decided by whoever asked for it.")
        if self.effect is EffectClass.R4 and self.quorum < 2:
            raise ValueError("An effect of class R4 takes two people.")
        if self.silence is Silence.PROCEED and self.effect not in IN_SILENCE:
            raise ValueError(f"Silence never lets an effect of class {self.effect} go on.")
        return self

    @property
    def opened_first(self) -> bool:
        """Whether the whole payload must be opened before approving."""
        return self.effect is EffectClass.R4

    def lists(self) -> set[str]:
        """Return the ids of people and groups that the deciders' lists name."""
        return {who for rule in self.deciders for who in rule} - {REQUESTER, MEMBERS}

    def groups(self) -> set[str]:
        """Return the ids of the user groups that count here."""
        return {who for who in {*self.lists(), *self.named} if who.startswith("S")}


class Person(BaseModel):
    """A person's facts, fetched fresh when they press."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str = ""
    team: str = ""
    zone: str = ""  # such as Europe/Berlin
    guest: bool = False
    stranger: bool = False  # from another organisation
    bot: bool = False
    gone: bool = False  # deactivated
    admin: bool = False  # of the workspace
    member: bool = False  # of the checkpoint's channel
    groups: tuple[str, ...] = ()  # ids of the user groups they are in, of those that were asked about


ASKS_REQUESTER: Final = Policy(deciders=((REQUESTER,),), requester=True)
ASKS_OTHERS: Final = Policy()
ASKS_MEMBERS: Final = Policy(requester=True)
SHIPPED: Final = {
    CheckpointKind.PLAN: ASKS_REQUESTER,
    CheckpointKind.QUESTION: ASKS_REQUESTER,
    CheckpointKind.BUDGET: ASKS_REQUESTER,
    CheckpointKind.DRAFT: ASKS_OTHERS,
    CheckpointKind.ESCALATION: ASKS_OTHERS,
    CheckpointKind.EFFECT: ASKS_OTHERS,
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
    if person.id in policy.apart:
        return "You had asked for this work before it was handed over, so someone else must decide on it."
    if person.id == requester and not policy.requester:
        return "You asked for this work, so someone else must decide on it."
    if _is_in(policy.named, person) or all(_fits(rule, person, requester) for rule in policy.deciders):
        return ""
    if (REQUESTER,) in policy.deciders and person.id != requester:
        return f"Only <@{requester}>, who asked for this work, decides this one."
    if policy.lists():
        return f"Only {_said(policy)} may decide this one."
    return "Only members of the channel decide this one."


def _fits(rule: Collection[str], person: Person, requester: str) -> bool:
    """Return whether one list holds this person."""
    in_channel = person.member and (MEMBERS in rule or (REQUESTER in rule and person.id == requester))
    return in_channel or _is_in(rule, person)


def _is_in(rule: Collection[str], person: Person) -> bool:
    return person.id in rule or bool(set(person.groups) & set(rule))


def _said(policy: Policy) -> str:
    return " and ".join(" or ".join(called(who) for who in rule) for rule in policy.deciders)


def called(who: str) -> str:
    """Return an entry of a deciders' list as people read it (mrkdwn)."""
    words = {REQUESTER: "whoever asked for the work", MEMBERS: "members of the channel"}
    return words.get(who) or (f"<!subteam^{who}>" if who.startswith("S") else f"<@{who}>")


def may(policy: Policy, person: Person, requester: str, team: str) -> bool:
    """Return whether this person may decide."""
    return not refusal(policy, person, requester, team)


def tighten(policy: Policy, other: Policy) -> Policy:
    """Return a policy that meets both: whichever is the stricter counts, rule by rule.

    Who was asked by name, and who must stay apart, is the checkpoint's own and stays as ``policy`` says.
    """
    both = {name: stricter((getattr(policy, name), getattr(other, name))) for name, stricter in STRICTER.items()}
    return policy.model_copy(update=both)


_STRICTEST: Final = (Silence.STOP, Silence.WAIT, Silence.SKIP, Silence.PROCEED)  # strictest first
STRICTER: Final[Mapping[str, Callable[[Collection[Any]], Any]]] = {  # how a rule that several say is met for all
    "deciders": lambda said: tuple(dict.fromkeys(rule for rules in said for rule in rules)),
    "requester": all,
    "quorum": max,
    "silence": lambda said: min(said, key=_STRICTEST.index),
    "break_glass": all,
}
