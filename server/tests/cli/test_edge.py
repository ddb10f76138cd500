"""What strangers' sockets may cost: bytes, time, number. Time is moved by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import pytest
import uvicorn
from uvicorn.server import ServerState

from folkmoot.cli import edge
from folkmoot.cli.sockets import HELD_AT_ONCE, Sockets
from folkmoot.kit import frames

GET = b"GET /healthz HTTP/1.1\r\nhost: here\r\n"


class Timer:
    def __init__(self, at: float, do: Callable[[], object]) -> None:
        self.at, self.do, self.cancelled = at, do, False

    def cancel(self) -> None:
        self.cancelled = True


class Loop:
    """Of an event loop what a protocol uses: timers, and tasks that nobody runs."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[Timer] = []
        self.requests = 0

    def call_later(self, seconds: float, do: Callable[..., object], *words: object) -> Timer:
        self.timers.append(Timer(self.now + seconds, lambda: do(*words)))
        return self.timers[-1]

    def call_soon(self, do: Callable[..., object], *words: object) -> Timer:
        return self.call_later(0, do, *words)

    def time(self) -> float:
        return self.now

    def create_task(self, request: Any, **_: object) -> Any:
        self.requests += 1
        request.close()
        return type("Task", (), {"add_done_callback": lambda *_: None})()

    def advance(self, seconds: float) -> None:
        self.now += seconds
        due = [timer for timer in self.timers if timer.at <= self.now and not timer.cancelled]
        self.timers = [timer for timer in self.timers if timer.at > self.now]
        for timer in due:
            timer.do()


class Line:
    """A transport of somebody at an address."""

    def __init__(self, address: str) -> None:
        self.address, self.written, self.unread = address, b"", 0
        self.closing = self.aborted = False
        self.protocol: Any = None

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": (self.address, 4000), "sockname": ("127.0.0.1", 80)}.get(name, default)

    def write(self, data: bytes) -> None:
        self.written += data

    def get_protocol(self) -> Any:
        return self.protocol

    def set_protocol(self, protocol: Any) -> None:
        self.protocol = protocol

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.closing = self.aborted = True

    def can_write_eof(self) -> bool:
        return True

    def get_write_buffer_size(self) -> int:
        return self.unread

    def write_eof(self) -> None: ...
    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...


class Door:
    def __init__(self, most: int = 100, believed: tuple[str, ...] = ()) -> None:
        self.loop = Loop()
        self.sockets = Sockets(most, believed)
        self.http, ws = edge.bounded(self.sockets)
        self.config = uvicorn.Config("", http=self.http, ws=ws, log_config=None, interface="asgi3")
        self.config.loaded_app = self._app
        self.config.ws_protocol_class = cast(Any, partial(ws, _loop=cast(Any, self.loop)))
        self.config.loaded = True
        self.state = ServerState()

    async def _app(self, *_: object) -> None: ...

    def come(self, address: str = "192.0.2.1") -> tuple[Any, Line]:
        line = Line(address)
        protocol = self.http(self.config, self.state, {}, _loop=self.loop)
        line.protocol = protocol
        protocol.connection_made(line)  # type: ignore[arg-type]
        return protocol, line


def answer(line: Line) -> tuple[int, str]:
    head, _, body = line.written.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["code"] if body else ""


@pytest.fixture
def door() -> Door:
    return Door()


def held(door: Door) -> int:
    return door.sockets._held


def test_a_token_of_sixty_thousand_bytes_of_metadata_is_taken(door: Door) -> None:
    protocol, line = door.come()
    protocol.data_received(
        b"GET /rtc/validate?access_token=" + b"a" * 130_000 + b" HTTP/1.1\r\nhost: here\r\n\r\n"
    )
    assert (door.loop.requests, line.written, held(door)) == (1, b"", 0)
    assert len(protocol.scope["query_string"]) == len("access_token=") + 130_000


@pytest.mark.parametrize("of", [b"GET /", b"GET / HTTP/1.1\r\nx: ", b"GET / HTTP/1.1\r\n"])
def test_a_head_without_an_end_is_cut(door: Door, of: bytes) -> None:
    protocol, line = door.come()
    protocol.data_received(of)
    sent = 0
    while not line.written:
        protocol.data_received(b"a" * 4096)
        sent += 4096
        assert sent <= edge.LARGEST_HEAD + 4096
    assert answer(line) in ((431, "request.head_too_large"), (400, "http.400"))
    protocol.data_received(b"a" * 1_000_000)  # thrown away
    door.loop.advance(edge.DISCARD_S)
    assert line.aborted and held(door) == 0


