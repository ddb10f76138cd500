"""Data tracks by the Python SDK, on both kinds of connection."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from livekit import rtc
from livekit.rtc.participant import PublishDataTrackError

from tests.interop.test_python_sdk import guest, pushes
from tests.product import Product


@pytest.mark.parametrize("single", [True, False], ids=["one-connection", "two-connections"])
async def test_frames_are_published_subscribed_to_and_over(product: Product, single: bool) -> None:
    name = f"data-{single}"
    async with (
        guest(product, "ada", name, single=single) as ada,
        guest(product, "bo", name, single=single) as bo,
    ):
        published: asyncio.Queue[rtc.RemoteDataTrack] = asyncio.Queue()
        ended: asyncio.Queue[str] = asyncio.Queue()
        bo.on("data_track_published", published.put_nowait)
        bo.on("data_track_unpublished", ended.put_nowait)
        track = await ada.local_participant.publish_data_track(name="pose")
        pushing = asyncio.create_task(pushes(track))
        remote = await asyncio.wait_for(published.get(), 10)
        assert (remote.info.name, remote.publisher_identity) == ("pose", "ada")
        stream = remote.subscribe()
        whole = 0
        async with asyncio.timeout(15):
            async for frame in stream:
                assert len(frame.payload) == 5_000 and len(set(frame.payload)) == 1
                whole += 1
                if whole == 10:
                    break
        await track.unpublish()
        assert await asyncio.wait_for(ended.get(), 10) == remote.info.sid
        pushing.cancel()
        with suppress(asyncio.CancelledError):
            await pushing


async def test_two_tracks_of_one_name_are_refused(product: Product) -> None:
    async with guest(product, "ada", "data-twice", single=True) as ada:
        first = await ada.local_participant.publish_data_track(name="pose")
        with pytest.raises(PublishDataTrackError):
            await ada.local_participant.publish_data_track(name="pose")
        assert first.is_published()
