"""The rows. Keys say what happens once; a comment stands only where a value is not plain."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, UniqueConstraint, text
from sqlmodel import Column, Field, SQLModel

from storage.columns import Moment, json_value, maybe_moment, moment, prose
from storage.words import (
    CallKind,
    CallState,
    Cause,
    CheckpointKind,
    CheckpointState,
    EffectClass,
    MessageKind,
    MessageState,
    RunState,
    TaskKind,
    TaskState,
    VoteAnswer,
)


class Run(SQLModel, table=True):
    """One request going down one line. ``rev`` is written first in every transition: it is the lock."""

    __table_args__ = (UniqueConstraint("channel", "request_ts"),)  # one message is one request

    id: str = Field(primary_key=True)
    rev: int = 0
    state: RunState = Field(default=RunState.WORKING, index=True)
    team: str
    channel: str  # where the request was made, such as C024BE91L
    thread_ts: str = Field(index=True)  # the thread everything about this run is said in
    request_ts: str  # the message that asked
    requester: str  # a Slack user id
    request: str = prose()  # word for word
    files: list[dict[str, Any]] = json_value(list)  # Slack's {id, name, url_private, size, mimetype}
    title: str = ""
    route: str = ""
    line: str = ""  # before triage: the one a person chose, if any
    reason: str = ""  # why this route
    role: str = ""  # who answers, when the route is an answer
    receipt: dict[str, Any] = json_value()  # what it was predicted to cost
    inputs: dict[str, str] = json_value()
    constraints: list[list[str]] = json_value(list)  # [id, text], word for word from the request
    pages: dict[str, str] = (
        json_value()
    )  # the text of the line and its roles, by path, as they were at the start
    plan: dict[str, Any] = json_value()  # the approved plan
    tag: str  # opens and closes the parts of this run's briefs
    paused: bool = False
    night: bool = False  # what it asks at night is held until the morning
    begin_at: datetime | None = maybe_moment()  # the plan's tasks start no earlier
    due_at: datetime | None = maybe_moment()  # by when people want the result
    cap_usd: float | None = None  # at this spend it asks; None: as the policy says
    extra_usd: float = 0.0  # what people allowed beyond every cap
    extra_tokens: int = 0
    extra_calls: int = 0
    extra_minutes: float = 0.0
    schedule_id: str = ""  # the schedule that asked, if one did
    handed_by: list[str] = json_value(list)  # who was the requester before, oldest first
    error: str = ""
    created_at: datetime = moment()
    ended_at: datetime | None = maybe_moment()


class Task(SQLModel, table=True):
    """One station at work in a run. ``token`` is fresh each time the engine picks it up: an old worker writes nothing."""

    run_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)  # such as research-2; no colon
    kind: TaskKind
    position: int  # in page order; triage is 0, plan is 1
    state: TaskState = Field(default=TaskState.BLOCKED, index=True)  # the sweep asks which are under way
    attempt: int = 1
    cause: Cause = Cause.FIRST
    failures: int = 0  # technical ones in a row
    token: str = ""
    spec: dict[str, Any] = json_value()  # the PlanTask
    error: str = ""  # why it failed, for people
    note: str = prose()  # why a person sent it back
    began_at: datetime | None = maybe_moment()
    ended_at: datetime | None = maybe_moment()


class Document(SQLModel, table=True):
    """A file or page a run may read: its text, and which page or row each part of it is."""

    __table_args__ = (UniqueConstraint("run_id", "origin"),)

    run_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)  # d1, d2, … in the order they came
    origin: str  # a Slack file id, or an address
    name: str
    media_type: str = ""
    text: str = prose()
    sha256: str = ""  # of the text
    spans: list[list[Any]] = json_value(list)  # [label, start, end]
    problem: str = ""  # why it could not be read: a named hole
    added_at: datetime = moment()


class Brief(SQLModel, table=True):
    """Exactly what one conversation began with, kept so that a restart shows an agent the same bytes."""

    run_id: str = Field(primary_key=True)
    task_key: str = Field(primary_key=True)
    attempt: int = Field(primary_key=True)
    name: str = Field(primary_key=True)  # "work", "review-1", "revision-1", …
    role: str
    system: str = prose()
    text: str = prose()
    manifest: list[dict[str, Any]] = json_value(
        list
    )  # where each part came from: id, kind, source, sha256, tokens
    digest: str = ""


class Call(SQLModel, table=True):
    """One model or tool call: the intent before it, the result before it is used."""

    run_id: str = Field(primary_key=True)
    task_key: str = Field(primary_key=True)
    attempt: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    kind: CallKind
    name: str  # a model's role, or a tool
    digest: str  # of what was asked: a replay that asks otherwise ends loudly
    state: CallState = CallState.INTENT
    result: dict[str, Any] = json_value()
    model: str = ""
    tokens: int = 0  # in and out
    usd: float = 0.0
    priced: bool = True  # False: the model's price is unknown and the dearest known one was counted
    faults: list[list[str]] = json_value(list)  # [of which part, why] for each time it was tried in vain
    began_at: datetime = moment()
    ended_at: datetime | None = maybe_moment()
    worked_s: float = 0.0  # of its last making, what it waited for half price left out


class Artifact(SQLModel, table=True):
    """Something made; a version never changes."""

    __table_args__ = (UniqueConstraint("run_id", "task_key", "version"),)

    id: str = Field(primary_key=True)
    run_id: str = Field(index=True)
    task_key: str
    version: int
    name: str
    text: str = prose()
    sha256: str
    made_by: str  # a role, or the Slack user id of the person who edited it
    label: str = ""  # "offline mode: no language model", or nothing
    problems: list[dict[str, Any]] = json_value(list)  # what checks and review found and nobody mended
    created_at: datetime = moment()


class Handoff(SQLModel, table=True):
    """What a finished attempt passes on."""

    run_id: str = Field(primary_key=True)
    task_key: str = Field(primary_key=True)
    attempt: int = Field(primary_key=True)
    artifact_id: str
    summary: str = prose()
    findings: list[dict[str, Any]] = json_value(list)
    decisions: list[dict[str, Any]] = json_value(list)
    open_questions: list[str] = json_value(list)


class Review(SQLModel, table=True):
    """One round of checks by code and a reviewer's verdict."""

    run_id: str = Field(primary_key=True)
    task_key: str = Field(primary_key=True)
    attempt: int = Field(primary_key=True)
    round: int = Field(primary_key=True)
    role: str = ""  # empty: checks by code only
    problems: list[dict[str, Any]] = json_value(list)
    criteria: list[dict[str, Any]] = json_value(list)


