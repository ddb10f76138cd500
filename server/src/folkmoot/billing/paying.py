"""Money that comes and goes, and what corrects an invoice.

Law: a payment is named by whoever tells of it (`bank:4711`), and booked once under that name: told again it changes nothing, told
otherwise it is refused. In whatever order a provider tells, the books are the same.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.audit.audit import Acting
from folkmoot.billing import documents, ledger, store
from folkmoot.billing.billing import Billing, carry_out, keep, look, refresh
from folkmoot.billing.charging import NOBODY, charge
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
        await store.book(act.connection, said, at.clock.now())
        await act.note(invoice.org, by, "billing.paid", number, amount=amount.amount)
        await settle(at, act, invoice, by)
    await refresh(at)
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
        await store.book(act.connection, said, at.clock.now())
        await act.note(org, by, "billing.refunded", org, amount=amount.amount)
    return None


async def correct(
    at: Billing, by: str, number: str, net: int, note: str, currency: str | None = None
) -> Document | Refusal:
    """So much less, before tax. What was paid of it already is the customer's. `currency`: None, the invoice's."""
    async with at.audit.acting() as act:
        invoice = await _invoice(act.connection, number)
        if invoice is None:
            return UNKNOWN
        if currency not in (None, invoice.net.currency):
            return Refusal("billing.currency_mixed", {"currency": invoice.net.currency})
        before = await store.corrected(act.connection, number)
        if (refusal := documents.correction_wrong(invoice, before, net, note)) is not None:
            return refusal
        name, day = await store.number(act.connection, Series.CREDIT_NOTE, at.today)
        made = documents.correction(name, invoice, net, note, day, before)
        asked = await store.asked(act.connection, invoice)
        await _issue(at, act, made, ledger.issued(made, asked), by)
        await settle(at, act, invoice, by)
    await refresh(at)
    return made


async def allow(at: Billing, by: str, org: OrgId, net: Money, note: str) -> Document | Refusal:
    """The next invoice carries it. Where none will come it is the customer's at once."""
    refusal = documents.amount_wrong(net.amount) or documents.note_wrong(note)
    if refusal is not None:
        return refusal
    async with at.audit.acting() as act:
        customer = await store.customer_of(act.connection, org) or NOBODY
        name, day = await store.number(act.connection, Series.CREDIT_NOTE, at.today)
        made = documents.allowance(name, org, customer, net, note, day)
        await _issue(at, act, made, ledger.issued(made), by)
        waiting = await store.pending_of(act.connection, org)
        await store.clear_pending(act.connection, org)
        await store.put_pending(act.connection, org, 0, [*waiting, *made.lines])
        if not (await look(act.connection, org)).state.runs:
            await charge(act.connection, org, at.clock.now(), runs=False, seller=at.seller)
    return made


async def settle(at: Billing, act: Acting, invoice: Document, by: str) -> None:
    """Where it asks for nothing any more."""
    if (await store.asked(act.connection, invoice)).amount > 0:
        return
    org = OrgId(invoice.org)
    await store.remove_open(act.connection, invoice.number)
    left = await store.open_of(act.connection, org)
    if any(taken for _, taken in left.values()):
        await keep(act.connection, org, (await look(act.connection, org)).state)
        return
    await carry_out(at, act.connection, org, Settle(), by)


async def _invoice(connection: AsyncConnection, number: str) -> Document | None:
    found = await store.document(connection, number)
    return found if found is not None and found.series is Series.INVOICE else None


def _payment_wrong(id: str, amount: Money, invoice: Document | None) -> Refusal | None:
    if invoice is None:
        return UNKNOWN
    if amount.currency != invoice.net.currency:
        return Refusal("billing.currency_mixed", {"currency": invoice.net.currency})
    return documents.amount_wrong(amount.amount) if 0 < len(id) <= LONGEST_ID else KNOWN


def told_again(known: list[ledger.Posting], said: Transaction) -> Refusal | None:
    """By what came or went, and for which invoice: how it was divided depended on what was open then."""
    cash = [one for one in said.postings if one.account is Account.CASH]
    return None if cash == [one for one in known if one.account is Account.CASH] else KNOWN


async def _issue(at: Billing, act: Acting, made: Document, transaction: Transaction, by: str) -> None:
    await store.add_document(act.connection, replace(made, seller=at.seller), at.clock.now())
    await store.book(act.connection, transaction, at.clock.now())
    await act.note(made.org, by, "billing.credit_note", made.number, net=made.net.amount)
