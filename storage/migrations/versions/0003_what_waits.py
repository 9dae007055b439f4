"""Indexes that hold only what waits, so that ended runs and delivered messages cost a sweep nothing.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the tasks under way, and the messages behind what is wanted."""
    behind = sa.text("delivered < wanted")
    op.create_index("ix_task_state", "task", ["state"])
    op.drop_index("ix_outbox_waiting", "outboxmessage")
    op.create_index("ix_outbox_waiting", "outboxmessage", ["state"], sqlite_where=behind, postgresql_where=behind)
