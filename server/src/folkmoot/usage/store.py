"""Queries of usage. Each within the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.meetings.tables import events, meetings, occurrences
from folkmoot.usage.counting import FOLLOWED, Days, Figures, Position, Said, Sitting, milliseconds
from folkmoot.usage.tables import beats, days, positions, sittings

Log = tuple[str, int]
"""Of a meeting's number, an occurrence."""

# --- the journal --------------------------------------------------------------------------------------------------------


async def unread(connection: AsyncConnection, after: Log, most: int) -> list[tuple[Log, bool]]:
    """Those that aren't read to their end, and whether they have ended: asked before their entries are."""
    m, o = meetings.c, occurrences.c
    single = sa.select(m.number, sa.literal(1).label("occurrence"), m.ended_at).where(~m.planned)
    logs = single.union_all(sa.select(o.number, o.occurrence, o.ended_at)).subquery()
    p, place = positions.c, sa.tuple_(logs.c.number, logs.c.occurrence)
    mine = sa.and_(p.number == logs.c.number, p.occurrence == logs.c.occurrence)
    wanted = (
        sa.select(logs)
        .join(positions, mine, isouter=True)
        .where(sa.func.coalesce(p.over, sa.false()).is_(False), place > after)
        .order_by(logs.c.number, logs.c.occurrence)
        .limit(most)
    )
    rows = await connection.execute(wanted)
    return [((row.number, row.occurrence), row.ended_at is not None) for row in rows]


async def said(connection: AsyncConnection, log: Log, after: int) -> list[Said]:
    c = events.c
    wanted = sa.select(c.seq, c.at, c.type, c.payload).where(
        c.number == log[0],
        c.occurrence == log[1],
        c.seq > after,
        c.feature == "meeting",
        c.type.in_(FOLLOWED),
    )
    rows = await connection.execute(wanted.order_by(c.seq))
    return [Said(row.seq, milliseconds(row.at), row.type, str(row.payload.get("id", ""))) for row in rows]


# --- how far it was read ------------------------------------------------------------------------------------------------


async def position(connection: AsyncConnection, log: Log) -> tuple[str, Position] | None:
    """Whose it is, and how far it was read; held until the transaction ends."""
    c = positions.c
    mine = positions.select().where(c.number == log[0], c.occurrence == log[1])
    row = (await connection.execute(mine.with_for_update())).first()
    return (
        None
        if row is None
        else (
            row.org,
            Position(row.seq, row.at_ms, frozenset(row.here), row.met, frozenset(row.seen), row.since_ms),
        )
    )


async def put_position(
    connection: AsyncConnection, log: Log, org: str, now: Position, *, over: bool, is_new: bool
) -> None:
    c = positions.c
    values = {"org": org, "seq": now.seq, "at_ms": now.at, "here": sorted(now.here)}
    values |= {"seen": sorted(now.seen), "met": now.met, "over": over, "since_ms": now.since}
    if is_new:
        await connection.execute(positions.insert().values(number=log[0], occurrence=log[1], **values))
        return
    mine = (c.number == log[0], c.occurrence == log[1])
    await connection.execute(positions.update().where(*mine).values(**values))


async def forget(connection: AsyncConnection, log: Log) -> None:
    c = positions.c
    await connection.execute(positions.delete().where(c.number == log[0], c.occurrence == log[1]))


async def beat(connection: AsyncConnection) -> datetime | None:
    found: datetime | None = await connection.scalar(sa.select(beats.c.at))
    return found


async def put_beat(connection: AsyncConnection, at: datetime) -> None:
    await connection.execute(beats.delete())
    await connection.execute(beats.insert().values(id=1, at=at))


# --- sittings ----------------------------------------------------------------------------------------------------------


async def add_sittings(connection: AsyncConnection, org: str, more: Sequence[Sitting]) -> None:
    rows = [{"org": org, "began_ms": one.began, "ended_ms": one.ended} for one in more]
    if rows:
        await connection.execute(sittings.insert(), rows)


