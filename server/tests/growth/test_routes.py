"""The figures over HTTP: for who runs the server, and computed beside it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest
from fastapi import FastAPI

from folkmoot import rest
from folkmoot.accounts import administering
from folkmoot.accounts import router as accounts_router
from folkmoot.calendar.store import first_planned
from folkmoot.growth import answering
from folkmoot.growth import asking as asking_module
from folkmoot.growth.answering import Question
from folkmoot.growth.asking import Asking
from folkmoot.growth.books import Books, GrowthError, bring, describe
from folkmoot.growth.closing import FORM
from folkmoot.growth.own import Own
from folkmoot.growth.routes import Growing, router
from folkmoot.storage import database_url
from folkmoot.usage import told

from ..accounts.conftest import Office, mailbox, office
from ..operating.test_operating import person
from .conftest import TODAY, Writer

__all__ = ["mailbox", "office"]

AT = "/api/operator/growth"
BOOK = f"{AT}/books/ours"


@pytest.fixture
def address(tmp_path: Path, migrated: Path) -> str:
    """One kind of database: the books are elsewhere."""
    shutil.copy(migrated, tmp_path / "folkmoot.db")
    return database_url("", tmp_path / "folkmoot.db")


@pytest.fixture
def growing(office: Office, tmp_path: Path) -> Growing:
    asking = Asking(tmp_path)
    own = Own(office.at.storage, office.clock, b"s" * 32, asking, first_planned, told)
    return Growing(asking, own.bring, "meet.example")


@pytest.fixture
async def bo(office: Office, growing: Growing) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    setup = await administering.begin_setup(office.at)
    rest.install(app, [router(growing, office.at), accounts_router(office.at, setup)], "1")
    async with await person(app, office, "Bo", "bo@example.org") as client:
        yield client


@pytest.fixture
async def operator(
    office: Office, bo: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> httpx.AsyncClient:
    """Who is answered in this process, which is sooner; the tests of what is kept ask the other one."""

    async def here(data: Path, asked: Question) -> bytes:
        return answering.answer(data, asked)

    monkeypatch.setattr(asking_module, "_computed", here)
    id = (await bo.get("/api/account")).json()["id"]
    await administering.appoint(office.at, id, operator=True)
    return bo


@pytest.fixture
def stranger(tmp_path: Path, line: Writer) -> None:
    """Two organisations of somebody else's: one pays 100.00 a month for the year, one left in December."""
    lines = (
        line("organisation.created", "2025-01-01", organisation="o-1", name="=School"),
        line.subscribed("2025-01-01", "o-1", 10_000),
        line.subscribed("2025-01-01", "o-2", 5_000, seats=5),
        line("subscription.ended", "2025-12-10", organisation="o-2", reason="price"),
        line.billed("o-1", 120_000, "2025-01-01", "2025-12-31"),
        line.billed("o-2", 55_000, "2025-01-01", "2025-11-30"),
        line("cost", "2025-10-01", name="machines", amount=9_200, currency="EUR", first="2025-10-01", last="2025-12-31"),
    )  # fmt: skip
    with Books(tmp_path).opened("ours", writing=True) as book:
        describe(book, title="", currency="EUR", year_starts=1, large=100_000)
        bring(book, lines, TODAY)


async def test_nobody_sees_figures_but_who_runs_the_server(bo: httpx.AsyncClient, stranger: None) -> None:
    for path in (f"{AT}/books", BOOK, f"{BOOK}/behind/revenue", f"{BOOK}/csv/quarters", f"{BOOK}/pack"):
        assert (await bo.get(path)).json()["code"] == "operator.not_you"


async def test_a_book_is_listed_with_what_is_said_of_it(operator: httpx.AsyncClient, stranger: None) -> None:
    (book,) = (await operator.get(f"{AT}/books")).json()["books"]
    assert (book["name"], book["currency"], book["made_up"], book["empty"]) == ("ours", "EUR", False, False)


async def test_a_strangers_file_reads_its_own_totals(operator: httpx.AsyncClient, stranger: None) -> None:
    found = (await operator.get(BOOK, params={"quarter": "2025-11"})).json()
    shown = found["shown"]
    assert shown["quarter"] == {"id": "2025-10", "first": "2025-10", "last": "2025-12"}
    assert (shown["revenue"], shown["profit"]) == (30_247 + 10_045, 30_247 + 10_045 - 9_200)
    assert (shown["customers"], shown["over_ten"], shown["mrr"]) == (1, 1, 10_000)
    assert found["reasons"] == [{"reason": "price", "many": 1}]


