"""Money that comes and goes, and what corrects an invoice.

Law: a payment is named by whoever tells of it (`bank:4711`), and booked once under that name: told again it changes nothing, told
otherwise it is refused. So is a refund, and a credit note that was given an id. In whatever order a provider tells, the books are the same.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.audit.audit import Acting
from folkmoot.billing import documents, ledger, store
from folkmoot.billing.billing import Billing, carry, opened, refresh
from folkmoot.billing.charging import charge
from folkmoot.billing.deciding import Settle
from folkmoot.billing.documents import Document, Series
from folkmoot.billing.ledger import Account, Transaction
from folkmoot.billing.money import Money
from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId

UNKNOWN = Refusal("billing.document_unknown")
KNOWN = Refusal("billing.payment_known")
LONGEST_ID = 100


async def pay(at: Billing, by: str, id: str, number: str, amount: Money) -> Refusal | None:
    async with at.audit.acting() as act:
        invoice = await _invoice(act.connection, number)
        wrong = _payment_wrong(id, amount, invoice)
        if isinstance(wrong, Refusal) or invoice is None:
            return wrong or UNKNOWN
        asked = await store.asked(act.connection, invoice)
        said = ledger.paid(id, invoice.org, amount, number, asked, at.today)
        known = await store.booked(act.connection, said.id)
        if known:
            return told_again(known, said)
        await store.book(act.connection, [said], at.clock.now())
        await act.note(invoice.org, by, "billing.paid", number, amount=amount.amount)
        await settle(at, act, invoice, by)
    await refresh(at, OrgId(invoice.org))
    return None


async def refund(at: Billing, by: str, id: str, org: OrgId, amount: Money) -> Refusal | None:
    """Of what a customer has with us."""
    async with at.audit.acting() as act:
        said = ledger.refunded(id, org, amount, at.today)
        if known := await store.booked(act.connection, said.id):
            return told_again(known, said)
        has = await store.credit(act.connection, org, amount.currency)
        if not 0 < len(id) <= LONGEST_ID or documents.amount_wrong(amount.amount, has.amount):
            return Refusal("billing.amount", {"most": max(0, has.amount)})
        await store.book(act.connection, [said], at.clock.now())
        await act.note(org, by, "billing.refunded", org, amount=amount.amount)
    return None


async def correct(
    at: Billing, by: str, number: str, net: int, note: str, currency: str | None = None, *, id: str = ""
) -> Document | Refusal:
    """So much less, before tax. What was paid of it already is the customer's. `currency`: None, the invoice's. `id`: asked for twice
    under one, it is written once."""
    async with at.audit.acting() as act:
        invoice = await _invoice(act.connection, number)
        if invoice is None:
            return UNKNOWN
        if currency not in (None, invoice.net.currency):
            return Refusal("billing.currency_mixed", {"currency": invoice.net.currency})
        if id and (known := await store.asked_for(act.connection, id)) is not None:
            return _asked_again(
                known, documents.correction(known.number, invoice, net, note, known.issued_on)
            )
        before = await store.corrected(act.connection, number)
        if (refusal := documents.correction_wrong(invoice, before, net, note)) is not None:
            return refusal
        book = await opened(at, act.connection, org := OrgId(invoice.org))
        name, day = book.number(Series.CREDIT_NOTE)
        made = replace(documents.correction(name, invoice, net, note, day, before), asked=id)
        asked = await store.asked(act.connection, invoice)
        book.issue(book.folios[org], made, ledger.issued(made, asked))
        await book.write(act.connection)
        await act.note(org, by, "billing.credit_note", made.number, net=made.net.amount)
        await settle(at, act, invoice, by)
    await refresh(at, org)
    return made


async def allow(
    at: Billing, by: str, org: OrgId, net: Money, note: str, *, id: str = ""
) -> Document | Refusal:
    """The next invoice carries it. Where none will come it is the customer's at once. `id`: as of a correction."""
    refusal = documents.amount_wrong(net.amount) or documents.note_wrong(note)
    if refusal is not None:
        return refusal
    async with at.audit.acting() as act:
        book = await opened(at, act.connection, org)
        folio = book.folios[org]
        if id and (known := await store.asked_for(act.connection, id)) is not None:
            said = documents.allowance(known.number, org, folio.customer, net, note, known.issued_on)
            return _asked_again(known, said)
        name, day = book.number(Series.CREDIT_NOTE)
        made = replace(documents.allowance(name, org, folio.customer, net, note, day), asked=id)
        book.issue(folio, made, ledger.issued(made))
        book.wait(folio, [*folio.pending, *made.lines])
        if not folio.state.runs:
            charge(book, folio)
        await book.write(act.connection)
        await act.note(org, by, "billing.credit_note", made.number, net=made.net.amount)
    return made


async def settle(at: Billing, act: Acting, invoice: Document, by: str) -> None:
    """Where it asks for nothing any more."""
    if (await store.asked(act.connection, invoice)).amount > 0:
        return
    await store.remove_open(act.connection, invoice.number)
    book = await opened(at, act.connection, org := OrgId(invoice.org))
    folio = book.folios[org]
    if any(taken for _, taken in folio.opened.values()):
        book.keep(folio)
    else:
        carry(book, org, Settle(), by)
    await book.write(act.connection)


async def _invoice(connection: AsyncConnection, number: str) -> Document | None:
    found = await store.document(connection, number)
    return found if found is not None and found.series is Series.INVOICE else None


def _payment_wrong(id: str, amount: Money, invoice: Document | None) -> Refusal | None:
    if invoice is None:
        return UNKNOWN
    if amount.currency != invoice.net.currency:
        return Refusal("billing.currency_mixed", {"currency": invoice.net.currency})
    return documents.amount_wrong(amount.amount) if 0 < len(id) <= LONGEST_ID else KNOWN


def told_again(known: Transaction, said: Transaction) -> Refusal | None:
    """By whose it is, what came or went, and for which invoice: how it was divided depended on what was open then."""

    def of(one: Transaction) -> tuple[str, list[ledger.Posting]]:
        return one.org, [posting for posting in one.postings if posting.account is Account.CASH]

    return None if of(known) == of(said) else KNOWN


def _asked_again(known: Document, said: Document) -> Document | Refusal:
    """By whose it is and what it says; its tax depended on what was corrected by then."""

    def of(one: Document) -> tuple[object, ...]:
        return one.org, one.corrects, [(line.amount, line.note) for line in one.lines]

    return known if of(known) == of(said) else Refusal("billing.credit_note_known")
