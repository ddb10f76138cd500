"""The port: bytes under a key of ours. Two adapters keep its contract: `folder`, `s3`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

CHUNK = 256 * 1024
"""What one read or write is about; a file is never in memory whole."""


class NoRoom(Exception):
    """The disk is full, or soon would be."""


class Away(Exception):
    """What keeps the bytes doesn't answer."""


class Blobs(Protocol):
    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """All of it or nothing: where `chunks` raises, or this is cancelled, there is nothing under the key."""
        ...

    def get(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to `end`, which is behind the last."""
        ...

    async def delete(self, key: str) -> None:
        """What isn't there is deleted already."""
        ...

    async def free(self) -> int | None:
        """Bytes; None where nobody can say."""
        ...
