"""Stripe behind the port: what it is asked is what its own mock server takes, and what it signs is what its own library would believe."""

from __future__ import annotations

import platform
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
import stripe

from folkmoot.billing.by_stripe import asking, telling
from folkmoot.billing.by_stripe.amounts import asked_for, came, given_back
from folkmoot.billing.by_stripe.asking import DESK, DESK_AS_OF, ByStripe, StripeSettings
from folkmoot.billing.by_stripe.signed import signed
from folkmoot.billing.money import Money
from folkmoot.billing.provider import Away, Bill, Came, Declined, Pending, Refused, Ways
from folkmoot.kit import Refusal
from folkmoot.kit.currency import DECIMALS

from .at_stripe import stripes_own
from .fake_provider import OWN, SECRET, event, intent, mark, signature

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
BILL = Bill("o_1", "2026-0001", Money(28800, "EUR"))
WAYS = Ways("https://meet.example/org/plan?payment=done", "https://meet.example/org/plan?payment=back")


# --- Stripe's own mock server -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mock_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with stripes_own(tmp_path_factory.mktemp("go")) as address:
        yield address


@pytest.fixture
async def at_stripe(mock_server: str) -> AsyncIterator[ByStripe]:
    made = ByStripe(StripeSettings("sk_test_123", [SECRET], OWN, mock_server))
    yield made
    await made.close()


async def test_all_that_it_is_asked_it_takes(at_stripe: ByStripe) -> None:
    assert str(await at_stripe.to_pay(BILL, WAYS)).startswith("https://checkout.stripe.com/")
    assert str(await at_stripe.to_save("o_1", "cus_1", "EUR", WAYS)).startswith(
        "https://checkout.stripe.com/"
    )
    customer = await at_stripe.customer("o_1", "Northfield School")
    assert customer.startswith("cus_")
    assert "/session/" in str(await at_stripe.to_manage(customer, WAYS.back))
    await at_stripe.prefer(customer, "pm_1")
    payment = await at_stripe.prepare(BILL, customer, "pm_1", "2026-0001.1")
    assert payment.startswith("pi_")
    assert isinstance(await at_stripe.collect(payment, "pm_1"), Declined), "the mock's intents never succeed"
    assert await at_stripe.payment(payment) is None
    await at_stripe.give_back("pi_1", Money(500, "EUR"), "r1.0")
    await at_stripe.forget(customer)


async def test_another_key_than_its_own_is_a_provider_that_is_away(mock_server: str) -> None:
    made = ByStripe(StripeSettings("nonsense", [SECRET], OWN, mock_server))
    with pytest.raises(Away, match="AuthenticationError 401"):
        await made.customer("o_1", "Northfield")
    assert await made.to_pay(BILL, WAYS) == Refusal("billing.provider_away")
    await made.close()


# --- a Stripe that is away, and what it learns of this machine --------------------------------------------------------


async def test_one_that_never_answers_is_waited_for_some_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "WITHIN_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the connection and says nothing
        made = ByStripe(StripeSettings("sk_test_123", [], OWN, f"http://127.0.0.1:{silent.getsockname()[1]}"))
        assert await made.to_pay(BILL, WAYS) == Refusal("billing.provider_away")
        with pytest.raises(Away, match="APIConnectionError"):
            await made.collect("pi_1", "pm_1")
        await made.close()


class Listening(ByStripe):
    """Nobody is there: what is sent is kept, and answered in turn."""

    def __init__(self, *answers: tuple[int, dict[str, Any]], key: str = "sk_test_123") -> None:
        super().__init__(StripeSettings(key, [SECRET], OWN))
        self.answers, self.said = list(answers), list[httpx.Request]()
        self._http._client_async = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def _answer(self, said: httpx.Request) -> httpx.Response:
        self.said.append(said)
        status, body = self.answers.pop(0)
        return httpx.Response(status, json=body)


async def test_it_learns_nothing_of_the_machine() -> None:
    at = Listening(*[(200, {"id": "cus_1", "object": "customer"})] * 2)
    for _ in range(2):  # telemetry would go with the second
        await at.customer("o_1", "Northfield")
    for said in at.said:
        assert (said.method, str(said.url)) == ("POST", "https://api.stripe.com/v1/customers")
        assert said.headers["user-agent"] == "Folkmoot"
        assert not [name for name in said.headers if "client" in name], said.headers
        assert platform.python_version() not in str(said.headers)


