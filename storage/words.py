"""The closed sets: one word for one thing, in rows, code and messages."""

from enum import StrEnum


class Route(StrEnum):
    """How a request is worked on."""

    ANSWER = "answer"  # one agent, one deliverable
    LINE = "line"  # a page fits
    PLAN = "plan"  # the orchestrator decomposes


class RunState(StrEnum):
    """Where a run stands; the last three are ends."""

    WORKING = "working"
    WAITING = "waiting"  # only people can move it on
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


ENDED = frozenset({RunState.DONE, RunState.FAILED, RunState.STOPPED})


class TaskKind(StrEnum):
    """What a task is for."""

    TRIAGE = "triage"
    PLAN = "plan"
    WORK = "work"


class TaskState(StrEnum):
    """Where a task stands; the last three are ends."""

    BLOCKED = "blocked"  # something it needs is not there yet
    QUEUED = "queued"  # handed to the engine
    WORKING = "working"
    ASKING = "asking"  # a checkpoint of its own is open
    DONE = "done"
    FAILED = "failed"  # leaves a named hole
    STOPPED = "stopped"


UNDER_WAY = (TaskState.QUEUED, TaskState.WORKING)


class Cause(StrEnum):
    """Why an attempt began."""

    FIRST = "first"
    RETRY = "retry"  # the one before failed technically
    SENT_BACK = "sent_back"
    ANSWERED = "answered"  # a person answered its question
    AGAIN = "again"  # a person ran it again
    STALLED = "stalled"  # the one before came to a standstill, and the plan is made anew


class CheckpointKind(StrEnum):
    """What people are asked."""

    PLAN = "plan"
    DRAFT = "draft"
    QUESTION = "question"
    EFFECT = "effect"
    BUDGET = "budget"
    ESCALATION = "escalation"


class CheckpointState(StrEnum):
    """A checkpoint is open, or has its one outcome."""

    OPEN = "open"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    STOPPED = "stopped"
    ANSWERED = "answered"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class VoteAnswer(StrEnum):
    """What a person can say to a checkpoint."""

    APPROVE = "approve"
    SEND_BACK = "send_back"
    STOP = "stop"
    ANSWER = "answer"  # a question's form
    FINISH = "finish"  # a budget's: deliver what there is


class AnswerKind(StrEnum):
    """What a question wants to be told."""

    TEXT = "text"
    CHOICE = "choice"  # one of its options
    CHOICES = "choices"  # one or more of them, a line each
    NUMBER = "number"
    DATE = "date"  # such as 2026-12-24
    FILE = "file"  # sent in the form; the answer names them


class CallKind(StrEnum):
    """What an agent's recorded call was made to."""

    MODEL = "model"
    TOOL = "tool"


class CallState(StrEnum):
    """The life of a recorded call."""

    INTENT = "intent"  # about to be made, or under way when the process ended
    DONE = "done"


class MessageKind(StrEnum):
    """What an outbox message says; its rows say the rest."""

    REACTION = "reaction"
    STATUS = "status"
    CHECKPOINT = "checkpoint"
    RESULT = "result"
    FILE = "file"
    FIGURES = "figures"  # of the week, as a picture with words; the row's text holds both
    NOTICE = "notice"  # one sentence, kept in the row
    SCHEDULE = "schedule"  # of the schedule whose id is the row's text
    REQUEST = "request"  # what a schedule asks for at its moment: a run's request
    BRIEF = "brief"  # of a morning; the row's text says what it covers
    EFFECT = "effect"  # not said in a thread but done: the row's text is what was approved, word for word


class MessageState(StrEnum):
    """Whether an outbox message can still be delivered."""

    LIVE = "live"
    DEAD = "dead"  # refused for good; the error says why


class Silence(StrEnum):
    """What it means when nobody decides in time."""

    WAIT = "wait"
    STOP = "stop"
    SKIP = "skip"  # the task leaves a named hole
    PROCEED = "proceed"  # for R0 and R1 only


class Unit(StrEnum):
    """What a cap counts."""

    USD = "usd"
    TOKENS = "tokens"
    CALLS = "calls"  # of models
    MINUTES = "minutes"  # in which models or tools were at work, however many side by side


class EffectClass(StrEnum):
    """How far an effect reaches; the code that does it sets the class, never a model."""

    R0 = "R0"  # reads
    R1 = "R1"  # drafts
    R2 = "R2"  # can be undone, inside
    R3 = "R3"  # external
    R4 = "R4"  # irreversible, money or legal


class TimerKind(StrEnum):
    """What is due at a moment."""

    BEGIN = "begin"  # a run's window opens
    TELL = "tell"  # deciders are written to directly
    SHOW = "show"  # what was held in the night is asked
    REMIND = "remind"
    ESCALATE = "escalate"
    EXPIRE = "expire"  # a checkpoint's deadline
    OVERDUE = "overdue"  # a run's deadline
    BRIEF = "brief"  # a person's or channel's morning brief
    WEEKLY = "weekly"  # figures of the week
