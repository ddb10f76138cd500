"""Bringing a file, finding it, and that it goes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.files import store
from folkmoot.files.naming import file_name, media_type
from folkmoot.files.port import Away, Blobs, NoRoom
from folkmoot.files.store import File
from folkmoot.jobs import Jobs
from folkmoot.kit import Clock, Randomness, Recurring, Refusal
from folkmoot.storage import Storage

__all__ = ["Bounds", "File", "Files", "Wish"]

KIND = "forget_blob"
EVERY_S = 600.0
AT_ONCE = 500
SLOWEST = timedelta(hours=6)
"""What is still arriving after this never will."""
NO_ROOM, AWAY, EMPTY = Refusal("files.no_room"), Refusal("files.away"), Refusal("files.empty")


@dataclass(frozen=True, slots=True)
class Bounds:
    most: int
    """Bytes of this one."""
    quota: int | None = None
    """Of all that its owner has; None: as much as there is room."""
    each: int | None = None
    """Of what the same person brought to that owner."""


@dataclass(frozen=True, slots=True)
class Wish:
    owner: str
    """Whose quota it counts against: an opaque id of an account, a meeting, an organisation."""
    kind: str
    """What it is for, such as `picture`."""
    name: str
    type: str
    announced: int | None = None
    """What `Content-Length` says."""
    life: timedelta | None = None
    brought_by: str | None = None
    """Which of several people, where an owner has what several bring."""


class _TooLarge(Exception):
    pass


class Files:
    def __init__(
        self, storage: Storage, blobs: Blobs, jobs: Jobs, clock: Clock, randomness: Randomness
    ) -> None:
        self._storage, self._blobs, self._jobs = storage, blobs, jobs
        self._clock, self._randomness = clock, randomness
        self._tidying = Recurring("forgetting old files", self.tidy, EVERY_S, clock)
        jobs.does(KIND, self._forget_blob)

    async def start(self) -> None:
        """What was arriving when the last server ended has nobody who brings it."""
        async with self._storage.reading() as connection:
            left = await store.unfinished(connection, self._clock.now())
        await self._let_go(left)
        self._tidying.start()

    async def stop(self) -> None:
        await self._tidying.stop()

    def ailment(self) -> str | None:
        return self._tidying.ailment()

    async def keep(self, wish: Wish, bounds: Bounds, chunks: AsyncIterator[bytes]) -> File | Refusal:
        if wish.announced is not None and wish.announced > bounds.most:
            return _too_large(bounds)
        file = await self._reserved(wish, bounds)
        if isinstance(file, Refusal):
            return file
        kept: File | Refusal = AWAY
        try:
            kept = await self._brought(file, bounds, chunks)
        finally:
            if isinstance(kept, Refusal):
                # also where whoever brings it hangs up, which cancels us
                await asyncio.shield(self._let_go([file.id]))
        return kept

    async def find(self, id: str) -> File | None:
        async with self._storage.reading() as connection:
            return await store.of(connection, id, self._clock.now())

    def read(self, file: File, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        return self._blobs.get(file.id, start, file.size if end is None else end)

    async def of(self, connection: AsyncConnection, owner: str) -> list[File]:
        return await store.of_owner(connection, owner)

    async def left(self, owner: str, brought_by: str, bounds: Bounds) -> int:
        """Bytes that somebody may still bring to it."""
        async with self._storage.reading() as connection:
            all_of_it = await store.used(connection, owner)
            theirs = await store.used(connection, owner, brought_by)
        known = [
            most - used
            for most, used in ((bounds.quota, all_of_it), (bounds.each, theirs))
            if most is not None
        ]
        return max(0, min(known, default=bounds.most))

    async def forget(self, connection: AsyncConnection, ids: Sequence[str]) -> None:
        """With what it follows from: out of sight when that stands, and its bytes soon after."""
        if not ids:
            return
        await store.remove(connection, ids)
        for id in ids:
            await self._jobs.add(connection, KIND, {"key": id})

    async def forget_all_of(self, connection: AsyncConnection, owners: Sequence[str]) -> None:
        """Whose owners are no more."""
        await self.forget(connection, await store.ids_of(connection, owners))

    async def tidy(self) -> None:
        """What is over, and what never came."""
        now = self._clock.now()
        async with self._storage.reading() as connection:
            ids = await store.over(connection, now, AT_ONCE)
            ids += await store.unfinished(connection, now - SLOWEST)
        await self._let_go(ids)

    async def sums(self) -> dict[str, tuple[int, int]]:
        """By kind: how many there are, and their bytes."""
        async with self._storage.reading() as connection:
            return await store.sums(connection)

    async def free(self) -> int | None:
        return await self._blobs.free()

    # --- inside -----------------------------------------------------------------------------------------------------

    async def _reserved(self, wish: Wish, bounds: Bounds) -> File | Refusal:
        now, id = self._clock.now(), self._randomness.token(16).hex()
        size = bounds.most if wish.announced is None else wish.announced
        until = None if wish.life is None else now + wish.life
        name, type = file_name(wish.name), media_type(wish.type)
        file = File(id, wish.owner, wish.kind, name, type, size, now, until, brought_by=wish.brought_by)
        free = await self._blobs.free()
        if free is not None and free < size:
            return NO_ROOM
        async with self._storage.writing() as connection:
            if (most := await _exceeded(connection, file, bounds)) is not None:
                return Refusal("files.quota", {"most": most})
            await store.add(connection, file)
        return file

    async def _brought(self, file: File, bounds: Bounds, chunks: AsyncIterator[bytes]) -> File | Refusal:
        counted = _Counted(chunks, file.size)
        try:
            await self._blobs.put(file.id, counted.pass_on())
        except _TooLarge:
            return _too_large(bounds)
        except NoRoom:
            return NO_ROOM
        except Away:
            return AWAY
        if not counted.size:
            return EMPTY
        async with self._storage.writing() as connection:
            there = await store.arrived(connection, file.id, counted.size, counted.digest.digest())
        if not there:
            return AWAY
        return replace(file, size=counted.size, sha256=counted.digest.digest())

    async def _let_go(self, ids: Sequence[str]) -> None:
        if not ids:
            return
        async with self._storage.writing() as connection:
            await self.forget(connection, ids)
        await self._jobs.look()

    async def _forget_blob(self, payload: Mapping[str, Any]) -> None:
        await self._blobs.delete(payload["key"])


class _Counted:
    """What goes by, counted and hashed; more than `most` isn't let by."""

    def __init__(self, chunks: AsyncIterator[bytes], most: int) -> None:
        self._chunks, self._most = chunks, most
        self.size, self.digest = 0, hashlib.sha256()

    async def pass_on(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            self.size += len(chunk)
            if self.size > self._most:
                raise _TooLarge
            self.digest.update(chunk)
            yield chunk


def _too_large(bounds: Bounds) -> Refusal:
    return Refusal("files.too_large", {"most": bounds.most})


async def _exceeded(connection: AsyncConnection, file: File, bounds: Bounds) -> int | None:
    """The bound that this one would go beyond."""
    if bounds.quota is not None and await store.used(connection, file.owner) + file.size > bounds.quota:
        return bounds.quota
    if bounds.each is None or file.brought_by is None:
        return None
    mine = await store.used(connection, file.owner, file.brought_by)
    return bounds.each if mine + file.size > bounds.each else None