def test_many_small_headers_are_cut(door: Door) -> None:
    protocol, line = door.come()
    protocol.data_received(GET + b"a: b\r\n" * edge.MOST_HEADERS + b"\r\n")
    assert answer(line) == (431, "request.head_too_large")


@pytest.mark.parametrize("hosts", [b"", b"host: here\r\nHost: there\r\n"])
def test_a_request_is_for_one_host(door: Door, hosts: bytes) -> None:
    protocol, line = door.come()
    protocol.data_received(b"GET /healthz HTTP/1.1\r\n" + hosts + b"\r\n")
    assert (*answer(line), door.loop.requests) == (400, "http.400", 0)


def test_what_spoke_before_there_were_hosts_names_none(door: Door) -> None:
    protocol, line = door.come()
    protocol.data_received(b"GET /healthz HTTP/1.0\r\n\r\n")
    assert (line.written, door.loop.requests) == (b"", 1)


def test_a_websocket_is_for_one_host(door: Door) -> None:
    protocol, line = door.come()
    upgrade = b"upgrade: websocket\r\nconnection: upgrade\r\nhost: here\r\nhost: there\r\n\r\n"
    protocol.data_received(b"GET /rtc HTTP/1.1\r\n" + upgrade)
    assert answer(line) == (400, "http.400")


