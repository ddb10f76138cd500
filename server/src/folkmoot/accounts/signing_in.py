"""Signing in by password, with a code where the account wants one; staying signed in; signing out."""

from __future__ import annotations

from dataclasses import dataclass

from folkmoot.accounts import codes, model, store
from folkmoot.accounts.accounts import Accounts, SignedIn
from folkmoot.accounts.model import Account, AccountId, Session, State, hashed
from folkmoot.kit import Refusal

WRONG = Refusal("signin.wrong")
SUSPENDED = Refusal("account.suspended")
LONGEST = 1024


@dataclass(frozen=True, slots=True)
class Attempt:
    address: str
    password: str
    code: str | None = None
    """Six digits of an authenticator, or a recovery code."""


async def sign_in(
    at: Accounts, attempt: Attempt, where: str, cookies: str, device: str
) -> SignedIn | Refusal:
    """`cookies`: what says that this device is known. What is wrong about it is never said."""
    if len(attempt.password) > LONGEST or len(attempt.address) > LONGEST:
        return WRONG
    address = model.address(attempt.address)
    typed = address if isinstance(address, str) else attempt.address.strip().lower()
    candidates = await _candidates(at, typed)
    drawn = next((one for id, _ in candidates if (one := at.sealing.device_of(cookies, id))), "")
    if (refusal := at.limits.attempt(typed, where, drawn, at.clock.monotonic())) is not None:
        return refusal
    verdict = await _whose(at, candidates, attempt.password)
    if isinstance(verdict, Refusal):
        if verdict != WRONG:
            at.limits.right(typed, where, drawn)  # nobody looked at it
        return verdict
    outcome = await _begin(at, verdict, attempt, device, drawn)
    if not isinstance(outcome, Refusal) or outcome.code == "signin.code_needed":
        at.limits.right(typed, where, drawn)
    return outcome


async def prove_again(
    at: Accounts, account: Account, session: Session, password: str, where: str
) -> Refusal | None:
    """Before what matters most: that it is still the same person."""
    key = f"session {session.id}"
    if (refusal := at.limits.attempt(key, where, "", at.clock.monotonic())) is not None:
        return refusal
    async with at.storage.reading() as connection:
        kept = await store.password_of(connection, account.id)
    verdict = await at.passwords.matches(kept, password[:LONGEST])
    if verdict is False:
        return WRONG
    at.limits.right(key, where, "")
    if isinstance(verdict, Refusal):
        return verdict
    async with at.storage.writing() as connection:
        await store.touch_session(connection, session.hashed, proven_at=at.clock.now())
    return None


async def sign_out(at: Accounts, token: str) -> None:
    async with at.storage.writing() as connection:
        await store.end_session(connection, hashed(token))


async def end_session(at: Accounts, account: Account, id: str) -> Refusal | None:
    async with at.storage.writing() as connection:
        for session in await store.sessions_of(connection, account.id):
            if session.id == id:
                await store.end_session(connection, session.hashed)
                return None
    return Refusal("session.unknown")


async def end_all_sessions(at: Accounts, account: Account, but: Session) -> None:
    async with at.storage.writing() as connection:
        await store.end_sessions(connection, account.id, but.hashed)


async def sessions_of(at: Accounts, account: Account) -> list[Session]:
    now = at.clock.now()
    async with at.storage.reading() as connection:
        return [one for one in await store.sessions_of(connection, account.id) if one.lives(now)]


async def _candidates(at: Accounts, address: str) -> list[tuple[AccountId, str | None]]:
    """With their passwords' hashes. Where addresses can be proven it is one; else all who claim that one."""
    async with at.storage.reading() as connection:
        claims = await store.claimants(connection, address)
        if claims and claims[0][1]:
            claims = claims[:1]
        return [(id, await store.password_of(connection, id)) for id, _ in claims]


async def _whose(
    at: Accounts, candidates: list[tuple[AccountId, str | None]], password: str
) -> tuple[AccountId, str] | Refusal:
    """As many are looked at as there could be, so that their number can't be told by time: one, or where there is no mail server a few."""
    could_be = 1 if at.post is not None else store.MOST_UNPROVEN
    hashes = [kept for _, kept in candidates]
    found = await at.passwords.which(hashes + [None] * (could_be - len(hashes)), password)
    if isinstance(found, Refusal):
        return found
    if found is None:
        return WRONG
    id, kept = candidates[found]
    assert kept is not None
    return id, kept


async def _begin(
    at: Accounts, whose: tuple[AccountId, str], attempt: Attempt, device: str, drawn: str
) -> SignedIn | Refusal:
    id, kept = whose
    better = await at.passwords.hash(attempt.password) if at.passwords.outdated(kept) else None
    async with at.storage.writing() as connection:
        account = await store.account_of(connection, id)
        if account is None:
            return WRONG
        if (refusal := await codes.check(at, connection, id, attempt.code)) is not None:
            return refusal
        if account.state is State.SUSPENDED:
            return SUSPENDED
        if isinstance(better, str):
            await store.set_password(connection, id, better, at.clock.now())
        return await at.begin_session(connection, account, device, drawn)
