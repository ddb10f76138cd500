"""Somebody comes: by a link, by saying yes, by their organisation's rule; says no; goes.

Law: joining takes nothing from anybody: account, addresses and meetings stay theirs, but for the meetings that they say come
along. Who says no stays as they were, and is asked by hand at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from folkmoot.accounts import Account
from folkmoot.accounts.model import hashed
from folkmoot.audit import Acting
from folkmoot.kit import Refusal
from folkmoot.orgs import group_store, store
from folkmoot.orgs.events import MemberJoined, MemberLeft, RulesChanged
from folkmoot.orgs.model import MOST_MEMBERS, Link, Member, MemberId, Org, OrgId, Role, State
from folkmoot.orgs.orgs import Orgs, proven

OVER = Refusal("org.link_over")
MOST_MEETINGS = 1000


@dataclass(frozen=True, slots=True)
class Shown:
    """What an invitation's link says before anybody says yes."""

    org: Org
    by: str
    address: str | None
    role: Role


@dataclass(frozen=True, slots=True)
class Question:
    """One that somebody hasn't answered."""

    org: Org
    domain: str | None
    """None: they are invited by name."""


async def look_at_link(at: Orgs, secret: str) -> Shown | Refusal:
    async with at.storage.reading() as connection:
        link = await store.link(connection, hashed(secret), at.clock.now())
        org = await store.org_of(connection, link.org) if link else None
        if link is None or org is None:
            return OVER
        own = await store.member(connection, link.org, link.member) if link.member else None
        by = await store.member_of(connection, link.org, link.made_by)
    role = own.role if own else Role.MEMBER
    return Shown(org, by.name if by else "", own.address if own else None, role)


async def join(at: Orgs, who: Account, secret: str, meetings: Sequence[str] = ()) -> Org | Refusal:
    async with at.audit.acting() as act:
        link = await store.link(act.connection, hashed(secret), at.clock.now())
        org = await store.org_of(act.connection, link.org) if link else None
        if link is None or org is None:
            return OVER
        refusal = await _by_link(at, act, who, link)
        if refusal is not None:
            return refusal
        await _bring(at, act, org.id, who, meetings)
    _told(at, MemberJoined(org.id, who.id))
    return org


async def _by_link(at: Orgs, act: Acting, who: Account, link: Link) -> Refusal | None:
    mine = await store.member_of(act.connection, link.org, who.id)
    if mine is not None and mine.state is State.INACTIVE:
        return Refusal("org.inactive")
    expected = await store.member(act.connection, link.org, link.member) if link.member else None
    if await store.count_members(act.connection, link.org) >= MOST_MEMBERS:
        return Refusal("org.full", {"most": MOST_MEMBERS})
    member = await become(at, act, link.org, who, mine, expected, "link")
    if link.group is not None:
        await group_store.put_in(act.connection, link.group, [member])
    if link.member is not None:
        await store.remove_link(act.connection, link.org, link.id)
    else:
        await store.link_used(act.connection, link.id)
    return None


async def become(
    at: Orgs, act: Acting, org: OrgId, who: Account, mine: Member | None, expected: Member | None, how: str
) -> MemberId:
    """One row of what was asked, what was expected, and who is there already: the higher role, all groups."""
    now = at.clock.now()
    if mine is None and expected is None:
        made = Member(
            *(MemberId(at.draw("m_")), org, who.id, None, who.name, Role.MEMBER, State.MEMBER, now, now)
        )
        await store.add_member(act.connection, made, proven(who))
        await act.note(org, who.id, "member.joined", made.id, by=how)
        return made.id
    kept = mine or expected
    assert kept is not None
    role = max((one.role for one in (mine, expected) if one), key=lambda one: one.rank)
    both = mine is not None and expected is not None and mine.id != expected.id
    more: dict[str, Any] = {"account": who.id, "role": role.value, "state": State.MEMBER.value}
    if both and expected is not None:
        theirs = (await group_store.groups_of(act.connection, [expected.id])).get(expected.id, [])
        await store.remove_member(act.connection, expected.id)
        for group in theirs:
            await group_store.put_in(act.connection, group, [kept.id])
        more |= {"address": expected.address, "external": expected.external, "managed": expected.managed}
    seen = store.seen_as(who.name, proven(who))
    await store.change_member(act.connection, kept.id, now, **more, **seen)
    if kept.state is not State.MEMBER:
        await act.note(org, who.id, "member.joined", kept.id, by=how)
    return kept.id


async def questions(at: Orgs, who: Account) -> list[Question]:
    async with at.storage.reading() as connection:
        asked = [one for _, one in await store.orgs_of(connection, who.id) if one.state is State.ASKED]
        there = {one.org for _, one in await store.orgs_of(connection, who.id)}
        invited = [one for one in await store.awaited(connection, proven(who)) if one.org not in there]
        found = []
        for member in (*asked, *invited):
            org = await store.org_of(connection, member.org)
            if org is not None:
                found.append(Question(org, member.domain if member.state is State.ASKED else None))
    return found


async def answer(
    at: Orgs, who: Account, id: OrgId, *, yes: bool, meetings: Sequence[str] = ()
) -> Refusal | None:
    async with at.audit.acting() as act:
        mine = await store.member_of(act.connection, id, who.id)
        awaited = [one for one in await store.awaited(act.connection, proven(who)) if one.org == id]
        expected = awaited[0] if awaited else None
        asked = mine is not None and mine.state in (State.ASKED, State.DECLINED)
        if not asked and (expected is None or mine is not None):
            return Refusal("org.not_asked")
        if yes:
            await become(at, act, id, who, mine, expected, "domain" if mine else "invitation")
            await _bring(at, act, id, who, meetings)
        elif expected is not None:
            await store.remove_member(act.connection, expected.id)
            await act.note(id, who.id, "member.declined", expected.id)
        if not yes and mine is not None:
            await store.change_member(act.connection, mine.id, at.clock.now(), state=State.DECLINED.value)
            await act.note(id, "", "domain.declined", mine.domain or "")  # by whom, nobody learns
    if yes:
        _told(at, MemberJoined(id, who.id))
    return None


async def leave(at: Orgs, who: Account, id: OrgId) -> Refusal | None:
    async with at.audit.acting() as act:
        me = await at.standing(act.connection, id, who.id)
        if isinstance(me, Refusal):
            return me
        if await is_last_owner(act, me):
            return Refusal("org.last_owner")
        await store.remove_member(act.connection, me.id)
        await act.note(id, who.id, "member.left", me.id)
    _told(at, MemberLeft(id, who.id))
    return None


async def is_last_owner(act: Acting, member: Member) -> bool:
    owners = await store.count_members(
        act.connection, member.org, role=Role.OWNER.value, state=State.MEMBER.value
    )
    return member.role is Role.OWNER and member.state is State.MEMBER and owners == 1


async def _bring(at: Orgs, act: Acting, org: OrgId, who: Account, meetings: Sequence[str]) -> None:
    for bring in at.along if meetings else ():
        await bring(act.connection, org, who.id, meetings[:MOST_MEETINGS])


def _told(at: Orgs, event: MemberJoined | MemberLeft) -> None:
    at.bus.publish(event)
    at.bus.publish(RulesChanged(event.org))
