"""What waits to be written to one page. Law: bounded; who doesn't read loses the channel, not our memory."""

from __future__ import annotations

import asyncio
from collections import deque

MOST_FRAMES = 2048
MOST_BYTES = 16 * 1024 * 1024
TOO_SLOW = 4008


class Outbox:
    """The connection that a meeting sends to, and the queue that the socket's writer reads from."""

    def __init__(self, media_url: str = "") -> None:
        self.media_url = media_url
        self._waiting: deque[str] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()
        self.code: int | None = None
        """Once it is to be closed: with what."""

    def send(self, text: str) -> None:
        if self.code is not None:
            return
        self._waiting.append(text)
        self._bytes += len(text)
        if len(self._waiting) > MOST_FRAMES or self._bytes > MOST_BYTES:
            self._waiting.clear()
            self.close(TOO_SLOW)
        self._wake.set()

    def close(self, code: int) -> None:
        if self.code is None:
            self.code = code
        self._wake.set()

    async def next(self) -> str | None:
        """None: the end, all before it is read."""
        while not self._waiting:
            if self.code is not None:
                return None
            self._wake.clear()
            await self._wake.wait()
        text = self._waiting.popleft()
        self._bytes -= len(text)
        return text
