"""Links of one person's own."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("admission_hash", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("revoked", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("number", "id", name="pk_invitations"),
        sa.ForeignKeyConstraint(["number"], ["meetings.number"], name="fk_invitations_number"),
    )
    op.create_index("ix_invitations_admission", "invitations", ["number", "admission_hash"], unique=True)
