"""What is known of whoever judged a draft, in a few words."""

from collections.abc import Mapping
from typing import Any

from bot.messages import blocks, figures, text
from bot.messages.blocks import Block


def lines(payload: Mapping[str, Any]) -> list[Block]:
    """Return how often the reviewer agreed with people so far, and whether a stronger model had to mend the text."""
    said = [*_record(payload.get("judge") or {}), *_raised(payload.get("raised", 0))]
    return [blocks.context(" ".join(said))] if said else []


def _record(judge: Mapping[str, Any]) -> list[str]:
    if not judge.get("pairs"):
        return []
    who = text.escape(text.shorten(str(judge.get("role", "reviewer")), 40))
    verdicts = figures.counted(judge["pairs"], "verdict")
    agreed = _agreed(judge["agreed"], judge["pairs"])
    return [f"People had the last word on {verdicts} of the {who} so far, and {agreed}."]


def _agreed(agreed: int, pairs: int) -> str:
    """Return such as ``agreed with 31``."""
    if pairs == 1:
        return "agreed with it" if agreed else "did not agree with it"
    if agreed in (0, pairs):
        return "agreed with all of them" if agreed else "agreed with none of them"
    return f"agreed with {agreed}"


def _raised(number: int) -> list[str]:
    return [f"From version {number} on the strong model worked on it."] if number else []
