"""`/api/operator/growth`: the figures of a book, for who runs the server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from folkmoot.accounts import Accounts
from folkmoot.accounts.inside import operator
from folkmoot.growth import answering
from folkmoot.growth.answering import Language, Question, What
from folkmoot.growth.asking import Asking
from folkmoot.growth.behind import Behind, Figure, Told
from folkmoot.growth.books import DEMO, OWN, GrowthError
from folkmoot.growth.figures import Figures
from folkmoot.growth.forecast import Forecast
from folkmoot.growth.months import Quarter
from folkmoot.growth.report import Cohort, MetIn, Report
from folkmoot.kit import Problem
from folkmoot.kit.refusals import CATALOGUE

log = structlog.get_logger("folkmoot.growth")

PAGE = 50
Named = Annotated[str, Path(max_length=40)]
Picked = Annotated[
    str, Query(max_length=8, description="A month of it, such as 2026-07; 2026-07y: its fiscal year.")
]
After = Annotated[int, Query(ge=0, le=10_000_000)]


class GrowthBook(BaseModel):
    name: str
    title: str
    made_up: bool
    """Its events were made up: said wherever its figures are."""
    seed: int | None
    currency: str
    year_starts: int
    large: int
    empty: bool


class GrowthBooks(BaseModel):
    books: list[GrowthBook]
    under_way: list[str]
    """Books that are being written just now."""


class SpanShown(BaseModel):
    id: str
    """What `quarter` takes."""
    first: str
    last: str


class FiguresShown(BaseModel):
    """Money in minor units, a part of one as a number; null where what it is a part of is nothing."""

    quarter: SpanShown
    end: str
    """The last month that is counted."""
    revenue: int
    revenue_grew: float | None
    profit: int
    margin: float | None
    customers: int
    over_ten: int
    over_ten_grew: float | None
    large: int
    large_before: int
    large_grew: float | None
    mrr: int
    arr: int
    gross_retention: float | None
    net_retention: float | None
    churn: float | None


class ForecastShown(BaseModel):
    made: str
    year: str
    recognised: int
    contracted: int
    renewals: int
    low: int
    high: int


class StepShown(BaseModel):
    step: str
    many: int
    so_far: int
    """By the end: nobody is at a step who isn't at the one before."""
    median_days: float | None


class DomainShown(BaseModel):
    domain: str
    hosts: int
    new: int


class CohortShown(BaseModel):
    began: SpanShown
    customers: list[int]
    mrr: list[int]


class MetShown(BaseModel):
    """Who met in a month: on the day of the most, and in all of it."""

    month: str
    busiest: int
    organisations_busiest: int
    participants: int
    organisations: int
    meetings: int
    minutes: int


class ReasonShown(BaseModel):
    reason: str
    many: int


class UncountedShown(BaseModel):
    currency: str
    amount: int
    since: str


class GrowthReport(BaseModel):
    book: GrowthBook
    quarters: list[SpanShown]
    years: list[SpanShown]
    shown: FiguresShown
    before: list[FiguresShown]
    """The oldest first, and the shown one last."""
    forecasts: list[ForecastShown]
    funnel: list[StepShown]
    domains: list[DomainShown]
    daily: int
    monthly: int
    """Participants: the most on a day, and in a month."""
    organisations_daily: int
    organisations_monthly: int
    met: list[MetShown]
    reasons: list[ReasonShown]
    uncounted: list[UncountedShown]
    cohorts: list[CohortShown]


class OrganisationBehind(BaseModel):
    organisation: str
    name: str
    amount: int


class OrganisationsBehind(BaseModel):
    organisations: list[OrganisationBehind]
    next: int | None


class EventBehind(BaseModel):
    at: str
    kind: str
    id: str
    organisation: str
    said: str
    amount: int
    currency: str
    first: str | None
    last: str | None
    counted: int | None
    """What of it is in the figure."""


class EventsBehind(BaseModel):
    events: list[EventBehind]
    next: int | None


class BookRequest(BaseModel):
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    year_starts: int | None = Field(default=None, ge=1, le=12)
    large: int | None = Field(default=None, ge=1, le=10**15)


