"""Acting with a note of it, reading the notes, and proving that they are all there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.audit.anchors import Anchors
from folkmoot.audit.chain import START, Entry, Fault, Follower, Head, link, seal, written
from folkmoot.audit.tables import entries, heads
from folkmoot.kit import Clock
from folkmoot.storage import Storage

AT_ONCE = 1000
MOST_LISTED = 200


class Acting:
    """One transaction, and what was done in it."""

    def __init__(self, connection: AsyncConnection, key: bytes, clock: Clock) -> None:
        self.connection = connection
        self.heads: dict[str, Head] = {}
        self._key, self._clock = key, clock

    async def note(self, scope: str, actor: str, what: str, subject: str = "", **detail: object) -> None:
        head = self.heads.get(scope) or await _head(self.connection, scope)
        seq, before = (head.seq, head.hash) if head else (0, START)
        bare = Entry(scope, seq + 1, self._clock.now(), actor, what, subject, detail)
        entry = replace(bare, hash=link(before, bare))
        row = {"scope": scope, "seq": entry.seq, "at": entry.at, "actor": actor, "what": what}
        await self.connection.execute(
            entries.insert().values(**row, subject=subject, detail=written(detail), hash=entry.hash)
        )
        self.heads[scope] = Head(entry.seq, entry.hash, seal(self._key, scope, entry.seq, entry.hash))

    async def finish(self) -> None:
        for scope, head in self.heads.items():
            await self.connection.execute(heads.delete().where(heads.c.scope == scope))
            await self.connection.execute(
                heads.insert().values(scope=scope, seq=head.seq, hash=head.hash, mac=head.mac)
            )


class Audit:
    """`secret`: this server's, from outside of the database."""

    def __init__(self, storage: Storage, secret: bytes, anchors: Anchors, clock: Clock) -> None:
        self._storage, self._anchors, self._clock = storage, anchors, clock
        self._key = HKDF(SHA256(), 32, None, b"folkmoot audit").derive(secret)

    @asynccontextmanager
    async def acting(self) -> AsyncIterator[Acting]:
        async with self._storage.writing(alone=True) as connection:
            acting = Acting(connection, self._key, self._clock)
            yield acting
            await acting.finish()
        if acting.heads:
            await asyncio.to_thread(self._anchors.keep, acting.heads)

    async def restored(self, scope: str, actor: str, before: Mapping[str, Head]) -> None:
        """A backup is in place, by who may: the anchors are of its entries from now on, and how many later ones were there is noted."""
        async with self._storage.reading() as connection:
            heads = {one: head for one in await _scopes(connection) if (head := await _head(connection, one))}
        await asyncio.to_thread(self._anchors.keep, heads)
        gone = sum(max(0, was.seq - (heads[one].seq if one in heads else 0)) for one, was in before.items())
        async with self.acting() as acting:
            await acting.note(scope, actor, "server.restored", gone=gone)

    async def entries(self, scope: str, before: int | None = None, most: int = 50) -> list[Entry]:
        """The newest first."""
        c = entries.c
        wanted = entries.select().where(c.scope == scope).order_by(c.seq.desc()).limit(min(most, MOST_LISTED))
        if before is not None:
            wanted = wanted.where(c.seq < before)
        async with self._storage.reading() as connection:
            return [_entry(row) for row in await connection.execute(wanted)]

    async def verify(self, scope: str | None = None) -> tuple[int, list[Fault]]:
        """How many entries there are, and of each scope its first fault. All scopes, unless one is named."""
        anchors = self._anchors.all()
        async with self._storage.reading() as connection:
            known = await _scopes(connection) | set(anchors) if scope is None else {scope}
            walked = [await self._walk(connection, one, anchors.get(one)) for one in sorted(known)]
        return sum(count for count, _ in walked), [fault for _, fault in walked if fault is not None]

    async def _walk(
        self, connection: AsyncConnection, scope: str, anchor: Head | None
    ) -> tuple[int, Fault | None]:
        follower, after, count = Follower(scope, anchor), None, 0
        while some := await _some(connection, scope, after):
            count, after = count + len(some), some[-1].seq
            if (fault := follower.follow(some)) is not None:
                return count, fault
        return count, follower.end(self._key, await _head(connection, scope))


async def _some(connection: AsyncConnection, scope: str, after: int | None) -> Sequence[Entry]:
    wanted = entries.select().where(entries.c.scope == scope).order_by(entries.c.seq).limit(AT_ONCE)
    if after is not None:
        wanted = wanted.where(entries.c.seq > after)
    return [_entry(row) for row in await connection.execute(wanted)]


async def _scopes(connection: AsyncConnection) -> set[str]:
    both = sa.union(sa.select(entries.c.scope), sa.select(heads.c.scope))
    return {row.scope for row in await connection.execute(both)}


async def _head(connection: AsyncConnection, scope: str) -> Head | None:
    row = (await connection.execute(heads.select().where(heads.c.scope == scope))).first()
    return None if row is None else Head(row.seq, row.hash, row.mac)


def _entry(row: Any) -> Entry:
    return Entry(
        row.scope, row.seq, row.at, row.actor, row.what, row.subject, _read(row.detail), bytes(row.hash)
    )


def _read(detail: str) -> dict[str, object]:
    """What isn't as it was is no reason to fail: it is found."""
    try:
        said = json.loads(detail)
    except ValueError:
        return {"": detail}
    return said if isinstance(said, dict) else {"": detail}
