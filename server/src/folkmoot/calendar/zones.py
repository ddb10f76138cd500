"""A time zone as iCalendar describes one (RFC 5545, 3.6.5), from the zone database. Pure.

Law: a change of the clocks is told in the time that is left by it. (The library's own tells it in the time that is come to, and is an hour
late in spring.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vDDDLists, vRecur

YEARS = 10
STEP = timedelta(days=7)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Observance(NamedTuple):
    """What holds from a change of the clocks on."""

    left: timedelta
    come_to: timedelta
    name: str
    summer: bool


@lru_cache(maxsize=256)
def described(zone: str, year: int) -> Timezone:
    """From that year on. What comes every year alike is told as a rule, so that it holds for ever."""
    tz = ZoneInfo(zone)
    begins, ends = datetime(year, 1, 1, tzinfo=UTC), datetime(year + YEARS, 1, 1, tzinfo=UTC)
    made = Timezone()
    made.add("TZID", zone)
    made.add_component(_first(tz, begins))
    onsets: defaultdict[Observance, list[datetime]] = defaultdict(list)
    for at, observance in _changes(tz, begins, ends):
        onsets[observance].append(at)
    for observance, several in onsets.items():
        made.add_component(_observed(observance, several))
    return made


def _first(tz: ZoneInfo, at: datetime) -> TimezoneStandard | TimezoneDaylight:
    offset = _offset(tz, at)
    first = _component(Observance(offset, offset, _name(tz, at), _summer(tz, at)))
    first.add("DTSTART", (at + offset).replace(tzinfo=None))
    return first


def _observed(observance: Observance, onsets: Sequence[datetime]) -> TimezoneStandard | TimezoneDaylight:
    component = _component(observance)
    component.add("DTSTART", onsets[0])
    if (rule := _yearly(onsets)) is not None:
        component.add("RRULE", vRecur.from_ical(rule))
    elif len(onsets) > 1:
        component.add("RDATE", vDDDLists(list(onsets[1:])))
    return component


def _component(observance: Observance) -> TimezoneStandard | TimezoneDaylight:
    made: TimezoneStandard | TimezoneDaylight = (
        TimezoneDaylight() if observance.summer else TimezoneStandard()
    )
    made.add("TZOFFSETFROM", observance.left)
    made.add("TZOFFSETTO", observance.come_to)
    made.add("TZNAME", observance.name)
    return made


def _yearly(onsets: Sequence[datetime]) -> str | None:
    """The rule of which all are, year by year: such as the last Sunday of March."""
    first = onsets[0]
    every = [one.year for one in onsets] == list(range(first.year, first.year + YEARS))
    alike = {(one.month, one.weekday(), one.time()) for one in onsets}
    if not every or len(alike) != 1:
        return None
    places = {(one.day - 1) // 7 + 1 for one in onsets}
    lasts = all((one + timedelta(days=7)).month != one.month for one in onsets)
    if not lasts and len(places) != 1:
        return None
    place = -1 if lasts else places.pop()
    return f"FREQ=YEARLY;BYMONTH={first.month};BYDAY={place}{WEEKDAYS[first.weekday()]}"


def _changes(tz: ZoneInfo, begins: datetime, ends: datetime) -> Iterator[tuple[datetime, Observance]]:
    """Local time before the change, and what holds after it."""
    at = begins
    while at < ends:
        after = at + STEP
        if _state(tz, at) != _state(tz, after):
            change = _found(tz, at, after)
            left, before = _offset(tz, at), change - timedelta(seconds=1)
            yield (
                (change + left).replace(tzinfo=None),
                Observance(_offset(tz, before), _offset(tz, change), _name(tz, change), _summer(tz, change)),
            )
        at = after


def _found(tz: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """To the second."""
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _state(tz, middle) == _state(tz, before):
            before = middle
        else:
            after = middle
    return after


def _state(tz: ZoneInfo, at: datetime) -> tuple[timedelta, str]:
    return _offset(tz, at), _name(tz, at)


def _offset(tz: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(tz).utcoffset() or timedelta()


def _name(tz: ZoneInfo, at: datetime) -> str:
    return at.astimezone(tz).tzname() or "UTC"


def _summer(tz: ZoneInfo, at: datetime) -> bool:
    return bool(at.astimezone(tz).dst())
