"""What a forwarded packet costs, ours and others', beside the floor: `make bench-forward`, and part of `make bench`.

    python -m tests.load.forwarding [--quick] [--runs 5] [--rows "10 streams"] [--servers floor folkmoot] [--write FILE]

Server and clients are in network namespaces of their own, joined by a veth pair, each on a core of its own, so that what
receiving costs the clients is not paid by the server. One generator (`engine/load`) loads all of them. A figure is the
slope between two loads, so what a server costs without packets is not in it; a row is the median of the runs, which take
turns. Needs Linux, root, iproute2 and two cores; LiveKit (`livekit-server`, or LIVEKIT=) and Janus (`janus`) where they are
there. Run it with nothing else on the machine.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.load.apart import (
    KEY,
    LOAD_IP,
    LOAD_SIDE,
    SECRET,
    SERVER_CORE,
    Served,
    Starting,
    lacking,
    media_delays,
    network,
    there,
    within,
)

GENERATOR = Path(__file__).parents[2] / "engine/target/release/folkmoot-forwarding"
TICKS = os.sysconf("SC_CLK_TCK")
MOST_LOST = 0.001
LEAST_GROWN = 0.8
"""Of what more receivers should get more: less, and the clients lacked their core."""
SETTLE_S = 2.0
LONGEST_S = 90.0
"""For all to come in: who takes longer has no figure, and the others still have theirs."""


@dataclass(frozen=True, slots=True)
class Row:
    """One way to load a server: from `low` receivers (or rooms) to `high`."""

    name: str
    low: int
    high: int
    flags: tuple[str, ...]


def senders(n: int, pictures: int, voices: int, fps: int = 30, packets: int = 3) -> tuple[str, ...]:
    return (
        *("--senders", str(n), "--pictures", str(pictures), "--voices", str(voices)),
        *("--fps", str(fps), "--packets", str(packets)),
    )


ROWS = [
    Row("3 voices", 60, 240, senders(3, 0, 1)),
    Row("2 streams", 40, 160, senders(2, 1, 0)),
    Row("10 streams", 8, 32, senders(10, 1, 0)),
    Row("50 streams", 2, 10, senders(10, 5, 0, packets=2)),
    Row("one big room, 1 stream", 80, 320, senders(1, 1, 0)),
    Row("rooms of 4, all send", 4, 16, ("--mesh", "4", "--fps", "30", "--packets", "2")),
    Row("300 people, 25 seen", 75, 275, senders(25, 1, 0, fps=5, packets=1)),
]


# ---- one run ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moment:
    """What was used and carried until now."""

    at: float
    cpu: float
    user: float
    system: float
    softirq: float
    rss: float
    received: int
    lost: int
    streams: int
    wanted: int


def cpu_of(pid: int) -> tuple[float, float, float]:
    """Seconds on a processor by the scheduler's account (to a nanosecond), and split as the clock's ticks split it."""
    used = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            used += int((task / "schedstat").read_text().split()[0])
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return used / 1e9, int(fields[11]) / TICKS, int(fields[12]) / TICKS


def softirq_of(core: int) -> float:
    line = next(
        line for line in Path("/proc/stat").read_text().splitlines() if line.startswith(f"cpu{core} ")
    )
    return int(line.split()[7]) / TICKS


def resident(pid: int) -> float:
    """Kilobytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024


