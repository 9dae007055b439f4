"""What a station is given to work on, and what comes of it: values, read from the rows before the work begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.catalog import Catalog
from agents.planning.plan import PlanTask, RunPlan
from agents.planning.receipt import Receipt
from agents.planning.triage import Accepted
from agents.rendering.chart import Chart
from agents.tools import proving
from agents.trust import NOTHING, Trusted
from storage.words import CheckpointKind, Route, TaskKind


@dataclass(frozen=True)
class Source:
    """A document as a brief shows it."""

    id: str  # d1, d2, …
    name: str
    text: str
    sha256: str
    origin: str  # a Slack file id, or an address
    spans: tuple[tuple[str, int, int], ...]  # (label, start, end): which page or row each part of the text is
    problem: str = ""  # why it could not be read: a named hole


@dataclass(frozen=True)
class Received:
    """A handoff as the task that reads it gets it."""

    task: str  # the key of the task that made it
    title: str
    makes: str
    text: str = ""
    summary: str = ""
    findings: tuple[Mapping[str, Any], ...] = ()
    decisions: tuple[Mapping[str, Any], ...] = ()
    open_questions: tuple[str, ...] = ()
    hole: str = ""  # why there is nothing: the task failed


@dataclass(frozen=True)
class Course:
    """Where triage sent the run."""

    route: Route
    line: str = ""  # before triage: the one a person chose, if any
    reason: str = ""
    title: str = ""
    role: str = ""  # who answers


@dataclass(frozen=True)
class Standing:
    """A plan that came to a standstill: what there is of it, and what may not change any more."""

    plan: RunPlan
    begun: frozenset[str]  # keys
    told: str  # ids, numbers and lengths; no word of what was read or written


@dataclass(frozen=True)
class Assignment:
    """One attempt at one task, with everything it may know."""

    run_id: str
    team: str
    tag: str
    task: PlanTask
    kind: TaskKind
    attempt: int
    request: Trusted
    catalog: Catalog
    course: Course
    constraints: tuple[tuple[str, str], ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    background: Trusted = NOTHING
    documents: tuple[Source, ...] = ()
    received: tuple[Received, ...] = ()
    decisions: tuple[tuple[str, str], ...] = ()  # (id, what a person decided, word for word)
    asked: tuple[tuple[str, str], ...] = ()  # (id, what an agent asked) of the decisions that answer an agent
    notes: tuple[tuple[str, Trusted], ...] = ()  # (who, what they wrote in the thread)
    said: tuple[str, ...] = ()  # what people wrote in answers and remarks, without the questions, which agents write
    sent_back: Trusted = NOTHING  # why a person sent the work back
    previous: str = ""  # the text that was sent back
    proposed: tuple[tuple[str, str], ...] = ()  # (what people said, the payload) of its effects in earlier attempts
    serves: bool = False  # another task reads what it makes
    charts: tuple[Chart, ...] = ()  # of the texts it was given
    number: int = 1  # the task's place in the plan: its findings are F101, F102, …
    standing: Standing | None = None  # the plan is made anew
    raised: bool = False  # an earlier attempt went on with a stronger model

    @property
    def gathers(self) -> bool:
        """Return whether this task brings facts for others: it is shown documents and hands over findings."""
        return self.serves and not self.task.needs and not self.is_proved

    @property
    def is_proved(self) -> bool:
        """Return whether this task makes code: what its tests say counts, not what it says of them."""
        return proving.NAME in self.task.tools

    @property
    def texts(self) -> dict[str, str]:
        """Return every text a claim may rest on, by document id."""
        return {source.id: source.text for source in self.documents if not source.problem}


@dataclass(frozen=True)
class Round:
    """One round: a version, checks by code and a reviewer's verdict."""

    role: str
    problems: tuple[Mapping[str, Any], ...]
    criteria: tuple[Mapping[str, Any], ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Made:
    """The work is done: an artifact and its handoff. ``problems`` is what nobody mended."""

    text: str
    summary: str
    made_by: str
    label: str = ""
    findings: tuple[Mapping[str, Any], ...] = ()
    decisions: tuple[Mapping[str, Any], ...] = ()
    open_questions: tuple[str, ...] = ()
    problems: tuple[Mapping[str, Any], ...] = ()
    rounds: tuple[Round, ...] = ()
    proposals: tuple[Mapping[str, Any], ...] = ()  # payloads of effects: nothing of it is done yet
    charts: tuple[Chart, ...] = ()  # those the text shows
    stalled: bool = False  # three versions brought nothing new
    raised: int = 0  # the round from which on a stronger model worked; 0: none


@dataclass(frozen=True)
class Routed:
    """Triage is done; ``missing`` are the inputs that only a person can give."""

    accepted: Accepted
    pages: Mapping[str, str]  # the text of the line and its roles, by path: what this run goes by from now on
    missing: tuple[Mapping[str, Any], ...] = ()  # {name, question, optional}


@dataclass(frozen=True)
class Planned:
    """The plan is made; ``ask`` says whether a person sees it first, ``remark`` what they should know."""

    plan: RunPlan
    receipt: Receipt
    ask: bool
    remark: str = ""


@dataclass(frozen=True)
class Asked:
    """The work cannot go on without a person."""

    kind: CheckpointKind
    question: str
    fields: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Failed:
    """The work could not be done."""

    why: str
    again: bool = True  # whether another attempt may help
    after_s: float = 0.0
    keeps: bool = False  # whether the next attempt goes on from the finished calls of this one


Outcome = Made | Routed | Planned | Asked | Failed
