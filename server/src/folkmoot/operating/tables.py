"""How the operator's choices and announcements lie in the database."""

from __future__ import annotations

import sqlalchemy as sa

from folkmoot.storage import metadata
from folkmoot.storage.instant import Instant

choices = sa.Table(
    "operator_choices",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
)

announcements = sa.Table(
    "announcements",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("en", sa.Text, nullable=False),
    sa.Column("zh", sa.Text, nullable=False),
    sa.Column("begins", Instant, nullable=False),
    sa.Column("ends", Instant, nullable=False, index=True),
)
