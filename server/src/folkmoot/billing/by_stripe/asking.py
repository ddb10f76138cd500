"""What is asked of Stripe, by its own library.

Law: Stripe learns an organisation's name on invoices, an invoice's number and its amount; of this machine nothing. It is waited for some
seconds, and tried again by the queue alone. A payment is made before it is asked for, and asked for by its id: however often that is
tried, the money comes once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import stripe

from folkmoot.billing.by_stripe import telling
from folkmoot.billing.by_stripe.amounts import asked_for, given_back
from folkmoot.billing.by_stripe.signed import signed
from folkmoot.billing.by_stripe.telling import NUMBER, ORG, OURS, SITE
from folkmoot.billing.money import Money
from folkmoot.billing.provider import Away, Bill, Came, Declined, Heard, Pending, Refused, Ways
from folkmoot.kit import Refusal

WITHIN_S = 10.0
FORGED = Refusal("billing.forged")
AWAY, REFUSED = Refusal("billing.provider_away"), Refusal("billing.provider_refused")
GONE = frozenset({"resource_missing", "expired_card", "lost_card", "stolen_card", "pickup_card"})
"""Why a saved way to pay is none any more."""
UNDER_WAY = frozenset({"processing", "requires_capture"})
IDLE = frozenset({"requires_confirmation", "requires_payment_method"})
DESK, DESK_AS_OF = "folkmoot_desk", "1"
OFFERED = {
    "payment_method_update": {"enabled": True},
    "customer_update": {"enabled": False},
    "invoice_history": {"enabled": False},
    "subscription_cancel": {"enabled": False},
}
"""On its own page a customer sees and changes ways to pay, and nothing else: names, invoices and what is subscribed to are this server's."""


@dataclass(frozen=True, slots=True)
class StripeSettings:
    key: str
    secrets: Sequence[str]
    """That webhooks are signed with."""
    site: str
    """What tells this server's payments from those of others with the same account."""
    address: str = ""
    """Where Stripe is; empty: where it is for everybody."""

    @property
    def live(self) -> bool:
        return "_live_" in self.key


class Quiet(stripe.HTTPXClient):
    """Tells Stripe nothing of the machine: neither its system nor its Python."""

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        told = {name: value for name, value in headers.items() if not name.startswith("X-Stripe-Client")}
        said = {"headers": told | {"User-Agent": "Folkmoot"}, "content": post_data, "timeout": WITHIN_S}
        try:
            answer = await self._client_async.request(method, url, **said)
        except Exception as error:  # noqa: BLE001  (the library's own way to say that nobody answered)
            self._handle_request_error(error)
        return answer.content, answer.status_code, answer.headers


