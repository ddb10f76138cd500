"""A school pays, on either database: what is written down, what is asked for, and what happens when it doesn't."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from folkmoot import keyring
from folkmoot.app import billing_of
from folkmoot.billing import owning, paying, shown, store
from folkmoot.billing.billing import carry_out
from folkmoot.billing.daybook import Daybook, opened
from folkmoot.billing.deciding import Accept, Cancel, Change, Offer, Start, folded
from folkmoot.billing.documents import Customer, Series
from folkmoot.billing.dunning import Step
from folkmoot.billing.ledger import Account as Book
from folkmoot.billing.money import Money
from folkmoot.billing.plans import Limits, Period, Plan, PlanId
from folkmoot.billing.subscription import Ended, Standing
from folkmoot.billing.tax import TaxRate
from folkmoot.billing.terms import Quote, Terms
from folkmoot.config import Config
from folkmoot.kit import Refusal
from folkmoot.orgs import founding
from folkmoot.orgs import store as orgs
from folkmoot.storage import Storage

from ..killed import in_a_process
from ..orgs.conftest import right
from .conftest import NORTHFIELD, SCHOOL, TEAM, Shop, eur

FORTY = Start(TEAM.id, 40, Period.MONTH, "EUR")


async def test_a_first_month_is_invoiced_at_once_and_paid(shop: Shop) -> None:
    await shop.does(FORTY)
    [first] = await shop.documents()
    assert (first.number, first.total, first.due_on - first.issued_on) == (
        "2026-0001",
        eur(28800),
        timedelta(days=14),
    )
    assert await paying.pay(shop.at, "operator", "bank:1", first.number, eur(28800)) is None
    assert await paying.pay(shop.at, "operator", "bank:1", first.number, eur(28800)) is None, "told again"
    assert await shop.books() == {Book.CASH: 28800, Book.SALES: -24000, Book.TAX: -4800}


async def test_what_was_added_is_on_the_next_months_invoice(shop: Shop) -> None:
    await shop.does(FORTY)
    await shop.until(date(2026, 1, 12))
    await shop.does(Change(seats=42))
    right(await paying.allow(shop.at, "operator", shop.org, eur(420), "40 minutes without service"))
    assert len(await shop.documents()) == 2
    await shop.until(date(2026, 2, 3))
    last = (await shop.documents())[-1]
    assert [(one.reason, one.amount.amount) for one in last.lines] == [
        ("2 × 6.00 EUR × 20 ÷ 31", 774),
        ("2026-C0001 40 minutes without service", -420),
        ("42 × 6.00 EUR", 25200),
    ]
    assert last.total == eur(30665)
    assert sum((await shop.books()).values()) == 0


async def test_numbers_have_no_gaps_though_half_of_it_is_refused(shop: Shop) -> None:
    await shop.does(FORTY)
    for month in (2, 3):
        await shop.until(date(2026, month, 2))
        assert isinstance(await owning.decide_on(shop.at, shop.owner, shop.org, Change(seats=-1)), Refusal)
    async with shop.at.storage.writing() as connection:
        await carry_out(shop.at, connection, shop.org, Change(seats=90), "x")
        await connection.rollback()
    numbers = [one.number for one in await shop.documents()]
    assert numbers == ["2026-0001", "2026-0002", "2026-0003"]


async def test_of_two_owners_at_once_the_second_meets_what_the_first_did(shop: Shop) -> None:
    seen = (await shop.does(FORTY)).count
    both = await asyncio.gather(
        *(owning.decide_on(shop.at, shop.owner, shop.org, Change(seats=50), seen) for _ in range(2))
    )
    assert [one for one in both if isinstance(one, Refusal)] == [Refusal("billing.changed_meanwhile")]
    assert (await shop.now()).count == seen + 1
    again = await asyncio.gather(
        *(owning.decide_on(shop.at, shop.owner, shop.org, Change(seats=60)) for _ in range(2))
    )
    assert {right(one).count for one in again} == {seen + 2}, "what shall be was said, not by how much"


async def test_of_two_payments_at_once_the_shells_and_the_pages_one_pays_and_one_is_theirs(
    shop: Shop, address: str, tmp_path: Path
) -> None:
    """They are two processes: the turn of one of them is none of the other's."""
    await shop.does(FORTY)
    storage = Storage(address)
    shell = billing_of(Config(data=tmp_path), keyring.server_secrets(tmp_path), storage, shop.at.clock)
    each = [
        paying.pay(at, "operator", f"bank:{n}", "2026-0001", eur(28800))
        for n, at in enumerate((shop.at, shell))
    ]
    assert await asyncio.gather(*each) == [None, None]
    assert (await shop.books()) == {
        Book.CASH: 57600,
        Book.CREDIT: -28800,
        Book.SALES: -24000,
        Book.TAX: -4800,
    }
    shell.orgs.accounts.passwords.close()
    await storage.close()


