"""What waits to be written to one client. Law: bounded; a client that doesn't read loses its socket, not our memory."""

from __future__ import annotations

import asyncio
from collections import deque

from folkmoot.protocol.responses import Message

MAX_MESSAGES = 1024
MAX_BYTES = 8 * 1024 * 1024


class Outbox:
    """The sink that rooms write to, and the queue that the socket's writer reads from."""

    def __init__(self) -> None:
        self.text = False
        """Answer as the client spoke last; binary until it speaks."""
        self.overflowed = False
        self._waiting: deque[Message] = deque()
        self._bytes = 0
        self._closing = False
        self._wake = asyncio.Event()

    def send(self, message: Message) -> None:
        if self._closing or self.overflowed:
            return
        self._bytes += len(message.binary)
        self._waiting.append(message)
        if len(self._waiting) > MAX_MESSAGES or self._bytes > MAX_BYTES:
            self.overflowed = True
            self._waiting.clear()
        self._wake.set()

    def hang_up(self) -> None:
        self._closing = True
        self._wake.set()

    async def next(self) -> str | bytes | None:
        """None: the end, all before it is written."""
        while True:
            if self.overflowed:
                return None
            if self._waiting:
                message = self._waiting.popleft()
                self._bytes -= len(message.binary)
                return message.text if self.text else message.binary
            if self._closing:
                return None
            self._wake.clear()
            await self._wake.wait()
