"""An act with effects as people decide on it: every field by trusted code, and what the agent wrote named as its words."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.messages import blocks, figures, text
from bot.messages.blocks import Block
from storage.tables import Checkpoint

LONGEST: Final = 2_900  # characters of one part in the window
_LEAST: Final = 80  # characters of a field that a card shows


def fields(payload: Mapping[str, Any], room: int) -> list[str]:
    """Return every field of what is decided on, one line each; what is cut is counted, and none is left out."""
    flat = list(_flat(payload))
    longest = max(_LEAST, room // max(1, len(flat)))
    return [f"{name}: {text.shorten(value, longest)}" for name, value in flat] or ["Nothing more is known about it."]


def window(asked: Checkpoint) -> list[Block]:
    """Return blocks that show every character of what is decided on, field by field."""
    shown = [block for name, value in _flat(asked.payload) for block in _whole(name, value)]
    return shown or [blocks.context("Nothing more is known about it.")]


def digest(asked: Checkpoint) -> str:
    """Return the sentence that says what keeps it exactly as shown (mrkdwn)."""
    return (
        "It is done only while it is still exactly what is shown here: its digest, "
        f"`{figures.short(asked.digest)}`, is checked again just before."
    )


def _whole(name: str, value: str) -> Iterator[Block]:
    yield blocks.rich(blocks.line(f"{name} ({len(value):,} characters)", bold=True))
    for start in range(0, max(1, len(value)), LONGEST):
        yield blocks.rich(blocks.preformatted(value[start : start + LONGEST]))


def _flat(value: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Yield each field with its name, such as ``arguments › to``."""
    for name, held in value.items():
        path = f"{before}{name}"
        if isinstance(held, Mapping) and held:
            yield from _flat(held, f"{path} › ")
        else:
            yield path, held if isinstance(held, str) else json.dumps(held, ensure_ascii=False)
