"""API keys: how programs are let in, by whoever owns them.

Law: a key is shown once and kept as a hash. It is read from the `Authorization` header and nowhere else: no cookie, no address.
Its owner is an opaque id: an account's, or one of a tier above, which asks here by the same verbs. What its owner may not do it
may not do; and of that only its scopes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import scopes
from folkmoot.accounts.accounts import Accounts
from folkmoot.accounts.model import USED_EVERY, hashed
from folkmoot.accounts.scopes import Scope
from folkmoot.accounts.tables import api_keys
from folkmoot.kit import Refusal, text

BEGINS = "fmk_"
"""So that one that got loose is recognised for what it is."""
MOST = 50
LONGEST_LIFE = timedelta(days=3660)
WRONG = Refusal("key.wrong")


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: str
    owner: str
    name: str
    scopes: tuple[Scope, ...]
    made_at: datetime
    used_at: datetime | None
    until: datetime | None

    def may(self, method: str, path: str) -> Refusal | None:
        scope = scopes.needed(method, path)
        if scope is None:
            return Refusal("key.not_here")
        return None if scope in self.scopes else Refusal("key.scope", {"scope": scope.value})


async def make(
    at: Accounts,
    owner: str,
    name: str,
    wanted: Sequence[str],
    days: float | None = None,
    within: AsyncConnection | None = None,
) -> tuple[ApiKey, str] | Refusal:
    """With the key itself, which nobody sees again. Whether the owner has proven who they are was asked before."""
    said, may = text.name(name), scopes.known(wanted)
    if isinstance(said, Refusal):
        return said
    if isinstance(may, Refusal):
        return may
    now = at.clock.now()
    until = None if days is None else now + min(timedelta(days=days), LONGEST_LIFE)
    secret = BEGINS + at.draw(32)
    made = ApiKey("k_" + at.draw(12), owner, said, may, now, None, until)
    async with at.writing(within) as connection:
        if len(await _of(connection, owner)) >= MOST:
            return Refusal("key.too_many", {"most": MOST})
        await connection.execute(
            api_keys.insert().values(
                id=made.id, owner=owner, hash=hashed(secret), name=made.name,
                scopes=[one.value for one in made.scopes], made_at=now, until=until,
            )
        )  # fmt: skip
    return made, secret


async def of_owner(at: Accounts, owner: str) -> list[ApiKey]:
    async with at.storage.reading() as connection:
        return await _of(connection, owner)


async def revoke(at: Accounts, owner: str, id: str) -> Refusal | None:
    """At once."""
    async with at.storage.writing() as connection:
        gone = await connection.execute(
            api_keys.delete().where(api_keys.c.owner == owner, api_keys.c.id == id)
        )
    return None if gone.rowcount else Refusal("key.unknown")


async def forget(connection: AsyncConnection, owner: str) -> None:
    """With the owner."""
    await connection.execute(api_keys.delete().where(api_keys.c.owner == owner))


async def whose(at: Accounts, secret: str) -> ApiKey | Refusal:
    """Notes that it is used, now and then."""
    if not secret.startswith(BEGINS) or len(secret) > 200:
        return WRONG
    now = at.clock.now()
    async with at.storage.reading() as connection:
        row = (await connection.execute(api_keys.select().where(api_keys.c.hash == hashed(secret)))).first()
    if row is None or (row.until is not None and row.until <= now):
        return WRONG
    if row.used_at is None or now - row.used_at > USED_EVERY:
        async with at.storage.writing() as connection:
            await connection.execute(api_keys.update().where(api_keys.c.id == row.id).values(used_at=now))
    return _key(row)


async def _of(connection: AsyncConnection, owner: str) -> list[ApiKey]:
    wanted = api_keys.select().where(api_keys.c.owner == owner).order_by(api_keys.c.made_at, api_keys.c.id)
    return [_key(row) for row in await connection.execute(wanted)]


def _key(row: Any) -> ApiKey:
    may = tuple(scope for scope in Scope if scope.value in row.scopes)
    return ApiKey(row.id, row.owner, row.name, may, row.made_at, row.used_at, row.until)