async def test_what_is_read_is_what_happened(shop: Shop) -> None:
    quote = Quote(
        "q1", Terms(SCHOOL.id, 500, eur(450), Period.MONTH), date(2026, 3, 1), 12, date(2026, 2, 28)
    )
    await shop.does(FORTY)
    right(await owning.offer(shop.at, "operator", shop.org, Offer(quote)))
    await shop.does(Accept("q1"))
    await shop.until(date(2026, 3, 2))
    now = await shop.now()
    assert folded(now.events) == now.state
    assert now.state.until == date(2027, 2, 28)
    [*_, last] = await shop.documents()
    assert last.lines[-1].reason == "500 × 4.50 EUR"


async def test_who_does_not_pay_hears_words_first(shop: Shop) -> None:
    await shop.does(Start(TEAM.id, 40, Period.YEAR, "EUR"))
    await shop.until(date(2026, 1, 16))
    assert (await shop.now()).state.standing is Standing.PAST_DUE
    assert shop.said == [(Step.REMINDED, "2026-0001")]
    assert shop.at.known.limits([shop.org]) == Limits(300, None)
    await shop.until(date(2026, 2, 14))
    assert [step for step, _ in shop.said] == [*Step][:4]
    assert shop.at.known.limits([shop.org]) == Limits(100, 60), "of what begins from now on"
    [invoice] = await shop.documents()
    assert await paying.pay(shop.at, "operator", "bank:1", invoice.number, invoice.total) is None
    assert (await shop.now()).state.standing is Standing.ACTIVE
    assert shop.at.known.limits([shop.org]) == Limits(300, None)


async def test_who_never_pays_is_ended_and_keeps_owing(shop: Shop) -> None:
    await shop.does(Start(TEAM.id, 40, Period.YEAR, "EUR"))
    await shop.until(date(2026, 3, 20))
    assert [step for step, _ in shop.said] == [*Step]
    assert isinstance((await shop.now()).events[-1], Ended)
    assert await owning.decide_on(shop.at, shop.owner, shop.org, FORTY) == Refusal("billing.owes")
    assert (await shop.books())[Book.RECEIVABLE] == 288000


async def test_a_server_that_was_off_makes_up_for_it_and_presses_nobody(shop: Shop) -> None:
    await shop.does(FORTY)
    shop.town.office.clock.advance(timedelta(days=100).total_seconds())
    await shop.day()
    made = await shop.documents()
    assert [one.lines[0].first for one in made] == [date(2026, month, 1) for month in (1, 2, 3, 4)]
    assert {one.issued_on for one in made[1:]} == {shop.at.today}
    assert [step for step, _ in shop.said] == [Step.REMINDED]


async def test_a_day_is_done_once_however_often_it_is_begun(shop: Shop) -> None:
    await shop.does(FORTY)
    shop.town.office.clock.advance(timedelta(days=35).total_seconds())
    await asyncio.gather(*(shop.closing.work({}) for _ in range(3)))
    await shop.day()
    assert len(await shop.documents()) == 2


