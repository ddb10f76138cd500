"""What pages get: the wire's names. What they send is `wanted`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from folkmoot.branding import BrandingShown, shown
from folkmoot.calendar import occurring, repeating
from folkmoot.calendar.answering import Asked
from folkmoot.calendar.calendar import Calendar
from folkmoot.calendar.inviting import Made
from folkmoot.calendar.looking import Dashboard, Handed, Seen, State, Was
from folkmoot.calendar.model import Invitation, Kind, Mine, Occurrence, Series, Who, named
from folkmoot.calendar.store import Entry, Preferences
from folkmoot.calendar.wanted import TERMS, TemplateRequest
from folkmoot.meetings.people.policy import WaitingRoom

Answer = Literal["yes", "no", "maybe"]


class OccurrenceShown(BaseModel):
    meeting: str
    at: str
    number: str
    title: str
    starts_at: str
    ends_at: str
    time_zone: str
    state: State
    changed: bool
    mine: Mine
    answer: Answer | None
    invited: int
    organiser: str
    picture: str | None
    """The organiser's."""
    repeats: bool
    kind: Kind


class HeldShown(BaseModel):
    meeting: str
    n: int
    number: str
    title: str
    kind: Kind
    began_at: str
    ended_at: str | None
    people: int
    mine: Mine
    attendance: bool


class InvitationShown(BaseModel):
    id: str
    name: str
    address: str | None
    account: str | None
    picture: str | None
    """Of who was invited as an account; whether an address has one is told to nobody."""
    language: str
    cohost: bool
    answer: Answer | None
    revoked: bool
    link: str | None
    mailed: bool


class HandedShown(BaseModel):
    """One is its organiser by another's doing, and hasn't said yet that one keeps it."""

    meeting: str
    title: str
    by: str
    """Whose it was. Empty: they have gone."""
    back: bool
    """It can be given back to them."""


class PlannedShown(BaseModel):
    id: str
    number: str
    kind: Kind
    title: str
    notes: str
    starts: str | None
    minutes: int
    time_zone: str
    rrule: str | None
    preset: str
    waiting_room: WaitingRoom | None
    who: Who
    early_minutes: int
    capacity: int | None
    attendance: bool
    by_number: bool
    mine: Mine
    organiser: str
    answer: Answer | None
    link: str | None
    passcode: str | None
    sequence: int
    cancelled: bool
    made_at: str
    next: OccurrenceShown | None
    coming: list[OccurrenceShown]
    earlier: list[HeldShown]
    people: list[InvitationShown]
    mails: bool
    """The invited hear by mail of what is changed."""
    handed: HandedShown | None


class DashboardShown(BaseModel):
    now: list[OccurrenceShown]
    next: OccurrenceShown | None
    today: list[OccurrenceShown]
    coming: list[OccurrenceShown]
    earlier: list[HeldShown]
    handed: list[HandedShown]
    mails: bool
    """Who is invited to what is one's own hears of changes by mail."""
    time_zone: str


class EarlierShown(BaseModel):
    earlier: list[HeldShown]


class AskedShown(BaseModel):
    title: str
    organiser: str
    starts_at: str | None
    ends_at: str | None
    time_zone: str
    rrule: str | None
    cancelled: bool
    name: str
    answer: Answer | None
    link: str
    branding: BrandingShown | None
    """How the organisation looks that the meeting is of."""


class AddressShown(BaseModel):
    address: str


class TemplateShown(TemplateRequest):
    id: str


class QuietShown(BaseModel):
    quiet_from: str | None = Field(serialization_alias="from")
    quiet_to: str | None = Field(serialization_alias="to")
    mail: bool
    mails: bool
    """Whether this server sends any."""


class RungShown(BaseModel):
    open: bool
    mailed: bool
    quiet: bool


class RingShown(BaseModel):
    id: int
    meeting: str
    number: str
    title: str
    by: str
    at: str


class RingsShown(BaseModel):
    rings: list[RingShown]


class OwnShown(BaseModel):
    id: str
    title: str
    starts_at: str | None
    time_zone: str
    repeats: bool
    org: str | None


class OwnedShown(BaseModel):
    meetings: list[OwnShown]


class HeirShown(BaseModel):
    heir: str | None
    name: str


class RuleShown(BaseModel):
    value: str
    by: str


class RulesShown(BaseModel):
    rules: dict[str, RuleShown]


class OrgCalled(BaseModel):
    id: str
    name: str


class HeirsShown(HeirShown):
    orgs: list[OrgCalled]


class LeftShown(BaseModel):
    title: str
    why: str


class TakenShown(BaseModel):
    made: list[str]
    left: list[LeftShown]


# --- how ------------------------------------------------------------------------------------------------------------------


