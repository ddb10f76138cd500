"""Made-up events, so that anybody can look at the figures full: a company like that of a news story of September 2020.

Law: nothing else may import this, and it imports nothing of how figures are computed: it writes the lines that a stranger would write
(`events`). The same seed writes the same lines. What the story tells is in `STORY`; all else was chosen so that it looks alive.

The company sells one thing by the seat and month, billed in advance on the first. Each month some leave and some add or give back
seats; the month's total is met by how many seats the newcomers buy, to the seat, and by a line for services, to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from folkmoot.growth.months import Month

BEGINS, ENDS = Month.of(date(2017, 11, 1)), Month.of(date(2020, 7, 1))
YEAR_STARTS = 2
CURRENCY = "USD"
SEAT, SMALL_SEAT = 1999, 1499
"""Cents a month."""
LEAST_SEATS, MOST_SEATS = 11, 400
"""Of who isn't large: a year of the most costs less than a large customer's."""
LEAST_LARGE, MOST_LARGE = 1_010_000, 1_100_000
"""Cents a month: ten months make a large customer, nine don't. So who is to be large at a quarter's end comes three quarters before."""
ONE_IN_SMALL = 13
"""Beside so many customers there is one of at most ten seats."""
LEAVING = (0.0018, 0.0052)
"""Of what all pay, what those paid who leave: in turns."""
TAXES = (0, 0, 7, 19, 20)
REASONS = ("price", "another product", "no longer needed", "")


@dataclass(frozen=True, slots=True)
class Told:
    """A quarter by its last month: million dollars, but for the counts."""

    revenue: float
    profit: float
    customers: int
    large: int
    shape: tuple[float, float, float]
    """How its months share the revenue: their parts, of any sum."""


STORY: dict[str, Told] = {
    "2018-01": Told(60.5, 0.3, 25_800, 203, (19.6, 20.2, 20.7)),
    "2018-04": Told(68.7, 0.4, 31_200, 224, (22.0, 22.9, 23.8)),
    "2018-07": Told(78.4, 0.6, 37_500, 252, (25.1, 26.1, 27.2)),
    "2018-10": Told(90.1, 0.6, 44_000, 291, (28.9, 30.0, 31.2)),
    "2019-01": Told(105.8, 2.2, 50_800, 344, (33.8, 35.2, 36.8)),
    "2019-04": Told(122.0, 0.2, 58_500, 405, (39.1, 40.6, 42.3)),
    "2019-07": Told(145.8, 5.5, 66_344, 466, (46.6, 48.6, 50.6)),
    "2019-10": Told(166.6, 2.2, 74_100, 546, (53.8, 55.5, 57.3)),
    "2020-01": Told(188.3, 15.3, 81_900, 641, (61.0, 62.7, 64.6)),
    "2020-04": Told(328.2, 27.0, 265_400, 769, (68.0, 94.9, 165.3)),
    "2020-07": Told(663.5, 186.0, 370_200, 988, (208.4, 221.1, 234.0)),
}
DOMAINS = (
    "harbour-college",
    "lindqvist",
    "ward-nine",
    "tanaka-foods",
    "oakhill-choir",
    "rio-verde",
    "old-mill",
    "st-brannock",
)


@dataclass(slots=True)
class _Customer:
    id: str
    seats: int
    monthly: int
    tax: int


@dataclass(slots=True)
class Company:
    """`one_in`: a company so many times smaller, for who can't wait."""

    seed: int
    one_in: int = 1
    _random: Random = field(init=False)
    _numbers: dict[str, int] = field(default_factory=dict)
    _main: list[_Customer] = field(default_factory=list)
    _small: list[_Customer] = field(default_factory=list)
    _large: list[_Customer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)

    def lines(self) -> Iterator[bytes]:
        month = BEGINS
        while month <= ENDS:
            quarter = _quarter_of(month)
            yield from self._month(month, STORY[str(quarter)], month.number - (quarter.number - 2))
            month += 1

    def _month(self, month: Month, told: Told, nth: int) -> Iterator[bytes]:
        yield from self._leave(month)
        yield from self._change_seats(month)
        yield from self._grow_large(month, nth)
        revenue = self._share(told.revenue, told.shape, nth)
        yield from self._join(month, self._wanted(month, told, nth), revenue, exactly=nth == 2)
        yield from self._bill(month, revenue)
        yield from self._spend(month, self._share(told.revenue - told.profit, (1, 1, 1), nth))
        yield from self._meet(month)

    # ---- who comes and goes ----

    def _leave(self, month: Month) -> Iterator[bytes]:
        due = LEAVING[month.number % 2] * sum(one.monthly for some in self._all for one in some)
        while due > 0 and len(self._main) > 1:
            gone = self._drawn(self._main)
            due -= gone.monthly
            yield from self._left(month, gone)
        for _ in range(len(self._small) // 100):
            yield from self._left(month, self._drawn(self._small))

    def _left(self, month: Month, gone: _Customer) -> Iterator[bytes]:
        yield self._line(
            "subscription.ended", month.first, f'"organisation":"{gone.id}","reason":"{self._random.choice(REASONS)}"'
        )  # fmt: skip

    def _change_seats(self, month: Month) -> Iterator[bytes]:
        """As many seats as some add, others give back."""
        for _ in range(len(self._main) // 60):
            more, less = self._random.choice(self._main), self._random.choice(self._main)
            seats = min(self._random.randint(1, 9), less.seats - LEAST_SEATS, MOST_SEATS - more.seats)
            if more is not less and seats > 0:
                for one, change in ((more, seats), (less, -seats)):
                    one.seats += change
                    one.monthly = one.seats * SEAT
                    yield self._subscribed(month.first, one)

    def _grow_large(self, month: Month, nth: int) -> Iterator[bytes]:
        last = str(_quarter_of(month) + 9)
        if month != BEGINS and last not in STORY:
            return
        before, there = (
            self._scaled(STORY[str(_quarter_of(month) + 6)].large),
            self._scaled(STORY[last].large),
        )
        wanted = before + round((there - before) * min(nth + 1, 2) / 2)
        until = (month + 35).last
        while len(self._large) < wanted:
            monthly = self._random.randint(LEAST_LARGE, MOST_LARGE)
            one = _Customer(self._id("o"), monthly // 1500, monthly, self._random.choice(TAXES))
            self._large.append(one)
            yield from self._founded(month.first, one, until)

    def _join(self, month: Month, wanted: int, revenue: int, *, exactly: bool) -> Iterator[bytes]:
        """`exactly`: so many as the quarter's end shows; before it, as many as there is money for."""
        for _ in range(max(0, wanted // ONE_IN_SMALL - len(self._small))):
            seats = self._random.randint(1, 10)
            one = _Customer(self._id("o"), seats, seats * SMALL_SEAT, self._random.choice(TAXES))
            self._small.append(one)
            yield from self._founded(month.first, one)
        seats_sold = (revenue - sum(one.monthly for some in self._all for one in some)) // SEAT
        missing = wanted - len(self._main) - len(self._large)
        newcomers = missing if exactly else min(missing, seats_sold // (LEAST_SEATS * 2))
        for seats in self._seats(seats_sold, newcomers):
            one = _Customer(self._id("o"), seats, seats * SEAT, self._random.choice(TAXES))
            self._main.append(one)
            yield from self._founded(month.first, one)

    def _seats(self, sum_of_all: int, customers: int) -> list[int]:
        """So many customers' seats, most few and some many, which add up."""
        if customers <= 0:
            return []
        spare = (sum_of_all - LEAST_SEATS * customers) / customers
        if not 0 < spare < MOST_SEATS / 3:
            raise ValueError(f"{customers} customers can't have {sum_of_all} seats")
        seats = [
            min(LEAST_SEATS + int(self._random.expovariate(1 / spare)), MOST_SEATS) for _ in range(customers)
        ]
        missing = sum_of_all - sum(seats)
        while missing:
            at, step = self._random.randrange(customers), 1 if missing > 0 else -1
            if LEAST_SEATS <= seats[at] + step <= MOST_SEATS:
                seats[at] += step
                missing -= step
        return seats

    def _founded(self, first: date, one: _Customer, until: date | None = None) -> Iterator[bytes]:
        """Somebody met, then started meetings, then made an organisation, which then paid."""
        made = first - timedelta(days=1 + int(self._random.expovariate(1 / 8)))
        hosted = made - timedelta(days=1 + int(self._random.expovariate(1 / 14)))
        joined = hosted - timedelta(days=int(self._random.expovariate(1 / 5)))
        person = self._id("p")
        yield self._line("person.joined", joined, f'"person":"{person}"')
        yield self._line("person.hosted", hosted, f'"person":"{person}"')
        yield self._line("organisation.created", made, f'"organisation":"{one.id}","person":"{person}"')
        yield self._subscribed(first, one, until)

    def _subscribed(self, day: date, one: _Customer, until: date | None = None) -> bytes:
        plan = "Enterprise" if one.seats > 250 else "Business" if one.seats > 10 else "Pro"
        term = f',"until":"{until}"' if until else ""
        return self._line(
            "subscription.set", day,
            f'"organisation":"{one.id}","plan":"{plan}","seats":{one.seats},"monthly":{one.monthly},"currency":"{CURRENCY}"{term}',
        )  # fmt: skip

    # ---- money ----

    def _bill(self, month: Month, revenue: int) -> Iterator[bytes]:
        left = revenue
        for some in self._all:
            for one in some:
                left -= one.monthly
                yield from self._invoiced(month, one, one.monthly, tail=0)
        if left:
            yield from self._invoiced(month, self._large[0], left, tail=1)

    def _invoiced(self, month: Month, one: _Customer, amount: int, tail: int) -> Iterator[bytes]:
        number = self._id("i")
        of = f'"organisation":"{one.id}","invoice":"{number}","currency":"{CURRENCY}"'
        tax = amount * one.tax // 100
        yield self._line(
            "invoice.line",
            month.first,
            f'{of},"amount":{amount},"first":"{month.first}","last":"{month.last}"',
        )
        if tax:
            yield self._line("tax", month.first, f'{of},"amount":{tax}')
        paid = month.first + timedelta(days=self._random.randint(0, 20) + tail)
        yield self._line("payment", paid, f'{of},"amount":{amount + tax}')

    def _spend(self, month: Month, whole: int) -> Iterator[bytes]:
        machines = whole * 3 // 10
        for name, amount in (("machines and lines", machines), ("people", whole - machines)):
            yield self._line(
                "cost", month.first,
                f'"name":"{name}","amount":{amount},"currency":"{CURRENCY}","first":"{month.first}","last":"{month.last}"',
            )  # fmt: skip

    # ---- who meets ----

    def _meet(self, month: Month) -> Iterator[bytes]:
        """What was counted each day, and people whose organisation isn't there yet."""
        base = len(self._main) * 80
        day = month.first
        while day <= month.last:
            there = int(base * self._random.uniform(0.9, 1.1) * (0.3 if day.weekday() > 4 else 1))
            yield self._line(
                "usage", day, f'"span":"day","date":"{day}","participants":{there},"meetings":{there // 6},"minutes":{there * 38},"organisations":{there // 57}'
            )  # fmt: skip
            day += timedelta(days=1)
        yield self._line(
            "usage",
            month.last,
            f'"span":"month","date":"{month.first}","participants":{base * 21},"organisations":{base * 7 // 57}',
        )
        for nth, name in enumerate(DOMAINS):
            for _ in range(self._random.randrange(2 + month.number - BEGINS.number) // (nth + 1)):
                person, day = self._id("p"), month.first + timedelta(days=self._random.randrange(28))
                who = f'"person":"{person}","domain":"{name}.example"'
                yield self._line("person.joined", day, who)
                yield self._line("person.hosted", day + timedelta(days=self._random.randrange(20)), who)

    # ---- numbers ----

    @property
    def _all(self) -> tuple[list[_Customer], ...]:
        return self._main, self._small, self._large

    def _wanted(self, month: Month, told: Told, nth: int) -> int:
        """Customers of more than ten seats at the month's end: they grow as revenue does."""
        before = STORY.get(str(_quarter_of(month) - 3))
        was = before.customers if before else round(told.customers * 0.9)
        paid = before.shape[2] if before else told.shape[0] * 0.97
        grown = (told.shape[nth] - paid) / (told.shape[2] - paid)
        return self._scaled(round(was + (told.customers - was) * grown))

    def _share(self, millions: float, shape: tuple[float, float, float], nth: int) -> int:
        """Cents of the nth month; the three add up to the cent."""
        cents = round(millions * 100_000_000 / self.one_in)
        parts = [round(cents * shape[month] / sum(shape)) for month in (0, 1)]
        return (*parts, cents - sum(parts))[nth]

    def _scaled(self, many: int) -> int:
        return round(many / self.one_in)

    def _drawn(self, some: list[_Customer]) -> _Customer:
        at = self._random.randrange(len(some))
        some[at], some[-1] = some[-1], some[at]
        return some.pop()

    def _id(self, kind: str) -> str:
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{kind}{number}"

    def _line(self, kind: str, day: date, rest: str) -> bytes:
        return f'{{"kind":"{kind}","id":"{self._id("e")}","at":"{day}T00:00:00Z",{rest}}}\n'.encode()


def _quarter_of(month: Month) -> Month:
    """The last month of the fiscal quarter that a month is in."""
    return month + 2 - (month.number + 1 - YEAR_STARTS) % 3
