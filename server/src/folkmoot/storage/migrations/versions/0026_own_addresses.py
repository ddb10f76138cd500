"""Addresses of organisations' own that lead here, and who their mails are from."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "org_hosts",
        sa.Column("host", sa.String(253), primary_key=True),
        sa.Column("org", sa.String(32), nullable=False),
        sa.Column("added_at", sa.DateTime, nullable=False),
        sa.Column("ready_at", sa.DateTime),
        sa.Column("looked_at", sa.DateTime),
        sa.Column("seen", sa.String(16)),
        sa.Column("certificate_until", sa.DateTime),
        sa.Column("wrong_since", sa.DateTime),
        sa.Column("leaving_since", sa.DateTime),
        sa.Column("why", sa.String(16)),
    )
    op.create_index("ix_org_hosts_org", "org_hosts", ["org"])
    op.create_table(
        "org_senders",
        sa.Column("org", sa.String(32), sa.ForeignKey("orgs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("skeleton", sa.Text, nullable=False),
        sa.Column("reply_to", sa.String(320)),
        sa.Column("address", sa.String(320)),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("good_at", sa.DateTime),
        sa.Column("looked_at", sa.DateTime),
        sa.Column("seen", sa.String(255), nullable=False),
    )
    op.create_index("ix_org_senders_skeleton", "org_senders", ["skeleton"])
