"""How often a passcode may be guessed. Pure: the time is handed in.

Five in ten minutes for one address at one number, fifty in an hour at one number from everywhere. Only failures count, and
they count whether or not there is such a meeting. Links and rejoining are not touched by it: a stranger who guesses can't lock
people out of their meeting.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Hashable

MOST_KEYS = 50_000


class Tries:
    def __init__(self) -> None:
        self._by_address = _Window(5, 600)
        self._by_number = _Window(50, 3600)

    def wait(self, number: str, address: str, now: float) -> float:
        """Seconds until the next try is let through; 0: now."""
        return max(self._by_address.wait((number, network(address)), now), self._by_number.wait(number, now))

    def failed(self, number: str, address: str, now: float) -> None:
        self._by_address.add((number, network(address)), now)
        self._by_number.add(number, now)


def network(address: str) -> str:
    """Who has one IPv6 address has 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


class _Window:
    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._times: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def wait(self, key: Hashable, now: float) -> float:
        times = self._times.get(key)
        if times is None:
            return 0
        while times and times[0] <= now - self._seconds:
            times.popleft()
        return times[0] + self._seconds - now if len(times) >= self._most else 0

    def add(self, key: Hashable, now: float) -> None:
        self._times.setdefault(key, deque(maxlen=self._most)).append(now)
        self._times.move_to_end(key)
        if len(self._times) > MOST_KEYS:
            self._times.popitem(last=False)