PAID = intent("pi_1", "o_1", "2026-0001", 28800)
WAITS = PAID | {"status": "requires_confirmation"}


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([(200, PAID)], Came("pi_1", "o_1", "2026-0001", Money(28800, "EUR"))),
        ([(200, WAITS), (200, PAID)], Came("pi_1", "o_1", "2026-0001", Money(28800, "EUR"))),
        ([(200, WAITS | {"status": "processing"})], Pending()),
        ([(200, WAITS), (200, WAITS | {"status": "processing"})], Pending()),
        ([(200, WAITS), (200, WAITS | {"status": "requires_action"})], Declined("authentication_required")),
        ([(200, WAITS | {"status": "canceled"})], Declined("authentication_required")),
        (
            [(200, WAITS), (402, {"error": {"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds"}})],
            Declined("insufficient_funds"),
        ),
        (
            [(200, WAITS), (402, {"error": {"type": "card_error", "code": "expired_card"}})],
            Declined("expired_card", for_good=True),
        ),
        (
            [(200, WAITS), (404, {"error": {"type": "invalid_request_error", "code": "resource_missing"}})],
            Declined("resource_missing", for_good=True),
        ),
        (
            [(200, WAITS | {"status": "requires_payment_method", "last_payment_error": {"code": "card_declined"}})],
            Declined("card_declined"),
        ),
    ],
)  # fmt: skip
async def test_how_a_collection_ended(answers: Any, outcome: object) -> None:
    at = Listening(*answers)
    assert await at.collect("pi_1", "pm_1") == outcome
    assert not at.answers, "one that failed, is under way or came is never asked for again"


@pytest.mark.parametrize(
    "answer",
    [
        (500, {"error": {"type": "api_error"}}),
        (429, {"error": {"type": "rate_limit_error"}}),
        (401, {"error": {"type": "invalid_request_error"}}),
        (400, {"error": {"type": "invalid_request_error", "code": "payment_intent_unexpected_state"}}),
    ],
)
async def test_what_may_be_otherwise_later_is_tried_again(answer: Any) -> None:
    with pytest.raises(Away):
        await Listening((200, WAITS), answer).collect("pi_1", "pm_1")


async def test_what_it_never_takes_is_refused_for_good() -> None:
    never = (400, {"error": {"type": "invalid_request_error", "code": "amount_too_small"}})
    at = Listening(*[never] * 2)
    assert await at.to_pay(BILL, WAYS) == Refusal("billing.provider_refused")
    with pytest.raises(Refused, match="amount_too_small"):
        await at.prepare(BILL, "cus_1", "pm_1", "k")


PORTAL = {"object": "billing_portal.session", "id": "bps_1", "url": "https://billing.stripe.com/p/session/1"}


async def test_its_own_page_offers_ways_to_pay_alone_and_is_made_once() -> None:
    made = {"object": "billing_portal.configuration", "id": "bpc_1"}
    others = {"object": "list", "data": [made | {"id": "bpc_0", "metadata": mark("", site="another")}]}
    at = Listening((200, others), (200, made), (200, PORTAL), (200, PORTAL))
    for _ in range(2):
        assert await at.to_manage("cus_1", WAYS.back) == PORTAL["url"]
    assert [said.method for said in at.said] == ["GET", "POST", "POST", "POST"]
    wanted = dict(parse_qsl(at.said[1].content.decode()))
    offered = [name for name, said in wanted.items() if name.endswith("[enabled]") and said == "true"]
    assert offered == ["features[payment_method_update][enabled]"]
    assert wanted["features[subscription_cancel][enabled]"] == "false"
    assert dict(parse_qsl(at.said[2].content.decode()))["configuration"] == "bpc_1"


async def test_a_page_that_was_made_is_found_and_one_that_was_taken_away_is_made_anew() -> None:
    ours = {
        "object": "billing_portal.configuration",
        "id": "bpc_1",
        "metadata": mark("") | {DESK: DESK_AS_OF},
    }
    gone = (400, {"error": {"type": "invalid_request_error", "code": "resource_missing"}})
    at = Listening(
        (200, {"object": "list", "data": [ours]}),
        gone,
        (200, {"object": "list", "data": [ours]}),
        (200, PORTAL),
    )
    assert await at.to_manage("cus_1", WAYS.back) == Refusal("billing.provider_refused")
    assert await at.to_manage("cus_1", WAYS.back) == PORTAL["url"]


