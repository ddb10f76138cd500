"""Of networks a hash for a day, and its key, so that a restart forgets nobody who was removed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "network_keys",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_network_keys"),
    )
    op.create_table(
        "network_bans",
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("number", "name", name="pk_network_bans"),
        sa.ForeignKeyConstraint(["number"], ["meetings.number"], name="fk_network_bans_number"),
    )
