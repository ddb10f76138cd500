"""How plans, subscriptions and the books lie in the database. Nothing refers to an organisation's row: the books outlive it.

Law: rows of events, documents and postings are added, and never changed or taken out.
"""

from __future__ import annotations

import sqlalchemy as sa

from folkmoot.storage import metadata
from folkmoot.storage.instant import Instant

ORG, NUMBER, CURRENCY = sa.String(32), sa.String(16), sa.String(3)

plans = sa.Table(
    "billing_plans",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("said", sa.JSON, nullable=False),
)

tax_rates = sa.Table(
    "billing_tax_rates",
    metadata,
    sa.Column("country", sa.String(2), primary_key=True),
    sa.Column("since", sa.Date, primary_key=True),
    sa.Column("rate", sa.Integer, nullable=False),
    sa.Column("name", sa.String(32), nullable=False),
)

customers = sa.Table(
    "billing_customers",
    metadata,
    sa.Column("org", ORG, primary_key=True),
    sa.Column("said", sa.JSON, nullable=False),
)

events = sa.Table(
    "billing_events",
    metadata,
    sa.Column("org", ORG, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("said", sa.JSON, nullable=False),
)

subscriptions = sa.Table(
    "billing_subscriptions",
    metadata,
    sa.Column("org", ORG, primary_key=True),
    sa.Column("standing", sa.String(16), nullable=False),
    sa.Column("plan", sa.String(32)),
    sa.Column("restricted", sa.Boolean, nullable=False),
    sa.Column("due_on", sa.Date, index=True),
    sa.Column("until", sa.Date),
)
"""What the events come to, as far as it is looked for. `until`: a contract's last day, also of one that hasn't begun."""

pending = sa.Table(
    "billing_pending",
    metadata,
    sa.Column("org", ORG, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("said", sa.JSON, nullable=False),
)
"""Lines for the next invoice: the `place`th of an event."""

numbers = sa.Table(
    "billing_numbers",
    metadata,
    sa.Column("series", sa.String(1), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
)
"""The last number that was given, and on which day."""

documents = sa.Table(
    "billing_documents",
    metadata,
    sa.Column("number", NUMBER, primary_key=True),
    sa.Column("org", ORG, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("corrects", NUMBER, nullable=False, index=True),
    sa.Column("net", sa.BigInteger, nullable=False),
    sa.Column("said", sa.JSON, nullable=False),
    sa.Column("asked", sa.String(100), index=True, unique=True),
    sa.Index("ix_billing_documents_org", "org", "issued_on", "number"),
)
"""`asked`: the id under which somebody asked for it, which may come twice."""

postings = sa.Table(
    "billing_postings",
    metadata,
    sa.Column("transaction", sa.String(160), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("org", ORG, nullable=False),
    sa.Column("at", Instant, nullable=False, index=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("account", sa.String(32), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("currency", CURRENCY, nullable=False),
    sa.Column("document", NUMBER, nullable=False, index=True),
    sa.Index("ix_billing_postings_org", "org", "account", "currency"),
)

open_invoices = sa.Table(
    "billing_open",
    metadata,
    sa.Column("number", NUMBER, primary_key=True),
    sa.Column("org", ORG, nullable=False, index=True),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("next_on", sa.Date, index=True),
    sa.Column("taken", sa.JSON, nullable=False),
)
"""Those that still ask for something; when the next step of dunning is, and on which days the ones before were."""

days = sa.Table(
    "billing_days",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
)
"""That a job was added for."""

ways_to_pay = sa.Table(
    "billing_ways_to_pay",
    metadata,
    sa.Column("org", ORG, primary_key=True),
    sa.Column("customer", sa.String(80), nullable=False),
    sa.Column("method", sa.String(80), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
)
"""What the provider calls them, and the way to pay that is saved with it. `method` is empty where none is."""

collections = sa.Table(
    "billing_collections",
    metadata,
    sa.Column("number", NUMBER, primary_key=True),
    sa.Column("org", ORG, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("payment", sa.String(80), nullable=False),
    sa.Column("again_on", sa.Date),
    sa.Column("why", sa.String(64), nullable=False, server_default=""),
)
"""Invoices that the provider was asked to collect. `payment`: of the try that is under way, empty before it is made and after it failed;
`why`: that the last one did."""

refunds = sa.Table(
    "billing_refunds",
    metadata,
    sa.Column("id", sa.String(120), primary_key=True),
    sa.Column("org", ORG, nullable=False, index=True),
    sa.Column("payment", sa.String(80), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("currency", CURRENCY, nullable=False),
    sa.Column("failed", sa.Boolean, nullable=False),
)
"""What was given back of a provider's payment, so that no payment gives back more than it brought."""
