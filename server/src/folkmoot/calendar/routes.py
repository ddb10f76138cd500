"""`/api/calendar`: meetings in time, for people who are signed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NoReturn, TypeVar

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import store as accounts
from folkmoot.accounts.inside import Inside, leaves_something, signed_in
from folkmoot.accounts.model import AccountId, time_zone
from folkmoot.calendar import answering, handing_over, inviting, mails, planning, shown, store
from folkmoot.calendar.calendar import Calendar
from folkmoot.calendar.looking import Look
from folkmoot.calendar.model import Invitation, Kind, Series
from folkmoot.calendar.shown import DashboardShown, EarlierShown, InvitationShown, PlannedShown
from folkmoot.calendar.store import Entry
from folkmoot.calendar.wanted import (
    AnswerRequest,
    ChangeRequest,
    CohostRequest,
    HandedRequest,
    PeopleRequest,
    PlanRequest,
    Scope,
    TermsRequest,
)
from folkmoot.kit import Problem, Refusal
from folkmoot.meetings import Meetings

T = TypeVar("T")


def router(at: Calendar, meetings: Meetings) -> APIRouter:
    api = APIRouter(prefix="/api/calendar", tags=["calendar"])
    known = Depends(signed_in(at.accounts))

    @api.get("")
    async def dashboard(zone: str | None = Query(None, max_length=64), me: Inside = known) -> DashboardShown:
        """What takes place now, what is next, today, coming, and what was."""
        mine = or_refuse(time_zone(zone)) if zone is not None else me[0].time_zone
        async with at.storage.reading() as connection:
            board = await Look(at, connection, me[0]).dashboard(mine)
        return shown.dashboard(board, mine, mails=mails.leave(at, me[0]))

    @api.get("/earlier")
    async def earlier(before: datetime, me: Inside = known) -> EarlierShown:
        """What was before that moment, a page of it."""
        async with at.storage.reading() as connection:
            there = await Look(at, connection, me[0]).earlier(before)
        return EarlierShown(earlier=[shown.held(one) for one in there])

    @api.post("/meetings", status_code=201)
    async def plan(wanted: PlanRequest, me: Inside = known) -> PlannedShown:
        """A meeting in time, once or again and again. Who is invited hears by mail."""
        people = [one.said() for one in wanted.people]
        return await _planned(at, me, or_refuse(await planning.plan(at, me[0], wanted.wish(), people)))

    @api.post("/now", status_code=201)
    async def now(wanted: TermsRequest, me: Inside = known) -> PlannedShown:
        """One that takes place at once, owned by who asks for it; where the plan has room for one more."""
        done(await meetings.placing.would(me[0].id))
        return await _planned(at, me, or_refuse(await planning.make(at, me[0], Kind.INSTANT, wanted.wish())))

    @api.get("/room", dependencies=[Depends(leaves_something)])
    async def room(me: Inside = known) -> PlannedShown:
        """One's own: made when it is first asked for, under one number for ever."""
        return await _planned(at, me, or_refuse(await planning.room(at, me[0])))

    @api.patch("/room")
    async def change_room(wanted: TermsRequest, me: Inside = known) -> PlannedShown:
        """My personal room: its title and how one comes in."""
        mine = or_refuse(await planning.room(at, me[0]))
        changed = or_refuse(await planning.change(at, me[0], mine.series.id, wanted.wish(), "all", None))
        await meetings.read_proofs(changed.series.number)
        return await _planned(at, me, changed)

    @api.get("/numbers/{number}")
    async def look_by_number(number: str, me: Inside = known) -> PlannedShown:
        """The same by its number: what the page of the room knows."""
        async with at.storage.reading() as connection:
            series = await store.of_number(connection, number[:12])
            entry = or_refuse(await at.entry(connection, series.id if series else "", me[0]))
        return await _planned(at, me, entry)

    @api.get("/meetings/{id}")
    async def look(id: str, me: Inside = known) -> PlannedShown:
        """One of mine, or one that I am invited to."""
        async with at.storage.reading() as connection:
            entry = or_refuse(await at.entry(connection, id, me[0]))
        return await _planned(at, me, entry)

    @api.patch("/meetings/{id}")
    async def change(id: str, wanted: ChangeRequest, me: Inside = known) -> PlannedShown:
        """The whole, one time of it, or from one time on."""
        changed = or_refuse(await planning.change(at, me[0], id, wanted.wish(), wanted.scope, wanted.at))
        await meetings.read_proofs(changed.series.number)
        return await _planned(at, me, changed)

    @api.delete("/meetings/{id}", status_code=204)
    async def cancel(
        id: str,
        scope: Scope = "all",
        when: str | None = Query(None, alias="at", max_length=32),
        me: Inside = known,
    ) -> None:
        """The whole, one time of it, or from one time on. Who was invited hears by mail."""
        done(await planning.cancel(at, me[0], id, scope, when))

    @api.post("/meetings/{id}/people", status_code=201)
    async def invite(id: str, wanted: PeopleRequest, me: Inside = known) -> list[InvitationShown]:
        """A link of their own for each, by mail where there is an address."""
        people = [one.said() for one in wanted.people]
        series, made = or_refuse(await inviting.invite(at, me[0], id, people))
        return await _invited(at, series, made)

    @api.patch("/meetings/{id}/people/{invitation}")
    async def appoint(id: str, invitation: str, wanted: CohostRequest, me: Inside = known) -> InvitationShown:
        """Co-host, or no longer."""
        outcome = await inviting.appoint(at, me[0], id, invitation, cohost=wanted.cohost)
        series, changed = or_refuse(outcome)
        return (await _invited(at, series, [inviting.Made(changed, mailed=False)]))[0]

    @api.delete("/meetings/{id}/people/{invitation}", status_code=204)
    async def revoke(id: str, invitation: str, me: Inside = known) -> None:
        """That link lets nobody in any more. Who came by it stays."""
        number, gone = or_refuse(await inviting.revoke(at, me[0], id, invitation))
        await meetings.void_link(number, gone.id)

    @api.post("/meetings/{id}/people/{invitation}/renew")
    async def renew(id: str, invitation: str, me: Inside = known) -> InvitationShown:
        """Another link; the old one lets nobody in any more."""
        series, made = or_refuse(await inviting.renew(at, me[0], id, invitation))
        return (await _invited(at, series, [made]))[0]

    @api.post("/meetings/{id}/people/{invitation}/owner")
    async def pass_on(id: str, invitation: str, me: Inside = known) -> PlannedShown:
        """They organise it from now on; who did is a co-host. Of a meeting's owner, to a colleague who is invited as an account."""
        return await _planned(at, me, or_refuse(await handing_over.pass_on(at, me[0], id, invitation)))

    @api.put("/meetings/{id}/handed")
    async def handed(id: str, wanted: HandedRequest, me: Inside = known) -> PlannedShown:
        """Of who was made its organiser: they keep it, or give it back to who it was and stay a co-host."""
        return await _planned(at, me, or_refuse(await handing_over.answer(at, me[0], id, keep=wanted.keep)))

    @api.put("/meetings/{id}/answer", status_code=204)
    async def answer(id: str, wanted: AnswerRequest, me: Inside = known) -> None:
        """Yes, no or maybe, as who is signed in."""
        done(await answering.answer_as(at, me[0], id, wanted.answer))

    return api


