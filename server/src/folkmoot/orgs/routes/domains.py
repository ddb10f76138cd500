"""Domains: claimed, proven, given up; and how their people answered."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from folkmoot.accounts.inside import Inside, signed_in
from folkmoot.orgs import adopting, domain_store, names, proving, proving_again
from folkmoot.orgs.model import Domain, OrgId, Role, State
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.routes.answers import done, or_refuse


class DomainWanted(BaseModel):
    domain: str = Field(max_length=1000)


class CodeWanted(BaseModel):
    code: str = Field(max_length=100)


class DomainShown(BaseModel):
    domain: str
    """As the DNS has it; it names it here."""
    shown: str
    """As people write it, where that misleads nobody."""
    proven: bool
    proven_by: str | None
    missing_since: datetime | None
    """Nothing shows it any more; it still holds."""
    kept_until: datetime | None
    """Where nothing shows it: so long at least."""
    record: str
    value: str
    """Of the TXT record that proves it."""
    joined: int
    asked: int
    declined: int


def router(at: Orgs) -> APIRouter:
    api = APIRouter(prefix="/api/orgs", tags=["organisations"])
    known = Depends(signed_in(at.accounts))

    @api.get("/{org}/domains")
    async def domains(org: str, me: Inside = known) -> list[DomainShown]:
        """Those claimed and those proven, and what people whose addresses are there have answered."""
        async with at.storage.reading() as connection:
            found = await at.standing(connection, OrgId(org), me[0].id, Role.ADMIN)
            or_refuse(found)
            kept = await domain_store.domains_of(connection, OrgId(org))
            return [
                _shown(one, await domain_store.answers(connection, OrgId(org), one.domain)) for one in kept
            ]

    @api.post("/{org}/domains", status_code=201)
    async def claim(org: str, wanted: DomainWanted, me: Inside = known) -> DomainShown:
        """Nothing follows from it until it is proven."""
        return _shown(or_refuse(await proving.claim(at, me[0], OrgId(org), wanted.domain)), {})

    @api.delete("/{org}/domains/{domain}", status_code=204)
    async def give_up(org: str, domain: str, me: Inside = known) -> None:
        """It is nobody's any more. Members stay."""
        done(await proving.give_up(at, me[0], OrgId(org), domain))

    @api.post("/{org}/domains/{domain}/check", status_code=204)
    async def check(org: str, domain: str, me: Inside = known) -> None:
        """Looks into the DNS now."""
        done(await proving.check(at, me[0], OrgId(org), domain))

    @api.post("/{org}/domains/{domain}/mail", status_code=202)
    async def mail(org: str, domain: str, me: Inside = known) -> None:
        """A code, to postmaster@ that domain."""
        done(await proving.mail_code(at, me[0], OrgId(org), domain))

    @api.post("/{org}/domains/{domain}/code", status_code=204)
    async def code(org: str, domain: str, wanted: CodeWanted, me: Inside = known) -> None:
        """The code that came to postmaster@ that domain."""
        done(await proving.enter_code(at, me[0], OrgId(org), domain, wanted.code))

    @api.post("/{org}/domains/{domain}/ask", status_code=202)
    async def ask(org: str, domain: str, me: Inside = known) -> None:
        """Those again that haven't answered."""
        done(await adopting.ask_again(at, me[0], OrgId(org), domain))

    return api


def _shown(one: Domain, answers: dict[State, int]) -> DomainShown:
    record, value = proving.record_of(one)
    return DomainShown(
        domain=one.domain,
        shown=names.shown(one.domain),
        proven=one.proven_at is not None,
        proven_by=one.proven_by,
        missing_since=one.missing_since,
        kept_until=proving_again.kept_until(one),
        record=record,
        value=value,
        joined=answers.get(State.MEMBER, 0),
        asked=answers.get(State.ASKED, 0),
        declined=answers.get(State.DECLINED, 0),
    )
