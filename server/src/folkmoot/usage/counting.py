"""What the entries of one meeting's log come to, by day. Pure.

Law: sums are of whole milliseconds, so a log that is read in parts gives what it gives when read at once, wherever it is cut; what is
read twice is known by its number. Time never runs back: an entry from before the one before it is of the same moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

DAY_MS = 86_400_000
FOLLOWED = ("joined", "left", "ended")
"""Of the feature `meeting`. Who waits hasn't joined, and no service has."""
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Figures:
    ms: int = 0
    """That people were in meetings, each for themselves."""
    meetings: int = 0
    peak: int = 0
    """The most people in one of them at a time."""
    people: int = 0
    """Who came, once a meeting and day. Nobody is followed from one meeting to another: in two, they are two."""

    def __add__(self, other: Figures) -> Figures:
        peak, people = max(self.peak, other.peak), self.people + other.people
        return Figures(self.ms + other.ms, self.meetings + other.meetings, peak, people)


Days = Mapping[date, Figures]


@dataclass(frozen=True, slots=True)
class Said:
    """An entry, as far as it matters here."""

    seq: int
    at: int
    """In milliseconds since 1970."""
    type: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """How far a log was read, and who was in then."""

    seq: int = 0
    at: int = 0
    here: frozenset[str] = frozenset()
    met: bool = False
    seen: frozenset[str] = frozenset()
    """Who was in on the day of `at`."""
    since: int | None = None
    """When the first of those who are in came into an empty meeting. None: nobody is in."""

    def moved(self, at: int) -> Position:
        return replace(self, at=at, seen=self.seen if day_of(at) == day_of(self.at) else frozenset())


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody was in a meeting all the while, in milliseconds since 1970."""

    began: int
    ended: int


@dataclass(slots=True)
class Count:
    """Is told what happened in one meeting, in its order."""

    position: Position = field(default_factory=Position)
    days: dict[date, Figures] = field(default_factory=dict)
    sittings: list[Sitting] = field(default_factory=list)
    """That have come to their end."""

    def read(self, entries: Iterable[Said]) -> None:
        for said in entries:
            if said.seq > self.position.seq:
                self.pass_until(said.at)
                self._follow(said)

    def pass_until(self, at: int) -> None:
        """Whoever is in stays until then."""
        while self.position.at < at:
            begins = self.position.at
            ends = min(at, (begins // DAY_MS + 1) * DAY_MS) if self.position.here else at
            people = len(self.position.here)
            if people:
                self._add(begins, Figures(people * (ends - begins), 0, people, self._unseen()))
            self.position = self.position.moved(ends)

    def skip_until(self, at: int) -> None:
        """The server was off: nobody met. Who is in afterwards begins anew."""
        since = self.position.since
        if since is not None and at > self.position.at:
            self._over(since)
            since = at
        self.position = replace(self.position.moved(max(self.position.at, at)), since=since)

    def _follow(self, said: Said) -> None:
        before = self.position
        here = _after(before.here, said)
        met = before.met or bool(here)
        since = before.since if before.here else before.at
        if before.here and not here and before.since is not None:
            self._over(before.since)
        self.position = replace(before, seq=said.seq, here=here, met=met, since=since if here else None)
        if here:
            self._add(before.at, Figures(0, met - before.met, len(here), self._unseen()))

    def _over(self, since: int) -> None:
        if since < self.position.at:
            self.sittings.append(Sitting(since, self.position.at))

    def _unseen(self) -> int:
        """How many of those who are in weren't on this day; now they were."""
        seen = self.position.seen | self.position.here
        many = len(seen) - len(self.position.seen)
        self.position = replace(self.position, seen=seen)
        return many

    def _add(self, at: int, more: Figures) -> None:
        day = day_of(at)
        self.days[day] = self.days.get(day, Figures()) + more


def most_at_once(sittings: Iterable[Sitting]) -> int:
    """One that ends as another begins isn't there with it."""
    moments = sorted(moment for one in sittings for moment in ((one.began, 1), (one.ended, -1)))
    return max(accumulate((change for _, change in moments), initial=0))


def _after(here: frozenset[str], said: Said) -> frozenset[str]:
    match said.type:
        case "joined":
            return here | {said.who}
        case "left":
            return here - {said.who}
        case "ended":
            return frozenset()
    return here


def day_of(at: int) -> date:
    return EPOCH + timedelta(days=at // DAY_MS)


def milliseconds(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def together(days: Iterable[Figures]) -> Figures:
    return sum(days, Figures())
