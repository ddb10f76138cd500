"""Meetings are planned, changed and cancelled; who is invited hears of it in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.accounts.model import time_zone
from folkmoot.calendar import inviting, model, occurring, repeating, store
from folkmoot.calendar.calendar import Calendar, visitor
from folkmoot.calendar.inviting import Invite
from folkmoot.calendar.model import Kind, Series, SeriesId, Stretch, Terms, named
from folkmoot.calendar.store import Entry
from folkmoot.kit import Refusal, text
from folkmoot.meetings import planned

OVER = Refusal("calendar.over")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is said of a meeting. None: as it was, or as is usual."""

    title: str | None = None
    notes: str | None = None
    starts: str | None = None
    minutes: int | None = None
    time_zone: str | None = None
    rrule: str | None = None
    """Empty: it doesn't repeat."""
    terms: Mapping[str, Any] = field(default_factory=dict)


# --- making -------------------------------------------------------------------------------------------------------------


async def plan(at: Calendar, owner: Account, wish: Wish, people: Sequence[Invite] = ()) -> Entry | Refusal:
    empty = _empty(at, owner, Kind.PLANNED)
    made = with_times(_said(at, empty, wish), wish, None)
    if isinstance(made, Refusal):
        return made
    if (last := occurring.last_end(made)) is not None and last <= at.clock.now():
        return OVER
    return await _keep(at, owner, made, people)


async def make(at: Calendar, owner: Account, kind: Kind, wish: Wish) -> Entry | Refusal:
    """One without times."""
    made = _said(at, _empty(at, owner, kind), wish)
    return made if isinstance(made, Refusal) else await _keep(at, owner, made, ())


async def room(at: Calendar, owner: Account) -> Entry | Refusal:
    """Made when it is first asked for."""
    async with at.storage.reading() as connection:
        mine = await store.room_of(connection, owner.id)
    if mine is not None:
        return Entry(mine, model.Mine.OWNER, None)
    return await make(at, owner, Kind.ROOM, Wish(terms={"preset": "careful"}))


def _empty(at: Calendar, owner: Account, kind: Kind) -> Series:
    id = SeriesId("s_" + at.draw(12))
    return Series(id, "", owner.id, kind, "", "", owner.time_zone, at.clock.now())


async def _keep(at: Calendar, owner: Account, made: Series, people: Sequence[Invite]) -> Entry | Refusal:
    async with at.storage.writing() as connection:
        if await store.count_owned(connection, owner.id, at.clock.now()) >= model.MOST_OWNED:
            return Refusal("calendar.too_many", {"most": model.MOST_OWNED})
        invites = await inviting.checked(at, connection, owner, made, [], people)
        if isinstance(invites, Refusal):
            return invites
        number = await planned.plan(connection, made.title, at.randomness, made.made_at)
        made = replace(made, number=number)
        await store.add(connection, made)
        await at.set_proofs(connection, made)
        await inviting.keep(at, connection, owner, made, invites, 0)
    return Entry(made, model.Mine.OWNER, None)


# --- changing -----------------------------------------------------------------------------------------------------------


async def change(
    at: Calendar, by: Account, id: str, wish: Wish, scope: str, when: str | None
) -> Entry | Refusal:
    async with at.storage.writing() as connection:
        entry = await at.hosted(connection, id, by)
        if isinstance(entry, Refusal):
            return entry
        before = entry.series
        after = _changed(at, before, wish, scope, when or "")
        if isinstance(after, Refusal):
            return after
        if after == before:
            return entry
        refusal = await put(at, connection, before, after, by)
        if refusal is not None:
            return refusal
        if after.terms.by_number != before.terms.by_number:
            await at.set_proofs(connection, after)
    after = replace(after, sequence=before.sequence + 1)
    at.tell_changed(after.number)
    return replace(entry, series=after)


async def cancel(at: Calendar, by: Account, id: str, scope: str, when: str | None) -> Refusal | None:
    """By whose it is: a co-host changes it and doesn't end it."""
    async with at.storage.writing() as connection:
        entry = await at.hosted(connection, id, by)
        if isinstance(entry, Refusal):
            return entry
        if entry.mine is not model.Mine.OWNER:
            return Refusal("calendar.not_host")
        after = _cancelled(at, entry.series, scope, when or "")
        if isinstance(after, Refusal):
            return after
        refusal = await put(at, connection, entry.series, after, by)
        if refusal is not None:
            return refusal
    at.tell_changed(after.number)
    return None


async def put(
    at: Calendar, connection: AsyncConnection, before: Series, after: Series, by: Account
) -> Refusal | None:
    """Kept, and told to the invited: both or neither."""
    after = replace(after, sequence=before.sequence + 1)
    refusal = await inviting.tell_changed(at, connection, before, after, by)
    if refusal is None:
        await store.change(connection, after)
    return refusal


def _cancelled(at: Calendar, series: Series, scope: str, when: str) -> Series | Refusal:
    match scope:
        case "this":
            return occurring.cancel_this(series, when)
        case "following":
            left = occurring.change_following(series, when, None)
            if isinstance(left, Refusal) or left.stretches:
                return left
    return replace(series, cancelled_at=series.cancelled_at or at.clock.now())


