"""`/api/signin/providers`: to one's organisation and back."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from folkmoot.accounts import by_provider
from folkmoot.accounts.accounts import Accounts
from folkmoot.accounts.by_provider import Returned
from folkmoot.accounts.devices import device_of
from folkmoot.accounts.inside import of_our_pages
from folkmoot.accounts.provider import Directory
from folkmoot.accounts.routes import keep_signed_in
from folkmoot.kit import Problem, Refusal

AWAY_COOKIE = "__Host-folkmoot-away"


class ProviderShown(BaseModel):
    id: str
    name: str


class ToProviderRequest(BaseModel):
    next: str = Field(default="/", max_length=2000)


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
        of_our_pages(request)
        sent = await by_provider.begin(at, known(id), wanted.next)
        if isinstance(sent, Refusal):
            raise Problem.of(sent)
        response.set_cookie(
            AWAY_COOKIE,
            sent.kept,
            int(by_provider.AWAY_S),
            path="/",
            secure=True,
            httponly=True,
            samesite="lax",
        )
        response.headers["Cache-Control"] = "no-store"
        return ToProvider(address=sent.address)

    @api.get("/{id}/done", include_in_schema=False)
    async def done(id: str, request: Request) -> Response:
        """The provider sends the browser here."""
        said = request.query_params
        returned = Returned(
            request.cookies.get(AWAY_COOKIE, ""),
            said.get("state", ""),
            said.get("code", ""),
            said.get("iss", ""),
        )
        outcome = await by_provider.finish(at, known(id), returned, device_of(request.headers))
        if isinstance(outcome, Refusal):
            return _back(f"/signin?{urlencode({'refused': outcome.code, 'by': id})}")
        inside, next = outcome
        response = _back(next)
        keep_signed_in(response, inside)
        return response

    return api


def _back(to: str) -> RedirectResponse:
    response = RedirectResponse(to, 303, headers={"Cache-Control": "no-store"})
    response.delete_cookie(AWAY_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response
