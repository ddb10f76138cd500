"""A participant with bare hands: LiveKit's signalling, ICE, DTLS and SRTP of one connection, in Python, so that every byte
can be a wrong one. It plays no sound and draws no picture; what comes is handed on with the moment that the kernel had it.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import socket
import struct
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from livekit.protocol import models
from livekit.protocol import rtc as signal
from OpenSSL import SSL
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.hostile import wire
from tests.product import Product

SRTP = "SRTP_AEAD_AES_256_GCM"
STAMPS = 35
"""SO_TIMESTAMPNS of Linux."""
PATIENCE = 20.0


@cache
def certificate() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    return key, made.sign(key, hashes.SHA256())


def digest() -> str:
    return certificate()[1].fingerprint(hashes.SHA256()).hex(":").upper()


@dataclass(frozen=True)
class Manner:
    """What somebody sends and wants; and how they shake hands."""

    microphone: int | None = None
    camera: int | None = None
    """Streams' numbers. A camera repairs under the next one."""
    rids: tuple[str, ...] = ()
    hears: int = 0
    sees: int = 0
    fingerprint: str | None = None
    ciphers: str = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"
    srtp: str = SRTP
    newest: int | None = None
    """The newest version of DTLS that is offered."""


class Refused(Exception):
    """Not let in, or not listened to."""


