"""The books: double entry, append-only.

Law: the postings of a transaction add up to nothing, in every currency; so do all of them. A transaction is named by what it comes
from (`invoice 2026-0009`, `payment bank:4711`), and a name is written once: what is said twice is booked once. Nothing is ever changed or
taken out. What an invoice still asks for, and what a customer has with us, are sums over postings and kept nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from folkmoot.billing.documents import Document, Series
from folkmoot.billing.money import Money


class Account(StrEnum):
    """Named as double-entry tools name them. What we have is above zero, what we owe or earned below."""

    CASH = "Assets:Cash"
    RECEIVABLE = "Assets:Receivable"
    CREDIT = "Liabilities:Customers"
    """What customers paid beyond what was asked, or got back."""
    CREDIT_NOTES = "Liabilities:CreditNotes"
    """That the next invoice carries."""
    TAX = "Liabilities:Tax"
    SALES = "Income:Subscriptions"


@dataclass(frozen=True, slots=True)
class Posting:
    account: Account
    amount: Money
    document: str = ""
    """That it asks for or pays."""


@dataclass(frozen=True, slots=True)
class Transaction:
    id: str
    org: str
    day: date
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        if any(sums(self.postings).values()):
            raise ValueError(f"{self.id} doesn't balance")


def issued(document: Document, open_: Money | None = None) -> Transaction:
    """`open_`: what the invoice that is corrected still asks for."""
    if document.series is Series.INVOICE:
        return _transaction("invoice", document, _invoiced(document))
    if document.settles:
        return _transaction("credit_note", document, _invoiced(document))
    if not document.corrects:
        carried = [Posting(Account.SALES, -document.net), Posting(Account.CREDIT_NOTES, document.net)]
        return _transaction("credit_note", document, carried)
    back = [Posting(Account.SALES, -document.net), Posting(Account.TAX, -document.tax.amount)]
    return _transaction("credit_note", document, [*back, *_pays(-document.total, document.corrects, open_)])


def paid(id: str, org: str, amount: Money, invoice: str, open_: Money | None, day: date) -> Transaction:
    """What is more than was asked for is the customer's, for their next invoice or to be given back."""
    postings = [Posting(Account.CASH, amount, invoice), *_pays(amount, invoice, open_)]
    return Transaction(f"payment {id}", org, day, _said(postings))


def applied(invoice: Document, amount: Money) -> Transaction:
    """What the customer has with us pays the invoice, as far as it goes."""
    postings = [Posting(Account.CREDIT, amount), Posting(Account.RECEIVABLE, -amount, invoice.number)]
    return _transaction("credit", invoice, postings)


def refunded(id: str, org: str, amount: Money, day: date) -> Transaction:
    return Transaction(
        f"refund {id}", org, day, (Posting(Account.CREDIT, amount), Posting(Account.CASH, -amount))
    )


def came_back(id: str, org: str, amount: Money, day: date) -> Transaction:
    """A refund that didn't reach anybody is theirs again."""
    postings = (Posting(Account.CASH, amount), Posting(Account.CREDIT, -amount))
    return Transaction(f"refund_back {id}", org, day, postings)


def sums(postings: Iterable[Posting]) -> Counter[str]:
    """By currency."""
    counted: Counter[str] = Counter()
    for posting in postings:
        counted[posting.amount.currency] += posting.amount.amount
    return counted


def _invoiced(document: Document) -> list[Posting]:
    credit = Money(sum(line.amount.amount for line in document.carried), document.net.currency)
    asks = Posting(Account.RECEIVABLE, document.total, document.number)
    return [
        Posting(Account.CREDIT, document.total) if document.settles else asks,
        Posting(Account.SALES, credit - document.net),
        Posting(Account.CREDIT_NOTES, -credit),
        Posting(Account.TAX, -document.tax.amount),
    ]


def _pays(amount: Money, invoice: str, open_: Money | None) -> list[Posting]:
    """`open_` of None: it pays no invoice."""
    pays = min(amount, open_) if open_ is not None and open_.amount > 0 else amount * 0
    return [Posting(Account.RECEIVABLE, -pays, invoice), Posting(Account.CREDIT, pays - amount)]


def _transaction(what: str, document: Document, postings: list[Posting]) -> Transaction:
    return Transaction(f"{what} {document.number}", document.org, document.issued_on, _said(postings))


def _said(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    return tuple(posting for posting in postings if posting.amount)
