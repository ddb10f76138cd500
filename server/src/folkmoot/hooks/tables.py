"""How webhooks lie in the database."""

from __future__ import annotations

import sqlalchemy as sa

from folkmoot.storage import metadata
from folkmoot.storage.instant import Instant

hooks = sa.Table(
    "hooks",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False, index=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("events", sa.JSON, nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("told_at", Instant),
    sa.Column("answer", sa.String(64)),
    sa.Column("lately", sa.JSON, nullable=False),
)
"""`secret` is sealed. `answer` is how the last try ended: a status, or a word. `lately`: the last tries, the newest first."""
