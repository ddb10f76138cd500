"""A socket whose writes of one turn of the loop leave in one.

One who comes in is told four or five things at once, and a system call for each is what most of a busy server's time
went to. Law: nothing waits past the turn it was written in, and no more than `MOST` waits at all, so a reader who is
slow is noticed by the transport as before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

MOST = 64 * 1024


class Corked(asyncio.Transport):
    """Another transport, whose writes are gathered."""

    def __init__(self, inner: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._inner, self._loop = inner, loop
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        if not data:
            return
        if not self._waiting:
            self._loop.call_soon(self.uncork)
        self._waiting.append(bytes(data))
        self._size += len(data)
        if self._size >= MOST:
            self.uncork()

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview[Any]]) -> None:
        for data in list_of_data:
            self.write(data)

    def uncork(self) -> None:
        waiting, self._waiting, self._size = self._waiting, [], 0
        if waiting and not self._inner.is_closing():
            self._inner.write(b"".join(waiting))

    def close(self) -> None:
        self.uncork()
        self._inner.close()

    def write_eof(self) -> None:
        self.uncork()
        self._inner.write_eof()

    def abort(self) -> None:
        self._inner.abort()

    def can_write_eof(self) -> bool:
        return self._inner.can_write_eof()

    def is_closing(self) -> bool:
        return self._inner.is_closing()

    def is_reading(self) -> bool:
        return self._inner.is_reading()

    def pause_reading(self) -> None:
        self._inner.pause_reading()

    def resume_reading(self) -> None:
        self._inner.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._inner.get_extra_info(name, default)

    def get_write_buffer_size(self) -> int:
        return self._size + self._inner.get_write_buffer_size()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._inner.set_write_buffer_limits(high, low)

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return self._inner.get_write_buffer_limits()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._inner.set_protocol(protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._inner.get_protocol()
