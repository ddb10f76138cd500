"""Queries. Each within the caller's transaction, so that a use case is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts.model import Account, AccountId, Address, Session, State
from folkmoot.accounts.tables import (
    accounts,
    addresses,
    api_keys,
    codes,
    identities,
    passkeys,
    passwords,
    proofs,
    recovery_codes,
    sessions,
)
from folkmoot.kit.text import folded
from folkmoot.storage.searching import Place, beyond, holds

MOST_UNPROVEN = 2
"""Accounts that claim one address without a proof."""


@dataclass(frozen=True, slots=True)
class Proof:
    kind: str
    account: AccountId | None
    address: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Codes:
    sealed: bytes
    confirmed: bool
    last_step: int


@dataclass(frozen=True, slots=True)
class Identity:
    issuer: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Passkey:
    id: bytes
    account: AccountId
    public_key: bytes
    sign_count: int
    name: str
    made_at: datetime
    used_at: datetime | None


# --- accounts and their addresses -------------------------------------------------------------------------------------


async def account_of(connection: AsyncConnection, id: AccountId) -> Account | None:
    row = (await connection.execute(accounts.select().where(accounts.c.id == id))).first()
    return None if row is None else _account(row, (await _addresses(connection, [id])).get(id, ()))


async def names_of(connection: AsyncConnection, ids: Sequence[AccountId]) -> dict[str, str]:
    wanted = sa.select(accounts.c.id, accounts.c.name).where(accounts.c.id.in_(ids))
    return {row.id: row.name for row in await connection.execute(wanted)}


async def pictures_of(connection: AsyncConnection, ids: Sequence[AccountId]) -> dict[str, str]:
    c = accounts.c
    wanted = sa.select(c.id, c.picture).where(c.id.in_(ids), c.picture.is_not(None))
    return {row.id: row.picture for row in await connection.execute(wanted)}


async def all_accounts(
    connection: AsyncConnection, like: str, most: int, after: Place | None = None
) -> list[Account]:
    """`like`: parts of a name or address. The oldest first."""
    c = accounts.c
    wanted = accounts.select().where(beyond(accounts, after)).order_by(c.made_at, c.id).limit(most)
    for word in folded(like).split():
        theirs = sa.select(addresses.c.account).where(holds(connection, addresses.c.address, word))
        wanted = wanted.where(sa.or_(holds(connection, c.folded, word), c.id.in_(theirs)))
    rows = (await connection.execute(wanted)).all()
    known = await _addresses(connection, [AccountId(row.id) for row in rows])
    return [_account(row, known.get(AccountId(row.id), ())) for row in rows]


async def has_operator(connection: AsyncConnection) -> bool:
    found = await connection.scalar(sa.select(accounts.c.id).where(accounts.c.operator).limit(1))
    return found is not None


async def add_account(connection: AsyncConnection, made: Account) -> None:
    row = {
        "id": made.id,
        **_found_by(made.name),
        "language": made.language,
        "time_zone": made.time_zone,
        "state": made.state.value,
        "operator": made.operator,
        "made_at": made.made_at,
    }
    await connection.execute(accounts.insert().values(row))


async def change_account(connection: AsyncConnection, id: AccountId, **changed: Any) -> None:
    if "name" in changed:
        changed |= _found_by(changed["name"])
    await connection.execute(accounts.update().where(accounts.c.id == id).values(changed))


def _found_by(name: str) -> dict[str, str]:
    """With what they are found by."""
    return {"name": name, "folded": folded(name)}


async def remove_account(connection: AsyncConnection, id: AccountId) -> None:
    """All that names the person."""
    for table in (addresses, passwords, passkeys, codes, identities, recovery_codes, sessions, proofs):
        await connection.execute(table.delete().where(table.c.account == id))
    await connection.execute(api_keys.delete().where(api_keys.c.owner == id))
    await connection.execute(accounts.delete().where(accounts.c.id == id))


async def claim(connection: AsyncConnection, id: AccountId, address: str, proven_at: datetime | None) -> None:
    mine = (addresses.c.account == id, addresses.c.address == address)
    await connection.execute(addresses.delete().where(*mine))
    await connection.execute(addresses.insert().values(account=id, address=address, proven_at=proven_at))
    if proven_at is not None:
        others = (addresses.c.address == address, addresses.c.account != id)
        await connection.execute(addresses.delete().where(*others))


async def drop_address(connection: AsyncConnection, id: AccountId, address: str) -> None:
    await connection.execute(
        addresses.delete().where(addresses.c.account == id, addresses.c.address == address)
    )


async def claimants(connection: AsyncConnection, address: str) -> list[tuple[AccountId, bool]]:
    """Who says that it is theirs, and whether it is proven: that one comes first."""
    c = addresses.c
    wanted = addresses.select().where(c.address == address).order_by(c.proven_at.is_(None), c.account)
    rows = (await connection.execute(wanted)).all()
    return [(AccountId(row.account), row.proven_at is not None) for row in rows]


# --- what proves a person ---------------------------------------------------------------------------------------------


async def password_of(connection: AsyncConnection, id: AccountId) -> str | None:
    return await connection.scalar(sa.select(passwords.c.hash).where(passwords.c.account == id))


async def set_password(connection: AsyncConnection, id: AccountId, hash: str, at: datetime) -> None:
    await connection.execute(passwords.delete().where(passwords.c.account == id))
    await connection.execute(passwords.insert().values(account=id, hash=hash, set_at=at))


async def codes_of(connection: AsyncConnection, id: AccountId) -> Codes | None:
    row = (await connection.execute(codes.select().where(codes.c.account == id))).first()
    return None if row is None else Codes(row.secret, row.confirmed, row.last_step)


async def set_codes(connection: AsyncConnection, id: AccountId, wanted: Codes | None) -> None:
    await connection.execute(codes.delete().where(codes.c.account == id))
    if wanted is not None:
        row = {"secret": wanted.sealed, "confirmed": wanted.confirmed, "last_step": wanted.last_step}
        await connection.execute(codes.insert().values(account=id, **row))


async def set_recovery_codes(connection: AsyncConnection, id: AccountId, hashes: list[bytes]) -> None:
    await connection.execute(recovery_codes.delete().where(recovery_codes.c.account == id))
    if hashes:
        await connection.execute(recovery_codes.insert(), [{"account": id, "hash": one} for one in hashes])


async def use_recovery_code(connection: AsyncConnection, id: AccountId, hash: bytes) -> bool:
    """Whether it was one; it isn't any more."""
    mine = (recovery_codes.c.account == id, recovery_codes.c.hash == hash)
    return bool((await connection.execute(recovery_codes.delete().where(*mine))).rowcount)