async def test_a_year_is_looked_at_as_a_quarter_is(operator: httpx.AsyncClient, stranger: None) -> None:
    found = (await operator.get(BOOK, params={"quarter": "2025-05y"})).json()
    assert found["shown"]["quarter"] == {"id": "2025-01y", "first": "2025-01", "last": "2025-12"}
    assert found["shown"]["revenue"] == 175_000


async def test_a_quarter_that_isnt_over_counts_up_to_its_last_month(
    operator: httpx.AsyncClient, tmp_path: Path, line: Writer
) -> None:
    with Books(tmp_path).opened("ours", writing=True) as book:
        bring(
            book,
            [
                line.subscribed("2026-01-01", "o-1", 10_000),
                line.billed("o-1", 3_100, "2026-01-01", "2026-01-31"),
            ],
            TODAY,
        )
    shown = (await operator.get(BOOK)).json()["shown"]
    assert (shown["quarter"]["last"], shown["end"]) == ("2026-03", "2026-01")
    assert (shown["customers"], shown["mrr"]) == (1, 10_000)


async def test_what_is_behind_a_figure_adds_up_to_it(operator: httpx.AsyncClient, stranger: None) -> None:
    asked = {"quarter": "2025-11"}
    shown = (await operator.get(BOOK, params=asked)).json()["shown"]
    behind = (await operator.get(f"{BOOK}/behind/revenue", params=asked)).json()["organisations"]
    assert sum(one["amount"] for one in behind) == shown["revenue"]
    events = (await operator.get(f"{BOOK}/behind/revenue/events", params=asked)).json()["events"]
    assert sum(one["counted"] for one in events) == shown["revenue"]
    (event,) = (
        await operator.get(f"{BOOK}/behind/revenue/events", params=asked | {"organisation": "o-2"})
    ).json()["events"]
    assert (event["kind"], event["amount"], event["counted"]) == ("invoice.line", 55_000, 10_045)
    costs = (await operator.get(f"{BOOK}/behind/profit", params=asked)).json()["organisations"]
    assert [(one["organisation"], one["amount"]) for one in costs] == [("machines", -9_200)]
    left = (await operator.get(f"{BOOK}/behind/left", params=asked)).json()["organisations"]
    assert [one["organisation"] for one in left] == ["o-2"]


async def test_a_long_list_is_read_a_page_at_a_time(
    operator: httpx.AsyncClient, tmp_path: Path, line: Writer
) -> None:
    with Books(tmp_path).opened("ours", writing=True) as book:
        bring(book, [line.subscribed("2026-01-01", f"o-{n:03}", 1_000 + n) for n in range(120)], TODAY)
    names: list[str] = []
    after: int | None = 0
    while after is not None:
        page = (await operator.get(f"{BOOK}/behind/mrr", params={"after": after})).json()
        names += [one["organisation"] for one in page["organisations"]]
        after = page["next"]
    assert names == [f"o-{n:03}" for n in reversed(range(120))]


async def test_a_table_is_a_csv_whose_names_no_spreadsheet_computes(
    operator: httpx.AsyncClient, stranger: None
) -> None:
    found = await operator.get(f"{BOOK}/csv/customers", params={"quarter": "2025-11"})
    assert found.headers["content-type"].startswith("text/csv")
    assert found.text.splitlines() == [
        "organisation,name,amount,currency,day",
        "o-1,'=School,10000,EUR,2025-01-01",
    ]
    events = await operator.get(f"{BOOK}/csv/revenue-events", params={"quarter": "2025-11"})
    assert len(events.text.splitlines()) == 3


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_board_pack_is_the_same_bytes_each_time(
    operator: httpx.AsyncClient, growing: Growing, stranger: None, language: str
) -> None:
    asked = {"quarter": "2025-11", "language": language}
    found = await operator.get(f"{BOOK}/pack", params=asked)
    assert found.content.startswith(b"%PDF-") and found.headers["content-disposition"].endswith('.pdf"')
    growing.asking._kept.clear()
    assert (await operator.get(f"{BOOK}/pack", params=asked)).content == found.content


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{AT}/books/none", "growth.no_book"),
        (f"{AT}/books/..%2Fx", "http.404"),
        (f"{AT}/books/A", "growth.name"),
        (f"{BOOK}?quarter=2025-13", "growth.quarter"),
        (f"{BOOK}/csv/nothing", "growth.no_table"),
        (f"{BOOK}/behind/nothing", "request.invalid"),
        (f"{BOOK}/behind/revenue?after=-1", "request.invalid"),
    ],
)
async def test_what_isnt_there_is_said(
    operator: httpx.AsyncClient, stranger: None, path: str, code: str
) -> None:
    assert (await operator.get(path)).json()["code"] == code


