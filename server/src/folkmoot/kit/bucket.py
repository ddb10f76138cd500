"""A token bucket. Pure: the time is handed in."""

from __future__ import annotations


class Bucket:
    """Lets `burst` through at once, and as many again in every `seconds`."""

    def __init__(self, burst: int, seconds: float, now: float) -> None:
        self._burst, self._rate = float(burst), burst / seconds
        self._level, self._at = float(burst), now

    def take(self, now: float, cost: float = 1) -> float:
        """0 when it may pass; else it may not, and this is how many seconds from now it might. What costs more than a burst
        costs a whole one: it waits, not for ever."""
        cost = min(cost, self._burst)
        self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        if self._level >= cost:
            self._level -= cost
            return 0
        return (cost - self._level) / self._rate
