"""Who runs the server sells over HTTP: plans, quotes, payments, credit notes, refunds, taxes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI

from folkmoot import rest
from folkmoot.accounts import administering
from folkmoot.accounts.inside import COOKIE
from folkmoot.billing import Giving, moving, operator_paper_router, operator_router
from folkmoot.billing.days import DAY
from folkmoot.billing.deciding import Accept, Start
from folkmoot.billing.documents import Customer
from folkmoot.billing.owning import say_customer
from folkmoot.billing.plans import Period
from folkmoot.billing.provider import Came
from folkmoot.billing.receiving import came_back, receive
from folkmoot.billing.selling import subscribed

from ..accounts.conftest import ORIGIN, PASSWORD
from ..orgs.conftest import right
from .conftest import TEAM, Shop, eur, mailbox
from .fake_provider import FakeProvider

__all__ = ["mailbox"]

WHERE = "/api/operator/billing"


@dataclass
class Desk:
    client: httpx.AsyncClient
    shop: Shop

    async def asks(self, method: str, path: str, status: int = 200, said: Any = None) -> Any:
        answer = await self.client.request(method, WHERE + path, json=said)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def code(self, method: str, path: str, said: Any = None) -> str:
        answer = await self.client.request(method, WHERE + path, json=said)
        return str(answer.json()["code"])

    @property
    def customer(self) -> str:
        return f"/customers/{self.shop.org}"

    async def pays(self, id: str, number: str, amount: int, currency: str = "EUR", status: int = 204) -> Any:
        said = {"id": id, "number": number, "amount": amount, "currency": currency}
        return await self.asks("POST", "/payments", status, said)

    def quote(self, **other: Any) -> dict[str, Any]:
        today = self.shop.at.today
        days = {"starts": str(today), "months": 12, "open_until": str(today + timedelta(days=30))}
        terms = {"plan": "school", "seats": 500, "amount": 700, "currency": "EUR", "period": "month"}
        return terms | days | other


@pytest.fixture
async def app(shop: Shop) -> FastAPI:
    app = FastAPI()
    rest.install(app, [operator_router(shop.at), operator_paper_router(shop.at)], "1")
    return app


def at_the(app: FastAPI, token: str, shop: Shop) -> Desk:
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN, headers=headers)
    client.cookies.set(COOKIE, token)
    return Desk(client, shop)


@pytest.fixture
async def desk(shop: Shop, app: FastAPI) -> AsyncIterator[Desk]:
    operator = await shop.town.person("Olu", "olu@server.example")
    office = shop.town.office
    assert await administering.appoint(office.at, operator.account.id, operator=True) is None
    desk = at_the(app, right(await office.signs_in("olu@server.example", PASSWORD)).token, shop)
    yield desk
    await desk.client.aclose()


async def test_plans_are_read_and_written_whole_or_not_at_all(desk: Desk) -> None:
    plans = (await desk.asks("GET", "/plans"))["plans"]
    team = next(one for one in plans if one["id"] == "team")
    good, wrong = team | {"name": "Crew", "offered": False}, team | {"id": "two", "fewest_seats": -1}
    assert await desk.code("PUT", "/plans", {"plans": [good, wrong]}) == "billing.seats"
    assert (await desk.asks("GET", "/plans"))["plans"] == plans
    await desk.asks("PUT", "/plans", 204, {"plans": [good]})
    said = (await desk.asks("GET", "/plans"))["plans"]
    assert good in said and len(said) == len(plans)


async def test_a_quote_becomes_a_contract_an_invoice_and_is_paid(desk: Desk, shop: Shop) -> None:
    for _ in range(2):
        page = await desk.asks("PUT", f"{desk.customer}/quotes/large", said=desk.quote())
        assert [one["id"] for one in page["quotes"]] == ["large"], "said twice it is one"
    await shop.does(Accept("large"))
    page = await desk.asks("GET", desk.customer)
    [invoice] = page["documents"]
    assert invoice["left"] == 500 * 700 * 12 // 10 and page["subscription"]["until"]
    for _ in range(2):
        await desk.pays("4711", invoice["number"], invoice["left"])
    page = await desk.asks("GET", desk.customer)
    assert (page["documents"][0]["owed"], page["credit"]) == ("paid", [])


async def test_a_quote_is_taken_back(desk: Desk) -> None:
    await desk.asks("PUT", f"{desk.customer}/quotes/large", said=desk.quote())
    assert (await desk.asks("DELETE", f"{desk.customer}/quotes/large"))["quotes"] == []
    assert await desk.code("DELETE", f"{desk.customer}/quotes/large") == "billing.quote_unknown"


async def test_what_is_paid_too_much_is_theirs_and_is_sent_back_once(desk: Desk, shop: Shop) -> None:
    await shop.does(Start(TEAM.id, 10, Period.MONTH, "EUR"))
    await desk.pays("1", "2026-0001", 8000)
    theirs = [{"amount": 800, "currency": "EUR"}]
    assert (await desk.asks("GET", desk.customer))["credit"] == theirs
    said = {"id": "r1", "amount": 900, "currency": "EUR"}
    assert await desk.code("POST", f"{desk.customer}/refunds", said) == "billing.amount"
    for _ in range(2):
        await desk.asks("POST", f"{desk.customer}/refunds", 204, said | {"amount": 800})
    assert (await desk.asks("GET", desk.customer))["credit"] == []
    assert sum((await shop.books()).values()) == 0


async def test_credit_notes_correct_an_invoice_or_lower_the_next_one(desk: Desk, shop: Shop) -> None:
    await shop.does(Start(TEAM.id, 10, Period.MONTH, "EUR"))
    said: dict[str, Any] = {"id": "c1", "amount": 1000, "note": "an outage"}
    for _ in range(2):
        made = await desk.asks("POST", "/documents/2026-0001/credit-notes", said=said)
    other = said | {"amount": 900}
    assert await desk.code("POST", "/documents/2026-0001/credit-notes", other) == "billing.credit_note_known"
    note = await desk.asks("GET", f"/documents/{made['number']}")
    assert note["correctable"] == 0
    assert (await desk.asks("GET", "/documents/2026-0001"))["correctable"] == 6000 - 1000
    assert (note["kind"], note["corrects"], note["total"]) == ("credit_note", "2026-0001", -1200)
    assert (await desk.asks("GET", "/documents/2026-0001"))["left"] == 6000
    said = {"id": "c2", "amount": 500, "currency": "EUR", "note": "for the wait"}
    for _ in range(2):
        made = await desk.asks("POST", f"{desk.customer}/credit-notes", said=said)
    assert made["number"] == "2026-C0002"


async def test_a_tax_has_a_first_day(desk: Desk) -> None:
    await desk.asks("PUT", "/rates/GB/2030-01-01", 204, {"rate": 2250})
    assert await desk.asks("GET", "/rates") == [
        {"country": "GB", "since": "2011-01-04", "rate": 2000, "name": "VAT"},
        {"country": "GB", "since": "2030-01-01", "rate": 2250, "name": "VAT"},
    ]


async def test_reverse_charge_is_for_who_has_a_tax_number(desk: Desk, shop: Shop) -> None:
    allowed = {"allowed": True}
    assert await desk.code("PUT", f"{desk.customer}/reverse-charge", allowed) == "billing.customer"
    school = Customer("Northfield School", "1 School Lane", "GB", "GB123456789")
    assert await say_customer(shop.at, shop.owner, shop.org, school) is None
    await desk.asks("PUT", f"{desk.customer}/reverse-charge", 204, allowed)
    await shop.does(Start(TEAM.id, 10, Period.MONTH, "EUR"))
    invoice = await desk.asks("GET", "/documents/2026-0001")
    assert (invoice["tax"], invoice["tax_name"]) == (0, "reverse charge")


async def test_customers_are_found_by_name_and_standing(desk: Desk, shop: Shop) -> None:
    await shop.does(Start(TEAM.id, 10, Period.MONTH, "EUR"))
    [one] = (await desk.asks("GET", "/customers?standing=active"))["customers"]
    found = await desk.asks("GET", f"/customers?like={one['name'][:4].upper()}")
    assert [each["org"] for each in found["customers"]] == [shop.org] and found["next"] is None
    for path in ("/customers?standing=past_due", "/customers?like=nobody-is-called-so"):
        assert (await desk.asks("GET", path))["customers"] == []


async def test_who_has_a_contract_is_found_by_it(desk: Desk, shop: Shop) -> None:
    await desk.asks("PUT", f"{desk.customer}/quotes/large", said=desk.quote(months=1))
    assert (await desk.asks("GET", "/customers?contract=true"))["customers"] == []
    await shop.does(Accept("large"))
    [one] = (await desk.asks("GET", "/customers?contract=true"))["customers"]
    assert one["org"] == shop.org
    assert one["subscription"]["until"] is not None
    await shop.until(date.fromisoformat(one["subscription"]["until"]) + DAY)
    [[over], _] = await subscribed(shop.at, "", None, None)
    assert over.seen.state.runs and over.seen.state.until is None, "it goes on from month to month"
    assert await subscribed(shop.at, "", None, None, contract=True) == ([], None)


async def test_a_contract_that_is_agreed_and_hasnt_begun_is_found_and_no_more_when_it_is_taken_back(
    desk: Desk, shop: Shop
) -> None:
    starts = str(shop.at.today + 40 * DAY)
    await desk.asks("PUT", f"{desk.customer}/quotes/large", said=desk.quote(starts=starts))
    await shop.does(Accept("large"))
    [one] = (await desk.asks("GET", "/customers?contract=true"))["customers"]
    assert one["subscription"] is None and one["accepted"]["starts"] == starts
    await desk.asks("DELETE", f"{desk.customer}/quotes/large")
    assert (await desk.asks("GET", "/customers?contract=true"))["customers"] == []


async def test_money_that_came_and_went_is_listed_by_its_way(desk: Desk, shop: Shop) -> None:
    await shop.does(Start(TEAM.id, 10, Period.MONTH, "EUR"))
    await desk.pays("4711", "2026-0001", 7700)
    page = await desk.asks("GET", desk.customer)
    assert (page["provider"], page["refundable"]) == ("manual", [])
    refund = {"id": "4712", "amount": 200, "currency": "EUR"}
    await desk.asks("POST", f"{desk.customer}/refunds", 204, refund)
    moved = (await desk.asks("GET", desk.customer))["moved"]
    assert {(one["kind"], one["amount"], one["through"], one["number"]) for one in moved} == {
        ("payment", 7700, "bank", "2026-0001"),
        ("refund", 200, "bank", ""),
    }


async def test_a_balance_and_the_money_it_is_made_of_are_of_one_moment(
    desk: Desk, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider tells something while the page is read."""
    await shop.does(Start(TEAM.id, 10, Period.MONTH, "EUR"))
    read = moving.moved

    async def meanwhile(*asked: Any) -> Any:
        await desk.pays("4711", "2026-0001", 7700)
        return await read(*asked)

    monkeypatch.setattr(moving, "moved", meanwhile)
    page = await desk.asks("GET", desk.customer)
    assert (page["credit"], page["moved"]) == ([], [])
    page = await desk.asks("GET", desk.customer)
    assert page["credit"] and len(page["moved"]) == 1


