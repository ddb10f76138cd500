"""Servers on one side of a network and clients on the other, each side a network namespace with a core of its own.

Law: what is made here is gone when the block ends, and nothing of the machine's own network is touched.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FLOOR = Path(__file__).parents[2] / "engine/target/release/folkmoot-floor"
SERVER_SIDE, LOAD_SIDE = "folkmoot-served", "folkmoot-load"
SERVER_IP, LOAD_IP = "10.213.0.1", "10.213.0.2"
SERVER_CORE, LOAD_CORE = 0, 1
PORT = 7880
KEY, SECRET = "benchkey", "a-secret-that-is-long-enough-for-everybody"


@dataclass(frozen=True, slots=True)
class Served:
    kind: str
    """What it speaks, as the generator calls it."""
    url: str
    pid: int


Starting = Callable[[], contextlib.AbstractContextManager[Served]]

# ---- the network -----------------------------------------------------------------------------------------------------


def sh(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def lacking() -> str | None:
    """Why it can't be measured here."""
    if platform.system() != "Linux" or os.geteuid() != 0:
        return "network namespaces need Linux and root"
    if not shutil.which("ip"):
        return "network namespaces need iproute2's `ip`"
    if (os.cpu_count() or 1) < 2:
        return "server and clients need a core each"
    return None


@contextlib.contextmanager
def network(offload: bool) -> Iterator[None]:
    sides = {SERVER_SIDE: (SERVER_IP, SERVER_CORE), LOAD_SIDE: (LOAD_IP, LOAD_CORE)}
    for side in sides:
        subprocess.run(["ip", "netns", "del", side], check=False, stderr=subprocess.DEVNULL)
    try:
        for side in sides:
            sh("ip", "netns", "add", side)
            sh("ip", "-n", side, "link", "set", "lo", "up")
        sh(
            *("ip", "link", "add", "moot", "netns", SERVER_SIDE, "type", "veth"),
            *("peer", "name", "moot", "netns", LOAD_SIDE),
        )
        for side, (address, core) in sides.items():
            sh("ip", "-n", side, "addr", "add", f"{address}/24", "dev", "moot")
            sh("ip", "-n", side, "link", "set", "moot", "up", "txqueuelen", "10000")
            steer = f"echo {1 << core} > /sys/class/net/moot/queues/rx-0/rps_cpus"
            sh("ip", "netns", "exec", side, "sh", "-c", steer)
            if not offload:
                sh("ip", "netns", "exec", side, "ethtool", "-K", "moot", "tx-udp-segmentation", "off")
        yield
    finally:
        for side in sides:
            subprocess.run(["ip", "netns", "del", side], check=False, stderr=subprocess.DEVNULL)


def within(side: str, *words: str, **how: Any) -> subprocess.Popen[str]:
    """A process on its side of the network and on its side's core; `ip` becomes it, so its pid is the process's."""
    core = SERVER_CORE if side == SERVER_SIDE else LOAD_CORE
    return subprocess.Popen(
        ["taskset", "-c", str(core), "ip", "netns", "exec", side, *words], text=True, **how
    )


def answers(process: subprocess.Popen[str], port: int, seconds: float = 60) -> None:
    knock = f"exec 3<>/dev/tcp/{SERVER_IP}/{port}"
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        tried = subprocess.run(
            ["ip", "netns", "exec", SERVER_SIDE, "bash", "-c", knock], check=False, stderr=subprocess.DEVNULL
        )
        if tried.returncode == 0:
            return
        time.sleep(0.2)
    raise AssertionError(f"the server doesn't answer on {SERVER_IP}:{port}")


# ---- the servers -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def serving(kind: str, url: str, port: int | None, *words: str, **how: Any) -> Iterator[Served]:
    process = within(SERVER_SIDE, *words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how)
    try:
        if port:
            answers(process, port)
        else:
            time.sleep(0.5)
        yield Served(kind, url, process.pid)
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def the_floor() -> Iterator[Served]:
    address = f"{SERVER_IP}:{PORT}"
    with serving("floor", address, None, str(FLOOR), "--listen", address) as served:
        yield served


