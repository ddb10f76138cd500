"""Queries of groups, and of who is in which."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.orgs.model import Group, GroupId, MemberId, OrgId, State
from folkmoot.orgs.tables import group_members, groups, members
from folkmoot.orgs.tree import Tree


async def tree_of(connection: AsyncConnection, org: OrgId) -> Tree:
    return Tree([_group(row) for row in await connection.execute(groups.select().where(groups.c.org == org))])


async def add_group(connection: AsyncConnection, made: Group) -> None:
    row = {
        "id": made.id,
        "org": made.org,
        "parent": made.parent,
        "name": made.name,
        "external": made.external,
    }
    more = {"made_at": made.made_at, "changed_at": made.changed_at, "version": made.version}
    await connection.execute(groups.insert().values(**row, **more))


async def change_group(connection: AsyncConnection, id: GroupId, at: datetime, **changed: Any) -> None:
    c = groups.c
    await connection.execute(
        groups.update().where(c.id == id).values(changed_at=at, version=c.version + 1, **changed)
    )


async def remove_group(connection: AsyncConnection, group: Group) -> None:
    """What was in it is in what it was in."""
    await connection.execute(groups.update().where(groups.c.parent == group.id).values(parent=group.parent))
    await connection.execute(groups.delete().where(groups.c.id == group.id))


async def put_in(connection: AsyncConnection, group: GroupId, who: Collection[MemberId]) -> None:
    there = set(await people_in(connection, group))
    rows = [{"group": group, "member": one} for one in dict.fromkeys(who) if one not in there]
    if rows:
        await connection.execute(group_members.insert(), rows)


async def take_out(connection: AsyncConnection, group: GroupId, who: Collection[MemberId]) -> None:
    c = group_members.c
    await connection.execute(group_members.delete().where(c.group == group, c.member.in_(who)))


async def people_in(connection: AsyncConnection, group: GroupId) -> list[MemberId]:
    """Of this one alone."""
    c = group_members.c
    found = sa.select(c.member).where(c.group == group).order_by(c.member)
    return [MemberId(row.member) for row in await connection.execute(found)]


async def groups_of(connection: AsyncConnection, who: Collection[MemberId]) -> dict[MemberId, list[GroupId]]:
    c = group_members.c
    found: dict[MemberId, list[GroupId]] = {}
    for row in await connection.execute(group_members.select().where(c.member.in_(who)).order_by(c.group)):
        found.setdefault(MemberId(row.member), []).append(GroupId(row.group))
    return found


async def sizes(connection: AsyncConnection, org: OrgId) -> dict[GroupId, int]:
    """How many members are in each, itself alone."""
    c, m = group_members.c, members.c
    counted = (
        sa.select(c.group, sa.func.count().label("people"))
        .join_from(group_members, members, m.id == c.member)
        .where(m.org == org, m.state != State.INACTIVE)
        .group_by(c.group)
    )
    return {GroupId(row.group): row.people for row in await connection.execute(counted)}


def _group(row: Any) -> Group:
    parent = None if row.parent is None else GroupId(row.parent)
    return Group(
        GroupId(row.id),
        OrgId(row.org),
        parent,
        row.name,
        row.made_at,
        row.changed_at,
        row.external,
        row.version,
    )