async def test_a_long_list_of_money_comes_a_page_at_a_time_and_nothing_twice(
    desk: Desk, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "MOST", 2)
    await shop.does(Start(TEAM.id, 10, Period.MONTH, "EUR"))
    for number in range(5):  # at one moment, as a provider may tell them
        await desk.pays(f"47{number}", "2026-0001", 100 + number)
    page = await desk.asks("GET", desk.customer)
    amounts, after = [one["amount"] for one in page["moved"]], page["moved_next"]
    await desk.pays("4799", "2026-0001", 900)
    while after is not None:
        page = await desk.asks("GET", f"{desk.customer}/moved?{urlencode({'after': after})}")
        amounts, after = amounts + [one["amount"] for one in page["moved"]], page["next"]
    assert sorted(amounts) == [100, 101, 102, 103, 104]
    assert (await desk.asks("GET", f"{desk.customer}/moved?after=nobodys"))["moved"] == []


async def test_what_came_through_the_provider_goes_back_through_it_as_far_as_it_goes(
    desk: Desk, shop: Shop
) -> None:
    """One transfer, one card: of 9.00 too much 4.00 came by the card."""
    fake = FakeProvider()
    shop.at = replace(shop.at, provider=fake)
    Giving(shop.at)
    app = FastAPI()
    rest.install(app, [operator_router(shop.at)], "1")
    desk = at_the(app, desk.client.cookies[COOKIE], shop)
    await shop.does(Start(TEAM.id, 10, Period.MONTH, "EUR"))
    await desk.pays("4711", "2026-0001", 7700)
    await receive(shop.at, Came("pi_1", shop.org, "2026-0001", eur(400)))
    page = await desk.asks("GET", desk.customer)
    assert page["credit"] == [{"amount": 900, "currency": "EUR"}]
    assert (page["provider"], page["refundable"]) == ("stripe", [{"amount": 400, "currency": "EUR"}])
    asked = {"through": "provider", "id": "r1", "currency": "EUR"}
    path = f"{desk.customer}/refunds"
    assert await desk.code("POST", path, asked | {"amount": 500}) == "billing.refund_source"
    assert await desk.code("POST", path, asked | {"amount": 1000}) == "billing.amount"
    for _ in range(2):
        await desk.asks("POST", path, 204, asked | {"amount": 300})
    assert await desk.code("POST", path, asked | {"amount": 200}) == "billing.payment_known"
    await shop.town.office.jobs.settled()
    assert fake.sent_back == {"r1.0": ("pi_1", eur(300))}
    page = await desk.asks("GET", desk.customer)
    assert page["refundable"] == [{"amount": 100, "currency": "EUR"}]
    assert {(one["kind"], one["amount"], one["through"]) for one in page["moved"]} == {
        ("payment", 7700, "bank"),
        ("payment", 400, "stripe"),
        ("refund", 300, "stripe"),
    }
    for _ in range(2):
        await came_back(shop.at, "r1.0")
    page = await desk.asks("GET", desk.customer)
    assert page["refundable"] == [{"amount": 400, "currency": "EUR"}]
    assert [one["kind"] for one in page["moved"]].count("refund_back") == 1
    assert [one["through"] for one in page["moved"] if one["kind"] == "refund_back"] == ["stripe"]


