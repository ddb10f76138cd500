"""What a meeting asks of its plan when somebody comes: who they are to it, whether they may, whether it begins.

Law: it is answered from memory and this database alone. J2, J3, J7 and J8 are told to who has proved something; the door sees to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from folkmoot.calendar import occurring
from folkmoot.calendar.calendar import Calendar
from folkmoot.calendar.known import Known, Plan
from folkmoot.calendar.model import Invitation, Kind, Occurrence, Series
from folkmoot.kit import Refusal
from folkmoot.meetings import planned
from folkmoot.meetings.feature import Role
from folkmoot.meetings.planned import Opening, Standing, Visitor

ASK_AGAIN_S = 30
FOR_HOSTS = timedelta(hours=12)
"""So long before its time a host begins the next one, and none beside the plan."""


class Coming:
    """The port `Plans`."""

    def __init__(self, at: Calendar) -> None:
        self._at = at
        self._known = Known(at)

    async def standing(
        self, number: str, visitor: Visitor | None, link: str, *, begins: bool = False
    ) -> Standing:
        plan = await self._known.plan(number)
        if plan is None:
            return Standing(kind="guest" if visitor is None else "member")
        series = plan.series
        stands = Standing() if visitor is None else self._stands(plan, visitor)
        stands = replace(stands, refusal=_kept_out(series, visitor, stands, link))
        if not begins:
            return stands
        opening = await self._opening(series, stands)
        if isinstance(opening, Opening):
            opening = replace(opening, floor=await self._at.floors(series.owner))
        return replace(stands, opening=opening)

    async def owner_of(self, number: str) -> str | None:
        plan = await self._known.plan(number)
        return None if plan is None else plan.series.owner

    def _stands(self, plan: Plan, visitor: Visitor) -> Standing:
        """Of one who is signed in. Whose word the name is: of the owner's organisation, or invited where they have none; or of
        elsewhere."""
        owner = plan.series.owner
        if visitor.account == owner:
            return Standing(Role.OWNER, kind="member")
        invited = plan.invitation_of(visitor)
        ours, theirs = self._at.orgs(owner), self._at.orgs(visitor.account)
        role, link = (Role.GUEST, "") if invited is None else (_role(invited), invited.id)
        if ours.keys() & theirs.keys() or (not ours and invited is not None):
            return Standing(role, link, "member")
        return Standing(role, link, "outsider", next(iter(theirs.values()), ""))

    async def _opening(self, series: Series, stands: Standing) -> Opening | Refusal:
        if series.cancelled_at is not None:
            return Refusal("meeting.cancelled")
        now = self._at.clock.now()
        if series.kind is Kind.ROOM:
            return _opens(series, None)
        async with self._at.storage.reading() as connection:
            last = await planned.last_of(connection, series.number)
        if series.kind is Kind.INSTANT:
            return _opens(series, None) if last is None else _over(series, stands, last.ended_at)
        coming = occurring.coming(series, now, 2)
        if stands.role.hosts:
            return _for_host(series, coming, now)
        one = coming[0] if coming else None
        if one is None:
            return _over(series, stands, last.ended_at if last else None)
        opens = opens_at(series, one)
        if last is not None and last.planned_for == one.at and was_held(last.ended_at, opens):
            return _over(series, stands, last.ended_at)
        if now >= opens:
            return _opens(series, one)
        wait = min(ASK_AGAIN_S, max(1, int((opens - now).total_seconds())))
        told = {"starts_at": one.starts_at.isoformat(), "opens_at": opens.isoformat()}
        return Refusal("meeting.not_started", {**told, "retry_after_s": wait})


def opens_at(series: Series, one: Occurrence) -> datetime:
    return one.starts_at - timedelta(minutes=series.terms.early_minutes)


def was_held(ended_at: datetime | None, opens: datetime) -> bool:
    """Who tries it out beforehand and ends it has not taken its time away from those who come then."""
    return ended_at is None or ended_at >= opens


def _role(invited: Invitation) -> Role:
    return Role.COHOST if invited.cohost else Role.MEMBER


def _kept_out(series: Series, visitor: Visitor | None, stands: Standing, link: str) -> Refusal | None:
    """J7: an account is wanted. J8: an invitation."""
    who = series.terms.who
    if who == "link" or stands.role is not Role.GUEST:
        return None
    if who == "invited" and link:
        return None
    if visitor is None:
        return Refusal("meeting.sign_in")
    return None if who == "signed_in" else Refusal("meeting.not_invited", {"account": visitor.name})


def _for_host(series: Series, coming: Sequence[Occurrence], now: datetime) -> Opening:
    """Whenever they want. Near its time it is the planned one."""
    near = next((one for one in coming if one.starts_at - now <= FOR_HOSTS), None)
    return _opens(series, near)


def _opens(series: Series, one: Occurrence | None) -> Opening:
    terms = series.terms
    return Opening(
        one.title if one else series.title,
        terms.preset,
        terms.waiting_room,
        one.at if one else "",
        one.ends_at if one else None,
        terms.capacity,
        terms.attendance,
    )


def _over(series: Series, stands: Standing, ended_at: datetime | None) -> Refusal:
    known = stands.role is not Role.GUEST
    ended = ended_at.isoformat() if ended_at else ""
    return Refusal("meeting.over", {"ended_at": ended, "id": series.id if known else ""})
