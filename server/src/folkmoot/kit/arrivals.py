"""Who comes in when too many come at once: in order, and at the rate that the server bears.

Law: pure. The rate follows what is seen, the lateness of the event loop, not a number that somebody guessed: it grows a step
a beat while the loop is in time and halves when it is late. Whoever comes when nobody waits and the beat has room is in at
once. One a beat is let in however late the loop is, so all get in. Who comes back to where it was goes before who is new.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

BEAT_S = 0.02
IN_TIME_S, LATE_S = 0.01, 0.05
FIRST = 4
MOST = 64
"""More a beat than any machine takes."""


class Arrivals(Generic[Key]):
    def __init__(self) -> None:
        self._back: deque[Key] = deque()
        self._new: deque[Key] = deque()
        self._allowed, self._taken = FIRST, 0

    def __len__(self) -> int:
        return len(self._back) + len(self._new)

    def arrive(self, key: Key, *, back: bool = False) -> bool:
        """Whether it is in; else it waits."""
        if not len(self) and self._taken < self._allowed:
            self._taken += 1
            return True
        (self._back if back else self._new).append(key)
        return False

    def give_up(self, key: Key) -> None:
        for lane in (self._back, self._new):
            if key in lane:
                lane.remove(key)

    def beat(self, late_s: float) -> list[Key]:
        """Who is in now. `late_s`: by how much the loop was behind."""
        if late_s > LATE_S:
            self._allowed = max(1, self._allowed // 2)
        elif late_s <= IN_TIME_S and len(self):
            self._allowed = min(MOST, self._allowed + 1)
        entered = [self._next() for _ in range(min(self._allowed, len(self)))]
        self._taken = len(entered)
        return entered

    def places(self) -> Iterator[tuple[Key, int]]:
        """Of each who waits, how many are before."""
        for place, key in enumerate((*self._back, *self._new)):
            yield key, place

    def _next(self) -> Key:
        return (self._back or self._new).popleft()
