"""`/api/account`, `/api/signin` …: accounts over HTTP.

Law: who is signed in is told by a cookie that no script reads, and only requests of our own pages are done by it. No answer with
somebody's facts is kept by a cache.
"""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

import segno
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from folkmoot.accounts import (
    administering,
    codes,
    model,
    passkeys,
    profile,
    recovering,
    signing_in,
    signing_up,
    store,
)
from folkmoot.accounts.accounts import PROOF_LIFE, Accounts, SignedIn
from folkmoot.accounts.administering import Setup
from folkmoot.accounts.devices import device_of
from folkmoot.accounts.inside import COOKIE, Inside, of_our_pages, perhaps, signed_in
from folkmoot.accounts.model import Account, Session
from folkmoot.accounts.signing_up import Opened, Wanted
from folkmoot.kit import Problem, Refusal

DEVICE_COOKIE = "__Host-folkmoot-device"
YEARS_S = 2 * 365 * 24 * 3600
SIGN_UP_COOKIE = "__Host-folkmoot-signup"
T = TypeVar("T")


class SignUpRequest(BaseModel):
    name: str = Field(max_length=1000)
    address: str = Field(max_length=1000)
    password: str = Field(default="", max_length=4096)
    language: str = "en"
    time_zone: str = "UTC"
    credential: dict[str, Any] | None = None
    """Instead of a password: a passkey made with what `/api/signup/passkey/begin` said."""


class PasskeySignUpRequest(BaseModel):
    name: str = Field(max_length=1000)
    address: str = Field(max_length=1000)


class SetupRequest(SignUpRequest):
    token: str = Field(max_length=200)


class SignInRequest(BaseModel):
    address: str = Field(max_length=2000)
    password: str = Field(max_length=4096)
    code: str | None = Field(default=None, max_length=100)


class TokenRequest(BaseModel):
    token: str = Field(max_length=200)


class VerifyRequest(TokenRequest):
    password: str = Field(default="", max_length=4096)
    """The one chosen at sign-up: needed in a browser other than that."""
    credential: dict[str, Any] | None = None
    """Or a signature (`/api/signin/passkey/begin`) of the passkey that was made at sign-up."""


class ResetRequest(BaseModel):
    address: str = Field(max_length=1000)
    language: str = "en"


class NewPasswordRequest(TokenRequest):
    password: str = Field(max_length=4096)


class PasswordRequest(BaseModel):
    password: str = Field(max_length=4096)


class CodeRequest(BaseModel):
    code: str = Field(max_length=100)


class AddressRequest(BaseModel):
    address: str = Field(max_length=1000)


class ProfileRequest(BaseModel):
    name: str | None = Field(default=None, max_length=1000)
    language: str | None = None
    time_zone: str | None = None


class CredentialRequest(BaseModel):
    credential: dict[str, Any]
    name: str = Field(default="", max_length=1000)


class AddressShown(BaseModel):
    address: str
    proven: bool


class AccountShown(BaseModel):
    id: str
    name: str
    language: str
    time_zone: str
    operator: bool
    addresses: list[AddressShown]
    picture: str | None
    """Of a file: `/api/pictures/{picture}`."""


class Way(BaseModel):
    """How one signs up here, before anybody is known."""

    sign_up: model.SignUp
    mail: bool
    set_up: bool
    """Somebody must become the operator first."""


class Asked(BaseModel):
    account: AccountShown | None
    """None: a mail is on its way, if there is somebody to whom."""


class PasskeyShown(BaseModel):
    id: str
    name: str
    made_at: str
    used_at: str | None


class SignInWays(BaseModel):
    password: bool
    codes: bool
    passkeys: list[PasskeyShown]


class SessionShown(BaseModel):
    id: str
    device: str
    made_at: str
    used_at: str
    here: bool


class CodesBegun(BaseModel):
    address: str
    """`otpauth:`, for the app."""
    picture: str
    """The same, to scan: an SVG as a `data:` address, made here."""


class RecoveryCodes(BaseModel):
    codes: list[str]


