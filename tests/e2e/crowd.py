"""Many people in a meeting, cheaply: some that are there, and many that are only told of.

    python -m tests.e2e.crowd --address http://localhost:7880/ --link LINK --people 24 [--speak 3]

`main` brings people by the front door, each with a channel and a media connection of their own; they take nothing, and
some of them speak. `tell_of` lets the server's own welcome name more people and messages than there are: they go through
the page's parser, fold and screens like any others, which 1,000 browsers or 5,000 rate-limited messages could not do
within a test.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from livekit import rtc
from playwright.sync_api import BrowserContext, WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect

from tests.interop.test_python_sdk import RATE, sing


def admission_of(secret: str) -> str:
    """As web/src/core/invitation/secret.ts derives it."""
    key = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
    half = HKDF(SHA256(), 32, salt=None, info=b"folkmoot admission").derive(key)
    return base64.urlsafe_b64encode(half).decode().rstrip("=")


def knock(address: str, number: str, body: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{address.rstrip('/')}/api/meetings/{number}/join",
        json.dumps(body).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        joined: dict[str, Any] = json.load(answer)
        return joined


async def let_in(channel: ClientConnection) -> dict[str, str]:
    """The ticket for the room: it comes when the meeting wants one in."""
    async for frame in channel:
        said = json.loads(frame)
        if "media" in said:
            ticket: dict[str, str] = said["media"]
            return ticket
    raise AssertionError("the channel was closed before anybody was let in")


async def attend(stack: AsyncExitStack, address: str, link: str, index: int, speaks: bool) -> None:
    path, secret = link.split("#k=")
    number = path.rsplit("/", 1)[1]
    joined = await asyncio.to_thread(
        knock, address, number, {"name": f"Guest {index:02}", "admission": admission_of(secret)}
    )
    origin = address.rstrip("/").replace("http", "ws", 1)
    channel = await stack.enter_async_context(
        connect(f"{origin}/api/meetings/{number}/channel?token={joined['channel_token']}")
    )
    await channel.send(json.dumps({"hello": {}}))
    ticket = await let_in(channel)

    async def listen() -> None:
        async for _ in channel:
            pass

    room = rtc.Room()
    await room.connect(origin, ticket["token"], rtc.RoomOptions(auto_subscribe=False))
    stack.push_async_callback(room.disconnect)
    running = [asyncio.create_task(listen())]
    if speaks:
        voice = rtc.AudioSource(RATE, 1)
        track = rtc.LocalAudioTrack.create_audio_track("voice", voice)
        microphone = rtc.TrackPublishOptions(
            source=rtc.TrackSource.SOURCE_MICROPHONE
        )  # of no source: refused
        await room.local_participant.publish_track(track, microphone)
        running.append(asyncio.create_task(sing(voice, 200 + 40 * index)))
    for task in running:
        stack.callback(task.cancel)


async def gather(address: str, link: str, people: int, speaking: int) -> None:
    async with AsyncExitStack() as stack:
        for index in range(people):
            await attend(stack, address, link, index, index < speaking)
        print("in", flush=True)
        await asyncio.Event().wait()


@contextmanager
def crowd(address: str, link: str, people: int, speaking: int = 0) -> Iterator[None]:
    """They are in when the body begins, and gone after it."""
    words = [sys.executable, "-m", "tests.e2e.crowd", "--address", address, "--link", link]
    process = subprocess.Popen(
        [*words, "--people", str(people), "--speaking", str(speaking)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        assert process.stdout.readline().strip() == "in", "the crowd didn't get in"
        yield
    finally:
        process.kill()
        process.wait()


def tell_of(context: BrowserContext, people: int = 0, messages: int = 0) -> None:
    """Pages opened from now on are told of so many more when the server welcomes them."""
    began = datetime(2026, 11, 25, 9, tzinfo=UTC)
    more_people = [
        {"id": f"told-{n}", "name": f"Person {n:04}", "role": "guest", "joinedAt": began.isoformat()}
        for n in range(people)
    ]
    more_messages = [
        {
            "id": f"told-{n}",
            "seq": 0,
            "at": (began + timedelta(seconds=n)).isoformat(),
            "by": f"told-{n // 3 % 40}",
            "name": f"Person {n // 3 % 40:04}",
            "text": f"Message {n}: " + "word by word " * (n % 17),
        }
        for n in range(messages)
    ]

    def passed_on(frame: str) -> str:
        said = json.loads(frame)
        if "welcome" in said:
            snapshot = said["welcome"]["snapshot"]
            snapshot["meeting"]["people"] += more_people
            snapshot["chat"]["messages"] += more_messages
        return json.dumps(said)

    def route(page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        server.on_message(lambda frame: page.send(passed_on(frame) if isinstance(frame, str) else frame))

    context.route_web_socket(re.compile(r"/channel$"), route)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--address", required=True)
    parser.add_argument("--link", required=True)
    parser.add_argument("--people", type=int, default=24)
    parser.add_argument("--speaking", type=int, default=0)
    args = parser.parse_args()
    asyncio.run(gather(args.address, args.link, args.people, args.speaking))


if __name__ == "__main__":
    main()
