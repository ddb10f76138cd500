"""A second host on this machine, joined to it by a cable that can go dead.

The host is a network namespace of its own with a pair of virtual ends. A dead cable keeps its carrier, as a dead access
point does: packets of both directions are sent to a hardware address that nobody has. Needs root and iproute2.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType

import pytest

NOBODY = "02:00:00:00:00:99"


SECOND_HOST = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("ip") is None, reason="needs root and iproute2 to make a second host"
)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def unused(start: int) -> int:
    """A number of a network that nobody has; a run that was killed leaves its own, with what it did to it."""
    there = subprocess.run(["ip", "-br", "addr"], check=True, capture_output=True, text=True).stdout
    numbers = [20 + (start + more) % 200 for more in range(200)]
    return next(number for number in numbers if f" 10.203.{number}." not in there)


class FarHost:
    """`near` is this machine's address on the cable, `far` the other host's."""

    def __init__(self, folder: Path) -> None:
        number = unused(os.getpid())
        self.name = f"moot{os.getpid()}"
        self.near, self.far = f"10.203.{number}.1", f"10.203.{number}.2"
        self.ends = (f"{self.name[:10]}n", f"{self.name[:10]}f")
        self.folder = folder

    def __enter__(self) -> FarHost:
        here, there = self.ends
        ip("netns", "add", self.name)
        ip("link", "add", here, "type", "veth", "peer", "name", there)
        ip("link", "set", there, "netns", self.name)
        ip("addr", "add", f"{self.near}/24", "dev", here)
        ip("link", "set", here, "up")
        self.over_there("addr", "add", f"{self.far}/24", "dev", there)
        self.over_there("link", "set", there, "up")
        self.over_there("link", "set", "lo", "up")
        self.over_there("route", "add", "default", "via", self.near)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        ip("netns", "del", self.name)
        subprocess.run(["ip", "link", "del", self.ends[0]], check=False, capture_output=True)

    def over_there(self, *words: str) -> None:
        ip("-n", self.name, *words)

    def program(self, path: str) -> str:
        """An executable that runs that program on the far host."""
        script = self.folder / f"{Path(path).name}-over-there"
        script.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} {path} "$@"\n')
        script.chmod(0o755)
        return str(script)

    def let_no_udp_pass(self) -> None:
        """As in a hotel: what is sent by UDP there goes nowhere, not even to a resolver."""
        self.over_there("rule", "add", "ipproto", "udp", "blackhole")

    def let_only_the_web_pass(self, port: int) -> None:
        """As behind the strictest of firewalls: the server's pages come, and nothing else of it."""
        self.let_no_udp_pass()
        self.over_there("rule", "add", "pref", "100", "ipproto", "tcp", "dport", str(port), "lookup", "main")
        self.over_there("rule", "add", "pref", "101", "ipproto", "tcp", "blackhole")

    def let_all_pass(self) -> None:
        for protocol in ("udp", "tcp"):
            self.over_there("rule", "del", "ipproto", protocol, "blackhole")

    def narrow(self, rate: str, queue: str) -> None:
        """From now on no more than that arrives there; what is too much waits, for so long at most."""
        queued = ["rate", rate, "burst", "10kb", "latency", queue]
        subprocess.run(["tc", "qdisc", "replace", "dev", self.ends[0], "root", "tbf", *queued], check=True)

    def lose(self, rate: str) -> None:
        """What is sent there beyond that is lost at once, on its way from there."""
        policed = ["rate", rate, "burst", "2kb", "latency", "20ms"]
        words = ["tc", "qdisc", "replace", "dev", self.ends[1], "root", "tbf", *policed]
        ip("netns", "exec", self.name, *words)

    def lose_nothing(self) -> None:
        ip("netns", "exec", self.name, "tc", "qdisc", "del", "dev", self.ends[1], "root")

    def widen(self) -> None:
        subprocess.run(["tc", "qdisc", "del", "dev", self.ends[0], "root"], check=True)

    def cut(self) -> None:
        here, there = self.ends
        ip("neigh", "replace", self.far, "lladdr", NOBODY, "nud", "permanent", "dev", here)
        self.over_there("neigh", "replace", self.near, "lladdr", NOBODY, "nud", "permanent", "dev", there)

    def mend(self) -> None:
        here, there = self.ends
        ip("neigh", "del", self.far, "dev", here)
        self.over_there("neigh", "del", self.near, "dev", there)
