"""Groups of SCIM: groups of an organisation, made at the top; who looks after it moves them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scim2_models import InvalidValueException, NotFoundException, Resource, UniquenessException
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.audit import Acting
from folkmoot.kit import Refusal, text
from folkmoot.orgs import group_store, grouping, store
from folkmoot.orgs.model import LISTED, Group, GroupId, MemberId, OrgId
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.scim.people import meta

SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group"
MOST_MEMBERS = 20_000


async def of(connection: AsyncConnection, org: OrgId, id: str) -> Group:
    group = (await group_store.tree_of(connection, org)).groups.get(GroupId(id))
    if group is None:
        raise NotFoundException
    return group


async def shown(connection: AsyncConnection, groups: Sequence[Group]) -> list[dict[str, Any]]:
    return [
        {
            "schemas": [SCHEMA],
            "id": group.id,
            "externalId": group.external,
            "displayName": group.name,
            "members": [
                {"value": id, "type": "User", "$ref": f"Users/{id}"}
                for id in await group_store.people_in(connection, group.id)
            ],
            "meta": meta("Group", group),
        }
        for group in groups
    ]


async def make(at: Orgs, act: Acting, org: OrgId, by: str, said: Resource[Any]) -> Group:
    name, now = _name(said), at.clock.now()
    _can(grouping.may_be_made(await group_store.tree_of(act.connection, org), name, None))
    group = Group(GroupId(at.draw("g_")), org, None, name, now, now, _external(said))
    await group_store.add_group(act.connection, group)
    await act.note(org, by, "group.made", group.id)
    await _fill(act, org, by, group.id, said)
    return group


async def change(at: Orgs, act: Acting, org: OrgId, by: str, group: Group, said: Resource[Any]) -> Group:
    name = _name(said)
    _can((await group_store.tree_of(act.connection, org)).may_stand(group.id, name, group.parent))
    await group_store.change_group(
        act.connection, group.id, at.clock.now(), name=name, external=_external(said)
    )
    await act.note(org, by, "group.changed", group.id)
    await _fill(act, org, by, group.id, said)
    return await of(act.connection, org, group.id)


async def drop(act: Acting, org: OrgId, by: str, group: Group) -> None:
    await group_store.remove_group(act.connection, group)
    await act.note(org, by, "group.removed", group.id)


async def _fill(act: Acting, org: OrgId, by: str, group: GroupId, said: Resource[Any]) -> None:
    named = [MemberId(str(one.value)) for one in getattr(said, "members", None) or [] if one.value]
    if len(named) > MOST_MEMBERS:
        raise InvalidValueException(detail=f"A group has at most {MOST_MEMBERS} members.")
    found = {one.id for one in await store.members_of(act.connection, org, named) if one.state in LISTED}
    if unknown := [one for one in named if one not in found]:
        raise InvalidValueException(detail=f"There is no user {unknown[0]}.")
    there = set(await group_store.people_in(act.connection, group))
    await group_store.take_out(act.connection, group, there - found)
    await group_store.put_in(act.connection, group, [one for one in named if one not in there])
    for word, who in (("group.out", there - found), ("group.in", found - there)):
        for one in sorted(who):
            await act.note(org, by, word, one, group=group)


def _name(said: Resource[Any]) -> str:
    name = text.name(str(getattr(said, "display_name", None) or ""))
    if isinstance(name, Refusal):
        raise InvalidValueException(detail="displayName is one line of 1 to 64 visible characters.")
    return name


def _external(said: Resource[Any]) -> str | None:
    external = getattr(said, "external_id", None)
    return None if external is None else str(external)[:255]


def _can(refusal: Refusal | None) -> None:
    if refusal is None:
        return
    raise (
        UniquenessException
        if refusal.code == "org.group_taken"
        else InvalidValueException(detail=refusal.code)
    )
