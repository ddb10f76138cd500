"""`/agent`: the socket of a worker, which has programs that serve rooms (`agents`).

Law: it comes with a token of an API key that says `agent`, and registers first. One that is silent about itself, or says what
nobody understands again and again, is hung up.
"""

from __future__ import annotations

import asyncio

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from folkmoot.agents import Agents
from folkmoot.kit import Bucket, Clock
from folkmoot.kit.frames import line_of
from folkmoot.protocol import agents as wire
from folkmoot.protocol.requests import Malformed
from folkmoot.protocol.tokens import Keys, TokenRefused
from folkmoot.signalling.admission import token_of
from folkmoot.signalling.outbox import Outbox
from folkmoot.signalling.session import MAX_MALFORMED, POLICY, close, write

REGISTER_WITHIN_S = 10
SAID, PER_SECONDS = 500, 10.0
"""So much a worker may say at once; who says more is read more slowly."""

log = structlog.get_logger("folkmoot.signalling")


def routes(agents: Agents, keys: Keys, clock: Clock) -> list[BaseRoute]:
    async def socket(websocket: WebSocket) -> None:
        key = _key(websocket, keys)
        if key is None:
            refusal = PlainTextResponse("unauthorized: permissions denied", 401)
            await websocket.send_denial_response(refusal)
            return
        await websocket.accept()
        await _Worker(websocket, agents, key, clock).serve()

    return [
        WebSocketRoute("/agent", socket),
        Route("/agent", _not_found, methods=["GET", "HEAD", "OPTIONS"]),
    ]


class _Worker:
    def __init__(self, websocket: WebSocket, agents: Agents, key: str, clock: Clock) -> None:
        self._websocket, self._agents, self._key, self._clock = websocket, agents, key, clock
        self._outbox = Outbox(line_of(websocket.scope))
        self._id: str | None = None
        self._malformed = 0
        self._said = Bucket(SAID, PER_SECONDS, clock.monotonic())

    async def serve(self) -> None:
        writer = asyncio.create_task(write(self._websocket, self._outbox))
        reader = asyncio.create_task(self._read())
        try:
            await asyncio.wait((reader, writer), return_when=asyncio.FIRST_COMPLETED)
        finally:
            if self._id is not None:
                self._agents.gone(self._id)
            self._outbox.hang_up()
            await asyncio.wait((writer,), timeout=1)  # what is queued may still be read
            for task in (reader, writer):
                task.cancel()
            outcomes = await asyncio.gather(reader, writer, return_exceptions=True)
            for outcome in outcomes:
                if isinstance(outcome, Exception):
                    log.error("worker failed", worker=self._id, exc_info=outcome)

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(REGISTER_WITHIN_S):
                registered = await self._register()
            while registered and (said := await self._next()) is not None:
                assert self._id is not None
                self._agents.said(self._id, said)
        except (WebSocketDisconnect, RuntimeError):
            return
        except TimeoutError:
            log.info("worker didn't register")
        await close(self._websocket, POLICY)

    async def _register(self) -> bool:
        while not isinstance(said := await self._next(), wire.Register):
            if said is None:
                return False
        self._id = self._agents.register(self._key, said, self._outbox)
        return self._id is not None

    async def _next(self) -> wire.Said | None:
        """None: that was one too many that can't be read."""
        while self._malformed <= MAX_MALFORMED:
            received = await self._websocket.receive()
            if received["type"] == "websocket.disconnect":
                raise WebSocketDisconnect
            while wait := self._said.take(self._clock.monotonic(), 1):  # noqa: ASYNC110  (only time fills it)
                await asyncio.sleep(wait)
            binary = received.get("bytes")
            self._outbox.text = binary is None
            try:
                return wire.decode(received["text"] if binary is None else binary)
            except Malformed:
                self._malformed += 1
        return None


def _key(websocket: WebSocket, keys: Keys) -> str | None:
    """Which API key vouches for it."""
    try:
        claims = keys.verify(token_of(websocket.query_params, websocket.headers.get("authorization", "")))
    except TokenRefused:
        return None
    return claims.key if claims.video.permission.agent else None


async def _not_found(request: Request) -> Response:
    return PlainTextResponse("404 page not found", 404)
