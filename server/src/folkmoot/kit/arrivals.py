"""Who comes in when too many come at once: in order, and at the rate that the server bears.

Law: pure. The rate follows what is seen, the lateness of the event loop, not a number that somebody guessed: it grows a step
a beat while the loop is in time and halves when it is late. Whoever comes when nobody waits and the beat has room is in at
once. Who was let in is still coming until it is settled, and so is who has a ticket but didn't arrive yet; of those there are
no more than some beats' worth, or the next wait: what they cost is ahead, and the loop isn't late yet. One a beat is let in however late the loop is and however many are coming, so all
get in. Who comes back to where it was goes before who is new.
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
DEPTH = 8
"""Of so many beats' people are coming at once, at most."""
COMING = 100
"""In beats. Who isn't settled by then won't be: a page without media, or one that is gone."""


class Arrivals(Generic[Key]):
    def __init__(self) -> None:
        self._back: deque[Key] = deque()
        self._new: deque[Key] = deque()
        self._coming: dict[Key, int] = {}
        """Since which beat."""
        self._allowed, self._taken, self._beats = FIRST, 0, 0

    def __len__(self) -> int:
        return len(self._back) + len(self._new)

    @property
    def coming(self) -> int:
        return len(self._coming)

    def arrive(self, key: Key, *, back: bool = False) -> bool:
        """Whether it is in; else it waits."""
        if not len(self) and self._taken < self._allowed and self._has_room() > 0:
            self._taken += 1
            self._coming[key] = self._beats
            return True
        (self._back if back else self._new).append(key)
        return False

    def announce(self, key: Key) -> None:
        """It will arrive: under another key, when this one is settled."""
        self._coming[key] = self._beats

    def is_coming(self, key: Key) -> bool:
        return key in self._coming

    def settle(self, key: Key) -> None:
        """It is where it came to, or won't come."""
        self._coming.pop(key, None)

    def give_up(self, key: Key) -> None:
        for lane in (self._back, self._new):
            if key in lane:
                lane.remove(key)

    def beat(self, late_s: float) -> list[Key]:
        """Who is in now. `late_s`: by how much the loop was behind."""
        self._beats += 1
        self._forget()
        if late_s > LATE_S:
            self._allowed = max(1, self._allowed // 2)
        elif late_s <= IN_TIME_S and len(self):
            self._allowed = min(MOST, self._allowed + 1)
        most = max(1, min(self._allowed, self._has_room()))
        entered = [self._next() for _ in range(min(most, len(self)))]
        self._coming |= dict.fromkeys(entered, self._beats)
        self._taken = len(entered)
        return entered

    def places(self) -> Iterator[tuple[Key, int]]:
        """Of each who waits, how many are before."""
        for place, key in enumerate((*self._back, *self._new)):
            yield key, place

    def _has_room(self) -> int:
        return self._allowed * DEPTH - len(self._coming)

    def _forget(self) -> None:
        for key, since in tuple(self._coming.items()):
            if since + COMING > self._beats:
                return
            del self._coming[key]

    def _next(self) -> Key:
        return (self._back or self._new).popleft()
