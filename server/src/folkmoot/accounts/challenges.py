"""What a passkey is asked to sign: random, good once and for what it was asked for, for five minutes, so many at a time. Pure."""

from __future__ import annotations

from collections import OrderedDict

LIFE_S, MOST = 300.0, 20_000


class Challenges:
    def __init__(self) -> None:
        self._open: OrderedDict[bytes, tuple[str, float]] = OrderedDict()

    def give(self, challenge: bytes, what_for: str, now: float) -> None:
        self._open[challenge] = (what_for, now + LIFE_S)
        if len(self._open) > MOST:
            self._open.popitem(last=False)

    def take(self, challenge: bytes, what_for: str, now: float) -> bool:
        said, until = self._open.pop(challenge, ("", 0.0))
        return said == what_for and now <= until
