"""`/api/operator/billing`: everybody's plans and money over HTTP, for who runs the server.

Law: a person who has just proved that it is them does it; no API key reaches any of it (a program uses `folkmoot billing`). What comes
twice under one id is done once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.accounts.inside import operator
from folkmoot.billing import moving, owning, paying, selling, shown, store
from folkmoot.billing.billing import Billing
from folkmoot.billing.documents import LONGEST_NOTE, Series
from folkmoot.billing.giving_back import give_back
from folkmoot.billing.money import MOST, Money
from folkmoot.billing.paying import LONGEST_ID
from folkmoot.billing.plans import (
    MOST_PLANS,
    Period,
    Plan,
    PlanId,
    Plans,
    Service,
    Support,
    as_said,
    currency_wrong,
)
from folkmoot.billing.routes import MOST_DOCUMENTS, Number, owed_of
from folkmoot.billing.selling import Listed
from folkmoot.billing.shown import (
    CustomerShown,
    DocumentListed,
    DocumentShown,
    MovedPage,
    MovedShown,
    QuoteShown,
    SubscriptionShown,
)
from folkmoot.billing.subscription import Standing
from folkmoot.billing.tax import TaxRate
from folkmoot.billing.terms import Quote, Terms
from folkmoot.billing.written import read, written
from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId
from folkmoot.orgs.routes.answers import done, or_refuse

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Amount = Annotated[int, Field(gt=0, le=MOST)]
Country = Annotated[str, Path(pattern="^[A-Z]{2}$")]
QuoteId = Annotated[str, Path(pattern="^[A-Za-z0-9._-]{1,64}$")]


class Strict(BaseModel):
    """A limit with a slip in its name would limit nothing."""

    model_config = ConfigDict(extra="forbid")


class Sum(Strict):
    amount: int
    """Minor units."""
    currency: Currency


class SeatPrice(Strict):
    period: Period
    seat: Sum


class PlanLimits(Strict):
    people: int | None = None
    minutes: int | None = None
    at_once: int | None = None


class PlanSaid(Strict):
    """As in the file of `folkmoot billing plans`."""

    id: str = Field(max_length=32)
    name: str = Field(max_length=64)
    prices: list[SeatPrice] = Field(default=[], max_length=200)
    limits: PlanLimits = PlanLimits()
    services: list[Service] = Field(default=[], max_length=len(Service))
    support: Support = Support.COMMUNITY
    fewest_seats: int = 1
    most_seats: int = 1_000_000
    trial_days: int = 0
    offered: bool = True


class PlansRequest(Strict):
    plans: list[PlanSaid] = Field(min_length=1, max_length=MOST_PLANS)


class PlansShown(BaseModel):
    plans: list[PlanSaid]
    seller: str
    """Who invoices are from, as the configuration has it. Empty: they name this server alone."""


class RateRequest(Strict):
    rate: int
    """Hundredths of a percent."""
    name: str = Field(default="VAT", max_length=32)


class RateShown(BaseModel):
    country: str
    since: str
    rate: int
    name: str


class CustomerListed(BaseModel):
    org: str
    name: str
    """Empty: the organisation is gone."""
    standing: Standing
    restricted: bool
    subscription: SubscriptionShown | None
    quotes: list[QuoteShown]
    accepted: QuoteShown | None


class CustomersPage(BaseModel):
    customers: list[CustomerListed]
    next: str | None
    """What `after` takes, where there are more."""


class CustomerPage(CustomerListed):
    customer: CustomerShown | None
    documents: list[DocumentListed]
    credit: list[Sum]
    """What they have with us."""
    provider: str
    """Who brings the money; `manual`: nobody."""
    refundable: list[Sum]
    """What of it the provider can send back, to where it came from."""
    moved: list[MovedShown]
    """The newest first."""
    moved_next: str | None
    """What `after` takes, where there are more."""


class DocumentLooked(DocumentShown):
    org: str
    correctable: int
    """So much of an invoice no credit note has taken back, before tax."""


class QuoteRequest(Strict):
    plan: str = Field(max_length=32)
    seats: int
    amount: int
    """What a seat costs for a period."""
    currency: Currency
    period: Period
    starts: date
    months: int
    open_until: date


class PaymentRequest(Strict):
    id: str = Field(min_length=1, max_length=LONGEST_ID - len("bank:"))
    """The bank's: told twice, it is booked once."""
    number: str = Field(max_length=16)
    amount: Amount
    currency: Currency


class RefundRequest(Strict):
    through: Literal["bank", "provider"] = "bank"
    """`bank`: it was sent, and is noted. `provider`: it is sent, to where it came from."""
    id: str = Field(min_length=1, max_length=LONGEST_ID)
    amount: Amount
    currency: Currency


