"""How many people came, once a meeting and day."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("usage_days", sa.Column("people", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("usage_positions", sa.Column("seen", sa.JSON, nullable=False, server_default="[]"))
