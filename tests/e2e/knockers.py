"""A crowd at the door: so many people who only knock, from a process of their own.

    python -m tests.e2e.knockers --address http://localhost:7880/ --link LINK --people 500 --within 10

Each has a ticket, opens a channel and waits; nobody is let in. It says "waiting N" when the last has been answered.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

from websockets.asyncio.client import connect

from tests.e2e.crowd import admission_of, knock


async def wait(stack: AsyncExitStack, address: str, link: str, index: int) -> bool:
    """@returns whether this one waits; who is turned away at a full waiting room does not."""
    path, secret = link.split("#k=")
    number = path.rsplit("/", 1)[1]
    body = {"name": f"Stranger {index}", "admission": admission_of(secret), "device": f"device-{index:020}"}
    joined = await asyncio.to_thread(knock, address, number, body)
    origin = address.rstrip("/").replace("http", "ws", 1)
    url = f"{origin}/api/meetings/{number}/channel?token={joined['channel_token']}"
    channel = await stack.enter_async_context(connect(url, ping_interval=None))
    await channel.send(json.dumps({"hello": {}}))
    async for frame in channel:  # at a crowded door one is told one's place first
        said = json.loads(frame)
        if "welcome" in said or "denied" in said:
            return "welcome" in said
    return False


async def flood(address: str, link: str, people: int, seconds: float) -> None:
    async with AsyncExitStack() as stack:

        async def one(index: int) -> bool:
            await asyncio.sleep(index * seconds / people)
            return await wait(stack, address, link, index)

        waits = await asyncio.gather(*(one(index) for index in range(people)))
        print(f"waiting {sum(waits)}", flush=True)
        await asyncio.Event().wait()


@contextmanager
def knockers(address: str, link: str, people: int, within: float) -> Iterator[subprocess.Popen[str]]:
    """They begin to knock when the body begins, and are gone after it."""
    words = [sys.executable, "-m", "tests.e2e.knockers", "--address", address, "--link", link]
    process = subprocess.Popen(
        [*words, "--people", str(people), "--within", str(within)], stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--address", required=True)
    parser.add_argument("--link", required=True)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--within", type=float, default=10)
    args = parser.parse_args()
    asyncio.run(flood(args.address, args.link, args.people, args.within))


if __name__ == "__main__":
    main()