class Participant:
    """See the module. `received` gets (RTP packet, opened, nanoseconds since 1970)."""

    def __init__(self, product: Product, identity: str, room: str, manner: Manner) -> None:
        self.product, self.identity, self.room, self.manner = product, identity, room, manner
        self.ufrag, self.password = os.urandom(6).hex(), os.urandom(16).hex()
        self.line: ClientConnection | None = None
        self.socket = _socket()
        self.server = ("127.0.0.1", 0)
        self.their_ufrag = self.their_password = ""
        self.streams: list[int] = []
        self.keys: wire.Keys | None = None
        self.theirs: wire.Keys | None = None
        self.received: Callable[[bytes, int], None] = lambda *_: None
        self.reports: deque[bytes] = deque(maxlen=2000)
        self.messages: deque[bytes] = deque(maxlen=2000)
        """Packets of SCTP."""
        self.bytes_in = 0
        self.told: deque[signal.SignalResponse] = deque(maxlen=200)
        self.offers = 1
        self.patience = PATIENCE
        self._answered: asyncio.Future[None] | None = None
        self._moved = asyncio.Event()
        self._dtls = self._connection()
        self._reading: asyncio.Task[None] | None = None

    # --- the way in ---------------------------------------------------------------------------------------------------

    async def enter(self) -> None:
        """The whole way, as a client goes it."""
        await self.ask()
        await self.is_reached()
        await self.shake_hands()

    async def ask(self) -> None:
        """Signalling: the offer goes with the request, the answer says where and by which names."""
        request = signal.JoinRequest(
            client_info=models.ClientInfo(protocol=16),
            connection_settings=signal.ConnectionSettings(auto_subscribe=True),
            add_track_requests=self.tracks(),
            publisher_offer=signal.SessionDescription(type="offer", sdp=self.offer(), id=1),
        )
        wrapped = signal.WrappedJoinRequest(join_request=request.SerializeToString())
        packed = base64.urlsafe_b64encode(wrapped.SerializeToString()).decode()
        token = self.product.token(self.identity, self.room)
        url = f"{self.product.signal_url}/rtc/v1?access_token={token}&join_request={packed}"
        self.line = await connect(url, proxy=None, max_size=None)
        self._reading = asyncio.create_task(self._read())
        asyncio.get_running_loop().add_reader(self.socket, self._readable)
        await self.until(lambda: bool(self.their_ufrag), "an answer")

    async def is_reached(self) -> None:
        """ICE: nominates the server's address."""
        reached = self._answered = asyncio.get_running_loop().create_future()
        for _ in range(int(PATIENCE / 0.2)):
            self.send(self.check())
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(asyncio.shield(reached), 0.2)
        raise Refused("no check is answered")

    async def shake_hands(self) -> None:
        self._dtls.set_connect_state()
        deadline = time.monotonic() + self.patience
        while True:
            self._moved.clear()
            try:
                self._dtls.do_handshake()
                break
            except SSL.WantReadError:
                self._flush()
            except SSL.Error as error:
                raise Refused(str(error)) from None
            if time.monotonic() > deadline:
                raise Refused("no handshake")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), 0.3)
            self._dtls.DTLSv1_handle_timeout()
        self._flush()
        if self._dtls.get_selected_srtp_profile() != SRTP.encode():
            raise Refused("no protection agreed on")
        material = self._dtls.export_keying_material(b"EXTRACTOR-dtls_srtp", 2 * (32 + 12))
        key, salt = material[:64], material[64:]
        self.keys, self.theirs = wire.Keys(key[:32], salt[:12]), wire.Keys(key[32:], salt[12:])

    def _connection(self) -> SSL.Connection:
        key, made = certificate()
        context = SSL.Context(SSL.DTLS_METHOD)
        if self.manner.newest is not None:
            context.set_max_proto_version(self.manner.newest)
        context.set_cipher_list(self.manner.ciphers.encode())
        context.use_privatekey(key)
        context.use_certificate(made)
        context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        context.set_options(SSL.OP_NO_QUERY_MTU)
        if self.manner.srtp:
            context.set_tlsext_use_srtp(self.manner.srtp.encode())
        connection = SSL.Connection(context)
        connection.set_ciphertext_mtu(1200)
        return connection

    # --- descriptions -------------------------------------------------------------------------------------------------

    def tracks(self) -> list[signal.AddTrackRequest]:
        made = []
        if self.manner.microphone is not None:
            kind, source = models.TrackType.AUDIO, models.TrackSource.MICROPHONE
            made.append(signal.AddTrackRequest(cid="mic", name="mic", type=kind, source=source))
        if self.manner.camera is not None:
            kind, source = models.TrackType.VIDEO, models.TrackSource.CAMERA
            made.append(
                signal.AddTrackRequest(cid="cam", name="cam", type=kind, source=source, width=320, height=180)
            )
        return made

    def offer(self) -> str:
        manner = self.manner
        sections = ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "m=audio 9 UDP/TLS/RTP/SAVPF 111 63"]
        sections += ["m=video 9 UDP/TLS/RTP/SAVPF 96 97"]
        sections += ["m=audio 9 UDP/TLS/RTP/SAVPF 111 63"] * manner.hears
        sections += ["m=video 9 UDP/TLS/RTP/SAVPF 96 97"] * manner.sees
        lines = ["v=0", f"o=- 46117 {self.offers} IN IP4 127.0.0.1", "s=-", "t=0 0"]
        lines += ["a=group:BUNDLE " + " ".join(map(str, range(len(sections)))), "a=msid-semantic: WMS *"]
        for mid, section in enumerate(sections):
            sends = {1: manner.microphone, 2: manner.camera}.get(mid)
            lines += [section, "c=IN IP4 0.0.0.0", f"a=ice-ufrag:{self.ufrag}", f"a=ice-pwd:{self.password}"]
            lines += [
                f"a=fingerprint:sha-256 {manner.fingerprint or digest()}",
                "a=setup:active",
                f"a=mid:{mid}",
            ]
            if section.startswith("m=application"):
                lines += ["a=sctp-port:5000", "a=max-message-size:262144"]
                continue
            lines += [f"a=extmap:{wire.MID} urn:ietf:params:rtp-hdrext:sdes:mid", "a=rtcp-mux"]
            if section.startswith("m=video"):
                lines += _picture_lines()
            else:
                lines += ["a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1"]
                lines += ["a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111"]
            if mid > 2:
                lines += ["a=recvonly"]
            elif sends is None:
                lines += ["a=inactive"]
            else:
                lines += ["a=sendonly", f"a=msid:- {'mic' if mid == 1 else 'cam'}"]
                lines += self._stream_lines(mid, sends)
        return "\r\n".join(lines) + "\r\n"

    def _stream_lines(self, mid: int, ssrc: int) -> list[str]:
        if mid == 2 and self.manner.rids:
            named = [f"a=rid:{rid} send" for rid in self.manner.rids]
            return [*named, "a=simulcast:send " + ";".join(self.manner.rids)]
        if mid == 1:
            return [f"a=ssrc:{ssrc} cname:x"]
        group = f"a=ssrc-group:FID {ssrc} {ssrc + 1}"
        return [group, f"a=ssrc:{ssrc} cname:x", f"a=ssrc:{ssrc + 1} cname:x"]

    async def offers_again(self, sdp: str | None = None) -> None:
        self.offers += 1
        description = signal.SessionDescription(type="offer", sdp=sdp or self.offer(), id=self.offers)
        await self.say(signal.SignalRequest(offer=description))

    # --- what is sent -------------------------------------------------------------------------------------------------

    async def say(self, request: signal.SignalRequest) -> None:
        assert self.line
        await self.line.send(request.SerializeToString())

    def check(self, *, nominates: bool = True) -> bytes:
        return wire.check(f"{self.their_ufrag}:{self.ufrag}", self.their_password, nominates=nominates)

    def send(self, datagram: bytes) -> None:
        with contextlib.suppress(BlockingIOError):
            self.socket.sendto(datagram, self.server)

    def rtp(self, packet: wire.Rtp) -> None:
        assert self.keys
        self.send(packet.sealed(self.keys))

    def rtcp(self, compound: bytes) -> None:
        assert self.keys
        self.send(self.keys.seal_rtcp(compound))

    def sctp(self, packet: bytes) -> None:
        self._dtls.send(packet)
        self._flush()

    def _flush(self) -> None:
        with contextlib.suppress(SSL.WantReadError):
            while True:
                self.send(self._dtls.bio_read(65536))

    # --- what comes ---------------------------------------------------------------------------------------------------

    def _readable(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                datagram, ancillary, _, source = self.socket.recvmsg(2048, 256)
                seconds, nanos = struct.unpack("qq", ancillary[0][2][:16]) if ancillary else (0, 0)
                self._take(datagram, seconds * 10**9 + nanos, source)

    def _take(self, datagram: bytes, at: int, source: tuple[str, int]) -> None:
        self.bytes_in += len(datagram)
        first = datagram[0]
        if first < 4:
            if datagram[:2] == b"\0\1":
                self.socket.sendto(wire.answer(datagram, self.password), source)
            elif self._answered and not self._answered.done():
                self._answered.set_result(None)
        elif first < 64:
            self._dtls.bio_write(datagram)
            self._moved.set()
            if self.theirs:
                with contextlib.suppress(SSL.Error):
                    while True:
                        self.messages.append(self._dtls.recv(65536))
                self._flush()
        elif self.theirs and 192 <= datagram[1] <= 223:
            self.reports.append(self.theirs.open_rtcp(datagram))
        elif self.theirs:
            self.received(datagram, at)

    async def _read(self) -> None:
        assert self.line
        with contextlib.suppress(ConnectionClosed):
            async for frame in self.line:
                response = signal.SignalResponse.FromString(frame if isinstance(frame, bytes) else b"")
                self.told.append(response)
                if response.WhichOneof("message") == "answer":
                    self._read_answer(response.answer.sdp)

    def _read_answer(self, sdp: str) -> None:
        lines = sdp.splitlines()

        def values(name: str) -> list[str]:
            return [line.removeprefix(name) for line in lines if line.startswith(name)]

        self.streams = [int(value.split()[0]) for value in values("a=ssrc:") if "cname" in value]
        for candidate in values("a=candidate:"):
            _, _, transport, _, address, port, *_ = candidate.split()
            if transport.lower() == "udp" and "." in address:
                self.server = (address, int(port))
        self.their_password = values("a=ice-pwd:")[0]
        self.their_ufrag = values("a=ice-ufrag:")[0]

    # --- waiting and leaving ------------------------------------------------------------------------------------------

    async def until(self, so: Callable[[], bool], what: str, within: float = PATIENCE) -> None:
        deadline = time.monotonic() + within
        while not so():
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.identity} waits in vain for {what}")
            await asyncio.sleep(0.01)

    async def leave(self) -> None:
        asyncio.get_running_loop().remove_reader(self.socket)
        if self._reading:
            self._reading.cancel()
        if self.line:
            with contextlib.suppress(ConnectionClosed):
                await self.say(signal.SignalRequest(leave=signal.LeaveRequest()))
            await self.line.close()
        self.socket.close()


def _socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.setblocking(False)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    made.setsockopt(socket.SOL_SOCKET, STAMPS, 1)
    return made


def _picture_lines() -> list[str]:
    return [
        f"a=extmap:{wire.TWCC} http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
        "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        "a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli", "a=rtcp-fb:96 goog-remb",
        "a=rtcp-fb:96 transport-cc", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96",
    ]  # fmt: skip


@asynccontextmanager
async def inside(product: Product, identity: str, room: str, manner: Manner) -> AsyncIterator[Participant]:
    """Somebody who has come in."""
    somebody = Participant(product, identity, room, manner)
    try:
        await somebody.enter()
        yield somebody
    finally:
        await somebody.leave()


def trickled(candidate: str) -> signal.SignalRequest:
    init = json.dumps({"candidate": candidate, "sdpMid": "0", "sdpMLineIndex": 0})
    return signal.SignalRequest(
        trickle=signal.TrickleRequest(candidateInit=init, target=signal.SignalTarget.PUBLISHER)
    )
