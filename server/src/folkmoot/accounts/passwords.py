"""Passwords: argon2id, each by its own thread of a few, and which are too weak to be one.

Law: as many are hashed at once as there are cores, and a bounded number of people wait, each in one place however many hashes are
looked at for them; who comes beyond that is told when to come again. Hashing gives way: media and the loop never wait for it. One
that isn't there costs as much as one that is.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from folkmoot.kit import Refusal

T = TypeVar("T")

MEMORY_KIB, TIME_COST = 19 * 1024, 2
"""OWASP's recommendation for argon2id, with one lane."""
AT_ONCE = max(1, os.cpu_count() or 1)
NICENESS = 15
"""A thread that carries media gets thirty times as much of a core as one that hashes."""
MOST_WAITING = 100
"""About a second on two cores that do nothing else."""
LONGEST_PASSWORD, SHORTEST_PASSWORD = 1024, 10
BUSY = Refusal("signin.busy", {"retry_after_s": 2.0})


class Passwords:
    def __init__(self, memory_kib: int = MEMORY_KIB, time_cost: int = TIME_COST) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._pool = ThreadPoolExecutor(AT_ONCE, "argon2", _gives_way)
        self._waiting = 0
        self._nobodys = self._hasher.hash("nobody's")

    async def hash(self, password: str) -> str | Refusal:
        return await self._done(lambda: self._hasher.hash(password))

    async def matches(self, kept: str | None, password: str) -> bool | Refusal:
        """`kept` is None where there is none: it takes as long."""
        found = await self.which([kept], password)
        return found if isinstance(found, Refusal) else found is not None

    async def which(self, kept: Sequence[str | None], password: str) -> int | Refusal | None:
        """The first of them that it is. All are looked at, so that it takes as long whichever it is, or none."""
        return await self._done(lambda: self._first(kept, password))

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

    def _first(self, kept: Sequence[str | None], password: str) -> int | None:
        verdicts = [self._verified(one or self._nobodys, password) and one is not None for one in kept]
        return verdicts.index(True) if True in verdicts else None

    def _verified(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


def _gives_way() -> None:
    """On Linux a thread has a niceness of its own. Elsewhere it is the process's, which stays."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


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
