"""The tools by name: what each is for, its effect class, and how it is used. A role has only those its page names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from agents.errors import ToolError
from agents.questions import LONGEST_OPTION, Question
from agents.tools import effects, proving
from agents.tools.bills import Bill, Paid, PaidError
from agents.tools.chart import DrawChart, Drawn
from agents.tools.effects import PROPOSED, Proposal
from agents.tools.running import LONGEST_CODE
from agents.tools.servers import Manifest
from agents.tools.servers.page import BETWEEN
from storage.words import AnswerKind, EffectClass

LONGEST_NAME: Final = 80  # characters of a tool's name that are kept where there is no such tool: an agent wrote it
LONGEST_QUERY: Final = 200  # characters: whoever searches says in a few words what for


class PersonNeeded(Exception):  # noqa: N818  not an error: the agent asks, and the stage ends until someone answered
    """An agent asks a person; the same call is answered once they did."""

    def __init__(self, asked: Question) -> None:
        super().__init__(asked.question)
        self.asked = asked


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadDocument(_Input):
    """Read part of a document of this run."""

    document: str = Field(description="The document's id, such as d2.")
    part: int = Field(default=1, ge=1, description="Which part of it: 1 is the first.")


class Fetch(_Input):
    """Fetch a public web page and keep it as a document of this run. No address but one that already stands somewhere."""

    url: str = Field(
        description="Exactly as people wrote it, or as it stands in a document, a page or a search result of this run.",
        max_length=2_000,
    )


class WebSearch(_Input):
    """Search the web in a few words. The results are kept as a document of this run; open what matters with fetch."""

    query: str = Field(description="A few words, no sentence of a file.", min_length=2, max_length=LONGEST_QUERY)


class Extract(_Input):
    """Find dates, money, percentages, durations, parties, e-mail addresses and governing law in a document."""

    document: str = Field(description="The document's id, such as d2.")
    kinds: list[str] = Field(default_factory=list, description="Only these kinds; empty for all.")


class ReadArtifact(_Input):
    """Read the text of an artifact that an earlier task made; a long one comes in parts."""

    task: str = Field(description="The key of the task that made it, such as research-1.")
    part: int = Field(1, description="Which part, from 1.", ge=1)


class RunPython(_Input):
    """Calculate with a short Python program; you are told what it prints, then the value of its last line.

    Use it for every figure you derive. It has math, decimal, datetime, re, json, csv, itertools, functools, collections,
    dataclasses, random, bisect and copy; no files, no network, no other packages, no inheritance, no yield.
    """

    code: str = Field(description="The program; its last line is the value you want.", max_length=LONGEST_CODE)


class AskPerson(_Input):
    """Ask the person who requested this work, when nothing you have can answer. They may answer tomorrow."""

    question: str = Field(description="One question, complete in itself.", min_length=5, max_length=600)
    kind: AnswerKind = Field(AnswerKind.TEXT, description="What you want to be told; not file.")
    options: tuple[str, ...] = Field((), description="What to choose from, for choice and choices.", max_length=20)

    @field_validator("options")
    @classmethod
    def _on_one_line(cls, options: tuple[str, ...]) -> tuple[str, ...]:
        """An option comes back from a form as one line, so it is offered as one."""
        return tuple(dict.fromkeys(filter(None, (" ".join(one.split()) for one in options))))

    @model_validator(mode="after")
    def _can_be_answered(self) -> AskPerson:
        """A choice needs something to choose from; files come with the request."""
        if self.kind in {AnswerKind.CHOICE, AnswerKind.CHOICES} and len(self.options) < 2:
            raise ValueError("a choice needs at least two options")
        if max(map(len, self.options), default=0) > LONGEST_OPTION:
            raise ValueError(f"an option has at most {LONGEST_OPTION} characters")
        if self.kind is AnswerKind.FILE:
            raise ValueError("ask for a file in words: it has to come with a new request")
        return self


class RunTests(_Input):
    """Run the tests of the project in a sandbox, with these files put into it: new ones, and changed ones whole."""

    text: str = Field(
        description="The files as in the deliverable: fenced blocks that begin like ```python path=shop/cart.py.",
        max_length=200_000,
    )


_READS: Final[Mapping[str, type[BaseModel]]] = {
    "read_document": ReadDocument,
    "fetch": Fetch,
    "web_search": WebSearch,
    "extract": Extract,
    "read_artifact": ReadArtifact,
    "run_python": RunPython,
    "chart": DrawChart,
    "ask_person": AskPerson,
    proving.NAME: RunTests,
}
INPUTS: Final[Mapping[str, type[BaseModel]]] = {
    **_READS,
    **{name: effect.shape for name, effect in effects.KNOWN.items()},
}
EFFECTS: Final[Mapping[str, str]] = {  # effect classes: code's word, never the model's
    **dict.fromkeys(_READS, "R0"),
    **{name: effect.reach.value for name, effect in effects.KNOWN.items()},
}
LONGEST_RESULT: Final = 40_000  # characters a tool gives back at once

Use = Callable[[Any], Awaitable[str | Proposal | Paid | Drawn]]


@dataclass(frozen=True)
class Toolbox:
    """The tools of one role in one task.

    Args:
        names: What the role's page names.
        uses: How each tool is done; a tool that is missing here is off, and says so.
        foreign: Tools of other programs that may be used now, by name.
        paid: The most that one use of a tool takes where it is paid for, by name.
    """

    names: tuple[str, ...]
    uses: Mapping[str, Use]
    foreign: Mapping[str, Manifest] = field(default_factory=dict)
    paid: Mapping[str, Bill] = field(default_factory=dict)

    @property
    def definitions(self) -> list[dict[str, Any]]:
        """Return the tools as the Messages API takes them; shared, so do not change them."""
        return [
            _definition(name, INPUTS[name]) if name in INPUTS else _described(self.foreign[name])
            for name in sorted(self.names)
            if name in self.uses and (name in INPUTS or name in self.foreign)
        ]

    def proposes(self, name: str) -> bool:
        """Whether a tool only proposes what it is for, so that people decide."""
        return name in effects.KNOWN or (name in self.foreign and self.foreign[name].reach is not EffectClass.R0)

    async def use(self, name: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the tool says: ``{"content": …}``, with ``is_error`` when it could not.

        An effect is not done: its payload is under ``proposal``. What a paid service took is under ``bill``, what was
        drawn under ``chart``. A tool that is not the role's is named under ``refused``.

        Raises:
            PersonNeeded: The tool is a question to a person.
        """
        try:
            said = await self._used(name, asked)
        except PaidError as wrong:
            return {"content": str(wrong), "is_error": True, "bill": wrong.bill}
        except ToolError as wrong:
            refused = {} if name in self.names else {"refused": name[:LONGEST_NAME]}
            return {"content": str(wrong), "is_error": True, **refused}
        if isinstance(said, Proposal):
            return {"content": PROPOSED, "proposal": dict(said.payload)}
        if isinstance(said, Paid):
            return {"content": _cut(said.text), "bill": said.bill}
        if isinstance(said, Drawn):
            return {"content": said.text, "chart": said.chart.model_dump(mode="json")}
        return {"content": _cut(said)}

    async def _used(self, name: str, asked: Mapping[str, Any]) -> str | Proposal | Paid | Drawn:
        if name in self.names and name in self.uses and name in self.foreign:
            return await self.uses[name](dict(asked))
        if name not in self.names or (name not in INPUTS and BETWEEN not in name):
            raise ToolError(
                f"Your role has no tool {name!r}. You may use: {', '.join(sorted(self.names)) or 'none'}."
            )
        if name not in self.uses:
            raise ToolError(f"The tool {name!r} is switched off here.")
        return await self.uses[name](_read(name, asked))


