"""The sink that rooms write to: what waits for one client, in the framing that it speaks."""

from __future__ import annotations

from folkmoot import kit
from folkmoot.kit.frames import Line
from folkmoot.protocol.responses import Message

MOST_BYTES = 8 * 1024 * 1024


class Outbox:
    def __init__(self, line: Line | None = None) -> None:
        self.text = False
        """Answer as the client spoke last; binary until it speaks."""
        self._line = line
        self._waiting = kit.Outbox[Message](MOST_BYTES)

    @property
    def overflowed(self) -> bool:
        return self._waiting.overflowed

    def send(self, message: Message) -> None:
        if self._line is None:
            self._waiting.put(message, len(message.binary))
        elif not self._waiting.ended:
            self._line.write(message.text_frame if self.text else message.frame)
            if self._line.unread() > MOST_BYTES:
                self._waiting.overflow()

    def hang_up(self) -> None:
        self._waiting.end()

    async def next(self) -> str | bytes | None:
        """None: the end, all before it is written."""
        message = await self._waiting.next()
        if message is None:
            return None
        return message.text if self.text else message.binary
