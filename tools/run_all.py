"""Runs the named make targets one after the other, says how long each took, and ends with one line of what failed.

A later target runs even when an earlier one failed: one run shows everything that is wrong.
"""

from __future__ import annotations

import subprocess
import sys
import time


def main(targets: list[str]) -> int:
    outcomes: list[tuple[str, bool, float]] = []
    for target in targets:
        print(f"\n══ {target}", flush=True)
        began = time.monotonic()
        good = subprocess.run(["make", "--no-print-directory", target], check=False).returncode == 0
        outcomes.append((target, good, time.monotonic() - began))
    print()
    for target, good, took in outcomes:
        print(f"{'ok    ' if good else 'FAILED'} {target:14} {took:6.1f} s")
    failed = [target for target, good, _ in outcomes if not good]
    print(
        f"{len(outcomes) - len(failed)} passed, {len(failed)} failed"
        + (f": {' '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
