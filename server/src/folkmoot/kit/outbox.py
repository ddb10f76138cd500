"""What waits to be written to one socket. Law: bounded by the memory it takes; who doesn't read loses its socket, not our memory."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")

OVERHEAD = 64
"""What an item costs beside its bytes, which it may share with others' queues."""


class Outbox(Generic[Item]):
    def __init__(self, most_bytes: int) -> None:
        self.overflowed = False
        self.ended = False
        """Nothing more is taken; what waits may still be read."""
        self._most = most_bytes
        self._waiting: deque[tuple[Item, int]] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()

    def put(self, item: Item, size: int) -> None:
        if self.ended:
            return
        self._waiting.append((item, size + OVERHEAD))
        self._bytes += size + OVERHEAD
        if self._bytes > self._most:
            self.overflow()
        self._wake.set()

    def overflow(self) -> None:
        self.overflowed = True
        self._waiting.clear()
        self.end()

    def end(self) -> None:
        self.ended = True
        self._wake.set()

    async def next(self) -> Item | None:
        """None: the end, all before it is read."""
        while not self._waiting:
            if self.ended:
                return None
            self._wake.clear()
            await self._wake.wait()
        item, size = self._waiting.popleft()
        self._bytes -= size
        return item
