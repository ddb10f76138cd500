"""What is at a provider of payments: saved ways to pay, collections, refunds."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "billing_ways_to_pay",
        sa.Column("org", sa.String(32), primary_key=True),
        sa.Column("customer", sa.String(80), nullable=False),
        sa.Column("method", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_billing_ways_to_pay_method", "billing_ways_to_pay", ["method"])
    op.create_table(
        "billing_collections",
        sa.Column("number", sa.String(16), primary_key=True),
        sa.Column("org", sa.String(32), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("payment", sa.String(80), nullable=False),
        sa.Column("again_on", sa.Date),
    )
    op.create_table(
        "billing_refunds",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("org", sa.String(32), nullable=False),
        sa.Column("payment", sa.String(80), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("failed", sa.Boolean, nullable=False),
    )
    op.create_index("ix_billing_refunds_org", "billing_refunds", ["org"])
