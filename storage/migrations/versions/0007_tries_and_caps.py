"""Why a call was tried in vain, and what people allowed a run beyond its caps in tokens and calls.

Revision ID: 0007
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0008"  # which was there first
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("call", sa.Column("faults", sa.JSON(), nullable=False, server_default="[]"))
    for name in ("extra_tokens", "extra_calls"):
        op.add_column("run", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
