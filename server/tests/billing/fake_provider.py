"""A provider that keeps in memory what Stripe would: what it was asked, and what has come of it. Its webhooks are signed as Stripe's are."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from folkmoot.billing.by_stripe.signed import signed
from folkmoot.billing.by_stripe.telling import NUMBER, ORG, OURS, SITE, told
from folkmoot.billing.money import Money
from folkmoot.billing.provider import Away, Bill, Came, Declined, Heard, Pending, Refused, Ways
from folkmoot.kit import Refusal

OWN, SECRET = "this-server", "whsec_test"
PAGE, DESK = "https://checkout.stripe.com/c/pay/", "https://billing.stripe.com/p/session/"


@dataclass
class FakeProvider:
    name: str = "stripe"
    collects: bool = True
    away: bool = False
    declines: list[Declined | Pending] = field(default_factory=list)
    """What the next tries come to."""
    refuses: str = ""
    loses: int = 0
    """So many answers don't arrive, though it is done."""
    made: dict[str, Bill] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    came: dict[str, Came] = field(default_factory=dict)
    pages: list[tuple[str, Ways]] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    preferred: list[tuple[str, str]] = field(default_factory=list)
    sent_back: dict[str, tuple[str, Money]] = field(default_factory=dict)

    async def to_pay(self, bill: Bill, ways: Ways) -> str | Refusal:
        if self.away:
            return Refusal("billing.provider_away")
        self.pages.append((bill.number, ways))
        return f"{PAGE}{bill.number}"

    async def to_save(self, org: str, customer: str, currency: str, ways: Ways) -> str | Refusal:
        if self.away or customer in self.forgotten:
            return Refusal("billing.provider_away" if self.away else "billing.provider_refused")
        self.pages.append((f"{customer} {currency}", ways))
        return f"{PAGE}save"

    async def to_manage(self, customer: str, back: str) -> str | Refusal:
        if self.away:
            return Refusal("billing.provider_away")
        return f"{DESK}{customer}"

    async def customer(self, org: str, name: str) -> str:
        self._there()
        self.customers.append(f"cus_{len(self.customers) + 1}")
        return self.customers[-1]

    async def prefer(self, customer: str, method: str) -> None:
        self._there()
        self.preferred.append((customer, method))

    async def forget(self, customer: str) -> None:
        self._there()
        self.forgotten.append(customer)

    async def prepare(self, bill: Bill, customer: str, method: str, key: str) -> str:
        self._there()
        if self.refuses:
            raise Refused(self.refuses)
        payment = self.keys.setdefault(key, f"pi_{len(self.keys) + 1}")
        self.made[payment] = bill
        return payment

    async def collect(self, payment: str, method: str) -> Came | Declined | Pending:
        self._there()
        if payment not in self.came:
            if self.declines:
                return self.declines.pop(0)
            bill = self.made[payment]
            self.came[payment] = Came(payment, bill.org, bill.number, bill.amount)
        if self.loses:
            self.loses -= 1
            raise Away("the line broke")
        return self.came[payment]

    async def payment(self, payment: str) -> Came | None:
        return self.came.get(payment)

    async def give_back(self, payment: str, amount: Money, name: str) -> None:
        self._there()
        if self.refuses:
            raise Refused(self.refuses)
        self.sent_back[name] = (payment, amount)

    def heard(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Heard | Refusal | None:
        if not signed(headers.get("stripe-signature", ""), body, [SECRET], now):
            return Refusal("billing.forged")
        return told(body, OWN, live=False)

    async def close(self) -> None:
        return None

    def _there(self) -> None:
        if self.away:
            raise Away("it doesn't answer")


def mark(org: str, number: str = "", site: str = OWN, ours: str = "") -> dict[str, str]:
    said = {SITE: site, ORG: org, NUMBER: number, OURS: ours}
    return {name: value for name, value in said.items() if value}


def event(kind: str, it: Mapping[str, Any], at: datetime, **other: Any) -> bytes:
    said = {"id": "evt_1", "object": "event", "type": kind, "livemode": False, "created": int(at.timestamp())}
    return json.dumps(said | {"data": {"object": it}} | other).encode()


def signature(body: bytes, at: datetime, *secrets: str) -> str:
    """As Stripe writes it: one for each secret that is good while they are exchanged."""
    moment = str(int(at.timestamp()))
    made = (
        hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        for secret in secrets or (SECRET,)
    )
    return ",".join(
        [f"t={moment}", *(f"v1={one}" for one in made), "v0=6ffbb59b2300aae63f272406069a9788598b792a"]
    )


def intent(
    id: str, org: str, number: str, amount: int, currency: str = "eur", **other: Any
) -> dict[str, Any]:
    said = {"id": id, "object": "payment_intent", "status": "succeeded", "currency": currency}
    return said | {"amount_received": amount, "metadata": mark(org, number)} | other
