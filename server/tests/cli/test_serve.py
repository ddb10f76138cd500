"""`folkmoot serve` as a process of its own, over the fake engine: how it starts, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import websockets
from livekit.protocol import models, rtc

from folkmoot.kit import SystemClock
from folkmoot.protocol.tokens import Claims, Keys, VideoGrant

OVER_THE_FAKE = """
from folkmoot.cli import main, serve
from folkmoot.engine.fake import FakeEngine
import sys
sys.modules["folkmoot.cli.serve"].open_engine = lambda *where: FakeEngine()
main()
"""

Start = Callable[..., "Process"]


class Process:
    def __init__(self, data: Path, flags: tuple[str, ...]) -> None:
        words = [sys.executable, "-c", OVER_THE_FAKE, "serve", *flags, "--port", "0", "--data", str(data)]
        environment = {
            **os.environ,
            "FOLKMOOT_LOG__FORMAT": "json",
            "PYTHONUNBUFFERED": "1",
            "COLUMNS": "120",
        }
        self.log = data.with_suffix(".log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                words, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
            )
        self.said = ""
        self.address = self._read_address()

    def _read_address(self) -> str:
        assert self.process.stdout
        while line := self.process.stdout.readline():
            self.said += line
            if "Folkmoot is at" in line:
                return line.split()[-1]
        raise AssertionError(self.log.read_text())

    def end(self, by: signal.Signals) -> tuple[int, str]:
        """Exit status and log."""
        assert self.process.stdout
        self.process.send_signal(by)
        self.said += self.process.stdout.read()  # not `communicate`, which forgets what readline read ahead
        return self.process.wait(60), self.log.read_text()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[Process] = []

    def starting(*flags: str) -> Process:
        started.append(Process(tmp_path / "data", flags))
        return started[-1]

    yield starting
    for one in started:
        with one.process as process:
            process.kill()


def token(identity: str) -> str:
    grant = VideoGrant("room", room_join=True)
    return Keys({"devkey": "secret"}, SystemClock()).mint(
        Claims("devkey", identity, video=grant), timedelta(minutes=5)
    )


@asynccontextmanager
async def joined(address: str, *, padding: int = 0) -> AsyncIterator[websockets.ClientConnection]:
    """Somebody in the room; `padding` makes the address as long as clients of many tracks make it."""
    url = (
        f"{address.replace('http', 'ws')}/rtc?access_token={token('ada')}&auto_subscribe=1&x={'x' * padding}"
    )
    async with websockets.connect(url, proxy=None) as socket:
        first = rtc.SignalResponse.FromString(await _binary(socket))
        assert first.join.participant.identity == "ada"
        yield socket


async def _binary(socket: websockets.ClientConnection) -> bytes:
    frame = await asyncio.wait_for(socket.recv(), 60)  # bounds a hang alone; a busy machine takes its time
    assert isinstance(frame, bytes)
    return frame


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
async def test_a_stopping_server_tells_its_clients_and_ends_cleanly(start: Start, by: signal.Signals) -> None:
    server = start("--dev")
    async with joined(server.address) as socket:
        ending = asyncio.create_task(asyncio.to_thread(server.end, by))
        leaving = rtc.SignalResponse()
        while leaving.WhichOneof("message") != "leave":
            leaving = rtc.SignalResponse.FromString(await _binary(socket))
        assert leaving.leave.reason == models.SERVER_SHUTDOWN
        assert leaving.leave.action == rtc.LeaveRequest.RECONNECT
        with pytest.raises(websockets.ConnectionClosedOK):
            await _binary(socket)
    status, log = await ending
    assert status in (0, -by)
    assert "Traceback" not in log


async def test_no_token_is_in_the_log_of_a_session(start: Start) -> None:
    server = start("--dev")
    async with joined(server.address):
        pass
    _, log = await asyncio.to_thread(server.end, signal.SIGTERM)
    assert "joined" in log
    assert "eyJ" not in log
    assert '"room": "room"' in log


async def test_an_address_as_long_as_the_newer_path_makes_it_is_taken(start: Start) -> None:
    server = start("--dev")
    async with joined(server.address, padding=40_000):
        pass


def test_a_shell_that_allows_few_files_does_not_bound_a_meeting(start: Start) -> None:
    before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, most))
    try:
        server = start("--dev")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))
    allowed, _ = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
    assert allowed == (65_536 if most == resource.RLIM_INFINITY else min(most, 65_536))


async def test_the_network_is_served_by_https_with_a_code_to_scan(start: Start) -> None:
    server = start("--lan")
    assert server.address.startswith("https://localhost:")
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    async with httpx.AsyncClient(verify=trusting, trust_env=False) as client:
        answer = await client.get(server.address + "/healthz")
    assert answer.text == "ok"
    await asyncio.to_thread(server.end, signal.SIGTERM)
    assert "Every browser will warn once" in server.said
    assert "█" in server.said or "▄" in server.said


async def test_https_is_not_spoken_to_this_machine_alone(start: Start) -> None:
    server = start()
    assert server.address.startswith("http://localhost:")
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(server.address + "/healthz")).text == "ok"
    assert "devkey" not in server.said


async def test_a_second_server_on_the_same_folder_is_refused(start: Start) -> None:
    start("--dev")
    with pytest.raises(AssertionError, match=r"data\.in_use"):
        start("--dev")


def resident(process: subprocess.Popen[str]) -> int:
    """KiB."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def test_a_head_that_never_ends_costs_no_memory(start: Start) -> None:
    server = start("--dev")
    port = int(server.address.rpartition(":")[2].strip("/"))
    with socket.create_connection(("127.0.0.1", port)) as warm:
        warm.sendall(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        assert b"200 OK" in warm.recv(1000)
    before, sent = resident(server.process), 0
    with socket.create_connection(("127.0.0.1", port)) as endless:
        endless.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nx-endless: ")
        with contextlib.suppress(OSError):
            for _ in range(99 * 16):
                sent += endless.send(b"a" * 65_536)
        with contextlib.suppress(ConnectionError):
            assert b" 431 " in endless.recv(4096)
    assert sent > 256 * 1024
    assert resident(server.process) - before < 8 * 1024, "99 MiB cost 103 once"


async def test_a_token_that_says_much_of_its_owner_comes_in(start: Start) -> None:
    server = start("--dev")
    grant = VideoGrant("room", room_join=True)
    profile = ("a profile " * 6000)[:60_000]
    claims = Claims("devkey", "ada", video=grant, metadata=profile)
    long = Keys({"devkey": "secret"}, SystemClock()).mint(claims, timedelta(minutes=5))
    url = server.address.rstrip("/")
    async with websockets.connect(f"{url.replace('http', 'ws')}/rtc?access_token={long}", proxy=None) as one:
        joined = rtc.SignalResponse.FromString(await _binary(one)).join
    assert joined.participant.metadata == profile
    said = await asyncio.to_thread(urllib.request.urlopen, f"{url}/rtc/validate?access_token={long}")
    with said:
        assert said.read() == b"success"
