"""Who was let in is in the log of the meeting; what they come back with is signed, not kept."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.drop_table("participants")
