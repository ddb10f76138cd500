"""Invoices, payments, corrections: the books balance whatever comes, in whatever order, however often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.billing import dunning
from folkmoot.billing.documents import (
    Customer,
    Document,
    Series,
    allowance,
    amount_wrong,
    correction,
    correction_wrong,
    customer_wrong,
    invoice,
    ripe,
)
from folkmoot.billing.dunning import Step, next_step
from folkmoot.billing.entitlement import entitled
from folkmoot.billing.ledger import Account, Posting, Transaction, applied, issued, paid, refunded
from folkmoot.billing.lines import Kind, Line
from folkmoot.billing.money import Money
from folkmoot.billing.plans import FREE, Limits, Period, Plan, PlanId, with_free
from folkmoot.billing.subscription import Standing
from folkmoot.billing.tax import TaxRate
from folkmoot.kit import Refusal

DAY = date(2026, 12, 1)
NORTHFIELD = Customer("Northfield School", "1 School Lane\nNorthfield", "GB")
VAT = TaxRate("GB", date(2011, 1, 4), 2000)


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def line(amount: int, kind: Kind = Kind.SEATS, currency: str = "EUR", period: Period = Period.MONTH) -> Line:
    return Line(kind, Money(amount, currency), DAY, date(2026, 12, 31), period=period)


def billed(*amounts: int, number: str = "2026-0010") -> Document:
    return invoice(number, "o_1", NORTHFIELD, [line(one) for one in amounts], VAT, DAY)


class Books:
    """All that was booked: what the storage's sums are, in memory."""

    def __init__(self) -> None:
        self.transactions: dict[str, Transaction] = {}

    def book(self, transaction: Transaction) -> None:
        self.transactions.setdefault(transaction.id, transaction)

    def postings(self) -> Iterable[Posting]:
        return (posting for one in self.transactions.values() for posting in one.postings)

    def balance(self, account: Account, document: str | None = None, currency: str = "EUR") -> Money:
        wanted = (
            one.amount.amount
            for one in self.postings()
            if one.account is account and one.amount.currency == currency and document in (None, one.document)
        )
        return Money(sum(wanted), currency)

    def open(self, document: str, currency: str = "EUR") -> Money:
        return self.balance(Account.RECEIVABLE, document, currency)

    def pay(self, id: str, amount: int, document: str = "2026-0010", currency: str = "EUR") -> None:
        open_ = self.open(document, currency)
        self.book(paid(id, "o_1", Money(amount, currency), document, open_, DAY))


def test_the_invoice_of_the_picture() -> None:
    books, back = (
        Books(),
        allowance("2026-C0002", "o_1", NORTHFIELD, eur(420), "40 minutes without service", DAY),
    )
    books.book(issued(back))
    lines = [line(25200), line(760, Kind.SEATS_ADDED), *back.lines]
    said = invoice("2026-0010", "o_1", NORTHFIELD, lines, VAT, DAY)
    assert (said.net, said.tax.amount, said.total) == (eur(25540), eur(5108), eur(30648))
    assert back.lines[0].reason == "2026-C0002 40 minutes without service"
    books.book(issued(said))
    assert {account: books.balance(account).amount for account in Account} == {
        Account.CASH: 0, Account.RECEIVABLE: 30648, Account.CREDIT: 0, Account.CREDIT_NOTES: 0, Account.TAX: -5108,
        Account.SALES: -25540,
    }  # fmt: skip


def test_numbers_are_those_of_a_series_and_a_year() -> None:
    assert Series.INVOICE.number(2026, 9) == "2026-0009"
    assert Series.CREDIT_NOTE.number(2026, 2) == "2026-C0002"
    assert Series.INVOICE.number(2026, 123456) == "2026-123456"


def test_what_is_paid_beyond_the_invoice_is_the_customers() -> None:
    books, said = Books(), billed(10000)
    books.book(issued(said))
    books.pay("bank:1", 15000)
    assert books.open(said.number) == eur(0)
    assert books.balance(Account.CREDIT) == eur(-3000)
    later = billed(2000, number="2026-0011")
    books.book(issued(later))
    books.book(applied(later, eur(2400)))
    books.book(refunded("r:1", "o_1", eur(600), DAY))
    assert books.open(later.number) == books.balance(Account.CREDIT) == eur(0)
    assert books.balance(Account.CASH) == eur(14400)


def test_a_payment_that_is_said_twice_is_booked_once() -> None:
    books = Books()
    books.book(issued(billed(10000)))
    books.pay("bank:1", 12000)
    books.pay("bank:1", 12000)
    assert books.balance(Account.CASH) == eur(12000)


def test_a_correction_is_taxed_as_what_it_corrects() -> None:
    books, said = Books(), billed(10000)
    books.book(issued(said))
    back = correction("2026-C0003", said, 2500, "two seats too many", date(2027, 1, 5))
    assert (back.tax.rate, back.total, back.corrects) == (2000, eur(-3000), said.number)
    books.book(issued(back, books.open(said.number)))
    assert books.open(said.number) == eur(9000)
    books.pay("bank:1", 9000)
    rest = correction("2026-C0004", said, 7500, "all of it", date(2027, 1, 6), before=2500)
    books.book(issued(rest, books.open(said.number)))
    assert books.balance(Account.CREDIT) == eur(-9000), "it was paid: they get it back"
    assert books.balance(Account.SALES) == books.balance(Account.TAX) == eur(0)


