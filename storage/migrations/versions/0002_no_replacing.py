"""REPLACE INTO swaps a line of the audit log without asking the trigger on DELETE, so a line of the same number is refused.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TRIGGER = """
    CREATE TRIGGER event_refuses_replace BEFORE INSERT ON event
    WHEN EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'The audit log is never changed.'); END
"""


def upgrade() -> None:
    """Refuse a line whose number is taken."""
    op.execute(TRIGGER)