async def test_another_year_s_start_makes_the_figures_anew(
    operator: httpx.AsyncClient, stranger: None
) -> None:
    assert (await operator.patch(BOOK, json={"year_starts": 2})).status_code == 204
    found = (await operator.get(BOOK, params={"quarter": "2025-11"})).json()
    assert found["shown"]["quarter"]["first"] == "2025-11" and found["forecasts"]
    assert (await operator.patch(BOOK, json={"year_starts": 13})).json()["code"] == "request.invalid"
    assert (await operator.patch(f"{AT}/books/none", json={"large": 1})).json()["code"] == "growth.no_book"


async def test_an_answer_is_kept_until_the_book_is_another(
    growing: Growing, stranger: None, tmp_path: Path, line: Writer
) -> None:
    asked = Question("report", "ours")
    first = await growing.asking.ask(asked)
    assert await growing.asking.ask(asked) is first
    with Books(tmp_path).opened("ours", writing=True) as book:
        bring(book, [line.billed("o-9", 500, "2025-12-01", "2025-12-31")], TODAY)
    assert await growing.asking.ask(asked) != first


async def test_while_a_book_is_written_what_was_known_of_it_is_said(
    growing: Growing, stranger: None, tmp_path: Path, line: Writer
) -> None:
    asked = Question("report", "ours")
    known = await growing.asking.ask(asked)
    with Books(tmp_path).opened("ours", writing=True) as book:
        bring(book, [line.billed("o-9", 500, "2025-12-01", "2025-12-31")], TODAY)
        assert await growing.asking.ask(asked) == known
        with pytest.raises(GrowthError) as refused:
            await growing.asking.ask(Question("organisations", "ours", figure="revenue", most=5))
    assert refused.value.code == "growth.in_use"


