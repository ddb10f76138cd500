"""Invoices and credit notes: what is sent, and kept for ever as it was sent.

Law: a document that has its number never changes: it holds who it went to and every line as they were. Numbers of a series and a year
have no gaps, and follow the days. What was wrong is corrected by a credit note, which names what it corrects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import reduce
from operator import add

from folkmoot.billing.lines import Kind, Line
from folkmoot.billing.money import MOST, Money, rounded
from folkmoot.billing.plans import Period
from folkmoot.billing.tax import COUNTRY, WHOLE, Taxed, TaxRate, taxed
from folkmoot.kit import Refusal

TO_PAY = timedelta(days=14)
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_TAX_NUMBER, LONGEST_NOTE = 200, 500, 32, 200


class Series(StrEnum):
    INVOICE = ""
    CREDIT_NOTE = "C"

    def number(self, year: int, n: int) -> str:
        """`2026-0009`, `2026-C0002`."""
        return f"{year}-{self}{n:04}"


@dataclass(frozen=True, slots=True)
class Customer:
    """Who invoices go to."""

    name: str
    address: str
    country: str
    tax_number: str = ""
    reverse_charge: bool = False
    """Their state takes the tax from themselves: who runs the server says so, who has to know."""


@dataclass(frozen=True, slots=True)
class Document:
    number: str
    series: Series
    org: str
    customer: Customer
    issued_on: date
    due_on: date
    lines: tuple[Line, ...]
    tax: Taxed
    corrects: str = ""
    """The invoice that a credit note corrects at once. Empty: an invoice, or a credit note that the next invoice carries."""
    settles: bool = False
    """What is left when a subscription is over, where that is below zero: no invoice will carry it."""
    asked: str = ""
    """The id under which whoever asked for a credit note did so. Empty: they gave none, or nobody asked."""
    seller: str = ""
    """Who it is from: name, address, tax number, as they were. Empty: nobody had said, and the site's name stands there."""

    @property
    def net(self) -> Money:
        return self.tax.on

    @property
    def carried(self) -> tuple[Line, ...]:
        """Credit notes of before."""
        carries = self.series is Series.INVOICE or self.settles
        return tuple(line for line in self.lines if carries and line.kind is Kind.CREDIT_NOTE)

    @property
    def total(self) -> Money:
        return self.net + self.tax.amount


def customer_wrong(customer: Customer) -> Refusal | None:
    if not COUNTRY.fullmatch(customer.country):
        return Refusal("billing.country")
    said = {
        "name": (customer.name, 1, LONGEST_NAME),
        "address": (customer.address, 1, LONGEST_ADDRESS),
        "tax_number": (customer.tax_number, 0, LONGEST_TAX_NUMBER),
    }
    wrong = (which for which, (text, least, most) in said.items() if not least <= len(text.strip()) <= most)
    which = next(wrong, None)
    return None if which is None else Refusal("billing.customer", {"which": which})


def ripe(lines: Iterable[Line], *, runs: bool) -> bool:
    """What is added within a month waits for the next month's invoice; within a year nobody waits that long."""
    return not runs or any(line.kind is Kind.SEATS or line.period is Period.YEAR for line in lines)


def invoice(
    number: str, org: str, customer: Customer, lines: Sequence[Line], rate: TaxRate | None, day: date
) -> Document:
    """All lines of one currency, and the sum not below zero: what is more in credit than owed waits."""
    tax = taxed(total_of(lines), rate, reverse_charge=customer.reverse_charge)
    return Document(number, Series.INVOICE, org, customer, day, day + TO_PAY, tuple(lines), tax)


def settlement(
    number: str, org: str, customer: Customer, lines: Sequence[Line], rate: TaxRate | None, day: date
) -> Document:
    """As an invoice, below zero: it is the customer's, with its tax."""
    tax = taxed(total_of(lines), rate, reverse_charge=customer.reverse_charge)
    return Document(number, Series.CREDIT_NOTE, org, customer, day, day, tuple(lines), tax, settles=True)


def correction(number: str, of: Document, net: int, note: str, day: date, before: int = 0) -> Document:
    """`net`: so much less, before tax; it is taxed as the invoice was, whatever the rate is by now. `before`: so much was corrected
    already: all corrections together take back the tax to the unit."""
    currency = of.net.currency
    back = Line(Kind.CREDIT_NOTE, Money(-net, currency), of.lines[0].first, of.lines[0].last, note=note)
    less = rounded((before + net) * of.tax.rate, WHOLE) - rounded(before * of.tax.rate, WHOLE)
    tax = Taxed(of.tax.name, of.tax.rate, back.amount, Money(-less, currency))
    return Document(number, Series.CREDIT_NOTE, of.org, of.customer, day, day, (back,), tax, of.number)


def allowance(number: str, org: str, customer: Customer, net: Money, note: str, day: date) -> Document:
    """Carried by the next invoice, which is taxed on what is left."""
    back = Line(Kind.CREDIT_NOTE, -net, day, day, note=f"{number} {note}".strip())
    return Document(number, Series.CREDIT_NOTE, org, customer, day, day, (back,), taxed(back.amount, None))


def correction_wrong(of: Document, corrected: int, net: int, note: str) -> Refusal | None:
    """`corrected`: so much of it was, before tax."""
    most = of.net.amount - corrected
    if of.series is not Series.INVOICE or not 0 < net <= most:
        return Refusal("billing.amount", {"most": most})
    return note_wrong(note)


def note_wrong(note: str) -> Refusal | None:
    return None if len(note) <= LONGEST_NOTE else Refusal("billing.reason", {"most": LONGEST_NOTE})


def amount_wrong(amount: int, most: int = MOST) -> Refusal | None:
    return None if 0 < amount <= most else Refusal("billing.amount", {"most": most})


def total_of(lines: Sequence[Line]) -> Money:
    return reduce(add, (line.amount for line in lines))
