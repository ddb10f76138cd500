"""How the calendar lies in the database. What a meeting is at its door, its number and its links, is `meetings`' own."""

from __future__ import annotations

import sqlalchemy as sa

from folkmoot.storage import metadata
from folkmoot.storage.instant import Instant

SERIES = sa.String(32)

series = sa.Table(
    "calendar_series",
    metadata,
    sa.Column("id", SERIES, primary_key=True),
    sa.Column("number", sa.String(12), nullable=False, unique=True),
    sa.Column("owner", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("notes", sa.Text, nullable=False),
    sa.Column("zone", sa.String(64), nullable=False),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column("plan", sa.JSON, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("link_version", sa.Integer, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("cancelled_at", Instant),
    sa.Column("over_at", Instant),
    sa.Column("org", sa.String(32), index=True),
    sa.Column("handed_by", sa.String(32), index=True),
    sa.Index("ix_calendar_series_owner", "owner", "over_at"),
)
"""`plan` is the rule and what differs from it. `over_at` is when the last of it is over; null: it goes on, or has no times.
`org` is the organisation that it belongs to; null: its owner alone. `handed_by` is whose it was; null: its owner has said that they keep it."""

invitations = sa.Table(
    "calendar_invitations",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("series", SERIES, sa.ForeignKey("calendar_series.id"), nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("address", sa.String(320), index=True),
    sa.Column("account", sa.String(32), index=True),
    sa.Column("language", sa.String(16), nullable=False),
    sa.Column("cohost", sa.Boolean, nullable=False),
    sa.Column("answer", sa.String(8)),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("revoked", sa.Boolean, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
)

templates = sa.Table(
    "calendar_templates",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(32), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("wish", sa.JSON, nullable=False),
)

people = sa.Table(
    "calendar_people",
    metadata,
    sa.Column("account", sa.String(32), primary_key=True),
    sa.Column("feed_version", sa.Integer, nullable=False),
    sa.Column("quiet_from", sa.String(5)),
    sa.Column("quiet_to", sa.String(5)),
    sa.Column("ring_by_mail", sa.Boolean, nullable=False),
    sa.Column("heir", sa.String(32)),
)
"""What somebody wants of their calendar. Who has no row wants nothing else than is usual."""
