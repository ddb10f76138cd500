"""The figures as the API says them: money in minor units, months and days as words."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from pydantic import BaseModel, Field

from folkmoot.growth import answering
from folkmoot.growth.behind import Behind, Told
from folkmoot.growth.figures import Figures
from folkmoot.growth.forecast import Forecast
from folkmoot.growth.months import Quarter
from folkmoot.growth.report import Cohort, MetIn, Report


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


def report_shown(name: str, found: Report) -> GrowthReport:
    return GrowthReport(
        book=book_shown(name, answering.Listed(name, found.book, empty=False)),
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


def book_shown(name: str, listed: answering.Listed) -> GrowthBook:
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
    return SpanShown(id=quarter.id, first=str(quarter.first), last=str(quarter.last))


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


def behind_shown(one: Behind) -> OrganisationBehind:
    return OrganisationBehind(organisation=one.organisation, name=one.name, amount=one.amount)


def told_shown(one: Told) -> EventBehind:
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
