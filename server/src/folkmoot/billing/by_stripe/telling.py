"""What Stripe's events say, in our words. Pure.

Law: what isn't marked as this server's is another's, though it is of the same Stripe account; it says nothing here. So does a kind of
event that nobody asked for. Money is counted by its payment alone, whichever event tells of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from folkmoot.billing.by_stripe.amounts import came
from folkmoot.billing.money import Money
from folkmoot.billing.provider import Came, Dropped, Failed, GivenBack, Gone, Heard, NotGivenBack, Saved

Said = Mapping[str, Any]
SITE, ORG, NUMBER, OURS = "folkmoot_site", "folkmoot_organisation", "folkmoot_invoice", "folkmoot_refund"
"""What our own things at Stripe are marked with."""
LONGEST_ID = 80


def told(body: bytes, site: str, *, live: bool) -> Heard | None:
    """`live`: with a live key, whose events aren't those of a test."""
    try:
        event = json.loads(body)
        reads = READS.get(event["type"])
        if reads is None or event["livemode"] is not live or event.get("account") is not None:
            return None
        if not _concerns(event["type"], event["data"]):
            return None
        return reads(event["data"]["object"], site, datetime.fromtimestamp(event["created"], UTC))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return None  # signed and not to be understood: a version of Stripe's that we don't know


def _concerns(kind: str, data: Said) -> bool:
    """A customer is updated for many reasons; told is what was before, of what became another."""
    if kind != "customer.updated":
        return True
    before = (data.get("previous_attributes") or {}).get("invoice_settings") or {}
    return "default_payment_method" in before


def payment(it: Said, site: str) -> Came | None:
    """Of an intent. None: it isn't ours, or brought nothing."""
    mark = _mark(it, site)
    if mark is None or it["status"] != "succeeded":
        return None
    return _came(it["id"], mark, it["amount_received"], it["currency"])


def _came(id: str, mark: Said, amount: int, currency: str) -> Came | None:
    money = came(_whole(amount), currency)
    return None if money is None or money.amount <= 0 else Came(_id(id), mark[ORG], mark[NUMBER], money)


def _succeeded(it: Said, site: str, at: datetime) -> Heard | None:
    return payment(it, site)


def _failed(it: Said, site: str, at: datetime) -> Heard | None:
    if (mark := _mark(it, site)) is None:
        return None
    return Failed(_id(it["id"]), mark[NUMBER], why(it.get("last_payment_error")))


def _session(it: Said, site: str, at: datetime) -> Heard | None:
    """A page of Stripe's that somebody finished; what it saved is told by itself."""
    mark = _mark(it, site)
    if mark is None or it["mode"] != "payment" or it["payment_status"] != "paid":
        return None
    return _came(it["payment_intent"], mark, it["amount_total"], it["currency"])


def _saved(it: Said, site: str, at: datetime) -> Heard | None:
    mark = _mark(it, site)
    if mark is None or not it.get("customer"):
        return None
    return Saved(mark[ORG], _id(it["customer"]), _id(it["payment_method"]), at)


def _preferred(it: Said, site: str, at: datetime) -> Heard | None:
    """Chosen on Stripe's own page. That one was taken away is told by itself."""
    mark, method = _mark(it, site), it["invoice_settings"]["default_payment_method"]
    if mark is None or method is None:
        return None
    return Saved(mark[ORG], _id(it["id"]), _id(method), at, preferred=True)


def _deleted(it: Said, site: str, at: datetime) -> Heard | None:
    return Gone(_id(it["id"])) if _mark(it, site) else None


def _detached(it: Said, site: str, at: datetime) -> Heard | None:
    return Dropped(_id(it["id"]))


def _refund(it: Said, site: str, at: datetime) -> Heard | None:
    money = _money(it)
    if money is None or not it.get("payment_intent"):
        return None
    mark = it.get("metadata") or {}
    ours = mark.get(OURS, "") if mark.get(SITE) == site else ""
    kind = NotGivenBack if it["status"] in ("failed", "canceled") else GivenBack
    return kind(_id(it["id"]), _id(it["payment_intent"]), money, ours)


def _withdrawn(it: Said, site: str, at: datetime) -> Heard | None:
    """A customer's bank takes it back; Stripe says so before it is decided who is right."""
    money = _money(it)
    return GivenBack(_id(it["id"]), _id(it["payment_intent"]), money) if money else None


def _reinstated(it: Said, site: str, at: datetime) -> Heard | None:
    money = _money(it)
    return NotGivenBack(_id(it["id"]), _id(it["payment_intent"]), money) if money else None


READS: Mapping[str, Callable[[Said, str, datetime], Heard | None]] = {
    "payment_intent.succeeded": _succeeded,
    "payment_intent.payment_failed": _failed,
    "checkout.session.completed": _session,
    "checkout.session.async_payment_succeeded": _session,
    "setup_intent.succeeded": _saved,
    "payment_method.detached": _detached,
    "customer.updated": _preferred,
    "customer.deleted": _deleted,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.dispute.funds_withdrawn": _withdrawn,
    "charge.dispute.funds_reinstated": _reinstated,
}


def why(error: Said | None) -> str:
    """Stripe's own word for why a payment failed."""
    said = error or {}
    found = said.get("decline_code") or said.get("code") or "declined"
    return found[:64] if isinstance(found, str) and found.isascii() and found.isidentifier() else "declined"


def _mark(it: Said, site: str) -> Said | None:
    mark = it.get("metadata") or {}
    ours = mark.get(SITE) == site and all(isinstance(mark.get(one, ""), str) for one in (ORG, NUMBER))
    return {ORG: mark.get(ORG, "")[:32], NUMBER: mark.get(NUMBER, "")[:16]} if ours else None


def _money(it: Said) -> Money | None:
    found = came(_whole(it["amount"]), it["currency"])
    return found if found is not None and found.amount > 0 else None


def _whole(number: object) -> int:
    if type(number) is not int:
        raise TypeError("an amount is a whole number")
    return number


def _id(said: object) -> str:
    if not isinstance(said, str) or not 0 < len(said) <= LONGEST_ID:
        raise TypeError("an id is a text")
    return said
