"""The paths of the door."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from folkmoot.kit import Clock
from folkmoot.protocol.tokens import Keys
from folkmoot.rooms.live import Rooms
from folkmoot.signalling.admission import Denied, admit
from folkmoot.signalling.session import serve

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
}


def routes(rooms: Rooms, keys: Keys, clock: Clock) -> list[BaseRoute]:
    paths: list[BaseRoute] = []
    for path, single in (("/rtc", False), ("/rtc/v1", True)):
        door = _Door(rooms, keys, clock, single=single)
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
    def __init__(self, rooms: Rooms, keys: Keys, clock: Clock, *, single: bool) -> None:
        self._rooms, self._keys, self._clock, self._single = rooms, keys, clock, single

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
        await serve(websocket, outcome, self._rooms, self._clock)

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
