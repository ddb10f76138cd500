"""What work costs, told so that a busy machine and a long test run say the same.

Law: a gate counts work where it can (`calls`, and how they grow), and times it only where seconds are what is promised. Time is
CPU time, the collector of garbage rests meanwhile (a look through the heap of a thousand earlier tests takes a second), the best
of several tries counts, and a machine that is slower just now is given as much longer as a fixed piece of work takes on it.
"""

from __future__ import annotations

import gc
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

ON_A_QUIET_MACHINE_S = 0.020
"""What `fixed_work` takes on the core that the promised figures are meant for. A slower one is given as much longer."""

MOST_TRIES = 12


class Counted:
    """How many functions were called, Python's and C's: the same each time, whatever else the machine does."""

    def __init__(self) -> None:
        self.calls = 0

    def count(self, _: FrameType, event: str, __: Any) -> None:
        if event in ("call", "c_call"):
            self.calls += 1


class Lap:
    seconds = 0.0


class Measured:
    def __init__(self) -> None:
        self._fixed_s = fixed_work()

    @contextmanager
    def counting(self) -> Iterator[Counted]:
        counted = Counted()
        sys.setprofile(counted.count)
        try:
            yield counted
        finally:
            sys.setprofile(None)

    @contextmanager
    def lap(self) -> Iterator[Lap]:
        """CPU seconds of what is done in it."""
        lap, began = Lap(), time.process_time()
        yield lap
        lap.seconds = time.process_time() - began

    def seconds(self, work: Callable[[], object], within: float) -> float:
        """The first try within it, or the best of all: others on the machine only ever add. As on a quiet machine."""
        best = math.inf
        for _ in range(MOST_TRIES):
            with self.lap() as lap:
                work()
            best = min(best, lap.seconds)
            if self.quiet(best) <= within:
                break
        return self.quiet(best)

    def quiet(self, seconds: float) -> float:
        """What that would have been on a machine that nobody else uses."""
        self._fixed_s = min(self._fixed_s, fixed_work())
        return seconds / max(1.0, self._fixed_s / ON_A_QUIET_MACHINE_S)


def fixed_work() -> float:
    """CPU seconds of making and keeping many small things, as folding a log does; three times done and the best of them."""

    def once() -> float:
        began = time.process_time()
        kept = [{"id": f"m{n}", "at": n, "by": ("somebody", n)} for n in range(60_000)]
        by_id = {one["id"]: one for one in kept}
        took = time.process_time() - began
        assert len(by_id) == len(kept)
        return took

    return min(once() for _ in range(3))


def p99(values: Sequence[float]) -> float:
    """The smallest that 99 of a hundred don't exceed."""
    return sorted(values)[math.ceil(0.99 * len(values)) - 1]


@pytest.fixture
def measured() -> Iterator[Measured]:
    """With a collector that rests until the test is over."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield Measured()
    finally:
        gc.enable()
        gc.unfreeze()
