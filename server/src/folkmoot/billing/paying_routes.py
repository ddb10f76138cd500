"""`/api/billing/{org}/…` for an owner who pays, and `/api/payments/{provider}`, where a provider tells what came.

Law: an owner's click is answered with an address of the provider's, and their browser goes there by itself. At the provider's door nobody
is signed in: what isn't signed is refused, before anything of it is read.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel

from folkmoot.accounts.inside import Inside, signed_in
from folkmoot.billing import owning, providing, sending
from folkmoot.billing.billing import Billing
from folkmoot.billing.hearing import Hearing
from folkmoot.billing.providing import Collection
from folkmoot.billing.routes import Number
from folkmoot.orgs import OrgId
from folkmoot.orgs.routes.answers import done, or_refuse

ProviderName = Annotated[str, Path(pattern="^[a-z]{1,32}$")]
EVENT = {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
"""As the provider has it: it is read as it came, for its signature."""


class DeclinedShown(BaseModel):
    number: str
    why: str
    """The provider's own word, such as `insufficient_funds`."""
    again_on: str | None
    """Null: it isn't tried again by itself."""


class WayToPayShown(BaseModel):
    provider: str
    """`manual`: money comes to a bank account. Else who is paid through, and where a click leads."""
    collects: bool
    since: str | None
    """When a way to pay was saved there; null: none is."""
    managed: bool
    """There is a page there on which an owner sees and changes it."""
    declined: list[DeclinedShown]
    """Open invoices that couldn't be collected, the oldest first."""


class Elsewhere(BaseModel):
    address: str
    """Of the provider's page."""


def paying_router(at: Billing) -> APIRouter:
    api = APIRouter(prefix="/api/billing", tags=["billing"])
    known = Depends(signed_in(at.orgs.accounts))

    @api.get("/{org}/way-to-pay")
    async def way_to_pay(org: str, me: Inside = known) -> WayToPayShown:
        """Through whom it pays, and whether a way to pay is saved there. By who governs it."""
        or_refuse(await owning.look_at(at, me[0], OrgId(org)))
        async with at.storage.reading() as connection:
            way = await providing.way_of(connection, OrgId(org))
            declined = await providing.declined_of(connection, OrgId(org))
        collects = at.provider.collects
        return WayToPayShown(
            provider=at.provider.name,
            collects=collects,
            since=way.at.date().isoformat() if way and way.method else None,
            managed=collects and way is not None,
            declined=[_declined(one) for one in declined] if collects else [],
        )

    @api.post("/{org}/way-to-pay")
    async def save_way_to_pay(org: str, me: Inside = known) -> Elsewhere:
        """The provider's page where a way to pay is typed. By an owner."""
        return Elsewhere(address=or_refuse(await sending.to_save(at, me[0], OrgId(org))))

    @api.post("/{org}/way-to-pay/desk")
    async def manage_ways_to_pay(org: str, me: Inside = known) -> Elsewhere:
        """The provider's page where ways to pay are looked at, changed and taken away. By an owner."""
        return Elsewhere(address=or_refuse(await sending.to_manage(at, me[0], OrgId(org))))

    @api.delete("/{org}/way-to-pay", status_code=204)
    async def forget_way_to_pay(org: str, me: Inside = known) -> None:
        """Nothing is collected any more, and the provider forgets it. By an owner."""
        done(await sending.forget(at, me[0], OrgId(org)))

    @api.post("/{org}/documents/{number}/payment")
    async def pay_document(org: str, number: Number, me: Inside = known) -> Elsewhere:
        """The provider's page for what an invoice still asks for. By an owner."""
        return Elsewhere(address=or_refuse(await sending.to_pay(at, me[0], OrgId(org), number)))

    return api


def _declined(one: Collection) -> DeclinedShown:
    """While another try is under way nothing else is promised."""
    again_on = one.again_on.isoformat() if one.again_on and not one.payment else None
    return DeclinedShown(number=one.number, why=one.why, again_on=again_on)


def hearing_router(hearing: Hearing) -> APIRouter:
    api = APIRouter(prefix="/api/payments", tags=["billing"])

    @api.post("/{provider}", status_code=204, openapi_extra={"requestBody": EVENT})
    async def told_by(provider: ProviderName, request: Request) -> None:
        """A provider's webhook, as it signed it."""
        done(await hearing.hear(provider, await request.body(), request.headers))

    return api
