"""What growth is told: each thing once, the same whenever it is asked, and to the unit what the books say."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from folkmoot.billing import owning, paying
from folkmoot.billing.deciding import Accept, Cancel, Change, Offer, Start
from folkmoot.billing.exporting import exported
from folkmoot.billing.ledger import Account as Book
from folkmoot.billing.plans import Period
from folkmoot.billing.terms import Quote, Terms

from ..orgs.conftest import right
from .conftest import TEAM, Shop, eur


async def told(shop: Shop) -> list[dict[str, Any]]:
    async with shop.at.storage.reading() as connection:
        return [json.loads(line) async for line in exported(connection)]


async def test_a_school_that_grew_and_left(shop: Shop) -> None:
    await shop.does(Start(TEAM.id, 7, Period.YEAR, "EUR"))
    await shop.until(date(2026, 1, 12))
    await shop.does(Change(seats=8))
    await shop.does(Cancel("moved away"))
    right(await paying.allow(shop.at, "operator", shop.org, eur(420), "without service"))
    assert await paying.pay(shop.at, "operator", "bank:1", "2026-0001", eur(60000)) is None
    assert await paying.refund(shop.at, "operator", "r:1", shop.org, eur(9600)) is None
    shop.town.office.clock.advance(400 * 86400)
    await shop.day()
    first, more, ended, *rest = await told(shop)
    assert first == {
        "kind": "subscription.set", "id": f"{shop.org}.000001", "at": first["at"], "organisation": shop.org,
        "plan": "team", "seats": 7, "monthly": 3500, "currency": "EUR",
    }  # fmt: skip
    assert (more["seats"], more["monthly"], more["at"][:10]) == (8, 4000, "2026-01-12")
    assert (ended["kind"], ended["reason"]) == ("subscription.ended", "moved away")
    assert ended["at"] == "2027-01-01T00:00:00+00:00", "its day, though the server was off"
    assert len({one["id"] for one in (first, more, ended, *rest)}) == 3 + len(rest)
    assert all(0 < len(one["id"]) <= 80 for one in rest)
    sums = {
        kind: sum(one["amount"] for one in rest if one["kind"] == kind)
        for kind in ("invoice.line", "tax", "payment")
    }
    books = await shop.books()
    assert sums == {"invoice.line": 42000 + 5819 - 420, "tax": 9564 - 84, "payment": 50400}
    assert (books[Book.CASH], -books[Book.TAX]) == (sums["payment"], sums["tax"])
    assert await told(shop) == [first, more, ended, *rest]


async def test_a_year_is_divided_half_to_even(shop: Shop) -> None:
    assert [Terms(TEAM.id, seats, eur(6), Period.YEAR).monthly for seats in (1, 3, 5)] == [0, 2, 2]


async def test_a_trial_costs_nothing_and_a_contract_says_until_when(shop: Shop) -> None:
    quote = Quote("q1", Terms(TEAM.id, 500, eur(450), Period.MONTH), date(2026, 1, 5), 12, date(2026, 1, 5))
    right(await owning.offer(shop.at, "operator", shop.org, Offer(quote)))
    await shop.does(Accept("q1"))
    await shop.until(date(2026, 2, 10))
    [said] = [one for one in await told(shop) if one["kind"].startswith("subscription")]
    assert (said["monthly"], said["until"], said["at"][:10]) == (225000, "2027-01-04", "2026-01-05")