async def _planned(at: Calendar, me: Inside, entry: Entry) -> PlannedShown:
    async with at.storage.reading() as connection:
        look = Look(at, connection, me[0])
        times, past = await look.times(entry), await look.past(entry)
        people = await _people(connection, entry)
        pictures = await _pictures(connection, people)
        owner = await accounts.account_of(connection, AccountId(entry.series.owner))
        goes_on = entry.series.cancelled_at is None
        handed = await look.handed([entry.series] if goes_on else [])
    told = owner is not None and mails.leave(at, owner)
    name = owner.name if owner else ""
    return shown.planned(at, entry, name, times, past, people, pictures, handed, mails=told)


async def _invited(at: Calendar, series: Series, made: Sequence[inviting.Made]) -> list[InvitationShown]:
    async with at.storage.reading() as connection:
        pictures = await _pictures(connection, [one.invitation for one in made])
    return [shown.invitation(at, series, one, pictures) for one in made]


async def _pictures(connection: AsyncConnection, people: Sequence[Invitation]) -> dict[str, str]:
    return await accounts.pictures_of(connection, [AccountId(one.account) for one in people if one.account])


async def _people(connection: AsyncConnection, entry: Entry) -> list[Invitation]:
    """All for hosts; for who is invited, themselves."""
    if entry.mine.hosts:
        series = entry.series
        several = await store.invited(connection, series.id)
        return [one for one in several if not (one.revoked and one.account == series.owner)]
    return [entry.invitation] if entry.invitation else []


def or_refuse(outcome: T | Refusal) -> T:
    if isinstance(outcome, Refusal):
        refuse(outcome)
    return outcome


def done(outcome: Refusal | None) -> None:
    if outcome is not None:
        refuse(outcome)


def refuse(refusal: Refusal) -> NoReturn:
    raise Problem.of(refusal)
