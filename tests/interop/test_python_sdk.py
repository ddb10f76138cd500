"""The Python SDK (its core is in Rust), unmodified: sound, picture, data, on both signalling paths."""

from __future__ import annotations

import asyncio
import math
from array import array
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import httpx
import numpy as np
import pytest
from livekit import api, rtc

from tests.product import DEV_KEY, DEV_SECRET, Product

RATE = 48_000
ONE_THREAD = {"FOLKMOOT_MEDIA__THREADS": "1"}
SPREAD = {"FOLKMOOT_MEDIA__THREADS": "2", "FOLKMOOT_MEDIA__PEOPLE_PER_THREAD": "1"}


@pytest.fixture(scope="module", params=[ONE_THREAD, SPREAD], ids=["one-thread", "spread"])
def product(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Whether a room is on one media thread or on two, no client may notice."""
    product = Product(tmp_path_factory.mktemp("data"), "--dev", environment=request.param)
    product.start()
    yield product
    product.stop()


async def sing(source: rtc.AudioSource, hz: float) -> None:
    n = 0
    while True:
        samples = array(
            "h", (int(9_000 * math.sin(2 * math.pi * hz * (n + i) / RATE)) for i in range(RATE // 100))
        )
        n += RATE // 100
        await source.capture_frame(rtc.AudioFrame(samples.tobytes(), RATE, 1, RATE // 100))


async def draw(source: rtc.VideoSource) -> None:
    """A grey that steps with every frame."""
    n = 0
    while True:
        n += 1
        picture = np.full((180, 320, 4), (n * 8) % 256, dtype=np.uint8)
        source.capture_frame(rtc.VideoFrame(320, 180, rtc.VideoBufferType.RGBA, picture.tobytes()))
        await asyncio.sleep(1 / 15)  # the camera's pace, not a wait for something


@asynccontextmanager
async def guest(product: Product, identity: str, room: str, *, single: bool) -> AsyncIterator[rtc.Room]:
    client = rtc.Room()
    await client.connect(
        product.signal_url, product.token(identity, room), rtc.RoomOptions(single_peer_connection=single)
    )
    try:
        yield client
    finally:
        await client.disconnect()


async def strongest(track: rtc.Track) -> float:
    """The strongest frequency of a second of that track, once it is not silent any more."""
    stream = rtc.AudioStream(track, sample_rate=RATE, num_channels=1)
    kept = np.zeros(0, dtype=np.int16)
    async for event in stream:
        samples = np.frombuffer(event.frame.data, dtype=np.int16)
        kept = np.concatenate([kept, samples]) if np.abs(samples).max() > 500 else kept[:0]
        if len(kept) >= RATE // 2:
            break
    await stream.aclose()
    return float(np.argmax(np.abs(np.fft.rfft(kept))) * RATE / len(kept))


async def distinct_pictures(track: rtc.Track, wanted: int) -> tuple[int, int]:
    """Returns the size once so many pictures of different brightness were shown."""
    stream = rtc.VideoStream(track, format=rtc.VideoBufferType.RGBA)
    shades: set[int] = set()
    async for event in stream:
        shades.add(int(np.frombuffer(event.frame.data, dtype=np.uint8)[:400:4].mean()) // 8)
        if len(shades) >= wanted:
            await stream.aclose()
            return event.frame.width, event.frame.height
    raise AssertionError(f"the stream ended after {len(shades)} shades")


@pytest.mark.parametrize("single", [True, False], ids=["one-connection", "two-connections"])
async def test_sound_picture_and_data_arrive(product: Product, single: bool) -> None:
    room = f"py-{single}"
    async with (
        guest(product, "ada", room, single=single) as ada,
        guest(product, "bo", room, single=single) as bo,
    ):
        tracks: asyncio.Queue[rtc.Track] = asyncio.Queue()
        data: asyncio.Queue[rtc.DataPacket] = asyncio.Queue()
        bo.on("track_subscribed", lambda track, *_: tracks.put_nowait(track))
        bo.on("data_received", data.put_nowait)
        sound, camera = rtc.AudioSource(RATE, 1), rtc.VideoSource(320, 180)
        working = [asyncio.create_task(sing(sound, 440)), asyncio.create_task(draw(camera))]
        await ada.local_participant.publish_track(rtc.LocalAudioTrack.create_audio_track("voice", sound))
        await ada.local_participant.publish_track(rtc.LocalVideoTrack.create_video_track("camera", camera))
        got = {track.kind: track for track in [await asyncio.wait_for(tracks.get(), 15) for _ in range(2)]}
        hz = await asyncio.wait_for(strongest(got[rtc.TrackKind.KIND_AUDIO]), 15)
        assert abs(hz - 440) < 10
        assert await asyncio.wait_for(distinct_pictures(got[rtc.TrackKind.KIND_VIDEO], 6), 15) == (320, 180)
        await ada.local_participant.publish_data(b"hello", reliable=True, topic="greeting")
        packet = await asyncio.wait_for(data.get(), 10)
        assert (packet.data, packet.topic, packet.participant and packet.participant.identity) == (
            b"hello", "greeting", "ada",
        )  # fmt: skip
        for task in working:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def test_a_program_calls_a_method_that_somebody_serves(product: Product) -> None:
    """By hand, for this SDK has no `PerformRpc` yet."""
    may = api.VideoGrants(room_admin=True, room="py-rpc")
    token = api.AccessToken(DEV_KEY, DEV_SECRET).with_grants(may).to_jwt()
    async with (
        guest(product, "ada", "py-rpc", single=True) as ada,
        httpx.AsyncClient(base_url=product.address, headers={"Authorization": f"Bearer {token}"}) as server,
    ):

        async def greet(call: rtc.RpcInvocationData) -> str:
            return f"hello, {call.payload}"

        async def calls(method: str) -> dict[str, str]:
            body = {"room": "py-rpc", "destination_identity": "ada", "method": method, "payload": "you"}
            answer = await server.post("/twirp/livekit.RoomService/PerformRpc", json=body)
            told: dict[str, str] = answer.json()
            return told

        ada.local_participant.register_rpc_method("greet", greet)
        assert await calls("greet") == {"payload": "hello, you"}
        assert (await calls("leave"))["msg"].startswith("RpcError 1400")


async def test_a_token_of_another_secret_is_refused(product: Product) -> None:
    room = rtc.Room()
    with pytest.raises(rtc.ConnectError, match="401"):
        await room.connect(product.signal_url, product.token("eve", "py-wrong", secret="x" * 40))