async def passkeys_of(connection: AsyncConnection, id: AccountId) -> list[Passkey]:
    wanted = passkeys.select().where(passkeys.c.account == id).order_by(passkeys.c.made_at)
    return [_passkey(row) for row in await connection.execute(wanted)]


async def passkey(connection: AsyncConnection, id: bytes) -> Passkey | None:
    row = (await connection.execute(passkeys.select().where(passkeys.c.id == id))).first()
    return None if row is None else _passkey(row)


async def add_passkey(connection: AsyncConnection, made: Passkey) -> None:
    await connection.execute(
        passkeys.insert().values(
            id=made.id,
            account=made.account,
            public_key=made.public_key,
            sign_count=made.sign_count,
            name=made.name,
            made_at=made.made_at,
        )
    )


async def passkey_used(connection: AsyncConnection, id: bytes, sign_count: int, at: datetime) -> None:
    used = passkeys.update().where(passkeys.c.id == id).values(sign_count=sign_count, used_at=at)
    await connection.execute(used)


async def remove_passkey(connection: AsyncConnection, account: AccountId, id: bytes) -> bool:
    mine = passkeys.delete().where(passkeys.c.account == account, passkeys.c.id == id)
    return bool((await connection.execute(mine)).rowcount)


async def account_by_identity(connection: AsyncConnection, issuer: str, subject: str) -> AccountId | None:
    c = identities.c
    found = await connection.scalar(sa.select(c.account).where(c.issuer == issuer, c.subject == subject))
    return None if found is None else AccountId(found)


async def add_identity(
    connection: AsyncConnection, issuer: str, subject: str, account: AccountId, at: datetime
) -> None:
    row = {"issuer": issuer, "subject": subject, "account": account, "made_at": at}
    await connection.execute(identities.insert().values(row))


async def identities_of(connection: AsyncConnection, account: AccountId) -> list[Identity]:
    c = identities.c
    wanted = identities.select().where(c.account == account).order_by(c.made_at, c.issuer)
    return [Identity(row.issuer, row.made_at) for row in await connection.execute(wanted)]