@pytest.mark.timeout(600)  # a hundred processes, each synced to the disk
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_at_any_step_nobody_is_charged_twice_and_no_number_is_left_out(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    there = [request.getfixturevalue("postgresql").database()] if kind == "postgresql" else []
    steps = in_a_process("server.tests.billing.closing_killed", str(tmp_path / "shop"), *there)
    assert steps > 60, "the killing missed its work"


async def test_one_that_fails_keeps_nobody_waiting(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await shop.does(FORTY)
    before = await shop.books()
    booked, broken = store.book, True

    async def breaks(*said: object) -> None:
        await booked(*said)  # type: ignore[arg-type]
        if broken:
            raise OSError("the disk is full")

    monkeypatch.setattr(store, "book", breaks)
    shop.town.office.clock.advance(timedelta(days=31).total_seconds())
    await shop.closing.work({})
    assert shop.closing.ailment() == "some can't be charged"
    assert await shop.books() == before and len(await shop.documents()) == 1
    broken = False
    await shop.closing.work({})
    assert [one.number for one in await shop.documents()] == ["2026-0001", "2026-0002"]
    assert shop.closing.ailment() is None


async def test_an_organisation_that_is_gone_is_charged_no_more(shop: Shop) -> None:
    await shop.does(FORTY)
    async with shop.at.storage.writing() as connection:
        await orgs.remove_org(connection, shop.org)
    await shop.until(date(2026, 2, 2))
    async with shop.at.storage.reading() as connection:
        assert isinstance((await store.events_of(connection, [shop.org]))[shop.org][-1], Ended)
    assert len(await shop.documents()) == 1


async def test_corrections_refunds_and_payments_that_can_not_be(shop: Shop) -> None:
    await shop.does(FORTY)
    at, by, number = shop.at, "operator", "2026-0001"
    assert await paying.pay(at, by, "b:1", "2026-0099", eur(1)) == Refusal("billing.document_unknown")
    assert await paying.pay(at, by, "b:1", number, Money(1, "USD")) == Refusal(
        "billing.currency_mixed", {"currency": "EUR"}
    )
    assert isinstance(await paying.pay(at, by, "b:1", number, eur(0)), Refusal)
    assert await paying.pay(at, by, "b:1", number, eur(30000)) is None, "more than was asked for"
    assert await paying.pay(at, by, "b:1", number, eur(1)) == Refusal("billing.payment_known")
    assert await paying.refund(at, by, "r:1", shop.org, eur(1201)) == Refusal(
        "billing.amount", {"most": 1200}
    )
    assert await paying.refund(at, by, "r:1", shop.org, eur(1200)) is None
    assert await paying.refund(at, by, "r:1", shop.org, eur(1200)) is None, "told again"
    note = right(await paying.correct(at, by, number, 24000, "all of it"))
    assert (note.number, note.total) == ("2026-C0001", eur(-28800))
    assert isinstance(await paying.correct(at, by, number, 1, ""), Refusal), "there is no more of it"
    assert isinstance(await paying.correct(at, by, note.number, 1, ""), Refusal)
    assert await shop.books() == {Book.CASH: 28800, Book.CREDIT: -28800}
    await shop.until(date(2026, 2, 2))
    assert await shop.books() == {Book.CASH: 28800, Book.SALES: -24000, Book.TAX: -4800}, "it pays the next"


async def test_a_credit_note_is_asked_for_twice_and_written_once(shop: Shop) -> None:
    await shop.does(FORTY)
    at, by, number, known = shop.at, "operator", "2026-0001", Refusal("billing.credit_note_known")
    for _ in range(2):
        made = right(await paying.correct(at, by, number, 13000, "an outage", id="c:1"))
        assert made.number == "2026-C0001", "the second time there was less of it left than that"
    for _ in range(2):
        made = right(await paying.allow(at, by, shop.org, eur(500), "for the wait", id="c:2"))
        assert made.number == "2026-C0002"
    assert await paying.correct(at, by, number, 12000, "an outage", id="c:1") == known
    assert await paying.correct(at, by, number, 13000, "another", id="c:1") == known
    assert await paying.correct(at, by, number, 500, "for the wait", id="c:2") == known
    assert await paying.allow(at, by, shop.org, eur(500), "for the wait", id="c:1") == known
    other = await shop.town.org(await shop.town.person("Bo"))
    assert await paying.allow(at, by, other, eur(500), "for the wait", id="c:2") == known
    assert right(await paying.allow(at, by, shop.org, eur(500), "for the wait")).number == "2026-C0003"
    assert right(await paying.allow(at, by, shop.org, eur(500), "for the wait")).number == "2026-C0004"
    assert len(await shop.documents()) == 5


async def test_credit_notes_of_one_id_that_are_asked_for_at_once_are_one(shop: Shop) -> None:
    await shop.does(FORTY)
    asked = (paying.correct(shop.at, "operator", "2026-0001", 500, "", id="c:1") for _ in range(3))
    assert {right(one).number for one in await asyncio.gather(*asked)} == {"2026-C0001"}


async def test_a_refund_of_one_id_is_of_one_customer(shop: Shop) -> None:
    await shop.does(FORTY)
    assert await paying.pay(shop.at, "operator", "bank:1", "2026-0001", eur(30000)) is None
    assert await paying.refund(shop.at, "operator", "r:1", shop.org, eur(500)) is None
    other = await shop.town.org(await shop.town.person("Bo"))
    known = Refusal("billing.payment_known")
    assert await paying.refund(shop.at, "operator", "r:1", other, eur(500)) == known


async def test_a_document_says_what_the_plan_was_called_on_its_day(shop: Shop) -> None:
    await shop.does(FORTY)
    renamed = replace(TEAM, name="Crew")
    assert await owning.say_plans(shop.at, "operator", [renamed]) is None
    await shop.until(date(2026, 2, 2))
    for one, name in zip(await shop.documents(), ("Team", "Crew"), strict=True):
        [line] = shown.document(one, (0, "paid"), {TEAM.id: renamed}).lines
        assert (line.plan, one.lines[0].called) == (name, name)


async def test_who_may(shop: Shop) -> None:
    bo = (await shop.town.person("Bo")).account
    assert await owning.decide_on(shop.at, bo, shop.org, FORTY) == Refusal("org.unknown")
    assert await owning.look_at(shop.at, bo, shop.org) == Refusal("org.unknown")
    assert await owning.say_customer(shop.at, bo, shop.org, NORTHFIELD) == Refusal("org.unknown")
    other = right(await founding.found(shop.town.at, bo, "Southfield"))
    assert await owning.decide_on(shop.at, bo, other.id, FORTY) == Refusal("billing.no_customer")
    theirs = Customer("Southfield", "2 School Lane", "GB", reverse_charge=True)
    assert isinstance(await owning.say_customer(shop.at, bo, other.id, theirs), Refusal), (
        "the operator's word"
    )


async def test_what_is_no_plan_or_rate_is_not_kept(shop: Shop) -> None:
    assert isinstance(await owning.say_plans(shop.at, "op", [TEAM, Plan(PlanId("A"), "")]), Refusal)
    assert isinstance(await owning.say_rate(shop.at, "op", TaxRate("", date(2026, 1, 1), 1)), Refusal)


async def test_a_clock_that_was_set_back_gives_no_number_an_earlier_day(shop: Shop) -> None:
    book, said = Daybook({}, {}, (), {}, shop.at.clock.now(), ""), []
    for day in (date(2026, 12, 31), date(2027, 1, 1), date(2026, 12, 31), date(2027, 1, 2)):
        book.now = datetime.combine(day, time(9), UTC)
        said.append(book.number(Series.INVOICE))
        async with shop.at.storage.writing() as connection:
            await book.write(connection)
            book = await opened(connection, [], book.now, "")
    assert said == [
        ("2026-0001", date(2026, 12, 31)), ("2027-0001", date(2027, 1, 1)), ("2027-0002", date(2027, 1, 1)),
        ("2027-0003", date(2027, 1, 2)),
    ]  # fmt: skip


async def test_who_leaves_is_asked_for_what_was_added_and_no_more(shop: Shop) -> None:
    await shop.does(FORTY)
    await shop.until(date(2026, 1, 12))
    await shop.does(Change(seats=42))
    await shop.does(Cancel("moved"))
    await shop.until(date(2026, 2, 2))
    assert [one.net.amount for one in await shop.documents()] == [24000, 774]
    assert (await shop.now()).state.standing is Standing.CANCELLED


async def test_what_no_invoice_will_carry_is_the_customers_with_its_tax(shop: Shop) -> None:
    await shop.does(FORTY)
    assert await paying.pay(shop.at, "operator", "bank:1", "2026-0001", eur(28800)) is None
    right(await paying.allow(shop.at, "operator", shop.org, eur(1000), "without service"))
    await shop.does(Cancel("moved"))
    await shop.until(date(2026, 2, 2))
    [last] = [one for one in await shop.documents() if one.settles]
    assert (last.number, last.total) == ("2026-C0002", eur(-1200))
    assert await shop.books() == {Book.CASH: 28800, Book.CREDIT: -1200, Book.SALES: -23000, Book.TAX: -4600}
    right(await paying.allow(shop.at, "operator", shop.org, eur(500), "and once more"))
    assert await paying.refund(shop.at, "operator", "r:1", shop.org, eur(1800)) is None
    assert await shop.books() == {Book.CASH: 27000, Book.SALES: -22500, Book.TAX: -4500}
