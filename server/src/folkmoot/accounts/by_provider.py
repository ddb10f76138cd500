"""Signing in at one's organisation: sent there, back with a code, and in as whoever it vouches for.

Law: PKCE, state and nonce bind the answer to the browser that asked. Who is known is known by issuer and subject, never by an
address. An address is proven by a provider's word only where the configuration says that it speaks for that domain.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import model, signing_up, store
from folkmoot.accounts.accounts import Accounts, SignedIn, must_be_fresh
from folkmoot.accounts.id_token import Expected, Lie, claims_of, key_of
from folkmoot.accounts.model import Account, AccountId, Address, Session, State
from folkmoot.accounts.provider import Directory, Said, Unanswered
from folkmoot.accounts.ways import last_way
from folkmoot.kit import Refusal, text

log = structlog.get_logger("folkmoot.accounts")

AWAY_S = 600.0
"""So long may somebody be at their provider."""
OVER, DOWN, REFUSED = (
    Refusal("provider.over"),
    Refusal("provider.unanswered"),
    Refusal("provider.refused"),
)
UNLINKED = Refusal("provider.address_in_use")
PLAIN_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\\]*")


@dataclass(frozen=True, slots=True)
class Sent:
    """Where the browser goes, and what it keeps meanwhile."""

    address: str
    kept: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What it comes back with."""

    kept: str
    state: str
    code: str
    issuer: str = ""
    """RFC 9207: who answers says who it is."""
    account: AccountId | None = None
    """Signed in when they come back."""


async def begin(at: Accounts, directory: Directory, next: str, of: AccountId | None = None) -> Sent | Refusal:
    """`of`: whose way in it becomes; else somebody signs in by it."""
    try:
        said = await directory.said()
    except Unanswered:
        return DOWN
    state, nonce, verifier = at.draw(16), at.draw(16), at.draw(32)
    kept = {
        "provider": directory.provider.id,
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "next": next if PLAIN_PATH.fullmatch(next) else "/",
        "at": at.clock.now().timestamp(),
        "account": of,
    }
    asked = {
        "response_type": "code",
        "scope": "openid profile email",
        "client_id": directory.provider.client_id,
        "redirect_uri": back(at, directory),
        "state": state,
        "nonce": nonce,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
    }
    sign = "&" if "?" in said.authorization else "?"
    return Sent(f"{said.authorization}{sign}{urlencode(asked)}", at.sealing.seal(json.dumps(kept)).decode())


async def finish(
    at: Accounts, directory: Directory, returned: Returned, device: str
) -> tuple[SignedIn | None, str] | Refusal:
    """In, or connected, and where one wanted to go."""
    kept = _kept(at, directory, returned)
    if kept is None or kept.get("account") not in (None, returned.account):
        return OVER
    try:
        claims = await _claims(at, directory, returned, kept)
    except Unanswered:
        return DOWN
    except Lie as lie:
        log.warning("provider lies", provider=directory.provider.id, about=lie.about)
        return REFUSED
    async with at.storage.writing() as connection:
        if returned.account is not None and kept.get("account") is not None:
            refusal = await _connect(at, connection, directory, claims["sub"], returned.account)
            return refusal or (None, kept["next"])
        account = await _whose(at, connection, directory, claims)
        if isinstance(account, Refusal):
            return account
        if account.state is State.SUSPENDED:
            return Refusal("account.suspended")
        return await at.begin_session(connection, account, device), kept["next"]


def connects(at: Accounts, returned: Returned) -> bool:
    """They set out from their settings."""
    opened = at.sealing.unseal(returned.kept.encode()) if returned.kept else None
    return opened is not None and json.loads(opened).get("account") is not None


def back(at: Accounts, directory: Directory) -> str:
    return f"{at.settings.origin}/api/signin/providers/{directory.provider.id}/done"


def _kept(at: Accounts, directory: Directory, returned: Returned) -> dict[str, Any] | None:
    opened = at.sealing.unseal(returned.kept.encode()) if returned.kept else None
    kept: dict[str, Any] = json.loads(opened) if opened else {}
    mine = kept.get("provider") == directory.provider.id and hmac.compare_digest(
        str(kept.get("state", "")).encode(), returned.state.encode()
    )
    if not mine or at.clock.now().timestamp() - kept["at"] > AWAY_S or not returned.code:
        return None
    return kept