@contextlib.contextmanager
def ours() -> Iterator[Served]:
    environment = os.environ | {
        "FOLKMOOT_HTTP__HOST": SERVER_IP,
        "FOLKMOOT_MEDIA__ADVERTISE": SERVER_IP,
        "FOLKMOOT_KEYS": f"{KEY}: {SECRET}",
        "FOLKMOOT_METRICS__PUBLIC": "true",
    }
    with tempfile.TemporaryDirectory() as folder:
        words = (*(sys.executable, "-m", "folkmoot", "serve"), *("--port", str(PORT), "--data", folder))
        with serving("livekit", f"ws://{SERVER_IP}:{PORT}", PORT, *words, env=environment) as served:
            yield served


TIMED = re.compile(r"^folkmoot_engine_media_(?:timed|within_(?P<us>\d+)us)_total (?P<n>\S+)$", re.MULTILINE)


def media_delays(served: Served) -> dict[int, float]:
    """Of Folkmoot: how many packets were in it for at most so many microseconds; 0: all that were timed. Else nothing."""
    address = served.url.replace("ws://", "http://") + "/metrics"
    asking = f"import urllib.request as r; print(r.urlopen({address!r}, timeout=5).read().decode())"
    told = within(LOAD_SIDE, sys.executable, "-c", asking, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return {int(found["us"] or 0): float(found["n"]) for found in TIMED.finditer(told.communicate()[0])}


@contextlib.contextmanager
def livekit() -> Iterator[Served]:
    body = f"""
port: {PORT}
bind_addresses: ["{SERVER_IP}"]
rtc: {{tcp_port: {PORT + 1}, port_range_start: 50000, port_range_end: 60000, node_ip: {SERVER_IP},
       use_external_ip: false, interfaces: {{includes: [moot]}}, stun_servers: []}}
keys: {{{KEY}: {SECRET}}}
logging: {{level: error}}
"""
    binary = os.environ.get("LIVEKIT") or shutil.which("livekit-server") or ""
    words = (binary, "--config-body", body)
    with serving("livekit", f"ws://{SERVER_IP}:{PORT}", PORT, *words) as served:
        yield served


@contextlib.contextmanager
def janus() -> Iterator[Served]:
    library = next(p for p in Path("/usr/lib").rglob("janus/plugins/libjanus_videoroom.so")).parents[1]

    def but(kind: str, kept: str) -> str:
        return ",".join(p.name for p in (library / kind).glob("*.so") if kept not in p.name)

    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        (at / "janus.jcfg").write_text(
            f'general: {{ configs_folder = "{at}" plugins_folder = "{library}/plugins" debug_level = 2\n'
            f' transports_folder = "{library}/transports" events_folder = "{library}/events" loggers_folder = "{library}/loggers" }}\n'
            f'media: {{ rtp_port_range = "20000-40000" }}\nnat: {{ ice_lite = true ice_enforce_list = "{SERVER_IP}" }}\n'
            f'plugins: {{ disable = "{but("plugins", "videoroom")}" }}\n'
            f'transports: {{ disable = "{but("transports", "websockets")}" }}\n'
        )
        (at / "janus.transport.websockets.jcfg").write_text(
            f'general: {{ json = "compact" ws = true ws_port = {PORT} ws_interface = "moot" wss = false }}\n'
            "admin: { admin_ws = false }\n"
        )
        (at / "janus.plugin.videoroom.jcfg").write_text("general: { }\n")
        words = ("janus", "-C", str(at / "janus.jcfg"), "-F", folder)
        with serving("janus", f"ws://{SERVER_IP}:{PORT}", PORT, *words) as served:
            yield served


def there(names: list[str]) -> dict[str, Starting]:
    """Those of the servers that are on this machine; of the others it is said that they aren't."""
    known: dict[str, tuple[Starting, str | None]] = {
        "floor": (the_floor, None),
        "folkmoot": (ours, None),
        "livekit": (livekit, os.environ.get("LIVEKIT") or shutil.which("livekit-server")),
        "janus": (janus, shutil.which("janus")),
    }
    found = {}
    for name in names:
        start, binary = known[name]
        if name in ("livekit", "janus") and not binary:
            print(f"{name} isn't on this machine: its column stays empty", file=sys.stderr)
        else:
            found[name] = start
    return found
