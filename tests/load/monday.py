"""Monday, nine o'clock: the highest rate of joins that a server holds, ours and LiveKit's, by the same generator.

    python -m tests.load.monday [--people 2080] [--rates 26 52 104 208] [--livekit livekit-server] [--connections one two]

People come into rooms of 26 in turn, each with one muted microphone. A rate holds when at most one of 2,080 doesn't get
in (or is gone at the end) and 95 of 100 are answered within two seconds. Each rate meets a fresh server; the first that
doesn't hold ends the climb. Before it, fifty come at once into a room that speaks, on a server of their own. Prints a JSON
object a run and a table at the end; processor time is of each process, split as the kernel splits it. Run it with nothing else
on the machine.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.product import DEV_KEY, DEV_SECRET, Product, free_port

GENERATOR = Path(__file__).parents[2] / "engine/target/release/folkmoot-arrivals"
LONG_SECRET = "a-secret-that-is-long-enough-for-livekit"
MOST_FAILURES, OF = 1, 2080
ANSWERED_MS = 2000
LOOPBACK = {"FOLKMOOT_MEDIA__ADVERTISE": "127.0.0.1"}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs."""

    url: str
    secret: str
    pid: int


@dataclass(frozen=True, slots=True)
class Storm:
    """How people come."""

    people: int
    rate: float
    single: bool
    running: int = 0
    meetings: bool = False
    """By Folkmoot's own doors, where one waits for one's turn; else by LiveKit's."""
    to_them: bool = False
    """Into the room that runs, whose voices they wait for."""
    stay: float = 3.0
    """Seconds that all stay when the last is in."""


Starting = Callable[[], contextlib.AbstractContextManager[Served]]


@contextlib.contextmanager
def ours() -> Iterator[Served]:
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder), "--dev", environment=LOOPBACK)
        product.start()
        assert product.process
        try:
            yield Served(product.address.rstrip("/"), DEV_SECRET, product.process.pid)
        finally:
            product.stop()


@contextlib.contextmanager
def livekit(binary: str) -> Iterator[Served]:
    port, tcp, udp = free_port(), free_port(), free_port()
    body = f"""
port: {port}
bind_addresses: ["127.0.0.1"]
rtc: {{tcp_port: {tcp}, udp_port: {udp}, node_ip: 127.0.0.1, enable_loopback_candidate: true,
       use_external_ip: false, interfaces: {{includes: [lo]}}, stun_servers: []}}
keys: {{{DEV_KEY}: {LONG_SECRET}}}
logging: {{level: error}}
"""
    process = subprocess.Popen(
        [binary, "--config-body", body], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        answers(port, process)
        yield Served(f"http://127.0.0.1:{port}", LONG_SECRET, process.pid)
    finally:
        process.kill()  # told to stop it waits until all have left
        process.wait()


def answers(port: int, process: subprocess.Popen[bytes], within: float = 20) -> None:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2):
            return
        time.sleep(0.1)
    raise AssertionError("LiveKit's server doesn't answer")


def storm(server: Served, comes: Storm) -> dict[str, Any]:
    """One run of the generator, with what it cost the server."""
    words = [
        *(str(GENERATOR), "--url", server.url, "--key", DEV_KEY, "--secret", server.secret),
        *("--people", str(comes.people), "--rate", str(comes.rate), "--running", str(comes.running)),
        *("--stay", str(comes.stay)),
        *(["--single"] if comes.single else []),
        *(["--meetings"] if comes.meetings else []),
        *(["--to-them"] if comes.to_them else []),
    ]
    before, threads_before = cpu(server.pid), by_thread(server.pid)
    longest = comes.people / comes.rate + 150
    done = subprocess.run(words, stdout=subprocess.PIPE, timeout=longest, check=True)
    user, system = (after - was for after, was in zip(cpu(server.pid), before, strict=True))
    report: dict[str, Any] = json.loads(done.stdout)
    threads = {
        name: round(used - threads_before.get(name, 0), 2) for name, used in by_thread(server.pid).items()
    }
    return report | {
        "server_cpu_s": {"user": round(user, 2), "system": round(system, 2)},
        "server_thread_s": {name: used for name, used in threads.items() if used},
    }


