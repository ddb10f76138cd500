"""The open channels of one meeting, and what was said on each of its person.

Law: a channel hears what its person may, in the log's order, and at once when that becomes another. Who waits hears of nobody:
their welcome has no number of the log either, for it would tell how much goes on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from folkmoot.kit import Clock, Refusal
from folkmoot.meetings import messages
from folkmoot.meetings.feature import Entry, ParticipantId, Role
from folkmoot.meetings.log import Log
from folkmoot.meetings.outside import Outside
from folkmoot.meetings.people import State

FEW = 4
"""Frames of one step that go one by one; more go as one."""
LEFT, REMOVED, ENDED, ELSEWHERE, DENIED = 1000, 4002, 4003, 4004, 4005
TURNED_AWAY = Refusal("meeting.turned_away")


class Connection(Protocol):
    """The way to one person's page. No call waits or fails."""

    @property
    def media_url(self) -> str:
        """Where this page signals its media."""
        ...

    def send(self, text: str) -> None: ...

    def close(self, code: int) -> None:
        """All that was sent before still arrives."""
        ...


@dataclass(slots=True)
class _Seat:
    connection: Connection
    waits: bool
    facts: tuple[object, ...] = ()
    """What it was told by: told anew when one of them is another."""
    you: Mapping[str, Any] = field(default_factory=dict)
    shown: str = ""
    """To who waits."""
    given_media: bool = False


