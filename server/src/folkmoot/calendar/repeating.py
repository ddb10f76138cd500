"""When something repeats: rules of RFC 5545, in local time. Pure.

Law: bounded. Whatever a rule says, it is read and asked within milliseconds: rules by the hour and finer are refused, and nobody looks
further than four years ahead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile

from dateutil.rrule import rrule, rrulestr

from folkmoot.calendar.model import Stretch, locally, moment

LONGEST = 300
MOST_COUNT, MOST_INTERVAL = 1000, 400
AHEAD = timedelta(days=1465)
"""Leap days come every four years."""
SPAN = timedelta(days=3660)
"""Of what is counted."""
SHORTEST_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
LAST = datetime(9999, 12, 31)  # noqa: DTZ001  (local)
KNOWN = ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST", "COUNT", "UNTIL")


@dataclass(frozen=True, slots=True)
class Rule:
    parts: str
    """Without COUNT and UNTIL."""
    count: int | None = None
    until: datetime | None = None


def read(text: str, starts: datetime, zone: str) -> Rule | str:
    """Why it can't be, if it can't."""
    if len(text) > LONGEST:
        return "it is too long"
    said: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, is_, value = part.partition("=")
        if not is_ or name not in KNOWN or name in said or not value:
            return f"{name[:20] or 'an empty part'} can't be here"
        said[name] = value
    if said.get("FREQ") not in SHORTEST_DAYS:
        return "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY"
    count, until = said.pop("COUNT", None), said.pop("UNTIL", None)
    if count is not None and until is not None:
        return "COUNT and UNTIL exclude each other"
    if (why := _numbers(said, count)) is not None:
        return why
    last = _until(until, zone) if until else None
    if isinstance(last, str):
        return last
    rule = Rule(
        ";".join(f"{name}={said[name]}" for name in KNOWN if name in said),
        int(count) if count else None,
        last,
    )
    return _checked(rule, starts)


def written(stretch: Stretch) -> str | None:
    """As the API has it: UNTIL in local time."""
    if not stretch.rule:
        return None
    end = f";UNTIL={stretch.until:%Y%m%dT%H%M%S}" if stretch.until else ""
    return stretch.rule + (f";COUNT={stretch.count}" if stretch.count else end)


def first(stretch: Stretch) -> datetime | None:
    """Where the start that was said isn't of the rule, it is the next that is."""
    return next(starts(stretch, stretch.starts, stretch.starts + AHEAD), None)


def starts(stretch: Stretch, since: datetime, before: datetime) -> Iterator[datetime]:
    """Local starts in `since <= … < before`, in order."""
    if not stretch.rule:
        yield from (one for one in (stretch.starts,) if since <= one < before)
        return
    last = (
        min(before, since + AHEAD)
        if stretch.until is None
        else min(before, stretch.until + timedelta(seconds=1))
    )
    for one in takewhile(lambda one: one < last, _rule(stretch, since, last)):
        if one >= since:
            yield one


def is_start(stretch: Stretch, at: datetime) -> bool:
    return next(starts(stretch, at, at + timedelta(minutes=1)), None) == at


def ends(stretch: Stretch) -> datetime | None:
    """The last start; None: it goes on."""
    if not stretch.rule:
        return stretch.starts
    if stretch.count is not None:
        *_, last = (stretch.starts, *_rule(stretch, stretch.starts, LAST))
        return last
    return stretch.until


def ended_before(stretch: Stretch, at: datetime) -> Stretch | None:
    """What is left of it if it ends before that start. None: nothing."""
    if stretch.starts >= at:
        return None
    return replace(stretch, count=None, until=at - timedelta(minutes=1)) if stretch.rule else stretch


def count_before(stretch: Stretch, at: datetime) -> int:
    return sum(1 for _ in starts(stretch, stretch.starts, at))


class _Over(Exception):
    pass


class _Interval(int):
    """One that goes by so many times and no more. The library looks at UNTIL only where something comes: it would look for a
    thirtieth of February, day by day, until the year 9999, which takes seconds."""

    turns: int

    def __radd__(self, other: int) -> int:
        return other + self._gone_by()

    def __mul__(self, other: int) -> int:
        return self._gone_by() * other

    def _gone_by(self) -> int:
        if self.turns == 0:
            raise _Over
        self.turns -= 1
        return int(self)


def _rule(stretch: Stretch, since: datetime, last: datetime) -> Iterator[datetime]:
    """Never without an end."""
    frequency, interval = _pace(stretch)
    begins = stretch.starts if stretch.count else _nearer(stretch, since)
    last = min(last, stretch.starts + SPAN) if stretch.count else last
    made = rrulestr(f"{stretch.rule};UNTIL={last:%Y%m%dT%H%M%S}", dtstart=begins)
    assert isinstance(made, rrule)
    bounded = _Interval(interval)
    bounded.turns = max(0, (last - begins).days) // (SHORTEST_DAYS[frequency] * interval) + 2
    with suppress(_Over):
        yield from islice(made.replace(interval=bounded), stretch.count)


def _nearer(stretch: Stretch, since: datetime) -> datetime:
    """Years of days and weeks needn't be counted one by one: some whole turns later the rule is the same."""
    frequency, interval = _pace(stretch)
    if frequency not in ("DAILY", "WEEKLY") or since <= stretch.starts:
        return stretch.starts
    turn = SHORTEST_DAYS[frequency] * interval
    turns = max(0, (since - stretch.starts).days // turn - 2)
    return stretch.starts + timedelta(days=turns * turn)


def _pace(stretch: Stretch) -> tuple[str, int]:
    """Its frequency and its interval."""
    said = dict(part.split("=") for part in stretch.rule.split(";"))
    return said["FREQ"], int(said.get("INTERVAL", "1"))


def _numbers(said: dict[str, str], count: str | None) -> str | None:
    for name, value, most in (
        ("INTERVAL", said.get("INTERVAL"), MOST_INTERVAL),
        ("COUNT", count, MOST_COUNT),
    ):
        if value is not None and not (value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= most):
            return f"{name} is 1 to {most}"
    return None


def _until(text: str, zone: str) -> datetime | str:
    """A day is meant to its end; a moment in UTC is told in local time."""
    for form in ("%Y%m%d", "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ"):
        try:
            said = datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
        if form == "%Y%m%d":
            return said + timedelta(hours=23, minutes=59)
        return locally(said.replace(tzinfo=UTC), zone) if form.endswith("Z") else said
    return "UNTIL isn't a time"


def _checked(rule: Rule, starts_: datetime) -> Rule | str:
    stretch = Stretch(starts_, 1, "UTC", rule=rule.parts, count=rule.count, until=rule.until)
    try:
        begins = first(stretch)
    except (ValueError, TypeError, KeyError, OverflowError):
        return "it can't be understood"
    if (
        begins is not None
        and rule.count is not None
        and len(list(_rule(stretch, starts_, LAST))) < rule.count
    ):
        return "it takes longer than ten years"
    return rule if begins is not None else "it has no time within four years"


def moments(stretch: Stretch, since: datetime, before: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Local start and moment of those that start in `since <= … < before`."""
    day = timedelta(days=1)
    for one in starts(stretch, locally(since, stretch.zone) - day, locally(before, stretch.zone) + day):
        at = moment(one, stretch.zone)
        if since <= at < before:
            yield one, at