def cpu(pid: int) -> tuple[float, float]:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) / TICKS, int(fields[12]) / TICKS


def by_thread(pid: int) -> dict[str, float]:
    """Seconds on a processor, all threads of one name together; those that ended are left out."""
    used: dict[str, float] = {}
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            name = (thread / "comm").read_text().strip()
            used[name] = used.get(name, 0) + int((thread / "schedstat").read_text().split()[0]) / 1e9
    return used


def holds(report: dict[str, Any]) -> bool:
    allowed = MOST_FAILURES * report["people"] / OF
    return bool(report["failures"] <= allowed and report["answered_ms"]["p95"] <= ANSWERED_MS)


def climb(name: str, server: Starting, rates: list[float], people: int, single: bool) -> list[dict[str, Any]]:
    """One report a rate, up to the first that doesn't hold."""
    reports: list[dict[str, Any]] = []
    for rate in rates:
        with server() as served:
            report = storm(served, Storm(people, rate, single))
        report |= {"server": name, "connections": 1 if single else 2, "holds": holds(report)}
        print(json.dumps(report), flush=True)
        reports.append(report)
        if not report["holds"]:
            break
    return reports


def rush(rate: float, people: int) -> dict[str, Any]:
    """Three times what holds, into meetings, beside one that speaks: newcomers wait, all get in, and it has no gap."""
    with ours() as served:
        report = storm(served, Storm(people, rate * 3, single=True, running=6, meetings=True))
    return report | {"server": "Folkmoot", "connections": 1}


def at_once(name: str, server: Starting, single: bool) -> dict[str, Any]:
    """Fifty within 25 ms, into a room in which two speak."""
    with server() as served:
        report = storm(served, Storm(50, 2000, single, running=4, to_them=True))
    return report | {"server": name, "connections": 1 if single else 2}


def table(reports: list[dict[str, Any]]) -> str:
    """As the docs have it: a row a run."""
    rows = [
        "| server, connections each | joins/s | not in | answered p50 / p95 ms | connected p95 ms | server CPU ms/join (user + system) | generator CPU ms/join |",
        "|---|---|---|---|---|---|---|",
    ]
    for r in reports:
        each = {
            who: [r[who][part] * 1000 / r["people"] for part in ("user", "system")]
            for who in ("server_cpu_s", "own_cpu_s")
        }
        server, own = each["server_cpu_s"], each["own_cpu_s"]
        rows.append(
            f"| {r['server']}, {r['connections']} | {r['rate']:g}{'' if r['holds'] else ' (does not hold)'} "
            f"| {r['failures']} of {r['people']} | {r['answered_ms']['p50']:.0f} / {r['answered_ms']['p95']:.0f} "
            f"| {r['connected_ms']['p95']:.0f} | {server[0]:.1f} + {server[1]:.1f} | {own[0]:.1f} + {own[1]:.1f} |"
        )
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=2080)
    parser.add_argument("--rates", type=float, nargs="+", default=[26, 52, 78, 104, 130, 156, 182, 208])
    parser.add_argument("--connections", nargs="+", choices=["one", "two"], default=["one", "two"])
    parser.add_argument("--livekit", help="a livekit-server, which is measured as well")
    args = parser.parse_args()
    servers: dict[str, Starting] = {"Folkmoot": ours}
    if args.livekit:
        servers["LiveKit"] = lambda: livekit(args.livekit)
    reports = []
    for single in (word == "one" for word in args.connections):
        for name, server in servers.items():
            print(json.dumps({"at once": at_once(name, server, single)}), flush=True)
            reports += climb(name, server, args.rates, args.people, single)
    held = [r["rate"] for r in reports if r["holds"] and r["server"] == "Folkmoot" and r["connections"] == 1]
    if held:
        print(json.dumps({"rush": rush(max(held), args.people)}), flush=True)
    print("\n" + table(reports))


if __name__ == "__main__":
    main()
