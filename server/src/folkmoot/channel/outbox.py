"""The connection that a meeting sends to: what waits for one page. Who doesn't read loses the channel, not our memory."""

from __future__ import annotations

from folkmoot import kit

MOST_BYTES = 16 * 1024 * 1024
TOO_SLOW = 4008


class Outbox:
    def __init__(self, media_url: str = "") -> None:
        self.media_url = media_url
        self._waiting = kit.Outbox[str](MOST_BYTES)
        self.code: int | None = None
        """Once it is to be closed: with what."""

    def send(self, text: str) -> None:
        self._waiting.put(text, len(text))
        if self._waiting.overflowed:
            self.close(TOO_SLOW)

    def close(self, code: int) -> None:
        if self.code is None:
            self.code = code
        self._waiting.end()

    async def next(self) -> str | None:
        """None: the end, all before it is read."""
        return await self._waiting.next()
