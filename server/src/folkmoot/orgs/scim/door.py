"""`/scim/v2`: by a bearer token of an organisation, and by nothing else."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from folkmoot.orgs.model import OrgId
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.tokens import bearer

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def door(at: Orgs) -> ASGIApp:
    async def scim(scope: Scope, receive: Receive, send: Send) -> None:
        kind, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        known = await bearer(at, token.strip()) if kind.lower() == "bearer" else None
        if known is None:
            await _refused(scope, receive, send)
            return
        application = (await to_thread(_serving))(at, *known)
        await application(dict(scope), receive, send)

    return scim


async def _refused(scope: Scope, receive: Receive, send: Send) -> None:
    body = {"schemas": [ERROR], "status": "401", "detail": "A token of the organisation is needed."}
    answer = JSONResponse(
        body, 401, {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}, "application/scim+json"
    )
    await answer(scope, receive, send)


def _serving() -> Callable[[Orgs, OrgId, str], ASGIApp]:
    from folkmoot.orgs.scim.served import serving  # a second of a core, for the first who asks

    return serving
