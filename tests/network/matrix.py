"""The network matrix with real clients, ours beside LiveKit's: `make matrix`.

    python -m tests.network.matrix [--runs 3] [--livekit livekit-server] [--only "queue of 3 s"] [--write docs/operate/networks.md]
        [--without-folkmoot] [--journal runs.jsonl]

24 cells (cells.py), those of Go clients in three lots at once, those of browsers in a fourth; a run of one server takes
some three minutes. Prints a JSON object a cell and a run, and a table. In a journal runs are kept, so that cells can be run
again after a mend and beside a server that was measured before; with `--runs 0` it is only read. Needs root, Go, Chromium and Firefox, and a machine
that does nothing else: each packet goes through a program of ours on its way.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt

from tests.e2e.test_narrow_line import film
from tests.network.cells import CELLS, Cell
from tests.network.line import PROGRAM, Line, Way, address, can_be_made, lines
from tests.network.reading import Reading, read, table
from tests.network.servers import KEY, SECRET, Served, folkmoot, livekit

CLIENT = Path(__file__).parent / "client"
BEGINS, ENDS = "<!-- the table -->", "<!-- its end -->"
LOTS = ("steady", "steps", "narrow", "browsers")


def lot(cell: Cell) -> str:
    if cell.client != "go":
        return "browsers"
    if any(phase.name == "narrow" for phase in cell.phases):
        return "steps"
    return "narrow" if cell.phases[0].way.rate else "steady"


def token(identity: str, room: str) -> str:
    now = int(time.time())
    claims = {"iss": KEY, "sub": identity, "nbf": now - 5, "exp": now + 600}
    return jwt.encode(claims | {"video": {"roomJoin": True, "room": room}}, SECRET, algorithm="HS256")


def browser(kind: str, server: Served, ticket: str) -> list[str | Path]:
    words = [sys.executable, "-m", "tests.network.browsers", "--browser", kind]
    return [*words, "--url", server.url, "--token", ticket]


Run = dict[str, Any]


def readings(cells: Sequence[Cell], runs: Sequence[Run]) -> dict[str, dict[str, list[Reading]]]:
    """By cell and server, in the order of the cells; what failed is none."""
    found: dict[str, dict[str, list[Reading]]] = {cell.name: defaultdict(list) for cell in cells}
    for run in runs:
        for cell in (cell for cell in cells if cell.name == run["cell"] and "windows" in run):
            found[cell.name][run["server"]].append(read(run["windows"], all_move=cell.all_move))
    return found


class Journal:
    """The runs of this time, and of the times before where they are kept."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        lines = path.read_text().splitlines() if path and path.exists() else []
        self.runs: list[Run] = [json.loads(line) for line in lines]

    def add(self, run: Run) -> None:
        self.runs.append(run)
        if self.path:
            with self.path.open("a") as kept:
                kept.write(json.dumps(run) + "\n")


