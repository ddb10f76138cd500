"""Events as a stranger would write them, and a book to bring them to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from folkmoot.growth.books import bring, describe
from folkmoot.growth.warehouse import Taken, Warehouse

TODAY = "2026-01-31"


class Writer:
    """Writes lines; an id is made where none is given."""

    def __init__(self) -> None:
        self._written = 0

    def __call__(self, kind: str, at: str, **rest: object) -> bytes:
        self._written += 1
        said = {"kind": kind, "id": f"e{self._written}", "at": f"{at}T00:00:00Z"} | rest
        return json.dumps(said).encode() + b"\n"

    def subscribed(self, at: str, organisation: str, monthly: int, seats: int = 20, **rest: object) -> bytes:
        said = {"plan": "team", "currency": "EUR"} | rest
        return self("subscription.set", at, organisation=organisation, monthly=monthly, seats=seats, **said)

    def billed(
        self, organisation: str, amount: int, first: str, last: str, currency: str = "EUR", **rest: object
    ) -> bytes:
        said = {"invoice": "1", "amount": amount, "currency": currency, "first": first, "last": last}
        return self("invoice.line", first, organisation=organisation, **(said | rest))


@pytest.fixture
def line() -> Writer:
    return Writer()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Warehouse]:
    with Warehouse(tmp_path / "book.duckdb") as warehouse:
        describe(warehouse, currency="EUR", large=100_000)
        yield warehouse


@pytest.fixture
def brings(book: Warehouse) -> Callable[..., Taken]:
    return lambda *lines: bring(book, lines, TODAY)