def router(at: Accounts, setup: Setup) -> APIRouter:
    api = APIRouter(prefix="/api", tags=["accounts"])

    known = Depends(signed_in(at))

    def enter(response: Response, outcome: SignedIn | Refusal) -> AccountShown:
        inside = _or_refuse(outcome)
        keep_signed_in(response, inside)
        return shown(inside.account)

    @api.get("/signup")
    async def way() -> Way:
        """How one comes to an account here: who may sign up, whether there is mail, whether the first account is still to be made."""
        return Way(sign_up=at.sign_up, mail=at.post is not None, set_up=setup.token is not None)

    @api.post("/signup")
    async def sign_up(wanted: SignUpRequest, request: Request, response: Response) -> Asked:
        """Answers alike whether the address has an account or not."""
        of_our_pages(request)
        outcome = await signing_up.sign_up(
            at, Wanted(**wanted.model_dump()), _where(request), device_of(request.headers)
        )
        if isinstance(outcome, signing_up.Asked):
            _keep(response, SIGN_UP_COOKIE, outcome.browser, int(PROOF_LIFE.total_seconds()))
            return Asked(account=None)
        return Asked(account=enter(response, outcome))

    @api.post("/signup/passkey/begin")
    async def begin_passkey_sign_up(wanted: PasskeySignUpRequest, request: Request) -> dict[str, Any]:
        """What a browser needs to make a passkey of an account that isn't there yet."""
        of_our_pages(request)
        return _or_refuse(signing_up.begin_passkey(at, wanted.name, wanted.address, _where(request)))

    @api.post("/setup")
    async def set_up(wanted: SetupRequest, request: Request, response: Response) -> AccountShown:
        """The first account, with the token that the server printed: its operator."""
        of_our_pages(request)
        said = Wanted(**wanted.model_dump(exclude={"token"}))
        device = device_of(request.headers)
        return enter(
            response, await administering.set_up(at, setup, wanted.token, said, _where(request), device)
        )

    @api.post("/verify")
    async def verify(wanted: VerifyRequest, request: Request, response: Response) -> AccountShown:
        """A link in a mail was opened: where it was asked for, or with the password; for a further address by who is signed in."""
        of_our_pages(request)
        me = await perhaps(request, at)
        opened = Opened(
            device_of(request.headers),
            request.cookies.get(SIGN_UP_COOKIE, ""),
            wanted.password,
            wanted.credential,
            me.id if me else None,
            _where(request),
        )
        return enter(response, await signing_up.confirm(at, wanted.token, opened))

    @api.post("/signin")
    async def sign_in(wanted: SignInRequest, request: Request, response: Response) -> AccountShown:
        """By password, and by a code where the account wants one. What fails is answered alike whether the address has an account or not."""
        of_our_pages(request)
        attempt = signing_in.Attempt(wanted.address, wanted.password, wanted.code)
        known, device = request.cookies.get(DEVICE_COOKIE, ""), device_of(request.headers)
        return enter(response, await signing_in.sign_in(at, attempt, _where(request), known, device))

    @api.post("/signin/passkey/begin")
    async def begin_passkey_sign_in(request: Request) -> dict[str, Any]:
        """What a browser needs to ask for a passkey."""
        of_our_pages(request)
        return passkeys.begin_sign_in(at)

    @api.post("/signin/passkey")
    async def passkey_sign_in(
        wanted: CredentialRequest, request: Request, response: Response
    ) -> AccountShown:
        """By a passkey alone."""
        of_our_pages(request)
        return enter(response, await passkeys.sign_in(at, wanted.credential, device_of(request.headers)))

    @api.post("/signout", status_code=204)
    async def sign_out(request: Request, response: Response) -> None:
        """Of this browser."""
        of_our_pages(request)
        await signing_in.sign_out(at, request.cookies.get(COOKIE, ""))
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")

    @api.post("/reset", status_code=202)
    async def ask_reset(wanted: ResetRequest, request: Request) -> None:
        """Answers alike whether the address has an account or not."""
        of_our_pages(request)
        _done(await recovering.ask(at, wanted.address, wanted.language, _where(request)))

    @api.post("/reset/finish", status_code=204)
    async def finish_reset(wanted: NewPasswordRequest, request: Request) -> None:
        """A new password, by the link of a mail. Every session ends."""
        of_our_pages(request)
        _done(await recovering.finish(at, wanted.token, wanted.password))

    @api.get("/account")
    async def account(me: Inside = known) -> AccountShown:
        """Who I am."""
        return shown(me[0])

    @api.patch("/account")
    async def change_profile(wanted: ProfileRequest, me: Inside = known) -> AccountShown:
        """Name, language, time zone: what isn't said stays."""
        _done(await profile.change(at, me[0], wanted.name, wanted.language, wanted.time_zone))
        async with at.storage.reading() as connection:
            return shown(await store.account_of(connection, me[0].id) or me[0])

    @api.delete("/account", status_code=204)
    async def delete(response: Response, me: Inside = known) -> None:
        """My account and what is only its own. It wants a proof of the last ten minutes."""
        _done(await profile.delete(at, *me))
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")

    @api.get("/account/export")
    async def export(response: Response, me: Inside = known) -> dict[str, Any]:
        """All that is kept about me."""
        response.headers["Content-Disposition"] = 'attachment; filename="folkmoot-account.json"'
        return await profile.exported(at, me[0])

    @api.post("/account/prove", status_code=204)
    async def prove(wanted: PasswordRequest, request: Request, me: Inside = known) -> None:
        """That it is still the same person: needed in the ten minutes before credentials are changed."""
        _done(await signing_in.prove_again(at, *me, wanted.password, _where(request)))

    @api.post("/account/prove/passkey", status_code=204)
    async def prove_by_passkey(wanted: CredentialRequest, me: Inside = known) -> None:
        """That it is still the same person, by passkey: needed in the ten minutes before credentials are changed."""
        _done(await passkeys.prove_again(at, *me, wanted.credential))

    @api.put("/account/password", status_code=204)
    async def change_password(wanted: PasswordRequest, me: Inside = known) -> None:
        """Sets one, or another. My other sessions end."""
        _done(await recovering.change(at, *me, wanted.password))

    @api.post("/account/addresses", status_code=202)
    async def add_address(wanted: AddressRequest, me: Inside = known) -> None:
        """A link goes there; it is mine when it was opened."""
        _done(await profile.add_address(at, *me, wanted.address))

    @api.delete("/account/addresses/{address}", status_code=204)
    async def remove_address(address: str, me: Inside = known) -> None:
        """One of several: never the last."""
        _done(await profile.remove_address(at, *me, address))

    @api.get("/account/signin")
    async def ways(me: Inside = known) -> SignInWays:
        """What I can sign in with."""
        async with at.storage.reading() as connection:
            kept = await store.codes_of(connection, me[0].id)
            return SignInWays(
                password=await store.password_of(connection, me[0].id) is not None,
                codes=kept is not None and kept.confirmed,
                passkeys=[_passkey(one) for one in await store.passkeys_of(connection, me[0].id)],
            )

    @api.post("/account/passkeys/begin")
    async def begin_passkey(me: Inside = known) -> dict[str, Any]:
        """What a browser needs to make a passkey."""
        return _or_refuse(await passkeys.begin(at, *me))

    @api.post("/account/passkeys", status_code=204)
    async def add_passkey(wanted: CredentialRequest, me: Inside = known) -> None:
        """The passkey that the browser made."""
        _done(await passkeys.finish(at, *me, wanted.credential, wanted.name))

    @api.delete("/account/passkeys/{id}", status_code=204)
    async def remove_passkey(id: str, me: Inside = known) -> None:
        """One that is the only way to sign in can't be removed."""
        _done(await passkeys.remove(at, *me, _unhexed(id)))

    @api.post("/account/codes")
    async def begin_codes(me: Inside = known) -> CodesBegun:
        """A secret for an authenticator app. It counts when it was confirmed by a code."""
        address = _or_refuse(await codes.begin(at, *me))
        return CodesBegun(address=address, picture=segno.make(address, error="m").svg_data_uri(border=2))

    @api.post("/account/codes/confirm")
    async def confirm_codes(wanted: CodeRequest, me: Inside = known) -> RecoveryCodes:
        """Codes are asked for from now on. What is answered opens once each, where the app is lost."""
        return RecoveryCodes(codes=_or_refuse(await codes.confirm(at, *me, wanted.code)))

    @api.delete("/account/codes", status_code=204)
    async def codes_off(me: Inside = known) -> None:
        """No code is asked for any more."""
        _done(await codes.off(at, *me))

    @api.get("/account/sessions")
    async def sessions(me: Inside = known) -> list[SessionShown]:
        """Where I am signed in."""
        found = await signing_in.sessions_of(at, me[0])
        return [_session(one, me[1]) for one in found]

    @api.delete("/account/sessions/{id}", status_code=204)
    async def end_session(id: str, me: Inside = known) -> None:
        """Signed out there."""
        _done(await signing_in.end_session(at, me[0], id))

    @api.delete("/account/sessions", status_code=204)
    async def end_others(me: Inside = known) -> None:
        """All but this one."""
        await signing_in.end_all_sessions(at, *me)

    return api


