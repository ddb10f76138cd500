"""Bytes in a folder of this machine: written beside, then put in place by one rename."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

from folkmoot.files.port import CHUNK, Away, NoRoom

T = TypeVar("T")
DRAFT = ".draft"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
LOOK_EVERY = 16 * 1024 * 1024
"""So many bytes apart it is looked whether there is still room."""


class Folder:
    def __init__(self, root: Path, keep_free: int = 0) -> None:
        """`keep_free`: bytes of the disk that others need; what would go below is refused."""
        self._root, self._keep_free = root, keep_free

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        place = self._place(key)
        draft = place.with_name(place.name + DRAFT)
        try:
            with await _whole(self._begin, draft) as out:
                await self._fill(out, chunks)
            await _whole(_settle, draft, place)
        except BaseException as error:
            for left in (draft, place):
                left.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise (NoRoom() if error.errno in FULL else Away(str(error))) from error
            raise

    async def get(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        try:
            opened = await asyncio.to_thread(self._place(key).open, "rb")
        except OSError as error:
            raise Away(str(error)) from error
        with opened:
            opened.seek(start)
            while start < end:
                chunk = await asyncio.to_thread(opened.read, min(CHUNK, end - start))
                if not chunk:
                    raise Away("a file is shorter than it was")
                start += len(chunk)
                yield chunk

    async def delete(self, key: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            await asyncio.to_thread(self._place(key).unlink)

    async def free(self) -> int:
        """Beyond what is kept free."""
        return await asyncio.to_thread(self._free)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _place(self, key: str) -> Path:
        """Two letters of it are a folder, so that none has millions."""
        if not key.isalnum():
            raise ValueError(key)
        return self._root / key[-2:] / key

    def _begin(self, draft: Path) -> BinaryIO:
        draft.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._must_have_room()
        return os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", 0)

    async def _fill(self, out: BinaryIO, chunks: AsyncIterator[bytes]) -> None:
        waiting, since = bytearray(), 0
        async for chunk in chunks:
            waiting += chunk
            if len(waiting) < CHUNK:
                continue
            since += len(waiting)
            await _whole(_write, out, bytes(waiting))
            waiting.clear()
            if since >= LOOK_EVERY:
                since = 0
                await _whole(self._must_have_room)
        await _whole(_write, out, bytes(waiting))
        await _whole(os.fsync, out.fileno())

    def _must_have_room(self) -> None:
        if self._free() <= 0:
            raise NoRoom

    def _free(self) -> int:
        there = next((one for one in (self._root, *self._root.parents) if one.exists()), self._root)
        return shutil.disk_usage(there).free - self._keep_free


async def _whole(work: Callable[..., T], *about: object) -> T:
    """In a thread, to its end also where we are cancelled: a file isn't closed under who still writes to it."""
    under_way = asyncio.ensure_future(asyncio.to_thread(work, *about))
    try:
        return await asyncio.shield(under_way)
    except asyncio.CancelledError:
        await asyncio.wait([under_way])
        raise


def _write(out: BinaryIO, content: bytes) -> None:
    """Unbuffered, a write may take a part of it."""
    left = memoryview(content)
    while left:
        left = left[out.write(left) :]


def _settle(draft: Path, place: Path) -> None:
    draft.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