async def remove_identity(connection: AsyncConnection, account: AccountId, issuer: str) -> None:
    c = identities.c
    await connection.execute(identities.delete().where(c.account == account, c.issuer == issuer))


# --- sessions ---------------------------------------------------------------------------------------------------------


async def session_of(connection: AsyncConnection, hashed: bytes) -> Session | None:
    row = (await connection.execute(sessions.select().where(sessions.c.hash == hashed))).first()
    return None if row is None else _session(row)


async def sessions_of(connection: AsyncConnection, id: AccountId) -> list[Session]:
    wanted = sessions.select().where(sessions.c.account == id).order_by(sessions.c.used_at.desc())
    return [_session(row) for row in await connection.execute(wanted)]


async def add_session(connection: AsyncConnection, made: Session) -> None:
    row = {
        "made_at": made.made_at,
        "used_at": made.used_at,
        "proven_at": made.proven_at,
        "device": made.device,
    }
    await connection.execute(sessions.insert().values(hash=made.hashed, account=made.account, **row))


async def touch_session(connection: AsyncConnection, hashed: bytes, **moments: datetime) -> None:
    await connection.execute(sessions.update().where(sessions.c.hash == hashed).values(moments))


async def end_session(connection: AsyncConnection, hashed: bytes) -> None:
    await connection.execute(sessions.delete().where(sessions.c.hash == hashed))


async def end_sessions(connection: AsyncConnection, id: AccountId, but: bytes = b"") -> None:
    await connection.execute(sessions.delete().where(sessions.c.account == id, sessions.c.hash != but))


async def forget_old(connection: AsyncConnection, unused_since: datetime, now: datetime) -> None:
    await connection.execute(sessions.delete().where(sessions.c.used_at < unused_since))
    await connection.execute(proofs.delete().where(proofs.c.until < now))


# --- proofs by mail ---------------------------------------------------------------------------------------------------


async def add_proof(connection: AsyncConnection, hashed: bytes, made: Proof, until: datetime) -> None:
    row = {"kind": made.kind, "account": made.account, "address": made.address, "payload": dict(made.payload)}
    await connection.execute(proofs.insert().values(hash=hashed, until=until, **row))


async def take_proof(
    connection: AsyncConnection, hashed: bytes, kinds: tuple[str, ...], now: datetime
) -> Proof | None:
    """Once."""
    mine = (proofs.c.hash == hashed, proofs.c.kind.in_(kinds), proofs.c.until >= now)
    row = (await connection.execute(proofs.select().where(*mine))).first()
    if row is None:
        return None
    await connection.execute(proofs.delete().where(proofs.c.hash == hashed))
    return _proof(row)


async def look_at_proof(connection: AsyncConnection, hashed: bytes, now: datetime) -> Proof | None:
    mine = (proofs.c.hash == hashed, proofs.c.until >= now)
    row = (await connection.execute(proofs.select().where(*mine))).first()
    return None if row is None else _proof(row)


# --- rows -------------------------------------------------------------------------------------------------------------


async def _addresses(
    connection: AsyncConnection, ids: Sequence[AccountId]
) -> dict[AccountId, tuple[Address, ...]]:
    c, found = addresses.c, dict[AccountId, tuple[Address, ...]]()
    wanted = addresses.select().where(c.account.in_(ids))
    for row in await connection.execute(wanted.order_by(c.proven_at.is_(None), c.proven_at, c.address)):
        one = Address(row.address, row.proven_at is not None)
        found[row.account] = (*found.get(row.account, ()), one)
    return found


def _account(row: Any, its: tuple[Address, ...]) -> Account:
    state = State(row.state)
    return Account(
        *(AccountId(row.id), row.name, row.language, row.time_zone, state, row.operator, row.made_at),
        addresses=its,
        picture=row.picture or "",
    )


def _session(row: Any) -> Session:
    return Session(row.hash, AccountId(row.account), row.made_at, row.used_at, row.proven_at, row.device)


def _passkey(row: Any) -> Passkey:
    return Passkey(
        row.id, AccountId(row.account), row.public_key, row.sign_count, row.name, row.made_at, row.used_at
    )


def _proof(row: Any) -> Proof:
    account = None if row.account is None else AccountId(row.account)
    return Proof(row.kind, account, row.address, row.payload)
