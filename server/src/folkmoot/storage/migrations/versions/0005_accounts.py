"""People with an account, and work that outlives a server."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

PROVEN = sa.text("proven_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("due_at", sa.DateTime),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("failed", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_kind_due_at", "jobs", ["kind", "due_at"])
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("operator", sa.Boolean, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
    )
    _of_an_account(
        "account_addresses",
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("proven_at", sa.DateTime),
        key=["account", "address"],
    )
    op.create_index("ix_account_addresses_address", "account_addresses", ["address"])
    op.create_index(
        "uq_account_addresses_proven",
        "account_addresses",
        ["address"],
        unique=True,
        sqlite_where=PROVEN,
        postgresql_where=PROVEN,
    )
    _of_an_account(
        "account_passwords",
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("set_at", sa.DateTime, nullable=False),
        key=["account"],
    )
    _of_an_account(
        "account_passkeys",
        sa.Column("id", sa.LargeBinary(1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("used_at", sa.DateTime),
        key=["id"],
    )
    op.create_index("ix_account_passkeys_account", "account_passkeys", ["account"])
    _of_an_account(
        "account_codes",
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        key=["account"],
    )
    _of_an_account(
        "account_recovery_codes",
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        key=["account", "hash"],
    )
    _of_an_account(
        "account_sessions",
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("used_at", sa.DateTime, nullable=False),
        sa.Column("proven_at", sa.DateTime, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        key=["hash"],
    )
    op.create_index("ix_account_sessions_account", "account_sessions", ["account"])
    op.create_table(
        "account_proofs",
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("account", sa.String(32)),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_account_proofs"),
    )
    op.create_index("ix_account_proofs_until", "account_proofs", ["until"])


def _of_an_account(table: str, *columns: "sa.Column[object]", key: list[str]) -> None:
    op.create_table(
        table,
        sa.Column("account", sa.String(32), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=f"fk_{table}_account"),
    )
