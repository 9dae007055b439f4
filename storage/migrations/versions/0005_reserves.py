"""What model calls under way may cost at most.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of what is set aside."""
    op.create_table(
        "reserve",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("run_id", "task_key")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("attempt", "seq")),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("usd", sa.Float(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "task_key", "attempt", "seq"),
    )
