"""A forgotten password, and a new one."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import model, store
from folkmoot.accounts.accounts import HANDED_ON_LIFE, Accounts, must_be_fresh
from folkmoot.accounts.model import Account, AccountId, Session, hashed
from folkmoot.accounts.passwords import acceptable
from folkmoot.accounts.store import Proof
from folkmoot.kit import Refusal

OVER = Refusal("proof.over")


async def ask(at: Accounts, address: str, language: str, where: str) -> Refusal | None:
    """By mail, whether there is such an account or not: who has none is told so there."""
    if at.post is None:
        return Refusal("mail.none")
    said = model.address(address)
    if isinstance(said, Refusal):
        return said
    if (refusal := at.limits.made(where, at.clock.monotonic())) is not None:
        return refusal
    async with at.storage.writing() as connection:
        claims = await store.claimants(connection, said)
        proven = claims[0][0] if claims and claims[0][1] else AccountId("")
        account = await store.account_of(connection, proven)
        if account is None:
            await at.prove_nothing(connection, said)
            await at.mail(connection, "unknown", said, language, "", "/signup")
        else:
            proof = Proof("reset", account.id, said, {})
            await at.prove_by_mail(connection, "reset", proof, account.language, account.name)
    return None


async def finish(at: Accounts, token: str, password: str) -> Refusal | None:
    """The new password is the account's; all who were signed in are out. The link stays good while the password is refused."""
    async with at.storage.reading() as connection:
        proof = await store.look_at_proof(connection, hashed(token), at.clock.now())
        account = await store.account_of(connection, AccountId(proof.account or "")) if proof else None
    if proof is None or proof.kind != "reset" or account is None:
        return OVER
    if (weak := acceptable(password, account.name, proof.address)) is not None:
        return weak
    hash = await at.passwords.hash(password)
    if isinstance(hash, Refusal):
        return hash
    now = at.clock.now()
    async with at.storage.writing() as connection:
        if await store.take_proof(connection, hashed(token), ("reset",), now) is None:
            return OVER
        await store.set_password(connection, account.id, hash, now)
        await store.end_sessions(connection, account.id)
        await at.mail(connection, "changed", proof.address, account.language, account.name, "/signin/help")
    return None


async def change(at: Accounts, account: Account, session: Session, password: str) -> Refusal | None:
    """By who has just proven who they are. Other devices are signed out."""
    if (refusal := must_be_fresh(session, at)) is not None:
        return refusal
    about = [account.name, *(one.address for one in account.addresses)]
    if (weak := acceptable(password, *about)) is not None:
        return weak
    hash = await at.passwords.hash(password)
    if isinstance(hash, Refusal):
        return hash
    async with at.storage.writing() as connection:
        await store.set_password(connection, account.id, hash, at.clock.now())
        await store.end_sessions(connection, account.id, session.hashed)
        for one in account.addresses:
            if one.proven:
                await at.mail(
                    connection, "changed", one.address, account.language, account.name, "/signin/help"
                )
    return None


async def reset_link(at: Accounts, connection: AsyncConnection, account: Account) -> str:
    """For the operator to hand on, where no mail can be sent."""
    shown = account.addresses[0].address if account.addresses else ""
    proof, token = Proof("reset", account.id, shown, {}), at.draw(24)
    await store.add_proof(connection, hashed(token), proof, at.clock.now() + HANDED_ON_LIFE)
    return f"{at.settings.origin}/reset#{token}"
