"""The people of an organisation: the directory, invitations, roles."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from folkmoot.accounts.inside import Inside, signed_in
from folkmoot.kit import Refusal
from folkmoot.orgs import changing, directory, inviting
from folkmoot.orgs.changing import Change
from folkmoot.orgs.directory import MOST_SHOWN, Entry, Wanted
from folkmoot.orgs.inviting import Wish
from folkmoot.orgs.model import MOST_AT_ONCE, GroupId, Link, MemberId, OrgId, Role, State
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.routes.answers import done, or_refuse


class PersonShown(BaseModel):
    id: str
    account: str | None
    name: str
    address: str | None
    role: Role
    state: State
    groups: list[str]
    signs_in_with: list[str]
    """For owners and admins."""
    seen_on: str | None
    """The day; for owners and admins."""
    picture: str | None


class PeoplePage(BaseModel):
    people: list[PersonShown]
    next: str | None
    count: int | None
    """Of all members there; null where something is searched for, or on a later page."""


class Colleague(BaseModel):
    account: str
    name: str
    address: str | None
    picture: str | None


class PersonWanted(BaseModel):
    address: str = Field(max_length=1000)
    name: str = Field(default="", max_length=1000)
    role: Role = Role.MEMBER
    groups: list[str] = Field(default_factory=list, max_length=20)


class PeopleWanted(BaseModel):
    people: list[PersonWanted] = Field(min_length=1, max_length=MOST_AT_ONCE)


class ProblemShown(BaseModel):
    code: str
    params: dict[str, str | int | float]


class InvitedShown(BaseModel):
    address: str
    id: str | None
    link: str | None
    """To hand on, where no mail goes."""
    problem: ProblemShown | None


class PeopleChange(BaseModel):
    people: list[str] = Field(min_length=1, max_length=MOST_AT_ONCE)
    role: Role | None = None
    into: str | None = None
    out_of: str | None = None
    remove: bool = False


class LinkWanted(BaseModel):
    group: str | None = None
    days: int = Field(default=14, ge=1, le=90)


class LinkShown(BaseModel):
    id: str
    group: str | None
    made_at: str
    until: str
    used: int


class LinkMade(LinkShown):
    link: str
    """Shown once."""


def router(at: Orgs) -> APIRouter:
    api = APIRouter(prefix="/api/orgs", tags=["organisations"])
    known = Depends(signed_in(at.accounts))

    @api.get("/colleagues")
    async def colleagues(q: Annotated[str, Query(max_length=200)], me: Inside = known) -> list[Colleague]:
        """In all organisations I am in, by a part of name or address."""
        found = await directory.colleagues(at, me[0], q) if q.strip() else []
        return [
            Colleague(
                account=one.member.account or "",
                name=one.member.name,
                address=one.address,
                picture=one.picture,
            )
            for one in found
        ]

    @api.get("/{org}/people")
    async def people(
        org: str,
        me: Inside = known,
        q: Annotated[str, Query(max_length=200)] = "",
        group: str | None = None,
        role: Role | None = None,
        after: Annotated[str | None, Query(max_length=400)] = None,
        most: Annotated[int, Query(ge=1, le=MOST_SHOWN)] = 20,
    ) -> PeoplePage:
        """A page of the directory. `group`: with all that are in it."""
        inside = None if group is None else GroupId(group)
        page = or_refuse(
            await directory.search(at, me[0], OrgId(org), Wanted(q, inside, role, _read(after), most))
        )
        return PeoplePage(
            people=[_shown(one) for one in page.people], next=_written(page.next), count=page.count
        )

    @api.post("/{org}/people/change", status_code=204)
    async def change(org: str, wanted: PeopleChange, me: Inside = known) -> None:
        """Role, groups, or out: all of them or none. By an admin; to make an owner: with a proof of the last ten minutes."""
        change = Change(
            wanted.role,
            None if wanted.into is None else GroupId(wanted.into),
            None if wanted.out_of is None else GroupId(wanted.out_of),
            wanted.remove,
        )
        done(await changing.change(at, *me, OrgId(org), [MemberId(one) for one in wanted.people], change))

    @api.post("/{org}/invitations", status_code=201)
    async def invite(org: str, wanted: PeopleWanted, me: Inside = known) -> list[InvitedShown]:
        """Each gets a mail with a link of their own. One that can't be keeps no other."""
        wishes = [
            Wish(one.address, one.name, one.role, tuple(GroupId(group) for group in one.groups))
            for one in wanted.people
        ]
        made = or_refuse(
            await inviting.invite(at, me[0], OrgId(org), wishes, fresh=me[1].fresh(at.clock.now()))
        )
        return [
            InvitedShown(
                address=one.address,
                id=one.member,
                link=one.link,
                problem=problem_of(one.refusal) if one.refusal else None,
            )
            for one in made
        ]

    @api.get("/{org}/links")
    async def links(org: str, me: Inside = known) -> list[LinkShown]:
        """Those that are open, without their secret."""
        return [_link(one) for one in or_refuse(await inviting.open_links(at, me[0], OrgId(org)))]

    @api.post("/{org}/links", status_code=201)
    async def make_link(org: str, wanted: LinkWanted, me: Inside = known) -> LinkMade:
        """For everybody who gets it: a member, never more."""
        group = None if wanted.group is None else GroupId(wanted.group)
        life = timedelta(days=wanted.days)
        made, link = or_refuse(await inviting.open_link(at, me[0], OrgId(org), group, life))
        return LinkMade(**_link(made).model_dump(), link=link)

    @api.delete("/{org}/links/{link}", status_code=204)
    async def close_link(org: str, link: str, me: Inside = known) -> None:
        """It lets nobody in any more. Who came by it stays."""
        done(await inviting.close_link(at, me[0], OrgId(org), link))

    return api


def problem_of(refusal: Refusal) -> ProblemShown:
    params = {name: value for name, value in refusal.params.items() if isinstance(value, str | int | float)}
    return ProblemShown(code=refusal.code, params=params)


def _shown(one: Entry) -> PersonShown:
    member = one.member
    return PersonShown(
        id=member.id,
        account=member.account,
        name=member.name,
        address=one.address,
        role=member.role,
        state=member.state,
        groups=list(one.groups),
        signs_in_with=list(one.signs_in_with),
        seen_on=None if one.seen_at is None else one.seen_at.date().isoformat(),
        picture=one.picture,
    )


def _link(one: Link) -> LinkShown:
    made, until = one.made_at.isoformat(), one.until.isoformat()
    return LinkShown(id=one.id, group=one.group, made_at=made, until=until, used=one.used)


def _written(place: tuple[str, str] | None) -> str | None:
    return None if place is None else f"{place[1]}~{place[0]}"


def _read(after: str | None) -> tuple[str, str] | None:
    """What isn't one of ours begins at the beginning."""
    id, found, sort = (after or "").partition("~")
    return (sort, id) if found else None
