"""Queries. Each within the caller's transaction, so that a use case is one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.calendar import model, occurring
from folkmoot.calendar.model import Invitation, Kind, Mine, Series, SeriesId
from folkmoot.calendar.tables import invitations, people, series, templates
from folkmoot.meetings.planned import Visitor

MOST_AT_ONCE = 500
"""Meetings of one person that are looked at, the latest made first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A series as it stands in somebody's calendar."""

    series: Series
    mine: Mine
    invitation: Invitation | None


@dataclass(frozen=True, slots=True)
class Preferences:
    feed_version: int = 1
    quiet_from: str | None = None
    quiet_to: str | None = None
    ring_by_mail: bool = True
    heir: str | None = None
    """Who has their meetings when their account goes: an account or an organisation. None: they are cancelled."""


# --- series -------------------------------------------------------------------------------------------------------------


async def add(connection: AsyncConnection, one: Series) -> None:
    await connection.execute(series.insert().values(_row(one)))


async def change(connection: AsyncConnection, one: Series) -> None:
    await connection.execute(series.update().where(series.c.id == one.id).values(_row(one)))


async def remove(connection: AsyncConnection, id: SeriesId) -> None:
    await connection.execute(invitations.delete().where(invitations.c.series == id))
    await connection.execute(series.delete().where(series.c.id == id))


async def find(connection: AsyncConnection, id: str) -> Series | None:
    row = (await connection.execute(series.select().where(series.c.id == id))).first()
    return None if row is None else _series(row)


async def of_number(connection: AsyncConnection, number: str) -> Series | None:
    row = (await connection.execute(series.select().where(series.c.number == number))).first()
    return None if row is None else _series(row)


async def first_planned(connection: AsyncConnection) -> AsyncIterator[tuple[str, datetime]]:
    """By account, when its first meeting that is still known was made."""
    wanted = sa.select(series.c.owner, sa.func.min(series.c.made_at)).group_by(series.c.owner)
    async with connection.stream(wanted.execution_options(yield_per=1000)) as rows:
        async for owner, at in rows:
            yield owner, at


async def room_of(connection: AsyncConnection, owner: str) -> Series | None:
    mine = series.select().where(series.c.owner == owner, series.c.kind == Kind.ROOM.value)
    row = (await connection.execute(mine)).first()
    return None if row is None else _series(row)


async def owned(connection: AsyncConnection, owner: str) -> list[Series]:
    return [_series(row) for row in await connection.execute(series.select().where(series.c.owner == owner))]


async def to_come(connection: AsyncConnection, owner: str, now: datetime) -> list[Series]:
    """What somebody planned and isn't over, the latest made first."""
    mine = series.select().where(series.c.owner == owner, series.c.kind == Kind.PLANNED.value, _goes_on(now))
    return [_series(row) for row in await connection.execute(_latest(mine))]


async def give(connection: AsyncConnection, owner: str, org: str, ids: Sequence[str]) -> list[str]:
    """Of those ids, what they own belongs to the organisation now. The numbers."""
    mine = sa.and_(series.c.id.in_(ids), series.c.owner == owner, series.c.kind == Kind.PLANNED.value)
    numbers = list(await connection.scalars(sa.select(series.c.number).where(mine)))
    await connection.execute(series.update().where(mine).values(org=org))
    return numbers


async def of_org(connection: AsyncConnection, org: str, owner: str) -> list[Series]:
    mine = series.select().where(series.c.org == org, series.c.owner == owner)
    return [_series(row) for row in await connection.execute(mine)]


async def forget_org(connection: AsyncConnection, org: str) -> None:
    """Its meetings are their owners' own again."""
    await connection.execute(series.update().where(series.c.org == org).values(org=None))
    await connection.execute(people.update().where(people.c.heir == org).values(heir=None))


async def count_owned(connection: AsyncConnection, owner: str, now: datetime) -> int:
    """Of those that are still to come."""
    mine = sa.select(sa.func.count()).select_from(series).where(series.c.owner == owner, _goes_on(now))
    return int(await connection.scalar(mine) or 0)


async def entries(connection: AsyncConnection, of: Visitor, since: datetime | None) -> list[Entry]:
    """All that somebody owns or is invited to; `since`: and that isn't over by then."""
    going = [] if since is None else [_goes_on(since)]
    own = series.select().where(series.c.owner == of.account, *going)
    found = [Entry(_series(row), Mine.OWNER, None) for row in await connection.execute(_latest(own))]
    theirs = (
        sa.select(series, *(c.label(f"i_{c.name}") for c in invitations.c))
        .join(invitations, invitations.c.series == series.c.id)
        .where(_for(of), ~invitations.c.revoked, series.c.owner != of.account, *going)
    )
    met: set[str] = {one.series.id for one in found}
    for row in await connection.execute(_latest(theirs)):
        if row.id not in met:
            met.add(row.id)
            invited = _invitation({c.name: row._mapping[f"i_{c.name}"] for c in invitations.c})
            found.append(Entry(_series(row), _mine(invited), invited))
    return found


# --- invitations ----------------------------------------------------------------------------------------------------------


async def invite(connection: AsyncConnection, several: Sequence[Invitation], place: int) -> None:
    rows = [_invited_row(one) | {"place": place + n} for n, one in enumerate(several)]
    await connection.execute(invitations.insert(), rows)


