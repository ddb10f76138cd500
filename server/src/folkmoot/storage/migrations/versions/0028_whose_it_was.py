"""Whose a meeting was, until who was made its organiser says that they keep it."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("calendar_series", sa.Column("handed_by", sa.String(32)))
    op.create_index("ix_calendar_series_handed_by", "calendar_series", ["handed_by"])
