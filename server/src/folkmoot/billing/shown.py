"""What the API says of plans, subscriptions and documents. Amounts are whole minor units of their currency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from folkmoot.billing import moving
from folkmoot.billing.documents import Customer, Document, Series
from folkmoot.billing.lines import Kind, Line
from folkmoot.billing.plans import Period, Plan, Plans, Service, Support, called
from folkmoot.billing.previewing import Bill, Preview
from folkmoot.billing.subscription import Standing, Subscription
from folkmoot.billing.terms import Quote, Terms

Owed = Literal["paid", "open", "late"]


class PriceShown(BaseModel):
    period: Period
    amount: int
    currency: str


class PlanShown(BaseModel):
    id: str
    name: str
    prices: list[PriceShown]
    people: int | None
    minutes: int | None
    at_once: int | None
    services: list[Service]
    support: Support
    fewest_seats: int
    most_seats: int
    trial_days: int


class TermsShown(BaseModel):
    plan: str
    name: str
    """Of the plan."""
    seats: int
    seat: int
    """What one costs for a period."""
    price: int
    currency: str
    period: Period


class QuoteShown(BaseModel):
    id: str
    terms: TermsShown
    starts: str
    """To who may accept it, as if they did today."""
    ends: str
    months: int
    open_until: str


class SubscriptionShown(BaseModel):
    standing: Standing
    terms: TermsShown
    first: str
    last: str
    """Days of the running period."""
    next: TermsShown | None
    """From the next period on, where that is another."""
    leaving: bool
    """It ends with the period, or with the contract."""
    until: str | None
    """The last day of a contract."""


class LineShown(BaseModel):
    kind: Kind
    plan: str
    """What it is called, or was on the document's day; empty of a credit note."""
    seats: int
    reason: str
    first: str
    last: str
    amount: int


class BillShown(BaseModel):
    day: str
    lines: list[LineShown]
    net: int
    tax: int
    tax_name: str
    tax_rate: int
    """Hundredths of a percent."""
    credit: int
    """Of it is paid by what the customer has with us."""
    total: int
    currency: str


class PreviewShown(BaseModel):
    at_once: bool
    subscription: SubscriptionShown | None
    """As it would be."""
    now: BillShown | None
    """Null: nothing is asked for today; what is added waits for the next one."""
    coming: BillShown | None


class CustomerShown(BaseModel):
    name: str
    address: str
    country: str
    tax_number: str
    reverse_charge: bool


class DocumentListed(BaseModel):
    number: str
    kind: Literal["invoice", "credit_note"]
    issued_on: str
    due_on: str
    total: int
    currency: str
    left: int
    """To pay."""
    owed: Owed


class DocumentShown(DocumentListed):
    customer: CustomerShown
    lines: list[LineShown]
    net: int
    tax: int
    tax_name: str
    tax_rate: int
    corrects: str
    """The invoice that a credit note corrects."""
    seller: str
    """Who it is from, a line each; empty where nobody said."""


class PlanPage(BaseModel):
    seen: int
    """Whoever decides says it back."""
    plan: PlanShown
    restricted: bool
    """What isn't paid: new meetings have the free plan's limits."""
    subscription: SubscriptionShown | None
    had_trial: bool
    people: int
    """That are in it: each takes a seat."""
    quotes: list[QuoteShown]
    accepted: QuoteShown | None
    coming: BillShown | None
    """The next invoice, as it stands."""
    offered: list[PlanShown]
    customer: CustomerShown | None
    documents: list[DocumentListed]


def plan(one: Plan) -> PlanShown:
    prices = [
        PriceShown(period=price.period, amount=price.seat.amount, currency=price.seat.currency)
        for price in one.prices
    ]
    return PlanShown(
        id=one.id,
        name=one.name,
        prices=prices,
        people=one.limits.people,
        minutes=one.limits.minutes,
        at_once=one.limits.at_once,
        services=sorted(one.services),
        support=one.support,
        fewest_seats=one.fewest_seats,
        most_seats=one.most_seats,
        trial_days=one.trial_days,
    )