async def change_invitation(connection: AsyncConnection, one: Invitation) -> None:
    await connection.execute(invitations.update().where(invitations.c.id == one.id).values(_invited_row(one)))


async def invited(connection: AsyncConnection, id: SeriesId) -> list[Invitation]:
    mine = invitations.select().where(invitations.c.series == id).order_by(invitations.c.place)
    return [_invitation(row._mapping) for row in await connection.execute(mine)]


async def invitation(connection: AsyncConnection, id: str) -> Invitation | None:
    row = (await connection.execute(invitations.select().where(invitations.c.id == id))).first()
    return None if row is None else _invitation(row._mapping)


async def invitation_of(connection: AsyncConnection, id: SeriesId, of: Visitor) -> Invitation | None:
    mine = invitations.select().where(invitations.c.series == id, _for(of), ~invitations.c.revoked)
    row = (await connection.execute(mine.order_by(invitations.c.cohost.desc(), invitations.c.place))).first()
    return None if row is None else _invitation(row._mapping)


async def counts(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, int]:
    """How many are invited."""
    c = invitations.c
    wanted = (
        sa.select(c.series, sa.func.count()).where(c.series.in_(list(ids)), ~c.revoked).group_by(c.series)
    )
    return {row[0]: row[1] for row in await connection.execute(wanted)}


async def forget_account(connection: AsyncConnection, account: str) -> None:
    """What was for that account alone. An invitation by address stays the address's."""
    mine = invitations.c.account == account
    alone = sa.and_(mine, invitations.c.address.is_(None))
    await connection.execute(invitations.delete().where(alone))
    await connection.execute(invitations.update().where(mine).values(account=None))
    await connection.execute(series.update().where(series.c.handed_by == account).values(handed_by=""))
    await connection.execute(templates.delete().where(templates.c.owner == account))
    await connection.execute(people.delete().where(people.c.account == account))


# --- of one person ----------------------------------------------------------------------------------------------------------


async def preferences(connection: AsyncConnection, account: str) -> Preferences:
    row = (await connection.execute(people.select().where(people.c.account == account))).first()
    if row is None:
        return Preferences()
    return Preferences(row.feed_version, row.quiet_from, row.quiet_to, row.ring_by_mail, row.heir)


async def prefer(connection: AsyncConnection, account: str, wanted: Preferences) -> None:
    await connection.execute(people.delete().where(people.c.account == account))
    fields = {name: getattr(wanted, name) for name in Preferences.__dataclass_fields__}
    await connection.execute(people.insert().values(account=account, **fields))


async def templates_of(connection: AsyncConnection, owner: str) -> list[tuple[str, str, Mapping[str, Any]]]:
    mine = templates.select().where(templates.c.owner == owner).order_by(templates.c.name)
    return [(row.id, row.name, row.wish) for row in await connection.execute(mine)]


async def add_template(
    connection: AsyncConnection, id: str, owner: str, name: str, wish: Mapping[str, Any]
) -> None:
    await connection.execute(templates.insert().values(id=id, owner=owner, name=name, wish=dict(wish)))


async def remove_template(connection: AsyncConnection, id: str, owner: str) -> bool:
    mine = templates.delete().where(templates.c.id == id, templates.c.owner == owner)
    return bool((await connection.execute(mine)).rowcount)


# --- inside -----------------------------------------------------------------------------------------------------------------


def _goes_on(since: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        series.c.cancelled_at.is_(None), sa.or_(series.c.over_at.is_(None), series.c.over_at > since)
    )


def _for(of: Visitor) -> sa.ColumnElement[bool]:
    c = invitations.c
    return (
        sa.or_(c.account == of.account, c.address.in_(of.addresses))
        if of.addresses
        else c.account == of.account
    )


def _latest(wanted: sa.Select[Any]) -> sa.Select[Any]:
    return wanted.order_by(series.c.made_at.desc()).limit(MOST_AT_ONCE)


def _mine(invited: Invitation) -> Mine:
    return Mine.COHOST if invited.cohost else Mine.INVITED


def _row(one: Series) -> dict[str, Any]:
    return {
        "id": one.id,
        "number": one.number,
        "owner": one.owner,
        "kind": one.kind.value,
        "title": one.title,
        "notes": one.notes,
        "zone": one.zone,
        "minutes": one.minutes,
        "plan": model.packed(one),
        "sequence": one.sequence,
        "link_version": one.link_version,
        "made_at": one.made_at,
        "cancelled_at": one.cancelled_at,
        "over_at": occurring.last_end(one),
        "org": one.org,
        "handed_by": one.handed_by,
    }


def _series(row: Any) -> Series:
    return Series(
        SeriesId(row.id),
        row.number,
        row.owner,
        Kind(row.kind),
        row.title,
        row.notes,
        row.zone,
        row.made_at,
        row.minutes,
        model.unpacked_terms(row.plan),
        model.unpacked_stretches(row.plan),
        model.unpacked_changes(row.plan),
        row.sequence,
        row.cancelled_at,
        row.link_version,
        row.org,
        row.handed_by,
    )


def _invited_row(one: Invitation) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Invitation.__dataclass_fields__}


def _invitation(row: Mapping[Any, Any]) -> Invitation:
    return Invitation(**{name: row[name] for name in Invitation.__dataclass_fields__})
