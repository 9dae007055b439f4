"""What people allowed a run beyond its cap in minutes of work.

Revision ID: 0009
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"  # the newest: 0008 was there before it
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("run", sa.Column("extra_minutes", sa.Float(), nullable=False, server_default="0"))
