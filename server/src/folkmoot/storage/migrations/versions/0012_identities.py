"""Who is whom at their organisation's sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "account_identities",
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_account_identities_account"),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_account_identities"),
    )
    op.create_index("ix_account_identities_account", "account_identities", ["account"])
