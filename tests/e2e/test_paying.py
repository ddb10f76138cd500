"""An owner pays through Stripe, which is its own mock server here: its pages are only gone to, and what it tells is made and signed."""

from __future__ import annotations

import http.client
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from server.tests.billing.at_stripe import KEY, stripes_own
from server.tests.billing.fake_provider import SECRET, event, intent, mark, signature

from folkmoot.app import payments_site
from folkmoot.keyring import server_secrets
from tests.e2e.people import eventually
from tests.e2e.test_for_everybody import complaints
from tests.e2e.test_organisations import DOMAIN, offer, opened, shell, signed_in
from tests.e2e.words import words
from tests.posts import post_office
from tests.product import Product
from tests.town import Town

say = words("en")
CHECKOUT, ITS_OWN = "https://checkout.stripe.com/**", "https://*.stripe.me/**"
"""The second is where its mock says that the customer's own page is."""


@dataclass
class Shop:
    town: Town
    org: str
    number: str
    """Of the invoice, of €60.00."""

    def tells(self, kind: str, it: dict[str, Any], **other: Any) -> int:
        """By a webhook, twice, as it may come."""
        now = datetime.now(UTC)
        body = event(kind, it, now, **other)
        return [self.posts(body, signature(body, now)) for _ in range(2)][-1]

    def posts(self, body: bytes, signed: str) -> int:
        line = http.client.HTTPConnection("localhost", self.town.product.port, timeout=30)
        line.request("POST", "/api/payments/stripe", body, {"stripe-signature": signed})
        return line.getresponse().status

    def mark(self, **other: str) -> dict[str, str]:
        site = payments_site(server_secrets(self.town.product.data))
        return mark(self.org, self.number, site) | other

    def pays(self, id: str) -> None:
        it = intent(id, self.org, self.number, 6000) | {"metadata": self.mark()}
        assert self.tells("payment_intent.succeeded", it) == 204


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with stripes_own(tmp_path_factory.mktemp("go")) as stripe, post_office() as (post, mailing):
        paid_by = {"PROVIDER": "stripe", "STRIPE__KEY": KEY, "STRIPE__ADDRESS": stripe}
        paid_by |= {"STRIPE__WEBHOOK_SECRETS": SECRET}
        told = {f"FOLKMOOT_BILLING__{name}": value for name, value in paid_by.items()}
        data = tmp_path_factory.mktemp("data")
        environment = {**mailing, **told, "DAY_AHEAD_S": "0"}
        product = Product(data, "--dev", environment=environment, program="tests.e2e.another_day")
        product.start()
        town = Town(product, post)
        offer(town, data)
        owner = town.comes("Gil", f"gil@{DOMAIN}")
        org = town.organisation(owner, "Pond School", "pond.example")
        who = {"name": "Pond School", "address": "1 Pond Road", "country": "GB"}
        owner.does("PUT", f"/api/billing/{org}/customer", who)
        wanted = {"plan": "team", "seats": 10, "period": "month", "currency": "EUR", "seen": 0}
        page = owner.does("POST", f"/api/billing/{org}/subscription", wanted)
        yield Shop(town, org, page["documents"][0]["number"])
        product.stop()


def test_an_owner_goes_to_stripe_fails_comes_back_pays_and_is_told_so(shop: Shop, browser: Browser) -> None:
    context = signed_in(browser, shop.town, "Gil")
    went = list[str]()
    for pattern in (CHECKOUT, ITS_OWN):
        context.route(pattern, lambda route: arrives(route, went))
    page = opened(context, f"/org/plan/{shop.number}")
    pays = page.get_by_role("button", name=say("billing.pay.sum", sum="€60.00"))
    expect(pays).to_be_visible()
    assert complaints(page) == []
    assert went == [], "nothing of Stripe's is asked for before the click"
    pays.click()
    page.wait_for_url(CHECKOUT)

    page.goto(f"/org/plan/{shop.number}?org={shop.org}&payment=back")
    expect(page.get_by_text(say("billing.pay.back"))).to_be_visible()
    failed = {"id": "pi_1", "metadata": shop.mark(), "last_payment_error": {"code": "card_declined"}}
    assert shop.tells("payment_intent.payment_failed", failed) == 204
    a_card_that_fails_is_said_in_words(shop, page, went)

    page.goto(f"/org/plan/{shop.number}?org={shop.org}&payment=done")
    expect(page.get_by_text(say("billing.pay.pending"))).to_be_visible()
    now = datetime.now(UTC)
    paid = event("payment_intent.succeeded", intent("pi_2", shop.org, shop.number, 6000), now)
    assert shop.posts(paid, signature(paid, now, "whsec_of_somebody_else")) == 400
    expect(pays).to_be_visible()
    shop.pays("pi_2")
    expect(page.get_by_text(say("billing.pay.paid"))).to_be_visible(timeout=30_000)
    expect(pays).to_have_count(0)
    assert complaints(page) == []
    page.goto("/org/plan")
    expect(page.get_by_role("row").filter(has_text=shop.number)).to_contain_text(say("billing.paid"))
    expect(page.get_by_text(say("billing.declined.look"))).to_have_count(0)


