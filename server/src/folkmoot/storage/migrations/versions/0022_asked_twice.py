"""Under which id a credit note was asked for: asked for twice, it is written once."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("billing_documents", sa.Column("asked", sa.String(100)))
    op.create_index("ix_billing_documents_asked", "billing_documents", ["asked"], unique=True)
