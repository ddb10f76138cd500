"""What is otherwise about a meeting that is changed, and so what the invited are told. Pure.

Law: a mail names the time that it is about. Who reads of a change knows which of many times is meant, and what it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from folkmoot.calendar import occurring
from folkmoot.calendar.model import Occurrence, Series, Stretch

FURTHEST = 1000
"""Times that are looked through for the first that is no more."""


@dataclass(frozen=True, slots=True)
class News:
    about: str
    """Which words say it."""
    one: Occurrence
    """The time that it is about, or the first."""
    was: Occurrence | None = None
    """What that was, where it is at another time."""


def parts(before: Series, after: Series) -> tuple[Sequence[Stretch], Sequence[Stretch]]:
    """What is no more, and what is otherwise."""
    if after.cancelled_at is not None:
        return after.stretches, ()
    left = {one.uid for one in after.stretches}
    old = {one.uid: _of(before, one) for one in before.stretches}
    gone = [one for one in before.stretches if one.uid not in left]
    return gone, [one for one in after.stretches if old.get(one.uid) != _of(after, one)]


def _of(series: Series, stretch: Stretch) -> object:
    here = ((at, one, occurring.stretch_of(series, at)) for at, one in series.changes.items())
    return stretch, {at: one for at, one, of in here if of is not None and of.uid == stretch.uid}


def news(before: Series, after: Series, stretch: Stretch, now: datetime) -> News | None:
    """Of one part that is otherwise. None: all of it, as far as words go."""
    old = next((one for one in before.stretches if one.uid == stretch.uid), None)
    if old is None:
        first = occurring.coming(replace(after, stretches=(stretch,)), now)
        return News("changed_from", first[0]) if first else None
    if old == stretch:
        return _once(before, after, stretch, now)
    if replace(old, until=stretch.until, count=stretch.count) == stretch:
        return _shorter(before, after, old, stretch, now)
    return None


def _once(before: Series, after: Series, stretch: Stretch, now: datetime) -> News | None:
    """One time alone."""
    said = before.changes.keys() | after.changes.keys()
    other = [at for at in said if before.changes.get(at) != after.changes.get(at)]
    here = [at for at in other if (of := occurring.stretch_of(after, at)) and of.uid == stretch.uid]
    if len(here) != 1 or not stretch.rule:
        return None
    was, one = occurring.occurrence(before, here[0]), occurring.occurrence(after, here[0])
    if was is None or one is None or max(was.ends_at, one.ends_at) <= now:
        return None
    if one.cancelled:
        return News("cancelled_once", was)
    return News("changed_once", one, was if _hours(was) != _hours(one) else None)


def _hours(one: Occurrence) -> tuple[datetime, int]:
    return one.starts_at, one.minutes


def _shorter(before: Series, after: Series, old: Stretch, stretch: Stretch, now: datetime) -> News | None:
    """It ends sooner: what follows is otherwise, or is no more."""
    left = replace(after, stretches=(stretch,))
    there = occurring.coming(replace(before, stretches=(old,)), now, FURTHEST)
    cut = next((one for one in there if occurring.occurrence(left, one.at) is None), None)
    if cut is None:
        return None
    known = {one.uid for one in before.stretches}
    goes_on = any(one.uid not in known for one in after.stretches)
    return News("changed_until" if goes_on else "cancelled_from", cut)
