"""A sentence kept in its row. People it names are mentioned only where our own words open it; all else is dead text."""

import re
from typing import Final

from bot.messages import text

_USER: Final = r"<@[UW][A-Z0-9]{2,}>"
_OURS: Final = re.compile(
    rf"{_USER} (?:handed this over from {_USER} to {_USER}\.|stopped everything here\b|lets everything go on\b)"
)


def build(sentence: str) -> str:
    """Return the sentence as mrkdwn: live where it begins as we begin it, escaped everywhere else."""
    ours = _OURS.match(sentence)
    opening = ours[0] if ours else ""
    return opening + text.escape(sentence[len(opening) :])
