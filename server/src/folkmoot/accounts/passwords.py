"""Passwords: argon2id, each by its own thread of a few, and which are too weak to be one.

Law: as many are hashed at once as there is memory and processor for, and a bounded number wait; who comes beyond that is told when
to come again. The media thread and the loop never wait for one. One that isn't there costs as much as one that is.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from folkmoot.kit import Refusal

T = TypeVar("T")

MEMORY_KIB, TIME_COST = 19 * 1024, 2
"""OWASP's recommendation for argon2id, with one lane."""
AT_ONCE = max(1, (os.cpu_count() or 2) // 2)
MOST_WAITING = 100
LONGEST_PASSWORD, SHORTEST_PASSWORD = 1024, 10
BUSY = Refusal("signin.busy", {"retry_after_s": 2.0})


class Passwords:
    def __init__(self, memory_kib: int = MEMORY_KIB, time_cost: int = TIME_COST) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._pool = ThreadPoolExecutor(AT_ONCE, "argon2")
        self._waiting = 0
        self._nobodys = self._hasher.hash("nobody's")

    async def hash(self, password: str) -> str | Refusal:
        return await self._done(lambda: self._hasher.hash(password))

    async def matches(self, kept: str | None, password: str) -> bool | Refusal:
        """`kept` is None where there is none: it takes as long."""
        verdict = await self._done(lambda: self._verified(kept or self._nobodys, password))
        return verdict if isinstance(verdict, Refusal) else verdict and kept is not None

    def outdated(self, kept: str) -> bool:
        return self._hasher.check_needs_rehash(kept)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _done(self, work: Callable[[], T]) -> T | Refusal:
        if self._waiting >= MOST_WAITING:
            return BUSY
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1

    def _verified(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


def acceptable(password: str, *about: str) -> Refusal | None:
    """`about`: the person's name and address, which others try first."""
    if len(password) > LONGEST_PASSWORD:
        return Refusal("password.too_long", {"most": LONGEST_PASSWORD})
    if len(password) < SHORTEST_PASSWORD:
        return Refusal("password.too_short", {"least": SHORTEST_PASSWORD})
    told = password.casefold()
    words = {part for one in about for part in (one.casefold(), one.casefold().partition("@")[0])}
    if told in words or len(set(told)) < 3:
        return Refusal("password.guessable")
    return Refusal("password.leaked") if told in leaked() else None


@cache
def leaked() -> frozenset[str]:
    """The most used in what was leaked; comes with the product, so nothing is asked of anybody."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # megabytes, for who signs up

    return frozenset(FREQUENCY_LISTS["passwords"])
