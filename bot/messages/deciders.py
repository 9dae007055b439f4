"""Who decides, in words, from a checkpoint's own policy."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.messages.blocks import mention
from storage.policy import MEMBERS, REQUESTER, Policy

NAME_SOMEBODY: Final = (
    "Nobody else is in this conversation. Reply in this thread with a colleague's @name, and I ask them in a direct "
    "message."
)
INVITE: Final = (
    "someone who may decide to this channel, or reply in this thread with a colleague's @name, and I ask them in a direct "
    "message"
)
HERE: Final = "this channel"
_NOBODY: Final = "Nobody here may decide on this"


def who(policy: Mapping[str, Any], requester: str, channel: str = "", here: str = HERE) -> str:
    """Return who may decide, such as ``<@U024BE7LH>``, for the middle or end of a sentence (mrkdwn).

    ``channel`` is where the run is: in a direct message only people asked by name decide for others. ``here`` is what it
    is called where this is read.
    """
    rule = Policy.model_validate(dict(policy))
    if _asks_absent(rule, channel):
        return _or(rule.named) or f"a colleague whom {mention(requester)} names"
    said = " who is also ".join(_either(each, rule.quorum, requester, here) for each in _lists(rule))
    said = f"{_or(rule.named)} or {said}" if rule.named and len(rule.deciders) > 1 else said
    barred = [mention(person) for person in (*rule.apart, *(() if rule.requester else (requester,)))]
    return f"{said} other than {' and '.join(barred)}" if barred and any(MEMBERS in one for one in rule.deciders) else said


def _lists(rule: Policy) -> Sequence[Sequence[str]]:
    """Return the lists of deciders; who was asked by name joins the only one, for they count like its people."""
    first, *more = rule.deciders
    return rule.deciders if more else [[*(each for each in rule.named if each not in first), *first]]


def _either(rule: Sequence[str], quorum: int, requester: str, here: str) -> str:
    """Return one list of deciders, such as ``any member of this channel or <@U024BE7LH>``."""
    words = {REQUESTER: mention(requester), MEMBERS: f"any member of {here}"}
    said = " or ".join(words.get(each) or _called(each) for each in rule)
    if quorum == 1:
        return said
    return f"{quorum} members of {here}" if tuple(rule) == (MEMBERS,) else f"{quorum} of {said}"


def _or(people: Sequence[str]) -> str:
    return " or ".join(_called(person) for person in people)


def _called(id: str) -> str:
    return f"<!subteam^{id}>" if id.startswith("S") else mention(id)


def _asks_absent(rule: Policy, channel: str) -> bool:
    """Return whether members decide where there are none but the requester."""
    return not rule.requester and is_direct(channel) and any(MEMBERS in each for each in rule.deciders)


def is_direct(channel: str) -> bool:
    """Return whether a channel id is a direct message, where only one person and the bot are."""
    return channel.startswith("D")


def hint(policy: Mapping[str, Any], channel: str) -> str:
    """Return what the requester must do so that anybody can decide at all; mostly nothing."""
    rule = Policy.model_validate(dict(policy))
    return NAME_SOMEBODY if _asks_absent(rule, channel) and not rule.named else ""


def lists_people(policy: Mapping[str, Any]) -> bool:
    """Return whether the policy itself says who decides, so that the requester cannot find somebody else."""
    return any(MEMBERS not in rule for rule in Policy.model_validate(dict(policy)).deciders)


def invite(policy: Mapping[str, Any]) -> str:
    """Return what to do where too few people who may decide were there when it was asked; nothing once some are named."""
    if Policy.model_validate(dict(policy)).named:
        return ""
    whom = "one of them to this channel, or have the policy changed" if lists_people(policy) else INVITE
    return f"Too few of them were here when this was asked: invite {whom}."


def shortage(found: int, quorum: int, *, listed: bool = False) -> str:
    """Return what to do where fewer people may decide than it takes (no mrkdwn).

    ``found`` is how many there are; ``listed`` says that the policy itself names who decides.
    """
    lack = f"This takes {quorum} people, and only {found} of them can be asked here" if found else _NOBODY
    if listed:
        return f"{lack}. The policy lists who may: invite one of them to this channel, or have the policy changed."
    return (
        f"{lack}: invite a colleague to this channel, or reply in this thread with a colleague's @name, and I ask them in a "
        "direct message."
    )
