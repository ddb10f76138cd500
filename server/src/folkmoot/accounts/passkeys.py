"""Passkeys (WebAuthn level 3): added by who is signed in, or signed up with; then enough by themselves to sign in.

Law: the person is verified by their device (PIN, finger, face), so a passkey is two factors. A sign-in names nobody beforehand, so
nothing tells whether somebody has one. A signature counter that goes back is a copied key: refused.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from folkmoot.accounts import store
from folkmoot.accounts.accounts import Accounts, SignedIn, must_be_fresh
from folkmoot.accounts.model import Account, AccountId, Session, State
from folkmoot.accounts.store import Passkey
from folkmoot.accounts.ways import last_way
from folkmoot.kit import Refusal, text

REFUSED = Refusal("passkey.refused")
TO_SIGN_IN, TO_SIGN_UP = "sign in", "sign up"
MOST_PASSKEYS = 20
SITE = "Folkmoot"


async def begin(at: Accounts, account: Account, session: Session) -> dict[str, Any] | Refusal:
    """What the browser needs to make one."""
    if (refusal := must_be_fresh(session, at)) is not None:
        return refusal
    async with at.storage.reading() as connection:
        there = await store.passkeys_of(connection, account.id)
    if len(there) >= MOST_PASSKEYS:
        return Refusal("passkey.too_many", {"most": MOST_PASSKEYS})
    challenge = _challenge(at, account.id)
    shown = account.addresses[0].address if account.addresses else account.name
    return _options(at, challenge, account.id, account.name, shown, [one.id for one in there])


def _options(
    at: Accounts, challenge: bytes, of: AccountId, name: str, address: str, there: Sequence[bytes]
) -> dict[str, Any]:
    options = webauthn.generate_registration_options(
        rp_id=_rp(at),
        rp_name=SITE,
        user_name=address,
        user_id=of.encode(),
        user_display_name=name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in there],
    )
    said: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return said


async def finish(
    at: Accounts, account: Account, session: Session, credential: dict[str, Any], name: str
) -> Refusal | None:
    if (refusal := must_be_fresh(session, at)) is not None:
        return refusal
    called = text.name(name)
    if isinstance(called, Refusal):
        return called
    made = _made(at, credential, account.id, account.id, called)
    if isinstance(made, Refusal):
        return made
    async with at.storage.writing() as connection:
        if await store.passkey(connection, made.id) is not None:
            return REFUSED
        await store.add_passkey(connection, made)
    return None


def begin_sign_up(at: Accounts, name: str, address: str) -> dict[str, Any]:
    """Of an account that isn't there yet. Its id follows from the challenge, so nothing is kept of who never comes back."""
    challenge = _challenge(at, TO_SIGN_UP)
    return _options(at, challenge, _future(challenge), name, address, [])


def signs_up(at: Accounts, credential: dict[str, Any], name: str) -> Passkey | Refusal:
    """With the id of the account that it will be of."""
    called = text.name(name)
    of = _future(_answered(credential))
    return _made(at, credential, TO_SIGN_UP, of, "Passkey" if isinstance(called, Refusal) else called)


async def is_signed(at: Accounts, kept: Passkey, credential: dict[str, Any]) -> bool:
    """By one that isn't in the tables yet."""
    if not at.challenges.take(_answered(credential), TO_SIGN_IN, at.clock.monotonic()):
        return False
    return _bytes(credential.get("rawId")) == kept.id and _verified(at, kept, credential) is not None


def _future(challenge: bytes) -> AccountId:
    return AccountId("a_" + hashlib.sha256(b"account of " + challenge).hexdigest()[:24])


def _made(
    at: Accounts, credential: dict[str, Any], what_for: str, of: AccountId, name: str
) -> Passkey | Refusal:
    challenge = _answered(credential)
    if not at.challenges.take(challenge, what_for, at.clock.monotonic()):
        return REFUSED
    try:
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_rp(at),
            expected_origin=at.settings.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return REFUSED
    return Passkey(
        *(verified.credential_id, of, verified.credential_public_key, verified.sign_count, name),
        made_at=at.clock.now(),
        used_at=None,
    )


async def remove(at: Accounts, account: Account, session: Session, id: bytes) -> Refusal | None:
    if (refusal := must_be_fresh(session, at)) is not None:
        return refusal
    async with at.storage.writing() as connection:
        if id not in [one.id for one in await store.passkeys_of(connection, account.id)]:
            return Refusal("passkey.unknown")
        if (refusal := await last_way(connection, account.id)) is not None:
            return refusal
        await store.remove_passkey(connection, account.id, id)
    return None


def begin_sign_in(at: Accounts) -> dict[str, Any]:
    options = webauthn.generate_authentication_options(
        rp_id=_rp(at),
        challenge=_challenge(at, TO_SIGN_IN),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    said: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return said


async def sign_in(at: Accounts, credential: dict[str, Any], device: str) -> SignedIn | Refusal:
    kept = await _proven(at, credential, TO_SIGN_IN)
    if isinstance(kept, Refusal):
        return kept
    async with at.storage.writing() as connection:
        account = await store.account_of(connection, kept.account)
        if account is None:
            return REFUSED
        if account.state is State.SUSPENDED:
            return Refusal("account.suspended")
        await store.passkey_used(connection, kept.id, kept.sign_count, at.clock.now())
        return await at.begin_session(connection, account, device)


async def prove_again(
    at: Accounts, account: Account, session: Session, credential: dict[str, Any]
) -> Refusal | None:
    kept = await _proven(at, credential, TO_SIGN_IN)
    if isinstance(kept, Refusal):
        return kept
    if kept.account != account.id:
        return REFUSED
    async with at.storage.writing() as connection:
        now = at.clock.now()
        await store.passkey_used(connection, kept.id, kept.sign_count, now)
        await store.touch_session(connection, session.hashed, proven_at=now)
    return None


async def _proven(at: Accounts, credential: dict[str, Any], what_for: str) -> Passkey | Refusal:
    """With the counter that it has now."""
    challenge = _answered(credential)
    if not at.challenges.take(challenge, what_for, at.clock.monotonic()):
        return REFUSED
    async with at.storage.reading() as connection:
        kept = await store.passkey(connection, _bytes(credential.get("rawId")))
    if kept is None:
        return REFUSED
    count = _verified(at, kept, credential)
    return REFUSED if count is None else replace(kept, sign_count=count)


def _verified(at: Accounts, kept: Passkey, credential: dict[str, Any]) -> int | None:
    """The counter that it has now."""
    try:
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=_answered(credential),
            expected_rp_id=_rp(at),
            expected_origin=at.settings.origin,
            credential_public_key=kept.public_key,
            credential_current_sign_count=kept.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return verified.new_sign_count


def _rp(at: Accounts) -> str:
    return urlsplit(at.settings.origin).hostname or "localhost"


def _challenge(at: Accounts, what_for: str) -> bytes:
    challenge = at.randomness.token(32)
    at.challenges.give(challenge, what_for, at.clock.monotonic())
    return challenge


def _answered(credential: dict[str, Any]) -> bytes:
    """Which challenge it says that it answers; whether it does the signature tells."""
    response = credential.get("response")
    written = _bytes(response.get("clientDataJSON")) if isinstance(response, dict) else b""
    try:
        said = json.loads(written)
    except ValueError:
        return b""
    return _bytes(said.get("challenge")) if isinstance(said, dict) else b""


def _bytes(said: object) -> bytes:
    if not isinstance(said, str):
        return b""
    try:
        return urlsafe_b64decode(said + "=" * (-len(said) % 4))
    except ValueError:
        return b""
