"""A stranger sends what can't be, on every line that it can reach, while two people talk. They notice nothing."""

from __future__ import annotations

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from livekit import rtc
from livekit.protocol import models
from livekit.protocol import rtc as wire
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.interop.test_python_sdk import RATE, guest, sing, strongest
from tests.product import Product

HZ = 660
SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
"""So far it is a good one."""


def offers() -> Iterator[str]:
    section = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=sendonly\r\na=rtpmap:96 VP8/90000\r\n"
    yield from ("", "v=0", "\0" * 100, "nonsense", SDP, SDP + "m=", SDP + section, SDP + section * 2000)
    yield SDP + section + "a=rid:" + "q" * 60_000 + " send\r\n"
    yield SDP + "a=ice-ufrag:a\r\na=ice-pwd:b\r\na=fingerprint:sha-256 00\r\n" + section
    yield SDP + section + "a=ssrc-group:SIM " + "1 " * 20_000 + "\r\n"


def requests() -> Iterator[wire.SignalRequest]:
    for sdp in offers():
        yield wire.SignalRequest(offer=wire.SessionDescription(type="offer", sdp=sdp, id=2**32 - 1))
        yield wire.SignalRequest(answer=wire.SessionDescription(type="answer", sdp=sdp, id=1))
    for candidate in ("", "{", "null", "[" * 3000, '{"candidate": 7}', "c" * 100_000):
        for target in (wire.SignalTarget.PUBLISHER, wire.SignalTarget.SUBSCRIBER):
            yield wire.SignalRequest(trickle=wire.TrickleRequest(candidateInit=candidate, target=target))
    for cid in ("", "x", "x" * 100_000, "\u202e\x00\x1b[2J<script>"):
        layers = [models.VideoLayer(width=2**32 - 1, height=2**32 - 1)] * 1000
        yield wire.SignalRequest(
            add_track=wire.AddTrackRequest(cid=cid, name=cid, layers=layers, sid="TR_" + cid)
        )
        yield wire.SignalRequest(add_track=wire.AddTrackRequest(cid=cid, name=cid, layers=layers))
    for sid in ("", "TR_x", "T" * 100_000):
        yield wire.SignalRequest(mute=wire.MuteTrackRequest(sid=sid, muted=True))
        yield wire.SignalRequest(
            subscription=wire.UpdateSubscription(track_sids=[sid] * 5000, subscribe=True)
        )
        yield wire.SignalRequest(
            track_setting=wire.UpdateTrackSettings(track_sids=[sid] * 5000, width=2**32 - 1, fps=2**32 - 1)
        )
        allowed = wire.TrackPermission(participant_sid=sid, track_sids=[sid])
        yield wire.SignalRequest(
            subscription_permission=wire.SubscriptionPermission(track_permissions=[allowed] * 2000)
        )
        yield wire.SignalRequest(
            update_video_track=wire.UpdateLocalVideoTrack(track_sid=sid, width=2**32 - 1)
        )
    yield wire.SignalRequest(
        update_metadata=wire.UpdateParticipantMetadata(metadata="m" * 900_000, name="<b>" * 10_000)
    )
    yield wire.SignalRequest(ping=-(2**63))
    yield wire.SignalRequest(simulate=wire.SimulateScenario(speaker_update=2**31 - 1))


def frames() -> Iterator[bytes | str]:
    for request in requests():
        yield request.SerializeToString()
    yield from (
        "",
        "{",
        "[" * 100_000,
        json.dumps({"offer": 7}),
        '{"ping": "' + "9" * 5000 + '"}',
        "\ud7ff" * 1000,
    )
    luck = random.Random(7)
    yield from (luck.randbytes(luck.randrange(400)) for _ in range(200))


@asynccontextmanager
async def stranger(product: Product, room: str) -> AsyncIterator[ClientConnection]:
    """Somebody with a good token, and who reads what it is told."""
    url = f"{product.signal_url}/rtc?access_token={product.token('stranger', room)}"
    async with connect(url, proxy=None, max_size=None) as line:

        async def reads() -> None:
            with suppress(ConnectionClosed):
                async for _ in line:
                    pass

        reading = asyncio.create_task(reads())
        yield line
        reading.cancel()


async def by_signal(product: Product, room: str) -> None:
    """Every frame; on a new line whenever the server had enough of the old one."""
    waiting = list(frames())
    while waiting:
        async with stranger(product, room) as line:
            with suppress(ConnectionClosed):
                while waiting:
                    await line.send(waiting.pop(0))
                    await asyncio.sleep(0)


def media_ports(product: Product, *kinds: str) -> list[int]:
    """The ports of these kinds that the server's process holds: ours to bombard."""
    assert product.process
    process = Path(f"/proc/{product.process.pid}")
    mine = set()
    for handle in (process / "fd").iterdir():
        with suppress(OSError):
            mine.add(str(handle.readlink()))
    rows = [row.split() for table in kinds for row in (process / "net" / table).read_text().splitlines()[1:]]
    waits_for_all = "00000000:0000"  # of UDP every socket does; of TCP those that listen
    return sorted(
        {
            int(row[1].split(":")[1], 16)
            for row in rows
            if f"socket:[{row[9]}]" in mine and row[2].endswith(waits_for_all)
        }
    )


