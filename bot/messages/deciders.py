"""Who decides, in words, from a checkpoint's own policy."""

from collections.abc import Mapping
from typing import Any, Final

from bot.messages.blocks import mention
from storage.policy import Deciders, Policy

NAME_SOMEBODY: Final = (
    "Nobody else is in this conversation. Reply in this thread with a colleague's @name, and I ask them in a direct "
    "message."
)


def who(policy: Mapping[str, Any], requester: str, channel: str = "") -> str:
    """Return who may decide, such as ``<@U024BE7LH>``, for the middle or end of a sentence (mrkdwn).

    ``channel`` is where the run is: in a direct message only people asked by name decide for others.
    """
    rule = Policy.model_validate(dict(policy))
    if rule.deciders is Deciders.OTHERS and is_direct(channel):
        return " or ".join(mention(person) for person in rule.named) or f"a colleague whom {mention(requester)} names"
    many = f"{rule.quorum} members" if rule.quorum > 1 else "any member"
    match rule.deciders:
        case Deciders.REQUESTER:
            return mention(requester)
        case Deciders.OTHERS:
            return f"{many} of this channel other than {mention(requester)}"
        case Deciders.MEMBERS:
            return f"{many} of this channel"


def is_direct(channel: str) -> bool:
    """Return whether a channel id is a direct message, where only one person and the bot are."""
    return channel.startswith("D")


def hint(policy: Mapping[str, Any], channel: str) -> str:
    """Return what the requester must do so that anybody can decide at all; mostly nothing."""
    rule = Policy.model_validate(dict(policy))
    waits = rule.deciders is Deciders.OTHERS and is_direct(channel) and not rule.named
    return NAME_SOMEBODY if waits else ""
