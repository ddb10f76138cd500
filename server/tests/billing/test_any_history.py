"""Whatever owners, the operator and the clock do: invoices are what the events replay to, and the books add up to nothing. In memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from folkmoot.billing import documents, ledger
from folkmoot.billing.billing import BY_TIME, carry
from folkmoot.billing.charging import charge
from folkmoot.billing.daybook import NOBODY, Daybook, Folio
from folkmoot.billing.deciding import (
    Cancel,
    Change,
    Command,
    FallDue,
    GiveUp,
    PassTime,
    Settle,
    Start,
    Withdraw,
)
from folkmoot.billing.documents import Document, Series
from folkmoot.billing.ledger import Account, Posting, issued
from folkmoot.billing.lines import Kind, Line, lines_of
from folkmoot.billing.money import Money
from folkmoot.billing.plans import Period, Plan, PlanId, Price, with_free
from folkmoot.billing.subscription import NOTHING, evolve
from folkmoot.billing.tax import TaxRate, taxed
from folkmoot.orgs import OrgId

FIRST, ONE, OTHER = date(2026, 12, 20), OrgId("o_one"), OrgId("o_other")
RATES = [TaxRate("GB", date(2011, 1, 4), 2000), TaxRate("GB", date(2027, 1, 1), 1750)]


def plan(id: str, cents: int) -> Plan:
    """A price that doesn't divide, in two currencies of which one has no cents."""
    amounts = (Money(cents, "EUR"), Money(cents // 3, "JPY"))
    months = [Price(Period.MONTH, one) for one in amounts]
    return Plan(
        PlanId(id), id.title(), (*months, *(Price(Period.YEAR, one * 10) for one in amounts)), trial_days=14
    )


TEAM, SCHOOL = plan("team", 599), plan("school", 1001)


@dataclass(frozen=True)
class Reprice:
    """The operator gives a plan another price and another name, while periods run."""

    cents: int


@dataclass(frozen=True)
class Allow:
    amount: int
    currency: str


Act = Command | Reprice | Allow
currencies = st.sampled_from(["EUR", "JPY"])
plans = st.sampled_from([TEAM.id, SCHOOL.id])
acts = st.one_of(
    st.builds(Start, plans, st.integers(-1, 60), st.sampled_from(Period), currencies, st.booleans()),
    st.builds(Change, plans, st.integers(-1, 60), st.sampled_from(Period)),
    st.builds(Change, seats=st.integers(-1, 60)),
    st.builds(Reprice, st.integers(0, 5000)),
    st.builds(Allow, st.integers(1, 50_000), currencies),
    st.sampled_from([Cancel(""), Withdraw(), FallDue(), Settle(), GiveUp(), PassTime()]),
)
# The clock is set back at times, by as much as three weeks.
histories = st.lists(st.tuples(st.integers(-21, 70), acts), min_size=1, max_size=20)


@dataclass
class Shop:
    """All that a database would hold, of one customer or of two."""

    orgs: Sequence[OrgId] = (ONE,)
    book: Daybook = field(init=False)

    def __post_init__(self) -> None:
        gb = replace(NOBODY, country="GB")
        folios = {org: Folio(org, [], NOTHING, [], {}, gb, Counter()) for org in self.orgs}
        self.book = Daybook(folios, with_free([TEAM, SCHOOL]), RATES, {}, self.at(FIRST), "")

    @staticmethod
    def at(day: date) -> datetime:
        return datetime.combine(day, time(9), UTC)

    def does(self, day: date, act: Act) -> None:
        self.book.now = self.at(day)
        if isinstance(act, Reprice):
            renamed = replace(plan("team", act.cents), name=f"Team {act.cents}")
            self.book.plans = {**self.book.plans, TEAM.id: renamed}
            return
        for org in self.orgs:
            if isinstance(act, Allow):
                self._allow(self.book.folios[org], Money(act.amount, act.currency))
            else:
                carry(self.book, org, act, BY_TIME)

    def _allow(self, folio: Folio, net: Money) -> None:
        name, day = self.book.number(Series.CREDIT_NOTE)
        made = documents.allowance(name, folio.org, folio.customer, net, "", day)
        self.book.issue(folio, made, issued(made))
        self.book.wait(folio, [*folio.pending, *made.lines])
        if not folio.state.runs:
            charge(self.book, folio)

    def lives(self, history: Iterable[tuple[int, Act]]) -> Shop:
        day = FIRST
        for step, act in history:
            day += timedelta(days=step)
            self.does(day, act)
        return self

    def of(self, org: OrgId) -> list[Document]:
        return [one for one in self.book._documents if one.org == org]

    @property
    def postings(self) -> list[Posting]:
        return [posting for one in self.book._transactions for posting in one.postings]


def sums(lines: Iterable[Line]) -> Counter[str]:
    return ledger.sums(Posting(Account.SALES, line.amount) for line in lines)


@given(histories)
def test_invoices_and_what_waits_are_what_the_events_replay_to(history: list[tuple[int, Act]]) -> None:
    shop = Shop().lives(history)
    folio, state, replayed = shop.book.folios[ONE], NOTHING, list[Line]()
    for event in folio.events:
        replayed += lines_of(state, event)
        state = evolve(state, event)
    carries = [one for one in shop.of(ONE) if one.series is Series.INVOICE or one.settles]
    written = [line for one in carries for line in one.lines] + folio.pending
    allowed = [line for one in shop.of(ONE) if one not in carries for line in one.lines]
    assert state == folio.state
    asked = [replace(line, called="") for line in written if line.kind is not Kind.CREDIT_NOTE]
    assert Counter(asked) == Counter(replayed), "each line is asked for once"
    assert Counter(line for line in written if line.kind is Kind.CREDIT_NOTE) == Counter(allowed), (
        "and given once"
    )


@given(histories)
def test_the_books_are_what_the_documents_say(history: list[tuple[int, Act]]) -> None:
    """Issued again from what is kept, they come to the same, and to nothing."""
    shop = Shop().lives(history)
    assert not any(ledger.sums(shop.postings).values())
    again = [posting for one in shop.book._documents for posting in issued(one).postings]
    for account in (Account.SALES, Account.TAX, Account.CREDIT_NOTES):
        of_it = [[one for one in some if one.account is account] for some in (shop.postings, again)]
        assert ledger.sums(of_it[0]) == ledger.sums(of_it[1])
    credit = ledger.sums(one for one in shop.postings if one.account is Account.CREDIT)
    has = shop.book.folios[ONE].credit
    assert all(has[code] == -credit[code] >= 0 for code in ("EUR", "JPY"))


@given(histories)
def test_a_document_is_of_one_currency_of_its_days_rate_and_never_less_than_nothing(
    history: list[tuple[int, Act]],
) -> None:
    for one in Shop().lives(history).of(ONE):
        assert {line.amount.currency for line in one.lines} == {one.total.currency}
        if one.series is Series.INVOICE:
            rate = RATES[one.issued_on.year >= 2027]
            assert one.tax == taxed(documents.total_of(one.lines), rate)
            assert one.total.amount >= 0
        assert all(line.seats >= 0 for line in one.lines)


def test_a_clock_that_was_set_back_over_a_new_year_takes_the_rate_of_the_documents_day() -> None:
    year = Start(TEAM.id, 10, Period.YEAR, "EUR")
    made = Shop().lives([(0, year), (20, Change(seats=20)), (-15, Change(seats=30))]).of(ONE)
    assert [(one.issued_on.year, one.tax.rate) for one in made] == [(2026, 2000), (2027, 1750), (2027, 1750)]


@given(histories)
def test_numbers_have_no_gaps_and_no_day_before_the_last_though_the_clock_was_set_back(
    history: list[tuple[int, Act]],
) -> None:
    made = Shop().lives(history).of(ONE)
    for series in Series:
        mine = [one for one in made if one.series is series]
        days = [one.issued_on for one in mine]
        assert days == sorted(days)
        years = Counter[int]()
        for one in mine:
            years[one.issued_on.year] += 1
            assert one.number == series.number(one.issued_on.year, years[one.issued_on.year])


@given(histories)
def test_whoever_else_is_closed_with_them_changes_nobodys_amounts(history: list[tuple[int, Act]]) -> None:
    alone, beside = Shop().lives(history), Shop((ONE, OTHER)).lives(history)

    def said(made: list[Document]) -> list[tuple[object, ...]]:
        return [(one.issued_on, one.tax, [line.amount for line in one.lines]) for one in made]

    assert said(alone.of(ONE)) == said(beside.of(ONE)) == said(beside.of(OTHER))
    assert alone.book.folios[ONE].credit == beside.book.folios[OTHER].credit


@given(histories, st.integers(2, 4))
def test_what_is_asked_again_is_so_once(history: list[tuple[int, Act]], times: int) -> None:
    """Of owners who press twice, and of two who press at once. A trial that becomes a subscription is another act; so is a credit note."""
    once, often = Shop(), Shop()
    day = FIRST
    for step, act in history:
        day += timedelta(days=step)
        if isinstance(act, Allow | Withdraw) or (isinstance(act, Start) and act.trial):
            continue
        once.does(day, act)
        for _ in range(times if isinstance(act, Change) else 1):
            often.does(day, act)
    assert once.book.folios[ONE].state.terms == often.book.folios[ONE].state.terms
    assert [one.total for one in once.of(ONE)] == [one.total for one in often.of(ONE)]
