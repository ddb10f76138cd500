"""uvicorn's two protocols with bounds: what a socket may send before we know what it wants, and how long that may take.

Law: too much, too slow or too many is one coded answer, then the end. Nothing here looks into a request.

How a socket dies: its head is too long or comes too slowly; its body comes too slowly; it is one too many; it is idle between
requests; its reader takes nothing of the answer any more. WebSockets are watched by pings once they are one.
"""

from __future__ import annotations

import asyncio
import json
from asyncio import TimerHandle
from http import HTTPStatus
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets import http11
from websockets.frames import Frame
from websockets.protocol import State

from folkmoot.cli.corked import Corked
from folkmoot.cli.sockets import Sockets
from folkmoot.kit import Problem
from folkmoot.kit.frames import EXTENSION

LARGEST_HEAD = 256 * 1024
"""A token may carry 64 KiB of metadata, a third more in base64, and clients put it into the address; those of /rtc/v1
their first request as well."""
MOST_HEADERS = 100
http11.MAX_LINE_LENGTH = LARGEST_HEAD
MOST_PIPELINED = 16
HEAD_WITHIN_S = 10.0
BODY_WITHIN_S = 60.0
LEAST_OF_BODY = 512 * 1024
"""A file takes longer on a thin line: of which so much came has as long again. That is more than other bodies are."""
DISCARD_S = 1.0
"""An answer is lost when the socket is closed on what the other still sends."""
READS_WITHIN_S = 15.0
"""In which a client that downloads takes some of it."""
RETRY_AFTER_S = 10


class Stop(Exception):
    """Raised through the parser, which stops there."""


