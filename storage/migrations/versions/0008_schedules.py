"""What a schedule may have besides: files, a line, a last day, and the plan that a person approved for it.

Revision ID: 0008
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; schedules that are there have none of it."""
    for name, empty in (("files", "[]"), ("approved", "{}")):
        op.add_column("schedule", sa.Column(name, sa.JSON(), nullable=False, server_default=empty))
    op.add_column("schedule", sa.Column("line", sa.String(), nullable=False, server_default=""))
    op.add_column("schedule", sa.Column("until", sa.DateTime(), nullable=True))