def _changed(at: Calendar, series: Series, wish: Wish, scope: str, when: str) -> Series | Refusal:
    if series.cancelled_at is not None:
        return OVER
    match scope:
        case "this":
            return _change_this(series, wish, when)
        case "following":
            return _change_following(at, series, wish, when)
    said = _said(at, series, wish)
    if isinstance(said, Refusal) or not series.stretches:
        return said
    if _times(wish) or len(series.stretches) == 1:
        return with_times(said, wish, series.stretches[0])
    stretches = tuple(_worded(one, said, wish) for one in series.stretches)
    return replace(said, stretches=stretches)


def _change_this(series: Series, wish: Wish, when: str) -> Series | Refusal:
    said: dict[str, Any] = {}
    if wish.terms or wish.rrule is not None or wish.time_zone is not None:
        return Refusal("calendar.scope")
    worded = _worded_wish(wish)
    if isinstance(worded, Refusal):
        return worded
    said |= worded
    if wish.minutes is not None:
        if not 1 <= wish.minutes <= model.MOST_MINUTES:
            return Refusal("calendar.minutes", {"most": model.MOST_MINUTES})
        said["minutes"] = wish.minutes
    if wish.starts is not None:
        starts = model.local(wish.starts)
        if isinstance(starts, Refusal):
            return starts
        said["starts"] = starts
    return occurring.change_this(series, when, **said)


def _change_following(at: Calendar, series: Series, wish: Wish, when: str) -> Series | Refusal:
    stretch = occurring.stretch_of(series, when)
    if stretch is None:
        return occurring.UNKNOWN
    said = _said(at, series, wish)
    if isinstance(said, Refusal):
        return said
    new = with_times(said, wish, occurring.rest_of(stretch, when))
    if isinstance(new, Refusal):
        return new
    after = new.stretches[-1]
    if named(stretch.starts) != when:
        after = replace(after, uid=str(series.sequence + 2))  # to other calendars another event
    return occurring.change_following(said, when, after)


# --- what is said -------------------------------------------------------------------------------------------------------


def with_times(series: Series | Refusal, wish: Wish, before: Stretch | None) -> Series | Refusal:
    """As one stretch: what `wish` says, else what there was."""
    if isinstance(series, Refusal):
        return series
    if wish.starts is None and before is None:
        return Refusal("calendar.time")
    starts = model.local(wish.starts) if wish.starts is not None else before.starts if before else None
    zone = time_zone(wish.time_zone) if wish.time_zone is not None else before.zone if before else series.zone
    for one in (starts, zone):
        if isinstance(one, Refusal):
            return one
    assert isinstance(starts, datetime) and isinstance(zone, str)
    minutes = wish.minutes if wish.minutes is not None else before.minutes if before else series.minutes
    rule: repeating.Rule | str
    if wish.rrule is None and before is not None:
        rule = repeating.Rule(before.rule, before.count, before.until)
    else:
        rule = repeating.read(wish.rrule, starts, zone) if wish.rrule else repeating.Rule("")
    if isinstance(rule, str):
        return Refusal("calendar.rule", {"why": rule})
    uid = before.uid if before else "1"
    words = (series.title, series.notes)
    stretch = Stretch(starts, minutes, zone, *words, rule.parts, rule.count, rule.until, uid)
    begins = repeating.first(stretch)
    if begins is None:
        return Refusal("calendar.rule", {"why": "it has no time from then on"})
    stretch = replace(stretch, starts=begins)
    return replace(occurring.change_all(series, stretch), zone=zone, minutes=minutes)


def _said(at: Calendar, series: Series, wish: Wish) -> Series | Refusal:
    worded = _worded_wish(wish)
    if isinstance(worded, Refusal):
        return worded
    if wish.minutes is not None and not 1 <= wish.minutes <= model.MOST_MINUTES:
        return Refusal("calendar.minutes", {"most": model.MOST_MINUTES})
    terms = _terms(at, series.terms, wish.terms)
    if isinstance(terms, Refusal):
        return terms
    return replace(series, terms=terms, **worded)


def _worded_wish(wish: Wish) -> dict[str, Any] | Refusal:
    said: dict[str, Any] = {}
    if wish.title is not None:
        title = text.title(wish.title)
        if isinstance(title, Refusal):
            return title
        said["title"] = title
    if wish.notes is not None:
        if len(wish.notes) > model.MOST_NOTES:
            return Refusal("calendar.notes", {"most": model.MOST_NOTES})
        said["notes"] = text.spoken(wish.notes)
    return said


def _worded(stretch: Stretch, said: Series, wish: Wish) -> Stretch:
    title = said.title if wish.title is not None else stretch.title
    notes = said.notes if wish.notes is not None else stretch.notes
    return replace(stretch, title=title, notes=notes)


def _terms(at: Calendar, before: Terms, wished: Mapping[str, Any]) -> Terms | Refusal:
    terms = replace(before, **wished)
    if terms.preset not in at.presets:
        return Refusal("meeting.unknown_preset", {"known": ", ".join(at.presets)})
    if not 0 <= terms.early_minutes <= model.MOST_EARLY:
        return Refusal("calendar.early", {"most": model.MOST_EARLY})
    if terms.capacity is not None and not 1 <= terms.capacity <= at.most_people:
        return Refusal("calendar.capacity", {"most": at.most_people})
    return terms


def _times(wish: Wish) -> bool:
    return (
        wish.starts is not None
        or wish.rrule is not None
        or wish.time_zone is not None
        or wish.minutes is not None
    )


__all__ = ["Entry", "Wish", "cancel", "change", "make", "plan", "room", "visitor"]
