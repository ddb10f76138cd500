"""Stripe behind the port: what it is asked is what its own mock server takes, and what it signs is what its own library would believe."""

from __future__ import annotations

import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import stripe

from folkmoot.billing.by_stripe import asking, telling
from folkmoot.billing.by_stripe.amounts import asked_for, came, given_back
from folkmoot.billing.by_stripe.asking import ByStripe, StripeSettings
from folkmoot.billing.by_stripe.signed import signed
from folkmoot.billing.money import Money
from folkmoot.billing.provider import Away, Bill, Came, Declined, Pending, Refused, Ways
from folkmoot.kit import Refusal
from folkmoot.kit.currency import DECIMALS

from .fake_provider import OWN, SECRET, event, intent, mark, signature

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
BILL = Bill("o_1", "2026-0001", Money(28800, "EUR"))
WAYS = Ways("https://meet.example/org/plan?payment=done", "https://meet.example/org/plan?payment=back")
MOCK = Path(__file__).parent / "stripe_mock"


# --- Stripe's own mock server -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mock_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Built from its pinned source by Go; STRIPE_MOCK names one that is there."""
    program = os.environ.get("STRIPE_MOCK") or shutil.which("stripe-mock")
    if program is None:
        if shutil.which("go") is None:
            pytest.skip("needs Go to build Stripe's mock server, or STRIPE_MOCK=stripe-mock")
        program = str(tmp_path_factory.mktemp("go") / "stripe-mock")
        build = ["go", "build", "-trimpath", "-o", program, "github.com/stripe/stripe-mock"]
        subprocess.run(build, cwd=MOCK, check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen([program, "-http-addr", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL) as server:
        _listens(port)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def _listens(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


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
