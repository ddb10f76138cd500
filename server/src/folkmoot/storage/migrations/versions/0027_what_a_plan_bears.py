"""How many meetings there were at once; until when a contract is; why an invoice couldn't be collected."""

import calendar
import json
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("usage_positions", sa.Column("since_ms", sa.BigInteger))
    op.create_index("ix_usage_positions_since", "usage_positions", ["since_ms"])
    op.create_table(
        "usage_sittings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("org", sa.String(32), nullable=False),
        sa.Column("began_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_usage_sittings_org", "usage_sittings", ["org", "ended_ms"])
    op.create_index("ix_usage_sittings_ended", "usage_sittings", ["ended_ms"])
    why = sa.Column("why", sa.String(64), nullable=False, server_default="")
    op.add_column("billing_collections", why)
    op.add_column("billing_subscriptions", sa.Column("until", sa.Date))
    for org, until in _contracts(op.get_bind()).items():
        mine = sa.text("UPDATE billing_subscriptions SET until = :until WHERE org = :org")
        op.get_bind().execute(mine.bindparams(sa.bindparam("until", until, sa.Date), org=org))


def _contracts(connection: sa.Connection) -> dict[str, date]:
    """By organisation the last day of what was agreed, unless it was taken back, or all ended."""
    found: dict[str, tuple[str, date]] = {}
    told = "SELECT org, kind, said FROM billing_events WHERE kind IN ('QuoteAccepted', 'QuoteWithdrawn', 'Ended') ORDER BY org, seq"
    for org, kind, text in connection.execute(sa.text(told)):
        said = json.loads(text) if isinstance(text, str) else text
        if kind == "QuoteAccepted":
            found[org] = said["quote"]["id"], _last(said["quote"])
        elif org in found and (
            said["quote"] == found[org][0] if kind == "QuoteWithdrawn" else said["day"] > str(found[org][1])
        ):
            del found[org]
    return {org: until for org, (_, until) in found.items()}


def _last(quote: dict[str, Any]) -> date:
    starts = date.fromisoformat(quote["starts"])
    year, month = divmod(starts.year * 12 + starts.month - 1 + quote["months"], 12)
    longest = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(starts.day, longest)) - timedelta(days=1)
