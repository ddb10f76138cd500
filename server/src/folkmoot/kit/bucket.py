"""Token buckets. Pure: the time is handed in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

ROUNDING = 1e-6
"""Who waits as long as was said gets in, whatever the sums of floats say."""


class Bucket:
    """Lets `burst` through at once, and as many again in every `seconds`."""

    def __init__(self, burst: int, seconds: float, now: float) -> None:
        self._burst, self._rate = float(burst), burst / seconds
        self._level, self._at = float(burst), now

    def take(self, now: float, cost: float = 1) -> float:
        """0 when it may pass; else it may not, and this is how many seconds from now it might. What costs more than a burst
        costs a whole one: it waits, not for ever."""
        wait = self.wait(now, cost)
        if not wait:
            self._level -= min(cost, self._burst)
        return wait

    def wait(self, now: float, cost: float = 1) -> float:
        """What `take` would say, without taking."""
        cost, level = min(cost, self._burst), self.level(now)
        return 0 if level > cost - ROUNDING else (cost - level) / self._rate

    def level(self, now: float) -> float:
        self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        return self._level

    def give_back(self) -> None:
        self._level += 1


class Buckets:
    """One for each key; of the keys only the last `most` that took something."""

    def __init__(self, burst: int, seconds: float, most: int) -> None:
        self._burst, self._seconds, self._most = burst, seconds, most
        self._buckets: OrderedDict[Hashable, Bucket] = OrderedDict()

    def take(self, key: Hashable, now: float, cost: float = 1) -> float:
        return self._of(key, now).take(now, cost)

    def level(self, key: Hashable, now: float) -> float:
        bucket = self._buckets.get(key)
        return self._burst if bucket is None else bucket.level(now)

    def wait(self, key: Hashable, now: float) -> float:
        bucket = self._buckets.get(key)
        return 0 if bucket is None else bucket.wait(now)

    def give_back(self, key: Hashable) -> None:
        if key in self._buckets:
            self._buckets[key].give_back()

    def __len__(self) -> int:
        return len(self._buckets)

    def _of(self, key: Hashable, now: float) -> Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(self._burst, self._seconds, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return bucket
