"""The paths of the door."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from folkmoot.kit import Clock, Problem
from folkmoot.protocol.tokens import Keys
from folkmoot.rooms.arriving import MEETING_PREFIX
from folkmoot.rooms.live import Rooms
from folkmoot.rooms.turnstile import Turnstile
from folkmoot.signalling.admission import Admitted, Denied, admit
from folkmoot.signalling.session import serve

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
}

PATIENCE_S = 3.0
"""SDKs wait five seconds for their socket; then they try again, all of them at once."""
RETRY_AFTER_S = 2


def routes(rooms: Rooms, keys: Keys, clock: Clock, turnstile: Turnstile) -> list[BaseRoute]:
    paths: list[BaseRoute] = []
    for path, single in (("/rtc", False), ("/rtc/v1", True)):
        door = _Door(rooms, keys, clock, turnstile, single=single)
        paths += [
            WebSocketRoute(path, door.signal),
            Route(path + "/validate", door.validate, methods=["GET", "HEAD", "OPTIONS"]),
            Route(path, _not_found, methods=["GET", "HEAD", "OPTIONS"]),
        ]
    # Clients ask for it where they take a server for one of many; without a route they would get the page.
    paths.append(Route("/settings/regions", _not_found, methods=["GET", "HEAD", "OPTIONS"]))
    return paths


def collapse_slashes(app: ASGIApp) -> ASGIApp:
    """Some clients join a base URL that ends in a slash with a path that begins with one."""

    async def collapsed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and "//" in scope["path"]:
            path = scope["path"]
            while "//" in path:
                path = path.replace("//", "/")
            scope = {**scope, "path": path}
        await app(scope, receive, send)

    return collapsed


class _Door:
    def __init__(self, rooms: Rooms, keys: Keys, clock: Clock, turnstile: Turnstile, *, single: bool) -> None:
        self._rooms, self._keys, self._clock, self._single = rooms, keys, clock, single
        self._turnstile = turnstile

    async def signal(self, websocket: WebSocket) -> None:
        outcome = admit(
            websocket.query_params,
            websocket.headers.get("authorization", ""),
            single=self._single,
            keys=self._keys,
            rooms=self._rooms,
        )
        if isinstance(outcome, Denied):
            await websocket.send_denial_response(PlainTextResponse(outcome.sentence, outcome.status, CORS))
            return
        if not await self._has_turn(outcome):
            problem = Problem("room.too_many_join", {"retry_after_s": RETRY_AFTER_S})
            response = PlainTextResponse(problem.message, problem.status, CORS | problem.headers())
            await websocket.send_denial_response(response)
            return
        await serve(websocket, outcome, self._rooms, self._clock)

    async def _has_turn(self, admitted: Admitted) -> bool:
        """Who comes to a meeting has waited at its channel, and who comes back is inside already."""
        if admitted.joining.reconnect or admitted.claims.video.room.startswith(MEETING_PREFIX):
            return True
        claims = admitted.claims
        return await self._turnstile.turn((claims.video.room, claims.identity), within=PATIENCE_S)

    async def validate(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=CORS)
        authorization = request.headers.get("authorization", "")
        outcome = admit(
            request.query_params, authorization, single=self._single, keys=self._keys, rooms=self._rooms
        )
        if isinstance(outcome, Denied):
            return PlainTextResponse(outcome.sentence, outcome.status, CORS)
        return PlainTextResponse("success", headers=CORS)


async def _not_found(request: Request) -> Response:
    return PlainTextResponse("404 page not found", 404, CORS)
