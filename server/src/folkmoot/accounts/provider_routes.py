"""`/api/signin/providers`: to one's organisation and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from folkmoot.accounts import by_provider, store
from folkmoot.accounts.accounts import Accounts, must_be_fresh
from folkmoot.accounts.by_provider import Returned, Sent
from folkmoot.accounts.devices import device_of
from folkmoot.accounts.inside import COOKIE, Inside, of_our_pages, signed_in
from folkmoot.accounts.provider import Directory
from folkmoot.accounts.routes import keep_signed_in
from folkmoot.accounts.store import Identity
from folkmoot.kit import Problem, Refusal

AWAY_COOKIE = "__Host-folkmoot-away"
SETTINGS = "/settings/signin"


class ProviderShown(BaseModel):
    id: str
    name: str


class ToProviderRequest(BaseModel):
    next: str = Field(default="/", max_length=2000)


class IdentityShown(BaseModel):
    """An organisation's sign-in by which this account is entered."""

    issuer: str
    name: str
    """As the operator calls it; the issuer, where it isn't offered any more."""
    made_at: str


class ToProvider(BaseModel):
    address: str
    """Where the browser goes now."""


def providers_router(at: Accounts, directories: Mapping[str, Directory]) -> APIRouter:
    api = APIRouter(prefix="/api/signin/providers", tags=["accounts"])

    def known(id: str) -> Directory:
        if id not in directories:
            raise Problem("provider.unknown")
        return directories[id]

    @api.get("")
    async def providers() -> list[ProviderShown]:
        """Where people of an organisation may sign in."""
        return [ProviderShown(id=id, name=one.provider.name) for id, one in directories.items()]

    @api.post("/{id}/begin")
    async def begin(id: str, wanted: ToProviderRequest, request: Request, response: Response) -> ToProvider:
        """The provider's address that a browser goes to, to sign in or to sign up."""
        of_our_pages(request)
        return _sent(response, await by_provider.begin(at, known(id), wanted.next))

    @api.get("/{id}/done", include_in_schema=False)
    async def done(id: str, request: Request) -> Response:
        """The provider sends the browser here."""
        said = request.query_params
        returned = Returned(
            request.cookies.get(AWAY_COOKIE, ""),
            said.get("state", ""),
            said.get("code", ""),
            said.get("iss", ""),
            me[0].id if (me := await at.who(request.cookies.get(COOKIE, ""))) else None,
        )
        outcome = await by_provider.finish(at, known(id), returned, device_of(request.headers))
        if isinstance(outcome, Refusal):
            began = SETTINGS if by_provider.connects(at, returned) else "/signin"
            return _back(f"{began}?{urlencode({'refused': outcome.code, 'by': id})}")
        inside, next = outcome
        response = _back(next)
        if inside is not None:
            keep_signed_in(response, inside)
        return response

    return api


def identities_router(at: Accounts, directories: Mapping[str, Directory]) -> APIRouter:
    api = APIRouter(prefix="/api/account/identities", tags=["accounts"])
    signed = Depends(signed_in(at))
    names = {one.provider.issuer: one.provider.name for one in directories.values()}

    @api.get("")
    async def identities(me: Inside = signed) -> list[IdentityShown]:
        """Organisations' sign-ins that are connected with this account."""
        async with at.storage.reading() as connection:
            there = await store.identities_of(connection, me[0].id)
        return [_shown(one, names.get(one.issuer, one.issuer)) for one in there]

    @api.post("/{provider}/begin")
    async def connect(provider: str, response: Response, me: Inside = signed) -> ToProvider:
        """Goes there and comes back connected. By who has just proven who they are."""
        if (refusal := must_be_fresh(me[1], at)) is not None:
            raise Problem.of(refusal)
        if provider not in directories:
            raise Problem("provider.unknown")
        return _sent(response, await by_provider.begin(at, directories[provider], SETTINGS, me[0].id))

    @api.delete("", status_code=204)
    async def disconnect(issuer: Annotated[str, Query(max_length=255)], me: Inside = signed) -> None:
        """Never the last way in."""
        if (refusal := await by_provider.disconnect(at, *me, issuer)) is not None:
            raise Problem.of(refusal)

    return api


def _shown(one: Identity, name: str) -> IdentityShown:
    return IdentityShown(issuer=one.issuer, name=name, made_at=one.made_at.isoformat())


def _sent(response: Response, sent: Sent | Refusal) -> ToProvider:
    if isinstance(sent, Refusal):
        raise Problem.of(sent)
    response.set_cookie(
        *(AWAY_COOKIE, sent.kept, int(by_provider.AWAY_S)),
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )
    response.headers["Cache-Control"] = "no-store"
    return ToProvider(address=sent.address)


def _back(to: str) -> RedirectResponse:
    response = RedirectResponse(to, 303, headers={"Cache-Control": "no-store"})
    response.delete_cookie(AWAY_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response
