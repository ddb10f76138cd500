"""The servers that are measured, at the address that all lines lead to."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.network.line import SERVER
from tests.product import Product, free_port

KEY, SECRET = "APImatrix", "a-secret-that-both-servers-take-for-long-enough"


@dataclass(frozen=True, slots=True)
class Served:
    name: str
    url: str


@contextlib.contextmanager
def folkmoot() -> Iterator[Served]:
    environment = {
        "FOLKMOOT_KEYS": f"{KEY}: {SECRET}",
        "FOLKMOOT_HTTP__HOST": "0.0.0.0",
        "FOLKMOOT_MEDIA__ADVERTISE": SERVER,
        "FOLKMOOT_MEDIA__UDP_PORT": str(free_port()),
        "FOLKMOOT_MEDIA__TCP_PORT": "0",
    }
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder), environment=environment)
        product.start()
        try:
            yield Served("Folkmoot", f"ws://{SERVER}:{product.port}")
        finally:
            product.stop()


@contextlib.contextmanager
def livekit(binary: str) -> Iterator[Served]:
    """A port each: one for all answers by the device that its address is on, and so to nobody behind a line. With no STUN
    server at all its clients ask those of others, whose names nobody here can tell them."""
    port = free_port()
    body = f"""
port: {port}
bind_addresses: ["0.0.0.0"]
rtc: {{tcp_port: {free_port()}, port_range_start: 50000, port_range_end: 51999, node_ip: {SERVER},
       enable_loopback_candidate: true, use_external_ip: false, interfaces: {{includes: [lo]}},
       stun_servers: ["{SERVER}:3478"]}}
keys: {{{KEY}: {SECRET}}}
logging: {{level: error}}
"""
    words = [binary, "--config-body", body]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        answers(port, process)
        yield Served("LiveKit", f"ws://{SERVER}:{port}")
    finally:
        process.kill()  # told to stop it waits until all have left
        process.wait()


def answers(port: int, process: subprocess.Popen[bytes], within: float = 20) -> None:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{SERVER}:{port}/", timeout=2):
            return
        time.sleep(0.1)
    raise AssertionError("LiveKit's server doesn't answer")
