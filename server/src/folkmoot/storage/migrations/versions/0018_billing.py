"""Plans, subscriptions, and the books."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
ORG, NUMBER = sa.String(32), sa.String(16)


def upgrade() -> None:
    _what_is_sold()
    _subscriptions()
    _documents()
    _postings()


def _what_is_sold() -> None:
    op.create_table(
        "billing_plans",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("said", sa.JSON, nullable=False),
    )
    op.create_table(
        "billing_tax_rates",
        sa.Column("country", sa.String(2), primary_key=True),
        sa.Column("since", sa.Date, primary_key=True),
        sa.Column("rate", sa.Integer, nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
    )
    op.create_table(
        "billing_customers",
        sa.Column("org", ORG, primary_key=True),
        sa.Column("said", sa.JSON, nullable=False),
    )


def _subscriptions() -> None:
    op.create_table(
        "billing_events",
        sa.Column("org", ORG, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("by", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("said", sa.JSON, nullable=False),
    )
    op.create_table(
        "billing_subscriptions",
        sa.Column("org", ORG, primary_key=True),
        sa.Column("standing", sa.String(16), nullable=False),
        sa.Column("plan", sa.String(32)),
        sa.Column("restricted", sa.Boolean, nullable=False),
        sa.Column("due_on", sa.Date),
    )
    op.create_index("ix_billing_subscriptions_due_on", "billing_subscriptions", ["due_on"])
    op.create_table(
        "billing_pending",
        sa.Column("org", ORG, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("said", sa.JSON, nullable=False),
    )
    op.create_table("billing_days", sa.Column("day", sa.Date, primary_key=True))


def _documents() -> None:
    op.create_table(
        "billing_numbers",
        sa.Column("series", sa.String(1), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
    )
    op.create_table(
        "billing_documents",
        sa.Column("number", NUMBER, primary_key=True),
        sa.Column("org", ORG, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("corrects", NUMBER, nullable=False),
        sa.Column("net", sa.BigInteger, nullable=False),
        sa.Column("said", sa.JSON, nullable=False),
    )
    op.create_index("ix_billing_documents_corrects", "billing_documents", ["corrects"])
    op.create_index("ix_billing_documents_org", "billing_documents", ["org", "issued_on", "number"])
    op.create_table(
        "billing_open",
        sa.Column("number", NUMBER, primary_key=True),
        sa.Column("org", ORG, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("next_on", sa.Date),
        sa.Column("taken", sa.JSON, nullable=False),
    )
    op.create_index("ix_billing_open_org", "billing_open", ["org"])
    op.create_index("ix_billing_open_next_on", "billing_open", ["next_on"])


def _postings() -> None:
    op.create_table(
        "billing_postings",
        sa.Column("transaction", sa.String(160), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("org", ORG, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("document", NUMBER, nullable=False),
    )
    for name, columns in {
        "at": ["at"], "document": ["document"], "org": ["org", "account", "currency"],
    }.items():  # fmt: skip
        op.create_index(f"ix_billing_postings_{name}", "billing_postings", columns)