def occurrence(seen: Seen) -> OccurrenceShown:
    entry, one = seen.entry, seen.occurrence
    series = entry.series
    return OccurrenceShown(
        meeting=series.id,
        at=one.at,
        number=series.number,
        title=one.title,
        starts_at=one.starts_at.isoformat(),
        ends_at=one.ends_at.isoformat(),
        time_zone=one.zone,
        state=seen.state,
        changed=one.changed,
        mine=entry.mine,
        answer=entry.invitation.answer if entry.invitation else None,
        invited=seen.invited,
        organiser=seen.organiser,
        picture=seen.picture,
        repeats=any(stretch.rule for stretch in series.stretches),
        kind=series.kind,
    )


def held(was: Was) -> HeldShown:
    series, one = was.entry.series, was.held
    return HeldShown(
        meeting=series.id,
        n=one.n,
        number=series.number,
        title=one.title,
        kind=series.kind,
        began_at=one.began_at.isoformat(),
        ended_at=one.ended_at.isoformat() if one.ended_at else None,
        people=one.people,
        mine=was.entry.mine,
        attendance=series.terms.attendance,
    )


def dashboard(board: Dashboard, zone: str, *, mails: bool) -> DashboardShown:
    return DashboardShown(
        now=[occurrence(one) for one in board.now],
        next=occurrence(board.next) if board.next else None,
        today=[occurrence(one) for one in board.today],
        coming=[occurrence(one) for one in board.coming],
        earlier=[held(one) for one in board.earlier],
        handed=[handed(one) for one in board.handed],
        mails=mails,
        time_zone=zone,
    )


def handed(one: Handed) -> HandedShown:
    return HandedShown(meeting=one.series.id, title=one.series.title, by=one.by, back=one.back)


def owned(several: list[Series], now: datetime) -> OwnedShown:
    """The next of each."""
    return OwnedShown(meetings=[_own(one, occurring.coming(one, now)) for one in several])


def _own(one: Series, times: list[Occurrence]) -> OwnShown:
    return OwnShown(
        id=one.id,
        title=one.title,
        starts_at=times[0].starts_at.isoformat() if times else None,
        time_zone=one.zone,
        repeats=any(stretch.rule for stretch in one.stretches),
        org=one.org,
    )


def planned(
    at: Calendar,
    entry: Entry,
    organiser: str,
    times: list[Seen],
    past: list[Was],
    people: list[Invitation],
    pictures: Mapping[str, str],
    asked: list[Handed],
    *,
    mails: bool,
) -> PlannedShown:
    series, hosts = entry.series, entry.mine.hosts
    stretch = series.stretches[-1] if series.stretches else None
    own = entry.invitation
    shown = [occurrence(one) for one in times]
    mine = at.links.link_of(series, own) if own else None
    return PlannedShown(
        id=series.id,
        number=series.number,
        kind=series.kind,
        title=series.title,
        notes=series.notes,
        starts=named(stretch.starts) if stretch else None,
        minutes=stretch.minutes if stretch else series.minutes,
        time_zone=stretch.zone if stretch else series.zone,
        rrule=repeating.written(stretch) if stretch else None,
        **{name: getattr(series.terms, name) for name in TERMS},
        mine=entry.mine,
        organiser=organiser,
        answer=own.answer if own else None,
        link=at.links.link(series) if hosts else mine,
        passcode=at.links.passcode(series) if hosts and series.terms.by_number else None,
        sequence=series.sequence,
        cancelled=series.cancelled_at is not None,
        made_at=series.made_at.isoformat(),
        next=next((one for one in shown if one.state in ("planned", "open", "running")), None),
        coming=shown,
        earlier=[held(one) for one in past],
        people=[invitation(at, series, Made(one, mailed=False), pictures, hosts=hosts) for one in people],
        mails=mails,
        handed=handed(asked[0]) if asked else None,
    )


def invitation(
    at: Calendar, series: Series, made: Made, pictures: Mapping[str, str], *, hosts: bool = True
) -> InvitationShown:
    one = made.invitation
    return InvitationShown(
        id=one.id,
        name=one.name,
        address=one.address,
        account=one.account,
        picture=pictures.get(one.account or ""),
        language=one.language,
        cohost=one.cohost,
        answer=one.answer,
        revoked=one.revoked,
        link=at.links.link_of(series, one) if hosts and not one.revoked else None,
        mailed=made.mailed,
    )


def asked(at: Calendar, one: Asked) -> AskedShown:
    stretch = one.series.stretches[-1] if one.series.stretches else None
    title = one.next.title if one.next else one.series.title
    return AskedShown(
        title=title,
        organiser=one.organiser,
        starts_at=one.next.starts_at.isoformat() if one.next else None,
        ends_at=one.next.ends_at.isoformat() if one.next else None,
        time_zone=one.next.zone if one.next else one.series.zone,
        rrule=repeating.written(stretch) if stretch else None,
        cancelled=one.series.cancelled_at is not None,
        name=one.invited.name,
        answer=one.invited.answer,
        link=at.links.link_of(one.series, one.invited),
        branding=shown.branding(one.branded),
    )


def quiet(wanted: Preferences, *, mails: bool) -> QuietShown:
    hours = {"quiet_from": wanted.quiet_from, "quiet_to": wanted.quiet_to}
    return QuietShown(**hours, mail=wanted.ring_by_mail, mails=mails)