async def _claims(at: Accounts, directory: Directory, returned: Returned, kept: dict[str, Any]) -> Any:
    provider = directory.provider
    if returned.issuer and returned.issuer != provider.issuer:
        raise Lie("issuer")  # another provider's answer, mixed up
    said = await directory.said()
    form = {
        "grant_type": "authorization_code",
        "code": returned.code,
        "redirect_uri": back(at, directory),
        "code_verifier": kept["verifier"],
    }
    token = str((await directory.exchange(said, form)).get("id_token", ""))
    key = await _key(directory, said, key_of(token))
    expected = Expected(provider.issuer, provider.client_id, kept["nonce"], at.clock.now().timestamp())
    return claims_of(token, key, expected)


async def _key(directory: Directory, said: Said, id: str) -> Any:
    if id not in said.keys:
        said = await directory.said(anew=True)  # keys are changed now and then
    if id not in said.keys:
        raise Lie("key")
    return said.keys[id]


async def _connect(
    at: Accounts, connection: AsyncConnection, directory: Directory, subject: str, of: AccountId
) -> Refusal | None:
    issuer = directory.provider.issuer
    known = await store.account_by_identity(connection, issuer, subject)
    if known is not None:
        return None if known == of else Refusal("provider.anothers")
    if issuer in [one.issuer for one in await store.identities_of(connection, of)]:
        return Refusal("provider.connected_already")
    await store.add_identity(connection, issuer, subject, of, at.clock.now())
    return None


async def disconnect(at: Accounts, account: Account, session: Session, issuer: str) -> Refusal | None:
    if (refusal := must_be_fresh(session, at)) is not None:
        return refusal
    async with at.storage.writing() as connection:
        if issuer not in [one.issuer for one in await store.identities_of(connection, account.id)]:
            return Refusal("provider.not_connected")
        if (refusal := await last_way(connection, account.id)) is not None:
            return refusal
        await store.remove_identity(connection, account.id, issuer)
    return None


async def _whose(
    at: Accounts, connection: AsyncConnection, directory: Directory, claims: dict[str, Any]
) -> Account | Refusal:
    provider, subject = directory.provider, claims["sub"]
    known = await store.account_by_identity(connection, provider.issuer, subject)
    if known is not None:
        return await store.account_of(connection, known) or REFUSED
    said = model.address(str(claims.get("email", "")))
    address = said if isinstance(said, str) else ""
    proven = claims.get("email_verified") is True and address.rpartition("@")[2] in provider.domains
    claims_to = await store.claimants(connection, address) if address else []
    if claims_to and claims_to[0][1]:
        if not proven:
            return UNLINKED
        account = await store.account_of(connection, claims_to[0][0])
    else:
        if not proven and (refusal := signing_up.may(at, address)) is not None:
            return refusal
        account = await _made(at, connection, claims, address, proven=proven)
    if account is None:
        return REFUSED
    await store.add_identity(connection, provider.issuer, subject, account.id, at.clock.now())
    return account


async def _made(
    at: Accounts, connection: AsyncConnection, claims: dict[str, Any], address: str, *, proven: bool
) -> Account:
    called = text.name(str(claims.get("name", "")))
    name = called if isinstance(called, str) else address.partition("@")[0] or "?"
    locale = "zh-CN" if str(claims.get("locale", "")).lower().startswith("zh") else "en"
    zone = model.time_zone(str(claims.get("zoneinfo", "")))
    now = at.clock.now()
    account = Account(
        at.new_id(), name, locale, zone if isinstance(zone, str) else "UTC", State.ACTIVE, False, now
    )
    await store.add_account(connection, account)
    if not address:
        return account
    if not proven and len(await store.claimants(connection, address)) >= store.MOST_UNPROVEN:
        return account
    await store.claim(connection, account.id, address, now if proven else None)
    return replace(account, addresses=(Address(address, proven),))


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
