"""`/api/billing/{org}`: an organisation's plan over HTTP, for who governs it.

Law: what is asked of money says what it saw (`seen`): who decides on something that another owner changed meanwhile is told so. No API
key reaches any of it: nobody buys by accident, and no program can.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.accounts.inside import Inside, signed_in
from folkmoot.billing import entitlement, owning, shown, store
from folkmoot.billing.billing import Billing
from folkmoot.billing.deciding import LONGEST_REASON, Accept, Cancel, Change, Start, Withdraw
from folkmoot.billing.documents import LONGEST_ADDRESS, LONGEST_NAME, LONGEST_TAX_NUMBER, Customer, Document
from folkmoot.billing.dunning import Step
from folkmoot.billing.plans import FREE, MOST_SEATS, Period, Plan, PlanId
from folkmoot.billing.previewing import coming, preview
from folkmoot.billing.shown import (
    CustomerShown,
    DocumentShown,
    Owed,
    PlanPage,
    PreviewShown,
)
from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId
from folkmoot.orgs import store as orgs_store
from folkmoot.orgs.model import State
from folkmoot.orgs.routes.answers import done, or_refuse

MOST_DOCUMENTS = 200
"""That are listed, the newest first."""
Seats = Annotated[int, Field(ge=1, le=MOST_SEATS)]
Number = Annotated[str, Path(pattern=r"^[0-9]{4}-C?[0-9]{4,9}$")]


class Decision(BaseModel):
    seen: int = Field(ge=0)
    """What `PlanPage` said."""


class StartRequest(Decision):
    plan: str = Field(max_length=32)
    seats: Seats
    period: Period
    currency: str = Field(pattern="^[A-Z]{3}$")
    trial: bool = False


class ChangeRequest(Decision):
    plan: str | None = Field(default=None, max_length=32)
    seats: Seats | None = None
    period: Period | None = None


class CancelRequest(Decision):
    reason: str = Field(default="", max_length=LONGEST_REASON)


class PreviewRequest(BaseModel):
    """A start where there is a currency, else a change."""

    plan: str | None = Field(default=None, max_length=32)
    seats: Seats | None = None
    period: Period | None = None
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    trial: bool = False
    quote: str | None = Field(default=None, max_length=64)


class CustomerRequest(BaseModel):
    name: str = Field(max_length=LONGEST_NAME)
    address: str = Field(max_length=LONGEST_ADDRESS)
    country: str = Field(max_length=2)
    tax_number: str = Field(default="", max_length=LONGEST_TAX_NUMBER)


def router(at: Billing) -> APIRouter:
    api = APIRouter(prefix="/api/billing", tags=["billing"])
    known = Depends(signed_in(at.orgs.accounts))

    async def decided(me: Account, org: str, command: owning.Owners, seen: int) -> PlanPage:
        or_refuse(await owning.decide_on(at, me, OrgId(org), command, seen))
        return await _page(at, me, OrgId(org))

    async def kept(me: Account, org: str, number: str) -> Document:
        or_refuse(await owning.look_at(at, me, OrgId(org)))
        async with at.storage.reading() as connection:
            found = await store.document(connection, number)
        return or_refuse(found if found and found.org == org else Refusal("billing.document_unknown"))

    @api.get("/{org}")
    async def plan_of(org: str, me: Inside = known) -> PlanPage:
        """The plan it has, what is to come, what is offered, who invoices go to, and the newest of them. By who governs it."""
        return await _page(at, me[0], OrgId(org))

    @api.post("/{org}/preview")
    async def preview_of(org: str, wanted: PreviewRequest, me: Inside = known) -> PreviewShown:
        """What something would cost now and next; nothing is changed."""
        found = or_refuse(await preview(at, me[0], OrgId(org), _command(wanted)))
        async with at.storage.reading() as connection:
            return shown.preview(found, await store.plans_of(connection))

    @api.post("/{org}/subscription")
    async def start(org: str, wanted: StartRequest, me: Inside = known) -> PlanPage:
        """Begins today; as a trial where the plan has one. By an owner."""
        command = Start(PlanId(wanted.plan), wanted.seats, wanted.period, wanted.currency, wanted.trial)
        return await decided(me[0], org, command, wanted.seen)

    @api.patch("/{org}/subscription")
    async def change(org: str, wanted: ChangeRequest, me: Inside = known) -> PlanPage:
        """What costs more holds at once, what costs less from the period's end on. By an owner."""
        plan = None if wanted.plan is None else PlanId(wanted.plan)
        command = Change(plan, wanted.seats, wanted.period)
        return await decided(me[0], org, command, wanted.seen)

    @api.post("/{org}/subscription/cancel")
    async def cancel(org: str, wanted: CancelRequest, me: Inside = known) -> PlanPage:
        """At the period's end, or the contract's. By an owner."""
        return await decided(me[0], org, Cancel(wanted.reason), wanted.seen)

    @api.post("/{org}/subscription/keep")
    async def keep(org: str, wanted: Decision, me: Inside = known) -> PlanPage:
        """What was to come at the period's end doesn't. By an owner."""
        return await decided(me[0], org, Withdraw(), wanted.seen)

    @api.post("/{org}/quotes/{quote}/accept")
    async def accept(org: str, quote: str, wanted: Decision, me: Inside = known) -> PlanPage:
        """It is their contract from its day on. By an owner."""
        return await decided(me[0], org, Accept(quote), wanted.seen)

    @api.put("/{org}/customer")
    async def say_customer(org: str, wanted: CustomerRequest, me: Inside = known) -> CustomerShown:
        """Who invoices go to from now on; those that were written stay as they are. By an owner."""
        async with at.storage.reading() as connection:
            before = await store.customer_of(connection, OrgId(org))
        charge = before.reverse_charge if before else False
        said = Customer(**{name: text.strip() for name, text in wanted.model_dump().items()})
        said = Customer(said.name, said.address, said.country.upper(), said.tax_number, charge)
        done(await owning.say_customer(at, me[0], OrgId(org), said))
        return shown.customer(said)

    @api.get("/{org}/documents/{number}")
    async def document(org: str, number: Number, me: Inside = known) -> DocumentShown:
        """An invoice or a credit note, as it was sent. By who governs it."""
        found = await kept(me[0], org, number)
        async with at.storage.reading() as connection:
            owed = await owed_of(at, connection, [found])
            return shown.document(found, owed[number], await store.plans_of(connection))

    return api


