"""An invoice on paper: who sees it, and what stands on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
from fastapi import FastAPI

from folkmoot import rest
from folkmoot.billing import documents, paper_router, router
from folkmoot.billing.documents import Customer, Document
from folkmoot.billing.lines import Kind, Line
from folkmoot.billing.plans import Period, PlanId, Plans
from folkmoot.billing.printed import WORDS, printed
from folkmoot.billing.tax import TaxRate
from folkmoot.paper import Beside, Paper, Table, Text

from ..accounts.conftest import PASSWORD
from ..orgs.conftest import right
from .conftest import NORTHFIELD, TEAM, Shop, eur, mailbox
from .test_routes import Owner, entering

__all__ = ["mailbox"]

PLANS: Plans = {TEAM.id: TEAM}
MARCH = date(2026, 3, 1)


def sent(customer: Customer = NORTHFIELD, seats: int = 12) -> Document:
    last = date(2026, 3, 31)
    line = Line(
        Kind.SEATS, eur(600 * seats), MARCH, last, PlanId("team"), seats, eur(600), Period.MONTH, of_days=31
    )
    rate = TaxRate("GB", date(2011, 1, 4), 1750)
    return documents.invoice("2026-0009", "o1", customer, [line], rate, MARCH)


def table(paper: Paper) -> Table:
    return next(part for part in paper.parts if isinstance(part, Table))


def words(paper: Paper) -> list[str]:
    return [part.words for part in paper.parts if isinstance(part, Text)]


def test_it_says_who_for_what_how_it_came_about_and_the_sum() -> None:
    paper = printed(sent(), PLANS, "meet.example", "en")
    assert paper.title == "Invoice 2026-0009" and paper.dated == MARCH
    assert words(paper) == ["Issued on Mar 1, 2026", "To be paid by Mar 15, 2026"]
    assert table(paper).rows == [
        ("Team, 12 seats", "Mar 1, 2026 – Mar 31, 2026", "12 × 6.00 EUR", "72.00 EUR"),
        ("Before tax", "", "", "72.00 EUR"),
        ("VAT 17.5%", "", "", "12.60 EUR"),
    ]
    assert table(paper).total[-1] == "84.60 EUR"


def test_it_says_the_same_in_chinese() -> None:
    paper = printed(sent(), PLANS, "meet.example", "zh-CN")
    assert paper.title == "发票 2026-0009"
    assert words(paper)[1] == "请于 2026年3月15日 前付款"
    assert table(paper).rows[0][0] == "Team，12 个席位"


def test_a_plan_is_called_what_it_was_called_then() -> None:
    one = sent()
    then = replace(one, lines=tuple(replace(line, called="Crew") for line in one.lines))
    assert table(printed(then, PLANS, "meet.example", "en")).rows[0][0] == "Crew, 12 seats"


def test_one_seat_is_one_seat() -> None:
    assert table(printed(sent(seats=1), PLANS, "meet.example", "en")).rows[0][0] == "Team, 1 seat"


def test_both_languages_have_every_word_and_every_kind_of_line() -> None:
    assert WORDS["en"].keys() == WORDS["zh-CN"].keys()
    said = {name.removeprefix("line_") for name in WORDS["en"]}
    assert said >= {kind.value for kind in Kind}


def test_who_owes_the_tax_themselves_reads_so() -> None:
    school = replace(NORTHFIELD, tax_number="GB123", reverse_charge=True)
    paper = printed(sent(school), PLANS, "meet.example", "en")
    [sides] = [part for part in paper.parts if isinstance(part, Beside)]
    assert Text("Tax number: GB123") in sides.right
    assert words(paper)[-1].startswith("Reverse charge")
    assert table(paper).total[-1] == "72.00 EUR"


def test_a_credit_note_names_what_it_corrects_and_asks_for_nothing() -> None:
    back = documents.correction("2026-C0002", sent(), 420, "Down on March 3", MARCH)
    paper = printed(back, PLANS, "meet.example", "en")
    assert paper.title == "Credit note 2026-C0002"
    assert words(paper) == ["Issued on Mar 1, 2026", "It corrects invoice 2026-0009."]
    assert table(paper).rows[0][2:] == ("Down on March 3", "\N{MINUS SIGN}4.20 EUR")


# --- over HTTP --------------------------------------------------------------------------------------------------------


@pytest.fixture
async def app(shop: Shop) -> FastAPI:
    app = FastAPI()
    rest.install(app, [router(shop.at), paper_router(shop.at)], "1")
    return app


@pytest.fixture
async def owner(shop: Shop, app: FastAPI) -> AsyncIterator[Owner]:
    owner = entering(shop, right(await shop.town.office.signs_in("ada@school.example", PASSWORD)), app)
    yield owner
    await owner.client.aclose()


async def test_an_owner_keeps_it_as_a_file_that_is_the_same_each_time(owner: Owner) -> None:
    [one] = (await owner.starts())["documents"]
    path = f"{owner.where}/documents/{one['number']}/pdf"
    first, again, chinese = [await owner.client.get(path + more) for more in ("", "", "?language=zh-CN")]
    assert first.headers["content-type"] == "application/pdf"
    assert first.headers["content-disposition"] == f'attachment; filename="{one["number"]}.pdf"'
    assert first.content.startswith(b"%PDF-") and first.content == again.content != chinese.content


async def test_it_is_nobody_elses_and_what_isnt_there_is_refused(
    owner: Owner, shop: Shop, app: FastAPI
) -> None:
    [one] = (await owner.starts())["documents"]
    stranger = entering(shop, await shop.town.person("Eve", "eve@elsewhere.example"), app)
    assert await stranger.code("GET", f"/documents/{one['number']}/pdf") == (404, "org.unknown")
    await stranger.client.aclose()
    assert await owner.code("GET", "/documents/2026-0999/pdf") == (404, "billing.document_unknown")
    assert (await owner.code("GET", f"/documents/{one['number']}/pdf?language=xx"))[1] == "request.invalid"