class ByStripe:
    name = "stripe"
    collects = True

    def __init__(self, settings: StripeSettings) -> None:
        stripe.enable_telemetry = False
        self._settings = settings
        self._http = Quiet()
        self._desk = ""
        bases: dict[str, Any] = {"base_addresses": {"api": settings.address}} if settings.address else {}
        self._client = stripe.StripeClient(
            settings.key, http_client=self._http, max_network_retries=0, **bases
        )
        self._stripe: Any = self._client.v1

    # --- by somebody's click --------------------------------------------------------------------------------------------

    async def to_pay(self, bill: Bill, ways: Ways) -> str | Refusal:
        mark = self._mark(bill)
        price = {
            "currency": bill.amount.currency.lower(),
            "unit_amount": asked_for(bill.amount),
            "product_data": {"name": bill.number},
        }
        return await self._page(
            mode="payment",
            line_items=[{"quantity": 1, "price_data": price}],
            metadata=mark,
            payment_intent_data={"metadata": mark, "description": bill.number},
            **_back(ways),
        )

    async def to_save(self, org: str, customer: str, currency: str, ways: Ways) -> str | Refusal:
        mark = {SITE: self._settings.site, ORG: org}
        return await self._page(
            mode="setup",
            customer=customer,
            currency=currency.lower(),
            metadata=mark,
            setup_intent_data={"metadata": mark},
            **_back(ways),
        )

    async def to_manage(self, customer: str, back: str) -> str | Refusal:
        try:
            async with _asking():
                desk = self._desk = self._desk or await self._own_desk()
                wanted = {"customer": customer, "configuration": desk, "return_url": back}
                return str((await self._stripe.billing_portal.sessions.create_async(wanted)).url)
        except Away:
            return AWAY
        except Refused:
            self._desk = ""  # or somebody took it away
            return REFUSED

    async def _own_desk(self) -> str:
        """What its page lets a customer do, made once: the account's own settings may let them do what isn't theirs to do there."""
        mark = {SITE: self._settings.site, DESK: DESK_AS_OF}
        page = await self._stripe.billing_portal.configurations.list_async({"active": True, "limit": 100})
        for one in page.data:
            said = one.to_dict()
            if all((said.get("metadata") or {}).get(name) == value for name, value in mark.items()):
                return str(said["id"])
        wanted = {"features": OFFERED, "metadata": mark}
        return str((await self._stripe.billing_portal.configurations.create_async(wanted)).id)

    async def _page(self, **wanted: Any) -> str | Refusal:
        try:
            async with _asking():
                return str((await self._stripe.checkout.sessions.create_async(wanted)).url)
        except Away:
            return AWAY
        except Refused:
            return REFUSED

    # --- by the queue ---------------------------------------------------------------------------------------------------

    async def customer(self, org: str, name: str) -> str:
        said = {"name": name, "metadata": {SITE: self._settings.site, ORG: org}}
        async with _asking():
            return str((await self._stripe.customers.create_async(said)).id)

    async def prefer(self, customer: str, method: str) -> None:
        said = {"invoice_settings": {"default_payment_method": method}}
        try:
            async with _asking():
                await self._stripe.customers.update_async(customer, said)
        except Refused:
            return  # it was taken away meanwhile, which is told by itself

    async def forget(self, customer: str) -> None:
        try:
            async with _asking():
                await self._stripe.customers.delete_async(customer)
        except Refused:
            return  # it is gone

    async def prepare(self, bill: Bill, customer: str, method: str, key: str) -> str:
        wanted = {
            "amount": asked_for(bill.amount),
            "currency": bill.amount.currency.lower(),
            "customer": customer,
            "payment_method": method,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "metadata": self._mark(bill),
            "description": bill.number,
        }
        async with _asking():
            once = _once(f"{self._settings.site}.{key}")
            return str((await self._stripe.payment_intents.create_async(wanted, once)).id)

    async def collect(self, payment: str, method: str) -> Came | Declined | Pending:
        async with _asking():
            it = (await self._stripe.payment_intents.retrieve_async(payment)).to_dict()
            if it["status"] in IDLE and not it.get("last_payment_error"):
                it = await self._confirm(payment, method)
        return self._standing(it)

    async def _confirm(self, payment: str, method: str) -> Mapping[str, Any]:
        try:
            said = {"payment_method": method, "off_session": True}
            made = await self._stripe.payment_intents.confirm_async(payment, said)
        except stripe.InvalidRequestError as error:
            if (
                error.code == "payment_intent_unexpected_state"
            ):  # somebody else was faster: how it went is asked again
                raise Away(error.code) from None
            return {"status": "requires_payment_method", "last_payment_error": _error(error)}
        except stripe.CardError as error:
            return {"status": "requires_payment_method", "last_payment_error": _error(error)}
        it: Mapping[str, Any] = made.to_dict()
        return it

    def _standing(self, it: Mapping[str, Any]) -> Came | Declined | Pending:
        if (brought := telling.payment(it, self._settings.site)) is not None:
            return brought
        if it["status"] in UNDER_WAY:
            return Pending()
        said = telling.why(
            it.get("last_payment_error") or {"code": "authentication_required"}
        )  # it wants the person
        return Declined(said, for_good=said in GONE)

    async def payment(self, payment: str) -> Came | None:
        try:
            async with _asking():
                it = (await self._stripe.payment_intents.retrieve_async(payment)).to_dict()
        except Refused:
            return None
        return telling.payment(it, self._settings.site)

    async def give_back(self, payment: str, amount: Money, name: str) -> None:
        units = given_back(amount)
        if units is None:
            raise Refused("amount")
        mark = {SITE: self._settings.site, OURS: name}
        async with _asking():
            if await self._gave_back(payment, mark):
                return
            wanted = {"payment_intent": payment, "amount": units, "metadata": mark}
            await self._stripe.refunds.create_async(wanted, _once(f"{self._settings.site}.{name}"))

    async def _gave_back(self, payment: str, mark: Mapping[str, str]) -> bool:
        """A key is good for a day alone, and a job for three."""
        page = await self._stripe.refunds.list_async({"payment_intent": payment, "limit": 100})
        marks = ((one.to_dict().get("metadata") or {}) for one in page.data)
        return any(all(one.get(name) == value for name, value in mark.items()) for one in marks)

    # --- what it tells --------------------------------------------------------------------------------------------------

    def heard(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Heard | Refusal | None:
        if not signed(headers.get("stripe-signature", ""), body, self._settings.secrets, now):
            return FORGED
        return telling.told(body, self._settings.site, live=self._settings.live)

    async def close(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]

    def _mark(self, bill: Bill) -> dict[str, str]:
        return {SITE: self._settings.site, ORG: bill.org, NUMBER: bill.number}


@asynccontextmanager
async def _asking() -> AsyncIterator[None]:
    """Stripe's errors in the port's words. A key that isn't good (any more) is mended by who runs the server: until then it is away."""
    try:
        yield
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        raise Refused(_error(error).get("code") or "request") from None
    except stripe.StripeError as error:
        raise Away(f"{type(error).__name__} {error.http_status or ''}".strip()) from None


def _error(error: stripe.StripeError) -> dict[str, Any]:
    said = error.json_body.get("error") if isinstance(error.json_body, dict) else None
    return said if isinstance(said, dict) else {"code": error.code}


def _once(key: str) -> dict[str, str]:
    return {"idempotency_key": f"folkmoot.{key}"[:255]}


def _back(ways: Ways) -> dict[str, str]:
    return {"success_url": ways.done, "cancel_url": ways.back}