def arrives(route: Route, went: list[str]) -> None:
    went.append(route.request.url)
    route.fulfill(content_type="text/html", body="<!doctype html><title>Stripe</title><h1>Stripe</h1>")


def a_card_that_fails_is_said_in_words(shop: Shop, page: Page, went: list[str]) -> None:
    """It is saved on Stripe's page; what is collected by it then is declined, for its mock pays nothing."""
    page.goto("/org/plan")
    page.get_by_role("button", name=say("billing.way.save")).click()
    page.wait_for_url(CHECKOUT)
    saved = {"customer": "cus_1", "payment_method": "pm_1", "metadata": shop.mark()}
    assert shop.tells("setup_intent.succeeded", saved) == 204
    page.goto(f"/org/plan?org={shop.org}&payment=done")
    section = page.get_by_role("region", name=say("billing.way"))
    expect(section).to_contain_text(f"Invoice {shop.number} couldn't be collected", timeout=30_000)
    expect(section).to_contain_text("It is tried again on")
    assert complaints(page) == []
    section.get_by_role("button", name=say("billing.way.manage")).click()
    page.wait_for_url(ITS_OWN)
    page.goto(f"/org/plan?org={shop.org}&payment=looked")
    expect(page.get_by_text(say("billing.way.came.looked"))).to_be_visible()
    section.get_by_role("button", name=say("billing.way.forget")).click()
    expect(section).to_contain_text(say("billing.way.none"))


def test_what_came_twice_goes_back_by_stripe_and_shows_what_didnt_arrive(
    shop: Shop, browser: Browser
) -> None:
    shop.pays("pi_2")
    shop.pays("pi_3")
    shop.town.comes("Olu", f"olu@{DOMAIN}")
    shell(shop.town, "admin", "operator", f"olu@{DOMAIN}")
    desk = opened(signed_in(browser, shop.town, "Olu"), "/operator/organisations")
    desk.get_by_role("link", name="Pond School").click()
    balance = desk.get_by_role("region", name=say("billing.selling.balance"))
    expect(balance.get_by_text("€60.00")).to_be_visible()
    desk.get_by_role("button", name=say("billing.selling.refund.title")).click()
    dialog = desk.get_by_role("dialog")
    amount = dialog.get_by_label("Amount, EUR")
    expect(amount).to_have_value("60.00")
    amount.fill("61")
    expect(dialog.get_by_text("At most €60.00")).to_be_visible()
    send = dialog.get_by_role("button", name=say("billing.selling.refund.send"))
    expect(send).to_be_disabled()
    amount.fill("45.50")
    expect(dialog.get_by_role("status")).to_contain_text("Stripe sends €45.50 back")
    assert complaints(desk) == []
    send.click()
    dialog.wait_for(state="hidden")
    expect(balance.get_by_text("€14.50")).to_be_visible()
    moved = desk.get_by_role("region", name=say("billing.selling.moved"))
    refund = moved.get_by_role("listitem").filter(has_text="-€45.50")
    expect(refund).to_contain_text(say("billing.selling.moved.provider"))
    back = {"id": "re_1", "amount": 4550, "currency": "eur", "payment_intent": "pi_3", "status": "failed"}
    ours = {"metadata": shop.mark(folkmoot_refund=refund_of(shop))}
    assert shop.tells("refund.failed", back | ours) == 204
    eventually(lambda: shows(desk, balance.get_by_text("€60.00")), "what didn't arrive is theirs again")
    expect(moved).to_contain_text(say("billing.selling.moved.refund_back"))
    assert complaints(desk) == []


def shows(page: Page, what: Locator) -> bool:
    """After it was loaded anew: what Stripe tells is booked a moment after it was taken."""
    page.reload()
    page.get_by_role("heading", level=1).wait_for()
    return what.is_visible()


def refund_of(shop: Shop) -> str:
    """What the page called it, as Stripe would say it back."""
    with sqlite3.connect(shop.town.product.data / "folkmoot.db") as database:
        [(name,)] = database.execute("SELECT id FROM billing_refunds").fetchall()
    return str(name)
