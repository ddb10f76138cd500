"""The good lines of a table: who is new is invited, who is there gets the role and groups that it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from folkmoot.accounts import Account, AccountId
from folkmoot.accounts.accounts import PROVE_AGAIN
from folkmoot.accounts.tables import addresses
from folkmoot.audit import Acting
from folkmoot.kit import Refusal
from folkmoot.orgs import group_store, grouping, importing, store
from folkmoot.orgs.changing import Change, apply, may_touch
from folkmoot.orgs.events import RulesChanged
from folkmoot.orgs.importing import Fault, Line
from folkmoot.orgs.inviting import Wish, invite_in
from folkmoot.orgs.model import MOST_MEMBERS, Group, GroupId, Member, Org, OrgId, Role
from folkmoot.orgs.orgs import UNKNOWN, Orgs
from folkmoot.orgs.tree import Tree

MOST_FAULTS = 200
"""Shown; the rest is counted."""
AT_ONCE = 100
"""In one transaction: nobody else waits for a whole table."""


@dataclass(slots=True)
class Taken:
    lines: int = 0
    invited: int = 0
    changed: int = 0
    faults: list[Fault] = field(default_factory=list)


async def take_in(
    at: Orgs, who: Account, id: OrgId, raw: bytes, *, try_only: bool, fresh: bool = False
) -> Taken | Refusal:
    """`fresh`: whoever brings it just proved who they are; a table that makes owners wants that."""
    async with at.storage.reading() as connection:
        me = await at.standing(connection, id, who.id, Role.ADMIN)
        count = await store.count_members(connection, id)
    if isinstance(me, Refusal):
        return me
    read = importing.read(raw)
    if isinstance(read, Refusal):
        return read
    if not (try_only or fresh) and any(line.role is Role.OWNER for line in read.lines):
        return PROVE_AGAIN
    if count + len(read.lines) > MOST_MEMBERS:
        return Refusal("org.full", {"most": MOST_MEMBERS})
    taken = Taken(len(read.lines) + len(read.faults), faults=list(read.faults))
    for first in range(0, len(read.lines), AT_ONCE):
        refusal = await _some(at, who, id, read.lines[first : first + AT_ONCE], taken, try_only=try_only)
        if refusal is not None:
            return refusal
    taken.faults.sort(key=lambda fault: fault.number)
    if not try_only:
        at.bus.publish(RulesChanged(id))
    return taken


async def _some(
    at: Orgs, who: Account, id: OrgId, lines: Sequence[Line], taken: Taken, *, try_only: bool
) -> Refusal | None:
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.ADMIN)
        org = await store.org_of(act.connection, id)
        if isinstance(me, Refusal) or org is None:
            return me if isinstance(me, Refusal) else UNKNOWN
        tree = await group_store.tree_of(act.connection, id)
        for line in lines:
            there = await _there(act, id, line.address)
            refusal = _may(me, line, there)
            if refusal is not None:
                taken.faults.append(Fault(line.number, "role", refusal))
                continue
            if try_only:
                _count(taken, there)
                continue
            groups = await _groups(at, act, who, id, tree, line)
            if isinstance(groups, Refusal):
                taken.faults.append(Fault(line.number, "groups", groups))
                continue
            tree, paths = groups
            failed = await _take(at, act, who, org, me, there, line, paths)
            if failed is None:
                _count(taken, there)
            else:
                taken.faults.append(Fault(line.number, "address", failed))
    return None


def _count(taken: Taken, there: Member | None) -> None:
    if there is None:
        taken.invited += 1
    else:
        taken.changed += 1


def _may(me: Member, line: Line, there: Member | None) -> Refusal | None:
    role = line.role or Role.MEMBER
    above = role.rank > me.role.rank or (there is not None and there.role.rank > me.role.rank)
    return Refusal("org.outranked") if above else None


async def _take(
    at: Orgs,
    act: Acting,
    who: Account,
    org: Org,
    me: Member,
    there: Member | None,
    line: Line,
    groups: Sequence[GroupId],
) -> Refusal | None:
    if there is None:
        wish = Wish(line.address, line.name, line.role or Role.MEMBER, tuple(groups))
        return (await invite_in(at, act, org, who, me, wish)).refusal
    change = Change(role=line.role)
    refused = await may_touch(act, me, org.id, [there.id], change)
    if isinstance(refused, Refusal):
        return refused
    await apply(at, act, who, there, change)
    for group in groups:
        await apply(at, act, who, there, Change(into=group))
    return None


async def _there(act: Acting, id: OrgId, address: str) -> Member | None:
    """Invited by it, or a member whose proven address it is. Who was only asked is not told."""
    found = await store.member_by_address(act.connection, id, address)
    if found is None:
        c = addresses.c
        wanted = sa.select(c.account).where(c.address == address, c.proven_at.is_not(None))
        account = await act.connection.scalar(wanted)
        found = None if account is None else await store.member_of(act.connection, id, AccountId(account))
    return found if found is not None and found.state not in ("asked", "declined") else None


async def _groups(
    at: Orgs, act: Acting, who: Account, id: OrgId, tree: Tree, line: Line
) -> tuple[Tree, list[GroupId]] | Refusal:
    """Those that aren't there are made."""
    found: list[GroupId] = []
    for path in line.groups:
        parent: GroupId | None = None
        for depth in range(len(path)):
            known = tree.named(path[: depth + 1])
            if known is None:
                if (refusal := grouping.may_be_made(tree, path[depth], parent)) is not None:
                    return refusal
                now = at.clock.now()
                made = Group(GroupId(at.draw("g_")), id, parent, path[depth], now, now)
                await group_store.add_group(act.connection, made)
                await act.note(id, who.id, "group.made", made.id)
                tree, known = Tree([*tree.groups.values(), made]), made.id
            parent = known
        if parent is not None:
            found.append(parent)
    return tree, found


async def exported(at: Orgs, who: Account, id: OrgId) -> str | Refusal:
    """Everybody that is listed, as a table."""
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.ADMIN)
        if isinstance(me, Refusal):
            return me
        tree = await group_store.tree_of(act.connection, id)
        rows = await store.everybody(act.connection, id)
        await act.note(id, who.id, "people.exported", id, people=len(rows))
    return importing.written(
        (
            name,
            address or "",
            role,
            "; ".join(_path(tree, GroupId(group)) for group in groups),
            state,
        )
        for name, address, role, groups, state in rows
    )


def _path(tree: Tree, group: GroupId) -> str:
    return "/".join(tree.groups[one].name for one in reversed(tree.above(group)))
