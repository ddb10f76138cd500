"""By what somebody signs in. Law: nobody takes away their last way in."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import store
from folkmoot.accounts.model import AccountId
from folkmoot.kit import Refusal


async def last_way(connection: AsyncConnection, of: AccountId) -> Refusal | None:
    """Before one is taken away."""
    password = await store.password_of(connection, of) is not None
    others = len(await store.passkeys_of(connection, of)) + len(await store.identities_of(connection, of))
    return None if password + others > 1 else Refusal("signin.last_way")
