"""Organisations, their people and groups, and the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

PROVEN = sa.text("proven_at IS NOT NULL")


def upgrade() -> None:
    _audit()
    op.create_table(
        "orgs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("joining", sa.String(16), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orgs"),
    )
    _members()
    _groups()
    _links()
    _domains()
    _of_an_org(
        "org_rules",
        sa.Column("group", sa.String(32), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.String(32), nullable=False),
        key=["org", "group", "name"],
    )
    _of_an_org(
        "org_tokens",
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("used_at", sa.DateTime),
        sa.UniqueConstraint("id", name="uq_org_tokens_id"),
        key=["hash"],
    )
    op.create_index("ix_org_tokens_org", "org_tokens", ["org"])


def _audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("what", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("scope", "seq", name="pk_audit_entries"),
    )
    op.create_table(
        "audit_heads",
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_audit_heads"),
    )


def _members() -> None:
    _of_an_org(
        "org_members",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("account", sa.String(32)),
        sa.Column("address", sa.String(320)),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sought", sa.Text, nullable=False),
        sa.Column("sort", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("domain", sa.String(253)),
        sa.Column("external", sa.String(255)),
        sa.Column("managed", sa.Boolean, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name="fk_org_members_account", ondelete="CASCADE"
        ),
        key=["id"],
    )
    op.create_index("ix_org_members_account", "org_members", ["account"])
    op.create_index("ix_org_members_address", "org_members", ["address"])
    op.create_index("uq_org_members_org_account", "org_members", ["org", "account"], unique=True)
    op.create_index("uq_org_members_org_address", "org_members", ["org", "address"], unique=True)
    op.create_index("ix_org_members_directory", "org_members", ["org", "sort", "id", "state", "sought"])


def _groups() -> None:
    _of_an_org(
        "org_groups",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("parent", sa.String(32)),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("external", sa.String(255)),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        key=["id"],
    )
    op.create_index("ix_org_groups_org", "org_groups", ["org"])
    op.create_table(
        "org_group_members",
        sa.Column("group", sa.String(32), nullable=False),
        sa.Column("member", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("group", "member", name="pk_org_group_members"),
        _to("org_group_members", "group", "org_groups.id", "CASCADE"),
        _to("org_group_members", "member", "org_members.id", "CASCADE"),
    )
    op.create_index("ix_org_group_members_member", "org_group_members", ["member"])


def _links() -> None:
    _of_an_org(
        "org_links",
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("member", sa.String(32)),
        sa.Column("group", sa.String(32)),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
        sa.Column("used", sa.Integer, nullable=False),
        sa.UniqueConstraint("id", name="uq_org_links_id"),
        _to("org_links", "member", "org_members.id", "CASCADE"),
        _to("org_links", "group", "org_groups.id", "SET NULL"),
        key=["hash"],
    )
    for column in ("org", "member", "until"):
        op.create_index(f"ix_org_links_{column}", "org_links", [column])


def _domains() -> None:
    _of_an_org(
        "org_domains",
        sa.Column("domain", sa.String(253), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("code", sa.LargeBinary(32)),
        sa.Column("code_until", sa.DateTime),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("proven_at", sa.DateTime),
        sa.Column("proven_by", sa.String(16)),
        key=["org", "domain"],
    )
    op.create_index(
        "uq_org_domains_proven",
        "org_domains",
        ["domain"],
        unique=True,
        sqlite_where=PROVEN,
        postgresql_where=PROVEN,
    )


def _of_an_org(table: str, *parts: "sa.schema.SchemaItem", key: list[str]) -> None:
    op.create_table(
        table,
        sa.Column("org", sa.String(32), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"),
        _to(table, "org", "orgs.id", "CASCADE"),
    )


def _to(table: str, column: str, target: str, on_delete: str) -> "sa.ForeignKeyConstraint":
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete=on_delete)
