"""People get another role, other groups, or are taken out: one, or many at once.

Law: nobody gives a role above their own, nor touches who stands above them. An organisation is never without an owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from folkmoot.accounts import Account
from folkmoot.accounts.accounts import must_be_fresh
from folkmoot.accounts.model import Session
from folkmoot.audit import Acting
from folkmoot.kit import Refusal
from folkmoot.orgs import group_store, store
from folkmoot.orgs.events import MemberLeft, RulesChanged
from folkmoot.orgs.model import MOST_AT_ONCE, GroupId, Member, MemberId, OrgId, Role, State
from folkmoot.orgs.orgs import Orgs


@dataclass(frozen=True, slots=True)
class Change:
    """Of all that are named."""

    role: Role | None = None
    into: GroupId | None = None
    out_of: GroupId | None = None
    remove: bool = False


async def change(
    at: Orgs, who: Account, session: Session, id: OrgId, people: Sequence[MemberId], wanted: Change
) -> Refusal | None:
    """All of them or none."""
    if len(people) > MOST_AT_ONCE:
        return Refusal("org.too_many_at_once", {"most": MOST_AT_ONCE})
    if wanted.role is Role.OWNER and (refusal := must_be_fresh(session, at.accounts)) is not None:
        return refusal
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id, Role.ADMIN)
        if isinstance(me, Refusal):
            return me
        found = await may_touch(act, me, id, people, wanted)
        if isinstance(found, Refusal):
            return found
        for member in found:
            await apply(at, act, who, member, wanted)
    for member in found if wanted.remove else ():
        if member.account is not None and member.state is State.MEMBER:
            at.bus.publish(MemberLeft(id, member.account))
    at.bus.publish(RulesChanged(id))
    return None


async def may_touch(
    act: Acting, me: Member, id: OrgId, people: Sequence[MemberId], wanted: Change
) -> list[Member] | Refusal:
    found = [one for one in await store.members_of(act.connection, id, set(people)) if _listed(one)]
    if len(found) < len(set(people)):
        return Refusal("org.member_unknown")
    if any(one.role.rank > me.role.rank for one in found) or (
        wanted.role is not None and wanted.role.rank > me.role.rank
    ):
        return Refusal("org.outranked")
    known = (await group_store.tree_of(act.connection, id)).groups
    if any(group is not None and group not in known for group in (wanted.into, wanted.out_of)):
        return Refusal("org.group_unknown")
    if wanted.remove or (wanted.role is not None and wanted.role is not Role.OWNER):
        left = [one for one in found if one.role is Role.OWNER and one.state is State.MEMBER]
        owners = await store.count_members(
            act.connection, id, role=Role.OWNER.value, state=State.MEMBER.value
        )
        if left and len(left) == owners:
            return Refusal("org.last_owner")
    return found


def _listed(member: Member) -> bool:
    return member.state not in (State.ASKED, State.DECLINED)


async def apply(at: Orgs, act: Acting, who: Account, member: Member, wanted: Change) -> None:
    org, now = member.org, at.clock.now()
    if wanted.remove:
        await store.remove_member(act.connection, member.id)
        await act.note(org, who.id, "member.removed", member.id)
        return
    if wanted.role is not None and wanted.role is not member.role:
        await store.change_member(act.connection, member.id, now, role=wanted.role.value)
        await act.note(org, who.id, "member.role", member.id, was=member.role.value, role=wanted.role.value)
    if wanted.into is not None:
        await group_store.put_in(act.connection, wanted.into, [member.id])
        await act.note(org, who.id, "group.in", member.id, group=wanted.into)
    if wanted.out_of is not None and wanted.out_of != wanted.into:
        await group_store.take_out(act.connection, wanted.out_of, [member.id])
        await act.note(org, who.id, "group.out", member.id, group=wanted.out_of)


async def succession(at: Orgs, id: OrgId) -> None:
    """Its owners deleted their accounts: who has been there the longest, of the highest role, follows. With nobody it ends."""
    async with at.audit.acting() as act:
        if await store.org_of(act.connection, id) is None or not await _ownerless(act, id):
            return
        heir = await store.senior(act.connection, id)
        if heir is None:
            await at.end(act.connection, id)
            await act.note(id, "", "org.deleted", id)
            return
        await store.change_member(act.connection, heir.id, at.clock.now(), role=Role.OWNER.value)
        await act.note(id, "", "member.followed", heir.id)


async def _ownerless(act: Acting, id: OrgId) -> bool:
    return not await store.count_members(act.connection, id, role=Role.OWNER.value, state=State.MEMBER.value)
