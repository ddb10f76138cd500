"""Which organisation a meeting belongs to, and who follows when an account goes."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("calendar_series", sa.Column("org", sa.String(32)))
    op.create_index("ix_calendar_series_org", "calendar_series", ["org"])
    op.add_column("calendar_people", sa.Column("heir", sa.String(32)))