@dataclass(slots=True)
class Growing:
    """What the routes work with."""

    asking: Asking
    bring_own: Callable[[], Awaitable[None]]
    site: str = ""
    _under_way: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def under_way(self) -> list[str]:
        return sorted(name for name, task in self._under_way.items() if not task.done())

    def begin(self, book: str, work: Callable[[], Awaitable[None]]) -> None:
        """One at a time of a book; whoever asks again is already served."""
        if book not in self.under_way():
            self._under_way[book] = asyncio.create_task(_logged(book, work), name=f"growth {book}")

    async def stop(self) -> None:
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _logged(book: str, work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception as fault:  # noqa: BLE001  (nobody waits for it)
        log.warning("a book wasn't written", book=book, why=str(fault))


def router(at: Growing, accounts: Accounts) -> APIRouter:
    api = APIRouter(
        prefix="/api/operator/growth",
        tags=["growth"],
        dependencies=[Depends(operator(accounts, by_key=True))],
    )

    async def ask(what: What, book: str, quarter: str = "", **more: object) -> bytes:
        try:
            return await at.asking.ask(Question(what, book, quarter, **more))  # type: ignore[arg-type]
        except GrowthError as refused:
            raise Problem(refused.code if refused.code in CATALOGUE else "internal") from None

    @api.get("/books")
    async def books() -> GrowthBooks:
        """The books that there are: of this server's own events, of imported ones, of made-up ones."""
        found = answering.books(await ask("books", ""))
        return GrowthBooks(books=[_book(one.name, one) for one in found], under_way=at.under_way())

    @api.get("/books/{book}")
    async def report(book: Named, quarter: Picked = "") -> GrowthReport:
        """A quarter or a fiscal year; the last, where none is named."""
        found = answering.reports(await ask("report", book, quarter))
        if found is None:
            raise Problem("growth.empty")
        return _report(book, found)

    @api.patch("/books/{book}", status_code=204)
    async def settings(book: Named, wanted: BookRequest) -> None:
        """Currency, the fiscal year's start, and what a large customer is. All figures are made anew."""
        if book not in [one.name for one in answering.books(await ask("books", ""))]:
            raise Problem("growth.no_book")
        said = {name: value for name, value in wanted.model_dump().items() if value is not None}
        await ask("settings", book, **said)

    @api.get("/books/{book}/behind/{figure}")
    async def organisations(
        book: Named, figure: Figure, quarter: Picked = "", after: After = 0
    ) -> OrganisationsBehind:
        """The organisations that a figure is made of (of profit: the costs), the largest first, 50 at a time."""
        body = await ask("organisations", book, quarter, figure=figure, after=after, most=PAGE + 1)
        found = answering.organisations(body)
        next = after + PAGE if len(found) > PAGE else None
        return OrganisationsBehind(organisations=[_behind(one) for one in found[:PAGE]], next=next)

    @api.get("/books/{book}/behind/{figure}/events")
    async def events(
        book: Named,
        figure: Figure,
        organisation: Annotated[str, Query(max_length=200)] = "",
        quarter: Picked = "",
        after: After = 0,
    ) -> EventsBehind:
        """The events behind a figure, the newest first, 50 at a time; of one organisation, where one is named."""
        said = {"figure": figure, "organisation": organisation, "after": after, "most": PAGE + 1}
        found = answering.events(await ask("events", book, quarter, **said))
        next = after + PAGE if len(found) > PAGE else None
        return EventsBehind(events=[_told(one) for one in found[:PAGE]], next=next)

    @api.get("/books/{book}/csv/{table}", response_class=Response, responses=_FILES["text/csv"])
    async def table(
        book: Named, table: Annotated[str, Path(max_length=40)], quarter: Picked = ""
    ) -> Response:
        """quarters, forecasts, funnel, domains, cohorts, usage; a figure for who is behind it; with -events, its events."""
        return _file(await ask("sheet", book, quarter, figure=table), "text/csv", f"{book}-{table}.csv")

    @api.get("/books/{book}/pack", response_class=Response, responses=_FILES["application/pdf"])
    async def pack(book: Named, quarter: Picked = "", language: Language = "en") -> Response:
        """The board pack: the quarter as a PDF."""
        body = await ask("pack", book, quarter, language=language, site=at.site)
        return _file(body, "application/pdf", f"{book}-{quarter or 'last'}.pdf")

    @api.post("/demo", status_code=202)
    async def demo() -> None:
        """A company's events are made up, in a book that says so. It takes some seconds."""

        async def made() -> None:
            await at.asking.ask(Question("demo", DEMO))

        at.begin(DEMO, made)

    @api.post("/own", status_code=202)
    async def own() -> None:
        """This server's own events are brought in now, and not only at night."""
        at.begin(OWN, at.bring_own)

    return api


_FILES: dict[str, dict[int | str, dict[str, object]]] = {
    kind: {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}}}}}
    for kind in ("text/csv", "application/pdf")
}


