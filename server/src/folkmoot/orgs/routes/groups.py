"""Groups, and the rules that hold for meetings."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from folkmoot.accounts.inside import Inside, signed_in
from folkmoot.orgs import grouping, ruling
from folkmoot.orgs.model import GroupId, OrgId
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.routes.answers import done, or_refuse


class GroupWanted(BaseModel):
    name: str = Field(max_length=1000)
    parent: str | None = None


class GroupChange(BaseModel):
    name: str | None = Field(default=None, max_length=1000)
    parent: str | None = None
    """Null: under none. Send it as it is where it stays."""


class GroupShown(BaseModel):
    id: str
    name: str
    parent: str | None
    depth: int
    people: int


class RuleShown(BaseModel):
    name: str
    choices: list[str]
    """The loosest first."""
    said: str | None
    """By this one itself."""
    value: str | None
    """In force; null: nobody says anything."""
    decided_by: str | None
    """A group's id; empty: the organisation."""
    decided_by_name: str | None


class RuleWanted(BaseModel):
    group: str | None = None
    name: str = Field(max_length=100)
    value: str | None = Field(max_length=100)


def router(at: Orgs) -> APIRouter:
    api = APIRouter(prefix="/api/orgs", tags=["organisations"])
    known = Depends(signed_in(at.accounts))

    @api.get("/{org}/groups")
    async def groups(org: str, me: Inside = known) -> list[GroupShown]:
        """As the tree is drawn, from above."""
        return [_shown(one) for one in or_refuse(await grouping.listed(at, me[0], OrgId(org)))]

    @api.post("/{org}/groups", status_code=201)
    async def make(org: str, wanted: GroupWanted, me: Inside = known) -> GroupShown:
        """A group, under another or at the top."""
        made = or_refuse(await grouping.make(at, me[0], OrgId(org), wanted.name, _group(wanted.parent)))
        return GroupShown(id=made.id, name=made.name, parent=made.parent, depth=0, people=0)

    @api.patch("/{org}/groups/{group}", status_code=204)
    async def change(org: str, group: str, wanted: GroupChange, me: Inside = known) -> None:
        """Another name, or another place in the tree."""
        parent = _group(wanted.parent)
        done(await grouping.change(at, me[0], OrgId(org), GroupId(group), wanted.name, parent))

    @api.delete("/{org}/groups/{group}", status_code=204)
    async def remove(org: str, group: str, me: Inside = known) -> None:
        """Its people stay; groups in it go up by one."""
        done(await grouping.remove(at, me[0], OrgId(org), GroupId(group)))

    @api.get("/{org}/rules")
    async def rules(org: str, group: str | None = None, me: Inside = known) -> list[RuleShown]:
        """Of the organisation, or as they hold for somebody in that group; each with who decided."""
        return [_rule(one) for one in or_refuse(await ruling.listed(at, me[0], OrgId(org), _group(group)))]

    @api.put("/{org}/rules", status_code=204)
    async def say(org: str, wanted: RuleWanted, me: Inside = known) -> None:
        """`value` null: says nothing any more. Holds in meetings that run, too."""
        done(await ruling.say(at, me[0], OrgId(org), _group(wanted.group), wanted.name, wanted.value))

    return api


def _group(said: str | None) -> GroupId | None:
    return None if said is None else GroupId(said)


def _shown(one: grouping.Shown) -> GroupShown:
    group = one.group
    return GroupShown(id=group.id, name=group.name, parent=group.parent, depth=one.depth, people=one.people)


def _rule(one: ruling.Shown) -> RuleShown:
    decided = one.decided
    return RuleShown(
        name=one.name,
        choices=list(one.choices),
        said=one.said,
        value=decided.value if decided else None,
        decided_by=decided.by if decided else None,
        decided_by_name=decided.name if decided else None,
    )