class Seats:
    def __init__(self, fold: Log, outside: Outside, clock: Clock) -> None:
        self._log, self._outside, self._clock = fold, outside, clock
        self._seats: dict[ParticipantId, _Seat] = {}
        self._followed: State | None = None
        self._shared: tuple[object, ...] = ()

    def __len__(self) -> int:
        return len(self._seats)

    def __contains__(self, who: ParticipantId) -> bool:
        return who in self._seats

    def sits(self, who: ParticipantId, connection: Connection) -> bool:
        seat = self._seats.get(who)
        return seat is not None and seat.connection is connection

    def take(self, who: ParticipantId, connection: Connection, seen: int | None) -> None:
        older = self._seats.pop(who, None)
        if older is not None:
            older.connection.close(ELSEWHERE)
        seat = _Seat(connection, who in self._state.waiting)
        self._greet(who, seat, seen)
        self._seats[who] = seat
        self._give_media(who, seat)

    def vacate(self, who: ParticipantId) -> None:
        del self._seats[who]

    def close(self, code: int) -> None:
        for seat in self._seats.values():
            seat.connection.close(code)
        self._seats.clear()

    # --- what happens -----------------------------------------------------------------------------------------------

    def tell(self, entries: Iterable[Entry]) -> None:
        """Each is applied, and told by what was so right after it."""
        frames: dict[ParticipantId, list[str]] = defaultdict(list)
        for entry in entries:
            self._log.apply(entry)
            self._address(entry, frames)
        self._deliver(frames)

    def follow(self, entries: Sequence[Entry]) -> list[ParticipantId]:
        """Every channel becomes what the fold says it is. Who is no more in it hears why; they are answered."""
        state = self._state
        if state is self._followed:
            return []
        shared = (state.policy, state.stopped, state.hosted)
        everybody = not _alike(shared, self._shared)
        self._followed, self._shared = state, shared
        gone = [who for who in self._seats if who not in state.people and who not in state.waiting]
        for who in gone:
            self._dismiss(who, entries)
        for who, seat in self._seats.items():
            if everybody or not _alike(_facts(state, who), seat.facts):
                self._keep_told(who, seat)
        return gone

    @property
    def _state(self) -> State:
        return self._log.meeting

    def _address(self, entry: Entry, frames: Mapping[ParticipantId, list[str]]) -> None:
        text, here = messages.event(entry), self._state.people
        readers: Collection[ParticipantId] = self._seats.keys() if entry.to is None else entry.to
        for who in readers:
            seat = self._seats.get(who)
            if seat is None:
                continue
            person = here.get(who)
            role = Role.WAITING if seat.waits else person.role if person else Role.GUEST
            if entry.visible_to(who, role):
                frames[who].append(text)

    def _deliver(self, frames: Mapping[ParticipantId, list[str]]) -> None:
        """What many get alike is put together once."""
        together: dict[tuple[int, ...], str] = {}
        for who, texts in frames.items():
            connection = self._seats[who].connection
            for text in _few(texts, together):
                connection.send(text)

    # --- what one is told of oneself --------------------------------------------------------------------------------

    def _greet(self, who: ParticipantId, seat: _Seat, seen: int | None) -> None:
        actor, now = self._log.actor(who), self._clock.now()
        assert actor is not None
        seat.facts, seat.you = _facts(self._state, who), self._you(who)
        missed = None if seen is None or seat.waits else self._log.missed(actor, seen, now)
        if missed is not None:
            seat.connection.send(messages.resumed(self._log.seq, seat.you, now))
            for entry in missed:
                seat.connection.send(messages.event(entry))
            return
        snapshot = self._log.snapshot(actor)
        seat.shown = snapshot if seat.waits else ""
        seq = 0 if seat.waits else self._log.seq
        seat.connection.send(messages.welcome(seq, seat.you, now, snapshot))

    def _keep_told(self, who: ParticipantId, seat: _Seat) -> None:
        waited, seat.waits = seat.waits, who in self._state.waiting
        if waited != seat.waits:
            seat.given_media = False
            self._greet(who, seat, None)
        elif seat.waits:
            self._keep_waiting_told(who, seat)
        else:
            self._keep_told_of_oneself(who, seat)
        self._give_media(who, seat)

    def _keep_waiting_told(self, who: ParticipantId, seat: _Seat) -> None:
        actor = self._log.actor(who)
        if actor is not None and self._log.snapshot(actor) != seat.shown:
            self._greet(who, seat, None)
        self._keep_told_of_oneself(who, seat)

    def _keep_told_of_oneself(self, who: ParticipantId, seat: _Seat) -> None:
        seat.facts = _facts(self._state, who)
        you = self._you(who)
        if you != seat.you:
            seat.you = you
            seat.connection.send(messages.changed_you(you))

    def _you(self, who: ParticipantId) -> Mapping[str, Any]:
        actor, state = self._log.actor(who), self._state
        assert actor is not None
        one = state.people.get(who) or state.waiting[who]
        return messages.you(actor, one.name)

    def _give_media(self, who: ParticipantId, seat: _Seat) -> None:
        if who in self._log.wants().inside and not seat.given_media:
            seat.given_media = True
            token = self._outside.token(who, self._state.people[who].name)
            seat.connection.send(messages.media(seat.connection.media_url, token))

    def _dismiss(self, who: ParticipantId, entries: Sequence[Entry]) -> None:
        connection = self._seats.pop(who).connection
        why = next(_reasons(entries, who), "")
        if why == "denied":
            connection.send(messages.denied(TURNED_AWAY))
        if self._state.ended:
            connection.close(ENDED)
        elif why == "denied":
            connection.close(DENIED)
        else:
            connection.close(REMOVED if why == "removed" or who in self._state.removed else LEFT)


def _facts(state: State, who: ParticipantId) -> tuple[object, ...]:
    return state.people.get(who), state.waiting.get(who), state.overrides.get(who), state.known.get(who)


def _alike(some: tuple[object, ...], others: tuple[object, ...]) -> bool:
    return len(some) == len(others) and all(a is b for a, b in zip(some, others, strict=True))


def _few(texts: Sequence[str], together: dict[tuple[int, ...], str]) -> Sequence[str]:
    if len(texts) <= FEW:
        return texts
    key = tuple(map(id, texts))
    if key not in together:
        together[key] = messages.batch(texts)
    return [together[key]]


def _reasons(entries: Sequence[Entry], who: ParticipantId) -> Iterator[str]:
    for entry in entries:
        if entry.type in ("left", "waiting_left") and entry.payload.get("id") == who:
            yield str(entry.payload.get("reason"))
