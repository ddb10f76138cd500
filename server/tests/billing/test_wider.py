"""Who is shown the way to other plans when a meeting comes near its limit."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI

from folkmoot import rest
from folkmoot.accounts.accounts import SignedIn
from folkmoot.accounts.inside import COOKIE
from folkmoot.billing.plans import FREE, Limits, Plan
from folkmoot.billing.wider import widens, wider_router

from ..accounts.conftest import ORIGIN, PASSWORD
from ..orgs.conftest import right
from .conftest import SCHOOL, TEAM, Shop, mailbox

__all__ = ["mailbox"]

NUMBER = "123456789012"
NONE = Limits()


@dataclass
class Near:
    """A meeting of Ada's that comes near what it may."""

    shop: Shop
    allowed: Limits = field(default_factory=lambda: Limits(100, 60))
    most: Limits = NONE
    owner: str | None = ""

    async def owner_of(self, number: str) -> str | None:
        return self.owner if number == NUMBER else None

    async def asks(
        self, who: SignedIn | None, limit: str = "minutes", meeting: str = NUMBER
    ) -> httpx.Response:
        app = FastAPI()
        rest.install(
            app, [wider_router(self.shop.at, self.owner_of, lambda _: self.allowed, lambda: self.most)], "1"
        )
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client:
            if who is not None:
                client.cookies.set(COOKIE, who.token)
            return await client.get("/api/plans/wider", params={"meeting": meeting, "limit": limit})


@pytest.fixture
async def ada(shop: Shop) -> SignedIn:
    return right(await shop.town.office.signs_in("ada@school.example", PASSWORD))


@pytest.fixture
async def near(shop: Shop) -> Near:
    return Near(shop, owner=shop.owner.id)


async def test_the_organiser_who_owns_an_organisation_is_shown_the_way(near: Near, ada: SignedIn) -> None:
    assert (await near.asks(ada)).json() == {"org": near.shop.org}
    assert (await near.asks(ada, "people")).json() == {"org": near.shop.org}


async def test_nobody_else_hears_more_than_that_there_is_nothing(near: Near, ada: SignedIn) -> None:
    bo = await near.shop.town.person("Bo", "bo@elsewhere.example")
    assert (await near.asks(bo)).json() == {"org": None}
    assert (await near.asks(ada, meeting="999999999999")).json() == {"org": None}
    assert (await near.asks(None)).status_code == 401


async def test_an_organiser_who_owns_no_organisation_has_nothing_to_change(near: Near) -> None:
    bo = await near.shop.town.person("Bo", "bo@elsewhere.example")
    near.owner = bo.account.id
    assert (await near.asks(bo)).json() == {"org": None}


async def test_where_no_plan_helps_none_is_named(near: Near, ada: SignedIn) -> None:
    near.most = Limits(minutes=60, people=400)
    assert (await near.asks(ada)).json() == {"org": None}
    near.allowed = NONE
    assert (await near.asks(ada)).json() == {"org": None}


async def test_a_limit_that_there_is_not_is_refused(near: Near, ada: SignedIn) -> None:
    answer = await near.asks(ada, "webinars")
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


@pytest.mark.parametrize(
    ("now", "most", "helps"),
    [(300, NONE, True), (499, NONE, True), (500, NONE, False), (300, Limits(people=300), False)],
)
def test_a_plan_helps_where_it_allows_more_within_what_the_server_lets(
    now: int, most: Limits, *, helps: bool
) -> None:
    plans = {one.id: one for one in (Plan(FREE, "Free", limits=Limits(100)), TEAM, SCHOOL)}
    assert widens(plans, "people", now, most) is helps
