"""How the last tries of a webhook went."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("hooks", sa.Column("lately", sa.JSON, nullable=False, server_default="[]"))
