"""The whole product, started as a user starts it: `folkmoot serve` on free ports with a data folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import jwt

DEV_KEY, DEV_SECRET = "devkey", "secret"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Product:
    """One server process. `kill` is kill -9; `start` again finds the same data and the same port."""

    def __init__(
        self,
        data: Path,
        *flags: str,
        host: str = "localhost",
        scheme: str = "http",
        python: str = sys.executable,
        environment: Mapping[str, str] = MappingProxyType({}),
        program: str = "folkmoot",
    ) -> None:
        self.data, self.flags, self.python = data, flags, python
        self.port = free_port()
        self.host, self.scheme, self.program = host, scheme, program
        self.environment = {**os.environ, "NO_COLOR": "1", **environment}
        self.process: subprocess.Popen[bytes] | None = None
        self.log = data / "server.log"

    @property
    def address(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}/"

    @property
    def signal_url(self) -> str:
        return f"{self.scheme.replace('http', 'ws')}://{self.host}:{self.port}"

    def token(self, identity: str, room: str, *, secret: str = DEV_SECRET, **grants: object) -> str:
        now = datetime.now(UTC)
        claims = {
            "iss": DEV_KEY, "sub": identity, "nbf": now - timedelta(seconds=5), "exp": now + timedelta(minutes=10),
            "video": {"roomJoin": True, "room": room, **grants},
        }  # fmt: skip
        return jwt.encode(claims, secret, algorithm="HS256")

    def start(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        words = [
            *(self.python, "-m", self.program, "serve", *self.flags),
            *("--port", str(self.port), "--data", str(self.data)),
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT, env=self.environment)
        try:
            self.wait()
        except BaseException:
            self.kill()  # or it outlives the tests that never met it
            raise

    def wait(self, within: float = 60) -> None:
        assert self.process
        deadline = time.monotonic() + within
        while True:
            if self.process.poll() is not None:
                raise AssertionError(
                    f"the server ended with {self.process.returncode}:\n{self.log.read_text()[-3000:]}"
                )
            try:
                with socket.create_connection((self.host, self.port), 0.5):
                    pass
                if self.scheme == "https" or self.healthy():
                    return
            except OSError:
                pass
            if time.monotonic() > deadline:
                raise AssertionError(f"no answer in {within:g} s:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def healthy(self) -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