async def test_a_card_that_is_gone_meanwhile_is_preferred_to_nobodys_harm() -> None:
    gone = (400, {"error": {"type": "invalid_request_error", "code": "resource_missing"}})
    await Listening(gone).prefer("cus_1", "pm_1")


async def test_a_refund_that_was_sent_days_ago_isnt_sent_again() -> None:
    ours = {"id": "re_1", "object": "refund", "metadata": mark("", ours="r1.0")}
    at = Listening((200, {"object": "list", "data": [ours]}))
    await at.give_back("pi_1", Money(500, "EUR"), "r1.0")
    assert [said.method for said in at.said] == ["GET"]


async def test_the_same_wish_has_the_same_key() -> None:
    at = Listening(*[(200, PAID)] * 2)
    for _ in range(2):
        await at.prepare(BILL, "cus_1", "pm_1", "2026-0001.1")
    [one, other] = [said.headers["idempotency-key"] for said in at.said]
    assert one == other and OWN in one


# --- amounts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Money(28800, "EUR"), 28800),
        (Money(500, "JPY"), 500),
        (Money(500, "KRW"), 500),
        (Money(500, "UGX"), 50000),
        (Money(500, "ISK"), 50000),
        (Money(5120, "KWD"), 5120),
        (Money(5124, "KWD"), 5130),
        (Money(1, "TND"), 10),
        (Money(500, "MGA"), 5),
        (Money(501, "MGA"), 6),
        (Money(500, "HUF"), 500),
    ],
)
def test_amounts_are_written_as_stripe_does(ours: Money, theirs: int) -> None:
    assert asked_for(ours) == theirs


@pytest.mark.parametrize("currency", sorted(DECIMALS))
def test_what_is_asked_for_is_never_less_and_comes_back_as_it_was(currency: str) -> None:
    for amount in (1, 7, 99, 100, 12340, 999_999_999_999):
        asked = Money(amount, currency)
        back = came(asked_for(asked), currency.lower())
        assert back is not None and asked <= back < asked + Money(100, currency)
        sent = given_back(asked)
        assert sent is None or came(sent, currency) == asked


def test_what_is_no_amount_of_a_currency_is_none() -> None:
    assert came(50001, "ugx") is None
    assert came(5, "xxx") is None
    assert given_back(Money(5124, "KWD")) is None


# --- signatures, beside Stripe's own --------------------------------------------------------------------------------


def test_what_the_library_signs_is_believed() -> None:
    body = event("payment_intent.succeeded", PAID, NOW)
    header = stripe.WebhookSignature.generate_signature_header(body.decode(), SECRET, int(NOW.timestamp()))
    assert signed(header, body, [SECRET], NOW)
    assert not signed(header, body, [], NOW)
    assert not signed(header, body + b" ", [SECRET], NOW)


def test_the_library_believes_what_we_believe() -> None:
    now = datetime.now(UTC)
    body = event("payment_intent.succeeded", PAID, now)
    for secrets in (["whsec_old", SECRET], [SECRET], ["whsec_old"]):
        header = signature(body, now, *secrets)
        try:
            theirs = bool(stripe.WebhookSignature.verify_header(body, header, SECRET, 300))
        except stripe.SignatureVerificationError:
            theirs = False
        assert signed(header, body, [SECRET], now) is theirs


def test_a_live_key_hears_of_live_money_alone() -> None:
    body = event("payment_intent.succeeded", PAID, NOW)
    assert telling.told(body, OWN, live=False) == Came("pi_1", "o_1", "2026-0001", Money(28800, "EUR"))
    assert telling.told(body, OWN, live=True) is None
    headers = {"stripe-signature": signature(body, NOW)}
    assert Listening(key="rk_live_1").heard(body, headers, NOW) is None
    assert Listening().heard(body, {}, NOW) == Refusal("billing.forged")


# --- who doesn't use it never loads it --------------------------------------------------------------------------------


def test_a_server_without_it_never_loads_it() -> None:
    loaded = "import sys, folkmoot.app; print(*[n for n in sys.modules if re.match('(stripe|requests)$', n)])"
    found = subprocess.run(
        [sys.executable, "-c", "import re; " + loaded], check=True, capture_output=True, text=True
    )
    assert not re.search(r"\S", found.stdout), found.stdout
