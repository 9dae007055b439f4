"""What agents hand over: the shapes of structured answers, and the parts of a brief.

The title of each answer's schema names it on the wire, so any model behind the door (Claude, a compatible server, the
offline engine, the scripted server of the tests) knows what is asked by ``output_config.format.schema.title``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

LONGEST_SUMMARY: Final = 8_000  # characters: about 2,000 tokens, the most a handoff may say of itself


class Answer(BaseModel):
    """The base of all structured answers: unknown keys are refused, so a wish outside the contract is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Value(Answer):
    """A named value, such as an input of a line found in the request."""

    name: str = Field(max_length=80)
    value: str = Field(max_length=2_000)


class Triage(Answer):
    """Where a request goes, and what it says: the answer of the orchestrator's first call.

    ``constraints`` and ``inputs`` are taken word for word from the request; code drops a constraint that is not in it.
    """

    route: Literal["answer", "line", "plan"]
    line: str = Field(default="", max_length=80)  # the line's name, when the route is a line
    reason: str = Field(max_length=600)
    title: str = Field(max_length=150)
    role: str = Field(default="", max_length=80)  # who answers, when the route is an answer
    constraints: list[str] = Field(default_factory=list, max_length=50)
    inputs: list[Value] = Field(default_factory=list, max_length=30)


class PlannedTask(Answer):
    """One task of a plan as the orchestrator proposes it."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")
    title: str = Field(max_length=120)
    role: str = Field(max_length=80)
    instructions: str = Field(max_length=4_000)
    needs: list[str] = Field(default_factory=list, max_length=20)  # keys of the tasks whose handoffs it reads
    makes: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")  # the artifact's name
    done_when: str = Field(max_length=2_000)
    review: str = Field(default="", max_length=80)  # the role that judges it
    ask: str = Field(default="", max_length=600)  # the question of the checkpoint that follows


class Plan(Answer):
    """The orchestrator's decomposition of a request."""

    reason: str = Field(max_length=1_000)
    tasks: list[PlannedTask] = Field(min_length=1, max_length=20)


class Finding(Answer):
    """A fact with its source: ``quote`` stands word for word in the part ``source``."""

    claim: str = Field(max_length=1_000)
    quote: str = Field(max_length=2_000)
    source: str = Field(max_length=80)  # the id of a document part, such as "d1.2"
    key: str = Field(
        default="", max_length=120
    )  # what the fact is about, such as "acme/price": equal keys are compared
    as_of: str = Field(default="", max_length=40)


class Decided(Answer):
    """A choice an agent made that others must follow."""

    key: str = Field(max_length=120)
    value: str = Field(max_length=600)
    why: str = Field(default="", max_length=1_000)


class Findings(Answer):
    """A reader's handoff: facts, each with its quote, and what was left open."""

    findings: list[Finding] = Field(default_factory=list, max_length=80)
    summary: str = Field(max_length=LONGEST_SUMMARY)
    open_questions: list[str] = Field(default_factory=list, max_length=20)
    decisions: list[Decided] = Field(default_factory=list, max_length=20)


class Draft(Answer):
    """A writer's deliverable in Markdown. ``[F3]`` after a claim cites finding F3 of the handoffs."""

    text: str = Field(max_length=200_000)
    summary: str = Field(max_length=LONGEST_SUMMARY)
    open_questions: list[str] = Field(default_factory=list, max_length=20)
    decisions: list[Decided] = Field(default_factory=list, max_length=20)


class Criterion(Answer):
    """A reviewer's word on one criterion. ``evidence`` is a quote of the artifact, or empty where something is absent."""

    id: str = Field(max_length=40)  # the criterion's id in the contract part, such as "W2"
    verdict: Literal["pass", "fail", "not_judged"]
    evidence: str = Field(default="", max_length=1_000)
    fix: str = Field(default="", max_length=1_000)


class Verdict(Answer):
    """A review: one verdict a criterion."""

    criteria: list[Criterion] = Field(max_length=60)


class PartKind(StrEnum):
    """What a part of a brief is."""

    TASK = "task"  # names run, task, station and attempt; always first
    GOAL = "goal"  # the request, word for word
    CONSTRAINT = "constraint"  # one clause of the request, word for word
    INPUT = "input"  # an input of the line, such as the competitors
    DECISION = "decision"  # what a person decided, or an agent's choice that binds
    NOTE = "note"  # what a person wrote while the run was going, or why they sent the work back
    BACKGROUND = "background"  # the line's opening prose
    HANDOFF = "handoff"  # what an earlier task passes on
    FINDING = "finding"  # one finding of an earlier task, with its quote
    DOCUMENT = "document"  # untrusted text: a page of a file, rows of a table, a fetched page
    LINE = "line"  # a line that triage may choose
    ROLE = "role"  # a role that a plan may use
    CONTRACT = "contract"  # the deliverable: format, sections, length, done-when with criterion ids
    ARTIFACT = "artifact"  # the text under review, or the version to improve
    REVIEW = "review"  # what checks and a reviewer found wrong
    BUDGET = "budget"  # calls, tokens and money that remain


