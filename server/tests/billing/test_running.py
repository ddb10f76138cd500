"""Who may begin no more hears which meetings take the places, and who may change that is shown the way."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from folkmoot import rest
from folkmoot.accounts.accounts import SignedIn
from folkmoot.accounts.inside import COOKIE
from folkmoot.billing import owning
from folkmoot.billing.plans import FREE, Limits, Plan
from folkmoot.billing.running import Taken, running_router

from ..accounts.conftest import ORIGIN, PASSWORD
from ..orgs.conftest import right
from .conftest import TEAM, Shop, mailbox

__all__ = ["mailbox"]


async def hears(shop: Shop, who: SignedIn | None, most: int | None = 1) -> httpx.Response:
    there = [("1" * 12, "Physics", shop.owner.id), ("2" * 12, "Secret", "a_bo"), ("3" * 12, "", None)]

    async def taken(_: str) -> Taken:
        return Taken(most, there)

    app = FastAPI()
    rest.install(app, [running_router(shop.at, taken)], "1")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client:
        if who is not None:
            client.cookies.set(COOKIE, who.token)
        return await client.get("/api/plans/running")


@pytest.fixture
async def ada(shop: Shop) -> SignedIn:
    return right(await shop.town.office.signs_in("ada@school.example", PASSWORD))


async def test_ones_own_by_title_and_how_many_others(shop: Shop, ada: SignedIn) -> None:
    mine = [{"number": "1" * 12, "title": "Physics"}]
    answer: Any = await hears(shop, ada)
    assert answer.json() == {"most": 1, "mine": mine, "others": 2, "org": shop.org}
    assert "Secret" not in answer.text


async def test_who_decides_nothing_is_shown_no_plan(shop: Shop) -> None:
    bo = await shop.town.person("Bo", "bo@elsewhere.example")
    assert (await hears(shop, bo)).json() == {"most": 1, "mine": [], "others": 3, "org": None}
    assert (await hears(shop, None)).status_code == 401


async def test_where_no_plan_on_offer_allows_more_none_is_named(shop: Shop, ada: SignedIn) -> None:
    plans = [
        Plan(TEAM.id, "Team", TEAM.prices, Limits(at_once=3)),
        Plan(FREE, "Free", limits=Limits(at_once=1)),
    ]
    shut = [Plan("school", "School", offered=False)]  # type: ignore[arg-type]
    assert await owning.say_plans(shop.at, "operator", [*plans, *shut]) is None
    assert (await hears(shop, ada, 1)).json()["org"] == shop.org
    assert (await hears(shop, ada, 3)).json()["org"] is None
    assert (await hears(shop, ada, None)).json()["org"] is None
