"""How organisations look to those who meet with them."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "org_branding",
        sa.Column("org", sa.String(32), sa.ForeignKey("orgs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("line_en", sa.Text, nullable=False),
        sa.Column("line_zh", sa.Text, nullable=False),
        sa.Column("accent", sa.Integer),
        sa.Column("accent_dark", sa.Integer),
        sa.Column("logo", sa.String(40)),
        sa.Column("logo_width", sa.Integer, nullable=False),
        sa.Column("logo_height", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
    )
