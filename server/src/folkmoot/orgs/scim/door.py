"""`/scim/v2`: by a bearer token of an organisation, and by nothing else."""

from __future__ import annotations

from functools import cache

from scim2_models import ScimProvider
from scim2_server.applications.asgi import ASGIApplication
from scim2_server.service import ScimService
from scim2_server.utils import load_default_provider
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.scim.storage import OneOrganisation
from folkmoot.orgs.tokens import bearer

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def door(at: Orgs) -> ASGIApp:
    async def scim(scope: Scope, receive: Receive, send: Send) -> None:
        kind, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        known = await bearer(at, token.strip()) if kind.lower() == "bearer" else None
        if known is None:
            await _refused(scope, receive, send)
            return
        provider, service = _served()
        org, by = known
        application = ASGIApplication(OneOrganisation(at, org, by, provider), provider, service)
        await application(dict(scope), receive, send)  # type: ignore[arg-type]

    return scim


async def _refused(scope: Scope, receive: Receive, send: Send) -> None:
    body = {"schemas": [ERROR], "status": "401", "detail": "A token of the organisation is needed."}
    answer = JSONResponse(
        body, 401, {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}, "application/scim+json"
    )
    await answer(scope, receive, send)


@cache
def _served() -> tuple[ScimProvider, ScimService]:
    """Users and groups; no passwords, which people choose themselves."""
    provider = load_default_provider()
    config = provider.config
    assert config is not None
    if config.change_password is not None:
        config.change_password.supported = False
    if config.bulk is not None:
        config.bulk.supported = False
    return provider, ScimService(provider)
