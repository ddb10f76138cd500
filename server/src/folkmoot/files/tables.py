"""How files lie in the database: what is known of them. Their bytes are elsewhere."""

from __future__ import annotations

import sqlalchemy as sa

from folkmoot.storage import metadata
from folkmoot.storage.instant import Instant

files = sa.Table(
    "files",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False, index=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("type", sa.String(128), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.LargeBinary(32)),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("until", Instant, index=True),
    sa.Column("brought_by", sa.String(64)),
)
"""`owner` is whose quota it counts against, by an opaque id. Without `sha256` it is still arriving, and `size` is what is reserved.
`brought_by`: where several people bring to one owner, which of them."""
