"""Sids: short unguessable names with a prefix that says what they name (`RM_`, `PA_`, `TR_VC…`).

Randomness is handed in, so that a test replays exactly what it saw.
"""

from __future__ import annotations

import secrets
from typing import Protocol

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""Without the look-alikes 0 O 1 I l: people read these aloud from a log."""

LENGTH = 12


class Randomness(Protocol):
    def below(self, bound: int) -> int:
        """A number in 0 … bound-1, every one equally likely."""
        ...

    def token(self, size: int) -> bytes: ...


class SystemRandomness:
    def below(self, bound: int) -> int:
        return secrets.randbelow(bound)

    def token(self, size: int) -> bytes:
        return secrets.token_bytes(size)


class Sids:
    def __init__(self, randomness: Randomness | None = None) -> None:
        self._randomness = randomness or SystemRandomness()

    def room(self) -> str:
        return "RM_" + self._tail(LENGTH)

    def participant(self) -> str:
        return "PA_" + self._tail(LENGTH)

    def data_track(self) -> str:
        return "DTR_" + self._tail(LENGTH)

    def call(self) -> str:
        """Of one that only who is called shall know."""
        return self._tail(2 * LENGTH)

    def worker(self) -> str:
        return "AW_" + self._tail(LENGTH)

    def job(self) -> str:
        return "AJ_" + self._tail(LENGTH)

    def dispatch(self) -> str:
        return "AD_" + self._tail(LENGTH)

    def track(self, kind: str) -> str:
        """`kind`: the two letters LiveKit puts there, such as AM for a microphone and VS for a screen."""
        return "TR_" + kind + self._tail(LENGTH)

    def _tail(self, length: int) -> str:
        return "".join(ALPHABET[self._randomness.below(len(ALPHABET))] for _ in range(length))