class CorrectionRequest(Strict):
    id: str = Field(default="", max_length=LONGEST_ID)
    """Whoever asks: asked for twice under one, it is written once."""
    amount: Amount
    """Before tax."""
    note: str = Field(default="", max_length=LONGEST_NOTE)


class AllowanceRequest(CorrectionRequest):
    currency: Currency


class ReverseChargeRequest(Strict):
    allowed: bool


class Made(BaseModel):
    number: str


def operator_router(at: Billing) -> APIRouter:
    api = APIRouter(prefix="/api/operator/billing", tags=["operator"])
    governing = Depends(operator(at.orgs.accounts))
    _offers(at, api, governing)
    _customers(at, api, governing)
    _money(at, api, governing)
    return api


def _offers(at: Billing, api: APIRouter, governing: Any) -> None:
    @api.get("/plans")
    async def plans(me: Account = governing) -> PlansShown:
        """All of them, also those that are offered no more."""
        async with at.storage.reading() as connection:
            known = await store.plans_of(connection)
        return PlansShown(plans=[_plan(one) for one in known.values()], seller=at.seller)

    @api.put("/plans", status_code=204)
    async def say_plans(wanted: PlansRequest, me: Account = governing) -> None:
        """All of them or none. Those that aren't named stay as they are; no running period changes."""
        for one in wanted.plans:
            for price in one.prices:
                done(currency_wrong(price.seat.currency))
        said = [
            as_said(read(Plan, one.model_dump(mode="json")), one.model_fields_set) for one in wanted.plans
        ]
        done(await owning.say_plans(at, me.id, said))

    @api.get("/rates")
    async def rates(me: Account = governing) -> list[RateShown]:
        """Taxes by country, and the first day of each."""
        return [
            RateShown(country=one.country, since=str(one.since), rate=one.rate, name=one.name)
            for one in await selling.every_rate(at)
        ]

    @api.put("/rates/{country}/{since}", status_code=204)
    async def say_rate(country: Country, since: date, wanted: RateRequest, me: Account = governing) -> None:
        """Of invoices from that day on. Those that were written keep theirs."""
        done(await owning.say_rate(at, me.id, TaxRate(country, since, wanted.rate, wanted.name)))


def _customers(at: Billing, api: APIRouter, governing: Any) -> None:
    async def page(org: OrgId) -> CustomerPage:
        async with at.storage.reading() as connection:
            found = or_refuse(await selling.customer_at(connection, org, MOST_DOCUMENTS))
            plans, documents = await store.plans_of(connection), list(found.documents)
            owed = await owed_of(at, connection, documents)
            moves = shown.moved(*await moving.moved(connection, org, at.provider.name))
            back = await _back(at, connection, org, found.credit)
        return CustomerPage(
            **_listed(found.listed, plans).model_dump(),
            customer=shown.customer(found.customer) if found.customer else None,
            documents=[shown.summary(one, owed[one.number]) for one in documents],
            credit=_sums(found.credit),
            provider=at.provider.name,
            refundable=_sums(back),
            moved=moves.moved,
            moved_next=moves.next,
        )

    @api.get("/customers")
    async def customers(
        like: Annotated[str, Query(max_length=200)] = "",
        standing: Standing | None = None,
        contract: bool = False,
        after: Annotated[str | None, Query(max_length=32)] = None,
        me: Account = governing,
    ) -> CustomersPage:
        """Who subscribes, did, or has a quote, by parts of the name, by standing, and who has a contract. 50 at a time."""
        found, more = await selling.subscribed(at, like, standing, after, contract=contract)
        async with at.storage.reading() as connection:
            plans = await store.plans_of(connection)
        return CustomersPage(customers=[_listed(one, plans) for one in found], next=more)

    @api.get("/customers/{org}")
    async def customer(org: str, me: Account = governing) -> CustomerPage:
        """One organisation's subscription, quotes, documents, and what it has with us."""
        return await page(OrgId(org))

    @api.get("/customers/{org}/moved")
    async def moved(
        org: str, after: Annotated[str | None, Query(max_length=160)] = None, me: Account = governing
    ) -> MovedPage:
        """Money that came from them and went back, the newest first, 50 at a time."""
        async with at.storage.reading() as connection:
            return shown.moved(*await moving.moved(connection, OrgId(org), at.provider.name, after))

    @api.put("/customers/{org}/quotes/{id}")
    async def offer(org: str, id: QuoteId, wanted: QuoteRequest, me: Account = governing) -> CustomerPage:
        """Offers a contract; an owner accepts it. The same id twice is one."""
        done(currency_wrong(wanted.currency))
        seat = Money(wanted.amount, wanted.currency)
        terms = Terms(PlanId(wanted.plan), wanted.seats, seat, wanted.period, own_price=True)
        quote = Quote(id, terms, wanted.starts, wanted.months, wanted.open_until)
        or_refuse(await selling.offer(at, me.id, OrgId(org), quote))
        return await page(OrgId(org))

    @api.delete("/customers/{org}/quotes/{id}")
    async def withdraw(org: str, id: QuoteId, me: Account = governing) -> CustomerPage:
        """Also one that was accepted and hasn't begun."""
        or_refuse(await selling.withdraw(at, me.id, OrgId(org), id))
        return await page(OrgId(org))

    @api.put("/customers/{org}/reverse-charge", status_code=204)
    async def reverse_charge(org: str, wanted: ReverseChargeRequest, me: Account = governing) -> None:
        """Their state takes the tax from themselves, or no more. From the next invoice on."""
        done(await selling.allow_reverse_charge(at, me.id, OrgId(org), allowed=wanted.allowed))


