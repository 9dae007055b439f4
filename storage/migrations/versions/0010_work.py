"""For how long models and tools were at work on a call.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of calls that are there nobody knows it any more."""
    op.add_column("call", sa.Column("worked_s", sa.Float(), nullable=False, server_default="0"))
