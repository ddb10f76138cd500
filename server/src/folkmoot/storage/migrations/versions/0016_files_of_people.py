"""Who brought a file to what owns it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("files", sa.Column("brought_by", sa.String(64)))
