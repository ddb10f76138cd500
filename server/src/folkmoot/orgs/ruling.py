"""Rules are said, shown with who decided, and asked for by a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account, AccountId
from folkmoot.kit import Refusal
from folkmoot.orgs import group_store, store
from folkmoot.orgs.events import RulesChanged
from folkmoot.orgs.floors import RULES, Decided, Floor, Said, checked, floor
from folkmoot.orgs.model import GroupId, OrgId, Role
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.tables import rules
from folkmoot.orgs.tree import Tree


@dataclass(frozen=True, slots=True)
class Shown:
    name: str
    choices: tuple[str, ...]
    said: str | None
    """By this one itself."""
    decided: Decided | None


async def listed(at: Orgs, who: Account, id: OrgId, group: GroupId | None) -> list[Shown] | Refusal:
    """Of the organisation, or as they are for a meeting of somebody in that group."""
    async with at.storage.reading() as connection:
        me = await at.standing(connection, id, who.id)
        if isinstance(me, Refusal):
            return me
        tree = await group_store.tree_of(connection, id)
        if group is not None and group not in tree.groups:
            return Refusal("org.group_unknown")
        said = await _said(connection, id)
        names = await _names(connection, id, tree)
    inside = [group] if group is not None else []
    in_force = floor(_in_order(said, tree, inside), names)
    own = {one.name: one.value for one in said if one.by == (group or "")}
    return [Shown(name, choices, own.get(name), in_force.get(name)) for name, choices in RULES.items()]


async def say(
    at: Orgs, who: Account, id: OrgId, group: GroupId | None, name: str, value: str | None
) -> Refusal | None:
    """`value`: None says nothing any more."""
    if (refusal := checked(name, value)) is not None:
        return refusal
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.ADMIN)
        if isinstance(me, Refusal):
            return me
        if group is not None and group not in (await group_store.tree_of(act.connection, id)).groups:
            return Refusal("org.group_unknown")
        c = rules.c
        mine = (c.org == id, c.group == (group or ""), c.name == name)
        await act.connection.execute(rules.delete().where(*mine))
        if value is not None:
            row = {"org": id, "group": group or "", "name": name, "value": value}
            await act.connection.execute(rules.insert().values(**row))
        await act.note(id, who.id, "rule.said", group or id, rule=name, value=value or "")
    at.bus.publish(RulesChanged(id))
    return None


async def floor_of(at: Orgs, id: OrgId, owner: AccountId | None) -> Floor:
    """What holds for a meeting of that owner in that organisation. Read when it starts, and when something changed."""
    async with at.storage.reading() as connection:
        said = await _said(connection, id)
        if not said:
            return {}
        tree = await group_store.tree_of(connection, id)
        member = None if owner is None else await store.member_of(connection, id, owner)
        inside = (await group_store.groups_of(connection, [member.id])).get(member.id, []) if member else []
        return floor(_in_order(said, tree, inside), await _names(connection, id, tree))


def _in_order(said: Iterable[Said], tree: Tree, inside: Iterable[GroupId]) -> list[Said]:
    """The organisation's first, then from above down."""
    chains = [tree.above(group) for group in inside]
    depth = {one: len(chain) - at for chain in chains for at, one in enumerate(chain)}
    mine = [one for one in said if not one.by or one.by in depth]
    return sorted(mine, key=lambda one: (depth.get(GroupId(one.by), 0), one.by))


async def _said(connection: AsyncConnection, id: OrgId) -> list[Said]:
    c = rules.c
    found = sa.select(c.name, c.value, c.group).where(c.org == id).order_by(c.group, c.name)
    return [Said(row.name, row.value, row.group) for row in await connection.execute(found)]


async def _names(connection: AsyncConnection, id: OrgId, tree: Tree) -> dict[str, str]:
    org = await store.org_of(connection, id)
    return {"": org.name if org else ""} | {group.id: group.name for group in tree.groups.values()}
