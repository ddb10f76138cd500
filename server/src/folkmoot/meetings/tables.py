"""How meetings lie in the database. A change here needs a migration in `storage/migrations`."""

from __future__ import annotations

import sqlalchemy as sa

from folkmoot.storage import metadata
from folkmoot.storage.instant import Instant

NUMBER = sa.String(12)

meetings = sa.Table(
    "meetings",
    metadata,
    sa.Column("number", NUMBER, primary_key=True),
    sa.Column("occurrence", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("admission_hash", sa.LargeBinary, nullable=False),
    sa.Column("passcode_hash", sa.LargeBinary, nullable=False),
    sa.Column("host_key_hash", sa.LargeBinary, nullable=False),
    sa.Column("locked", sa.Boolean, nullable=False),
    sa.Column("entered", sa.Boolean, nullable=False),
    sa.Column("empty_since", Instant),
    sa.Column("ended_at", Instant, index=True),
    sa.Column("reserved", sa.BigInteger, nullable=False),
    sa.Column("planned", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("keeps_until", Instant),
)
"""One row for each number. Of a planned meeting it tells of the occurrence that began last; it has begun none at 0."""

occurrences = sa.Table(
    "meeting_occurrences",
    metadata,
    sa.Column("number", NUMBER, sa.ForeignKey("meetings.number"), primary_key=True),
    sa.Column("occurrence", sa.Integer, primary_key=True),
    sa.Column("planned_for", sa.String(16), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("ended_at", Instant, index=True),
    sa.Column("people", sa.Integer, nullable=False),
)
"""Of planned meetings: each that took place, until its log is forgotten."""

bans = sa.Table(
    "meeting_bans",
    metadata,
    sa.Column("number", NUMBER, sa.ForeignKey("meetings.number"), primary_key=True),
    sa.Column("mark", sa.String(64), primary_key=True),
    sa.Column("at", Instant, nullable=False),
)
"""Of planned meetings: who was removed for good comes to no later occurrence."""

events = sa.Table(
    "meeting_events",
    metadata,
    sa.Column("number", NUMBER, sa.ForeignKey("meetings.number"), primary_key=True),
    sa.Column("occurrence", sa.Integer, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("feature", sa.String(32), nullable=False),
    sa.Column("type", sa.String(32), nullable=False),
    sa.Column("by", sa.String(32)),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("audience", sa.JSON(none_as_null=True)),
    sa.Column("command", sa.String(64)),
)

snapshots = sa.Table(
    "meeting_snapshots",
    metadata,
    sa.Column("number", NUMBER, sa.ForeignKey("meetings.number"), primary_key=True),
    sa.Column("occurrence", sa.Integer, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("shape", sa.String(64), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
)

network_keys = sa.Table(
    "network_keys",
    metadata,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("key", sa.LargeBinary, nullable=False),
)

network_bans = sa.Table(
    "network_bans",
    metadata,
    sa.Column("number", NUMBER, sa.ForeignKey("meetings.number"), primary_key=True),
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("at", Instant, nullable=False),
)

invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("number", NUMBER, sa.ForeignKey("meetings.number"), primary_key=True),
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("admission_hash", sa.LargeBinary, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("revoked", sa.Boolean, nullable=False),
    sa.Index("ix_invitations_admission", "number", "admission_hash", unique=True),
)