LISTED: Final = frozenset({PartKind.CONSTRAINT, PartKind.INPUT, PartKind.FINDING})  # many of them, each short
_PART: Final = re.compile(
    r"<part-(?P<tag>[a-z0-9]+)(?P<attributes>(?: [a-z0-9_]+=\"[^\"\n]*\")*)>\n(?P<text>.*?)\n</part-(?P=tag)>",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(r' ([a-z0-9_]+)="([^"\n]*)"')
_ENTRY: Final = re.compile(
    r"^(?P<id>\S+)(?: @(?P<offset>\d+))?(?: (?P<place>.*))?(?P<text>(?:\n .*)*)", re.MULTILINE
)


@dataclass(frozen=True)
class Part:
    """One part of a brief, and where it came from.

    ``offset`` counts characters in the stored text of the document; ``sha256`` is that stored text's digest.
    """

    id: str
    kind: PartKind
    text: str
    source: str = ""  # for people: "acme.pdf, page 2"
    sha256: str = ""
    offset: int = 0

    def written(self, tag: str) -> str:
        """Return the part as it stands in a brief; only who knows ``tag`` can open or close a part."""
        shown = {"id": self.id, "kind": self.kind.value, "source": self.source, "sha256": self.sha256}
        shown["offset"] = str(self.offset or "")
        return _marked(shown, self.text, tag)


def _marked(shown: dict[str, str], text: str, tag: str) -> str:
    attributes = "".join(f' {name}="{_plain(value)}"' for name, value in shown.items() if value)
    return f"<part-{tag}{attributes}>\n{text}\n</part-{tag}>"


def written(parts: Iterable[Part], tag: str) -> str:
    """Return parts as a brief holds them: short neighbours of one kind and source stand in one list, each under its id."""
    listed = groupby(parts, key=_list_of)
    return "\n\n".join(one for (kind, source), group in listed for one in _written(kind, source, group, tag))


def _list_of(part: Part) -> tuple[PartKind, str]:
    """Return which list a part stands in: findings of one document are neighbours, whatever their pages."""
    return part.kind, part.source.partition(", ")[0]


def _written(kind: PartKind, source: str, parts: Iterable[Part], tag: str) -> list[str]:
    if kind not in LISTED:
        return [part.written(tag) for part in parts]
    return [_marked({"kind": kind.value, "source": source}, "\n".join(map(_entry, parts)), tag)]


def _entry(part: Part) -> str:
    """Return a part in its list. What it says is set in by a space, so that no words of it can begin another."""
    offset, place = f"@{part.offset}" if part.offset else "", _plain(part.source.partition(", ")[2])
    head = " ".join(filter(None, [part.id, offset, place]))
    return "\n ".join([head, *part.text.split("\n")])


def read_parts(text: str) -> list[Part]:
    """Return the parts of a brief or of a tool's result, in order. The first part's tag is the only one believed."""
    first = re.search(r"<part-([a-z0-9]+) ", text)
    found = [] if first is None else [m for m in _PART.finditer(text) if m["tag"] == first[1]]
    return [part for match in found for part in _parts(match)]


def _parts(match: re.Match[str]) -> Iterator[Part]:
    shown = dict(_ATTRIBUTE.findall(match["attributes"]))
    if "id" not in shown:
        yield from (_listed(one, shown) for one in _ENTRY.finditer(match["text"]))
    else:
        yield _part(match, shown)


def _listed(match: re.Match[str], shown: dict[str, str]) -> Part:
    source = ", ".join(filter(None, [shown.get("source", ""), match["place"]]))
    text = match["text"].removeprefix("\n ").replace("\n ", "\n")
    return Part(match["id"], PartKind(shown["kind"]), text, source, offset=int(match["offset"] or 0))


def _part(match: re.Match[str], shown: dict[str, str]) -> Part:
    return Part(
        id=shown.get("id", ""),
        kind=PartKind(shown["kind"]),
        text=match["text"],
        source=shown.get("source", ""),
        sha256=shown.get("sha256", ""),
        offset=int(shown.get("offset", "0")),
    )


def _plain(value: str) -> str:
    return " ".join(value.replace('"', "'").split())
