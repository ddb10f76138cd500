"""What was kept of an occurrence that took place, for who was of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from folkmoot.accounts import Account
from folkmoot.calendar.calendar import Calendar
from folkmoot.calendar.looking import Was
from folkmoot.calendar.model import Mine
from folkmoot.kit import Refusal
from folkmoot.meetings import planned
from folkmoot.meetings.feature import Entry

UNKNOWN = Refusal("calendar.occurrence_unknown")


@dataclass(frozen=True, slots=True)
class Said:
    at: datetime
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Kept:
    was: Was
    chat: Sequence[Said]
    polls: int
    until: datetime | None
    attendance: bool
    """It was on, for a while at least."""


@dataclass(frozen=True, slots=True)
class Came:
    """One person in the roll: they may have come and gone more than once."""

    name: str
    account: bool
    came_at: datetime
    left_at: datetime | None
    minutes: int
    checks: Sequence[bool]
    """Of each check-in, whether they answered."""


@dataclass(frozen=True, slots=True)
class Check:
    at: datetime
    present: Sequence[str]


@dataclass(frozen=True, slots=True)
class Roll:
    people: Sequence[Came]
    checks: Sequence[Check]


async def kept(at: Calendar, by: Account, id: str, n: int) -> Kept | Refusal:
    async with at.storage.reading() as connection:
        entry = await at.entry(connection, id, by)
        if isinstance(entry, Refusal):
            return entry
        held = await planned.one(connection, entry.series.number, n)
        if held is None:
            return UNKNOWN
        wanted = {
            "chat": ("sent",),
            "polls": ("opened",),
            "meeting": ("started", "joined", "renamed"),
            "attendance": ("switched",),
        }
        entries = await planned.entries(connection, held.number, n, wanted)
    until = held.ended_at + at.kept_for if held.ended_at else None
    polls = sum(one.feature == "polls" for one in entries)
    return Kept(Was(entry, held), _chat(entries), polls, until, any(_turns_on(one) for one in entries))


async def roll(at: Calendar, by: Account, id: str, n: int) -> Roll | Refusal:
    """Of the time for which it was switched on, which everybody there saw."""
    async with at.storage.reading() as connection:
        entry = await at.entry(connection, id, by)
        if isinstance(entry, Refusal):
            return entry
        if entry.mine is Mine.INVITED:
            return Refusal("calendar.not_host")
        held = await planned.one(connection, entry.series.number, n)
        if held is None:
            return UNKNOWN
        wanted = {
            "attendance": ("switched", "checking", "here"),
            "meeting": ("started", "joined", "left", "renamed", "ended"),
        }
        entries = await planned.entries(connection, held.number, n, wanted)
    counted = _Roll()
    for one in entries:
        counted.follow(one)
    if not counted.was_on:
        return Refusal("calendar.no_roll")
    return counted.done(held.ended_at or at.clock.now())


def _turns_on(one: Entry) -> bool:
    key = {("meeting", "started"): "attendance", ("attendance", "switched"): "on"}.get(
        (one.feature, one.type)
    )
    return key is not None and one.payload.get(key) is True


def _chat(entries: Sequence[Entry]) -> list[Said]:
    """As it was for everybody. What was deleted has no words any more."""
    names: dict[str, str] = {}
    said: list[Said] = []
    for one in entries:
        if one.feature == "meeting" and one.type != "started":
            names[str(one.payload.get("id") or one.payload.get("participant"))] = str(one.payload.get("name"))
        elif one.feature == "chat" and one.payload.get("text"):
            said.append(Said(one.at, names.get(str(one.by), ""), str(one.payload["text"])))
    return said


class _Roll:
    """Folds the log once more, for who came when."""

    def __init__(self) -> None:
        self.was_on = self._on = False
        self._names: dict[str, tuple[str, bool]] = {}
        self._here: dict[str, datetime] = {}
        self._first: dict[str, datetime] = {}
        self._last: dict[str, datetime] = {}
        self._spent: dict[str, timedelta] = {}
        self._checks: list[tuple[datetime, list[str]]] = []

    def follow(self, one: Entry) -> None:
        payload, who = one.payload, str(one.payload.get("id", ""))
        match one.feature, one.type:
            case "meeting", "started":
                self._switch(payload.get("attendance") is True, one.at)
            case "attendance", "switched":
                self._switch(payload.get("on") is True, one.at)
            case "meeting", "joined":
                self._names[who] = (str(payload.get("name")), payload.get("kind", "guest") != "guest")
                self._come(who, one.at)
            case "meeting", "renamed":
                renamed = str(payload.get("participant"))
                self._names[renamed] = (str(payload.get("name")), self._names.get(renamed, ("", False))[1])
            case "meeting", "left":
                self._go(who, one.at)
            case "meeting", "ended":
                for here in tuple(self._here):
                    self._go(here, one.at)
            case "attendance", "checking":
                self._checks.append((one.at, []))
            case "attendance", "here" if self._checks and one.by is not None:
                self._checks[-1][1].append(one.by)

    def _switch(self, on: bool, at: datetime) -> None:
        for who in tuple(self._here):
            self._go(who, at, stays=True)
        self._on, self.was_on = on, self.was_on or on

    def _come(self, who: str, at: datetime) -> None:
        self._here[who] = at
        if self._on:
            self._first.setdefault(who, at)

    def _go(self, who: str, at: datetime, *, stays: bool = False) -> None:
        came = self._here.pop(who, None)
        if came is not None and self._on:
            self._first.setdefault(who, came)
            self._spent[who] = self._spent.get(who, timedelta()) + (at - came)
            self._last[who] = at
        if stays and came is not None:
            self._here[who] = at

    def done(self, at: datetime) -> Roll:
        there = {who for who in self._here if self._on}
        for who in tuple(self._here):
            self._go(who, at)
        people = [
            Came(
                *self._names.get(who, ("", False)),
                came,
                None if who in there else self._last.get(who),
                round(self._spent.get(who, timedelta()).total_seconds() / 60),
                tuple(who in here for _, here in self._checks),
            )
            for who, came in sorted(self._first.items(), key=lambda one: one[1])
        ]
        checks = [
            Check(at, [self._names.get(who, ("", False))[0] for who in who_]) for at, who_ in self._checks
        ]
        return Roll(people, checks)
