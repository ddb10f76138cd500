"""Announcements: one sentence from who runs the server, in both languages, from then until then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.kit import Refusal, text
from folkmoot.operating.tables import announcements

MOST = 20
LONGEST = 300
LONGEST_LIFE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Announcement:
    id: str
    en: str
    zh: str
    begins: datetime
    ends: datetime


def checked(id: str, en: str, zh: str, begins: datetime, ends: datetime) -> Announcement | Refusal:
    """Who reads the other language gets a sentence too: one that isn't translated stands for both."""
    said = [text.title(one) for one in (en or zh, zh or en)]
    if any(isinstance(one, Refusal) or not one or len(one) > LONGEST for one in said):
        return Refusal("announcement.invalid", {"most": LONGEST})
    if ends <= begins or ends - begins > LONGEST_LIFE:
        return Refusal("announcement.times")
    return Announcement(id, str(said[0]), str(said[1]), begins, ends)


async def add(connection: AsyncConnection, made: Announcement) -> Refusal | None:
    if len(await every(connection)) >= MOST:
        return Refusal("announcement.too_many", {"most": MOST})
    await connection.execute(
        announcements.insert().values(id=made.id, en=made.en, zh=made.zh, begins=made.begins, ends=made.ends)
    )
    return None


async def remove(connection: AsyncConnection, id: str) -> Refusal | None:
    gone = await connection.execute(announcements.delete().where(announcements.c.id == id))
    return None if gone.rowcount else Refusal("announcement.unknown")


async def every(connection: AsyncConnection) -> list[Announcement]:
    return [
        _read(row)
        for row in await connection.execute(announcements.select().order_by(announcements.c.begins))
    ]


async def forget_old(connection: AsyncConnection, now: datetime) -> None:
    await connection.execute(announcements.delete().where(announcements.c.ends < now))


def _read(row: Any) -> Announcement:
    return Announcement(row.id, row.en, row.zh, row.begins, row.ends)
