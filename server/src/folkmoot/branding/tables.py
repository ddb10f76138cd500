"""How branding lies in the database. A change here needs a migration in `storage/migrations`."""

from __future__ import annotations

import sqlalchemy as sa

from folkmoot.orgs.tables import ID
from folkmoot.storage import metadata
from folkmoot.storage.instant import Instant

branding = sa.Table(
    "org_branding",
    metadata,
    sa.Column("org", ID, sa.ForeignKey("orgs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("line_en", sa.Text, nullable=False),
    sa.Column("line_zh", sa.Text, nullable=False),
    sa.Column("accent", sa.Integer),
    sa.Column("accent_dark", sa.Integer),
    sa.Column("logo", sa.String(40)),
    sa.Column("logo_width", sa.Integer, nullable=False),
    sa.Column("logo_height", sa.Integer, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)
"""Colours are 0xRRGGBB. `accent_dark` is null where it follows from `accent`; `logo` is a file's id, and nobody else has that file."""
