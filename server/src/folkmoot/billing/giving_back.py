"""Refunds that the provider sends: of the payments that it brought, to where they came from.

Law: the books and the wish are one transaction, and a job asks the provider. No payment gives back more than it brought. What the
provider refuses is the customer's again, and the operator's to see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from folkmoot.billing import documents, ledger, paying, providing, store
from folkmoot.billing.billing import Billing
from folkmoot.billing.money import Money
from folkmoot.billing.provider import Refused
from folkmoot.billing.providing import Part
from folkmoot.billing.receiving import came_back
from folkmoot.jobs.queue import Unworkable
from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId

KIND = "billing.give_back"


async def give_back(at: Billing, by: str, id: str, org: OrgId, amount: Money) -> Refusal | None:
    """Of what a customer has with us. `id` names it: asked twice, it is sent once."""
    if not at.provider.collects:
        return Refusal("billing.by_hand")
    async with at.audit.acting() as act:
        said = ledger.refunded(id, org, amount, at.today)
        if known := await store.booked(act.connection, said.id):
            return paying.told_again(known, said)
        has = await store.credit(act.connection, org, amount.currency)
        if not 0 < len(id) <= paying.LONGEST_ID or documents.amount_wrong(amount.amount, has.amount):
            return Refusal("billing.amount", {"most": max(0, has.amount)})
        payments = await providing.payments_of(act.connection, org, at.provider.name, amount.currency)
        parts = parted(id, org, amount, payments)
        if parts is None:
            return Refusal("billing.refund_source", {"most": sum(left.amount for _, left in payments)})
        await providing.add_parts(act.connection, parts)
        await store.book(act.connection, [said], at.clock.now())
        for one in parts:
            await at.orgs.jobs.add(act.connection, KIND, {"id": one.id})
        await act.note(org, by, "billing.refunded", org, amount=amount.amount)
    return None


def parted(id: str, org: OrgId, amount: Money, payments: Sequence[tuple[str, Money]]) -> list[Part] | None:
    """What each payment gives, the first ones first. None: they didn't bring so much."""
    parts, left = list[Part](), amount
    for payment, brought in payments:
        gives = min(left, brought)
        if gives.amount > 0:
            parts.append(Part(f"{id}.{len(parts)}", org, payment, gives))
            left -= gives
    return None if left.amount > 0 else parts


class Giving:
    def __init__(self, at: Billing) -> None:
        self.at = at
        at.orgs.jobs.does(KIND, self.work)

    async def work(self, said: Mapping[str, Any]) -> None:
        id = str(said["id"])
        async with self.at.storage.reading() as connection:
            part = await providing.part(connection, id)
        if part is None or part.failed:
            return
        try:
            await self.at.provider.give_back(part.payment, part.amount, id)
        except Refused as refused:
            await came_back(self.at, id)
            raise Unworkable(f"a refund of {part.org} wasn't sent: {refused}") from None
