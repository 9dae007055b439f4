"""What comes when: timers and schedules; and what holds for a while: a colleague's zone, a halt."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Index, text
from sqlmodel import Column, Field, SQLModel

from storage.columns import Moment, json_value, maybe_moment, moment, prose
from storage.words import TimerKind

NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)  # when a timer is due that stands still
_NOT_DONE = text("done_at IS NULL")


class Timer(SQLModel, table=True):
    """Something that is due at a moment. Its id is made of what and when, so that it happens once."""

    __table_args__ = (
        Index("ix_timer_due", "due_at", sqlite_where=_NOT_DONE, postgresql_where=_NOT_DONE),
    )

    id: str = Field(primary_key=True)
    kind: TimerKind
    due_at: datetime = moment()
    run_id: str = Field(default="", index=True)
    checkpoint_id: str = ""
    about: dict[str, Any] = json_value()  # what its kind needs besides
    done_at: datetime | None = maybe_moment()


class Schedule(SQLModel, table=True):
    """A request that is made again and again, or once at a moment to come."""

    id: str = Field(primary_key=True)
    team: str
    channel: str
    by: str  # whoever made it is the requester of its runs
    request: str = prose()
    files: list[dict[str, Any]] = json_value(list)  # Slack's, of the message that asked: each run gets them
    line: str = ""  # the line a person chose; empty: whichever fits
    repeat: str  # the canonical text of when
    zone: str  # such as Europe/Berlin
    next_at: datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True, index=True))
    until: datetime | None = maybe_moment()  # from here on it comes no more
    approved: dict[str, Any] = json_value()  # what a person said yes to when its plan was last asked
    paused: bool = False
    created_at: datetime = moment()
    ended_at: datetime | None = maybe_moment()


class Colleague(SQLModel, table=True):
    """What is known of a person beside Slack's fresh facts: where their day is."""

    id: str = Field(primary_key=True)  # a Slack user id
    name: str = ""
    zone: str = ""  # such as Europe/Berlin
    at: datetime = moment()  # when Slack said so
    home_at: datetime | None = maybe_moment()  # when they last opened their Home tab


class Halt(SQLModel, table=True):
    """While a workspace has a row here, nothing of it starts."""

    team: str = Field(primary_key=True)
    by: str
    why: str = prose()
    at: datetime = moment()
