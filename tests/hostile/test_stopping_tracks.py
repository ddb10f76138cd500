"""A8 with media: everybody sends sound and a picture when everything stops, and the room ends each of them within a second."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time

import pytest
from livekit.protocol import models
from livekit.protocol import rtc as wire
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.e2e.gauges import busyness
from tests.hostile.test_coming_back import visitor
from tests.hostile.visitor import Visitor, meeting
from tests.product import Product

CROWD = int(os.environ.get("CROWD_WITH_TRACKS", "40"))
"""`make strangers` has 500 of them."""
WITHIN_S = 1.0
TRANSPORT = (
    "c=IN IP4 0.0.0.0\r\na=ice-ufrag:CLNT\r\na=ice-pwd:cccccccccccccccccccccccc\r\n"
    f"a=fingerprint:sha-256 {':'.join(['AB'] * 32)}\r\na=setup:active\r\na=rtcp-mux\r\n"
)
KINDS = {
    "microphone": (models.TrackType.AUDIO, models.TrackSource.MICROPHONE, "audio", "111 opus/48000/2"),
    "camera": (models.TrackType.VIDEO, models.TrackSource.CAMERA, "video", "96 VP8/90000"),
}


def offer() -> str:
    sections = [
        f"m={kind} 9 UDP/TLS/RTP/SAVPF {codec.split()[0]}\r\na=sendonly\r\na=rtpmap:{codec}\r\n"
        f"a=msid:stream {name}\r\na=mid:{mid}\r\n{TRANSPORT}"
        for mid, (name, (_, _, kind, codec)) in enumerate(KINDS.items())
    ]
    return "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n" + "".join(sections)


class Moment:
    """When something came for the first time."""

    def __init__(self) -> None:
        self.at = 0.0
        self._there = asyncio.Event()

    def come(self) -> None:
        self.at = self.at or time.perf_counter()
        self._there.set()

    async def since(self, began: float) -> float:
        await self._there.wait()
        return self.at - began


class Sender:
    """Somebody on channel and signal, with two tracks."""

    def __init__(self, host: Visitor) -> None:
        self.visitor = visitor(host)
        self.line: ClientConnection | None = None
        self.muted, self.stopped = Moment(), Moment()
        self._reading: list[asyncio.Task[None]] = []

    async def comes(self, name: str) -> None:
        assert await self.visitor.comes(name) == "guest"
        ticket = await self.visitor.media_ticket()
        url = f"{self.visitor.product.signal_url}/rtc?auto_subscribe=0&protocol=16&access_token={ticket}"
        self.line = await connect(url, proxy=None, max_size=None, ping_interval=None)
        for cid, (kind, source, _, _) in KINDS.items():
            await self._say(
                wire.SignalRequest(add_track=wire.AddTrackRequest(cid=cid, type=kind, source=source))
            )
        await self._say(wire.SignalRequest(offer=wire.SessionDescription(type="offer", sdp=offer(), id=1)))
        published = set[str]()
        async with asyncio.timeout(60):
            while len(published) < len(KINDS):
                published.add((await self._hears("track_published")).track_published.cid)
        self._reading = [asyncio.create_task(self._listen()), asyncio.create_task(self._read_over())]

    async def goes(self) -> None:
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)
        for line in (self.line, self.visitor.line):
            assert line and line.close_code is None, "nobody is cut"
            await line.close()

    async def _say(self, request: wire.SignalRequest) -> None:
        assert self.line
        await self.line.send(request.SerializeToString())

    async def _hears(self, kind: str) -> wire.SignalResponse:
        assert self.line
        while True:
            said = wire.SignalResponse.FromString(await self.line.recv(decode=False))
            if said.HasField(kind):
                return said

    async def _listen(self) -> None:
        """What the room does to their own tracks, and when."""
        assert self.line
        me = self.visitor.id
        with contextlib.suppress(ConnectionClosed):
            while True:
                said = wire.SignalResponse.FromString(await self.line.recv(decode=False))
                if said.HasField("mute") and said.mute.muted:
                    self.muted.come()
                for info in said.update.participants:
                    if info.identity == me and not info.tracks:
                        self.stopped.come()

    async def _read_over(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await self.visitor.next()


@pytest.mark.timeout(900)
async def test_a8_with_tracks_everything_is_muted_then_stopped_within_a_second(product: Product) -> None:
    async with meeting(product) as host:
        crowd = [Sender(host) for _ in range(CROWD)]
        few = asyncio.Semaphore(8)

        async def comes(one: Sender, n: int) -> None:
            async with few:
                await one.comes(f"Person {n}")

        await asyncio.gather(*(comes(one, n) for n, one in enumerate(crowd)))
        await all_within(host, "mute_all", [one.muted for one in crowd])
        await all_within(host, "stop_everything", [one.stopped for one in crowd])
        for one in crowd:
            await one.goes()


async def all_within(host: Visitor, verb: str, moments: list[Moment]) -> None:
    others = busyness()
    began = time.perf_counter()
    assert "done" in await host.do("meeting", verb)
    async with asyncio.timeout(30):
        took = sorted(await asyncio.gather(*(moment.since(began) for moment in moments)))
    p99 = took[int(len(took) * 0.99)]
    print(f"{verb}: p99 {p99 * 1000:.0f} ms for {len(took)}")
    assert p99 <= WITHIN_S * max(others, busyness()), took[-5:]
