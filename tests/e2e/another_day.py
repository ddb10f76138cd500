"""Folkmoot on another day: the whole program, with a clock that is so many seconds ahead of the machine's.

    DAY_AHEAD_S=604800 python -m tests.e2e.another_day serve …

Time is an argument in the product, and its edge reads one clock: that one is moved here, outside of the product, which has no such option.
What is looked for every few minutes is looked for every second: nobody who moved the day waits for it.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from folkmoot.billing import closing, collecting
from folkmoot.cli import main
from folkmoot.kit.clock import SystemClock

AHEAD = timedelta(seconds=float(os.environ["DAY_AHEAD_S"]))


def _now(_: SystemClock) -> datetime:
    return datetime.now(UTC) + AHEAD


if __name__ == "__main__":
    SystemClock.now = _now  # type: ignore[assignment, method-assign]
    closing.LOOK_S = collecting.LOOK_S = 1.0
    main()
