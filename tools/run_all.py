"""Runs the named make targets, says how long each took, and ends with one line of what failed.

One argument after the other; the targets within an argument, parted by `+`, beside each other, those parted by a space one after
the other: `"types docs + unit-rust" e2e`. What runs beside others is printed whole when it ends. A later target runs even when
an earlier one failed: one run shows everything that is wrong.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

Outcome = tuple[str, bool, float]

_printing = threading.Lock()


def main(steps: list[str]) -> int:
    outcomes: list[Outcome] = []
    for step in steps:
        outcomes += beside_each_other([lane.split() for lane in step.split("+")])
    print()
    for target, good, took in outcomes:
        print(f"{'ok    ' if good else 'FAILED'} {target:14} {took:6.1f} s")
    failed = [target for target, good, _ in outcomes if not good]
    print(
        f"{len(outcomes) - len(failed)} passed, {len(failed)} failed"
        + (f": {' '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


def beside_each_other(lanes: list[list[str]]) -> list[Outcome]:
    if len(lanes) == 1:
        return [ran(target, keeps=False) for target in lanes[0]]
    with ThreadPoolExecutor(len(lanes)) as threads:
        done = threads.map(lambda lane: [ran(target, keeps=True) for target in lane], lanes)
        return [outcome for lane in done for outcome in lane]


def ran(target: str, *, keeps: bool) -> Outcome:
    """`keeps` its words until it ends, so that nobody else's come between."""
    began = time.monotonic()
    if not keeps:
        print(f"\n══ {target}", flush=True)
    words = ["make", "--no-print-directory", target]
    if keeps:
        done = subprocess.run(words, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        with _printing:
            print(f"\n══ {target}", flush=True)
            sys.stdout.buffer.write(done.stdout)
            sys.stdout.flush()
    else:
        done = subprocess.run(words, check=False)
    return target, done.returncode == 0, time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
