"""Lines become an invoice, and what the customer has with us pays it first. In a daybook that is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from folkmoot.billing.daybook import Daybook, Folio
from folkmoot.billing.documents import Customer, Document, Series, invoice, ripe, settlement, total_of
from folkmoot.billing.ledger import applied, issued
from folkmoot.billing.lines import Line
from folkmoot.billing.plans import called
from folkmoot.billing.tax import TaxRate

Writes = Callable[[str, str, Customer, list[Line], TaxRate | None, date], Document]


def charge(book: Daybook, folio: Folio) -> None:
    lines, runs = folio.pending, folio.state.runs
    if not lines or not ripe(lines, runs=runs):
        return
    parted = [[one for one in lines if one.amount.currency == code] for code in _currencies(lines)]
    over = [some for some in parted if total_of(some).amount < 0]
    book.wait(folio, [line for some in over for line in some] if runs else [])
    for some in parted:
        if some not in over:
            _pay_by_credit(book, folio, _issue(book, folio, Series.INVOICE, invoice, some))
    if not runs:
        for some in over:
            _issue(book, folio, Series.CREDIT_NOTE, settlement, some)


def _currencies(lines: list[Line]) -> list[str]:
    return sorted({line.amount.currency for line in lines})


def _issue(book: Daybook, folio: Folio, series: Series, write: Writes, lines: list[Line]) -> Document:
    """Dated today, though the server was off when it was due: nobody is late for what they weren't asked."""
    number, on = book.number(series)
    rate = book.rate(folio.customer, on)
    made = write(number, folio.org, folio.customer, [_named(book, line) for line in lines], rate, on)
    book.issue(folio, made, issued(made))
    return made


def _named(book: Daybook, line: Line) -> Line:
    """A plan that is called otherwise tomorrow was called so today."""
    return replace(line, called=called(line.plan, book.plans)) if line.plan else line


def _pay_by_credit(book: Daybook, folio: Folio, made: Document) -> None:
    pays = min(folio.has(made.total.currency), made.total)
    if pays.amount > 0:
        book.book(folio, applied(made, pays))
    if made.total.amount > max(pays.amount, 0):
        book.open(folio, made.number, made.due_on, {})
