"""Money through a provider, on either database: an invoice is collected once, and whatever is told comes to the same books."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from folkmoot import rest
from folkmoot.accounts.inside import COOKIE
from folkmoot.billing import (
    Collecting,
    Giving,
    Hearing,
    hearing_router,
    paying,
    paying_router,
    providing,
    store,
)
from folkmoot.billing.collecting import again
from folkmoot.billing.deciding import Cancel, Start
from folkmoot.billing.declined import WHY, message
from folkmoot.billing.declined import say as say_declined
from folkmoot.billing.giving_back import give_back, parted
from folkmoot.billing.ledger import Account as Book
from folkmoot.billing.plans import Period
from folkmoot.billing.provider import ByHand, Came, Declined, Pending
from folkmoot.billing.tables import ways_to_pay
from folkmoot.jobs import Jobs
from folkmoot.jobs.tables import jobs as waiting
from folkmoot.kit import Refusal, SystemRandomness
from folkmoot.orgs import OrgId

from ..accounts.conftest import ORIGIN, PASSWORD
from ..orgs.conftest import right
from .conftest import TEAM, Shop, eur, mailbox
from .fake_provider import DESK, PAGE, FakeProvider, event, intent, mark, signature

__all__ = ["mailbox"]

FORTY = Start(TEAM.id, 40, Period.MONTH, "EUR")
ASKED, PAID = 28800, {Book.CASH: 28800, Book.SALES: -24000, Book.TAX: -4800}
WAY = "/way-to-pay"


@dataclass
class Till:
    shop: Shop
    fake: FakeProvider
    collecting: Collecting
    app: FastAPI
    client: httpx.AsyncClient

    async def tells(self, kind: str, it: dict[str, Any], previous: Any = None, **other: Any) -> int:
        """By a webhook, which is answered at once."""
        now = self.shop.at.clock.now()
        data = {} if previous is None else {"data": {"object": it, "previous_attributes": previous}}
        body = event(kind, it, now, **data, **other)
        return await self.posts(body, signature(body, now))

    async def posts(self, body: bytes, signed: str, provider: str = "stripe") -> int:
        headers = {b"stripe-signature": signed.encode()}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=ORIGIN) as stripe:
            answer = await stripe.post(f"/api/payments/{provider}", content=body, headers=headers)
        if answer.status_code != 204:
            assert answer.json()["code"] == (
                "billing.forged" if answer.status_code == 400 else "billing.by_hand"
            )
        return answer.status_code

    async def asks(self, method: str, path: str) -> Any:
        answer = await self.client.request(method, f"/api/billing/{self.shop.org}{path}")
        return answer.json() if answer.content else None

    async def settled(self) -> None:
        await self.shop.town.office.jobs.settled()

    async def looks(self) -> None:
        await self.collecting.look()
        await self.settled()

    async def saves(self, method: str = "pm_1", **other: Any) -> None:
        it = {"customer": "cus_1", "payment_method": method, "metadata": mark(self.shop.org)}
        assert await self.tells("setup_intent.succeeded", it, **other) == 204
        await self.settled()

    async def later(self, days: int) -> None:
        for _ in range(days):
            self.shop.town.office.clock.advance(timedelta(days=1).total_seconds())
            await self.looks()

    async def pays(self, id: str, number: str, amount: int, currency: str = "eur", **other: Any) -> None:
        it = intent(id, self.shop.org, number, amount, currency, **other)
        assert await self.tells("payment_intent.succeeded", it) == 204
        await self.settled()

    async def credit(self, currency: str = "EUR") -> int:
        async with self.shop.at.storage.reading() as connection:
            return (await store.credit(connection, self.shop.org, currency)).amount

    def subjects(self) -> list[str]:
        return [
            str(one["subject"]) for one in self.shop.town.mailbox.mails if "collected" in str(one["subject"])
        ]


@pytest.fixture
async def till(shop: Shop) -> AsyncIterator[Till]:
    fake = FakeProvider()
    shop.at = replace(shop.at, provider=fake)
    collecting = Collecting(shop.at, lambda *said: say_declined(shop.town.at, *said))
    app = FastAPI()
    Giving(shop.at)
    rest.install(app, [paying_router(shop.at), hearing_router(Hearing(shop.at, collecting))], "1")
    inside = right(await shop.town.office.signs_in("ada@school.example", PASSWORD))
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=ORIGIN, headers=headers
    ) as client:
        client.cookies.set(COOKIE, inside.token)
        yield Till(shop, fake, collecting, app, client)


# --- what is collected ------------------------------------------------------------------------------------------------


async def test_who_saved_a_way_to_pay_pays_each_invoice_by_it(till: Till) -> None:
    await till.saves()
    await till.shop.does(FORTY)
    await till.looks()
    await till.looks()
    assert await till.shop.books() == PAID
    assert [one.amount for one in till.fake.made.values()] == [eur(ASKED)]


async def test_who_saved_nothing_is_asked_for_nothing(till: Till) -> None:
    await till.shop.does(FORTY)
    await till.later(4)
    assert not till.fake.made


async def test_what_was_open_when_it_was_saved_is_collected(till: Till) -> None:
    await till.shop.does(FORTY)
    await till.looks()
    await till.saves()
    await till.looks()
    assert await till.shop.books() == PAID


async def test_an_answer_that_is_lost_brings_the_money_once(till: Till) -> None:
    await till.saves()
    await till.shop.does(FORTY)
    till.fake.loses = 2
    await till.looks()
    assert (await till.shop.books())[Book.RECEIVABLE] == ASKED
    await till.later(1)
    await till.later(1)
    assert await till.shop.books() == PAID
    assert len(till.fake.came) == 1


async def test_a_provider_that_is_away_for_a_week_keeps_nobody(till: Till) -> None:
    await till.saves()
    till.fake.away = True
    await till.shop.does(FORTY)
    await till.later(7)
    assert till.subjects() == []
    till.fake.away = False
    await till.later(5)
    assert await till.shop.books() == PAID
    assert len(till.fake.came) == 1


async def test_who_paid_by_bank_meanwhile_is_asked_for_nothing(till: Till) -> None:
    await till.saves()
    till.fake.away = True
    await till.shop.does(FORTY)
    await till.looks()
    assert await paying.pay(till.shop.at, "operator", "bank:1", "2026-0001", eur(ASKED)) is None
    till.fake.away = False
    await till.later(2)
    assert not till.fake.came
    assert await till.shop.books() == PAID


async def test_what_is_declined_is_said_and_tried_again_on_its_days(till: Till) -> None:
    await till.saves()
    await till.shop.does(FORTY)
    till.fake.declines = [Declined("insufficient_funds")] * 3
    await till.looks()
    assert till.subjects() == ["Invoice 2026-0001 couldn't be collected"]
    assert "there isn't enough on the account" in till.shop.town.mailbox.mails[-1].get_content()
    again_on = str(till.shop.at.today + timedelta(days=3))
    said = {"number": "2026-0001", "why": "insufficient_funds", "again_on": again_on}
    assert (await till.asks("GET", WAY))["declined"] == [said]
    await till.later(2)
    assert len(till.subjects()) == 1
    await till.later(1)
    assert len(till.subjects()) == 2
    await till.later(12)
    assert await till.shop.books() == PAID
    assert len(till.fake.made) == 4, "each try is a payment of its own"


async def test_after_the_last_try_it_is_left_to_the_words_of_dunning(till: Till) -> None:
    await till.saves()
    await till.shop.does(FORTY)
    till.fake.declines = [Declined("do_not_honor")] * 9
    await till.later(40)
    assert len(till.fake.made) == 4
    assert "isn't tried again by itself" in till.shop.town.mailbox.mails[-1].get_content()


async def test_a_card_that_is_gone_is_asked_once_and_another_at_once(till: Till) -> None:
    await till.saves()
    await till.shop.does(FORTY)
    till.fake.declines = [Declined("expired_card", for_good=True)]
    await till.looks()
    assert (await till.asks("GET", WAY))["since"] is None
    await till.later(10)
    assert len(till.fake.made) == 1
    await till.saves("pm_2")
    await till.looks()
    assert await till.shop.books() == PAID


async def test_what_takes_days_is_waited_for_and_looked_at(till: Till) -> None:
    await till.saves()
    await till.shop.does(FORTY)
    till.fake.declines = [Pending(), Pending()]
    await till.later(3)
    assert await till.credit() == 0 and not till.fake.came
    await till.later(6)
    assert await till.shop.books() == PAID
    assert len(till.fake.made) == 1, "it is the same payment"


async def test_what_was_pending_fails_by_a_webhook_once(till: Till) -> None:
    await till.saves()
    await till.shop.does(FORTY)
    till.fake.declines = [Pending()]
    await till.looks()
    failed = {"id": "pi_1", "metadata": mark(till.shop.org, "2026-0001")}
    for id in ("pi_1", "pi_1", "pi_of_a_page"):
        await till.tells("payment_intent.payment_failed", failed | {"id": id})
        await till.settled()
    assert len(till.subjects()) == 1
    await till.later(3)
    assert await till.shop.books() == PAID


async def test_what_the_provider_never_takes_is_said_too(till: Till) -> None:
    await till.saves()
    await till.shop.does(FORTY)
    till.fake.refuses = "resource_missing"
    await till.looks()
    assert len(till.subjects()) == 1
    assert (await till.asks("GET", WAY))["since"] is None


def test_tries_have_an_end() -> None:
    assert [again(n, date(2026, 1, 1)) is not None for n in range(5)] == [False, True, True, True, False]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("why", [*WHY, "whatever_is_new"])
def test_a_decline_has_words_in_both_languages(language: str, why: str) -> None:
    told = {"name": "Ada", "org": "Northfield", "site": "meet.example", "number": "2026-0001"}
    for day in (None, date(2026, 1, 4)):
        said = message("a@school.example", language, why, day, amount="288.00 EUR", link="https://m/", **told)
        assert "{" not in said.text and "288.00 EUR" in said.text and "2026-0001" in said.subject


# --- what is told -----------------------------------------------------------------------------------------------------


async def test_a_payment_told_by_several_events_many_times_at_once_is_booked_once(till: Till) -> None:
    await till.shop.does(FORTY)
    org = till.shop.org
    session = {
        "mode": "payment", "payment_status": "paid", "payment_intent": "pi_9",
        "amount_total": ASKED, "currency": "eur", "metadata": mark(org, "2026-0001"),
    }  # fmt: skip
    paid = intent("pi_9", org, "2026-0001", ASKED)
    told = [("checkout.session.completed", session), ("payment_intent.succeeded", paid)] * 5
    assert await asyncio.gather(*(till.tells(*one) for one in told)) == [204] * 10
    await till.settled()
    assert await till.shop.books() == PAID
    assert await till.shop.town.office.jobs.given_up() == []


async def test_a_session_that_isnt_paid_yet_books_nothing(till: Till) -> None:
    await till.shop.does(FORTY)
    it = {
        "mode": "payment", "payment_status": "unpaid", "payment_intent": "pi_9",
        "amount_total": ASKED, "currency": "eur", "metadata": mark(till.shop.org, "2026-0001"),
    }  # fmt: skip
    await till.tells("checkout.session.completed", it)
    await till.settled()
    assert Book.CASH not in await till.shop.books()
    await till.tells("checkout.session.async_payment_succeeded", it | {"payment_status": "paid"})
    await till.settled()
    assert await till.shop.books() == PAID


async def test_more_than_was_asked_for_is_theirs(till: Till) -> None:
    await till.shop.does(FORTY)
    await till.pays("pi_1", "2026-0001", ASKED + 500)
    assert await till.credit() == 500


async def test_a_second_payment_is_theirs_and_pays_the_next_invoice(till: Till) -> None:
    await till.shop.does(FORTY)
    await till.pays("pi_1", "2026-0001", ASKED)
    await till.pays("pi_2", "2026-0001", ASKED)
    assert await till.credit() == ASKED
    await till.shop.until(till.shop.at.today.replace(month=2, day=2))
    assert await till.credit() == 0


async def test_another_currency_pays_no_invoice_and_is_theirs(till: Till) -> None:
    await till.shop.does(FORTY)
    for _ in range(2):
        await till.pays("pi_1", "2026-0001", 30000, "usd")
    assert await till.credit("USD") == 30000
    assert (await till.shop.books())[Book.RECEIVABLE] == ASKED
    assert await till.shop.town.office.jobs.given_up() == []


async def test_after_it_was_cancelled_and_paid_it_is_theirs(till: Till) -> None:
    await till.shop.does(FORTY)
    await till.pays("pi_1", "2026-0001", ASKED)
    await till.shop.does(Cancel("we moved"))
    await till.shop.until(till.shop.at.today.replace(month=2, day=2))
    await till.pays("pi_2", "2026-0001", ASKED)
    assert await till.credit() == ASKED
    assert sum((await till.shop.books()).values()) == 0


async def test_for_an_invoice_that_isnt_there_it_is_theirs(till: Till) -> None:
    await till.pays("pi_1", "2020-0007", 700)
    assert await till.credit() == 700


async def test_one_name_with_two_amounts_is_the_operators_to_look_at(till: Till) -> None:
    await till.shop.does(FORTY)
    await till.pays("pi_1", "2026-0001", ASKED)
    await till.pays("pi_1", "2026-0001", ASKED + 1)
    assert await till.shop.books() == PAID
    [(job, why)] = await till.shop.town.office.jobs.given_up()
    assert job.kind == "billing.heard" and "billing.payment_known" in why


@pytest.mark.parametrize("seed", range(4))
async def test_in_any_order_the_books_are_the_same(till: Till, seed: int) -> None:
    seeded = random.Random(seed)
    await till.shop.does(FORTY)
    org = till.shop.org
    back = {"id": "re_1", "amount": 800, "currency": "eur", "payment_intent": "pi_2", "status": "succeeded"}
    till.fake.came["pi_2"] = Came("pi_2", org, "2026-0001", eur(900))
    told: list[tuple[str, dict[str, Any]]] = [
        ("payment_intent.succeeded", intent("pi_1", org, "2026-0001", ASKED)),
        ("payment_intent.succeeded", intent("pi_2", org, "2026-0001", 900)),
        ("refund.created", back),
        ("refund.updated", back),
    ]
    order = seeded.sample(told, len(told))
    for one in (*order, *order):
        await till.tells(*one)
        await till.settled()
    assert await till.credit() == 100
    assert (await till.shop.books())[Book.CASH] == ASKED + 100


async def test_an_older_word_doesnt_replace_a_newer_way_to_pay(till: Till) -> None:
    now = int(till.shop.at.clock.now().timestamp())
    await till.saves("pm_new")
    await till.saves("pm_old", created=now - 60)
    async with till.shop.at.storage.reading() as connection:
        way = await providing.way_of(connection, till.shop.org)
    assert way is not None and way.method == "pm_new"
    await till.tells("payment_method.detached", {"id": "pm_old"})
    await till.settled()
    assert (await till.asks("GET", WAY))["since"] is not None
    await till.tells("payment_method.detached", {"id": "pm_new"})
    await till.settled()
    assert (await till.asks("GET", WAY))["since"] is None


# --- the door ---------------------------------------------------------------------------------------------------------


async def test_what_isnt_signed_is_refused_and_not_kept(till: Till) -> None:
    now = till.shop.at.clock.now()
    body = event("payment_intent.succeeded", intent("pi_1", till.shop.org, "", 5), now)
    good = signature(body, now)
    old, early = (signature(body, now + timedelta(seconds=by)) for by in (-301, 301))
    other = signature(body + b" ", now)
    bad = ["", "t=1", "v1=abc", good.replace("v1=", "v0="), signature(body, now, "whsec_other"), old, early]
    for signed in (*bad, other, "t=" + "9" * 5000, "t=12x,v1=a", good + ",t=5", "é"):
        assert await till.posts(body, signed) == 400, signed
    assert await till.posts(body + b"\n", good) == 400
    assert await till.posts(body, good, provider="manual") == 409
    await till.settled()
    assert await till.shop.books() == {}


async def test_while_a_secret_is_exchanged_either_is_good(till: Till) -> None:
    now = till.shop.at.clock.now()
    body = event("payment_intent.succeeded", intent("pi_1", till.shop.org, "", 5), now)
    assert await till.posts(body, signature(body, now, "whsec_next", "whsec_test")) == 204
    await till.settled()
    assert await till.credit() == 5


async def test_what_concerns_others_is_answered_and_not_kept(till: Till) -> None:
    mine = intent("pi_1", till.shop.org, "", 5)
    assert await till.tells("payment_intent.succeeded", mine | {"metadata": {}}) == 204
    assert (
        await till.tells("payment_intent.succeeded", mine | {"metadata": mark(till.shop.org, site="b")})
        == 204
    )
    assert await till.tells("payment_intent.succeeded", mine, livemode=True) == 204
    assert await till.tells("payment_intent.succeeded", mine, account="acct_another") == 204
    assert await till.tells("customer.updated", mine) == 204
    async with till.shop.at.storage.reading() as connection:
        assert (await connection.execute(waiting.select())).all() == []


@pytest.mark.parametrize(
    "it",
    [{}, {"metadata": 5}, {"amount_received": 1.5}, {"amount_received": "5"}, {"currency": "xxx"}, {"id": 7}],
)
async def test_what_is_signed_and_not_understood_is_answered(till: Till, it: dict[str, Any]) -> None:
    said = {**(intent("pi_1", till.shop.org, "", 5) if it else {}), **it}
    assert await till.tells("payment_intent.succeeded", said) == 204
    now = till.shop.at.clock.now()
    for body in (b"", b"[]", b"null", b"\xff", b"[" * 5000):
        assert await till.posts(body, signature(body, now)) == 204
    await till.settled()
    assert await till.shop.books() == {}


async def test_what_was_taken_in_is_done_after_a_restart(till: Till) -> None:
    await till.shop.does(FORTY)
    await till.tells("payment_intent.succeeded", intent("pi_1", till.shop.org, "2026-0001", ASKED))
    town = till.shop.town
    jobs = Jobs(till.shop.at.storage, till.shop.at.clock, SystemRandomness())
    at = replace(till.shop.at, orgs=replace(town.at, jobs=jobs))
    Hearing(at, Collecting(at))
    await jobs.settled()
    assert await till.shop.books() == PAID
    await till.settled()
    assert await till.shop.books() == PAID


# --- by a click -------------------------------------------------------------------------------------------------------


async def test_an_owner_goes_to_the_providers_page_by_their_click(till: Till) -> None:
    await till.shop.does(FORTY)
    way = {"provider": "stripe", "collects": True, "since": None, "managed": False, "declined": []}
    assert await till.asks("GET", WAY) == way
    assert till.fake.pages == [], "before it the provider was asked for nothing"
    assert await till.asks("POST", "/documents/2026-0001/payment") == {"address": f"{PAGE}2026-0001"}
    [(_, ways)] = till.fake.pages
    assert ways.done == f"{ORIGIN}/org/plan/2026-0001?org={till.shop.org}&payment=done"
    assert ways.back == f"{ORIGIN}/org/plan/2026-0001?org={till.shop.org}&payment=back"
    assert (await till.asks("POST", WAY))["address"] == f"{PAGE}save"
    assert till.fake.pages[-1][0] == "cus_1 EUR"


async def test_an_owner_looks_at_their_ways_to_pay_on_the_providers_page(till: Till) -> None:
    assert (await till.asks("POST", f"{WAY}/desk"))["code"] == "billing.no_way_to_pay"
    await till.saves()
    assert (await till.asks("GET", WAY))["managed"] is True
    assert await till.asks("POST", f"{WAY}/desk") == {"address": f"{DESK}cus_1"}
    till.fake.away = True
    assert (await till.asks("POST", f"{WAY}/desk"))["code"] == "billing.provider_away"


async def test_what_was_forgotten_can_be_saved_anew_at_once(till: Till) -> None:
    await till.shop.does(FORTY)
    assert (await till.asks("POST", WAY))["address"] == f"{PAGE}save"
    assert await till.asks("DELETE", WAY) is None
    await till.settled()
    assert (await till.asks("POST", WAY))["address"] == f"{PAGE}save"
    assert (till.fake.customers, till.fake.forgotten) == (["cus_1", "cus_2"], ["cus_1"])


async def test_a_customer_that_was_deleted_there_is_one_no_more_here(till: Till) -> None:
    await till.saves()
    till.fake.customers, till.fake.forgotten = ["cus_1"], ["cus_1"]
    assert (await till.asks("POST", WAY))["code"] == "billing.provider_refused"
    await till.tells("customer.deleted", {"id": "cus_1", "metadata": mark(till.shop.org)})
    await till.settled()
    assert (await till.asks("GET", WAY))["since"] is None
    assert "address" in await till.asks("POST", WAY)


# --- what was changed on its page -------------------------------------------------------------------------------------


def _prefers(till: Till, method: str | None, **other: Any) -> tuple[str, dict[str, Any]]:
    settings = {"default_payment_method": method}
    it = {"id": "cus_1", "metadata": mark(till.shop.org), "invoice_settings": settings}
    return "customer.updated", it | other


BEFORE = {"invoice_settings": {"default_payment_method": None}}


async def test_another_card_that_was_chosen_there_is_the_one_that_pays(till: Till) -> None:
    await till.saves()
    assert till.fake.preferred == [("cus_1", "pm_1")], "its own page shows what is used here"
    await till.tells(*_prefers(till, "pm_1"), previous=BEFORE)
    await till.settled()
    await till.shop.does(FORTY)
    till.fake.declines = [Declined("expired_card", for_good=True)]
    await till.looks()
    assert [one["why"] for one in (await till.asks("GET", WAY))["declined"]] == ["expired_card"]
    await till.tells(*_prefers(till, "pm_2"), previous=BEFORE)
    await till.settled()
    await till.looks()
    assert await till.shop.books() == PAID
    assert (await till.asks("GET", WAY))["declined"] == []
    assert till.fake.preferred == [("cus_1", "pm_1")], "nothing is told back that was told"


async def test_a_customer_that_is_updated_otherwise_changes_no_way_to_pay(till: Till) -> None:
    await till.saves("pm_new")
    await till.tells(*_prefers(till, "pm_old"))
    await till.tells(*_prefers(till, "pm_old"), previous={"name": "Northfield"})
    await till.tells(*_prefers(till, None), previous=BEFORE)
    await till.tells(*_prefers(till, "pm_old", id="cus_of_yesterday"), previous=BEFORE)
    await till.tells(*_prefers(till, "pm_old", metadata={}), previous=BEFORE)
    await till.settled()
    async with till.shop.at.storage.reading() as connection:
        way = await providing.way_of(connection, till.shop.org)
    assert way is not None and way.method == "pm_new"


async def test_what_was_taken_away_there_collects_nothing_and_cancels_nothing(till: Till) -> None:
    await till.saves()
    await till.tells("payment_method.detached", {"id": "pm_1"})
    await till.tells("customer.subscription.deleted", {"id": "sub_1", "metadata": mark(till.shop.org)})
    await till.settled()
    await till.shop.does(FORTY)
    await till.later(3)
    assert not till.fake.made
    assert (await till.shop.now()).state.leaving is None and (await till.shop.now()).state.runs


async def test_what_asks_for_nothing_cant_be_paid(till: Till) -> None:
    await till.shop.does(FORTY)
    await till.pays("pi_1", "2026-0001", ASKED)
    assert (await till.asks("POST", "/documents/2026-0001/payment"))["code"] == "billing.paid"
    assert (await till.asks("POST", "/documents/2026-0099/payment"))["code"] == "billing.document_unknown"


async def test_a_provider_that_is_away_is_said_so(till: Till) -> None:
    await till.shop.does(FORTY)
    till.fake.away = True
    assert (await till.asks("POST", "/documents/2026-0001/payment"))["code"] == "billing.provider_away"
    assert (await till.asks("POST", WAY))["code"] == "billing.provider_away"


async def test_an_admin_looks_and_an_owner_pays(till: Till) -> None:
    await till.shop.does(FORTY)
    stranger = await till.shop.town.person("Eve")
    till.client.cookies.set(COOKIE, stranger.token)
    for method, path in (
        ("GET", WAY),
        ("POST", WAY),
        ("POST", f"{WAY}/desk"),
        ("DELETE", WAY),
        ("POST", "/documents/2026-0001/payment"),
    ):
        assert (await till.asks(method, path))["code"] == "org.unknown"


async def test_what_is_forgotten_here_is_forgotten_there(till: Till) -> None:
    await till.saves()
    assert await till.asks("DELETE", WAY) is None
    await till.shop.does(FORTY)
    await till.looks()
    assert not till.fake.made and till.fake.forgotten == ["cus_1"]


async def test_an_organisation_that_is_gone_is_forgotten_there(till: Till) -> None:
    await till.saves()
    async with till.shop.at.storage.writing() as connection:
        await connection.execute(ways_to_pay.update().values(org="o_gone"))
    await till.looks()
    assert till.fake.forgotten == ["cus_1"]


async def test_where_money_comes_by_hand_there_is_no_such_page(shop: Shop, till: Till) -> None:
    by_hand = replace(shop.at, provider=ByHand())
    app = FastAPI()
    rest.install(app, [paying_router(by_hand), hearing_router(Hearing(by_hand, till.collecting))], "1")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=till.client.headers) as client:
        client.cookies = till.client.cookies
        where = f"/api/billing/{shop.org}"
        assert (await client.get(where + WAY)).json()["provider"] == "manual"
        await shop.does(FORTY)
        for path in (WAY, f"{WAY}/desk", "/documents/2026-0001/payment"):
            assert (await client.post(where + path)).json()["code"] == "billing.by_hand"
        assert (await client.post("/api/payments/stripe", content=b"x")).json()["code"] == "billing.by_hand"


# --- what goes back ---------------------------------------------------------------------------------------------------


async def _overpaid(till: Till) -> None:
    await till.shop.does(FORTY)
    await till.pays("pi_1", "2026-0001", ASKED)
    await till.pays("pi_2", "2026-0001", 1000)
    await till.pays("pi_3", "2026-0001", 500)


async def _gives(till: Till, id: str, amount: int) -> Refusal | None:
    return await give_back(till.shop.at, "operator", id, till.shop.org, eur(amount))


async def test_a_refund_goes_back_to_where_it_came_from_once(till: Till) -> None:
    await _overpaid(till)
    assert await _gives(till, "r1", 1200) is None
    assert await _gives(till, "r1", 1200) is None, "asked again"
    await till.settled()
    assert sum(one.amount for _, one in till.fake.sent_back.values()) == 1200
    assert await till.credit() == 300
    assert await _gives(till, "r1", 1100) == Refusal("billing.payment_known")
    assert await _gives(till, "r2", 301) == Refusal("billing.amount", {"most": 300})


async def test_nothing_goes_back_that_didnt_come_by_it(till: Till) -> None:
    await till.shop.does(FORTY)
    assert await paying.pay(till.shop.at, "operator", "bank:1", "2026-0001", eur(ASKED + 900)) is None
    assert await _gives(till, "r1", 900) == Refusal("billing.refund_source", {"most": 0})
    assert await till.credit() == 900


async def test_a_refund_that_the_provider_refuses_is_theirs_again(till: Till) -> None:
    await _overpaid(till)
    till.fake.refuses = "charge_already_refunded"
    assert await _gives(till, "r1", 500) is None
    await till.settled()
    assert await till.credit() == 1500
    [(job, _)] = await till.shop.town.office.jobs.given_up()
    assert job.kind == "billing.give_back"


async def test_a_refund_that_fails_days_later_is_theirs_again_once(till: Till) -> None:
    await _overpaid(till)
    assert await _gives(till, "r1", 500) is None
    await till.settled()
    [name] = till.fake.sent_back
    it = {
        "id": "re_1", "amount": 500, "currency": "eur", "payment_intent": "pi_3", "status": "failed",
        "metadata": mark(till.shop.org, ours=name),
    }  # fmt: skip
    for kind in ("refund.failed", "refund.updated"):
        await till.tells(kind, it)
        await till.settled()
    assert await till.credit() == 1500


async def test_what_a_bank_takes_back_and_returns_is_in_the_books(till: Till) -> None:
    await _overpaid(till)
    it = {"id": "dp_1", "amount": ASKED, "currency": "eur", "payment_intent": "pi_1"}
    await till.tells("charge.dispute.funds_withdrawn", it)
    await till.settled()
    assert await till.credit() == 1500 - ASKED, "they owe it"
    for _ in range(2):
        await till.tells("charge.dispute.funds_reinstated", it)
        await till.settled()
    assert await till.credit() == 1500


def test_a_refund_takes_of_each_payment_what_it_brought() -> None:
    org = OrgId("o")
    parts = parted("r", org, eur(700), [("a", eur(500)), ("b", eur(0)), ("c", eur(900))])
    assert parts is not None and [(one.payment, one.amount.amount) for one in parts] == [
        ("a", 500),
        ("c", 200),
    ]
    assert parted("r", org, eur(700), [("a", eur(600))]) is None