async def test_each_quarter_and_year_is_made_ready_as_it_would_be_computed(
    growing: Growing, stranger: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [Question("books"), *(Question("report", "ours", named) for named in ("", "2025-10", "2025-01y"))]

    async def nobody(data: Path, asked: Question) -> bytes:
        raise AssertionError("a process was asked")

    with monkeypatch.context() as without:
        without.setattr(asking_module, "_computed", nobody)
        made = [await growing.asking.ask(one) for one in asked]
    beside = tmp_path / "growth" / "ours.ready"
    older = msgspec.msgpack.decode(beside.read_bytes()) | {
        "form": FORM - 1,
        "reports": {"": b"another shape"},
    }
    for body in (b"nothing that is known", msgspec.msgpack.encode(older)):
        beside.write_bytes(body)
        assert [await Asking(tmp_path).ask(one) for one in asked] == made


async def test_made_up_data_says_so(operator: httpx.AsyncClient, growing: Growing) -> None:
    assert (await operator.post(f"{AT}/demo")).status_code == 202
    assert (await operator.post(f"{AT}/demo")).status_code == 202
    assert growing.under_way() == ["demo"]
    await growing._under_way["demo"]
    found = (await operator.get(f"{AT}/books")).json()
    assert found["under_way"] == [] and found["books"][0]["made_up"]


async def test_costs_and_rates_are_typed_and_taken_back(operator: httpx.AsyncClient, stranger: None) -> None:
    asked = {"quarter": "2025-11"}
    before = (await operator.get(BOOK, params=asked)).json()["shown"]["profit"]
    cost = {"name": "people", "amount": 5_000, "currency": "USD", "first": "2025-11-01", "last": "2025-11-30"}
    rates = [{"currency": "USD", "to": "EUR", "rate": rate, "since": "2025-11-01"} for rate in ("0.9", "0.5")]
    done = await operator.post(f"{BOOK}/entries", json={"costs": [cost], "rates": rates})
    assert (done.status_code, done.json()) == (201, {"new": 3, "known": 0})
    assert (await operator.get(BOOK, params=asked)).json()["shown"]["profit"] == before - 2_500
    found = (await operator.get(f"{BOOK}/entries")).json()
    assert [(one["name"], one["typed"]) for one in found["costs"]] == [("people", True), ("machines", False)]
    assert [one["rate"] for one in found["rates"]] == ["0.5", "0.9"], "the later of one day counts"
    typed, brought = (one["id"] for one in found["costs"])
    assert (await operator.delete(f"{BOOK}/entries/{typed}")).status_code == 204
    assert (await operator.get(BOOK, params=asked)).json()["shown"]["profit"] == before
    for gone in (typed, brought):
        assert (await operator.delete(f"{BOOK}/entries/{gone}")).json()["code"] == "growth.no_entry"
    table = (await operator.get(f"{BOOK}/csv/rates")).text.splitlines()
    assert table[0] == "id,currency,to,rate,since" and len(table) == 3


async def test_what_is_typed_wrong_is_named_by_line_and_field(
    operator: httpx.AsyncClient, stranger: None
) -> None:
    cost = {"name": "people", "amount": 5_000, "currency": "EUR", "first": "2025-11-01", "last": "2025-11-30"}
    rate = {"currency": "USD", "to": "EUR", "rate": "0.9", "since": "2025-11-01"}
    for entries, code, line, field in (
        ({"costs": [cost, cost | {"last": "2025-10-01"}]}, "growth.period", 2, "last"),
        ({"costs": [cost | {"currency": "euro"}]}, "growth.field", 1, "currency"),
        ({"costs": [cost], "rates": [rate | {"rate": "0,9"}]}, "growth.field", 2, "rate"),
        ({"rates": [rate | {"since": "2025-11-31"}]}, "growth.field", 1, "at"),
    ):
        refused = (await operator.post(f"{BOOK}/entries", json=entries)).json()
        assert (refused["code"], refused["params"]) == (code, {"line": line, "field": field})
    assert len((await operator.get(f"{BOOK}/entries")).json()["costs"]) == 1
    assert (await operator.post(f"{AT}/books/none/entries", json={"costs": [cost]})).json()[
        "code"
    ] == "growth.no_book"


async def test_a_small_file_is_brought_over_http(
    operator: httpx.AsyncClient, line: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = line.billed("o-1", 3_100, "2025-01-01", "2025-01-31", "CHF") + line.subscribed(
        "2025-01-01", "o-1", 900
    )
    done = await operator.post(f"{AT}/books/theirs/events?currency=CHF", content=file)
    assert (done.status_code, done.json()) == (201, {"new": 2, "known": 0})
    assert (await operator.post(f"{AT}/books/theirs/events", content=file)).json() == {"new": 0, "known": 2}
    shown = (await operator.get(f"{AT}/books/theirs", params={"quarter": "2025-01"})).json()
    assert (shown["shown"]["revenue"], shown["book"]["currency"]) == (3_100, "CHF")
    wrong = (await operator.post(f"{AT}/books/theirs/events", content=file + b"{}")).json()
    assert (wrong["code"], wrong["params"]["line"]) == ("growth.missing", 3)
    refused = await operator.post(f"{AT}/books/theirs/events?currency=EUR", content=b"[]")
    assert refused.json()["code"] == "growth.no_json"
    book = (await operator.get(f"{AT}/books/theirs")).json()["book"]
    assert book["currency"] == "CHF", "nothing of a refused file is kept"
    assert (await operator.post(f"{AT}/books/slip/events", content=b"[]")).status_code == 422
    assert [one["name"] for one in (await operator.get(f"{AT}/books")).json()["books"]] == ["theirs"]
    monkeypatch.setattr("folkmoot.growth.typed_routes.MOST_BYTES", len(file) - 1)
    assert (await operator.post(f"{AT}/books/theirs/events", content=file)).json()[
        "code"
    ] == "growth.too_large"
