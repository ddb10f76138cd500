"""An organisation itself; the ones that somebody is in; links and questions that lead into one."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from folkmoot.accounts.inside import Inside, of_our_pages, signed_in
from folkmoot.orgs import domain_store, founding, joining, names, store
from folkmoot.orgs.model import Joining, Member, Org, OrgId, Role, State
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.routes.answers import done, or_refuse


class NewOrg(BaseModel):
    name: str = Field(max_length=1000)


class OrgChange(BaseModel):
    name: str | None = Field(default=None, max_length=1000)
    joining: Joining | None = None


class OrgMine(BaseModel):
    id: str
    name: str
    role: Role


class QuestionShown(BaseModel):
    org: str
    name: str
    domain: str | None
    """Whose address one has, and which the organisation has proven; null: invited by name."""


class Mine(BaseModel):
    orgs: list[OrgMine]
    questions: list[QuestionShown]


class OrgShown(OrgMine):
    joining: Joining
    me: str
    """My own entry among its people."""
    people: int
    owners: int
    """One alone can lock everybody out."""
    mails: bool
    """Whether this server sends any."""


class AnswerRequest(BaseModel):
    join: bool
    meetings: list[str] = Field(default_factory=list, max_length=joining.MOST_MEETINGS)
    """Those of my coming meetings that come along."""


class SecretRequest(BaseModel):
    secret: str = Field(max_length=200)


class JoinRequest(SecretRequest):
    meetings: list[str] = Field(default_factory=list, max_length=joining.MOST_MEETINGS)


class InvitationSeen(BaseModel):
    org: str
    by: str
    address: str | None
    role: Role
    domains: list[str]
    """That it has proven."""


def router(at: Orgs) -> APIRouter:
    api = APIRouter(prefix="/api/orgs", tags=["organisations"])
    known = Depends(signed_in(at.accounts))

    @api.get("")
    async def mine(me: Inside = known) -> Mine:
        """Where I am, and who asks me to come."""
        async with at.storage.reading() as connection:
            found = await store.orgs_of(connection, me[0].id)
        return Mine(
            orgs=[_mine(org, member) for org, member in found if member.state is State.MEMBER],
            questions=[
                QuestionShown(
                    org=one.org.id, name=one.org.name, domain=names.shown(one.domain) if one.domain else None
                )
                for one in await joining.questions(at, me[0])
            ],
        )

    @api.post("", status_code=201)
    async def make(wanted: NewOrg, me: Inside = known) -> OrgMine:
        """I am its first owner."""
        made = or_refuse(await founding.found(at, me[0], wanted.name))
        return OrgMine(id=made.id, name=made.name, role=Role.OWNER)

    @api.post("/invitation")
    async def invitation(wanted: SecretRequest, request: Request) -> InvitationSeen:
        """What a link says. Nobody needs to be signed in for that."""
        of_our_pages(request)
        shown = or_refuse(await joining.look_at_link(at, wanted.secret))
        async with at.storage.reading() as connection:
            found = await domain_store.domains_of(connection, shown.org.id)
        proven = [names.shown(one.domain) for one in found if one.proven_at is not None]
        return InvitationSeen(
            org=shown.org.name, by=shown.by, address=shown.address, role=shown.role, domains=proven
        )

    @api.post("/join")
    async def join(wanted: JoinRequest, me: Inside = known) -> OrgMine:
        """By a link."""
        org = or_refuse(await joining.join(at, me[0], wanted.secret, wanted.meetings))
        return await _as_mine(at, me, org.id)

    @api.get("/{org}")
    async def look(org: str, me: Inside = known) -> OrgShown:
        """Of one that I am in: what it is called, how new people come, and how many there are."""
        found, member = or_refuse(await founding.look(at, me[0], OrgId(org)))
        async with at.storage.reading() as connection:
            people = await store.count_members(connection, found.id, state=State.MEMBER.value)
            by = {"state": State.MEMBER.value, "role": Role.OWNER.value}
            owners = await store.count_members(connection, found.id, **by)
        return OrgShown(
            **_mine(found, member).model_dump(),
            joining=found.joining,
            me=member.id,
            people=people,
            owners=owners,
            mails=at.accounts.post is not None,
        )

    @api.patch("/{org}", status_code=204)
    async def change(org: str, wanted: OrgChange, me: Inside = known) -> None:
        """By an owner."""
        done(await founding.change(at, me[0], OrgId(org), wanted.name, wanted.joining))

    @api.delete("/{org}", status_code=204)
    async def delete(org: str, me: Inside = known) -> None:
        """By an owner who proved in the last ten minutes that it is they. Its people and their meetings stay."""
        done(await founding.delete(at, *me, OrgId(org)))

    @api.post("/{org}/answer", status_code=204)
    async def answer(org: str, wanted: AnswerRequest, me: Inside = known) -> None:
        """To the question whether I want to be a member. No leaves everything as it was."""
        done(await joining.answer(at, me[0], OrgId(org), yes=wanted.join, meetings=wanted.meetings))

    @api.post("/{org}/leave", status_code=204)
    async def leave(org: str, me: Inside = known) -> None:
        """The last owner can't."""
        done(await joining.leave(at, me[0], OrgId(org)))

    return api


async def _as_mine(at: Orgs, me: Inside, org: OrgId) -> OrgMine:
    found, member = or_refuse(await founding.look(at, me[0], org))
    return _mine(found, member)


def _mine(org: Org, member: Member) -> OrgMine:
    return OrgMine(id=org.id, name=org.name, role=member.role)
