"""`/api/calendar`, what is one's own beside the meetings: feed, import, templates, quiet hours, being rung; and what was kept."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from fastapi import APIRouter, Depends, Query, Request, Response

from folkmoot.accounts.inside import Inside, signed_in
from folkmoot.calendar import (
    asking,
    feeding,
    handing_over,
    importing,
    keeping,
    ringing,
    shown,
    shown_kept,
    store,
)
from folkmoot.calendar.asking import Asking
from folkmoot.calendar.calendar import Calendar
from folkmoot.calendar.ringing import Bell
from folkmoot.calendar.routes import done, or_refuse
from folkmoot.calendar.shown import (
    AddressShown,
    HeirShown,
    HeirsShown,
    LeftShown,
    OrgCalled,
    OwnedShown,
    QuietShown,
    RingShown,
    RingsShown,
    RuleShown,
    RulesShown,
    RungShown,
    TakenShown,
    TemplateShown,
)
from folkmoot.calendar.shown_kept import KeptShown, RollShown
from folkmoot.calendar.wanted import AskRequest, HeirRequest, QuietRequest, TemplateRequest
from folkmoot.kit import Refusal, text
from folkmoot.kit.described import gives, takes

LISTENS_S = 25.0
MOST_TEMPLATES = 50
CALENDAR = "text/calendar; charset=utf-8"


def router(at: Calendar, bell: Bell) -> APIRouter:
    api = APIRouter(prefix="/api/calendar", tags=["calendar"])
    known = Depends(signed_in(at.accounts))
    asked = Asking()

    @api.get("/owned")
    async def owned(me: Inside = known) -> OwnedShown:
        """What I planned and isn't over: what may come along into an organisation, or be left to somebody."""
        async with at.storage.reading() as connection:
            return shown.owned(await store.to_come(connection, me[0].id, at.clock.now()), at.clock.now())

    @api.get("/heir")
    async def heirs(me: Inside = known) -> HeirsShown:
        """Who has my planned meetings when my account goes, and which organisations might. Nobody: they are cancelled."""
        found = await handing_over.heirs(at, me[0])
        orgs = [OrgCalled(id=id, name=name) for id, name in found.orgs.items()]
        return HeirsShown(heir=found.heir, name=found.name, orgs=orgs)

    @api.put("/heir")
    async def name_heir(wanted: HeirRequest, me: Inside = known) -> HeirShown:
        """An organisation that I am in, a colleague, or nobody."""
        name = or_refuse(await handing_over.name_heir(at, me[0], wanted.heir))
        return HeirShown(heir=wanted.heir, name=name)

    @api.get("/rules")
    async def rules(me: Inside = known) -> RulesShown:
        """What my meetings are never looser than, and who decided each."""
        said = await at.floors(me[0].id)
        return RulesShown(rules={name: RuleShown(value=value, by=by) for name, (value, by) in said.items()})

    @api.post("/ask", status_code=204)
    async def ask(wanted: AskRequest, me: Inside = known) -> None:
        """The organiser of that number hears by mail that I want to be invited. The answer is the same whether there is one."""
        done(await asking.ask(at, asked, me[0], wanted.number))

    @api.get("/feed")
    async def feed_address(me: Inside = known) -> AddressShown:
        """Of my calendar as iCalendar: whoever has it can read it."""
        return AddressShown(address=await feeding.address(at, me[0]))

    @api.post("/feed/renew")
    async def renew_feed(me: Inside = known) -> AddressShown:
        """The old address shows nothing from now on."""
        return AddressShown(address=await feeding.renew(at, me[0]))

    @api.get("/meetings/{id}/file.ics", response_class=Response, responses=gives("text/calendar"))
    async def file(id: str, me: Inside = known) -> Response:
        """A meeting as iCalendar."""
        return _ics(or_refuse(await feeding.file(at, me[0], id)), "meeting.ics")

    @api.post("/import", status_code=201, openapi_extra=takes("text/calendar"))
    async def take_in(request: Request, me: Inside = known) -> TakenShown:
        """The body is iCalendar. Nobody is invited by it."""
        taken = or_refuse(await importing.take_in(at, me[0], await request.body()))
        left = [LeftShown(title=one.title, why=one.why) for one in taken.left]
        return TakenShown(made=[one.series.id for one in taken.made], left=left)

    @api.get("/meetings/{id}/occurrences/{n}")
    async def kept(id: str, n: int, me: Inside = known) -> KeptShown:
        """What is kept of one time that took place."""
        return shown_kept.kept(or_refuse(await keeping.kept(at, me[0], id, n)))

    @api.get("/meetings/{id}/occurrences/{n}/attendance")
    async def attendance(id: str, n: int, me: Inside = known) -> RollShown:
        """Who was there and when, where attendance was switched on."""
        return shown_kept.roll(or_refuse(await keeping.roll(at, me[0], id, n)))

    @api.get(
        "/meetings/{id}/occurrences/{n}/attendance.csv", response_class=Response, responses=gives("text/csv")
    )
    async def attendance_table(id: str, n: int, me: Inside = known) -> Response:
        """The same as a table; safe to open in a spreadsheet."""
        said = written(shown_kept.roll(or_refuse(await keeping.roll(at, me[0], id, n))))
        return _file(said, "text/csv; charset=utf-8", "attendance.csv")

    @api.post("/meetings/{id}/people/{invitation}/ring")
    async def ring(id: str, invitation: str, me: Inside = known) -> RungShown:
        """Calls an invited person. How it was told them, or that they want quiet now."""
        rung = or_refuse(await ringing.ring(at, bell, me[0], id, invitation))
        return RungShown(open=rung.open, mailed=rung.mailed, quiet=rung.quiet)

    @api.get("/rings")
    async def rings(after: int = Query(0, ge=0), me: Inside = known) -> RingsShown:
        """Waits for the next, some seconds long."""
        heard = await bell.listen(me[0].id, after, LISTENS_S)
        return RingsShown(
            rings=[
                RingShown(
                    id=one.id,
                    meeting=one.meeting,
                    number=one.number,
                    title=one.title,
                    by=one.by,
                    at=one.at.isoformat(),
                )
                for one in heard
            ]
        )

    @api.get("/quiet", response_model_by_alias=True)
    async def quiet(me: Inside = known) -> QuietShown:
        """When I don't want to be rung."""
        async with at.storage.reading() as connection:
            kept = await store.preferences(connection, me[0].id)
        return shown.quiet(kept, mails=at.post is not None)

    @api.put("/quiet", response_model_by_alias=True)
    async def set_quiet(wanted: QuietRequest, me: Inside = known) -> QuietShown:
        """From when to when I don't want to be rung, and whether a mail may say that I was."""
        async with at.storage.writing() as connection:
            before = await store.preferences(connection, me[0].id)
            after = replace(before, quiet_from=wanted.quiet_from, quiet_to=wanted.quiet_to)
            after = replace(after, ring_by_mail=wanted.mail)
            await store.prefer(connection, me[0].id, after)
        return shown.quiet(after, mails=at.post is not None)

    @api.get("/templates")
    async def templates(me: Inside = known) -> list[TemplateShown]:
        """Kinds of meetings that I keep."""
        async with at.storage.reading() as connection:
            kept = await store.templates_of(connection, me[0].id)
        return [TemplateShown(id=id, name=name, **wish) for id, name, wish in kept]

    @api.post("/templates", status_code=201)
    async def add_template(wanted: TemplateRequest, me: Inside = known) -> TemplateShown:
        """A kind of meeting under a name, to plan another alike."""
        name = or_refuse(text.name(wanted.name))
        or_refuse(text.title(wanted.title))
        id = "t_" + at.draw(12)
        wish = wanted.model_dump(exclude={"name"})
        async with at.storage.writing() as connection:
            if len(await store.templates_of(connection, me[0].id)) >= MOST_TEMPLATES:
                or_refuse(Refusal("calendar.too_many_templates", {"most": MOST_TEMPLATES}))
            await store.add_template(connection, id, me[0].id, name, wish)
        return TemplateShown(id=id, name=name, **wish)

    @api.delete("/templates/{id}", status_code=204)
    async def remove_template(id: str, me: Inside = known) -> None:
        """Meetings that were planned by it stay."""
        async with at.storage.writing() as connection:
            if not await store.remove_template(connection, id, me[0].id):
                or_refuse(Refusal("calendar.no_template"))

    return api


def written(roll: RollShown) -> str:
    """A table for a spreadsheet; what would be a formula there is text."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(
        ["name", "account", "came", "left", "minutes", *(f"check {check.at}" for check in roll.checks)]
    )
    for one in roll.people:
        there = ("yes" if here else "no" for here in one.checks)
        account = "yes" if one.account else "no"
        table.writerow([text.cell(one.name), account, one.came_at, one.left_at or "", one.minutes, *there])
    return "\ufeff" + out.getvalue()


def _ics(said: str, name: str) -> Response:
    return _file(said, CALENDAR, name)


def _file(said: str, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(said, media_type=kind, headers=headers)
