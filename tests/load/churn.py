"""People come and go for as long as one likes, and nothing is left of them: `make churn MINUTES=60`.

    python -m tests.load.churn [--minutes 10] [--people 104] [--rate 26]

In rounds: all come into rooms of 26, in turns by one connection and by two, speak, and leave; the rooms close behind them.
Between two rounds nobody is there, and what the server holds is read: memory, descriptors, threads, and what the engine counts.
The first fifth of the rounds is for warming up. After it memory may grow by a twentieth, and nothing else at all.
Prints a JSON object a round; ends with 1 when something is left.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import time
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.load.monday import Served, Storm, ours, storm

PAGE = os.sysconf("SC_PAGE_SIZE")
EMPTY_WITHIN_S = 60.0
"""Rooms stay for a moment when the last has left."""
MOST_GROWN = 1.05
FEWEST = 6
"""Rounds that say anything."""
HELD = re.compile(r"^folkmoot_engine_(rooms|peers|connections|tracks|subscriptions) (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Held:
    """What a server that nobody is at holds."""

    kilobytes: int
    descriptors: int
    threads: int
    engine: float
    """Rooms, people, connections, tracks and subscriptions."""


def held(server: Served) -> Held:
    process = Path(f"/proc/{server.pid}")
    return Held(
        kilobytes=int((process / "statm").read_text().split()[1]) * PAGE // 1024,
        descriptors=len(list((process / "fd").iterdir())),
        threads=len(list((process / "task").iterdir())),
        engine=in_engine(server),
    )


def in_engine(server: Served) -> float:
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=10) as answer:
        found = HELD.findall(answer.read().decode())
    assert found, "the server tells nothing of its engine"
    return sum(float(number) for _, number in found)


def emptied(server: Served) -> Held:
    """What is held once all have gone, or after a minute."""
    deadline = time.monotonic() + EMPTY_WITHIN_S
    while in_engine(server) and time.monotonic() < deadline:
        time.sleep(1)
    return held(server)


def left(rounds: list[Held]) -> list[str]:
    """What has grown, in words; the first fifth doesn't count."""
    warm = rounds[len(rounds) // 5 :]
    if len(warm) < FEWEST:
        return [f"{len(rounds)} rounds are too few to say anything"]
    third = len(warm) // 3
    first, last = warm[:third], warm[-third:]
    grown = []
    before, after = (statistics.median(each.kilobytes for each in part) for part in (first, last))
    if after > before * MOST_GROWN:
        grown.append(f"memory has grown from {before:.0f} to {after:.0f} kB")
    for name in ("descriptors", "threads", "engine"):
        most, now = max(getattr(each, name) for each in first), min(getattr(each, name) for each in last)
        if now > most:
            grown.append(f"{name} have grown from {most:g} to {now:g}")
    if rounds[-1].engine:
        grown.append(f"the engine still has {rounds[-1].engine:g} things of people who left")
    return grown


def churn(server: Served, minutes: float, people: int, rate: float) -> tuple[list[Held], int]:
    rounds: list[Held] = []
    failures = 0
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        report = storm(server, Storm(people, rate, single=len(rounds) % 2 == 0, stay=1))
        failures += report["failures"]
        rounds.append(emptied(server))
        said = {"round": len(rounds), "failures": report["failures"], **asdict(rounds[-1])}
        print(json.dumps(said), flush=True)
    return rounds, failures


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--people", type=int, default=104)
    parser.add_argument("--rate", type=float, default=26)
    args = parser.parse_args()
    with ours() as server:
        rounds, failures = churn(server, args.minutes, args.people, args.rate)
    grown = left(rounds) + ([f"{failures} were not let in"] if failures else [])
    print("\n".join(grown) or f"nothing is left after {len(rounds)} rounds of {args.people} people")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
