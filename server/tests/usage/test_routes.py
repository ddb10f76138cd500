"""An organisation sees its own, who runs the server sees all, and nobody sees a person's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from folkmoot import rest
from folkmoot.accounts import administering
from folkmoot.accounts.accounts import SignedIn
from folkmoot.accounts.inside import COOKIE
from folkmoot.accounts.model import SignUp
from folkmoot.orgs import OrgId
from folkmoot.usage import operator_router, router, store
from folkmoot.usage.counting import Figures, Sitting, milliseconds

from ..accounts.conftest import ORIGIN, Mailbox, mailbox, opened
from ..orgs.conftest import Town, built

__all__ = ["mailbox"]
OURS = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
MINUTE = 60_000
MARCH = {
    date(2026, 3, 2): Figures(90 * MINUTE, 1, 2),
    date(2026, 3, 3): Figures(200 * MINUTE, 2, 6),
    date(2026, 3, 4): Figures(700 * MINUTE + 59_000, 3, 9),
}


@dataclass
class Seen:
    town: Town
    org: OrgId
    owner: SignedIn
    stranger: SignedIn
    app: FastAPI

    async def asks(self, who: SignedIn | None, path: str, status: int = 200) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, client=("192.0.2.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=OURS) as client:
            if who is not None:
                client.cookies.set(COOKIE, who.token)
            answer = await client.get(path)
        assert answer.status_code == status, answer.text
        return answer


@pytest.fixture
async def seen(address: str, mailbox: tuple[Mailbox, int], tmp_path: Path) -> AsyncIterator[Seen]:
    async with opened(address, mailbox, SignUp.OPEN, mail=True) as office, built(office, tmp_path) as town:
        owner, stranger = await town.person("Ada"), await town.person("Bo")
        org = await town.org(owner, "=Northfield")
        async with town.at.storage.writing() as connection:
            await store.add(connection, org, MARCH)
            await store.add(connection, "", {date(2026, 3, 9): Figures(5 * MINUTE, 1, 2)})
        app = FastAPI()
        rest.install(app, [router(town.at), operator_router(town.at)], "1")
        yield Seen(town, org, owner, stranger, app)


async def test_an_organisation_sees_its_month_and_no_day_of_two_people(seen: Seen) -> None:
    said = (await seen.asks(seen.owner, f"/api/usage/{seen.org}?month=2026-03")).json()
    assert (said["month"], said["since"], said["fewest"]) == ("2026-03", "2026-03", 5)
    assert (said["minutes"], said["meetings"], said["peak"]) == (990, 6, 9)
    assert said["days"] == [
        {"day": "2026-03-02", "minutes": None, "meetings": None, "peak": None},
        {"day": "2026-03-03", "minutes": None, "meetings": None, "peak": None},
        {"day": "2026-03-04", "minutes": 700, "meetings": 3, "peak": 9},
    ], "one day alone would be the month less the others"
    assert (said["at_once"], said["longest"]) == (None, None), "of before it was counted"
    empty = (await seen.asks(seen.owner, f"/api/usage/{seen.org}?month=2025-12")).json()
    assert (empty["days"], empty["at_once"], empty["longest"]) == ([], 0, 0)


async def test_an_organisation_sees_how_many_of_its_meetings_there_were_at_once(seen: Seen) -> None:
    noon = milliseconds(datetime(2026, 3, 31, 12, tzinfo=UTC))
    night = milliseconds(datetime(2026, 3, 31, 23, tzinfo=UTC))
    async with seen.town.at.storage.writing() as connection:
        mine = [
            Sitting(noon, noon + 30 * MINUTE),
            Sitting(noon + MINUTE, noon + 2 * MINUTE),
            Sitting(night, night + 90 * MINUTE),
        ]
        await store.add_sittings(connection, seen.org, mine)
        await store.add_sittings(connection, "o_other", [Sitting(noon, noon + 600 * MINUTE)])
    for month, at_once in (("2026-03", 2), ("2026-04", 1)):
        said = (await seen.asks(seen.owner, f"/api/usage/{seen.org}?month={month}")).json()
        assert (said["at_once"], said["longest"]) == (at_once, 90)


async def test_nobody_else_sees_it(seen: Seen) -> None:
    for path in (f"/api/usage/{seen.org}", f"/api/usage/{seen.org}/table"):
        assert (await seen.asks(None, path, 401)).json()["code"] == "account.signed_out"
        assert (await seen.asks(seen.stranger, path, 404)).json()["code"] == "org.unknown"
    assert (await seen.asks(seen.owner, "/api/operator/usage", 403)).json()["code"] == "operator.not_you"


@pytest.mark.parametrize("month", ["2026-13", "2026-3", "1999-12", "march", "2026-03-01", "٢٠٢٦-03"])
async def test_what_is_no_month_is_refused(seen: Seen, month: str) -> None:
    answer = await seen.asks(seen.owner, f"/api/usage/{seen.org}?month={month}", 422)
    assert answer.json()["code"] == "request.invalid"


async def test_as_a_table(seen: Seen) -> None:
    answer = await seen.asks(seen.owner, f"/api/usage/{seen.org}/table?month=2026-03")
    assert answer.headers["content-disposition"] == 'attachment; filename="usage-2026-03.csv"'
    assert answer.text.split() == [
        "day,participant_minutes,meetings,most_people",
        "2026-03-02,,,", "2026-03-03,,,", "2026-03-04,700,3,9", "2026-03,990,6,9",
    ]  # fmt: skip


async def test_who_runs_the_server_sees_all_of_them_by_the_month(seen: Seen) -> None:
    await administering.appoint(seen.town.office.at, seen.owner.account.id, operator=True)
    said = (await seen.asks(seen.owner, "/api/operator/usage?month=2026-03")).json()
    assert (said["minutes"], said["meetings"], said["peak"]) == (995, 7, 9)
    assert said["organisations"] == [
        {"id": seen.org, "name": "=Northfield", "minutes": 990, "meetings": 6, "peak": 9},
        {"id": "", "name": "", "minutes": 5, "meetings": 1, "peak": 2},
    ]
    table = (await seen.asks(seen.owner, "/api/operator/usage/table?month=2026-03")).text.splitlines()
    assert table[1:] == [f"{seen.org},'=Northfield,990,6,9", ",,5,1,2"]
