"""One signal connection from upgrade to close: a reader, a writer, and the clock on a client that pings.

Law: a ping is answered here and goes no further. Everybody sends one each five seconds, so in a meeting in which nothing
happens it is most of what this process does.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from folkmoot.kit import Bucket, Clock
from folkmoot.kit.frames import line_of
from folkmoot.protocol import requests, responses
from folkmoot.protocol.values import Action, Reason
from folkmoot.rooms.live import Rooms
from folkmoot.signalling.admission import Admitted
from folkmoot.signalling.outbox import Outbox

log = structlog.get_logger("folkmoot.signalling")

NORMAL, TOO_BIG, POLICY, AGAIN = 1000, 1009, 1008, 1013
WRITE_TIMEOUT_S = 10
MAX_MALFORMED = 16
PATIENCE_S: float = responses.PING_TIMEOUT_S
REQUESTS, PER_SECONDS = 500, 10.0
"""What a client of a full gallery asks at once; who asks for more is read more slowly, for most of it is told to all."""
REQUEST_BYTES = 8 * 1024 * 1024
"""In as long: offers of a hundred sections again and again, or its metadata at its largest sixteen times."""


async def serve(websocket: WebSocket, admitted: Admitted, rooms: Rooms, clock: Clock) -> None:
    await websocket.accept()
    outbox = Outbox(line_of(websocket.scope))
    sid = _enter(admitted, rooms, outbox)
    writer = asyncio.create_task(write(websocket, outbox))
    if sid is None:
        await writer
        return
    room = admitted.claims.video.room
    heard = _Heard(clock)
    reader = asyncio.create_task(_read(websocket, outbox, rooms, heard, room, sid))
    try:
        if not await _over((reader, writer), heard):
            log.info("client stopped pinging", room=room, participant=sid)
            await close(websocket, POLICY)
    finally:
        for task in (reader, writer):
            if task is writer and reader.done():
                outbox.hang_up()  # what is queued may still be read by a client that said goodbye
                await asyncio.wait((writer,), timeout=1)
            task.cancel()
        await asyncio.gather(reader, writer, return_exceptions=True)
        rooms.signal_lost(sid, room, outbox)
        if not reader.cancelled() and (error := reader.exception()) is not None:
            log.error("request failed", room=room, participant=sid, exc_info=error)
        if outbox.overflowed:
            log.warning("client reads too slowly", room=room, participant=sid)


@dataclass(slots=True)
class _Heard:
    """When a client was last heard of: one that pings and stops is gone. Others are watched by the WebSocket's own pings."""

    clock: Clock
    at: float = 0.0
    pings: bool = False

    def patience(self) -> float:
        """Seconds until it is to be looked at once more; none are left for one that is gone."""
        if not self.pings:
            return PATIENCE_S
        return self.at + PATIENCE_S - self.clock.monotonic()


async def _over(tasks: tuple[asyncio.Task[None], ...], heard: _Heard) -> bool:
    """Waits until one of them ends, or (false) the client is gone."""
    while heard.patience() > 0:
        ended, _ = await asyncio.wait(tasks, timeout=heard.patience(), return_when=asyncio.FIRST_COMPLETED)
        if ended:
            return True
    return False


def _enter(admitted: Admitted, rooms: Rooms, outbox: Outbox) -> str | None:
    """None: it came too late, and hears so on the way out."""
    if admitted.joining.reconnect:
        sid = rooms.resume(admitted.claims, admitted.joining, outbox)
        no = responses.leave(Reason.STATE_MISMATCH, Action.RECONNECT)
    else:
        joined = rooms.join(admitted.claims, admitted.joining, outbox)
        sid = joined if isinstance(joined, str) else None
        no = responses.leave(Reason.JOIN_FAILURE)
    if sid is None:
        outbox.send(no)
        outbox.hang_up()
    return sid


async def write(websocket: WebSocket, outbox: Outbox) -> None:
    try:
        while (frame := await outbox.next()) is not None:
            async with asyncio.timeout(WRITE_TIMEOUT_S):
                await (websocket.send_text(frame) if isinstance(frame, str) else websocket.send_bytes(frame))
        async with asyncio.timeout(WRITE_TIMEOUT_S):
            await close(websocket, AGAIN if outbox.overflowed else NORMAL)
    except (TimeoutError, WebSocketDisconnect, RuntimeError, OSError):
        return  # the reader's end of it says the rest


async def _read(
    websocket: WebSocket, outbox: Outbox, rooms: Rooms, heard: _Heard, room: str, sid: str
) -> None:
    clock, malformed = heard.clock, 0
    frames, size = (Bucket(most, PER_SECONDS, clock.monotonic()) for most in (REQUESTS, REQUEST_BYTES))
    try:
        while True:
            received = await websocket.receive()
            if received["type"] == "websocket.disconnect":
                return
            heard.at = clock.monotonic()
            binary = received.get("bytes")
            outbox.text = binary is None
            frame = received["text"] if binary is None else binary
            for bucket, cost in ((frames, 1), (size, len(frame))):
                while wait := bucket.take(clock.monotonic(), cost):  # noqa: ASYNC110  (only time fills it)
                    await asyncio.sleep(wait)
            try:
                request = requests.decode(frame)
            except requests.Malformed:
                malformed += 1
                if malformed > MAX_MALFORMED:
                    return await close(websocket, POLICY)
                continue
            match request:
                case requests.Ping():
                    heard.pings = True
                    outbox.send(responses.pong(_ms(clock)))
                case requests.PingRequest():
                    heard.pings = True
                    outbox.send(responses.pong_response(request.timestamp, _ms(clock)))
                case _:
                    if isinstance(request, requests.Unknown) and request.name:
                        log.debug("request not served", room=room, participant=sid, request=request.name)
                    rooms.handle(sid, room, request)
    except (WebSocketDisconnect, RuntimeError):
        return


def _ms(clock: Clock) -> int:
    return int(clock.now().timestamp() * 1000)


async def close(websocket: WebSocket, code: int) -> None:
    if websocket.application_state is WebSocketState.CONNECTED:
        await websocket.close(code)