async def test_a_document_is_printed_and_the_books_are_taken_along(desk: Desk, shop: Shop) -> None:
    await shop.does(Start(TEAM.id, 10, Period.MONTH, "EUR"))
    paper = await desk.client.get(WHERE + "/documents/2026-0001/pdf?language=zh-CN")
    assert paper.content.startswith(b"%PDF-") and "2026-0001.pdf" in paper.headers["content-disposition"]
    events = await desk.client.get(WHERE + "/books")
    kinds = {json.loads(line)["kind"] for line in events.text.splitlines()}
    assert {"subscription.set", "invoice.line", "tax"} == kinds
    ledger = await desk.client.get(WHERE + "/books?format=beancount")
    assert " open " in ledger.text and "2026-0001" in ledger.text
    assert await desk.code("GET", "/books?format=xml") == "request.invalid"
    assert await desk.code("GET", "/documents/2026-0009/pdf") == "billing.document_unknown"


@pytest.mark.parametrize(
    ("method", "path", "said", "code"),
    [
        ("PUT", "/plans", {"plans": [{"id": "a", "name": "A", "limits": {"poeple": 3}}]}, "request.invalid"),
        ("PUT", "/plans", {"plans": [{"id": "a", "name": "A", "services": ["audit"]}]}, "request.invalid"),
        ("PUT", "/plans", {"plans": [{"id": "a", "name": "A", "prices": [{"period": "month", "seat": {"amount": 1, "currency": "QQQ"}}]}]}, "billing.currency"),
        ("PUT", "/plans", {"plans": [{"id": "a", "name": "A", "prices": [{"period": "month", "seat": {"amount": -1, "currency": "EUR"}}]}]}, "billing.price"),
        ("PUT", "/rates/GB/2026-02-30", {"rate": 1}, "request.invalid"),
        ("PUT", "/rates/GB/2026-02-01", {"rate": -1}, "billing.tax_rate"),
        ("POST", "/payments", {"id": "1", "number": "2026-0009", "amount": 1, "currency": "EUR"}, "billing.document_unknown"),
        ("POST", "/payments", {"id": "1", "number": "2026-0001", "amount": 1, "currency": "QQQ"}, "billing.currency"),
        ("POST", "/payments", {"id": "1", "number": "2026-0001", "amount": -1, "currency": "EUR"}, "request.invalid"),
        ("GET", "/customers/nobody", None, "org.unknown"),
        ("POST", "/customers/nobody/credit-notes", {"amount": 1, "currency": "EUR"}, "org.unknown"),
        ("PUT", "/customers/nobody/reverse-charge", {"allowed": True}, "billing.no_customer"),
        ("GET", "/documents/2026-0009", None, "billing.document_unknown"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_by_name(
    desk: Desk, method: str, path: str, said: Any, code: str
) -> None:
    assert await desk.code(method, path, said) == code


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"seats": -4}, "billing.seats"),
        ({"plan": "none"}, "billing.plan_unknown"),
        ({"amount": -1}, "billing.price"),
        ({"currency": "QQQ"}, "billing.currency"),
        ({"months": 7, "period": "year"}, "billing.term"),
        ({"starts": "2019-01-01"}, "billing.quote_days"),
    ],
)
async def test_what_cannot_be_a_contract_is_refused(desk: Desk, other: dict[str, Any], code: str) -> None:
    assert await desk.code("PUT", f"{desk.customer}/quotes/large", desk.quote(**other)) == code
    assert await desk.code("PUT", "/customers/nobody/quotes/large", desk.quote()) == "org.unknown"


