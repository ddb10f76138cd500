"""Queries. Each within the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.files.tables import files


@dataclass(frozen=True, slots=True)
class File:
    id: str
    owner: str
    kind: str
    name: str
    type: str
    size: int
    made_at: datetime
    until: datetime | None
    sha256: bytes | None = None
    brought_by: str | None = None


async def add(connection: AsyncConnection, made: File) -> None:
    names = ("id", "owner", "kind", "name", "type", "size", "made_at", "until", "brought_by")
    row = {name: getattr(made, name) for name in names}
    await connection.execute(files.insert().values(row))


async def arrived(connection: AsyncConnection, id: str, size: int, sha256: bytes) -> bool:
    """False: it was forgotten meanwhile."""
    change = files.update().where(files.c.id == id).values(size=size, sha256=sha256)
    return bool((await connection.execute(change)).rowcount)


async def of(connection: AsyncConnection, id: str, now: datetime) -> File | None:
    wanted = files.select().where(files.c.id == id, files.c.sha256.is_not(None), _lives(now))
    row = (await connection.execute(wanted)).first()
    return None if row is None else _file(row)


async def used(connection: AsyncConnection, owner: str, brought_by: str | None = None) -> int:
    """With what is on its way."""
    wanted = sa.select(sa.func.coalesce(sa.func.sum(files.c.size), 0)).where(files.c.owner == owner)
    if brought_by is not None:
        wanted = wanted.where(files.c.brought_by == brought_by)
    return int(await connection.scalar(wanted) or 0)


async def of_owner(connection: AsyncConnection, owner: str) -> list[File]:
    rows = await connection.execute(files.select().where(files.c.owner == owner).order_by(files.c.made_at))
    return [_file(row) for row in rows]


async def ids_of(connection: AsyncConnection, owners: Sequence[str]) -> list[str]:
    return list(await connection.scalars(sa.select(files.c.id).where(files.c.owner.in_(owners))))


async def remove(connection: AsyncConnection, ids: Sequence[str]) -> None:
    await connection.execute(files.delete().where(files.c.id.in_(ids)))


async def over(connection: AsyncConnection, now: datetime, most: int) -> list[str]:
    rows = await connection.execute(sa.select(files.c.id).where(files.c.until <= now).limit(most))
    return [row.id for row in rows]


async def unfinished(connection: AsyncConnection, before: datetime) -> list[str]:
    wanted = sa.select(files.c.id).where(files.c.sha256.is_(None), files.c.made_at < before)
    return [row.id for row in await connection.execute(wanted)]


async def sums(connection: AsyncConnection) -> dict[str, tuple[int, int]]:
    """By kind: how many, and how many bytes."""
    c = files.c
    wanted = sa.select(c.kind, sa.func.count(), sa.func.sum(c.size)).group_by(c.kind).order_by(c.kind)
    return {kind: (int(count), int(size)) for kind, count, size in await connection.execute(wanted)}


def _lives(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(files.c.until.is_(None), files.c.until > now)


def _file(row: Any) -> File:
    said = (row.id, row.owner, row.kind, row.name, row.type, row.size, row.made_at, row.until)
    return File(*said, row.sha256, row.brought_by)
