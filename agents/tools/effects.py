"""The effects an agent may propose: how far each reaches, and the exact payload that people decide on.

Nothing is done here, nor by any tool: a proposal is a value, and only the outbox does what was approved. Each effect's
class stands here, in code; nothing an agent says changes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents import trust
from agents.trust import Trusted
from storage.words import EffectClass

MOST: Final = 5  # proposals of one task: more, and people stop reading what they approve
LONGEST_POST: Final = 3_000  # characters: what a person reads before they decide
PROPOSED: Final = (
    "Proposed, and not done. People are shown exactly this and decide, once your work is accepted. Do not say that it "
    "was done. Go on without waiting for it."
)
TOO_MANY: Final = f"A task proposes {MOST} effects at most, and has. This one was not kept."
_CHANNEL: Final = r"[CG][A-Z0-9]{2,20}"
_NAMED: Final = re.compile(rf"<#({_CHANNEL})(?:\|[^>]*)?>|(?<![\w@|<])(?=[A-Z]+\d)({_CHANNEL})(?![\w|>])")


class Wish(BaseModel):
    """What an agent says when it proposes an effect."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    why: str = Field(description="One sentence for the people who decide: why do this?", min_length=5, max_length=600)


class PostMessage(Wish):
    """Propose a post in another Slack channel. People are shown exactly this text and decide; you do not post."""

    channel: str = Field(description="The channel's id as a person named it, such as C024BE91L.", pattern=f"^{_CHANNEL}$")
    text: str = Field(description="The whole post, as plain text.", min_length=1, max_length=LONGEST_POST)


@dataclass(frozen=True)
class Effect:
    """One kind of effect.

    Args:
        name: The tool's name.
        reach: Its class.
        shape: What an agent says to propose it.
        target: Which fields of the shape say where it is done.
        question: What people are asked.
    """

    name: str
    reach: EffectClass
    shape: type[Wish]
    target: tuple[str, ...]
    question: str

    def proposal(self, wish: Wish, where: Mapping[str, Trusted]) -> Proposal:
        """Return what people decide on. ``where`` is the target in words that may say so.

        Raises:
            TypeError: A place is named by a stranger, or is not the one that the agent wishes.
        """
        trust.check(where.values(), f"Where {self.name!r} goes")
        if any(where.get(name) != getattr(wish, name) for name in self.target):
            raise TypeError(f"{self.name!r} would go to another place than the agent named.")
        return Proposal(self.payload(wish))

    def payload(self, wish: Wish) -> dict[str, Any]:
        """Return exactly what people decide on, as plain JSON."""
        said = wish.model_dump(mode="json")
        where = {name: said.pop(name) for name in self.target}
        return {"effect": self.name, "class": self.reach.value, "target": where, **said}


@dataclass(frozen=True)
class Proposal:
    """What a tool gives instead of doing it: the payload for people."""

    payload: Mapping[str, Any]


KNOWN: Final[dict[str, Effect]] = {
    "post_message": Effect(
        "post_message", EffectClass.R3, PostMessage, ("channel",), "Shall this be posted in another channel?"
    ),
}


class UseTool(Wish):
    """Propose to let a tool of another program do something. Made from the tool's own form, never named by a role."""

    tool: str = Field(pattern=r"^[a-z][a-z0-9]{0,19}__[A-Za-z0-9_-]{1,42}$")
    manifest: str = Field(pattern=r"^[0-9a-f]{64}$")  # what the tool said of itself
    arguments: dict[str, Any]


USE_TOOL: Final = Effect("use_tool", EffectClass.R3, UseTool, ("tool",), "Shall this be done with a tool outside?")


def exact(payload: Mapping[str, Any]) -> Effect | None:
    """Return the effect a payload is of; None when it is not, field by field, what this code makes."""
    name = str(payload.get("effect"))
    effect = USE_TOOL if name == USE_TOOL.name else KNOWN.get(name)
    target = payload.get("target")
    if effect is None or not isinstance(target, Mapping):
        return None
    said = {name: value for name, value in payload.items() if name not in ("effect", "class", "target")}
    try:
        wish = effect.shape.model_validate({**said, **target}, strict=True)
    except ValidationError:
        return None
    return effect if effect.payload(wish) == payload else None


def channels(texts: Iterable[Trusted]) -> list[Trusted]:
    """Return the ids of the channels these texts name, each once, such as those of ``<#C024BE91L|launch>``."""
    said = list(texts)
    trust.check(said, "The name of a channel")
    found = (match[1] or match[2] for text in said for match in _NAMED.finditer(text))
    return [trust.of_people(id) for id in dict.fromkeys(found)]