class Http(HttpToolsProtocol):
    sockets: Sockets
    """Of the server: `bounded` sets it."""

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any], **more: Any
    ) -> None:
        super().__init__(config, server_state, app_state, **more)
        self._held = self._came = 0
        self._fields = 0
        self._too_much = self._over = False
        self._deadline: TimerHandle | None = None

    # --- the socket -------------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        self._expect(HEAD_WITHIN_S)
        code = self.sockets.open(transport, self.client[0] if self.client else "")
        if code is not None:
            self._refuse(Problem(code, {"retry_after_s": RETRY_AFTER_S}))

    def connection_lost(self, exc: Exception | None) -> None:
        self.sockets.close(self.transport)
        self._settled()
        super().connection_lost(exc)
        self._unset_keepalive_if_required()

    def data_received(self, data: bytes) -> None:
        if self._over:
            return
        self._hold(len(data))
        super().data_received(data)
        if self._gone():
            self._settled()
        elif self._held > LARGEST_HEAD:
            self._refuse(Problem("request.head_too_large"))
        elif self._held and self._deadline is None:
            self._expect(HEAD_WITHIN_S)  # the next request on a socket that is kept

    def _gone(self) -> bool:
        """Refused, or a WebSocket from here on."""
        return self._over or self.transport.get_protocol() is not self

    # --- the request, as the parser tells of it ---------------------------------------------------------------------

    def on_message_begin(self) -> None:
        self._fields = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._bound(len(self.url) <= LARGEST_HEAD)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._fields += 1  # trailers among them
        self._bound(self._fields <= MOST_HEADERS)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._bound(self._held <= LARGEST_HEAD)
        self._bound(len(self.pipeline) < MOST_PIPELINED)
        if not _is_for_one_host(self.headers, self.parser.get_http_version()):
            raise Stop
        self._settled()
        self._came = 0
        self._expect(BODY_WITHIN_S)
        if self.parser.should_upgrade():
            super().on_headers_complete()
            return
        # httptools takes addresses apart only up to 64 KiB; a query needs no taking apart
        self.url, _, query = self.url.partition(b"?")
        super().on_headers_complete()
        self.scope["query_string"] = query.partition(b"#")[0]

    def on_body(self, body: bytes) -> None:
        self._release()
        self._came += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._came = 0
        self._settled()
        super().on_message_complete()

    # --- the end ----------------------------------------------------------------------------------------------------

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._watch_reading(0)

    def send_400_response(self, msg: str) -> None:
        self._refuse(Problem("request.head_too_large" if self._too_much else "http.400"))

    def _bound(self, good: bool) -> None:
        if not good:
            self._too_much = True
            raise Stop

    def _refuse(self, problem: Problem) -> None:
        if self._over or self.transport.is_closing():
            return
        self._over = True
        self._settled()
        if not self._answering():
            self.transport.write(_written(problem))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(DISCARD_S, self.transport.abort)

    def _too_slow(self) -> None:
        self._deadline = None
        if self._came >= LEAST_OF_BODY:
            self._came = 0
            self._expect(BODY_WITHIN_S)
            return
        if self._asked():
            self.cycle.disconnected = True  # the app waits for a body that doesn't come
            self.cycle.message_event.set()
        self._refuse(Problem("request.too_slow"))

    def _asked(self) -> bool:
        """The app has a request that isn't answered to the end."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _answering(self) -> bool:
        return self._asked() and self.cycle.response_started

    def _watch_reading(self, unread_before: int) -> None:
        unread = self.transport.get_write_buffer_size()
        if unread and unread == unread_before:
            self.transport.abort()
        elif unread:
            self.loop.call_later(READS_WITHIN_S, self._watch_reading, unread)

    # --- what it holds, and until when ------------------------------------------------------------------------------

    def _hold(self, size: int) -> None:
        self._held += size
        if not self.sockets.hold(size) and self._held > LARGEST_HEAD // 16:
            self._refuse(Problem("server.too_many_sockets", {"retry_after_s": RETRY_AFTER_S}))

    def _release(self) -> None:
        self.sockets.hold(-self._held)
        self._held = 0

    def _expect(self, within_s: float) -> None:
        self._deadline = self.loop.call_later(within_s, self._too_slow)

    def _settled(self) -> None:
        self._release()
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class Ws(WebSocketsSansIOProtocol):
    """Also the `Line` of its connection."""

    sockets: Sockets
    _patience: TimerHandle | None = None
    _spoke = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._counted = transport
        super().connection_made(Corked(cast(asyncio.Transport, transport), self.loop))

    def handle_connect(self, event: http11.Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            cast(dict[str, Any], self.scope["extensions"])[EXTENSION] = self

    # --- frames that are made already ---------------------------------------------------------------------------------

    def write(self, frame: bytes) -> None:
        if self.conn.state is State.OPEN and not self.disconnected:
            self.transport.write(frame)

    def unread(self) -> int:
        return self.transport.get_write_buffer_size()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._patience = self.loop.call_later(READS_WITHIN_S, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._trust()

    def _trust(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    # --- the socket ---------------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        self._spoke = True
        super().data_received(data)
        if not self.handshake_initiated:
            # the whole head came at once: what can't be a handshake now never will be
            self.transport.write(_written(Problem("http.400")))
            self.transport.close()

    # --- whether anybody is there -------------------------------------------------------------------------------------

    def send_keepalive_ping(self) -> None:
        """Who has said something since the last one is there, and isn't asked: clients that ping by themselves are most."""
        spoke, self._spoke = self._spoke, False
        if spoke:
            self.schedule_ping()
        else:
            super().send_keepalive_ping()

    def handle_pong(self, event: Frame) -> None:
        super().handle_pong(event)
        # Answers alone would halve the questions, and a proxy that waits a minute is to be asked in time.
        self._spoke = False

    def connection_lost(self, exc: Exception | None) -> None:
        self._trust()
        self.sockets.close(self._counted)
        super().connection_lost(exc)


def bounded(sockets: Sockets) -> tuple[type[Http], type[Ws]]:
    """For one server; uvicorn makes one of them for each socket."""
    return type("Http", (Http,), {"sockets": sockets}), type("Ws", (Ws,), {"sockets": sockets})


def _is_for_one_host(headers: list[tuple[bytes, bytes]], version: str) -> bool:
    """RFC 9112, section 3.2. With two, what stands before us and we might each believe another."""
    hosts = sum(name == b"host" for name, _ in headers)
    return hosts == 1 or (hosts == 0 and version == "1.0")


def _written(problem: Problem) -> bytes:
    body = json.dumps(problem.body()).encode()
    headers = {"content-type": "application/problem+json", "content-length": len(body), "connection": "close"}
    lines = (f"{name}: {value}" for name, value in (headers | problem.headers()).items())
    status = HTTPStatus(problem.status)
    return "\r\n".join((f"HTTP/1.1 {status.value} {status.phrase}", *lines, "", "")).encode() + body