class Note(SQLModel, table=True):
    """What a person wrote in the thread while the run was going."""

    __table_args__ = (UniqueConstraint("channel", "ts"),)

    id: int | None = Field(default=None, primary_key=True)
    run_id: str = Field(index=True)
    by: str
    text: str = prose()
    channel: str
    ts: str
    at: datetime = moment()


class Checkpoint(SQLModel, table=True):
    """A question for people. One row, one compare-and-set, decides."""

    id: str = Field(primary_key=True)
    run_id: str = Field(index=True)
    task_key: str
    attempt: int
    kind: CheckpointKind
    state: CheckpointState = Field(default=CheckpointState.OPEN, index=True)
    version: int = 1  # an edit makes a new one: older buttons are stale
    nonce: str
    question: str = prose()
    payload: dict[str, Any] = json_value()  # exactly what is decided on
    digest: str  # of the canonical payload
    policy: dict[str, Any] = json_value()  # as it was when opened
    effect: EffectClass = EffectClass.R1
    requester: str
    artifact_id: str = ""
    opened_at: datetime = moment()
    held_until: datetime | None = maybe_moment()  # asked in the night, shown in the morning
    due_at: datetime | None = maybe_moment()  # when silence gets its meaning
    closed_at: datetime | None = maybe_moment()
    decided_by: str = ""
    note: str = prose()  # why it was sent back
    answers: dict[str, str] = json_value()  # what a question's form held


class Vote(SQLModel, table=True):
    """One person's answer to one version. The key makes a second click the same vote."""

    checkpoint_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    by: str = Field(primary_key=True)
    answer: VoteAnswer
    note: str = prose()
    at: datetime = moment()


class Seen(SQLModel, table=True):
    """When a person first opened one version of a checkpoint in full."""

    checkpoint_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    by: str = Field(primary_key=True)
    at: datetime = moment()


_BEHIND = text("delivered < wanted")


class OutboxMessage(SQLModel, table=True):
    """A Slack message of ours. It waits to be delivered while ``delivered`` is behind ``wanted``."""

    # What was said long ago, in thousands of runs, is not in the index.
    __table_args__ = (Index("ix_outbox_waiting", "state", sqlite_where=_BEHIND, postgresql_where=_BEHIND),)

    seq: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True))
    id: str = Field(unique=True)  # goes along as metadata, so that a lost answer is found again
    kind: MessageKind
    run_id: str = Field(default="", index=True)
    checkpoint_id: str = Field(default="", index=True)
    artifact_id: str = ""
    channel: str = ""
    thread_ts: str = ""
    user: str = ""  # for a direct message: to whom
    text: str = prose()  # a notice's words, or a reaction's name
    wanted: int = 1  # one more for every change that should show
    delivered: int = 0
    ts: str = ""  # Slack's, once posted
    file_id: str = ""  # stored before an upload is completed
    attempts: int = 0
    not_before: datetime | None = maybe_moment()
    state: MessageState = MessageState.LIVE
    error: str = ""
    created_at: datetime = moment()


class InboxEvent(SQLModel, table=True):
    """A Slack event, saved before it is acknowledged."""

    event_id: str = Field(primary_key=True)
    payload: dict[str, Any] = json_value()
    received_at: datetime = moment()
    handled_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True, index=True))
    attempts: int = 0


class Event(SQLModel, table=True):
    """A line of the audit log, chained by hash. The payload's salted hash is what the chain holds."""

    seq: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True))
    run_id: str = Field(default="", index=True)
    kind: str
    by: str = ""  # a Slack user id, or empty for Jidoka itself
    at: datetime = moment()
    payload: dict[str, Any] = json_value()
    salt: str
    payload_hash: str
    previous: str
    hash: str
