"""A real process, killed with -9 while people write, started again on the same database."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from .house import ADMISSION


class Server:
    def __init__(self, data: Path) -> None:
        self.data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.start()

    def start(self) -> None:
        words = [
            sys.executable,
            str(Path(__file__).with_name("one_process.py")),
            str(self.port),
            str(self.data),
        ]
        self.process = subprocess.Popen(words)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}") as client:
            answer = (await client.post(path, json=body)).raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    async def up(self) -> None:
        """Waits for the process to listen: only the kernel knows when that is."""
        for _ in range(600):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return
        raise AssertionError("the server doesn't listen after 30 s")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "folkmoot.db")
    yield server
    server.kill()


class Writer:
    """Writes one message after the other, each until it is acknowledged, through whatever happens."""

    def __init__(self, server: Server, joined: dict[str, Any]) -> None:
        number, token = joined["meeting"]["number"], joined["channel_token"]
        self.url = f"ws://127.0.0.1:{server.port}/api/meetings/{number}/channel?token={token}"
        self.seen: int | None = None
        self.heard: list[str] = []
        self.acknowledged = 0
        self.welcomes = 0
        self.wants = 0

    async def write(self, until: int) -> None:
        self.wants = until
        while self.acknowledged < until:
            try:
                async with connect(self.url) as line:
                    await line.send(json.dumps({"hello": {} if self.seen is None else {"resume": self.seen}}))
                    await self._talk(line)
            except (OSError, WebSocketException):
                await asyncio.sleep(0.05)

    async def _talk(self, line: Any) -> None:
        async for frame in line:
            [(kind, body)] = json.loads(frame).items()
            if kind == "event":
                self.seen = body["seq"]
                if body["type"] == "sent":
                    self.heard.append(body["payload"]["text"])
                continue
            if kind == "media":
                continue
            if kind == "welcome":
                self.seen = body["seq"]
                self.welcomes += 1
            elif kind == "done":
                self.acknowledged += 1
            elif kind == "refused":
                assert body["code"] == "meeting.rate_limited"
                await asyncio.sleep(body["params"]["retry_after_s"])
            if self.acknowledged >= self.wants:
                return
            n = self.acknowledged
            do = {"id": f"c{n}", "feature": "chat", "type": "send", "payload": {"text": f"message {n}"}}
            await line.send(json.dumps({"do": do}))


async def test_killed_while_somebody_writes_nothing_acknowledged_is_lost_or_doubled(server: Server) -> None:
    await server.up()
    made = await server.post("/api/meetings", admission=ADMISSION)
    path = f"/api/meetings/{made['number']}/join"
    writer = Writer(server, await server.post(path, name="Ada", admission=ADMISSION))
    writing = asyncio.create_task(writer.write(30))
    for after in (3, 8, 15):
        while writer.acknowledged < after:
            assert not writing.done()
            await asyncio.sleep(0.005)
        server.kill()
        server.start()
        await server.up()
    await asyncio.wait_for(writing, 60)
    assert writer.welcomes == 1, "they resumed every time"
    assert writer.heard == [f"message {n}" for n in range(30)]
    late = Writer(server, await server.post(path, name="Bo", admission=ADMISSION))
    async with connect(late.url) as line:
        await line.send(json.dumps({"hello": {}}))
        chat = json.loads(await line.recv())["welcome"]["snapshot"]["chat"]
    assert [m["text"] for m in chat["messages"]] == [f"message {n}" for n in range(30)]
