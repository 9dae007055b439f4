"""Who decides, in words, from a checkpoint's own policy."""

from collections.abc import Mapping
from typing import Any

from bot.messages.blocks import mention
from storage.policy import Deciders, Policy


def who(policy: Mapping[str, Any], requester: str) -> str:
    """Return who may decide, such as ``<@U024BE7LH>``, for the middle or end of a sentence (mrkdwn)."""
    rule = Policy.model_validate(dict(policy))
    many = f"{rule.quorum} members" if rule.quorum > 1 else "any member"
    match rule.deciders:
        case Deciders.REQUESTER:
            return mention(requester)
        case Deciders.OTHERS:
            return f"{many} of this channel other than {mention(requester)}"
        case Deciders.MEMBERS:
            return f"{many} of this channel"
