"""Time and policies: timers, schedules, people's zones, the workspace's halt, and who has opened a checkpoint.

Revision ID: 0004
Revises: 0003
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DECIDERS = {  # how a policy said it before: who, and whether whoever asked counts too
    "requester": (["requester"], True),
    "others": (["members"], False),
    "members": (["members"], True),
}


def upgrade() -> None:
    """Add the tables and columns, and say kept policies in the new form."""
    _add_columns()
    _add_tables()
    _say_policies_anew()


def _add_columns() -> None:
    op.add_column("run", sa.Column("night", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in ("begin_at", "due_at"):
        op.add_column("run", sa.Column(name, sa.DateTime(), nullable=True))
    op.add_column("run", sa.Column("cap_usd", sa.Float(), nullable=True))
    op.add_column("run", sa.Column("extra_usd", sa.Float(), nullable=False, server_default="0"))
    op.add_column("run", sa.Column("schedule_id", sa.String(), nullable=False, server_default=""))
    op.add_column("run", sa.Column("handed_by", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("checkpoint", sa.Column("effect", sa.String(), nullable=False, server_default="R1"))
    for name in ("held_until", "due_at"):
        op.add_column("checkpoint", sa.Column(name, sa.DateTime(), nullable=True))


def _add_tables() -> None:
    op.create_table(
        "seen",
        sa.Column("checkpoint_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("checkpoint_id", "version", "by"),
    )
    op.create_table(
        "timer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("checkpoint_id", sa.String(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    not_done = sa.text("done_at IS NULL")
    op.create_index("ix_timer_due", "timer", ["due_at"], sqlite_where=not_done, postgresql_where=not_done)
    op.create_index("ix_timer_run_id", "timer", ["run_id"])
    op.create_table(
        "schedule",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", "team", "channel", "by")),
        sa.Column("request", sa.Text(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("repeat", "zone")),
        sa.Column("next_at", sa.DateTime(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_schedule_next_at", "schedule", ["next_at"])
    op.create_table(
        "colleague",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("id", "name", "zone")),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("home_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "halt",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("team", "by")),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("team"),
    )


def _say_policies_anew() -> None:
    kept = sa.table("checkpoint", sa.column("id", sa.String()), sa.column("policy", sa.JSON()))
    rows = op.get_bind().execute(sa.select(kept.c.id, kept.c.policy)).all()
    for checkpoint_id, policy in rows:
        said = json.loads(policy) if isinstance(policy, str) else dict(policy)
        if said.get("deciders") in DECIDERS:
            who, requester = DECIDERS[said["deciders"]]
            anew = {**said, "deciders": [who], "requester": requester}
            op.get_bind().execute(sa.update(kept).where(kept.c.id == checkpoint_id).values(policy=anew))