def _file(body: bytes, kind: str, name: str) -> Response:
    said = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=kind, headers=said)


def _report(name: str, found: Report) -> GrowthReport:
    return GrowthReport(
        book=_book(name, answering.Listed(name, found.book, empty=False)),
        quarters=[_span(one) for one in found.quarters],
        years=[_span(one) for one in found.years],
        shown=_figures(found.shown),
        before=[_figures(one) for one in found.before],
        forecasts=[_forecast(one) for one in found.forecasts],
        funnel=[
            StepShown(step=r.step, many=r.many, so_far=r.so_far, median_days=r.median.total_seconds() / 86400 if r.median is not None else None)
            for r in found.reached
        ],
        domains=[DomainShown(domain=one.domain, hosts=one.hosts, new=one.new) for one in found.domains],
        daily=found.met.daily,
        monthly=found.met.monthly,
        organisations_daily=found.met.organisations_daily,
        organisations_monthly=found.met.organisations_monthly,
        met=[_met(one) for one in found.met_in],
        reasons=[ReasonShown(reason=reason, many=many) for reason, many in found.reasons],
        uncounted=[UncountedShown(currency=u.currency, amount=u.amount, since=str(u.since)) for u in found.uncounted],
        cohorts=[_cohort(one) for one in found.cohorts],
    )  # fmt: skip


def _book(name: str, listed: answering.Listed) -> GrowthBook:
    book = listed.book
    return GrowthBook(
        name=name,
        title=book.title,
        made_up=book.made_up,
        seed=book.seed,
        currency=book.currency,
        year_starts=book.year_starts,
        large=book.large,
        empty=listed.empty,
    )


def _span(quarter: Quarter) -> SpanShown:
    named = f"{quarter.first}y" if quarter.long > 3 else str(quarter.first)
    return SpanShown(id=named, first=str(quarter.first), last=str(quarter.last))


def _figures(one: Figures) -> FiguresShown:
    return FiguresShown(
        quarter=_span(one.quarter),
        end=str(one.end),
        revenue=one.revenue,
        revenue_grew=_part(one.revenue_grew),
        profit=one.profit,
        margin=_part(one.margin),
        customers=one.customers,
        over_ten=one.over_ten,
        over_ten_grew=_part(one.over_ten_grew),
        large=one.large,
        large_before=one.large_before,
        large_grew=_part(one.large_grew),
        mrr=one.mrr,
        arr=one.arr,
        gross_retention=_part(one.gross_retention),
        net_retention=_part(one.net_retention),
        churn=_part(one.churn),
    )


def _forecast(one: Forecast) -> ForecastShown:
    said = {name: getattr(one, name) for name in ("recognised", "contracted", "renewals", "low", "high")}
    return ForecastShown(made=str(one.made), year=str(one.year), **said)


def _cohort(one: Cohort) -> CohortShown:
    return CohortShown(began=_span(one.began), customers=list(one.customers), mrr=list(one.mrr))


def _met(one: MetIn) -> MetShown:
    names = ("busiest", "organisations_busiest", "participants", "organisations", "meetings", "minutes")
    return MetShown(month=str(one.month), **{name: getattr(one, name) for name in names})


def _behind(one: Behind) -> OrganisationBehind:
    return OrganisationBehind(organisation=one.organisation, name=one.name, amount=one.amount)


def _told(one: Told) -> EventBehind:
    return EventBehind(
        at=one.at.isoformat(),
        kind=one.kind,
        id=one.id,
        organisation=one.organisation,
        said=one.said,
        amount=one.amount,
        currency=one.currency,
        first=_day(one.first),
        last=_day(one.last),
        counted=one.counted,
    )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _part(of: Fraction | None) -> float | None:
    return None if of is None else float(of)
