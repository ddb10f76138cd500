"""Making an account: asked for, proven by mail, there.

Law: a link in a mail proves whose the mailbox is, not who asked. So it counts in the browser that asked, or with the password that
was chosen there, or a signature of the passkey that was made there; else somebody could sign up with another's address and wait until its owner presses.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import model, passkeys, store
from folkmoot.accounts.accounts import Accounts, SignedIn
from folkmoot.accounts.events import AddressProven
from folkmoot.accounts.model import Account, AccountId, Address, SignUp, State, hashed
from folkmoot.accounts.passwords import acceptable
from folkmoot.accounts.store import Passkey, Proof
from folkmoot.kit import Refusal, text


@dataclass(frozen=True, slots=True)
class Wanted:
    name: str
    address: str
    password: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    credential: dict[str, Any] | None = None
    """A passkey that was just made for it, instead of a password."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """By what they will sign in: one of the two."""

    hash: str = ""
    passkey: Passkey | None = None

    def written(self) -> dict[str, Any]:
        if self.passkey is None:
            return {"hash": self.hash}
        one = self.passkey
        facts = {"id": one.id.hex(), "key": one.public_key.hex(), "count": one.sign_count, "name": one.name}
        return {"passkey": facts | {"account": one.account, "made_at": one.made_at.isoformat()}}


def _read(facts: Mapping[str, Any]) -> Chosen:
    if (one := facts.get("passkey")) is None:
        return Chosen(facts["hash"])
    id, key = bytes.fromhex(one["id"]), bytes.fromhex(one["key"])
    made_at = datetime.fromisoformat(one["made_at"])
    return Chosen("", Passkey(id, AccountId(one["account"]), key, one["count"], one["name"], made_at, None))


@dataclass(frozen=True, slots=True)
class Asked:
    """The rest goes by mail. Said whether there is such an account or not."""

    browser: str = field(default="", compare=False)
    """A secret for the one that asked."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What is known of who opens a link in a mail."""

    device: str
    browser: str = ""
    """The secret it was given when it asked."""
    password: str = ""
    credential: dict[str, Any] | None = None
    """Signed with the passkey that was made when it was asked for."""
    account: AccountId | None = None
    """Signed in there."""
    where: str = ""


def checked(wanted: Wanted) -> Wanted | Refusal:
    """In the form in which it is kept."""
    name, address = text.name(wanted.name), model.address(wanted.address)
    language, zone = model.language(wanted.language), model.time_zone(wanted.time_zone)
    for one in (name, address, language, zone):
        if isinstance(one, Refusal):
            return one
    assert isinstance(name, str) and isinstance(address, str)
    weak = acceptable(wanted.password, name, address) if wanted.credential is None else None
    return weak or replace(wanted, name=name, address=address)


async def chosen(at: Accounts, said: Wanted, device: str) -> Chosen | Refusal:
    if said.credential is None:
        hash = await at.passwords.hash(said.password)
        return hash if isinstance(hash, Refusal) else Chosen(hash)
    made = passkeys.signs_up(at, said.credential, device)
    return made if isinstance(made, Refusal) else Chosen(passkey=made)


def begin_passkey(at: Accounts, name: str, address: str, where: str) -> dict[str, Any] | Refusal:
    """What the browser needs to make one."""
    called, said = text.name(name), model.address(address)
    for one in (called, said):
        if isinstance(one, Refusal):
            return one
    assert isinstance(called, str) and isinstance(said, str)
    if (refusal := may(at, said) or at.limits.made(where, at.clock.monotonic())) is not None:
        return refusal
    return passkeys.begin_sign_up(at, called, said)


async def sign_up(at: Accounts, wanted: Wanted, where: str, device: str) -> Asked | SignedIn | Refusal:
    said = checked(wanted)
    if isinstance(said, Refusal):
        return said
    if (refusal := may(at, said.address) or at.limits.made(where, at.clock.monotonic())) is not None:
        return refusal
    by = await chosen(at, said, device)
    if isinstance(by, Refusal):
        return by
    if at.post is None:
        return await make(at, said, by, device, proven=False)
    browser = at.draw(24)
    await _ask(at, said, by, browser)
    return Asked(browser)


async def _ask(at: Accounts, said: Wanted, by: Chosen, browser: str) -> None:
    """As much work for an address that has an account."""
    facts = {"name": said.name, "language": said.language, "time_zone": said.time_zone}
    facts |= by.written() | {"browser": hashed(browser).hex()}
    async with at.storage.writing() as connection:
        claims = await store.claimants(connection, said.address)
        known = await store.account_of(connection, claims[0][0] if claims and claims[0][1] else AccountId(""))
        if known is None:
            proof = Proof("signup", None, said.address, facts)
            await at.prove_by_mail(connection, "confirm", proof, said.language, said.name)
        else:
            await at.prove_nothing(connection, said.address)
            await at.mail(connection, "known", said.address, known.language, known.name, "/signin")


