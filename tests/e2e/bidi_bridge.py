"""Starts a Firefox for Playwright, and answers in its place the one command that it does not know.

Playwright drives a Firefox that it did not build over WebDriver BiDi, and sets colours at the start of every context by a
command that Firefox ESR 153 has not yet. This stands where Firefox would stand: it takes the same words, says on stderr
where it listens, hands everything through, and ends when Firefox does.
"""

from __future__ import annotations

import asyncio
import json
import sys

from websockets.asyncio.client import connect
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

SAYS = b"WebDriver BiDi listening on "
UNKNOWN = "emulation.setMediaFeaturesOverride"


async def hand_on(source: Connection, sink: Connection) -> None:
    """Until either end is gone, and then both are."""
    try:
        async for message in source:
            await sink.send(message)
    except ConnectionClosed:
        pass
    await sink.close()


async def hand_on_commands(driver: ServerConnection, firefox: Connection) -> None:
    try:
        async for message in driver:
            if UNKNOWN in str(message) and (command := json.loads(message))["method"] == UNKNOWN:
                await driver.send(json.dumps({"type": "success", "id": command["id"], "result": {}}))
            else:
                await firefox.send(message)
    except ConnectionClosed:
        pass
    await firefox.close()


async def main(words: list[str]) -> int:
    firefox = await asyncio.create_subprocess_exec(*words, stderr=asyncio.subprocess.PIPE)
    assert firefox.stderr
    where = ""

    async def bridge(driver: ServerConnection) -> None:
        async with connect(f"{where}/session", max_size=None, compression=None, proxy=None) as session:
            await asyncio.gather(hand_on_commands(driver, session), hand_on(session, driver))

    async with serve(bridge, "127.0.0.1", 0, max_size=None, compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        async for line in firefox.stderr:
            if line.startswith(SAYS):
                where = line.removeprefix(SAYS).decode().strip()
                sys.stderr.buffer.write(SAYS + f"ws://127.0.0.1:{port}\n".encode())
            else:
                sys.stderr.buffer.write(line)
            sys.stderr.buffer.flush()
        return await firefox.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
