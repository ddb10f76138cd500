"""How own addresses and senders lie in the database. A change here needs a migration in `storage/migrations`."""

from __future__ import annotations

import sqlalchemy as sa

from folkmoot.orgs.tables import ADDRESS, DOMAIN, ID
from folkmoot.storage import metadata
from folkmoot.storage.instant import Instant

hosts = sa.Table(
    "org_hosts",
    metadata,
    sa.Column("host", DOMAIN, primary_key=True),
    # no foreign key: links that were given away work on when the organisation is no more
    sa.Column("org", ID, nullable=False, index=True),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("ready_at", Instant),
    sa.Column("looked_at", Instant),
    sa.Column("seen", sa.String(16)),
    sa.Column("certificate_until", Instant),
    sa.Column("wrong_since", Instant),
    sa.Column("leaving_since", Instant),
    sa.Column("why", sa.String(16)),
)

senders = sa.Table(
    "org_senders",
    metadata,
    sa.Column("org", ID, sa.ForeignKey("orgs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("skeleton", sa.Text, nullable=False, index=True),
    sa.Column("reply_to", ADDRESS),
    sa.Column("address", ADDRESS),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("good_at", Instant),
    sa.Column("looked_at", Instant),
    sa.Column("seen", sa.String(255), nullable=False),
)
"""`skeleton`: what the name looks like, so that two that look alike are one. `seen`: codes of the last look, with spaces."""
