"""Keeps a server busy until it is stopped: a room of its own in which everybody speaks, shows a picture, and gets all others.

    python -m tests.load.busy --url http://localhost:7880 [--people 6]

The clients are the Python SDK's; they take more of the machine than the server does, so the figures taken meanwhile are
those of a busy machine as well.
"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import jwt
from livekit import rtc

from tests.interop.test_python_sdk import RATE, draw, sing
from tests.product import DEV_KEY, DEV_SECRET


def token(identity: str) -> str:
    now = datetime.now(UTC)
    claims = {
        "iss": DEV_KEY, "sub": identity, "nbf": now - timedelta(seconds=5), "exp": now + timedelta(hours=1),
        "video": {"roomJoin": True, "room": "busy"},
    }  # fmt: skip
    return jwt.encode(claims, DEV_SECRET, algorithm="HS256")


async def attend(stack: AsyncExitStack, url: str, number: int) -> None:
    room = rtc.Room()
    await room.connect(url, token(f"busy-{number}"))
    stack.push_async_callback(room.disconnect)
    voice, picture = rtc.AudioSource(RATE, 1), rtc.VideoSource(320, 180)
    for track in (
        rtc.LocalAudioTrack.create_audio_track("voice", voice),
        rtc.LocalVideoTrack.create_video_track("picture", picture),
    ):
        await room.local_participant.publish_track(track)
    for playing in (sing(voice, 200 + 40 * number), draw(picture)):
        task = asyncio.create_task(playing)
        stack.callback(task.cancel)


async def keep_busy(url: str, people: int) -> None:
    async with AsyncExitStack() as stack:
        for number in range(people):
            await attend(stack, url, number)
        print(f"{people} people are in", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://localhost:7880")
    parser.add_argument("--people", type=int, default=6)
    args = parser.parse_args()
    asyncio.run(keep_busy(args.url.replace("http", "ws", 1), args.people))


if __name__ == "__main__":
    main()
