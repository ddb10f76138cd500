"""What a blurred background costs: ours beside that of @livekit/track-processors, with the same model on the same frames.

One Chromium for each, one after the other and over again, so that what else the machine does falls on all of them; of each
the CPU time of all its processes, less that of a camera that is only shown, for every frame that was seen.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page, Playwright, sync_playwright

from tests.e2e.people import CHROMIUM, FLAGS

HERE = Path(__file__).with_name("blur")
PERSON = HERE.parents[1] / "e2e/person.jpg"
WAYS = ("camera", "folkmoot", "livekit")
WARM_S = 5
TICK = os.sysconf("SC_CLK_TCK")
BEGIN, END = "<!-- blur -->", "<!-- /blur -->"


@dataclass(frozen=True)
class Run:
    cpu_s: float
    frames: int
    seconds: float


def built() -> Path:
    web = HERE.parents[2] / "web"
    subprocess.run(["npm", "run", "-s", "model"], check=True, cwd=web)
    subprocess.run(
        [web / "node_modules/.bin/vite", "build", "--logLevel", "error", "--config", HERE / "vite.config.js"],
        check=True, cwd=HERE,
    )  # fmt: skip
    return HERE / "dist"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *_: object) -> None:
            """It has nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()


def measured(playwright: Playwright, address: str, way: str, seconds: float) -> Run:
    with tempfile.TemporaryDirectory() as profile:
        film = Path(profile) / "person.mjpeg"
        film.write_bytes(PERSON.read_bytes() * 2)
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, permissions=["camera"],
            args=[*FLAGS, f"--use-file-for-fake-video-capture={film}"],
        )  # fmt: skip
        try:
            page = context.new_page()
            page.goto(address)
            page.wait_for_function("() => 'begin' in window")
            page.evaluate("(way) => window.begin(way)", way)
            page.wait_for_timeout(WARM_S * 1000)
            return watched(page, profile, seconds)
        finally:
            context.close()


def watched(page: Page, profile: str, seconds: float) -> Run:
    def now() -> tuple[float, int, float]:
        frames, at = page.evaluate("[window.frames(), performance.now() / 1000]")
        return cpu_of(profile), int(frames), float(at)

    before = now()
    page.wait_for_timeout(seconds * 1000)
    state, size = page.evaluate("[window.state?.(), window.size()]")
    assert size == [640, 360], f"not the same frames: {size}"
    assert state is None or (state["model"] == "here" and not state["isSlow"]), f"it is no blur: {state}"
    cpu, frames, at = (after - then for after, then in zip(now(), before, strict=True))
    assert frames > 0, "nothing moved"
    return Run(cpu, int(frames), at)


def cpu_of(profile: str) -> float:
    """Seconds of all processes of the browser with that profile: its own children, whatever they call themselves."""
    parents, used, root = {}, {}, None
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            words = (entry / "cmdline").read_bytes()
        except OSError:
            continue  # gone meanwhile
        pid = int(entry.name)
        parents[pid], used[pid] = int(fields[1]), (int(fields[11]) + int(fields[12])) / TICK
        if f"--user-data-dir={profile}".encode() in words and b"--type=" not in words:
            root = pid if root is None else min(root, pid)
    assert root is not None, "the browser is gone"
    return sum(seconds for pid, seconds in used.items() if _is_of(pid, root, parents))


def _is_of(pid: int, root: int, parents: dict[int, int]) -> bool:
    while pid not in (root, 0):
        pid = parents.get(pid, 0)
    return pid == root


def report(runs: dict[str, list[Run]]) -> tuple[str, bool]:
    def middle(way: str) -> tuple[float, float]:
        each = [1000 * run.cpu_s / run.frames for run in runs[way]]
        return statistics.median(each), statistics.median(run.frames / run.seconds for run in runs[way])

    plain, _ = middle("camera")
    lines = ["| blur | CPU of a frame | frames a second | beside LiveKit's |", "| --- | ---: | ---: | ---: |"]
    cost = {way: middle(way)[0] - plain for way in ("folkmoot", "livekit")}
    names = {"folkmoot": "Folkmoot", "livekit": "`@livekit/track-processors` 0.8.1"}
    for way, name in names.items():
        rate = middle(way)[1]
        lines.append(f"| {name} | {cost[way]:.1f} ms | {rate:.1f} | {cost[way] / cost['livekit']:.2f} |")
    return "\n".join(lines), cost["folkmoot"] <= cost["livekit"]


def main() -> int:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--runs", type=int, default=5)
    said.add_argument("--seconds", type=float, default=20)
    said.add_argument("--write", type=Path, help="put the table into the place that is there for it")
    wanted = said.parse_args()
    runs: dict[str, list[Run]] = {way: [] for way in WAYS}
    with served(built()) as address, sync_playwright() as playwright:
        for _ in range(wanted.runs):
            for way in WAYS:
                runs[way].append(measured(playwright, address, way, wanted.seconds))
                print(way, runs[way][-1], file=sys.stderr, flush=True)
    table, holds = report(runs)
    print(table)
    if wanted.write:
        text = wanted.write.read_text()
        assert BEGIN in text, "there is no place for the table"
        within = re.compile(f"{BEGIN}.*{END}", re.DOTALL)
        wanted.write.write_text(within.sub(f"{BEGIN}\n\n{table}\n\n{END}", text))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