class Part:
    """A process that says `in`, and what it found when its standard input ends."""

    def __init__(self, words: Sequence[str | Path]) -> None:
        self.words = [str(word) for word in words]
        self.process = subprocess.Popen(
            self.words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def is_in(self) -> None:
        assert self.process.stdout
        said = self.process.stdout.readline().strip()
        if said != "in":
            raise AssertionError(f"{said!r} of {' '.join(self.words[:6])}")

    def begin(self, window: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{window}\n")
        self.process.stdin.flush()

    def end(self) -> str:
        try:
            return self.process.communicate(timeout=60)[0]
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@contextmanager
def part(words: Sequence[str | Path]) -> Iterator[Part]:
    started = Part(words)
    try:
        yield started
    finally:
        started.process.kill()
        started.process.wait()


class Stage:
    """What all cells of a run share."""

    def __init__(self, client: Path, camera: Path) -> None:
        self.client, self.camera = client, camera

    def go(self, server: Served, room: str) -> list[str | Path]:
        return [self.client, "-url", server.url, "-key", KEY, "-secret", SECRET, "-room", room]

    def sender(self, cell: Cell, server: Served, room: str) -> list[str | Path]:
        if cell.client == "go":
            return [*self.go(server, room), "-publish", str(cell.senders), "-kind", cell.kind]
        return [*browser("chromium", server, token("sender", room)), "--send", self.camera]

    def watcher(self, cell: Cell, server: Served, room: str) -> list[str | Path]:
        if cell.client == "go":
            return [*self.go(server, room), "-watch"]
        return browser(cell.client, server, token("watcher", room))

    def play(self, cell: Cell, line: Line, server: Served) -> list[dict[str, Any]]:
        room = f"matrix-{line.name}"
        line.behaves(Way())
        with part(self.sender(cell, server, room)) as sender:
            sender.is_in()
            with part(line.over_there(*self.watcher(cell, server, room))) as watcher:
                watcher.is_in()
                for phase in cell.phases:
                    line.behaves(phase.way)
                    watcher.begin(phase.name)
                    time.sleep(phase.seconds)
                windows: list[dict[str, Any]] = json.loads(watcher.end())
                return windows


def built(folder: Path) -> Path:
    """The Go client."""
    program = folder / "client"
    subprocess.run(["go", "build", "-o", program, "."], cwd=CLIENT, check=True)
    return program


def one_run(stage: Stage, server: Served, cells: Sequence[Cell], folder: Path) -> Iterator[Run]:
    for name in LOTS:
        together = [cell for cell in cells if lot(cell) == name]
        with lines(len(together), folder) as all_lines, ThreadPoolExecutor(max(1, len(together))) as pool:
            jobs = [
                pool.submit(stage.play, cell, line, server)
                for cell, line in zip(together, all_lines, strict=True)
            ]
            for cell, job in zip(together, jobs, strict=True):
                found: Run = {"server": server.name, "cell": cell.name}
                try:
                    found["windows"] = job.result()
                except (AssertionError, OSError, subprocess.SubprocessError, ValueError) as error:
                    found["failed"] = str(error)
                print(json.dumps(found), flush=True)
                yield found


def write(path: Path, text: str) -> None:
    """Between the two marks of the document."""
    document = path.read_text()
    before, _, rest = document.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    path.write_text(f"{before}{BEGINS}\n{text}\n{ENDS}{after}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--livekit", help="a livekit-server, which is measured as well")
    parser.add_argument("--only", default="", help="cells whose name has this")
    parser.add_argument("--write", type=Path, help="the document that gets the table")
    parser.add_argument("--journal", type=Path, help="where runs are kept and those of before are")
    parser.add_argument("--without-folkmoot", action="store_true", help="measures the other server alone")
    args = parser.parse_args()
    cells = [cell for cell in CELLS if args.only in cell.name]
    journal = Journal(args.journal)
    if args.runs:
        measure(args, cells, journal)
    found = readings(cells, journal.runs)
    text = table(found, "Folkmoot", "LiveKit" if args.livekit else None)
    print("\n" + text)
    if args.write:
        most = max(len(runs) for by_server in found.values() for runs in by_server.values())
        write(args.write, f"{datetime.now(UTC):%Y-%m-%d}, {most} runs:\n\n{text}")


def measure(args: argparse.Namespace, cells: Sequence[Cell], journal: Journal) -> None:
    if not can_be_made():
        sys.exit("lines need root, iproute2 and /dev/net/tun")
    if not PROGRAM.exists():
        sys.exit(f"{PROGRAM} is not built: make matrix builds it")
    with tempfile.TemporaryDirectory() as place, address():
        folder = Path(place)
        stage = Stage(built(folder), film(folder / "camera.y4m"))
        for _ in range(args.runs):
            servers: list[AbstractContextManager[Served]] = []
            if not args.without_folkmoot:
                servers.append(folkmoot())
            if args.livekit:
                servers.append(livekit(args.livekit))
            for starting in servers:
                with starting as server:
                    for run in one_run(stage, server, cells, folder):
                        journal.add(run)


if __name__ == "__main__":
    main()
