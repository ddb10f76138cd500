"""How organisations lie in the database. A change here needs a migration in `storage/migrations`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from folkmoot.accounts.tables import ACCOUNT
from folkmoot.storage import metadata
from folkmoot.storage.instant import Instant

ID = sa.String(32)
ADDRESS = sa.String(320)
DOMAIN = sa.String(253)


def _of_an_organisation(**more: Any) -> sa.Column[str]:
    return sa.Column("org", ID, sa.ForeignKey("orgs.id", ondelete="CASCADE"), nullable=False, **more)


orgs = sa.Table(
    "orgs",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False, server_default=""),
    sa.Column("joining", sa.String(16), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Index("ix_orgs_listed", "made_at", "id", "folded"),
)

members = sa.Table(
    "org_members",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _of_an_organisation(),
    # who deletes their account is out of every organisation in that transaction
    sa.Column("account", ACCOUNT, sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True),
    sa.Column("address", ADDRESS, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sought", sa.Text, nullable=False),
    sa.Column("sort", sa.Text, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("domain", DOMAIN),
    sa.Column("external", sa.String(255)),
    sa.Column("managed", sa.Boolean, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("uq_org_members_org_account", "org", "account", unique=True),
    sa.Index("uq_org_members_org_address", "org", "address", unique=True),
    # the directory is searched in here, and nowhere else
    sa.Index("ix_org_members_directory", "org", "sort", "id", "state", "sought"),
)
"""`account` is null until somebody comes, `address` where nobody was named by one. `managed`: by the organisation's directory."""

groups = sa.Table(
    "org_groups",
    metadata,
    sa.Column("id", ID, primary_key=True),
    _of_an_organisation(index=True),
    sa.Column("parent", ID),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("external", sa.String(255)),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)

group_members = sa.Table(
    "org_group_members",
    metadata,
    sa.Column("group", ID, sa.ForeignKey("org_groups.id", ondelete="CASCADE"), primary_key=True),
    sa.Column(
        "member", ID, sa.ForeignKey("org_members.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
)

links = sa.Table(
    "org_links",
    metadata,
    sa.Column("hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("id", ID, nullable=False, unique=True),
    _of_an_organisation(index=True),
    sa.Column("member", ID, sa.ForeignKey("org_members.id", ondelete="CASCADE"), index=True),
    sa.Column("group", ID, sa.ForeignKey("org_groups.id", ondelete="SET NULL")),
    sa.Column("made_by", ACCOUNT, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("until", Instant, nullable=False, index=True),
    sa.Column("used", sa.Integer, nullable=False),
)
"""`member`: whose own it is, good once. Without: for everybody who has it, until it is over."""

domains = sa.Table(
    "org_domains",
    metadata,
    _of_an_organisation(primary_key=True),
    sa.Column("domain", DOMAIN, primary_key=True),
    sa.Column("token", sa.String(64), nullable=False),
    sa.Column("code", sa.LargeBinary(32)),
    sa.Column("code_until", Instant),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("proven_at", Instant),
    sa.Column("proven_by", sa.String(16)),
    sa.Column("looked_at", Instant),
    sa.Column("missing_since", Instant),
    sa.Column("warned_at", Instant),
    # one that is proven is one organisation's
    sa.Index(
        "uq_org_domains_proven",
        "domain",
        unique=True,
        sqlite_where=sa.text("proven_at IS NOT NULL"),
        postgresql_where=sa.text("proven_at IS NOT NULL"),
    ),
)
"""`domain` is as the DNS has it: `xn--…` where it isn't ASCII. Since when nothing proves it any more, and when its owners heard of that last."""

rules = sa.Table(
    "org_rules",
    metadata,
    _of_an_organisation(primary_key=True),
    sa.Column("group", ID, primary_key=True),
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.String(32), nullable=False),
)
"""`group` is empty where it is the organisation's own."""

tokens = sa.Table(
    "org_tokens",
    metadata,
    sa.Column("hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("id", ID, nullable=False, unique=True),
    _of_an_organisation(index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("made_by", ACCOUNT, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
)