class Load:
    """The generator, which does what it is told."""

    def __init__(self, served: Served, row: Row) -> None:
        self.pid = served.pid
        words = (
            *(str(GENERATOR), "--server", served.kind, "--url", served.url, "--from", LOAD_IP),
            *("--key", KEY, "--secret", SECRET, *row.flags),
        )
        self.process = within(LOAD_SIDE, *words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def tell(self, order: str) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        patience = threading.Timer(LONGEST_S, self.process.kill)
        patience.start()
        try:
            self.process.stdin.write(order + "\n")
            self.process.stdin.flush()
            told: dict[str, Any] = json.loads(self.process.stdout.readline())
        finally:
            patience.cancel()
        return told

    def moment(self) -> Moment:
        told = self.tell("snap")
        used, user, system = cpu_of(self.pid)
        return Moment(
            *(time.monotonic(), used, user, system, softirq_of(SERVER_CORE), resident(self.pid)),
            *(told["received"], told["lost"], told["streams"], told["wanted"]),
        )

    def window(self, receivers: int, seconds: float) -> tuple[Moment, Moment]:
        self.tell(f"grow {receivers}")
        time.sleep(SETTLE_S)
        before = self.moment()
        time.sleep(seconds)
        return before, self.moment()

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def rates(window: tuple[Moment, Moment]) -> dict[str, float]:
    a, b = window
    took = b.at - a.at
    return {
        name: (getattr(b, name) - getattr(a, name)) / took
        for name in ("cpu", "user", "system", "softirq", "received", "lost")
    }


def least_covering(before: dict[int, float], after: dict[int, float], share: float) -> float | None:
    """Within how many milliseconds that share of what was timed in between was done, by the classes it was counted in."""
    timed = after[0] - before[0]
    classes = [us for us in sorted(after) if us and after[us] - before[us] >= share * timed]
    return classes[0] / 1000 if timed and classes else None


def measure(start: Starting, row: Row, seconds: float) -> dict[str, Any]:
    with start() as served:
        load = Load(served, row)
        try:
            low = load.window(row.low, seconds)
            load.tell(f"grow {row.high}")
            before = media_delays(served)
            high = load.window(row.high, seconds)
            delays = media_delays(served)
        finally:
            load.end()
    few, many = rates(low), rates(high)
    more = max(1.0, many["received"] - few["received"])
    streams = max(1, high[1].streams - low[1].streams)
    return {
        **{part: 1e6 * (many[part] - few[part]) / more for part in ("cpu", "user", "system", "softirq")},
        "whole": 1e6 * many["cpu"] / max(1.0, many["received"]),
        "packets": many["received"],
        "lost": many["lost"] / max(1.0, many["received"] + many["lost"]),
        "grown": many["received"] / max(1.0, few["received"]) * row.low / row.high,
        "streams": high[1].streams,
        "wanted": high[1].wanted,
        "kb_stream": (high[1].rss - low[1].rss) / streams,
        "cores": many["cpu"],
        "p99_ms": least_covering(before, delays, 0.99) if before and delays else None,
    }


# ---- the table -------------------------------------------------------------------------------------------------------

Results = dict[str, dict[str, list[dict[str, Any]]]]


def middle(runs: list[dict[str, Any]], part: str) -> float:
    return float(statistics.median(run[part] for run in runs))


def sound(run: dict[str, Any]) -> bool:
    """Everybody had everything, next to nothing was lost, and the clients kept up."""
    arrived = run["streams"] >= run["wanted"] and run["lost"] < MOST_LOST
    return bool(arrived and run["grown"] >= LEAST_GROWN)


def cell(runs: list[dict[str, Any]] | None) -> str:
    good = [run for run in runs or [] if sound(run)]
    if not good:
        return "not there" if not runs else "not all arrived"
    low, high = min(run["cpu"] for run in good), max(run["cpu"] for run in good)
    spread = f" ({low:.2f} – {high:.2f})" if len(good) > 1 else ""
    return f"{middle(good, 'cpu'):.2f}{spread}"


def ratio(row: dict[str, list[dict[str, Any]]], over: str, under: str) -> str:
    pair = [[run for run in row.get(name, []) if sound(run)] for name in (over, under)]
    if not all(pair):
        return "–"
    return f"{middle(pair[0], 'cpu') / max(1e-6, middle(pair[1], 'cpu')):.1f}"


def table(results: Results) -> str:
    lines = [
        "| | packets/s | floor | Folkmoot | ÷ floor | LiveKit | ÷ Folkmoot | Janus | ÷ Folkmoot | user + system | softirq of the core | core used: Folkmoot / LiveKit | 99 of 100 within, ms | kB a stream: Folkmoot / LiveKit |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, row in results.items():
        own = row.get("folkmoot") or [
            dict.fromkeys(("packets", "user", "system", "softirq", "kb_stream", "cores"), 0)
        ]
        both = [own, *([row["livekit"]] if row.get("livekit") else [])]
        memory = " / ".join(f"{middle(runs, 'kb_stream'):.0f}" for runs in both)
        cores = " / ".join(f"{middle(runs, 'cores'):.2f}" for runs in both)
        delays = [run["p99_ms"] for run in own if run.get("p99_ms")]
        within = f"{statistics.median(delays):g}" if delays else "–"
        lines.append(
            f"| {name} | {middle(own, 'packets'):.0f} | {cell(row.get('floor'))} | {cell(row.get('folkmoot'))} "
            f"| {ratio(row, 'folkmoot', 'floor')} | {cell(row.get('livekit'))} | **{ratio(row, 'livekit', 'folkmoot')}** "
            f"| {cell(row.get('janus'))} | **{ratio(row, 'janus', 'folkmoot')}** "
            f"| {middle(own, 'user'):.2f} + {middle(own, 'system'):.2f} | {middle(own, 'softirq'):.2f} | {cores} | {within} | {memory} |"
        )
    return "\n".join(lines)


def report(results: Results, runs: int, seconds: float, offload: bool) -> str:
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    return f"""# What a forwarded packet costs

Written by `make bench-forward` on {datetime.now(UTC).date().isoformat()}: {model}, {os.cpu_count()} cores, Linux {platform.release()}; {runs} run{"s" if runs > 1 else ""} of two
windows of {seconds:g} s each, medians (least – most). µs of processor time of the server's process for a packet that leaves, by the slope between two
loads. Server and clients are in network namespaces joined by veth ({"runs are cut by the receiving side, as by a network card that can" if offload else "runs are cut by the sending side, as with a network card that can't"}), on a core
each. One generator loads them all; who lost a thousandth or more, or had not all streams, has no figure. Pictures are 1,100 bytes a
packet, 30 a second (5 where 300 see 25); voices 80 bytes, 50 a second. Who gets pictures reports what arrived some 20 times a second to a server that asks for it, as
Folkmoot does to estimate paths; LiveKit as it is set from the start was sent two or three datagrams a second by each, the floor none, so reports are in Folkmoot's
figures alone.
“99 of 100 within”: from when the server's kernel had a packet until the server had sent it on. The floor is `folkmoot-floor`: receive, open, rewrite, seal, send, and nothing
else. User, system and softirq are Folkmoot's, by the clock's ticks, so coarse; the softirq is the server's core's.

{table(results)}
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="one run of short windows")
    parser.add_argument("--runs", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--rows", nargs="+", choices=[row.name for row in ROWS])
    parser.add_argument("--servers", nargs="+", default=["floor", "folkmoot", "livekit", "janus"])
    parser.add_argument("--no-offload", action="store_true", help="cut runs on the server's side")
    parser.add_argument("--write", type=Path, help="put the report there as well")
    args = parser.parse_args()
    if why := lacking():
        print(f"forwarding isn't measured: {why}")
        return 0
    runs, seconds = args.runs or (1 if args.quick else 5), args.seconds or (5 if args.quick else 10)
    rows = [row for row in ROWS if not args.rows or row.name in args.rows]
    results: Results = {row.name: {} for row in rows}
    with network(not args.no_offload):
        servers = there(args.servers)
        for done in range(1, runs + 1):
            for row in rows:
                for name, start in servers.items():
                    try:
                        measured = measure(start, row, seconds)
                    except (AssertionError, OSError, ValueError) as why:
                        print(f"{row.name}, {name}: {why}", file=sys.stderr, flush=True)
                        continue
                    results[row.name].setdefault(name, []).append(measured)
                    print(
                        json.dumps({"row": row.name, "server": name, **measured}), file=sys.stderr, flush=True
                    )
            # After each: who has no more time has a table of the runs that there were.
            text = report(results, done, seconds, not args.no_offload)
            if args.write:
                args.write.write_text(text)
    print(text)
    own = [run for row in results.values() for run in row.get("folkmoot", [])]
    return 0 if all(sound(run) for run in own) else 1


if __name__ == "__main__":
    sys.exit(main())
