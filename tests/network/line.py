"""Hosts behind bad lines, on this machine: each a network namespace whose only way out is a line of its own.

A line is a pair of TUN devices with `folkmoot-line` between them (engine/load/src/line): what the simulation does to packets,
done to real ones, whatever the kernel has. Servers are reached at one address of this machine by all of them. Needs root.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "engine/target/release/folkmoot-line"
SERVER = "10.204.255.1"
TUN = Path("/dev/net/tun")
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


def can_be_made() -> bool:
    return os.geteuid() == 0 and shutil.which("ip") is not None and TUN.exists()


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@dataclass(frozen=True, slots=True)
class Way:
    """What a line does to packets that go one way."""

    rate: int | None = None
    """Bits a second."""
    queue_ms: int = 0
    delay_ms: int = 5
    jitter_ms: int = 0
    loss: float = 0
    reorder: float = 0

    def words(self) -> str:
        named = {name: getattr(self, name) for name in self.__slots__}
        return " ".join(f"{name}={value}" for name, value in named.items() if value)

    def back(self) -> Way:
        """The other way of the same line: as far and as bad, and wide."""
        return Way(None, 0, self.delay_ms, self.jitter_ms, self.loss, self.reorder)


class Line:
    """One host and its line."""

    def __init__(self, name: str, number: int, folder: Path) -> None:
        self.name = f"{name}{number}"
        self.ours, self.theirs = (f"10.204.{number}.{host}" for host in (1, 2))
        self.control = folder / f"{self.name}.line"
        self.answers = folder / f"{self.name}.answers"

    @contextmanager
    def stretched(self) -> Iterator[Line]:
        near, far = self.name, f"{self.name}f"
        ip("netns", "add", self.name)
        try:
            with device(near) as in_here, device(far) as over_there:
                ip("addr", "add", self.ours, "peer", self.theirs, "dev", near)
                ip("link", "set", near, "up")
                ip("link", "set", far, "netns", self.name)
                for words in (
                    ("addr", "add", self.theirs, "peer", self.ours, "dev", far),
                    ("link", "set", far, "up"),
                    ("link", "set", "lo", "up"),
                    ("route", "add", "default", "dev", far),
                ):
                    ip("-n", self.name, *words)
                self.control.unlink(missing_ok=True)
                line = subprocess.Popen([PROGRAM, self.control], stdin=in_here, stdout=over_there)
                try:
                    self.is_up()
                    yield self
                finally:
                    line.kill()
                    line.wait()
        finally:
            ip("netns", "del", self.name)

    def is_up(self, within: float = 10) -> None:
        deadline = time.monotonic() + within
        while not self.control.exists():
            if time.monotonic() > deadline:
                raise AssertionError(f"no {self.control}")
            time.sleep(0.01)

    def over_there(self, *words: str | Path) -> list[str]:
        return ["ip", "netns", "exec", self.name, *map(str, words)]

    def behaves(self, way: Way) -> dict[str, int]:
        """From now on. What became of the packets that went down before."""
        self.tell(f"up {way.back().words()}")
        told = self.tell(f"down {way.words()}")
        return {name: int(count) for name, count in (word.split("=") for word in told.split())}

    def tell(self, words: str) -> str:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as asker:
            self.answers.unlink(missing_ok=True)
            asker.bind(str(self.answers))
            asker.settimeout(5)
            asker.sendto(words.encode(), str(self.control))
            answer = asker.recv(512).decode()
        if not answer.startswith("sent="):
            raise AssertionError(answer)
        return answer


@contextmanager
def device(name: str) -> Iterator[int]:
    tun = os.open(TUN, os.O_RDWR)
    try:
        fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
        yield tun
    finally:
        os.close(tun)


@contextmanager
def address() -> Iterator[None]:
    """The servers' own, for as long as it is wanted."""
    ip("addr", "replace", f"{SERVER}/32", "dev", "lo")
    try:
        yield
    finally:
        ip("addr", "del", f"{SERVER}/32", "dev", "lo")


@contextmanager
def lines(count: int, folder: Path) -> Iterator[list[Line]]:
    """So many hosts."""
    with ExitStack() as stack:
        name = f"mx{os.getpid() % 10_000}-"
        yield [stack.enter_context(Line(name, n, folder).stretched()) for n in range(1, count + 1)]
