"""A calendar from elsewhere, taken in as meetings of one's own.

Law: bounded before it is read. What isn't iCalendar is refused by its first bytes; of what is, so many lines and events are looked at.
Nobody is invited by it, and nothing in it is trusted: its texts pass as if they were typed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar as Parsed
from icalendar import Event

from folkmoot.accounts import Account
from folkmoot.calendar import planning
from folkmoot.calendar.calendar import Calendar
from folkmoot.calendar.model import MOST_MINUTES, named
from folkmoot.calendar.planning import Wish
from folkmoot.calendar.store import Entry
from folkmoot.kit import Refusal, time_zones

LARGEST = 256 * 1024
MOST_LINES, LONGEST_LINE, MOST_EVENTS, DEEPEST = 8000, 8000, 200, 3
BEGINS = b"BEGIN:VCALENDAR"


@dataclass(frozen=True, slots=True)
class Left:
    """What isn't taken in."""

    title: str
    why: str


@dataclass(slots=True)
class Taken:
    made: list[Entry] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


async def take_in(at: Calendar, by: Account, body: bytes) -> Taken | Refusal:
    events = read(body)
    if isinstance(events, Refusal):
        return events
    taken = Taken()
    for event in events:
        title = " ".join(str(event.get("SUMMARY", "")).split())[:200]
        wish = _wish(event, title, by.time_zone)
        outcome = await planning.plan(at, by, wish) if isinstance(wish, Wish) else Refusal(wish)
        if isinstance(outcome, Refusal):
            taken.left.append(Left(title, outcome.code))
        else:
            taken.made.append(outcome)
    return taken


def read(body: bytes) -> list[Event] | Refusal:
    why = _nonsense(body)
    if why is not None:
        return Refusal("calendar.import", {"why": why})
    try:
        parsed: Any = Parsed.from_ical(body)
        events = [one for one in parsed.walk("VEVENT") if "RECURRENCE-ID" not in one]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return Refusal("calendar.import", {"why": "it can't be read"})
    if len(events) > MOST_EVENTS:
        return Refusal("calendar.import", {"why": f"it has more than {MOST_EVENTS} events"})
    return events


def _nonsense(body: bytes) -> str | None:
    """By looking at it once."""
    if len(body) > LARGEST:
        return f"it is larger than {LARGEST} bytes"
    if body.lstrip(b"\xef\xbb\xbf\r\n \t")[: len(BEGINS)].upper() != BEGINS:
        return "it doesn't begin as a calendar does"
    lines = body.splitlines()
    if len(lines) > MOST_LINES or max(map(len, lines)) > LONGEST_LINE:
        return "it has more or longer lines than a calendar needs"
    depth = 0
    for line in lines:
        word = line[:6].upper()
        depth += word == b"BEGIN:"
        depth -= line[:4].upper() == b"END:"
        if depth > DEEPEST or depth < 0:
            return "its parts are nested as none is"
    if depth:
        return "it isn't whole"
    try:
        body.decode()
    except UnicodeDecodeError:
        return "it isn't UTF-8"
    return None


def _wish(event: Event, title: str, own_zone: str) -> Wish | str:
    """The code of why not."""
    start = _value(event, "DTSTART")
    if start is None:
        return "calendar.time"
    starts, zone = _local(start, own_zone)
    rule = event.get("RRULE")
    return Wish(
        title=title,
        notes=str(event.get("DESCRIPTION", ""))[:4000],
        starts=named(starts),
        minutes=_minutes(event, start),
        time_zone=zone,
        rrule=rule.to_ical().decode() if rule is not None and hasattr(rule, "to_ical") else None,
    )


def _local(start: date, own_zone: str) -> tuple[datetime, str]:
    if not isinstance(start, datetime):
        return datetime(start.year, start.month, start.day), own_zone  # noqa: DTZ001
    zone = getattr(start.tzinfo, "key", None)
    if zone in time_zones():
        return start.replace(tzinfo=None), str(zone)
    if start.tzinfo is None:
        return start, own_zone
    return start.astimezone(UTC).astimezone(ZoneInfo(own_zone)).replace(tzinfo=None), own_zone


def _minutes(event: Event, start: date) -> int:
    end, lasts = _value(event, "DTEND"), _value(event, "DURATION")
    length = lasts if isinstance(lasts, timedelta) else timedelta(minutes=60)
    if (
        isinstance(end, datetime)
        and isinstance(start, datetime)
        and (end.tzinfo is None) == (start.tzinfo is None)
    ):
        length = end - start
    return max(1, min(MOST_MINUTES, int(length.total_seconds()) // 60))


def _value(event: Event, name: str) -> Any:
    said: Any = event.get(name)
    return getattr(said, "dt", None)