async def test_a_payment_told_otherwise_or_in_another_currency_is_refused(desk: Desk, shop: Shop) -> None:
    await shop.does(Start(TEAM.id, 10, Period.MONTH, "EUR"))
    said = {"id": "1", "number": "2026-0001", "amount": 100, "currency": "EUR"}
    assert await desk.code("POST", "/payments", said | {"currency": "USD"}) == "billing.currency_mixed"
    await desk.asks("POST", "/payments", 204, said)
    assert await desk.code("POST", "/payments", said | {"amount": 200}) == "billing.payment_known"


async def test_nobody_else_sees_or_does_any_of_it(desk: Desk, shop: Shop, app: FastAPI) -> None:
    owner = right(await shop.town.office.signs_in("ada@school.example", PASSWORD))
    other = at_the(app, owner.token, shop)
    document = "/documents/2026-0001"
    for path in ("/plans", "/rates", "/customers", desk.customer, document, f"{document}/pdf", "/books"):
        assert await other.code("GET", path) == "operator.not_you"
    await other.client.aclose()
    shop.town.office.clock.advance(timedelta(hours=1).total_seconds())
    assert await desk.code("GET", "/plans") == "account.prove_again", "an hour ago isn't just now"


async def test_where_money_comes_by_hand_no_provider_sends_it_back(desk: Desk) -> None:
    said = {"id": "r1", "amount": 5, "currency": "EUR", "through": "provider"}
    assert await desk.code("POST", f"{desk.customer}/refunds", said) == "billing.by_hand"
