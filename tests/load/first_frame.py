"""How long from the click on Join to the first picture and the first sound of somebody else.

    python -m tests.load.first_frame --url http://localhost:7880 [--times 20] [--busy 'command that loads the server']

One person sits in a meeting with camera and microphone on; another comes in again and again in a browser of their own.
Times are taken inside that browser: from the click to the first frame that a video element shows (the browser's own
frame callback) and to the first received sound with energy in it (its statistics, read every 10 ms). Prints p50 and
p95 in milliseconds. Wall-clock figures: run it with nothing else on the machine.
"""

from __future__ import annotations

import argparse
import json
import shlex
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.people import Person, eventually, person

STOPWATCH = """
(() => {
  const watch = (window.stopwatch = {});
  addEventListener('click', (event) => {
    const button = event.target.closest?.('button');
    if (button && ['Join', 'Join without'].includes(button.textContent.trim())) {
      watch.click = performance.now();
      listen();
    }
  }, true);
  const seen = new WeakSet();
  const look = () => {
    for (const video of document.querySelectorAll('video')) {
      if (seen.has(video) || video.dataset.self !== undefined || !video.srcObject) continue;
      seen.add(video);
      video.requestVideoFrameCallback(() => { if (watch.click) watch.frame ??= performance.now() - watch.click; });
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
  setInterval(look, 20);
  async function listen() {
    while (watch.sound === undefined) {
      for (const connection of window.connections) {
        if (connection.connectionState !== 'connected') continue;
        for (const report of (await connection.getStats()).values())
          if (report.type === 'inbound-rtp' && report.kind === 'audio' && report.totalAudioEnergy > 0)
            watch.sound ??= performance.now() - watch.click;
      }
      await new Promise((wake) => setTimeout(wake, 10));
    }
  }
})();
"""


def one_arrival(newcomer: Person, link: str) -> dict[str, float]:
    """Milliseconds until the first frame and the first sound of one fresh page."""
    page = newcomer.context.new_page()
    try:
        newcomer.page = page
        page.add_init_script(STOPWATCH)
        page.goto(link)
        page.wait_for_timeout(1_500)  # people look at themselves before they press Join
        newcomer.join(camera=False)
        # Asked again and again from outside: the page's policy forbids it to evaluate a waiting condition by itself.
        both = "stopwatch.frame !== undefined && stopwatch.sound !== undefined"
        eventually(lambda: page.evaluate(both), "the first picture and the first sound", every=0.1)
        took: dict[str, float] = page.evaluate("({ frame: stopwatch.frame, sound: stopwatch.sound })")
        return took
    finally:
        page.close()


def measure(url: str, times: int) -> dict[str, list[float]]:
    figures: dict[str, list[float]] = {"frame": [], "sound": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        person(playwright, Path(folder), "Ada", 440) as ada,
        person(playwright, Path(folder), "Bo", 620) as bo,
    ):
        link = ada.start_a_meeting(url)
        for _ in range(times):
            took = one_arrival(bo, link)
            for what, value in took.items():
                figures[what].append(value)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://localhost:7880")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--busy", help="a command that loads the server meanwhile")
    args = parser.parse_args()
    load = subprocess.Popen(shlex.split(args.busy), stdout=subprocess.DEVNULL) if args.busy else None
    try:
        if load:
            time.sleep(8)
        figures = measure(args.url, args.times)
    finally:
        if load:
            load.terminate()
    for what, values in figures.items():
        ranked = sorted(values)
        p95 = ranked[min(len(ranked) - 1, round(0.95 * len(ranked)))]
        print(json.dumps({"what": f"click to first {what}", "n": len(ranked), "p50_ms": round(statistics.median(ranked)),
                          "p95_ms": round(p95), "busy": bool(load)}))  # fmt: skip


if __name__ == "__main__":
    main()
