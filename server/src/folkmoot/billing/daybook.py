"""The books of some organisations, open: read together, gone on with in memory, written together.

Law: it is opened and written within one transaction of the caller's; until it is written the database knows nothing of it. How many
statements that takes doesn't depend on how many organisations it is of: a night's closing is mostly the way to the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.billing import store
from folkmoot.billing.deciding import folded
from folkmoot.billing.documents import Customer, Document, Series
from folkmoot.billing.dunning import Step
from folkmoot.billing.ledger import Account, Transaction
from folkmoot.billing.lines import Line
from folkmoot.billing.money import Money
from folkmoot.billing.plans import Plans
from folkmoot.billing.subscription import Event, Subscription, evolve
from folkmoot.billing.tax import TaxRate, rate_on
from folkmoot.orgs import OrgId

NOBODY = Customer("—", "—", "ZZ")
"""Who never said where invoices go to; ZZ is no country of ISO 3166, and has no tax."""


@dataclass(slots=True)
class Folio:
    """One organisation's."""

    org: OrgId
    events: list[Event]
    state: Subscription
    pending: list[Line]
    opened: dict[str, store.Dunned]
    """Invoices that ask for something, by number."""
    customer: Customer
    credit: Counter[str]
    """What they have with us, in each currency."""

    @property
    def restricted(self) -> bool:
        return any(Step.RESTRICTED in steps for _, steps in self.opened.values())

    def has(self, currency: str) -> Money:
        return Money(self.credit[currency], currency)


@dataclass(slots=True)
class Daybook:
    folios: Mapping[OrgId, Folio]
    plans: Plans
    rates: Sequence[TaxRate]
    numbers: dict[Series, store.Last]
    now: datetime
    seller: str
    _events: list[store.Happened] = field(default_factory=list)
    _documents: list[Document] = field(default_factory=list)
    _transactions: list[Transaction] = field(default_factory=list)
    _pending: set[OrgId] = field(default_factory=set)
    _kept: set[OrgId] = field(default_factory=set)
    _opened: dict[str, OrgId] = field(default_factory=dict)
    _numbered: set[Series] = field(default_factory=set)

    def rate(self, customer: Customer, day: date) -> TaxRate | None:
        return rate_on(self.rates, customer.country, day)

    def happened(self, folio: Folio, event: Event, by: str) -> None:
        folio.events.append(event)
        folio.state = evolve(folio.state, event)
        self._events.append(store.Happened(folio.org, len(folio.events), event, by))

    def wait(self, folio: Folio, lines: Sequence[Line]) -> None:
        """All that the next invoice carries."""
        if folio.pending or lines:
            folio.pending = [*lines]
            self._pending.add(folio.org)

    def number(self, series: Series) -> tuple[str, date]:
        """The next one, and the day of its document: never before the last one's, whatever the clock says."""
        today, last = self.now.date(), self.numbers.get(series)
        day = today if last is None else max(today, last.day)
        n = last.n + 1 if last is not None and last.day.year == day.year else 1
        self.numbers[series] = store.Last(n, day)
        self._numbered.add(series)
        return series.number(day.year, n), day

    def issue(self, folio: Folio, document: Document, transaction: Transaction) -> None:
        self._documents.append(replace(document, seller=self.seller))
        self.book(folio, transaction)

    def book(self, folio: Folio, transaction: Transaction) -> None:
        self._transactions.append(transaction)
        for one in transaction.postings:
            if one.account is Account.CREDIT:
                folio.credit[one.amount.currency] -= one.amount.amount

    def open(self, folio: Folio, number: str, due_on: date, taken: Mapping[Step, date]) -> None:
        folio.opened[number] = (due_on, dict(taken))
        self._opened[number] = folio.org

    def keep(self, folio: Folio) -> None:
        """What is looked for."""
        self._kept.add(folio.org)

    async def write(self, connection: AsyncConnection) -> None:
        await store.add_events(connection, self._events, self.now)
        await store.put_pending(connection, {org: self.folios[org].pending for org in self._pending})
        await store.put_numbers(connection, {one: self.numbers[one] for one in self._numbered})
        await store.add_documents(connection, self._documents, self.now)
        await store.book(connection, self._transactions, self.now)
        opened = [(n, org, *self.folios[org].opened[n]) for n, org in self._opened.items()]
        await store.put_open(connection, opened)
        kept = [self.folios[org] for org in self._kept]
        await store.put_subscriptions(connection, [(one.org, one.state, one.restricted) for one in kept])


async def opened(connection: AsyncConnection, orgs: Sequence[OrgId], now: datetime, seller: str) -> Daybook:
    events, pending = await store.events_of(connection, orgs), await store.pending_of(connection, orgs)
    asked, customers = await store.open_of(connection, orgs), await store.customers_of(connection, orgs)
    credit = await store.credits_of(connection, orgs)
    folios = {
        org: Folio(
            org,
            events[org],
            folded(events[org]),
            pending[org],
            asked[org],
            customers.get(org, NOBODY),
            credit[org],
        )
        for org in orgs
    }
    rates = await store.rates_of(connection, {one.customer.country for one in folios.values()})
    plans, numbers = await store.plans_of(connection), await store.last_numbers(connection)
    return Daybook(folios, plans, rates, numbers, now, seller)
