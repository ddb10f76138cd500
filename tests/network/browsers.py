"""A browser that watches, or sends, over LiveKit's JavaScript SDK: one process, so that all of it can live behind a line.

    python -m tests.network.browsers --browser firefox --url ws://… --token …
    python -m tests.network.browsers --browser chromium --url ws://… --token … --send film.y4m

Says `in` when it is. A line of standard input begins a window of that name; at its end the report is printed, as the Go
client's (client/watch.go) is, but that a tenth of a second is the smallest thing that it knows.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.e2e.firefox import firefox
from tests.e2e.people import WATCH, chromium

PAGE = Path(__file__).parents[1] / "interop/page"
BEST_HEIGHT = 360
MOVES_MS = 500
NTP_MS = 2_208_988_800_000
"""From the epoch of NTP to that of everybody else."""

SAMPLE = """
() => {
  window.samples = [];
  setInterval(async () => {
    const now = Date.now(), sample = { at: now, voice: 0, late: null, pictures: 0, height: 0 };
    for (const connection of window.connections) {
      if (connection.connectionState === 'closed') continue;
      for (const report of (await connection.getStats()).values()) {
        if (report.type !== 'inbound-rtp') continue;
        if (report.kind === 'audio') {
          sample.voice += report.packetsReceived;
          if (report.estimatedPlayoutTimestamp) sample.late = now - report.estimatedPlayoutTimestamp;
        } else {
          sample.pictures += report.framesDecoded ?? 0;
          sample.height = Math.max(sample.height, report.frameHeight ?? 0);
        }
      }
    }
    window.samples.push(sample);
  }, 100);
}
"""

SEND = """
async () => {
  const me = window.room.localParticipant;
  await me.setCameraEnabled(true, { resolution: { width: 640, height: 360, frameRate: 15 } });
  await me.setMicrophoneEnabled(true);
}
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None: ...


@contextmanager
def page_url() -> Iterator[str]:
    """Of a server of its own: behind a line there is no other that is trusted with a microphone."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(PAGE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()


@contextmanager
def browser(playwright: Playwright, kind: str, film: Path | None) -> Iterator[Browser]:
    with tempfile.TemporaryDirectory() as folder:
        if kind == "firefox":
            with firefox(playwright, Path(folder)) as fox:
                yield fox
        else:
            with chromium(playwright, Path(folder), "matrix", 440, film=film) as chrome:
                yield chrome


def run(kind: str, url: str, token: str, film: Path | None) -> list[dict[str, Any]]:
    with page_url() as address, sync_playwright() as playwright, browser(playwright, kind, film) as program:
        page = program.new_context().new_page()
        page.add_init_script(WATCH)
        page.goto(address)
        page.evaluate("([url, token]) => enter('newest', url, token, {})", [url, token])
        if film:
            page.evaluate(SEND)
            print("in", flush=True)
            sys.stdin.read()
            return []
        page.evaluate(SAMPLE)
        page.wait_for_function("() => window.samples.at(-1)?.pictures > 5", timeout=60_000)
        print("in", flush=True)
        windows: list[tuple[str, float]] = [(line.strip(), time.time() * 1000) for line in sys.stdin]
        samples = page.evaluate("() => window.samples")
        ends = [begin for _, begin in windows[1:]] + [time.time() * 1000]
        return [judge(name, begin, end, samples) for (name, begin), end in zip(windows, ends, strict=True)]


def judge(name: str, begin: float, end: float, samples: list[dict[str, Any]]) -> dict[str, Any]:
    """A window as the Go client reports it."""
    inside = [s for s in samples if begin <= s["at"] < end]
    late = sorted(
        s["late"] % NTP_MS if s["late"] > -NTP_MS / 2 else s["late"] + NTP_MS for s in inside if s["late"]
    )
    best = None
    for sample in inside:
        if sample["height"] < BEST_HEIGHT:
            best = None
        elif best is None:
            best = sample["at"] - begin
    freezes = gaps([(s["at"], s["pictures"]) for s in inside], begin, end)
    shown = inside[-1]["pictures"] - inside[0]["pictures"] if inside else 0
    return {
        "name": name,
        "seconds": (end - begin) / 1000,
        "voices": [
            {
                "gap_ms": max(gaps([(s["at"], s["voice"]) for s in inside], begin, end)),
                "late_ms": late[-1] if late else None,
            }
        ],
        "pictures": [
            {
                "rate": shown * 1000 / (end - begin),
                "freeze_ms": max(freezes),
                "freezes": sum(gap > MOVES_MS for gap in freezes),
                "best_ms": best,
            }
        ],
    }


def gaps(counted: list[tuple[float, int]], begin: float, end: float) -> list[float]:
    """The times in which the count stood still."""
    moments, last = [begin], None
    for at, count in counted:
        if last is not None and count > last:
            moments.append(at)
        last = count
    moments.append(end)
    return [after - before for before, after in pairwise(moments)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--browser", choices=["chromium", "firefox"], required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--send", type=Path)
    args = parser.parse_args()
    print(json.dumps(run(args.browser, args.url, args.token, args.send)), flush=True)


if __name__ == "__main__":
    main()
