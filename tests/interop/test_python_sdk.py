"""The Python SDK (its core is in Rust), unmodified: sound, picture, data, on both signalling paths."""

from __future__ import annotations

import asyncio
import math
from array import array
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import numpy as np
import pytest
from livekit import api, rtc
from livekit.api.room_service import RoomService
from livekit.rtc.room import EventTypes

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


async def pushes(track: rtc.LocalDataTrack) -> None:
    """Frames of some packets each: what is lost is not said again, so it is said again and again."""
    n = 0
    while True:
        n += 1
        with suppress(Exception):
            track.try_push(rtc.DataTrackFrame(payload=bytes([n % 256]) * 5_000))
        await asyncio.sleep(0.05)  # the pace of a sensor


@asynccontextmanager
async def takes(product: Product, here: str, there: str) -> AsyncIterator[RoomService]:
    """The server API for who may take people from here to there."""
    may = api.VideoGrants(room_admin=True, room=here, destination_room=there)
    token = api.AccessToken(DEV_KEY, DEV_SECRET).with_grants(may).to_jwt()
    async with api.LiveKitAPI(product.address, token=token) as server:
        yield server.room


def queue_of(room: rtc.Room, event: EventTypes, what: Callable[..., Any]) -> asyncio.Queue[Any]:
    happened: asyncio.Queue[Any] = asyncio.Queue()
    room.on(event, lambda *about: happened.put_nowait(what(*about)))
    return happened


async def singer(room: rtc.Room, hz: float) -> asyncio.Task[None]:
    source = rtc.AudioSource(RATE, 1)
    singing = asyncio.create_task(sing(source, hz))
    await room.local_participant.publish_track(rtc.LocalAudioTrack.create_audio_track("voice", source))
    return singing


async def is_heard(tracks: asyncio.Queue[Any], hz: float) -> None:
    track = await asyncio.wait_for(tracks.get(), 15)
    assert abs(await asyncio.wait_for(strongest(track), 15) - hz) < 10


def first(one: Any, *_: Any) -> Any:
    return one


@pytest.mark.parametrize("single", [True, False], ids=["one-connection", "two-connections"])
async def test_somebody_is_moved_and_is_seen_and_heard_there(product: Product, single: bool) -> None:
    here, there = f"py-here-{single}", f"py-there-{single}"
    async with (
        guest(product, "ada", here, single=single) as ada,
        guest(product, "bo", here, single=True) as bo,
        guest(product, "eve", there, single=single) as eve,
        takes(product, here, there) as server,
    ):
        at_ada, at_bo, at_eve = (queue_of(room, "track_subscribed", first) for room in (ada, bo, eve))
        working = [await singer(ada, 440), await singer(eve, 620)]
        await is_heard(at_bo, 440)
        gone = queue_of(bo, "participant_disconnected", lambda p: p.identity)
        moved = queue_of(ada, "moved", lambda: ada.name)
        data = queue_of(eve, "data_received", lambda packet: (packet.data, packet.participant.identity))
        wanted = api.MoveParticipantRequest(room=here, identity="ada", destination_room=there)
        await server.move_participant(wanted)
        assert await asyncio.wait_for(moved.get(), 10) == there
        assert await asyncio.wait_for(gone.get(), 10) == "ada"
        await asyncio.gather(is_heard(at_eve, 440), is_heard(at_ada, 620))
        assert set(ada.remote_participants) == {"eve"}
        await ada.local_participant.publish_data(b"here I am", reliable=True)
        assert await asyncio.wait_for(data.get(), 10) == (b"here I am", "ada")
        camera = rtc.VideoSource(320, 180)
        working.append(asyncio.create_task(draw(camera)))
        await ada.local_participant.publish_track(rtc.LocalVideoTrack.create_video_track("camera", camera))
        picture = await asyncio.wait_for(at_eve.get(), 15)
        assert await asyncio.wait_for(distinct_pictures(picture, 6), 15) == (320, 180)
        with pytest.raises(api.TwirpError) as refused:
            await server.move_participant(wanted)
        assert refused.value.code == api.TwirpErrorCode.NOT_FOUND, "it isn't there any more"
        await end(working)


async def test_somebody_is_forwarded_and_taken_back(product: Product) -> None:
    here, there = "py-stage", "py-overflow"
    async with (
        guest(product, "ada", here, single=True) as ada,
        guest(product, "bo", here, single=True) as bo,
        guest(product, "eve", there, single=True) as eve,
        takes(product, here, there) as server,
    ):
        at_bo, at_eve = (queue_of(room, "track_subscribed", first) for room in (bo, eve))
        working = [await singer(ada, 440), await singer(eve, 620)]
        to_ada, to_bo, to_eve = (queue_of(room, "data_received", lambda p: p.data) for room in (ada, bo, eve))
        await is_heard(at_bo, 440)
        wanted = api.ForwardParticipantRequest(room=here, identity="ada", destination_room=there)
        await server.forward_participant(wanted)
        await is_heard(at_eve, 440)
        assert eve.remote_participants["ada"].sid == ada.local_participant.sid
        assert "eve" not in ada.remote_participants
        await ada.local_participant.publish_data(b"to all", reliable=True)
        assert [await asyncio.wait_for(got.get(), 10) for got in (to_bo, to_eve)] == [b"to all"] * 2
        await eve.local_participant.publish_data(b"unheard", reliable=True)
        frames: asyncio.Queue[Any] = asyncio.Queue()
        published = queue_of(eve, "data_track_published", first)
        track = await ada.local_participant.publish_data_track(name="pose")
        pushing = asyncio.create_task(pushes(track))
        remote = await asyncio.wait_for(published.get(), 10)
        async for frame in remote.subscribe():
            frames.put_nowait(frame)
            if frames.qsize() == 3:
                break
        gone = queue_of(eve, "participant_disconnected", lambda p: p.identity)
        back = api.VideoGrants(room_admin=True, room=there)
        token = api.AccessToken(DEV_KEY, DEV_SECRET).with_grants(back).to_jwt()
        async with api.LiveKitAPI(product.address, token=token) as other:
            await other.room.remove_participant(api.RoomParticipantIdentity(room=there, identity="ada"))
        assert await asyncio.wait_for(gone.get(), 10) == "ada"
        await ada.local_participant.publish_data(b"still here", reliable=True)
        assert await asyncio.wait_for(to_bo.get(), 10) == b"still here"
        assert to_ada.empty() and to_eve.empty()
        await end([*working, pushing])


async def end(working: Iterable[asyncio.Task[Any]]) -> None:
    for task in working:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_token_of_another_secret_is_refused(product: Product) -> None:
    room = rtc.Room()
    with pytest.raises(rtc.ConnectError, match="401"):
        await room.connect(product.signal_url, product.token("eve", "py-wrong", secret="x" * 40))
