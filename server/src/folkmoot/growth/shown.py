"""The figures as the API says them: money in minor units, months and days as words."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from pydantic import BaseModel, Field

from folkmoot.growth import answering
from folkmoot.growth.behind import Page, Told
from folkmoot.growth.figures import Figures
from folkmoot.growth.forecast import Forecast
from folkmoot.growth.forecasting import Explained
from folkmoot.growth.made_of import Unit
from folkmoot.growth.months import Quarter
from folkmoot.growth.report import Cohort, MetIn, Report, Step


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
    mrr_before: int
    """At the beginning: with what came new and came back and was added, less what was given back and who left, it is `mrr`."""
    mrr_new: int
    mrr_back: int
    mrr_more: int
    mrr_less: int
    mrr_gone: int
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
    step: Step
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
    monthly: int
    """What subscriptions in it cost a month, at the end."""
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
    """Of profit: what was paid for. Of steps of people: their domain."""
    name: str
    amount: int
    day: str | None
    """When it began, left, moved or reached the step."""


class OrganisationsBehind(BaseModel):
    organisations: list[OrganisationBehind]
    next: int | None
    many: int
    """In the whole list."""
    whole: int
    """Of all amounts in it."""
    figure: int | None
    """What the figure was, where that may be another: a forecast is kept as it was made; people without a domain, or of one with less than five, aren't listed."""
    unit: Unit
    currency: str


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


class RenewingShown(BaseModel):
    """Customers that began in a month, and what a forecast expects of them."""

    began: str
    customers: int
    mrr: int
    rate: float
    """Of what customers of their age pay, what those pay a month later."""
    contracted: int
    renewals: int


class ForecastExplained(BaseModel):
    kept: ForecastShown
    now: ForecastShown
    """As today's events would make it of the same month."""
    spread: float
    cohorts: list[RenewingShown]


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
        uncounted=[UncountedShown(currency=u.currency, amount=u.amount, monthly=u.monthly, since=str(u.since)) for u in found.uncounted],
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
        mrr_before=one.mrr_before,
        mrr_new=one.mrr_new,
        mrr_back=one.mrr_back,
        mrr_more=one.mrr_more,
        mrr_less=one.mrr_less,
        mrr_gone=one.mrr_gone,
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


def explained_shown(one: Explained) -> ForecastExplained:
    return ForecastExplained(
        kept=_forecast(one.kept),
        now=_forecast(one.now),
        spread=one.spread,
        cohorts=[
            RenewingShown(began=str(each.began), customers=each.customers, mrr=each.mrr, rate=each.rate, contracted=each.contracted, renewals=each.renewals)
            for each in one.cohorts
        ],
    )  # fmt: skip


def behind_shown(found: Page, after: int, most: int) -> OrganisationsBehind:
    return OrganisationsBehind(
        organisations=[
            OrganisationBehind(organisation=r.organisation, name=r.name, amount=r.amount, day=_day(r.day)) for r in found.rows
        ],
        next=after + most if after + most < found.many else None,
        many=found.many,
        whole=found.whole,
        figure=found.figure,
        unit=found.unit,
        currency=found.currency,
    )  # fmt: skip


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