def keep_signed_in(response: Response, inside: SignedIn) -> None:
    _keep(response, COOKIE, inside.token, int(model.SESSION_LIFE.total_seconds()))
    _keep(response, DEVICE_COOKIE, inside.known_device, YEARS_S)


def _keep(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, seconds, path="/", secure=True, httponly=True, samesite="lax")
    response.headers["Cache-Control"] = "no-store"


def _where(request: Request) -> str:
    return request.client.host if request.client else ""


def _or_refuse(outcome: T | Refusal) -> T:
    if isinstance(outcome, Refusal):
        _refuse(outcome)
    return outcome


def _done(outcome: Refusal | None) -> None:
    if outcome is not None:
        _refuse(outcome)


def _refuse(refusal: Refusal) -> NoReturn:
    raise Problem.of(refusal)


def _unhexed(id: str) -> bytes:
    try:
        return bytes.fromhex(id)
    except ValueError:
        raise Problem("passkey.unknown") from None


def shown(account: Account) -> AccountShown:
    return AccountShown(
        id=account.id,
        name=account.name,
        language=account.language,
        time_zone=account.time_zone,
        operator=account.operator,
        addresses=[AddressShown(address=one.address, proven=one.proven) for one in account.addresses],
        picture=account.picture or None,
    )


def _passkey(one: store.Passkey) -> PasskeyShown:
    used = None if one.used_at is None else one.used_at.isoformat()
    return PasskeyShown(id=one.id.hex(), name=one.name, made_at=one.made_at.isoformat(), used_at=used)


def _session(one: Session, here: Session) -> SessionShown:
    made, used = one.made_at.isoformat(), one.used_at.isoformat()
    return SessionShown(id=one.id, device=one.device, made_at=made, used_at=used, here=one == here)
