"""What the operator does with accounts, on the page, by the shell, and the first time of all."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import recovering, store
from folkmoot.accounts.accounts import Accounts, SignedIn
from folkmoot.accounts.events import AccountChanged
from folkmoot.accounts.model import Account, AccountId, State
from folkmoot.accounts.signing_up import Wanted, checked, chosen, make
from folkmoot.kit import Refusal
from folkmoot.storage.searching import Place

MOST_LISTED = 200


@dataclass(slots=True)
class Setup:
    """The first run: who has read the token that the server printed becomes its operator, once."""

    token: str | None
    """None: there is an operator."""


async def begin_setup(at: Accounts) -> Setup:
    async with at.storage.reading() as connection:
        there = await store.has_operator(connection)
    return Setup(None if there else at.draw(12))


async def set_up(
    at: Accounts, setup: Setup, token: str, wanted: Wanted, where: str, device: str
) -> SignedIn | Refusal:
    if setup.token is None:
        return Refusal("setup.over")
    if (refusal := at.limits.attempt("setup", where, "", at.clock.monotonic())) is not None:
        return refusal
    if not hmac.compare_digest(token.encode(), setup.token.encode()):
        return Refusal("setup.wrong_token")
    at.limits.right("setup", where, "")
    made = await create(at, wanted, device, operator=True)
    if not isinstance(made, Refusal):
        setup.token = None
    return made


async def create(
    at: Accounts,
    wanted: Wanted,
    device: str,
    *,
    operator: bool = False,
    within: AsyncConnection | None = None,
) -> SignedIn | Refusal:
    """The operator vouches for the address."""
    said = checked(wanted)
    if isinstance(said, Refusal):
        return said
    by = await chosen(at, said, device)
    if isinstance(by, Refusal):
        return by
    return await make(at, said, by, device, proven=True, operator=operator, within=within)


async def find(at: Accounts, like: str, after: Place | None = None) -> list[Account]:
    """By parts of a name or address, at most `MOST_LISTED`, the oldest first."""
    async with at.storage.reading() as connection:
        return await store.all_accounts(connection, like, MOST_LISTED, after)


async def named(at: Accounts, said: str) -> Account | Refusal:
    """By id, or by an address. One that several claim and nobody has proven names none of them."""
    async with at.storage.reading() as connection:
        claims = await store.claimants(connection, said.lower())
        sure = len(claims) == 1 or any(proven for _, proven in claims)
        account = await store.account_of(connection, claims[0][0] if sure else AccountId(said))
    return account or Refusal("account.unknown")


async def suspend(
    at: Accounts, id: AccountId, *, suspended: bool, within: AsyncConnection | None = None
) -> Refusal | None:
    """Signed out everywhere, at once."""
    async with at.writing(within) as connection:
        account = await store.account_of(connection, id)
        if account is None:
            return Refusal("account.unknown")
        state = State.SUSPENDED if suspended else State.ACTIVE
        await store.change_account(connection, id, state=state.value)
        if suspended:
            await store.end_sessions(connection, id)
    if within is None:
        at.bus.publish(AccountChanged(id))
    return None


async def appoint(
    at: Accounts, id: AccountId, *, operator: bool, within: AsyncConnection | None = None
) -> Refusal | None:
    async with at.writing(within) as connection:
        account = await store.account_of(connection, id)
        if account is None:
            return Refusal("account.unknown")
        await store.change_account(connection, id, operator=operator)
        if not operator and not await store.has_operator(connection):
            await store.change_account(connection, id, operator=True)
            return Refusal("account.last_operator")
    return None


async def reset(at: Accounts, id: AccountId, within: AsyncConnection | None = None) -> str | Refusal:
    """A link to choose a new password with, to hand on."""
    async with at.writing(within) as connection:
        account = await store.account_of(connection, id)
        if account is None:
            return Refusal("account.unknown")
        return await recovering.reset_link(at, connection, account)
