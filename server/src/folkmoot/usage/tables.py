"""How usage lies in the database.

Law: a row of `usage_days` names nobody. A row of `usage_positions` goes with the log that it is of.
"""

from __future__ import annotations

import sqlalchemy as sa

from folkmoot.storage import metadata
from folkmoot.storage.instant import Instant

days = sa.Table(
    "usage_days",
    metadata,
    sa.Column("org", sa.String(32), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("ms", sa.BigInteger, nullable=False),
    sa.Column("meetings", sa.BigInteger, nullable=False),
    sa.Column("peak", sa.Integer, nullable=False),
    sa.Column("people", sa.BigInteger, nullable=False, server_default="0"),
    sa.Index("ix_usage_days_day", "day"),
)
"""`org` is empty where a meeting is of no organisation."""

positions = sa.Table(
    "usage_positions",
    metadata,
    sa.Column("number", sa.String(12), primary_key=True),
    sa.Column("occurrence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("org", sa.String(32), nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("here", sa.JSON, nullable=False),
    sa.Column("met", sa.Boolean, nullable=False),
    sa.Column("over", sa.Boolean, nullable=False),
    sa.Column("seen", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("since_ms", sa.BigInteger),
    sa.Index("ix_usage_positions_since", "since_ms"),
)
"""`over`: the meeting has ended, and all of its log was read. `since_ms`: null where nobody is in."""

sittings = sa.Table(
    "usage_sittings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("org", sa.String(32), nullable=False),
    sa.Column("began_ms", sa.BigInteger, nullable=False),
    sa.Column("ended_ms", sa.BigInteger, nullable=False),
    sa.Index("ix_usage_sittings_org", "org", "ended_ms"),
    sa.Index("ix_usage_sittings_ended", "ended_ms"),
)
"""In which some meeting had somebody in it: neither which, nor whom. Kept as long as somebody may ask how many there were at once."""

beats = sa.Table(
    "usage_beats",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
)
"""One row: when the server is known to have run last."""
