"""SCTP (RFC 9260) as bytes: just enough to associate, and then to say what nobody should."""

from __future__ import annotations

import contextlib
import struct

from tests.hostile.participant import Participant

DATA, INIT, INIT_ACK, SACK, ABORT, COOKIE_ECHO, COOKIE_ACK, RECONFIG, FORWARD = (
    0,
    1,
    2,
    3,
    6,
    10,
    11,
    130,
    192,
)
WHOLE, BEGINS, ENDS, MIDDLE = 3, 2, 1, 0
BINARY, DCEP = 53, 50


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def _entry(n: int) -> int:
    for _ in range(8):
        n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
    return n


_TABLE = [_entry(n) for n in range(256)]


def chunk(kind: int, flags: int, value: bytes, length: int | None = None) -> bytes:
    said = len(value) + 4 if length is None else length
    return struct.pack("!BBH", kind, flags, said) + value + b"\0" * (-len(value) % 4)


def packet(tag: int, *chunks: bytes) -> bytes:
    plain = struct.pack("!HHII", 5000, 5000, tag, 0) + b"".join(chunks)
    return plain[:8] + struct.pack("<I", crc32c(plain)) + plain[12:]


def _cookie(answer: bytes) -> bytes:
    at = 32
    while at + 4 <= len(answer):
        kind, length = struct.unpack_from("!HH", answer, at)
        if kind == 7:
            return answer[at + 4 : at + length]
        at += max(4, length + -length % 4)
    raise AssertionError("an INIT-ACK has a cookie")


def init(tag: int, *, window: int = 1 << 20, streams: int = 1024) -> bytes:
    return chunk(INIT, 0, struct.pack("!IIHHI", tag, window, streams, streams, 1))


class Association:
    """Of somebody who has come in."""

    def __init__(self, whose: Participant) -> None:
        self.whose, self.tag, self.tsn = whose, 0, 0

    async def begin(self) -> None:
        self.whose.messages.clear()
        answer = await self._asks(packet(0, init(77, window=1 << 30)), INIT_ACK)
        self.tag = struct.unpack_from("!I", answer, 16)[0]
        echo = chunk(COOKIE_ECHO, 0, _cookie(answer))
        await self._asks(packet(self.tag, echo), COOKIE_ACK)

    async def _asks(self, question: bytes, kind: int) -> bytes:
        """Until it is answered: what somebody sends who has sent too much is dropped."""
        for _ in range(20):
            self.whose.sctp(question)
            with contextlib.suppress(AssertionError):
                await self.whose.until(lambda: bool(self._answers(kind)), f"chunk {kind}", 0.5)
                return self._answers(kind)[0]
        raise AssertionError(f"no chunk {kind} comes")

    def _answers(self, kind: int) -> list[bytes]:
        return [one for one in self.whose.messages if one[12] == kind]

    def data(
        self, stream: int, flags: int, content: bytes, *, protocol: int = BINARY, number: int = 0
    ) -> bytes:
        self.tsn += 1
        return chunk(DATA, flags, struct.pack("!IHHI", self.tsn, stream, number, protocol) + content)

    def send(self, *chunks: bytes) -> None:
        self.whose.sctp(packet(self.tag, *chunks))

    def opens(self, stream: int, label: bytes) -> None:
        request = struct.pack("!BBHIHH", 3, 0, 0, 0, len(label), 0) + label
        self.send(self.data(stream, WHOLE, request, protocol=DCEP))
