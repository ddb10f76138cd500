"""Costs and rates that the operator types, beside those that come with a file.

Law: they are events like all others, read by the same reader and refused in the same way. Each has its days, so that no month changes
for what was typed of another. What was typed may be taken back; what a file brought may not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from folkmoot.growth.warehouse import Warehouse

TYPED = "typed."
SHOWN = 200


@dataclass(frozen=True, slots=True)
class CostTyped:
    name: str
    amount: int
    currency: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class RateTyped:
    currency: str
    to: str
    rate: str
    since: str


@dataclass(frozen=True, slots=True)
class CostThere:
    id: str
    name: str
    amount: int
    currency: str
    first: date
    last: date

    @property
    def typed(self) -> bool:
        return self.id.startswith(TYPED)


@dataclass(frozen=True, slots=True)
class RateThere:
    id: str
    currency: str
    to: str
    rate: str
    since: date

    @property
    def typed(self) -> bool:
        return self.id.startswith(TYPED)


@dataclass(frozen=True, slots=True)
class Entries:
    """The latest first."""

    costs: Sequence[CostThere]
    rates: Sequence[RateThere]


def written(costs: Sequence[CostTyped], rates: Sequence[RateTyped], now: datetime) -> Iterator[bytes]:
    """As lines of a file, each cost and then each rate. The later of two rates of one day has the greater id."""
    both: tuple[CostTyped | RateTyped, ...] = (*costs, *rates)
    for n, one in enumerate(both):
        said: dict[str, object] = {"id": f"{TYPED}{now:%Y%m%d%H%M%S%f}.{n:03}"}
        if isinstance(one, CostTyped):
            said |= {
                "kind": "cost",
                "at": f"{one.first}T00:00:00Z",
                "name": one.name,
                "amount": one.amount,
            }
            said |= {"currency": one.currency, "first": one.first, "last": one.last}
        else:
            said |= {"kind": "rate", "at": f"{one.since}T00:00:00Z", "currency": one.currency}
            said |= {"to": one.to, "rate": one.rate}
        yield msgspec.json.encode(said) + b"\n"


def entries(warehouse: Warehouse, most: int = SHOWN) -> Entries:
    costs = warehouse.rows(
        'SELECT id, name, amount, currency, "first", "last" FROM cost ORDER BY "first" DESC, id DESC LIMIT $most',
        {"most": most},
    )
    rates = warehouse.rows(
        'SELECT id, currency, "to", rate, happened_at::DATE FROM rate ORDER BY happened_at DESC, id DESC LIMIT $most',
        {"most": most},
    )
    return Entries([CostThere(*row) for row in costs], [RateThere(*row) for row in rates])


def take_back(warehouse: Warehouse, id: str) -> bool:
    """Whether there was such a one, and it was typed."""
    if not id.startswith(TYPED):
        return False
    taken = [
        warehouse.rows(f"DELETE FROM {table} WHERE id = $id RETURNING id", {"id": id})
        for table in ("cost", "rate")
    ]
    return any(taken)