async def confirm(at: Accounts, token: str, opened: Opened) -> SignedIn | Refusal:
    """The link in the mail was opened: an account is made, or an address is one's account's."""
    async with at.storage.reading() as connection:
        proof = await store.look_at_proof(connection, hashed(token), at.clock.now())
    if proof is None:
        return Refusal("proof.over")
    if (refusal := await _not_theirs(at, proof, opened)) is not None:
        return refusal
    inside, address = await _confirmed(at, token, opened.device)
    if not isinstance(inside, Refusal):
        at.bus.publish(AddressProven(inside.account.id, address))
    return inside


async def _not_theirs(at: Accounts, proof: Proof, opened: Opened) -> Refusal | None:
    """The link stays good."""
    if proof.kind == "address":
        return None if opened.account == proof.account else Refusal("proof.sign_in_first")
    if proof.kind != "signup" or hmac.compare_digest(proof.payload["browser"], hashed(opened.browser).hex()):
        return None
    if (passkey := _read(proof.payload).passkey) is not None:
        if opened.credential is None:
            return Refusal("proof.passkey_needed")
        return None if await passkeys.is_signed(at, passkey, opened.credential) else passkeys.REFUSED
    if not opened.password:
        return Refusal("proof.password_needed")
    key = f"confirm {proof.address}"
    if (refusal := at.limits.attempt(key, opened.where, "", at.clock.monotonic())) is not None:
        return refusal
    verdict = await at.passwords.matches(proof.payload["hash"], opened.password)
    if verdict is False:
        return Refusal("signin.wrong")
    at.limits.right(key, opened.where, "")
    return verdict if isinstance(verdict, Refusal) else None


async def _confirmed(at: Accounts, token: str, device: str) -> tuple[SignedIn | Refusal, str]:
    now, over = at.clock.now(), Refusal("proof.over")
    async with at.storage.writing() as connection:
        proof = await store.take_proof(connection, hashed(token), ("signup", "address"), now)
        if proof is None:
            return over, ""
        claims = await store.claimants(connection, proof.address)
        if (claims and claims[0][1]) or (
            proof.kind == "signup" and await _is_taken(connection, _read(proof.payload))
        ):
            return over, ""
        if proof.kind == "address":
            assert proof.account is not None
            await store.claim(connection, proof.account, proof.address, now)
            mine = await store.account_of(connection, proof.account)
            inside = over if mine is None else await at.begin_session(connection, mine, device)
            return inside, proof.address
        facts, by = proof.payload, _read(proof.payload)
        id = by.passkey.account if by.passkey else at.new_id()
        account = Account(id, facts["name"], facts["language"], facts["time_zone"], State.ACTIVE, False, now)
        await store.add_account(connection, account)
        await store.claim(connection, account.id, proof.address, now)
        await _keep(connection, account.id, by, now)
        whole = replace(account, addresses=(Address(proof.address, True),))
        return await at.begin_session(connection, whole, device), proof.address


async def _is_taken(connection: AsyncConnection, by: Chosen) -> bool:
    return by.passkey is not None and await store.passkey(connection, by.passkey.id) is not None


async def _keep(connection: AsyncConnection, id: AccountId, by: Chosen, now: datetime) -> None:
    if by.passkey is None:
        await store.set_password(connection, id, by.hash, now)
    else:
        await store.add_passkey(connection, by.passkey)


async def make(
    at: Accounts,
    said: Wanted,
    by: Chosen,
    device: str,
    *,
    proven: bool,
    operator: bool = False,
    within: AsyncConnection | None = None,
) -> SignedIn | Refusal:
    """At once."""
    now = at.clock.now()
    id = by.passkey.account if by.passkey else at.new_id()
    account = Account(id, said.name, said.language, said.time_zone, State.ACTIVE, operator, now)
    async with at.writing(within) as connection:
        claims = await store.claimants(connection, said.address)
        if len(claims) >= store.MOST_UNPROVEN or (proven and claims and claims[0][1]):
            return Refusal("signup.address_in_use")
        if await _is_taken(connection, by):
            return passkeys.REFUSED
        await store.add_account(connection, account)
        await store.claim(connection, account.id, said.address, now if proven else None)
        await _keep(connection, account.id, by, now)
        whole = replace(account, addresses=(Address(said.address, proven),))
        inside = await at.begin_session(connection, whole, device)
    if proven and within is None:
        at.bus.publish(AddressProven(account.id, said.address))
    return inside


def may(at: Accounts, address: str) -> Refusal | None:
    if at.sign_up is SignUp.OPEN:
        return None
    if at.sign_up is SignUp.DOMAIN and address.rpartition("@")[2] in at.domains:
        return None
    return Refusal("signup.closed")
