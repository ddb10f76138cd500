"""A person's picture: brought, drawn anew, shown to whoever has its address, gone.

Law: what is kept is what this server drew (`files.redraw`), never what came. Its address can't be guessed and names nobody; another
picture has another address, and where the one before is gone its address leads nowhere.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import store
from folkmoot.accounts.accounts import Accounts
from folkmoot.accounts.events import AccountChanged
from folkmoot.accounts.model import Account, AccountId
from folkmoot.files import Bounds, File, Wish
from folkmoot.files.pictures import LARGEST
from folkmoot.kit import Refusal

KIND = "picture"
DRAWN = Bounds(most=256 * 1024)


async def change(at: Accounts, account: Account, brought: AsyncIterator[bytes]) -> Refusal | None:
    if wait := at.limits.picture(account.id, at.clock.monotonic()):
        return Refusal("request.too_many", {"retry_after_s": round(wait, 1)})
    whole = await _whole(brought)
    drawn = whole if isinstance(whole, Refusal) else await at.easel.redrawn(whole)
    if isinstance(drawn, Refusal):
        return drawn
    wish = Wish(account.id, KIND, "picture.webp", "image/webp", len(drawn))
    kept = await at.files.keep(wish, DRAWN, _at_once(drawn))
    if isinstance(kept, Refusal):
        return kept
    await _is(at, account.id, kept)
    return None


async def remove(at: Accounts, account: Account) -> None:
    await _is(at, account.id, None)


async def find(at: Accounts, id: str) -> File | None:
    found = await at.files.find(id)
    return found if found is not None and found.kind == KIND else None


async def forget(at: Accounts, connection: AsyncConnection, account: AccountId, but: str = "") -> None:
    old = [file.id for file in await at.files.of(connection, account) if file.kind == KIND]
    await at.files.forget(connection, [id for id in old if id != but])


async def exported(at: Accounts, account: Account) -> str | None:
    found = await find(at, account.picture) if account.picture else None
    if found is None:
        return None
    drawn = b"".join([chunk async for chunk in at.files.read(found)])
    return f"data:{found.type};base64,{b64encode(drawn).decode()}"


async def _is(at: Accounts, account: AccountId, picture: File | None) -> None:
    async with at.storage.writing() as connection:
        if await store.account_of(connection, account) is None:
            picture = None  # deleted while it was drawn
        await store.change_account(connection, account, picture=picture and picture.id)
        await forget(at, connection, account, but=picture.id if picture else "")
    at.bus.publish(AccountChanged(account))


async def _whole(brought: AsyncIterator[bytes]) -> bytes | Refusal:
    whole = bytearray()
    async for chunk in brought:
        whole += chunk
        if len(whole) > LARGEST:
            return Refusal("files.too_large", {"most": LARGEST})
    return bytes(whole) if whole else Refusal("files.empty")


async def _at_once(drawn: bytes) -> AsyncIterator[bytes]:
    yield drawn
