"""What is known of whoever judged a draft, in a few words."""

from collections.abc import Mapping
from typing import Any

from bot.messages import blocks, text
from bot.messages.blocks import Block


def lines(payload: Mapping[str, Any]) -> list[Block]:
    """Return how often the reviewer agreed with people so far, and whether a stronger model had to mend the text."""
    said = [*_record(payload.get("judge") or {}), *_raised(payload.get("raised", 0))]
    return [blocks.context(" ".join(said))] if said else []


def _record(judge: Mapping[str, Any]) -> list[str]:
    if not judge.get("pairs"):
        return []
    who = text.escape(text.shorten(str(judge.get("role", "reviewer")), 40))
    return [f"The verdicts of the {who} agreed with people {judge['agreed']} of {judge['pairs']} times."]


def _raised(number: int) -> list[str]:
    return [f"From version {number} on the strong model worked on it."] if number else []
