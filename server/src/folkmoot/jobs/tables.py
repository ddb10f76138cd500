"""How jobs lie in the database."""

from __future__ import annotations

import sqlalchemy as sa

from folkmoot.storage import metadata
from folkmoot.storage.instant import Instant

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("failed", sa.Text),
    sa.Index("ix_jobs_kind_due_at", "kind", "due_at"),
)
"""`due_at` is null for what was given up."""
