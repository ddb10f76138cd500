"""The connection that a meeting sends to: what waits for one page. Who doesn't read loses the channel, not our memory."""

from __future__ import annotations

from functools import lru_cache

from folkmoot import kit
from folkmoot.kit import frames
from folkmoot.kit.frames import Line

MOST_BYTES = 16 * 1024 * 1024
TOO_SLOW = 4008


class Outbox:
    def __init__(self, media_url: str = "", line: Line | None = None) -> None:
        self.media_url = media_url
        self._line = line
        self._waiting = kit.Outbox[str](MOST_BYTES)
        self.code: int | None = None
        """Once it is to be closed: with what."""

    def send(self, text: str) -> None:
        if self._line is None:
            self._waiting.put(text, len(text))
        elif not self._waiting.ended:
            self._line.write(_frame(text))
            if self._line.unread() > MOST_BYTES:
                self._waiting.overflow()
        if self._waiting.overflowed:
            self.close(TOO_SLOW)

    def close(self, code: int) -> None:
        if self.code is None:
            self.code = code
        self._waiting.end()

    async def next(self) -> str | None:
        """None: the end, all before it is read."""
        return await self._waiting.next()


@lru_cache(maxsize=4)
def _frame(text: str) -> bytes:
    """What one meeting tells everybody is told to one after the other."""
    return frames.text(text)
