"""The first tables, and an audit log nobody can change.

Revision ID: 0001
Revises:
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Columns = list[sa.Column[Any]]
REFUSED = "The audit log is never changed."


def upgrade() -> None:
    """Make every table, then lock the audit log."""
    _runs()
    _work()
    _people()
    _messages()
    _audit()


def _runs() -> None:
    op.create_table(
        "run",
        *_word("id"),
        *_count("rev"),
        *_word("state", "team", "channel", "thread_ts", "request_ts", "requester"),
        *_prose("request"),
        *_json("files"),
        *_word("title", "route", "line", "reason", "role"),
        *_json("receipt", "inputs", "constraints", "pages", "plan"),
        *_word("tag"),
        *_flag("paused"),
        *_word("error"),
        *_moment("created_at"),
        *_maybe("ended_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "request_ts"),
    )
    op.create_index("ix_run_state", "run", ["state"])
    op.create_index("ix_run_thread_ts", "run", ["thread_ts"])
    op.create_table(
        "task",
        *_word("run_id", "key", "kind"),
        *_count("position"),
        *_word("state"),
        *_count("attempt"),
        *_word("cause"),
        *_count("failures"),
        *_word("token"),
        *_json("spec"),
        *_word("error"),
        *_prose("note"),
        *_maybe("began_at", "ended_at"),
        sa.PrimaryKeyConstraint("run_id", "key"),
    )
    op.create_table(
        "note",
        *_count("id"),
        *_word("run_id", "by"),
        *_prose("text"),
        *_word("channel", "ts"),
        *_moment("at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "ts"),
    )
    op.create_index("ix_note_run_id", "note", ["run_id"])
    op.create_table(
        "document",
        *_word("run_id", "id", "origin", "name", "media_type"),
        *_prose("text"),
        *_word("sha256"),
        *_json("spans"),
        *_word("problem"),
        *_moment("added_at"),
        sa.PrimaryKeyConstraint("run_id", "id"),
        sa.UniqueConstraint("run_id", "origin"),
    )


def _work() -> None:
    op.create_table(
        "brief",
        *_word("run_id", "task_key"),
        *_count("attempt"),
        *_word("name", "role"),
        *_prose("system", "text"),
        *_json("manifest"),
        *_word("digest"),
        sa.PrimaryKeyConstraint("run_id", "task_key", "attempt", "name"),
    )
    op.create_table(
        "call",
        *_word("run_id", "task_key"),
        *_count("attempt", "seq"),
        *_word("kind", "name", "digest", "state"),
        *_json("result"),
        *_word("model"),
        *_count("tokens"),
        *_money("usd"),
        *_flag("priced"),
        *_moment("began_at"),
        *_maybe("ended_at"),
        sa.PrimaryKeyConstraint("run_id", "task_key", "attempt", "seq"),
    )
    op.create_table(
        "artifact",
        *_word("id", "run_id", "task_key"),
        *_count("version"),
        *_word("name"),
        *_prose("text"),
        *_word("sha256", "made_by", "label"),
        *_json("problems"),
        *_moment("created_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("run_id", "task_key", "version"),
    )
    op.create_index("ix_artifact_run_id", "artifact", ["run_id"])
    op.create_table(
        "handoff",
        *_word("run_id", "task_key"),
        *_count("attempt"),
        *_word("artifact_id"),
        *_prose("summary"),
        *_json("findings", "decisions", "open_questions"),
        sa.PrimaryKeyConstraint("run_id", "task_key", "attempt"),
    )
    op.create_table(
        "review",
        *_word("run_id", "task_key"),
        *_count("attempt", "round"),
        *_word("role"),
        *_json("problems", "criteria"),
        sa.PrimaryKeyConstraint("run_id", "task_key", "attempt", "round"),
    )


def _people() -> None:
    op.create_table(
        "checkpoint",
        *_word("id", "run_id", "task_key"),
        *_count("attempt"),
        *_word("kind", "state"),
        *_count("version"),
        *_word("nonce"),
        *_prose("question"),
        *_json("payload"),
        *_word("digest"),
        *_json("policy"),
        *_word("requester", "artifact_id"),
        *_moment("opened_at"),
        *_maybe("closed_at"),
        *_word("decided_by"),
        *_prose("note"),
        *_json("answers"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_checkpoint_run_id", "checkpoint", ["run_id"])
    op.create_index("ix_checkpoint_state", "checkpoint", ["state"])
    op.create_table(
        "vote",
        *_word("checkpoint_id"),
        *_count("version"),
        *_word("by", "answer"),
        *_prose("note"),
        *_moment("at"),
        sa.PrimaryKeyConstraint("checkpoint_id", "version", "by"),
    )


def _messages() -> None:
    op.create_table(
        "outboxmessage",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        *_word("id", "kind", "run_id", "checkpoint_id", "artifact_id", "channel"),
        *_word("thread_ts", "user"),
        *_prose("text"),
        *_count("wanted", "delivered"),
        *_word("ts", "file_id"),
        *_count("attempts"),
        *_maybe("not_before"),
        *_word("state", "error"),
        *_moment("created_at"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("ix_outbox_waiting", "outboxmessage", ["state", "wanted", "delivered"])
    op.create_index("ix_outboxmessage_checkpoint_id", "outboxmessage", ["checkpoint_id"])
    op.create_index("ix_outboxmessage_run_id", "outboxmessage", ["run_id"])
    op.create_table(
        "inboxevent",
        *_word("event_id"),
        *_json("payload"),
        *_moment("received_at"),
        *_maybe("handled_at"),
        *_count("attempts"),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_index("ix_inboxevent_handled_at", "inboxevent", ["handled_at"])


def _audit() -> None:
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        *_word("run_id", "kind", "by"),
        *_moment("at"),
        *_json("payload"),
        *_word("salt", "payload_hash", "previous", "hash"),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_event_run_id", "event", ["run_id"])
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER event_refuses_{deed.lower()} BEFORE {deed} ON event "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )


def _columns(kind: type[TypeEngine[Any]], names: tuple[str, ...], *, maybe: bool = False) -> Columns:
    return [sa.Column(name, kind(), nullable=maybe) for name in names]


def _word(*names: str) -> Columns:
    return _columns(sa.String, names)


def _prose(*names: str) -> Columns:
    return _columns(sa.Text, names)


def _json(*names: str) -> Columns:
    return _columns(sa.JSON, names)


def _count(*names: str) -> Columns:
    return _columns(sa.Integer, names)


def _flag(*names: str) -> Columns:
    return _columns(sa.Boolean, names)


def _money(*names: str) -> Columns:
    return _columns(sa.Float, names)


def _moment(*names: str) -> Columns:
    return _columns(sa.DateTime, names)


def _maybe(*names: str) -> Columns:
    return _columns(sa.DateTime, names, maybe=True)
