"""Codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost.

Law: a code is good once, within half a minute of its time. Ten recovery codes, each good once, are shown once.
"""

from __future__ import annotations

import pyotp
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import store
from folkmoot.accounts.accounts import Accounts, must_be_fresh
from folkmoot.accounts.model import Account, AccountId, Session, hashed
from folkmoot.accounts.store import Codes
from folkmoot.kit import Refusal

STEP_S = 30
RECOVERY_CODES = 10
NEEDED, WRONG = Refusal("signin.code_needed"), Refusal("signin.code_wrong")


async def begin(at: Accounts, account: Account, session: Session) -> str | Refusal:
    """What the app reads: an `otpauth:` address. It counts from `confirm` on."""
    if (refusal := must_be_fresh(session, at)) is not None:
        return refusal
    async with at.storage.writing() as connection:
        kept = await store.codes_of(connection, account.id)
        if kept is not None and kept.confirmed:
            return Refusal("codes.on_already")
        secret = pyotp.random_base32()
        await store.set_codes(connection, account.id, Codes(at.sealing.seal(secret), False, 0))
    shown = account.addresses[0].address if account.addresses else account.name
    return pyotp.TOTP(secret).provisioning_uri(name=shown, issuer_name=at.settings.site)


async def confirm(at: Accounts, account: Account, session: Session, code: str) -> list[str] | Refusal:
    """On from now. The recovery codes, shown once."""
    if (refusal := must_be_fresh(session, at)) is not None:
        return refusal
    async with at.storage.writing() as connection:
        kept = await store.codes_of(connection, account.id)
        if kept is None:
            return Refusal("codes.not_begun")
        step = _step_of(at, kept, code)
        if step is None:
            return WRONG
        await store.set_codes(connection, account.id, Codes(kept.sealed, True, step))
        made = [at.draw(5) for _ in range(RECOVERY_CODES)]
        await store.set_recovery_codes(connection, account.id, [hashed(one) for one in made])
        await _tell(at, connection, account)
    return [f"{one[:5]}-{one[5:]}" for one in made]


async def off(at: Accounts, account: Account, session: Session) -> Refusal | None:
    if (refusal := must_be_fresh(session, at)) is not None:
        return refusal
    async with at.storage.writing() as connection:
        await store.set_codes(connection, account.id, None)
        await store.set_recovery_codes(connection, account.id, [])
        await _tell(at, connection, account)
    return None


async def check(at: Accounts, connection: AsyncConnection, id: AccountId, code: str | None) -> Refusal | None:
    """At a sign-in: None where it is right, or none is wanted. Uses it up."""
    kept = await store.codes_of(connection, id)
    if kept is None or not kept.confirmed:
        return None
    if code is None or not code.strip():
        return NEEDED
    bare = "".join(c for c in code.lower() if c.isalnum())
    if not (bare.isdigit() and len(bare) == 6):
        return None if await store.use_recovery_code(connection, id, hashed(bare)) else WRONG
    step = _step_of(at, kept, bare)
    if step is None:
        return WRONG
    await store.set_codes(connection, id, Codes(kept.sealed, True, step))
    return None


def _step_of(at: Accounts, kept: Codes, code: str) -> int | None:
    """Which of the steps around now it is of, if it is one that wasn't used."""
    secret = at.sealing.unseal(kept.sealed)
    if secret is None:
        return None
    totp, now = pyotp.TOTP(secret), int(at.clock.now().timestamp()) // STEP_S
    steps = [step for step in (now - 1, now, now + 1) if step > kept.last_step]
    return next((step for step in steps if pyotp.utils.strings_equal(code, totp.at(step * STEP_S))), None)


async def _tell(at: Accounts, connection: AsyncConnection, account: Account) -> None:
    for one in account.addresses:
        if one.proven:
            await at.mail(connection, "changed", one.address, account.language, account.name, "/signin/help")
