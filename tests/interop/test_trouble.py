"""Trouble on request, by the Python SDK's own test hooks: whoever it befalls is back afterwards, and hears and is heard."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from livekit import rtc

from tests.interop.test_python_sdk import RATE, guest, sing, strongest
from tests.product import Product

KIND = rtc.SimulateScenarioKind
# Not here: a signal that is cut again on resume. This client doesn't survive it with LiveKit's server either.
COMES_BACK = {
    "signal": KIND.SIMULATE_SIGNAL_RECONNECT,
    "node-failure": KIND.SIMULATE_NODE_FAILURE,
    "migration": KIND.SIMULATE_MIGRATION,
    "full-reconnect": KIND.SIMULATE_FULL_RECONNECT,
    "tcp": KIND.SIMULATE_FORCE_TCP,
    "tls": KIND.SIMULATE_FORCE_TLS,
}


async def heard_from(room: rtc.Room, text: bytes) -> None:
    got: asyncio.Queue[bytes] = asyncio.Queue()
    room.on("data_received", lambda packet: got.put_nowait(packet.data))
    async with asyncio.timeout(20):
        while await got.get() != text:
            pass


async def says(room: rtc.Room, text: bytes) -> None:
    """Again and again, for who comes back may not be there yet."""
    while True:
        with suppress(Exception):
            await room.local_participant.publish_data(text, reliable=True)
        await asyncio.sleep(0.3)  # the pace of one who calls


@pytest.mark.parametrize("single", [True, False], ids=["one-connection", "two-connections"])
@pytest.mark.parametrize("trouble", COMES_BACK)
async def test_who_is_in_trouble_comes_back(product: Product, trouble: str, single: bool) -> None:
    name = f"trouble-{trouble}-{single}"
    async with (
        guest(product, "ada", name, single=single) as ada,
        guest(product, "bo", name, single=single) as bo,
    ):
        source = rtc.AudioSource(RATE, 1)
        tracks: asyncio.Queue[rtc.Track] = asyncio.Queue()
        singing = asyncio.create_task(sing(source, 440))
        await ada.local_participant.publish_track(rtc.LocalAudioTrack.create_audio_track("voice", source))
        moved = asyncio.Event()
        ada.on("reconnected", moved.set)
        await ada.simulate_scenario(COMES_BACK[trouble])
        await asyncio.wait_for(moved.wait(), 20)
        bo.on("track_subscribed", lambda track, *_: tracks.put_nowait(track))
        for participant in bo.remote_participants.values():
            for publication in participant.track_publications.values():
                if publication.track is not None:
                    tracks.put_nowait(publication.track)
        track = await asyncio.wait_for(tracks.get(), 15)
        assert abs(await asyncio.wait_for(strongest(track), 15) - 440) < 10
        saying = [asyncio.create_task(says(ada, b"from ada")), asyncio.create_task(says(bo, b"from bo"))]
        await asyncio.gather(heard_from(bo, b"from ada"), heard_from(ada, b"from bo"))
        for task in (singing, *saying):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def test_a_server_that_leaves_is_left(product: Product) -> None:
    async with (
        guest(product, "ada", "trouble-leave", single=True) as ada,
        guest(product, "bo", "trouble-leave", single=True) as bo,
    ):
        gone: asyncio.Queue[rtc.RemoteParticipant] = asyncio.Queue()
        reason: asyncio.Queue[int] = asyncio.Queue()
        bo.on("participant_disconnected", gone.put_nowait)
        ada.on("disconnected", reason.put_nowait)
        await ada.simulate_scenario(KIND.SIMULATE_SERVER_LEAVE)
        assert (await asyncio.wait_for(gone.get(), 10)).identity == "ada"
        assert await asyncio.wait_for(reason.get(), 10) == rtc.DisconnectReason.SERVER_SHUTDOWN


async def test_somebody_is_seen_to_speak(product: Product) -> None:
    async with guest(product, "ada", "trouble-speak", single=True) as ada:
        heard: asyncio.Queue[list[str]] = asyncio.Queue()
        ada.on("active_speakers_changed", lambda people: heard.put_nowait([p.identity for p in people]))
        await ada.simulate_scenario(KIND.SIMULATE_SPEAKER)
        assert await asyncio.wait_for(heard.get(), 10) == ["ada"]
        assert await asyncio.wait_for(heard.get(), 10) == []