def _described(tool: Manifest) -> dict[str, Any]:
    """Return a tool of another program as the Messages API takes it; one that acts wants a reason for those who decide."""
    shape, said = dict(tool.schema), tool.description
    if tool.reach is not EffectClass.R0:
        why = {"type": "string", "description": "One sentence for the people who decide: why do this?"}
        shape = {"type": "object", "properties": {"why": why, "arguments": shape}, "required": ["why", "arguments"]}
        said = f"{said}\n\nThis is only proposed: people are shown it exactly and decide."
    return {"name": tool.name, "description": said.strip() or tool.name, "input_schema": shape}


def _cut(said: str) -> str:
    if len(said) <= LONGEST_RESULT:
        return said
    return f"{said[:LONGEST_RESULT]}\n(cut after {LONGEST_RESULT} characters)"


def _read(name: str, asked: Mapping[str, Any]) -> BaseModel:
    try:
        return INPUTS[name].model_validate(dict(asked))
    except ValidationError as wrong:
        told = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in wrong.errors(include_url=False)
        )
        raise ToolError(f"{name!r} cannot be used like that: {told}.") from wrong


@cache
def _definition(name: str, shape: type[BaseModel]) -> dict[str, Any]:
    schema = shape.model_json_schema()
    return {
        "name": name,
        "description": (shape.__doc__ or "").strip(),
        "input_schema": {
            "type": "object",
            "properties": schema["properties"],
            "required": schema.get("required", []),
            "additionalProperties": False,
            **({"$defs": schema["$defs"]} if "$defs" in schema else {}),
        },
    }
