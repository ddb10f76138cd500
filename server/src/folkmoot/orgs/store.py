"""Queries of organisations, their people and links. Each within the caller's transaction, so that a use case is one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import AccountId
from folkmoot.accounts.tables import addresses
from folkmoot.kit.text import folded
from folkmoot.orgs.model import (
    LISTED,
    GroupId,
    Joining,
    Link,
    Member,
    MemberId,
    Org,
    OrgId,
    Role,
    State,
    sought,
)
from folkmoot.orgs.tables import group_members, links, members, orgs
from folkmoot.storage.searching import Place, beyond, holds

# --- organisations ----------------------------------------------------------------------------------------------------


async def org_of(connection: AsyncConnection, id: OrgId) -> Org | None:
    row = (await connection.execute(orgs.select().where(orgs.c.id == id))).first()
    return None if row is None else _org(row)


async def orgs_of(connection: AsyncConnection, account: AccountId) -> list[tuple[Org, Member]]:
    """Where they are, or may be if they say yes."""
    wanted = members.select().where(members.c.account == account)
    found = [_member(row) for row in await connection.execute(wanted)]
    named = {one.id: one for one in await _named(connection, [member.org for member in found])}
    pairs = [(named[member.org], member) for member in found]
    return sorted(pairs, key=lambda pair: (pair[0].name, pair[0].id))


async def all_orgs(
    connection: AsyncConnection,
    like: str,
    most: int,
    after: Place | None = None,
    also: Collection[OrgId] = (),
) -> list[tuple[Org, int]]:
    """For the operator: with how many members. The oldest first. By parts of the name, and those of `also`."""
    c = orgs.c
    count = sa.select(sa.func.count()).where(members.c.org == c.id, members.c.state == State.MEMBER.value)
    named = sa.and_(sa.true(), *(holds(connection, c.folded, word) for word in folded(like).split()))
    wanted = sa.select(orgs, count.scalar_subquery().label("people"))
    wanted = wanted.where(beyond(orgs, after), sa.or_(named, c.id.in_(also)) if also else named)
    rows = await connection.execute(wanted.order_by(c.made_at, c.id).limit(most))
    return [(_org(row), row.people) for row in rows]


async def successor(connection: AsyncConnection, org: OrgId, gone: AccountId) -> AccountId | None:
    """Who has what of the organisation's somebody leaves behind: who owns it or governs it, the longest there."""
    c = members.c
    there = sa.and_(c.org == org, c.state == State.MEMBER.value, c.account.is_not(None), c.account != gone)
    first = sa.case((c.role == Role.OWNER.value, 0), else_=1)
    governs = there & c.role.in_([Role.OWNER.value, Role.ADMIN.value])
    wanted = sa.select(c.account).where(governs).order_by(first, c.made_at, c.id).limit(1)
    return await connection.scalar(wanted)


async def add_org(connection: AsyncConnection, made: Org) -> None:
    row = {"id": made.id, **_found_by(made.name), "joining": made.joining.value, "made_at": made.made_at}
    await connection.execute(orgs.insert().values(**row))


async def change_org(connection: AsyncConnection, id: OrgId, **changed: Any) -> None:
    if "name" in changed:
        changed |= _found_by(changed["name"])
    await connection.execute(orgs.update().where(orgs.c.id == id).values(**changed))


def _found_by(name: str) -> dict[str, str]:
    """With what it is found by."""
    return {"name": name, "folded": folded(name)}


async def remove_org(connection: AsyncConnection, id: OrgId) -> None:
    await connection.execute(orgs.delete().where(orgs.c.id == id))


# --- people -----------------------------------------------------------------------------------------------------------


async def member(connection: AsyncConnection, org: OrgId, id: MemberId) -> Member | None:
    found = members.select().where(members.c.org == org, members.c.id == id)
    row = (await connection.execute(found)).first()
    return None if row is None else _member(row)