async def _back(at: Billing, connection: AsyncConnection, org: OrgId, credit: Sequence[Money]) -> list[Money]:
    if not at.provider.collects:
        return []
    return await moving.can_go_back(connection, org, at.provider.name, credit)


def _money(at: Billing, api: APIRouter, governing: Any) -> None:
    @api.post("/payments", status_code=204)
    async def paid(wanted: PaymentRequest, me: Account = governing) -> None:
        """Money came for an invoice. What is more than it asks for is the customer's."""
        done(currency_wrong(wanted.currency))
        amount = Money(wanted.amount, wanted.currency)
        done(await paying.pay(at, me.id, f"bank:{wanted.id}", wanted.number, amount))

    @api.post("/customers/{org}/refunds", status_code=204)
    async def refund(org: str, wanted: RefundRequest, me: Account = governing) -> None:
        """Money was sent back, or is by the provider, of what the customer has with us."""
        done(currency_wrong(wanted.currency))
        refund = paying.refund if wanted.through == "bank" else give_back
        done(await refund(at, me.id, wanted.id, OrgId(org), Money(wanted.amount, wanted.currency)))

    @api.post("/customers/{org}/credit-notes")
    async def allow(org: str, wanted: AllowanceRequest, me: Account = governing) -> Made:
        """So much less on the next invoice, before tax."""
        done(currency_wrong(wanted.currency))
        async with at.storage.reading() as connection:
            or_refuse(await selling.customer_at(connection, OrgId(org), 0))
        net = Money(wanted.amount, wanted.currency)
        return Made(
            number=or_refuse(await paying.allow(at, me.id, OrgId(org), net, wanted.note, id=wanted.id)).number
        )

    @api.post("/documents/{number}/credit-notes")
    async def correct(number: Number, wanted: CorrectionRequest, me: Account = governing) -> Made:
        """So much less of an invoice, before tax; what was paid of it already is the customer's."""
        made = await paying.correct(at, me.id, number, wanted.amount, wanted.note, id=wanted.id)
        return Made(number=or_refuse(made).number)

    @api.get("/documents/{number}")
    async def document(number: Number, me: Account = governing) -> DocumentLooked:
        """An invoice or a credit note, as it was sent."""
        async with at.storage.reading() as connection:
            found = or_refuse(await store.document(connection, number) or Refusal("billing.document_unknown"))
            owed = await owed_of(at, connection, [found])
            said = shown.document(found, owed[number], await store.plans_of(connection))
            is_invoice = found.series is Series.INVOICE
            left = found.net.amount - await store.corrected(connection, number) if is_invoice else 0
            return DocumentLooked(**said.model_dump(), org=found.org, correctable=left)


def _sums(of: Sequence[Money]) -> list[Sum]:
    return [Sum(amount=one.amount, currency=one.currency) for one in of]


def _plan(one: Plan) -> PlanSaid:
    said = PlanSaid.model_validate(written(one))
    return said.model_copy(update={"services": sorted(said.services)})


def _listed(one: Listed, plans: Plans) -> CustomerListed:
    state = one.seen.state
    return CustomerListed(
        org=one.org,
        name=one.name,
        standing=state.standing,
        restricted=one.restricted,
        subscription=shown.subscription(state, plans) if state.runs else None,
        quotes=[shown.quote(quote, plans) for quote in state.quotes],
        accepted=shown.quote(state.accepted, plans) if state.accepted else None,
    )
