"""The tree of groups is built, moved and cut."""

from __future__ import annotations

from dataclasses import dataclass

from folkmoot.accounts import Account
from folkmoot.kit import Refusal, text
from folkmoot.orgs import group_store
from folkmoot.orgs.events import RulesChanged
from folkmoot.orgs.model import MOST_GROUPS, Group, GroupId, OrgId, Role
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.tree import UNKNOWN, Tree


@dataclass(frozen=True, slots=True)
class Shown:
    """A group where it stands."""

    group: Group
    depth: int
    people: int
    """In it itself."""


async def listed(at: Orgs, who: Account, id: OrgId) -> list[Shown] | Refusal:
    async with at.storage.reading() as connection:
        me = await at.standing(connection, id, who.id)
        if isinstance(me, Refusal):
            return me
        tree, sizes = await group_store.tree_of(connection, id), await group_store.sizes(connection, id)
    return [Shown(group, depth, sizes.get(group.id, 0)) for group, depth in tree.walk()]


async def make(at: Orgs, who: Account, id: OrgId, name: str, parent: GroupId | None) -> Group | Refusal:
    said = text.name(name)
    if isinstance(said, Refusal):
        return said
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.ADMIN)
        if isinstance(me, Refusal):
            return me
        tree = await group_store.tree_of(act.connection, id)
        if (refusal := may_be_made(tree, said, parent)) is not None:
            return refusal
        now = at.clock.now()
        made = Group(GroupId(at.draw("g_")), id, parent, said, now, now)
        await group_store.add_group(act.connection, made)
        await act.note(id, who.id, "group.made", made.id)
    return made


def may_be_made(tree: Tree, name: str, parent: GroupId | None) -> Refusal | None:
    if len(tree.groups) >= MOST_GROUPS:
        return Refusal("org.too_many_groups", {"most": MOST_GROUPS})
    return tree.may_stand(None, name, parent)


async def change(
    at: Orgs, who: Account, id: OrgId, group: GroupId, name: str | None, parent: GroupId | None
) -> Refusal | None:
    """Called so, and under that one (None: under none)."""
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.ADMIN)
        if isinstance(me, Refusal):
            return me
        tree = await group_store.tree_of(act.connection, id)
        kept = tree.groups.get(group)
        if kept is None:
            return UNKNOWN
        said = kept.name if name is None else text.name(name)
        if isinstance(said, Refusal):
            return said
        if (refusal := tree.may_stand(group, said, parent)) is not None:
            return refusal
        await group_store.change_group(act.connection, group, at.clock.now(), name=said, parent=parent)
        await act.note(id, who.id, "group.changed", group, parent=parent or "")
    at.bus.publish(RulesChanged(id))
    return None


async def remove(at: Orgs, who: Account, id: OrgId, group: GroupId) -> Refusal | None:
    """Its people stay; groups in it go up by one."""
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.ADMIN)
        if isinstance(me, Refusal):
            return me
        tree = await group_store.tree_of(act.connection, id)
        if group not in tree.groups:
            return UNKNOWN
        for child in tree.children(group):
            if tree.may_stand(child.id, child.name, tree.groups[group].parent) is not None:
                return Refusal("org.group_taken")
        await group_store.remove_group(act.connection, tree.groups[group])
        await act.note(id, who.id, "group.removed", group)
    at.bus.publish(RulesChanged(id))
    return None