async def member_of(connection: AsyncConnection, org: OrgId, account: AccountId) -> Member | None:
    found = members.select().where(members.c.org == org, members.c.account == account)
    row = (await connection.execute(found)).first()
    return None if row is None else _member(row)


async def members_of(connection: AsyncConnection, org: OrgId, ids: Collection[MemberId]) -> list[Member]:
    """By their ids alone: told the organisation as well, SQLite walks all of it."""
    found = members.select().where(members.c.id.in_(ids))
    return [_member(row) for row in await connection.execute(found) if row.org == org]


async def member_by_address(connection: AsyncConnection, org: OrgId, address: str) -> Member | None:
    found = members.select().where(members.c.org == org, members.c.address == address)
    row = (await connection.execute(found)).first()
    return None if row is None else _member(row)


async def listed(connection: AsyncConnection, org: OrgId) -> list[Member]:
    c = members.c
    found = members.select().where(c.org == org, c.state.in_([one.value for one in LISTED]))
    return [_member(row) for row in await connection.execute(found.order_by(c.made_at, c.id))]


async def everybody(
    connection: AsyncConnection, org: OrgId
) -> list[tuple[str, str | None, str, list[str], str]]:
    """Name, address, role, groups and state of all that are listed."""
    c, a, g = members.c, addresses.c, group_members.c
    proven = (
        sa.select(sa.func.min(a.address))
        .where(a.account == c.account, a.proven_at.is_not(None))
        .scalar_subquery()
    )
    found = sa.select(
        c.id, c.name, c.role, c.state, sa.func.coalesce(proven, c.address).label("shown")
    ).where(c.org == org, c.state.in_([one.value for one in LISTED]))
    rows = (await connection.execute(found.order_by(c.sort, c.id))).all()
    groups: dict[str, list[str]] = {}
    inside = sa.select(g.member, g.group).join(members, c.id == g.member).where(c.org == org)
    for row in await connection.execute(inside.order_by(g.group)):
        groups.setdefault(row.member, []).append(row.group)
    return [(row.name, row.shown, row.role, groups.get(row.id, []), row.state) for row in rows]


async def awaited(connection: AsyncConnection, addresses: Sequence[str]) -> list[Member]:
    """Who is expected by one of these addresses, wherever."""
    c = members.c
    found = members.select().where(c.address.in_(addresses), c.account.is_(None), c.state == State.INVITED)
    return [_member(row) for row in await connection.execute(found)]


async def count_members(connection: AsyncConnection, org: OrgId, **by: Any) -> int:
    """Of those that are listed, unless a state is named."""
    wanted = sa.select(sa.func.count()).select_from(members).where(members.c.org == org)
    for name, value in by.items():
        wanted = wanted.where(members.c[name] == value)
    return int(await connection.scalar(wanted) or 0)


async def owned(connection: AsyncConnection, account: AccountId) -> int:
    c = members.c
    wanted = sa.select(sa.func.count()).where(c.account == account, c.role == Role.OWNER)
    return int(await connection.scalar(wanted) or 0)


async def owners(connection: AsyncConnection, org: OrgId) -> list[AccountId]:
    c = members.c
    mine = (c.org == org, c.role == Role.OWNER.value, c.state == State.MEMBER.value)
    found = sa.select(c.account).where(*mine, c.account.is_not(None)).order_by(c.made_at)
    return [AccountId(row.account) for row in await connection.execute(found)]


async def senior(connection: AsyncConnection, org: OrgId) -> Member | None:
    """Who has been there the longest, of the highest role."""
    c = members.c
    rank = sa.case({Role.OWNER: 0, Role.ADMIN: 1}, value=c.role, else_=2)
    found = members.select().where(c.org == org, c.state == State.MEMBER, c.account.is_not(None))
    row = (await connection.execute(found.order_by(rank, c.made_at, c.id).limit(1))).first()
    return None if row is None else _member(row)


