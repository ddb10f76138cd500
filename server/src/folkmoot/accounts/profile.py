"""What people say of themselves, what is kept of them, and that it is gone."""

from __future__ import annotations

from typing import Any

from folkmoot.accounts import model, picture, store
from folkmoot.accounts.accounts import Accounts, must_be_fresh
from folkmoot.accounts.events import AccountChanged, AccountDeleted
from folkmoot.accounts.model import Account, Session
from folkmoot.accounts.store import Proof
from folkmoot.kit import Refusal, text

MOST_ADDRESSES = 10


async def change(
    at: Accounts, account: Account, name: str | None, language: str | None, time_zone: str | None
) -> Refusal | None:
    changed: dict[str, Any] = {}
    for field, said, check in (
        ("name", name, text.name),
        ("language", language, model.language),
        ("time_zone", time_zone, model.time_zone),
    ):
        if said is None:
            continue
        accepted = check(said)
        if isinstance(accepted, Refusal):
            return accepted
        changed[field] = accepted
    if changed:
        async with at.storage.writing() as connection:
            await store.change_account(connection, account.id, **changed)
        at.bus.publish(AccountChanged(account.id))
    return None


async def add_address(at: Accounts, account: Account, session: Session, address: str) -> Refusal | None:
    """It is theirs when they open the link that goes there. Whether it is another's already isn't told."""
    if (refusal := must_be_fresh(session, at)) is not None:
        return refusal
    said = model.address(address)
    if isinstance(said, Refusal):
        return said
    if at.post is None:
        return Refusal("mail.none")
    if len(account.addresses) >= MOST_ADDRESSES:
        return Refusal("address.too_many", {"most": MOST_ADDRESSES})
    async with at.storage.writing() as connection:
        claims = await store.claimants(connection, said)
        if claims and claims[0][1]:
            await at.mail(connection, "known", said, account.language, account.name, "/signin")
        else:
            proof = Proof("address", account.id, said, {})
            await at.prove_by_mail(connection, "address", proof, account.language, account.name)
    return None


async def remove_address(at: Accounts, account: Account, session: Session, address: str) -> Refusal | None:
    if (refusal := must_be_fresh(session, at)) is not None:
        return refusal
    if address not in {one.address for one in account.addresses}:
        return Refusal("address.unknown")
    if len(account.addresses) == 1:
        return Refusal("address.last")
    async with at.storage.writing() as connection:
        await store.drop_address(connection, account.id, address)
    at.bus.publish(AccountChanged(account.id))
    return None


async def exported(at: Accounts, account: Account) -> dict[str, Any]:
    """Everything that names the person, but no secret."""
    async with at.storage.reading() as connection:
        keys = await store.passkeys_of(connection, account.id)
        sessions = await store.sessions_of(connection, account.id)
        codes = await store.codes_of(connection, account.id)
        issuers = [one.issuer for one in await store.identities_of(connection, account.id)]
    also = {name: await of(account) for name, of in at.also_exported.items()}
    return also | {
        "account": {
            "id": account.id,
            "name": account.name,
            "language": account.language,
            "time_zone": account.time_zone,
            "made_at": account.made_at.isoformat(),
            "operator": account.operator,
            "picture": await picture.exported(at, account),
        },
        "addresses": [{"address": one.address, "proven": one.proven} for one in account.addresses],
        "passkeys": [{"name": one.name, "made_at": one.made_at.isoformat()} for one in keys],
        "signs_in_at": issuers,
        "codes": codes is not None and codes.confirmed,
        "sessions": [
            {"device": one.device, "made_at": one.made_at.isoformat(), "used_at": one.used_at.isoformat()}
            for one in sessions
        ],
    }


async def delete(at: Accounts, account: Account, session: Session) -> Refusal | None:
    """At once, and out of the files too."""
    if (refusal := must_be_fresh(session, at)) is not None:
        return refusal
    async with at.storage.writing() as connection:
        await picture.forget(at, connection, account.id)
        await store.remove_account(connection, account.id)
    at.bus.publish(AccountDeleted(account.id))
    await at.storage.forget_deleted()
    return None
