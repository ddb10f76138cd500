"""An owner's page over HTTP: what is shown before a yes is what the yes does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from folkmoot import rest
from folkmoot.accounts.accounts import SignedIn
from folkmoot.accounts.inside import COOKIE
from folkmoot.billing import owning, router
from folkmoot.billing.days import DAY
from folkmoot.billing.deciding import Offer, Start
from folkmoot.billing.documents import TO_PAY
from folkmoot.billing.owning import say_plans
from folkmoot.billing.plans import Limits, Period, PlanId, Price
from folkmoot.billing.printed import printed
from folkmoot.billing.terms import Quote, Terms
from folkmoot.paper import Beside, Text

from ..accounts.conftest import ORIGIN, PASSWORD
from ..orgs.conftest import right
from .conftest import TEAM, Shop, eur, mailbox

__all__ = ["mailbox"]


@dataclass
class Owner:
    client: httpx.AsyncClient
    where: str
    shop: Shop

    async def asks(self, method: str, path: str = "", status: int = 200, **said: Any) -> Any:
        answer = await self.client.request(method, self.where + path, json=said or None)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def code(self, method: str, path: str = "", **said: Any) -> tuple[int, str]:
        answer = await self.client.request(method, self.where + path, json=said or None)
        return answer.status_code, answer.json()["code"]

    async def starts(self, **more: Any) -> Any:
        wanted: dict[str, Any] = {
            "plan": "team",
            "seats": 10,
            "period": "month",
            "currency": "EUR",
            "seen": 0,
        } | more
        return await self.asks("POST", "/subscription", **wanted)


def entering(shop: Shop, inside: SignedIn, app: FastAPI) -> Owner:
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN, headers=headers)
    client.cookies.set(COOKIE, inside.token)
    return Owner(client, f"/api/billing/{shop.org}", shop)


@pytest.fixture
async def app(shop: Shop) -> FastAPI:
    app = FastAPI()
    rest.install(app, [router(shop.at)], "1")
    return app


@pytest.fixture
async def owner(shop: Shop, app: FastAPI) -> AsyncIterator[Owner]:
    inside = right(await shop.town.office.signs_in("ada@school.example", PASSWORD))
    owner = entering(shop, inside, app)
    yield owner
    await owner.client.aclose()


async def test_who_subscribes_to_nothing_sees_what_they_have_and_what_there_is(owner: Owner) -> None:
    page = await owner.asks("GET")
    assert (page["plan"]["id"], page["subscription"], page["coming"]) == ("free", None, None)
    assert [one["id"] for one in page["offered"]] == ["free", "team", "school"]
    assert page["customer"]["name"] == "Northfield School"


async def test_what_is_shown_before_is_what_the_invoice_says(owner: Owner) -> None:
    said: dict[str, Any] = {"plan": "team", "seats": 10, "period": "month", "currency": "EUR"}
    seen = await owner.asks("POST", "/preview", **said)
    assert (seen["now"]["net"], seen["now"]["tax"], seen["now"]["total"]) == (6000, 1200, 7200)
    assert seen["coming"]["total"] == 7200 and seen["at_once"]
    assert (await owner.asks("GET"))["subscription"] is None, "it was only shown"
    page = await owner.starts()
    [invoice] = page["documents"]
    assert (invoice["total"], invoice["left"], invoice["owed"]) == (7200, 7200, "open")
    whole = await owner.asks("GET", f"/documents/{invoice['number']}")
    assert whole["lines"] == seen["now"]["lines"]
    assert page["coming"] == seen["coming"]


async def test_an_invoice_says_who_it_is_from_and_keeps_it(owner: Owner, shop: Shop) -> None:
    at = replace(shop.at, seller="Folk Co-operative\n1 Moot Hill\nGB 123 4567 89")
    await owning.decide_on(at, shop.owner, shop.org, Start(PlanId("team"), 3, Period.MONTH, "EUR"))
    [invoice] = (await owner.asks("GET"))["documents"]
    whole = await owner.asks("GET", f"/documents/{invoice['number']}")
    assert whole["seller"] == "Folk Co-operative\n1 Moot Hill\nGB 123 4567 89", (
        "though the server says nobody by now"
    )
    [kept] = await shop.documents()
    said = [part for part in printed(kept, {}, "meet.example", "en").parts if isinstance(part, Beside)]
    assert Text(kept.seller) in said[0].left


async def test_seats_that_are_added_within_a_month_wait_for_its_next_invoice(owner: Owner) -> None:
    page = await owner.starts()
    seen = await owner.asks("POST", "/preview", seats=12)
    assert seen["now"] is None and seen["coming"]["net"] > 12 * 600
    page = await owner.asks("PATCH", "/subscription", seats=12, seen=page["seen"])
    assert page["subscription"]["terms"]["seats"] == 12
    assert page["coming"] == seen["coming"]


async def test_fewer_seats_come_at_the_periods_end_and_can_be_kept(owner: Owner) -> None:
    page = await owner.starts()
    seen = await owner.asks("POST", "/preview", seats=4)
    assert not seen["at_once"] and seen["coming"]["net"] == 4 * 600
    page = await owner.asks("PATCH", "/subscription", seats=4, seen=page["seen"])
    assert (page["subscription"]["terms"]["seats"], page["subscription"]["next"]["seats"]) == (10, 4)
    page = await owner.asks("POST", "/subscription/keep", seen=page["seen"])
    assert page["subscription"]["next"] is None


async def test_who_cancels_owes_nothing_more(owner: Owner) -> None:
    page = await owner.starts()
    page = await owner.asks("POST", "/subscription/cancel", reason="too dear", seen=page["seen"])
    assert page["subscription"]["leaving"] and page["coming"] is None


async def test_of_two_owners_the_second_is_told_that_it_changed(owner: Owner) -> None:
    page = await owner.starts()
    await owner.asks("PATCH", "/subscription", seats=11, seen=page["seen"])
    assert await owner.code("PATCH", "/subscription", seats=20, seen=page["seen"]) == (
        409,
        "billing.changed_meanwhile",
    )


async def test_a_quote_is_seen_and_accepted(owner: Owner, shop: Shop) -> None:
    today = shop.at.today
    terms = Terms(PlanId("school"), 500, eur(700), Period.MONTH, own_price=True)
    quote = Quote("q1", terms, today, 12, today)
    right(await owning.offer(shop.at, "operator", shop.org, Offer(quote)))
    page = await owner.asks("GET")
    assert page["quotes"][0]["terms"]["price"] == 500 * 700
    seen = await owner.asks("POST", "/preview", quote="q1")
    assert seen["now"]["net"] == 500 * 700
    page = await owner.asks("POST", "/quotes/q1/accept", seen=page["seen"])
    assert page["subscription"]["until"] is not None and page["documents"][0]["total"] == seen["now"]["total"]


async def test_a_plan_that_changes_under_a_running_period_costs_what_was_agreed_until_it_ends(
    owner: Owner, shop: Shop
) -> None:
    """Its price of the next period on; what it allows at once."""
    await owner.starts()
    dearer = replace(TEAM, prices=(Price(Period.MONTH, eur(800)),), limits=Limits(50, at_once=3))
    assert await say_plans(shop.at, "operator", [dearer]) is None
    page = await owner.asks("GET")
    assert page["subscription"]["terms"]["seat"] == 600
    assert (page["plan"]["people"], page["plan"]["at_once"]) == (50, 3)
    assert page["coming"]["net"] == 8000
    more = await owner.asks("POST", "/preview", seats=12)
    assert more["subscription"]["terms"]["seat"] == 600, "a seat that is added now costs what was agreed"
    [_, added] = sorted(more["coming"]["lines"], key=lambda line: str(line["kind"]))
    assert added["amount"] == 1200
    first = await shop.documents()
    await shop.until(date.fromisoformat(page["subscription"]["last"]) + DAY)
    terms = (await shop.now()).state.terms
    assert terms is not None and terms.seat == eur(800)
    assert (await shop.documents())[: len(first)] == first, "what was invoiced stays"


async def test_a_quote_that_waits_is_shown_as_if_it_were_accepted_today(owner: Owner, shop: Shop) -> None:
    today = shop.at.today
    terms = Terms(PlanId("school"), 500, eur(700), Period.MONTH, own_price=True)
    quote = Quote("large", terms, today, 12, today + 9 * DAY)
    right(await owning.offer(shop.at, "operator", shop.org, Offer(quote)))
    [told] = (await owner.asks("GET"))["quotes"]
    assert (told["starts"], told["ends"]) == (str(today), str(quote.ends))
    shop.town.office.clock.advance(5 * 86_400)
    later = today + 5 * DAY
    [told] = (await owner.asks("GET"))["quotes"]
    assert told["starts"] == str(later)
    before = await owner.asks("POST", "/preview", quote="large")
    page = await owner.asks("POST", "/quotes/large/accept", seen=(await owner.asks("GET"))["seen"])
    assert page["subscription"]["until"] == told["ends"] == before["subscription"]["until"]
    assert page["subscription"]["first"] == str(later)


async def test_an_invoice_that_is_late_is_called_so(owner: Owner, shop: Shop) -> None:
    await owner.starts()
    await shop.until(shop.at.today + TO_PAY + timedelta(days=1))
    page = await owner.asks("GET")
    assert page["documents"][-1]["owed"] == "late"
    assert page["subscription"]["standing"] == "past_due"
    assert await owner.code("PATCH", "/subscription", seats=50, seen=page["seen"]) == (
        409,
        "billing.past_due",
    )


@pytest.mark.parametrize(
    ("method", "path", "said", "code"),
    [
        ("POST", "/subscription", {"plan": "none", "seats": 1, "period": "month", "currency": "EUR", "seen": 0}, "billing.plan_unknown"),
        ("POST", "/subscription", {"plan": "team", "seats": -3, "period": "month", "currency": "EUR", "seen": 0}, "request.invalid"),
        ("POST", "/subscription", {"plan": "team", "seats": 3, "period": "month", "currency": "USD", "seen": 0}, "billing.no_price"),
        ("PATCH", "/subscription", {"seats": 3, "seen": 0}, "billing.no_subscription"),
        ("POST", "/preview", {"seats": 3}, "billing.no_subscription"),
        ("POST", "/subscription/keep", {"seen": 0}, "billing.nothing_to_come"),
        ("POST", "/quotes/q9/accept", {"seen": 0}, "billing.quote_unknown"),
        ("PUT", "/customer", {"name": "A", "address": "B", "country": "1!"}, "billing.country"),
        ("GET", "/documents/2026-0001", {}, "billing.document_unknown"),
        ("GET", "/documents/nonsense", {}, "request.invalid"),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused_by_name(
    owner: Owner, method: str, path: str, said: dict[str, Any], code: str
) -> None:
    assert (await owner.code(method, path, **said))[1] == code


async def test_a_member_and_a_stranger_see_nothing_of_it(owner: Owner, shop: Shop, app: FastAPI) -> None:
    await owner.starts()
    stranger = entering(shop, await shop.town.person("Eve", "eve@elsewhere.example"), app)
    for path in ("", "/documents/2026-0001"):
        assert await stranger.code("GET", path) == (404, "org.unknown")
    assert (await stranger.code("POST", "/subscription/cancel", seen=1))[1] == "org.unknown"
    await stranger.client.aclose()
