"""What is kept as a list: the audit, tables of people that come in and go out, tokens of the organisation's directory."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, Response
from pydantic import BaseModel, Field

from folkmoot.accounts.inside import Inside, leaves_something, signed_in
from folkmoot.kit.described import gives
from folkmoot.orgs import auditing, taking_in, tokens
from folkmoot.orgs.model import OrgId
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.routes.answers import done, or_refuse
from folkmoot.orgs.routes.people import ProblemShown, problem_of


class AuditEntry(BaseModel):
    seq: int
    at: str
    actor: str
    """How they are called now; empty: who is gone, or it happened by itself."""
    what: str
    subject: str
    detail: dict[str, str | int]


class AuditPage(BaseModel):
    entries: list[AuditEntry]
    next: int | None


class AuditProof(BaseModel):
    whole: bool
    entries: int
    seq: int | None
    """The first that isn't as it was."""
    what: str | None


class LineFault(BaseModel):
    line: int
    column: str
    problem: ProblemShown


class Imported(BaseModel):
    lines: int
    invited: int
    changed: int
    faults: list[LineFault]
    more_faults: int


class TokenWanted(BaseModel):
    name: str = Field(max_length=1000)


class TokenShown(BaseModel):
    id: str
    name: str
    made_at: str
    used_at: str | None


class TokenMade(TokenShown):
    token: str
    """Shown once."""


def router(at: Orgs) -> APIRouter:
    api = APIRouter(prefix="/api/orgs", tags=["organisations"])
    known = Depends(signed_in(at.accounts))

    @api.get("/{org}/audit")
    async def audit(
        org: str, before: Annotated[int | None, Query(ge=1)] = None, me: Inside = known
    ) -> AuditPage:
        """The newest first."""
        found = or_refuse(await auditing.listed(at, me[0], OrgId(org), before))
        shown = [
            AuditEntry(
                seq=one.entry.seq,
                at=one.entry.at.isoformat(),
                actor=one.actor,
                what=one.entry.what,
                subject=one.subject,
                detail=dict(one.detail),
            )
            for one in found
        ]
        return AuditPage(entries=shown, next=shown[-1].seq if shown and shown[-1].seq > 1 else None)

    @api.get("/{org}/audit/proof")
    async def prove(org: str, me: Inside = known) -> AuditProof:
        """Walks all of it."""
        count, fault = or_refuse(await auditing.proof(at, me[0], OrgId(org)))
        return AuditProof(
            whole=fault is None,
            entries=count,
            seq=fault.seq if fault else None,
            what=fault.what if fault else None,
        )

    @api.post("/{org}/import")
    async def take_in(
        org: str,
        table: Annotated[bytes, Body(media_type="text/csv")],
        trial: bool = False,
        me: Inside = known,
    ) -> Imported:
        """A table with a column `address`, and `name`, `role`, `groups` if wanted. `trial`: says what would happen."""
        taken = or_refuse(
            await taking_in.take_in(
                at, me[0], OrgId(org), table, try_only=trial, fresh=me[1].fresh(at.clock.now())
            )
        )
        shown = taken.faults[: taking_in.MOST_FAULTS]
        return Imported(
            lines=taken.lines,
            invited=taken.invited,
            changed=taken.changed,
            faults=[
                LineFault(
                    line=one.number,
                    column=one.column,
                    problem=problem_of(one.refusal),
                )
                for one in shown
            ],
            more_faults=len(taken.faults) - len(shown),
        )

    @api.get(
        "/{org}/export",
        response_class=Response,
        responses=gives("text/csv"),
        dependencies=[Depends(leaves_something)],
    )
    async def export(org: str, me: Inside = known) -> Response:
        """Everybody as a table; safe to open in a spreadsheet."""
        said = or_refuse(await taking_in.exported(at, me[0], OrgId(org)))
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": 'attachment; filename="people.csv"',
        }
        return Response(said, media_type="text/csv; charset=utf-8", headers=headers)

    @api.get("/{org}/tokens")
    async def listed(org: str, me: Inside = known) -> list[TokenShown]:
        """Of the directory; without their secret."""
        return [_token(one) for one in or_refuse(await tokens.listed(at, me[0], OrgId(org)))]

    @api.post("/{org}/tokens", status_code=201)
    async def make(org: str, wanted: TokenWanted, me: Inside = known) -> TokenMade:
        """For the organisation's directory, which says over SCIM who its people are. By an owner."""
        made, secret = or_refuse(await tokens.make(at, *me, OrgId(org), wanted.name))
        return TokenMade(**_token(made).model_dump(), token=secret)

    @api.delete("/{org}/tokens/{token}", status_code=204)
    async def revoke(org: str, token: str, me: Inside = known) -> None:
        """The directory can say nothing by it any more."""
        done(await tokens.revoke(at, me[0], OrgId(org), token))

    return api


def _token(one: tokens.Token) -> TokenShown:
    used = None if one.used_at is None else one.used_at.isoformat()
    return TokenShown(id=one.id, name=one.name, made_at=one.made_at.isoformat(), used_at=used)
