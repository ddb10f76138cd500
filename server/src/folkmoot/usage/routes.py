"""`/api/usage`: of an organisation, for those who look after it; `/api/operator/usage`: of the server, for who runs it.

Law: nothing here tells of one person; which days have no figures of their own is decided in `showing`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.accounts.accounts import must_be_fresh
from folkmoot.accounts.inside import Inside, key_of, signed_in
from folkmoot.kit import Problem, Refusal
from folkmoot.kit.described import gives
from folkmoot.orgs import OrgId, Orgs
from folkmoot.orgs.model import Role
from folkmoot.usage import store
from folkmoot.usage.counting import Days, Figures, Sitting, most_at_once
from folkmoot.usage.showing import FEWEST, MINUTE_MS, Month, last_of, minutes, month_of
from folkmoot.usage.summing import Summed, each_of
from folkmoot.usage.tabulating import of_days, of_organisations

Asked = Annotated[str | None, Query(pattern=r"^[2-9][0-9]{3}-(0[1-9]|1[0-2])$")]


class DayShown(BaseModel):
    day: str
    minutes: int | None
    """Null, as the others: no meeting had enough people; it is in the month's sum alone."""
    meetings: int | None
    peak: int | None


class UsageShown(BaseModel):
    month: str
    since: str
    """The first month that there is anything of."""
    until: str
    """The month that it is now."""
    fewest: int
    """So many people at a time a day needs for figures of its own."""
    minutes: int
    meetings: int
    peak: int
    days: list[DayShown]
    """Those that somebody met on."""


class OwnUsage(UsageShown):
    at_once: int | None
    """The most meetings that somebody was in at a time. Null, as the next: too long ago, or of before it was counted."""
    longest: int | None
    """Minutes that somebody was in one without a pause."""


class OrganisationUsage(BaseModel):
    id: str
    """Empty: of no organisation."""
    name: str
    """Empty: it is gone."""
    minutes: int
    meetings: int
    peak: int


class ServerUsage(UsageShown):
    organisations: list[OrganisationUsage]
    """Who met most comes first."""


def router(at: Orgs) -> APIRouter:
    api = APIRouter(prefix="/api/usage", tags=["usage"])
    known = Depends(signed_in(at.accounts))

    async def days(connection: AsyncConnection, me: Account, org: str, first: date) -> Days:
        standing = await at.standing(connection, OrgId(org), me.id, Role.ADMIN)
        if isinstance(standing, Refusal):
            raise Problem.of(standing)
        return await store.days_of(connection, org, first, last_of(first))

    @api.get("/{org}")
    async def usage_of(org: str, month: Asked = None, me: Inside = known) -> OwnUsage:
        """A month's participant-minutes, meetings, the most people in one, and how many there were at once. Days are of UTC."""
        first = _first(month, at)
        async with at.storage.reading() as connection:
            found = month_of(first, await days(connection, me[0], org, first))
            mine = await store.sittings_of(connection, org, first, last_of(first))
            shown = _shown(found, await store.first_day(connection, org), at)
            return OwnUsage(**shown, **_at_once(found, mine))

    @api.get("/{org}/table", response_class=Response, responses=gives("text/csv"))
    async def table_of(org: str, month: Asked = None, me: Inside = known) -> Response:
        """The same as a table; safe to open in a spreadsheet."""
        first = _first(month, at)
        async with at.storage.reading() as connection:
            found = month_of(first, await days(connection, me[0], org, first))
        return _table(of_days(found), first)

    return api


def operator_router(at: Orgs) -> APIRouter:
    api = APIRouter(prefix="/api/operator/usage", tags=["operator"])
    governing = Depends(_operator(at))

    @api.get("")
    async def usage_of_all(month: Asked = None, me: Account = governing) -> ServerUsage:
        """Of the server, and of each organisation as the month's sums."""
        first = _first(month, at)
        async with at.storage.reading() as connection:
            found = month_of(first, await store.days_of_all(connection, first, last_of(first)))
            shown = _shown(found, await store.first_day(connection, None), at)
            return ServerUsage(**shown, organisations=[*map(_organisation, await each_of(connection, first))])

    @api.get("/table", response_class=Response, responses=gives("text/csv"))
    async def table_of_all(month: Asked = None, me: Account = governing) -> Response:
        """An organisation a line; safe to open in a spreadsheet."""
        first = _first(month, at)
        async with at.storage.reading() as connection:
            each = await each_of(connection, first)
        return _table(of_organisations(each), first)

    return api


def _operator(at: Orgs) -> Callable[..., object]:
    known = Depends(signed_in(at.accounts))

    async def operator(request: Request, me: Inside = known) -> Account:
        if not me[0].operator:
            raise Problem("operator.not_you")
        stale = None if key_of(request.headers) else must_be_fresh(me[1], at.accounts)
        if stale is not None:
            raise Problem.of(stale)
        return me[0]

    return operator


def _organisation(one: Summed) -> OrganisationUsage:
    return OrganisationUsage(id=one.org, name=one.name, **_sums(one.figures))


def _first(month: str | None, at: Orgs) -> date:
    return at.clock.now().date().replace(day=1) if month is None else date.fromisoformat(f"{month}-01")


def _at_once(found: Month, sittings: list[Sitting]) -> dict[str, Any]:
    if not sittings and found.sum.meetings:
        return {"at_once": None, "longest": None}
    longest = max((one.ended - one.began for one in sittings), default=0)
    return {"at_once": most_at_once(sittings), "longest": longest // MINUTE_MS}


def _shown(found: Month, since: date | None, at: Orgs) -> dict[str, Any]:
    now = at.clock.now().date()
    return {
        "month": _month(found.first),
        "since": _month(since or now),
        "until": _month(now),
        "fewest": FEWEST,
        "days": [_day(day, figures) for day, figures in found.days],
        **_sums(found.sum),
    }


def _day(day: date, figures: Figures | None) -> DayShown:
    none = dict.fromkeys(("minutes", "meetings", "peak"))
    return DayShown(day=str(day), **(none if figures is None else _sums(figures)))


def _sums(figures: Figures) -> dict[str, int]:
    return {"minutes": minutes(figures), "meetings": figures.meetings, "peak": figures.peak}


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _table(said: str, first: date) -> Response:
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="usage-{_month(first)}.csv"',
    }
    return Response(said, media_type="text/csv; charset=utf-8", headers=headers)
