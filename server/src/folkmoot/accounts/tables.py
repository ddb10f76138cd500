"""How accounts lie in the database. A change here needs a migration in `storage/migrations`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from folkmoot.storage import metadata
from folkmoot.storage.instant import Instant

ACCOUNT = sa.String(32)


def _of_an_account(**more: Any) -> sa.Column[str]:
    return sa.Column("account", ACCOUNT, sa.ForeignKey("accounts.id"), nullable=False, **more)


accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", ACCOUNT, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False, server_default=""),
    sa.Column("language", sa.String(16), nullable=False),
    sa.Column("time_zone", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("operator", sa.Boolean, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("picture", sa.String(32)),
    # who runs the server lists and searches in here
    sa.Index("ix_accounts_listed", "made_at", "id", "folded"),
)

addresses = sa.Table(
    "account_addresses",
    metadata,
    _of_an_account(primary_key=True),
    sa.Column("address", sa.String(320), primary_key=True),
    sa.Column("proven_at", Instant),
    sa.Index("ix_account_addresses_address", "address"),
    # one that is proven is one account's
    sa.Index(
        "uq_account_addresses_proven",
        "address",
        unique=True,
        sqlite_where=sa.text("proven_at IS NOT NULL"),
        postgresql_where=sa.text("proven_at IS NOT NULL"),
    ),
)

passwords = sa.Table(
    "account_passwords",
    metadata,
    _of_an_account(primary_key=True),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("set_at", Instant, nullable=False),
)

passkeys = sa.Table(
    "account_passkeys",
    metadata,
    sa.Column("id", sa.LargeBinary(1023), primary_key=True),
    _of_an_account(index=True),
    sa.Column("public_key", sa.LargeBinary, nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
)

codes = sa.Table(
    "account_codes",
    metadata,
    _of_an_account(primary_key=True),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("confirmed", sa.Boolean, nullable=False),
    sa.Column("last_step", sa.BigInteger, nullable=False),
)
"""TOTP (RFC 6238). The secret is sealed."""

recovery_codes = sa.Table(
    "account_recovery_codes",
    metadata,
    _of_an_account(primary_key=True),
    sa.Column("hash", sa.LargeBinary(32), primary_key=True),
)

sessions = sa.Table(
    "account_sessions",
    metadata,
    sa.Column("hash", sa.LargeBinary(32), primary_key=True),
    _of_an_account(index=True),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("used_at", Instant, nullable=False),
    sa.Column("proven_at", Instant, nullable=False),
    sa.Column("device", sa.Text, nullable=False),
)

proofs = sa.Table(
    "account_proofs",
    metadata,
    sa.Column("hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("account", ACCOUNT),
    sa.Column("address", sa.String(320), nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("until", Instant, nullable=False, index=True),
)
"""What a link in a mail proves, once."""

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False, index=True),
    sa.Column("hash", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
    sa.Column("until", Instant),
)
"""`owner`: an account, or one of a tier above."""

identities = sa.Table(
    "account_identities",
    metadata,
    sa.Column("issuer", sa.String(255), primary_key=True),
    sa.Column("subject", sa.String(255), primary_key=True),
    _of_an_account(index=True),
    sa.Column("made_at", Instant, nullable=False),
)
"""Whom an organisation's sign-in vouches for."""