async def add_member(connection: AsyncConnection, made: Member, addresses: tuple[str, ...] = ()) -> None:
    await connection.execute(members.insert().values(row_of(made, addresses)))


async def change_member(connection: AsyncConnection, id: MemberId, at: datetime, **changed: Any) -> None:
    c = members.c
    await connection.execute(
        members.update().where(c.id == id).values(changed_at=at, version=c.version + 1, **changed)
    )


async def remove_member(connection: AsyncConnection, id: MemberId) -> None:
    await connection.execute(members.delete().where(members.c.id == id))


def row_of(made: Member, addresses: tuple[str, ...]) -> dict[str, Any]:
    known = addresses or ((made.address,) if made.address else ())
    return {
        "id": made.id,
        "org": made.org,
        "account": made.account,
        "address": made.address,
        **seen_as(made.name, known),
        "role": made.role.value,
        "state": made.state.value,
        "domain": made.domain,
        "external": made.external,
        "managed": made.managed,
        "made_at": made.made_at,
        "changed_at": made.changed_at,
        "version": made.version,
    }


def seen_as(name: str, addresses: tuple[str, ...]) -> dict[str, str]:
    """By what somebody is found, and where they stand in a list."""
    return {"name": name, "sought": sought(name, addresses), "sort": folded(name)[:64]}


# --- links ------------------------------------------------------------------------------------------------------------


async def add_link(connection: AsyncConnection, hash: bytes, made: Link) -> None:
    row = {"id": made.id, "org": made.org, "member": made.member, "group": made.group}
    more = {"made_by": made.made_by, "made_at": made.made_at, "until": made.until, "used": made.used}
    await connection.execute(links.insert().values(hash=hash, **row, **more))


async def link(connection: AsyncConnection, hash: bytes, now: datetime) -> Link | None:
    row = (await connection.execute(links.select().where(links.c.hash == hash, links.c.until >= now))).first()
    return None if row is None else _link(row)


async def open_links(connection: AsyncConnection, org: OrgId, now: datetime) -> list[Link]:
    """Those for everybody."""
    c = links.c
    found = links.select().where(c.org == org, c.member.is_(None), c.until >= now).order_by(c.made_at)
    return [_link(row) for row in await connection.execute(found)]


async def link_used(connection: AsyncConnection, id: str) -> None:
    await connection.execute(links.update().where(links.c.id == id).values(used=links.c.used + 1))


async def remove_link(connection: AsyncConnection, org: OrgId, id: str) -> bool:
    return bool(
        (await connection.execute(links.delete().where(links.c.org == org, links.c.id == id))).rowcount
    )


async def remove_links_of(connection: AsyncConnection, member: MemberId) -> None:
    await connection.execute(links.delete().where(links.c.member == member))


async def forget_old_links(connection: AsyncConnection, now: datetime) -> None:
    await connection.execute(links.delete().where(links.c.until < now))


# --- rows -------------------------------------------------------------------------------------------------------------


async def _named(connection: AsyncConnection, ids: Collection[OrgId]) -> list[Org]:
    return [_org(row) for row in await connection.execute(orgs.select().where(orgs.c.id.in_(ids)))]


def _org(row: Any) -> Org:
    return Org(OrgId(row.id), row.name, Joining(row.joining), row.made_at)


def _member(row: Any) -> Member:
    return Member(
        MemberId(row.id),
        OrgId(row.org),
        None if row.account is None else AccountId(row.account),
        row.address,
        row.name,
        Role(row.role),
        State(row.state),
        row.made_at,
        row.changed_at,
        row.domain,
        row.external,
        row.managed,
        row.version,
    )


def _link(row: Any) -> Link:
    member = None if row.member is None else MemberId(row.member)
    group = None if row.group is None else GroupId(row.group)
    by = AccountId(row.made_by)
    return Link(row.id, OrgId(row.org), member, group, by, row.made_at, row.until, row.used)
