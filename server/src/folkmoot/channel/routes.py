"""The path of the door, and who may open it."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from folkmoot.channel.session import close, serve
from folkmoot.kit.network import LOOPBACK
from folkmoot.meetings import Meetings
from folkmoot.rooms.turnstile import Turnstile

PATH = "/api/meetings/{number}/channel"
PROTOCOL = "folkmoot"
"""What a page calls this channel where it names its subprotocols; its ticket stands behind it."""
BAD_TOKEN = 4001


def routes(meetings: Meetings, turnstile: Turnstile, origins: Collection[str] = ()) -> list[BaseRoute]:
    """`origins`: pages of other addresses that may open channels here, such as `https://meet.example`."""

    async def channel(websocket: WebSocket) -> None:
        origin = websocket.headers.get("origin")
        if not is_ours(origin, websocket.headers.get("host", ""), origins):
            await websocket.send_denial_response(PlainTextResponse("Forbidden", 403))
            return
        number = websocket.path_params["number"]
        token, protocol = shown(websocket)
        ticket = meetings.read_ticket(number, token)
        try:
            # A browser's page can't see why an upgrade was refused, but it sees a close code.
            await websocket.accept(protocol)
            if ticket is None:
                await close(websocket, BAD_TOKEN)
                return
        except (WebSocketDisconnect, RuntimeError):
            return
        await serve(websocket, ticket, meetings, turnstile)

    return [WebSocketRoute(PATH, channel)]


def shown(websocket: WebSocket) -> tuple[str, str | None]:
    """The ticket and what is answered to it. A page shows it beside the protocol: what is in an address is in the logs of
    whatever stands before us. A program may put it into the query."""
    match websocket.scope["subprotocols"]:
        case [str(protocol), str(token)] if protocol == PROTOCOL:
            return token, PROTOCOL
    return websocket.query_params.get("token", ""), None


def is_ours(origin: str | None, host: str, origins: Collection[str] = ()) -> bool:
    """No origin: not a browser, so nobody's cookies or tokens can be abused by a page."""
    if origin is None or origin in origins:
        return True
    try:
        page, here = urlsplit(origin), urlsplit("//" + host)
        if page.netloc.lower() == here.netloc.lower():
            return True
        return page.hostname in LOOPBACK and here.hostname in LOOPBACK  # a dev server before this one
    except ValueError:
        return False