def terms(one: Terms, plans: Plans) -> TermsShown:
    return TermsShown(
        plan=one.plan,
        name=called(one.plan, plans),
        seats=one.seats,
        seat=one.seat.amount,
        price=one.price.amount,
        currency=one.seat.currency,
        period=one.period,
    )


def quote(one: Quote, plans: Plans) -> QuoteShown:
    return QuoteShown(
        id=one.id,
        terms=terms(one.terms, plans),
        starts=str(one.starts),
        ends=str(one.ends),
        months=one.months,
        open_until=str(one.open_until),
    )


def subscription(one: Subscription, plans: Plans) -> SubscriptionShown:
    assert one.terms is not None and one.span is not None, "what runs has terms and a period"
    return SubscriptionShown(
        standing=one.standing,
        terms=terms(one.terms, plans),
        first=str(one.span.first),
        last=str(one.span.last),
        next=terms(one.next, plans) if one.next else None,
        leaving=one.leaving is not None,
        until=str(one.until) if one.until else None,
    )


def bill(one: Bill, plans: Plans) -> BillShown:
    return BillShown(
        day=str(one.day),
        lines=[line(each, plans) for each in one.lines],
        net=one.tax.on.amount,
        tax=one.tax.amount.amount,
        tax_name=one.tax.name,
        tax_rate=one.tax.rate,
        credit=one.credit.amount,
        total=one.total.amount,
        currency=one.total.currency,
    )


def preview(one: Preview, plans: Plans) -> PreviewShown:
    return PreviewShown(
        at_once=one.at_once,
        subscription=subscription(one.after, plans) if one.after.runs else None,
        now=bill(one.now, plans) if one.now else None,
        coming=bill(one.coming, plans) if one.coming else None,
    )


def line(one: Line, plans: Plans) -> LineShown:
    return LineShown(
        kind=one.kind,
        plan=one.called or (called(one.plan, plans) if one.plan else ""),
        seats=one.seats,
        reason=one.reason,
        first=str(one.first),
        last=str(one.last),
        amount=one.amount.amount,
    )


def customer(one: Customer) -> CustomerShown:
    return CustomerShown(
        name=one.name,
        address=one.address,
        country=one.country,
        tax_number=one.tax_number,
        reverse_charge=one.reverse_charge,
    )


def summary(one: Document, owed: tuple[int, Owed]) -> DocumentListed:
    return DocumentListed(
        number=one.number,
        kind="invoice" if one.series is Series.INVOICE else "credit_note",
        issued_on=str(one.issued_on),
        due_on=str(one.due_on),
        total=one.total.amount,
        currency=one.total.currency,
        left=owed[0],
        owed=owed[1],
    )


def document(one: Document, owed: tuple[int, Owed], plans: Plans) -> DocumentShown:
    return DocumentShown(
        **summary(one, owed).model_dump(),
        customer=customer(one.customer),
        lines=[line(each, plans) for each in one.lines],
        net=one.net.amount,
        tax=one.tax.amount.amount,
        tax_name=one.tax.name,
        tax_rate=one.tax.rate,
        corrects=one.corrects,
        seller=one.seller,
    )


class MovedShown(BaseModel):
    """Money that came or went."""

    day: str
    kind: moving.Kind
    """`payment`, `refund`, or `refund_back`: one that didn't reach anybody."""
    amount: int
    currency: str
    through: str
    """`bank`, or the provider's name."""
    number: str
    """Of the invoice that it came for; empty where it came for none."""


class MovedPage(BaseModel):
    moved: list[MovedShown]
    """The newest first."""
    next: str | None
    """What `after` takes, where there are more."""


def moved(found: Sequence[moving.Moved], more: str | None) -> MovedPage:
    each = [
        MovedShown(
            day=str(one.day),
            kind=one.kind,
            amount=one.amount.amount,
            currency=one.amount.currency,
            through=one.through,
            number=one.number,
        )
        for one in found
    ]
    return MovedPage(moved=each, next=more)