@given(st.integers(1, 999), st.lists(st.integers(1, 99), max_size=8))
def test_corrections_take_back_the_tax_to_the_unit(rate: int, parts: list[int]) -> None:
    said = invoice("2026-0010", "o_1", NORTHFIELD, [line(sum(parts) + 1)], replace(VAT, rate=rate), DAY)
    back, before = 0, 0
    for net in (*parts, 1):
        back += correction("2026-C0001", said, net, "", DAY, before).tax.amount.amount
        before += net
    assert back == -said.tax.amount.amount


def test_more_than_there_is_is_not_corrected() -> None:
    said = billed(10000)
    assert correction_wrong(said, 2500, 7500, "") is None
    for net in (0, -1, 7501):
        assert correction_wrong(said, 2500, net, "") == Refusal("billing.amount", {"most": 7500})
    assert correction_wrong(said, 0, 1, "x" * 201) == Refusal("billing.reason", {"most": 200})
    assert correction_wrong(correction("2026-C0001", said, 1, "", DAY), 0, 1, "") is not None
    assert amount_wrong(0) and amount_wrong(5, 4) and not amount_wrong(4, 4)


def test_books_that_do_not_balance_can_not_be_written() -> None:
    with pytest.raises(ValueError, match="doesn't balance"):
        Transaction(
            "x", "o_1", DAY, (Posting(Account.CASH, eur(1)), Posting(Account.SALES, Money(-1, "USD")))
        )


def test_who_invoices_go_to_is_looked_at() -> None:
    assert customer_wrong(NORTHFIELD) is None
    assert customer_wrong(replace(NORTHFIELD, country="UK ")) == Refusal("billing.country")
    assert customer_wrong(replace(NORTHFIELD, name=" ")) == Refusal("billing.customer", {"which": "name"})
    long = replace(NORTHFIELD, tax_number="x" * 33)
    assert customer_wrong(long) == Refusal("billing.customer", {"which": "tax_number"})


def test_what_is_added_within_a_month_waits_for_the_next() -> None:
    added = line(760, Kind.SEATS_ADDED)
    assert not ripe([added], runs=True)
    assert ripe([added, line(1)], runs=True) and ripe([added], runs=False)
    assert ripe([line(760, Kind.SEATS_ADDED, period=Period.YEAR)], runs=True)


acts = st.lists(
    st.tuples(
        st.sampled_from(["pay", "correct", "refund", "allow"]),
        st.integers(1, 20000),
        st.integers(0, 3),
        st.sampled_from(["EUR", "JPY"]),
    ),
    max_size=20,
)


def kept(said: list[tuple[str, int, int, str]]) -> Books:
    """`said`: what, how much, under which id, in which currency."""
    books = Books()
    documents = {
        code: invoice(f"2026-{code}", "o_1", NORTHFIELD, [line(10001, currency=code)], VAT, DAY)
        for code in ("EUR", "JPY")
    }
    for document in documents.values():
        books.book(issued(document))
    for what, amount, id, code in said:
        document = documents[code]
        if what == "pay":
            books.pay(f"{code}:{id}", amount, document.number, code)
        elif what == "refund":
            books.book(refunded(f"{code}:{id}", "o_1", Money(amount, code), DAY))
        elif what == "allow":
            books.book(issued(allowance(f"A{code}{id}", "o_1", NORTHFIELD, Money(amount, code), "", DAY)))
        else:
            back = correction(f"C{code}{id}", document, min(amount, 2500), "", DAY)
            books.book(issued(back, books.open(document.number, code)))
    return books


@given(acts)
def test_all_of_it_adds_up_to_nothing(said: list[tuple[str, int, int, str]]) -> None:
    counted: Counter[str] = Counter()
    for posting in kept(said).postings():
        counted[posting.amount.currency] += posting.amount.amount
    assert not any(counted.values())


@given(acts, st.randoms())
def test_the_order_in_which_a_provider_tells_it_changes_no_sum(
    said: list[tuple[str, int, int, str]], chance: object
) -> None:
    once = list({(what, id, code): (what, amount, id, code) for what, amount, id, code in said}.values())
    twice = once * 2
    chance.shuffle(twice)  # type: ignore[attr-defined]
    one, other = kept(once), kept(twice)
    for code in ("EUR", "JPY"):
        for account in Account:
            assert one.balance(account, None, code) == other.balance(account, None, code)
        assert one.open(f"2026-{code}", code).amount >= 0


# --- who doesn't pay --------------------------------------------------------------------------------------------------


def test_words_come_first() -> None:
    taken: dict[Step, date] = {}
    for day in (DAY + timedelta(days=n) for n in range(100)):
        if step := next_step(DAY, taken, day):
            taken[step] = day
    assert {step: (day - DAY).days for step, day in taken.items()} == dunning.AFTER


def test_though_the_server_was_off_for_a_year_no_word_is_left_out() -> None:
    taken: dict[Step, date] = {}
    for day in (DAY + timedelta(days=365 + n) for n in range(100)):
        if step := next_step(DAY, taken, day):
            taken[step] = day
    assert [(day - DAY).days - 365 for day in taken.values()] == [0, 9, 20, 29, 59]


def test_what_is_past_due_restricts_nothing_until_its_step() -> None:
    team = Plan(PlanId("team"), "Team", limits=Limits(300))
    plans = with_free([team, Plan(FREE, "Free", limits=Limits(100, 60))])
    for standing in (Standing.TRIAL, Standing.ACTIVE, Standing.PAST_DUE):
        assert entitled(plans, team.id, standing) == team
    assert entitled(plans, team.id, Standing.PAST_DUE, restricted=True) == plans[FREE]
    assert (
        entitled(plans, team.id, Standing.CANCELLED) == entitled(plans, None, Standing.ACTIVE) == plans[FREE]
    )
    assert entitled(plans, PlanId("gone"), Standing.ACTIVE).limits == Limits()
