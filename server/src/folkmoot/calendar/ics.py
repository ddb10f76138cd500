"""Meetings as iCalendar (RFC 5545): in mails (RFC 5546, 6047), as files, in feeds. Pure.

Law: what somebody typed is text in one property, never a property. Of the invited each mail names the one whom it is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vDDDLists, vRecur, vText

from folkmoot.calendar import occurring, zones
from folkmoot.calendar.model import Change, Invitation, Series, Stretch, at_local, moment

STATUS = {"yes": "ACCEPTED", "no": "DECLINED", "maybe": "TENTATIVE", None: "NEEDS-ACTION"}
UTC_NAMES = ("UTC", "Etc/UTC")


@dataclass(frozen=True, slots=True)
class From:
    """Who invites, and to where."""

    site: str
    name: str
    address: str
    link: str
    words: str = ""
    """What the description says beside the notes."""
    untitled: str = "Meeting"


def uid(stretch: Stretch, series: Series, site: str) -> str:
    return f"{series.id}.{stretch.uid}@{site}"


def written(method: str | None, events: Iterable[Event], language: str = "en") -> str:
    """With the time zones that they need."""
    several = list(events)
    made = Calendar()
    made.add("PRODID", f"-//Folkmoot//{language.upper()}")
    made.add("VERSION", "2.0")
    made.add("CALSCALE", "GREGORIAN")
    if method is not None:
        made.add("METHOD", method)
    for zone, year in sorted(_zones(several)):
        made.add_component(zones.described(zone, year))
    for event in several:
        made.add_component(event)
    return bytes(made.to_ical()).decode()


def events(
    series: Series,
    said: From,
    now: datetime,
    invited: Invitation | None,
    stretches: Sequence[Stretch] | None = None,
) -> Iterator[Event]:
    """Of each stretch the whole, and the single times that differ."""
    for stretch in series.stretches if stretches is None else stretches:
        master = _event(
            series, stretch, said, now, invited, stretch.starts, stretch.minutes, stretch.title, stretch.notes
        )
        if stretch.rule:
            master.add("RRULE", vRecur.from_ical(_rule(stretch)))
            out = [_wall(at_local(at), stretch.zone) for at, _ in _of(series, stretch, cancelled=True)]
            if out:
                master.add("EXDATE", vDDDLists(out))
        yield master
        for at, change in _of(series, stretch, cancelled=False):
            yield _override(series, stretch, said, now, invited, at, change)


def _override(
    series: Series,
    stretch: Stretch,
    said: From,
    now: datetime,
    invited: Invitation | None,
    at: str,
    change: Change,
) -> Event:
    original = at_local(at)
    one = _event(
        *(series, stretch, said, now, invited),
        change.starts or original,
        change.minutes or stretch.minutes,
        stretch.title if change.title is None else change.title,
        stretch.notes if change.notes is None else change.notes,
    )
    if stretch.rule:
        one.add("RECURRENCE-ID", _wall(original, stretch.zone))
    return one


def _event(
    series: Series,
    stretch: Stretch,
    said: From,
    now: datetime,
    invited: Invitation | None,
    starts: datetime,
    minutes: int,
    title: str,
    notes: str,
) -> Event:
    made = Event()
    begins = moment(starts, stretch.zone)
    made.add("UID", uid(stretch, series, said.site))
    made.add("DTSTAMP", now.astimezone(UTC).replace(microsecond=0))
    made.add("SEQUENCE", series.sequence)
    made.add("DTSTART", _wall(starts, stretch.zone) if stretch.rule else _in(begins, stretch.zone))
    made.add("DTEND", _in(begins + timedelta(minutes=minutes), stretch.zone))
    made.add("SUMMARY", title or said.untitled)
    made.add("STATUS", "CANCELLED" if series.cancelled_at else "CONFIRMED")
    made.add("LOCATION", said.link)
    made.add("URL", said.link, parameters={"VALUE": "URI"})
    words = "\n\n".join(part for part in (notes, said.words, said.link) if part)
    made.add("DESCRIPTION", words)
    made.add("ORGANIZER", _person(said.name, said.address))
    if invited is not None and invited.address is not None:
        made.add("ATTENDEE", _attendee(invited))
    return made


def _attendee(invited: Invitation) -> vCalAddress:
    person = _person(invited.name, invited.address or "")
    person.params["ROLE"] = vText("REQ-PARTICIPANT")
    person.params["PARTSTAT"] = vText(STATUS[invited.answer])
    person.params["RSVP"] = vText("TRUE")
    return person


def _person(name: str, address: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    person.params["CN"] = vText(name)
    return person


def _rule(stretch: Stretch) -> str:
    if stretch.count is not None:
        return f"{stretch.rule};COUNT={stretch.count}"
    if stretch.until is None:
        return stretch.rule
    return f"{stretch.rule};UNTIL={moment(stretch.until, stretch.zone):%Y%m%dT%H%M%SZ}"


def _of(series: Series, stretch: Stretch, *, cancelled: bool) -> Iterator[tuple[str, Change]]:
    for at, change in sorted(series.changes.items()):
        here = occurring.stretch_of(series, at)
        if here is not None and here.uid == stretch.uid and change.cancelled is cancelled:
            yield at, change


def _wall(local: datetime, zone: str) -> datetime:
    """As the clock on the wall says it, also where it leaves that time out: the rule goes on from it."""
    return local.replace(tzinfo=UTC if zone in UTC_NAMES else ZoneInfo(zone))


def _in(at: datetime, zone: str) -> datetime:
    return at if zone in UTC_NAMES else at.astimezone(ZoneInfo(zone))


def _zones(events_: Sequence[Event]) -> set[tuple[str, int]]:
    years: dict[str, int] = {}
    for event in events_:
        for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
            said: Any = event.get(name)
            zone = getattr(said.dt.tzinfo, "key", None) if said is not None else None
            if zone is not None and zone not in UTC_NAMES:
                years[zone] = min(years.get(zone, said.dt.year), said.dt.year)
    return set(years.items())


__all__ = ["From", "events", "uid", "written"]