async def sittings_of(connection: AsyncConnection, org: str, first: date, last: date) -> list[Sitting]:
    """Also those that go on, as far as they were read."""
    began = milliseconds(datetime.combine(first, time(), UTC))
    ended = milliseconds(datetime.combine(last + timedelta(days=1), time(), UTC))
    c, p = sittings.c, positions.c
    past = sa.select(c.began_ms, c.ended_ms).where(c.org == org, c.ended_ms > began, c.began_ms < ended)
    now = sa.select(p.since_ms, p.at_ms).where(p.org == org, p.since_ms < ended, p.at_ms > began)
    return [Sitting(*row) for row in await connection.execute(past.union_all(now))]


async def forget_sittings(connection: AsyncConnection, before: datetime) -> None:
    await connection.execute(sittings.delete().where(sittings.c.ended_ms < milliseconds(before)))


# --- days ---------------------------------------------------------------------------------------------------------------


async def add(connection: AsyncConnection, org: str, more: Days) -> None:
    for day in sorted(more):
        await _add(connection, org, day, more[day])


async def _add(connection: AsyncConnection, org: str, day: date, more: Figures) -> None:
    c = days.c
    values = {
        "ms": c.ms + more.ms,
        "meetings": c.meetings + more.meetings,
        "peak": sa.case((c.peak < more.peak, more.peak), else_=c.peak),
        "people": c.people + more.people,
    }
    changed = await connection.execute(days.update().where(c.org == org, c.day == day).values(values))
    if changed.rowcount == 0:
        row = {"ms": more.ms, "meetings": more.meetings, "peak": more.peak, "people": more.people}
        await connection.execute(days.insert().values(org=org, day=day, **row))


async def days_of(connection: AsyncConnection, org: str, first: date, last: date) -> Days:
    c = days.c
    rows = await connection.execute(days.select().where(c.org == org, c.day.between(first, last)))
    return {row.day: Figures(row.ms, row.meetings, row.peak, row.people) for row in rows}


async def days_of_all(connection: AsyncConnection, first: date, last: date) -> Days:
    return {row.day: _sum(row) for row in await connection.execute(_sums(days.c.day, first, last))}


async def organisations(connection: AsyncConnection, first: date, last: date) -> Mapping[str, Figures]:
    return {row.org: _sum(row) for row in await connection.execute(_sums(days.c.org, first, last))}


async def organisations_on(connection: AsyncConnection, among: Sequence[date]) -> int:
    """How many met on any of those days."""
    c = days.c
    wanted = sa.select(sa.func.count(sa.distinct(c.org))).where(c.org != "", c.day.in_(among))
    return int(await connection.scalar(wanted) or 0)


async def organisations_each_day(connection: AsyncConnection, first: date, last: date) -> Mapping[date, int]:
    c = days.c
    mine = sa.select(c.day, sa.func.count().label("many")).where(c.org != "", c.day.between(first, last))
    return {row.day: int(row.many) for row in await connection.execute(mine.group_by(c.day))}


async def first_day(connection: AsyncConnection, org: str | None) -> date | None:
    mine = sa.true() if org is None else days.c.org == org
    found: date | None = await connection.scalar(sa.select(sa.func.min(days.c.day)).where(mine))
    return found


def _sums(by: sa.ColumnElement[Any], first: date, last: date) -> sa.Select[Any]:
    c = days.c
    sums = (sa.func.sum(c.ms).label("ms"), sa.func.sum(c.meetings).label("meetings"))
    more = (sa.func.max(c.peak).label("peak"), sa.func.sum(c.people).label("people"))
    return sa.select(by, *sums, *more).where(c.day.between(first, last)).group_by(by)


def _sum(row: sa.Row[Any]) -> Figures:
    return Figures(int(row.ms), int(row.meetings), int(row.peak), int(row.people))
