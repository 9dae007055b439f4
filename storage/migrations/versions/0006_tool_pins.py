"""What tools of other programs said of themselves when they were allowed.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of pinned tools."""
    op.create_table(
        "tool_pin",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name", "accepted", "offered", "by")),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
