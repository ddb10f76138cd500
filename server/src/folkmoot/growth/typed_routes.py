"""What the operator brings and types: events of a file, costs, rates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from folkmoot.growth import answering
from folkmoot.growth.answering import Question
from folkmoot.growth.asking import Asking
from folkmoot.growth.books import GrowthError
from folkmoot.growth.typed import CostTyped, RateTyped, written
from folkmoot.kit import Problem
from folkmoot.kit.refusals import CATALOGUE

MOST_BYTES = 64 * 1024 * 1024
LINES = "application/x-ndjson"
Named = Annotated[str, Path(max_length=40)]
Currency = Annotated[
    str, Query(max_length=3, description="Of a book that isn't there yet: that its figures are in.")
]
Word = Annotated[str, Field(max_length=200)]


class CostWanted(BaseModel):
    name: Word
    amount: int
    """Minor units; below zero takes back."""
    currency: Word
    first: Word
    """The first and the last day that it is for, such as 2026-01-31."""
    last: Word


class RateWanted(BaseModel):
    """One unit of `currency` is `rate` of `to` from that day on, until the next that is said."""

    currency: Word
    to: Word
    rate: Word
    since: Word


class EntriesWanted(BaseModel):
    costs: list[CostWanted] = Field(default=[], max_length=200)
    rates: list[RateWanted] = Field(default=[], max_length=200)


class CostEntry(BaseModel):
    id: str
    name: str
    amount: int
    currency: str
    first: str
    last: str
    typed: bool
    """May be taken back. Others came with a file."""


class RateEntry(BaseModel):
    id: str
    currency: str
    to: str
    rate: str
    since: str
    typed: bool


class EntriesShown(BaseModel):
    """The latest first, at most 200 of each; the tables `costs` and `rates` have all."""

    costs: list[CostEntry]
    rates: list[RateEntry]


class Brought(BaseModel):
    new: int
    known: int
    """Were there already."""


@contextmanager
def refused() -> Iterator[None]:
    try:
        yield
    except GrowthError as error:
        if error.code not in CATALOGUE:
            raise Problem("internal") from None
        place = {"line": error.line, "field": error.field} if error.line else {}
        raise Problem(error.code, place) from None


def add_to(api: APIRouter, asking: Asking) -> None:

    @api.get("/books/{book}/entries")
    async def entries(book: Named) -> EntriesShown:
        """Costs and rates, typed or brought with a file."""
        with refused():
            found = answering.entered(await asking.ask(Question("entries", book)))
        costs = [
            CostEntry(
                **{name: getattr(one, name) for name in ("id", "name", "amount", "currency")},
                first=str(one.first), last=str(one.last), typed=one.typed,
            )
            for one in found.costs
        ]  # fmt: skip
        rates = [
            RateEntry(id=r.id, currency=r.currency, to=r.to, rate=r.rate, since=str(r.since), typed=r.typed)
            for r in found.rates
        ]
        return EntriesShown(costs=costs, rates=rates)

    @api.post("/books/{book}/entries", status_code=201)
    async def typed(book: Named, wanted: EntriesWanted) -> Brought:
        """Costs and rates, each with its days; all are taken or none. A refusal names the place in the list, costs first, and the field."""
        costs = [CostTyped(**one.model_dump()) for one in wanted.costs]
        rates = [RateTyped(**one.model_dump()) for one in wanted.rates]
        with refused(), asking.draft() as into:
            await asking.ask(Question("entries", book))  # that there is such a book
            into.writelines(written(costs, rates, datetime.now(UTC)))
            return _brought(await asking.bring(book, into))

    @api.delete("/books/{book}/entries/{entry}", status_code=204)
    async def take_back(book: Named, entry: Annotated[str, Path(max_length=80)]) -> None:
        """A cost or a rate that was typed."""
        with refused():
            await asking.ask(Question("entries", book))
            await asking.ask(Question("take_back", book, figure=entry))

    @api.post("/books/{book}/events", status_code=201, openapi_extra=_BODY)
    async def events(book: Named, request: Request, currency: Currency = "") -> Brought:
        """Events of a file, one JSON object a line, as `folkmoot growth import` reads them: all or none. The book is made if it isn't there."""
        with refused(), asking.draft() as into:
            came = 0
            async for chunk in request.stream():
                came += len(chunk)
                if came > MOST_BYTES:
                    raise Problem("growth.too_large", {"most_bytes": MOST_BYTES})
                into.write(chunk)
            return _brought(await asking.bring(book, into, currency))


_BODY = {
    "requestBody": {"required": True, "content": {LINES: {"schema": {"type": "string", "format": "binary"}}}}
}


def _brought(body: bytes) -> Brought:
    taken = answering.taken(body)
    return Brought(new=taken.new, known=taken.known)
