"""What came from outside, in what agents are shown: told apart from orders, kept out of plans, unable to pose as ours. PURE.

Everything an agent makes counts as outside too. Whoever reads a stranger's words may have been turned by them, and what
follows from that work cannot be told from what does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from agents.contracts import Part, PartKind
from agents.tools.bills import Paid
from agents.tools.chart import Drawn
from agents.tools.effects import Proposal
from agents.tools.toolbox import Use

KINDS: Final = frozenset(  # parts that hold strangers' words, or what agents made of them
    {PartKind.DOCUMENT, PartKind.HANDOFF, PartKind.FINDING, PartKind.ARTIFACT, PartKind.REVIEW}
)
BY_CODE: Final = frozenset({"current-plan", "findings", "standstill"})  # a plan, what is wrong with it, where it stuck
LONGEST_NAME: Final = 80  # characters of a file's name that a planner is shown: whoever sent it chose them


def sealed(part: Part, tag: str) -> Part:
    """Return the part without the run's tag in its words: an agent knows the tag, and could forge parts with it."""
    return replace(part, text=unmarked(part.text, tag), source=unmarked(part.source, tag))


def unmarked(text: str, tag: str) -> str:
    """Return the text with the run's tag blotted out, as long as it was."""
    return re.sub(re.escape(tag), "·" * len(tag), text, flags=re.IGNORECASE)


def untouched(parts: Sequence[Part]) -> Sequence[Part]:
    """Return the parts of a brief to route or plan from: they hold nothing that a stranger or an agent wrote.

    Raises:
        TypeError: One of them does.
    """
    if found := [part.id for part in parts if part.kind in KINDS and part.id not in BY_CODE]:
        raise TypeError(f"A plan is made before anything from outside is read, but its brief holds {', '.join(found)}.")
    return parts


def file_names(names: Iterable[str]) -> str:
    """Return the names of files as whoever routes and plans may see them: one short line each, whatever they hold."""
    plain = (" ".join("".join(c if c.isprintable() else " " for c in name).split()) for name in names)
    short = (name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…" for name in plain)
    return "\n".join(f"- {name}" for name in short) or "none"


class Shown(str):
    """A tool's result in which code itself set the marks of parts."""

    __slots__ = ()


def without_marks(use: Use, tag: str) -> Use:
    """Return the tool with the run's tag blotted out of what it says, unless that is ``Shown`` or paid for."""

    async def used(asked: Any) -> str | Proposal | Paid | Drawn:  # noqa: ANN401  each tool has an input of its own
        said = await use(asked)
        return unmarked(said, tag) if isinstance(said, str) and not isinstance(said, Shown) else said

    return used