def _command(wanted: PreviewRequest) -> owning.Owners:
    if wanted.quote is not None:
        return Accept(wanted.quote)
    plan = None if wanted.plan is None else PlanId(wanted.plan)
    if wanted.currency is None:
        return Change(plan, wanted.seats, wanted.period)
    period = wanted.period or Period.MONTH
    return Start(plan or FREE, wanted.seats or 1, period, wanted.currency, wanted.trial)


async def _page(at: Billing, me: Account, org: OrgId) -> PlanPage:
    seen = or_refuse(await owning.look_at(at, me, org))
    async with at.storage.reading() as connection:
        plans = await store.plans_of(connection)
        documents = await store.documents_of(connection, org, MOST_DOCUMENTS)
        is_open = (await store.open_of(connection, [org]))[org]
        restricted = any(Step.RESTRICTED in steps for _, steps in is_open.values())
        people = await orgs_store.count_members(connection, org, state=State.MEMBER.value)
        return PlanPage(
            seen=seen.count,
            plan=shown.plan(entitlement.of(seen.state, plans, restricted=restricted)),
            restricted=restricted,
            subscription=shown.subscription(seen.state, plans) if seen.state.runs else None,
            had_trial=seen.state.had_trial,
            people=people,
            quotes=[
                shown.quote(one.accepted_on(at.today), plans)
                for one in seen.state.quotes
                if one.open_until >= at.today
            ],
            accepted=shown.quote(seen.state.accepted, plans) if seen.state.accepted else None,
            coming=shown.bill(found, plans)
            if (found := await coming(at, connection, org, seen.state))
            else None,
            offered=[shown.plan(one) for one in sorted(plans.values(), key=_cost) if one.offered],
            customer=shown.customer(kept) if (kept := await store.customer_of(connection, org)) else None,
            documents=[
                shown.summary(one, owed)
                for one, owed in zip(
                    documents, (await owed_of(at, connection, documents)).values(), strict=True
                )
            ],
        )


def _cost(plan: Plan) -> tuple[int, str]:
    """Of a seat for a year, in whatever currency: what costs nothing comes first."""
    prices = (price.seat.amount * 12 // price.period.months for price in plan.prices)
    return min(prices, default=0), plan.name


async def owed_of(
    at: Billing, connection: AsyncConnection, documents: list[Document]
) -> dict[str, tuple[int, Owed]]:
    """So much of each, and whether it is late."""
    if not documents:
        return {}
    org = OrgId(documents[0].org)
    is_open = (await store.open_of(connection, [org]))[org]
    said: dict[str, tuple[int, Owed]] = {}
    for one in documents:
        left = (await store.asked(connection, one)).amount if one.number in is_open else 0
        said[one.number] = (left, _state(left, one.due_on, at.today))
    return said


def _state(left: int, due_on: date, today: date) -> Literal["paid", "open", "late"]:
    return "paid" if not left else "late" if due_on < today else "open"