def test_trailers_without_an_end_are_cut(door: Door) -> None:
    protocol, line = door.come()
    protocol.data_received(b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n")
    protocol.data_received(b"a: b\r\n" * edge.MOST_HEADERS)
    assert answer(line) == (431, "request.head_too_large")


def test_a_head_that_comes_byte_by_byte_has_ten_seconds(door: Door) -> None:
    protocol, line = door.come()
    for byte in GET[:9]:
        protocol.data_received(bytes([byte]))
        door.loop.advance(1)
    assert line.written == b""
    door.loop.advance(1)
    assert answer(line) == (408, "request.too_slow")


def test_one_who_says_nothing_is_not_kept(door: Door) -> None:
    _, line = door.come()
    door.loop.advance(edge.HEAD_WITHIN_S)
    assert answer(line) == (408, "request.too_slow")
    door.loop.advance(edge.DISCARD_S)
    assert line.aborted


def test_a_body_that_stops_coming_ends(door: Door) -> None:
    protocol, line = door.come()
    protocol.data_received(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf")
    door.loop.advance(edge.BODY_WITHIN_S - 1)
    assert line.written == b""
    door.loop.advance(1)
    assert answer(line) == (408, "request.too_slow")
    assert protocol.cycle.disconnected, "who waits for it is told"


def test_a_large_body_has_as_long_again_while_it_comes_and_no_longer(door: Door) -> None:
    protocol, line = door.come()
    protocol.data_received(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 50000000\r\n\r\n")
    for _ in range(5):
        protocol.data_received(b"x" * edge.LEAST_OF_BODY)
        door.loop.advance(edge.BODY_WITHIN_S)
        assert line.written == b""
    protocol.data_received(b"x" * (edge.LEAST_OF_BODY - 1))
    door.loop.advance(edge.BODY_WITHIN_S)
    assert answer(line) == (408, "request.too_slow")


def test_the_second_request_of_a_socket_has_its_own_time(door: Door) -> None:
    protocol, line = door.come()
    protocol.data_received(GET + b"\r\n")
    protocol.cycle.response_complete = True
    door.loop.advance(60)
    assert line.written == b""
    protocol.data_received(b"GET /")
    door.loop.advance(edge.HEAD_WITHIN_S)
    assert answer(line) == (408, "request.too_slow")


def test_requests_in_a_row_without_waiting_for_answers_are_bounded(door: Door) -> None:
    protocol, line = door.come()
    protocol.data_received((GET + b"\r\n") * 1000)
    assert answer(line) == (431, "request.head_too_large")
    assert len(protocol.pipeline) <= edge.MOST_PIPELINED


def test_all_together_hold_a_bounded_number_of_bytes() -> None:
    door = Door(100_000)
    lines = []
    for _ in range(HELD_AT_ONCE // 200_000 * 2):
        protocol, line = door.come()
        lines.append(line)
        protocol.data_received(b"GET /" + b"a" * 200_000)
    assert held(door) <= HELD_AT_ONCE
    assert answer(lines[-1]) == (503, "server.too_many_sockets")
    protocol, line = door.come()
    protocol.data_received(GET + b"\r\n")
    assert line.written == b"", "an honest one still gets in"


def test_a_client_that_takes_nothing_of_its_answer_is_let_go_of(door: Door) -> None:
    protocol, line = door.come()
    line.unread = 1000
    protocol.timeout_keep_alive_handler()
    line.unread = 500
    door.loop.advance(edge.READS_WITHIN_S)
    assert not line.aborted, "it reads, if slowly"
    door.loop.advance(edge.READS_WITHIN_S)
    assert line.aborted


def test_a_school_of_two_thousand_behind_one_address_comes_in() -> None:
    door = Door(65_536 // 2)
    for _ in range(2000 * 8):
        protocol, line = door.come()
        protocol.data_received(GET + b"\r\n")
        assert line.written == b""


def test_one_network_cannot_take_every_socket() -> None:
    door = Door(100)
    came = [door.come(f"2001:db8::{n:x}") for n in range(80)]
    assert answer(came[74][1])[0] if came[74][1].written else True
    assert answer(came[75][1]) == (429, "address.too_many_sockets")
    _, other = door.come("192.0.2.9")
    assert other.written == b""
    for protocol, _ in came:
        protocol.connection_lost(None)
    assert door.come("2001:db8::1")[1].written == b""
    assert len(door.sockets._by_network) == 2


def test_a_proxy_that_is_believed_is_everybody() -> None:
    door = Door(100, ("127.0.0.1",))
    came = [door.come("127.0.0.1") for _ in range(101)]
    assert came[99][1].written == b""
    assert answer(came[100][1]) == (503, "server.too_many_sockets")


def becomes_a_websocket(door: Door) -> Line:
    protocol, line = door.come()
    protocol.data_received(
        GET + b"connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
        b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    assert isinstance(line.protocol, edge.Ws)
    return line


def accepted(door: Door, *, asked_every: float | None = None) -> tuple[Line, Any, frames.Line]:
    line = becomes_a_websocket(door)
    ws: Any = line.protocol
    ws.ping_interval = asked_every
    with pytest.raises(StopIteration):  # it has nothing to wait for
        ws.send({"type": "websocket.accept"}).send(None)
    door.loop.advance(0)
    line.written = b""
    way = frames.line_of(ws.scope)
    assert way is not None
    return line, ws, way


def test_a_frame_that_is_made_already_goes_out_as_it_is_until_the_end(door: Door) -> None:
    line, ws, way = accepted(door)
    way.write(frames.text("one"))
    door.loop.advance(0)
    assert line.written == b"\x81\x03one"
    ws.data_received(b"\x88\x82\x00\x00\x00\x00\x03\xe8")  # it says goodbye
    line.written = b""
    way.write(frames.binary(b"two"))
    door.loop.advance(0)
    assert line.written == b"", "behind a close there is nothing"


def test_a_websocket_whose_reader_takes_nothing_is_cut(door: Door) -> None:
    line, ws, way = accepted(door)
    line.unread = 100_000
    assert way.unread() == 100_000
    ws.pause_writing()
    door.loop.advance(edge.READS_WITHIN_S - 1)
    ws.resume_writing()
    door.loop.advance(60)
    assert not line.aborted, "it took some in time"
    ws.pause_writing()
    door.loop.advance(edge.READS_WITHIN_S + 1)
    assert line.aborted


def test_who_speaks_is_not_asked_whether_it_is_there(door: Door) -> None:
    line, ws, _ = accepted(door, asked_every=20)

    def told_in(seconds: float) -> bytes:
        line.written = b""
        door.loop.advance(seconds)
        door.loop.advance(0)  # what was written in a turn leaves at its end
        return line.written

    assert told_in(20) == b"", "it has just come"
    for _ in range(3):
        asked = told_in(20)
        assert asked[:2] == b"\x89\x04", "a silent one is asked each time"
        ws.data_received(b"\x8a\x84\x00\x00\x00\x00" + asked[2:])
    for _ in range(3):
        ws.data_received(b"\x81\x82\x00\x00\x00\x00hi")
        assert told_in(20) == b""
    assert told_in(20)[:2] == b"\x89\x04"
    assert told_in(20)[:4] == b"\x88\x18\x03\xf3", "1011: no answer"


def test_a_socket_that_became_a_websocket_is_counted_until_it_closes(door: Door) -> None:
    line = becomes_a_websocket(door)
    door.loop.advance(1000)
    assert not line.aborted, "its own pings watch it now"
    assert door.sockets.counts()["sockets"] == 1
    line.protocol.connection_lost(None)
    assert door.sockets.counts()["sockets"] == 0


def test_an_upgrade_that_is_no_handshake_ends_at_once(door: Door) -> None:
    protocol, line = door.come()
    protocol.data_received(
        GET.replace(b"GET", b"PUT")
        + b"connection: upgrade\r\nupgrade: websocket\r\ncontent-length: 5\r\n\r\n"
    )
    assert line.closing
    assert answer(line) == (400, "http.400")
