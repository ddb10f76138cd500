"""The times at which a series takes place, with what is different about single ones; and how a plan is changed. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from folkmoot.calendar import repeating
from folkmoot.calendar.model import Change, Occurrence, Series, Stretch, at_local, moment, named
from folkmoot.kit import Refusal

FURTHEST_MOVED = timedelta(days=366)
"""One time is moved by a year at most: so far is looked for those that were."""
UNKNOWN = Refusal("calendar.occurrence_unknown")


def occurrences(series: Series, since: datetime, before: datetime) -> Iterator[Occurrence]:
    """Those that start in `since <= … < before`, in order; the cancelled too."""
    plain = heapq.merge(*(_plain(series, one, since, before) for one in series.stretches), key=_when)
    moved = sorted((one for one in _moved(series) if since <= one.starts_at < before), key=_when)
    yield from heapq.merge(plain, moved, key=_when)


def occurrence(series: Series, at: str) -> Occurrence | None:
    """By its name."""
    try:
        starts = at_local(at)
    except ValueError:
        return None
    for stretch in series.stretches:
        if repeating.is_start(stretch, starts):
            return _changed(series, stretch, starts)
    return None


def coming(series: Series, now: datetime, most: int = 1) -> list[Occurrence]:
    """What isn't over, or cancelled."""
    long_ago = now - timedelta(days=1)
    there = occurrences(series, long_ago, now + repeating.AHEAD)
    return list(islice((one for one in there if one.ends_at > now and not one.cancelled), most))


def last_end(series: Series) -> datetime | None:
    """When all of it is over. None: it goes on for ever."""
    if not series.stretches:
        return None
    ends = [(one, repeating.ends(one)) for one in series.stretches]
    if any(last is None for _, last in ends):
        return None
    moments = [
        moment(last, one.zone) + timedelta(minutes=one.minutes) for one, last in ends if last is not None
    ]
    return max([*moments, *(one.ends_at for one in _moved(series))])


def _plain(series: Series, stretch: Stretch, since: datetime, before: datetime) -> Iterator[Occurrence]:
    for starts, _ in repeating.moments(stretch, since, before):
        change = series.changes.get(named(starts))
        if change is None or change.starts is None:
            yield _changed(series, stretch, starts)


def _moved(series: Series) -> Iterator[Occurrence]:
    for at, change in series.changes.items():
        if change.starts is not None and (found := occurrence(series, at)) is not None:
            yield found


def _changed(series: Series, stretch: Stretch, starts: datetime) -> Occurrence:
    change = series.changes.get(named(starts), Change())
    return Occurrence(
        named(starts),
        moment(change.starts or starts, stretch.zone),
        change.minutes or stretch.minutes,
        stretch.zone,
        stretch.title if change.title is None else change.title,
        stretch.notes if change.notes is None else change.notes,
        changed=change != Change() and not change.cancelled,
        cancelled=change.cancelled or series.cancelled_at is not None,
    )


def _when(one: Occurrence) -> datetime:
    return one.starts_at


# --- changing a plan ----------------------------------------------------------------------------------------------------


def change_this(series: Series, at: str, **changed: Any) -> Series | Refusal:
    """`changed`: fields of a `Change`."""
    found = occurrence(series, at)
    if found is None or found.cancelled:
        return UNKNOWN
    starts = changed.get("starts")
    if starts is not None and abs(starts - at_local(at)) > FURTHEST_MOVED:
        return Refusal("calendar.time")
    change = replace(series.changes.get(at, Change()), **changed)
    return replace(series, changes={**series.changes, at: change})


def cancel_this(series: Series, at: str) -> Series | Refusal:
    return change_this(series, at, cancelled=True)


def change_following(series: Series, at: str, new: Stretch | None) -> Series | Refusal:
    """From that time on it is `new`, or no more."""
    place = _place(series, at)
    if place is None:
        return UNKNOWN
    starts = at_local(at)
    before = repeating.ended_before(series.stretches[place], starts)
    kept = (*series.stretches[:place], *((before,) if before else ()), *((new,) if new else ()))
    changes = {name: one for name, one in series.changes.items() if name < at or _still(new, name)}
    return replace(series, stretches=kept, changes=changes)


def change_all(series: Series, new: Stretch) -> Series:
    """What was said of single times stays where its time is still one."""
    changes = {at: one for at, one in series.changes.items() if _still(new, at)}
    return replace(series, stretches=(new,), changes=changes)


def stretch_of(series: Series, at: str) -> Stretch | None:
    place = _place(series, at)
    return None if place is None else series.stretches[place]


def rest_of(stretch: Stretch, at: str) -> Stretch:
    """From that time on, as it was."""
    starts = at_local(at)
    left = None if stretch.count is None else stretch.count - repeating.count_before(stretch, starts)
    return replace(stretch, starts=starts, count=left)


def _place(series: Series, at: str) -> int | None:
    try:
        starts = at_local(at)
    except ValueError:
        return None
    places = (n for n, one in enumerate(series.stretches) if repeating.is_start(one, starts))
    return next(places, None)


def _still(new: Stretch | None, at: str) -> bool:
    return new is not None and repeating.is_start(new, at_local(at))
