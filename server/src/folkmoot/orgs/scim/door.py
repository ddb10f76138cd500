"""`/scim/v2`: by a bearer token of an organisation, and by nothing else."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from folkmoot.accounts.holding import DIRECTORY_SYNC
from folkmoot.kit.refusals import CATALOGUE
from folkmoot.orgs.model import OrgId
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.tokens import bearer

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def door(at: Orgs) -> ASGIApp:
    async def scim(scope: Scope, receive: Receive, send: Send) -> None:
        kind, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        known = await bearer(at, token.strip()) if kind.lower() == "bearer" else None
        if known is None:
            await _refused(401, "A token of the organisation is needed.")(scope, receive, send)
            return
        if (lacking := at.accounts.held.lacks(known[0], DIRECTORY_SYNC)) is not None:
            await _refused(403, CATALOGUE[lacking.code].sentence)(scope, receive, send)
            return
        application = (await to_thread(_serving))(at, *known)
        await application(dict(scope), receive, send)

    return scim


def _refused(status: int, why: str) -> ASGIApp:
    body = {"schemas": [ERROR], "status": str(status), "detail": why}
    headers = {"Cache-Control": "no-store"} | ({"WWW-Authenticate": "Bearer"} if status == 401 else {})
    return JSONResponse(body, status, headers, "application/scim+json")


def _serving() -> Callable[[Orgs, OrgId, str], ASGIApp]:
    from folkmoot.orgs.scim.served import serving  # a second of a core, for the first who asks

    return serving
