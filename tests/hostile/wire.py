"""STUN, SRTP and RTCP as bytes, honest or not: what a program needs that wants to send what no browser would."""

from __future__ import annotations

import hmac
import os
import struct
import zlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"\x21\x12\xa4\x42"
USERNAME, INTEGRITY, PRIORITY, USE_CANDIDATE, XOR_MAPPED, FINGERPRINT, CONTROLLING = (
    6, 8, 0x24, 0x25, 0x20, 0x8028, 0x802A,
)  # fmt: skip
VP8, RTX, OPUS = 96, 97, 111
MID, TWCC = 1, 3


# --- STUN (RFC 8489) --------------------------------------------------------------------------------------------------


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)


def stun(kind: int, transaction: bytes, attributes: bytes, password: str | None = None) -> bytes:
    """With MESSAGE-INTEGRITY and FINGERPRINT where there is a password."""

    def headed(body: bytes, more: int) -> bytes:
        return struct.pack("!HH", kind, len(body) + more) + MAGIC + transaction + body

    if password is None:
        return headed(attributes, 0)
    seal = hmac.digest(password.encode(), headed(attributes, 24), "sha1")
    attributes += attribute(INTEGRITY, seal)
    crc = zlib.crc32(headed(attributes, 8)) ^ 0x5354554E
    return headed(attributes + attribute(FINGERPRINT, struct.pack("!I", crc)), 0)


def check(username: str, password: str | None, *, nominates: bool = True, more: bytes = b"") -> bytes:
    """A binding request as a browser that controls sends it."""
    attributes = attribute(USERNAME, username.encode()) + attribute(PRIORITY, struct.pack("!I", 1_000))
    attributes += attribute(CONTROLLING, os.urandom(8)) + more
    if nominates:
        attributes += attribute(USE_CANDIDATE, b"")
    return stun(1, os.urandom(12), attributes, password)


def answer(request: bytes, password: str) -> bytes:
    return stun(0x101, request[8:20], attribute(XOR_MAPPED, b"\0\1" + os.urandom(6)), password)


# --- SRTP (RFC 3711, RFC 7714) ----------------------------------------------------------------------------------------


def _derived(key: bytes, salt: bytes, label: int, length: int) -> bytes:
    iv = bytearray(salt.ljust(16, b"\0"))
    iv[7] ^= label
    stream = Cipher(algorithms.AES(key), modes.CTR(bytes(iv))).encryptor()
    return stream.update(bytes(length))


class Keys:
    """One direction, by AES-GCM."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        self._rtp = AESGCM(_derived(key, salt, 0, len(key))), _derived(key, salt, 2, 12)
        self._rtcp = AESGCM(_derived(key, salt, 3, len(key))), _derived(key, salt, 5, 12)
        self._reports = 0

    def seal(self, packet: bytes, header: int, rollovers: int = 0) -> bytes:
        cipher, salt = self._rtp
        nonce = _mixed(b"\0\0" + packet[8:12] + struct.pack("!I", rollovers) + packet[2:4], salt)
        return packet[:header] + cipher.encrypt(nonce, packet[header:], packet[:header])

    def open(self, packet: bytes, header: int, rollovers: int = 0) -> bytes:
        cipher, salt = self._rtp
        nonce = _mixed(b"\0\0" + packet[8:12] + struct.pack("!I", rollovers) + packet[2:4], salt)
        return packet[:header] + cipher.decrypt(nonce, packet[header:], packet[:header])

    def seal_rtcp(self, compound: bytes) -> bytes:
        cipher, salt = self._rtcp
        self._reports += 1
        index = struct.pack("!I", self._reports)
        trailer = struct.pack("!I", self._reports | 0x80000000)
        nonce = _mixed(b"\0\0" + compound[4:8] + b"\0\0" + index, salt)
        return compound[:8] + cipher.encrypt(nonce, compound[8:], compound[:8] + trailer) + trailer

    def open_rtcp(self, sealed: bytes) -> bytes:
        cipher, salt = self._rtcp
        trailer = sealed[-4:]
        index = struct.pack("!I", struct.unpack("!I", trailer)[0] & 0x7FFFFFFF)
        nonce = _mixed(b"\0\0" + sealed[4:8] + b"\0\0" + index, salt)
        return sealed[:8] + cipher.decrypt(nonce, sealed[8:-4], sealed[:8] + trailer)


def _mixed(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


# --- RTP and RTCP -----------------------------------------------------------------------------------------------------


@dataclass
class Rtp:
    ssrc: int
    sequence: int
    payload: bytes = b"\1" * 80
    payload_type: int = OPUS
    timestamp: int = 0
    marker: bool = False
    extensions: dict[int, bytes] = field(default_factory=dict)
    first: int = 0x80
    """Version, padding, extension and CSRC count; the extension bit is set where there are extensions."""

    def header(self) -> bytes:
        block = b"".join(bytes([id << 4 | len(what) - 1]) + what for id, what in self.extensions.items())
        block += b"\0" * (-len(block) % 4)
        first = self.first | (0x10 if block else 0)
        numbers = (self.marker << 7 | self.payload_type, self.sequence & 0xFFFF, self.timestamp & 0xFFFFFFFF)
        head = struct.pack("!BBHII", first, *numbers, self.ssrc)
        return head + (b"\xbe\xde" + struct.pack("!H", len(block) // 4) + block if block else b"")

    def sealed(self, keys: Keys) -> bytes:
        header = self.header()
        return keys.seal(header + self.payload, len(header), self.sequence >> 16)


def picture(n: int, *, key: bool, size: int = 400) -> bytes:
    """A VP8 payload: descriptor with picture id, and a frame that begins as one does."""
    begins = b"\x10\0\0\x9d\1\x2a\1\1\1\1" if key else b"\x11\0\0"
    return (b"\x90\xe0" + struct.pack("!H", n & 0x7FFF | 0x8000) + bytes([n & 255, 0]) + begins).ljust(
        size, b"\7"
    )


def header_length(packet: bytes) -> int:
    length = 12 + 4 * (packet[0] & 15)
    if packet[0] & 0x10:
        length += 4 + 4 * int(struct.unpack_from("!H", packet, length + 2)[0])
    return length


def rtcp(kind: int, count: int, *words: int, tail: bytes = b"") -> bytes:
    """One packet, its sender 7 in front."""
    body = struct.pack(f"!{len(words) + 1}I", 7, *words) + tail
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def pli(ssrc: int) -> bytes:
    return rtcp(206, 1, ssrc)


def nack(ssrc: int, numbers: range) -> bytes:
    """Of each run of seventeen."""
    lost = b"".join(struct.pack("!HH", n & 0xFFFF, 0xFFFF) for n in numbers[::17])
    return rtcp(205, 1, ssrc, tail=lost)


def remb(bits: int, *ssrcs: int) -> bytes:
    exponent = max(0, bits.bit_length() - 18)
    packed = len(ssrcs) << 24 | exponent << 18 | bits >> exponent
    return rtcp(206, 15, 0, int.from_bytes(b"REMB", "big"), packed, *ssrcs)


def twcc(base: int, count: int, reference: int, chunks: bytes, deltas: bytes = b"") -> bytes:
    tail = struct.pack("!HHI", base & 0xFFFF, count, (reference & 0xFFFFFF) << 8) + chunks + deltas
    return rtcp(205, 15, 0, tail=tail + b"\0" * (-len(tail) % 4))