def by_media(port: int) -> None:
    """STUN, DTLS, RTP and RTCP that look like it and aren't, and noise."""
    luck = random.Random(7)
    starts = (
        b"\x00\x01\x00\x08\x21\x12\xa4\x42",
        b"\x16\xfe\xfd",
        b"\x17\xfe\xfd",
        b"\x80\x60",
        b"\x80\xc8",
        b"\xff",
        b"",
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for number in range(20_000):
            out.sendto(
                starts[number % len(starts)] + luck.randbytes(luck.randrange(1, 1400)), ("127.0.0.1", port)
            )


def by_stream(port: int) -> None:
    """Callers who are none: noise in frames and without, resets, and a crowd that drips or says nothing and won't go."""
    luck = random.Random(7)
    check = b"\x00\x01\x00\x08\x21\x12\xa4\x42"
    beginnings = (b"GET / HTTP/1.1\r\n", b"\x16\x03\x01", b"\x00\x00" * 100, b"\xff\xff", b"")
    for number in range(400):
        with socket.create_connection(("127.0.0.1", port), 5) as line, suppress(OSError):
            if number % 3 == 0:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            line.sendall(beginnings[number % len(beginnings)])
            for first in (check, b"\x80\x60", b"\x16\xfe\xfd", check):
                datagram = first + luck.randbytes(luck.randrange(12, 1400))
                line.sendall(len(datagram).to_bytes(2, "big") + datagram)
    crowd = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(300)]
    try:
        for line in crowd:
            line.settimeout(15)
            with suppress(OSError):
                line.sendall(b"\x00")
        for line in crowd:
            with suppress(ConnectionError):
                assert line.recv(1) == b"", "nobody is answered"
    finally:
        for line in crowd:
            line.close()


async def by_http(product: Product, room: str) -> None:
    good = product.token("eve", room)
    head, body, seal = good.split(".")
    nobody = "eyJhbGciOiJub25lIn0"
    tokens = (
        "",
        "x",
        "a.b.c",
        f"{nobody}.{body}.",
        f"{nobody}.{body}.{seal}",
        f"{head}.{body}.",
        "e" * 60_000,
    )
    async with aiohttp.ClientSession() as http:
        for token in (*tokens, product.token("eve", room, secret="another" * 6)):
            for path in ("/rtc", "/rtc/v1"):
                upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
                headers = {**upgrade, "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
                params = {"access_token": token, "join_request": ""}
                async with http.get(product.address + path[1:], params=params, headers=headers) as answer:
                    assert answer.status == 401, (path, token[:40])
        for packed in ("%%%", "AAAA", "A" * 40_000):
            params = {"access_token": good, "join_request": packed}
            async with http.get(f"{product.address}rtc/v1/validate", params=params) as answer:
                assert answer.status == 400
        for body_ in (b"", b"{", b"[" * 100_000, b"\xff" * 1000, b"x" * 2_000_000):
            with suppress(aiohttp.ClientError):
                async with http.post(
                    f"{product.address}twirp/livekit.RoomService/CreateRoom",
                    data=body_,
                    headers={"Authorization": f"Bearer {good}", "Content-Type": "application/json"},
                ) as answer:
                    assert answer.status in (400, 401)
            for path in ("api/meetings", "api/meetings/123456789/join"):
                with suppress(aiohttp.ClientError):
                    async with http.post(
                        product.address + path, data=body_, headers={"Content-Type": "application/json"}
                    ) as answer:
                        assert 400 <= answer.status < 500, path


@pytest.mark.parametrize("attack", ["signal", "media", "stream", "http"])
async def test_two_who_talk_notice_nothing(product: Product, attack: str) -> None:
    room = f"hostile-{attack}"
    async with (
        guest(product, "alice", room, single=True) as alice,
        guest(product, "bob", room, single=False) as bob,
    ):
        source = rtc.AudioSource(RATE, 1)
        track = rtc.LocalAudioTrack.create_audio_track("tone", source)
        singing = asyncio.create_task(sing(source, HZ))
        heard: asyncio.Queue[rtc.Track] = asyncio.Queue()
        gone: list[str] = []
        bob.on("track_subscribed", lambda t, *_: heard.put_nowait(t))
        for person in (alice, bob):
            person.on("disconnected", lambda *_: gone.append("disconnected"))
            person.on("reconnecting", lambda *_: gone.append("reconnecting"))
        await alice.local_participant.publish_track(track)
        hearing = await asyncio.wait_for(heard.get(), 10)
        assert abs(await asyncio.wait_for(strongest(hearing), 10) - HZ) < 20
        match attack:
            case "signal":
                await by_signal(product, room)
            case "media":
                ports = media_ports(product, "udp", "udp6")
                assert ports
                for port in ports:
                    await asyncio.to_thread(by_media, port)
            case "stream":
                (port,) = {*media_ports(product, "tcp", "tcp6")} - {product.port}
                await asyncio.to_thread(by_stream, port)
            case "http":
                await by_http(product, room)
        assert abs(await asyncio.wait_for(strongest(hearing), 10) - HZ) < 20
        await bob.local_participant.publish_data(b"still here")
        assert gone == []
        assert set(bob.remote_participants) >= {"alice"}
        singing.cancel()
    assert product.healthy()
    log = product.log.read_text()
    assert "Traceback" not in log
    assert '"level": "error"' not in log and "critical" not in log
