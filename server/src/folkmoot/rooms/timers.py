"""Deadlines by name: arming again replaces, so a timer can't fire twice for one intention."""

from __future__ import annotations

import heapq

Key = tuple[str, ...]
"""What the timer is for, then whom it is about."""


class Timers:
    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Key]] = []
        self._armed: dict[Key, tuple[float, int]] = {}
        self._count = 0

    def arm(self, key: Key, at: float) -> None:
        if key in self._armed and self._armed[key][0] == at:
            return
        self._count += 1
        self._armed[key] = (at, self._count)
        heapq.heappush(self._heap, (at, self._count, key))

    def arm_if_idle(self, key: Key, at: float) -> None:
        if key not in self._armed:
            self.arm(key, at)

    def arm_sooner(self, key: Key, at: float) -> None:
        """Unless it is due before."""
        if key not in self._armed or at < self._armed[key][0]:
            self.arm(key, at)

    def cancel(self, key: Key) -> None:
        self._armed.pop(key, None)

    def deadline(self) -> float | None:
        self._drop_stale()
        return self._heap[0][0] if self._heap else None

    def pop_due(self, now: float) -> Key | None:
        """The next one that is due, disarmed; None when there is none."""
        self._drop_stale()
        if self._heap and self._heap[0][0] <= now:
            _, _, key = heapq.heappop(self._heap)
            del self._armed[key]
            return key
        return None

    def _drop_stale(self) -> None:
        while self._heap and self._armed.get(self._heap[0][2]) != self._heap[0][:2]:
            heapq.heappop(self._heap)
