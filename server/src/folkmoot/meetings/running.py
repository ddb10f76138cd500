"""One running meeting: the shell around its log.

Law: one thing at a time. A step decides, stores what is durable, applies, tells everybody, makes the room so as it is wanted
then, in this order, and no other step begins before it is through; so everybody hears one order, and what is acknowledged
is stored. A step isn't cancelled half-way because the one who asked has gone. If storing fails, what is in memory may be
ahead or behind: the meeting is let go of, everybody is cut, and it is folded anew.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import structlog

from folkmoot.kit import Clock, Refusal
from folkmoot.meetings import messages, people
from folkmoot.meetings.budgets import Budgets
from folkmoot.meetings.feature import Actor, Entry, ParticipantId, Role
from folkmoot.meetings.journal import Journal
from folkmoot.meetings.log import RESERVE, Log
from folkmoot.meetings.media import Media
from folkmoot.meetings.messages import Do
from folkmoot.meetings.model import Meeting, Settings, Status
from folkmoot.meetings.outside import Outside
from folkmoot.meetings.presence import NEVER, Presence
from folkmoot.meetings.tickets import Ticket

log = structlog.get_logger("folkmoot.meetings")

LEFT, TRY_AGAIN = 1000, 1011
REMOVED, ENDED, ELSEWHERE, DENIED = 4002, 4003, 4004, 4005
FEW = 4
"""Frames of one step that go one by one; more go as one."""

T = TypeVar("T")


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


class LetGo(Exception):
    """This one is no longer the meeting; open it again."""


@dataclass(slots=True)
class _Seat:
    """One person's open channel, and what was said on it of them."""

    connection: Connection
    person: people.Person
    you: Mapping[str, Any]
    given_media: bool = False


class RunningMeeting:
    def __init__(
        self,
        meeting: Meeting,
        fold: Log,
        since_snapshot: int,
        journal: Journal,
        media: Media,
        clock: Clock,
        settings: Settings,
    ) -> None:
        self.meeting = meeting
        self._log = fold
        self._status = meeting.status
        self._since_snapshot = since_snapshot
        self._journal, self._clock, self._settings = journal, clock, settings
        self._turn = asyncio.Lock()
        self._steps: set[asyncio.Task[object]] = set()
        self._seats: dict[ParticipantId, _Seat] = {}
        self._budgets = Budgets()
        self._outside = Outside(meeting.number, media)
        inside = self._outside.begin(fold.wants())
        awaited = (*fold.meeting.people, *(who for who in fold.meeting.services if who not in inside))
        self._presence = Presence(awaited, clock.monotonic() + settings.grace_s)
        self._let_go = False

    @property
    def number(self) -> str:
        return self.meeting.number

    @property
    def state(self) -> people.State:
        return self._log.meeting

    @property
    def status(self) -> Status:
        return self._status

    @property
    def gone(self) -> bool:
        return self._let_go

    @property
    def idle(self) -> bool:
        return not (self._seats or self._presence or self._steps or self.state.services)

    # --- a page's channel -------------------------------------------------------------------------------------------

    async def enter(self, ticket: Ticket, connection: Connection, seen: int | None) -> Refusal | None:
        """It says hello: for the first time, or having seen the log up to there. Whether they may is asked now."""
        who = ticket.participant

        async def step() -> Refusal | None:
            wait = self._budgets.hello(who, self._clock.monotonic())
            if wait:
                return Refusal("meeting.rate_limited", {"retry_after_s": round(wait, 1)})
            asked = people.Enter(
                ticket.name,
                ticket.role,
                ticket.identity.device,
                ticket.made_at,
                self._settings.most_people,
            )
            entries = self._decide(people.acting(who, ticket.role), asked)
            if isinstance(entries, Refusal):
                return entries
            await self._happen(entries)
            self._seat(who, connection, seen)
            await self._tell_back(who)
            return None

        return await self._in_turn(step)

    async def do(self, who: ParticipantId, connection: Connection, asked: Do) -> bool:
        """Answers through the connection, with exactly one of done and refused. False: they ask too much."""

        async def step() -> bool:
            if not self._sits(who, connection):
                return True  # the answer goes to whoever repeats it on their newer channel
            before = self._log.already_done(who, asked.id)
            if before is not None:
                connection.send(messages.done(asked.id, before))
                return True
            refusal = await self._carry_out(who, connection, asked)
            if refusal is not None:
                connection.send(messages.refused(asked.id, refusal))
            return refusal is None or refusal.code != "meeting.rate_limited"

        return await self._in_turn(step)

    async def leaving(self, who: ParticipantId, connection: Connection) -> None:
        """The page says that its tab goes: nobody waits for that line."""

        async def step() -> None:
            if self._sits(who, connection):
                self.lost(who, connection)
                self._presence.hide_now(who, self._clock.monotonic())
                await self._hide()

        await self._in_turn(step)

    def lost(self, who: ParticipantId, connection: Connection, *, by_us: bool = False) -> None:
        """That channel is gone. No effect when a newer one is here. `by_us`: others aren't told of it."""
        if self._sits(who, connection):
            del self._seats[who]
            if who in self.state.people:
                now = self._clock.monotonic()
                hide_at = NEVER if by_us else now + self._settings.hide_s
                self._presence.gone(who, hide_at, now + self._settings.grace_s)

    # --- the room ---------------------------------------------------------------------------------------------------

    def may_be_inside(self, identity: str) -> bool:
        """Of one who stands at the room's own door. Programs are asked when they are in."""
        if self.state.ended or identity in self.state.removed:
            return False
        return not is_participant(identity) or identity in self._log.wants().inside

    async def seen_in_room(self, identity: str, name: str, kind: str) -> None:
        """Their media stands."""

        async def step() -> None:
            who = ParticipantId(identity)
            if who in self.state.services:
                self._presence.forget(who)
            elif who in self._log.wants().inside:
                return
            elif is_participant(identity) or await self._by_itself(people.ServeIn(who, name, kind)):
                self._outside.turn_out(identity)

        await self._in_turn(step)

    async def gone_from_room(self, identity: str) -> None:
        async def step() -> None:
            await self._by_itself(people.ServeOut((ParticipantId(identity),)))

        await self._in_turn(step)

    async def command(self, command: people.Wanted) -> Refusal | None:
        """By one with authority over the server: as the meeting itself."""

        async def step() -> Refusal | None:
            return await self._by_itself(command)

        return await self._in_turn(step)

    # --- the course of time -----------------------------------------------------------------------------------------

    @property
    def is_due(self) -> bool:
        """`tick` would do something."""
        now = self._clock.monotonic()
        away = self._presence.lost(now) or self._presence.to_hide(now)
        return bool(away or self._log.due(self._clock.now()))

    async def tick(self) -> None:
        """Who is away is told of, who has been away for too long has left, and features are asked whose moment has come."""
        now = self._clock.monotonic()
        if self._presence.lost(now):
            await self._in_turn(self._lose)
        if self._presence.to_hide(now):
            await self._in_turn(self._hide)
        if self._log.due(self._clock.now()):
            await self._in_turn(self._ask_due)

    async def end(self) -> None:
        """By nobody: it stood empty."""

        async def step() -> None:
            if not self.state.people:
                await self._by_itself(people.Close())

        await self._in_turn(step)

    def let_go(self, code: int = TRY_AGAIN) -> None:
        self._let_go = True
        for seat in self._seats.values():
            seat.connection.close(code)
        self._seats.clear()

    async def settled(self) -> None:
        """What was being stored is stored."""
        await asyncio.gather(*self._steps, return_exceptions=True)

    def _sits(self, who: ParticipantId, connection: Connection) -> bool:
        seat = self._seats.get(who)
        return seat is not None and seat.connection is connection

    # --- one step ---------------------------------------------------------------------------------------------------

    async def _in_turn(self, step: Callable[[], Awaitable[T]]) -> T:
        async def turn() -> T:
            async with self._turn:
                if self._let_go:
                    raise LetGo
                return await step()

        task = asyncio.create_task(turn())
        self._steps.add(task)
        task.add_done_callback(self._steps.discard)
        return await asyncio.shield(task)

    def _decide(self, by: Actor, command: object) -> list[Entry] | Refusal:
        return self._log.decide(by, "meeting", command, self._clock.now())

    async def _by_itself(self, command: object) -> Refusal | None:
        entries = self._decide(people.MEETING, command)
        if isinstance(entries, Refusal):
            return entries
        await self._happen(entries)
        return None

    async def _carry_out(self, who: ParticipantId, connection: Connection, asked: Do) -> Refusal | None:
        actor = self._log.actor(who)
        if actor is None:
            return Refusal("meeting.ended" if self.state.ended else "meeting.unknown_participant")
        command = self._log.parse(asked.feature, asked.type, asked.payload)
        wait = self._budgets.command(who, self._clock.monotonic(), passing=getattr(command, "passing", False))
        if wait:
            return Refusal("meeting.rate_limited", {"retry_after_s": round(wait, 1)})
        if isinstance(command, Refusal):
            return command
        try:
            entries = self._log.decide(actor, asked.feature, command, self._clock.now(), asked.id)
        except Exception:
            log.exception("a feature can't decide", feature=asked.feature, kind=asked.type)
            return Refusal("meeting.failed")
        if isinstance(entries, Refusal):
            return entries
        seq = entries[-1].seq if entries else self._log.seq

        def acknowledge() -> None:
            self._log.remember(who, asked.id, seq)
            connection.send(messages.done(asked.id, seq))

        await self._happen(entries, acknowledge)
        return None

    async def _happen(self, entries: Sequence[Entry], acknowledge: Callable[[], None] = lambda: None) -> None:
        if entries:
            await self._store(entries)
        frames: dict[ParticipantId, list[str]] = defaultdict(list)
        for entry in entries:
            self._log.apply(entry)
            self._address(entry, frames)
        self._deliver(frames)
        acknowledge()
        if any(entry.durable for entry in entries):
            self._follow()
            await self._snapshot(entries)

    async def _store(self, entries: Sequence[Entry]) -> None:
        durable = [entry for entry in entries if entry.durable]
        after = self._log.meeting_after(durable)
        last = entries[-1].seq
        reserved = self._log.reserved if last <= self._log.reserved else last + RESERVE
        status = self._status_after(after, entries[-1])
        try:
            if durable:
                await self._journal.append(self.number, durable, status, reserved)
            elif reserved != self._log.reserved:
                await self._journal.reserve(self.number, reserved)
        except BaseException:
            self.let_go()
            raise
        self._status = status
        self._log.reserved = reserved

    def _status_after(self, state: people.State, last: Entry) -> Status:
        before = self._status
        entered = before.entered or bool(state.people)
        empty = None if state.people or not entered else before.empty_since or last.at
        ended = (before.ended_at or last.at) if state.ended else None
        return Status(state.locked, entered, empty, ended)

    async def _snapshot(self, entries: Sequence[Entry]) -> None:
        """Also whenever something was erased: an older one would still have it."""
        self._since_snapshot += sum(entry.durable for entry in entries)
        if self._since_snapshot < self._settings.snapshot_every and not any(e.erases for e in entries):
            return
        self._since_snapshot = 0
        try:
            await self._journal.keep_snapshot(self.number, self._log.seq, self._log.shape, self._log.dump())
        except Exception:
            log.exception("no snapshot was kept", number=self.number)  # a restart takes longer, no more

    # --- telling ----------------------------------------------------------------------------------------------------

    def _address(self, entry: Entry, frames: Mapping[ParticipantId, list[str]]) -> None:
        text, here = messages.event(entry), self.state.people
        readers: Iterable[ParticipantId] = self._seats if entry.to is None else entry.to
        for who in readers:
            person = here.get(who)
            if who in self._seats and entry.visible_to(who, person.role if person else Role.GUEST):
                frames[who].append(text)

    def _deliver(self, frames: Mapping[ParticipantId, list[str]]) -> None:
        """What many get alike is put together once."""
        together: dict[tuple[int, ...], str] = {}
        for who, texts in frames.items():
            connection = self._seats[who].connection
            if len(texts) <= FEW:
                for text in texts:
                    connection.send(text)
                continue
            key = tuple(map(id, texts))
            if key not in together:
                together[key] = messages.batch(texts)
            connection.send(together[key])

    def _seat(self, who: ParticipantId, connection: Connection, seen: int | None) -> None:
        older = self._seats.pop(who, None)
        if older is not None:
            older.connection.close(ELSEWHERE)
        person = self.state.people[who]
        seat = _Seat(connection, person, _you(person))
        self._greet(who, seat, seen)
        self._seats[who] = seat
        self._give_media(seat)

    def _greet(self, who: ParticipantId, seat: _Seat, seen: int | None) -> None:
        actor, now = self._log.actor(who), self._clock.now()
        assert actor is not None
        missed = None if seen is None else self._log.missed(actor, seen, now)
        if missed is None:
            seat.connection.send(messages.welcome(self._log.seq, seat.you, now, self._log.snapshot(actor)))
            return
        seat.connection.send(messages.resumed(self._log.seq, seat.you, now))
        for entry in missed:
            seat.connection.send(messages.event(entry))

    def _give_media(self, seat: _Seat) -> None:
        who = seat.person.id
        if who in self._log.wants().inside and not seat.given_media:
            seat.given_media = True
            token = self._outside.token(who, seat.person.name)
            seat.connection.send(messages.media(seat.connection.media_url, token))

    # --- what follows -----------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        """The room and the channels become what the fold says they are."""
        self._outside.make_so(self._log.wants())
        state = self.state
        for who in [who for who in self._seats if who not in state.people]:
            self._dismiss(who)
        for who, seat in self._seats.items():
            if (person := state.people[who]) is not seat.person:
                self._keep_told(seat, person)
        if state.ended:
            log.info("meeting ended", number=self.number)
            self._presence = Presence((), 0)

    def _keep_told(self, seat: _Seat, person: people.Person) -> None:
        before, seat.person = seat.person, person
        you = _you(person)
        if you != seat.you:
            seat.you = you
            seat.connection.send(messages.changed_you(you))
        if person.since != before.since:  # they waited, and were let in
            self._greet(person.id, seat, None)
        self._give_media(seat)

    def _dismiss(self, who: ParticipantId) -> None:
        self._presence.forget(who)
        code = ENDED if self.state.ended else REMOVED if who in self.state.removed else LEFT
        self._seats.pop(who).connection.close(code)

    # --- who is away ------------------------------------------------------------------------------------------------

    async def _lose(self) -> None:
        lost = self._presence.lost(self._clock.monotonic())
        if await self._by_itself(people.Lose(lost)) is None:
            await self._by_itself(people.ServeOut(lost))
        for who in lost:
            self._presence.forget(who)

    async def _hide(self) -> None:
        hidden = self._presence.to_hide(self._clock.monotonic())
        if hidden:
            self._presence.told(hidden)
            await self._by_itself(people.Away(hidden))

    async def _tell_back(self, who: ParticipantId) -> None:
        """Others hear that somebody is back; they hear who else is away."""
        now = self._clock.monotonic()
        if self._presence.back(who, now):
            await self._by_itself(people.Back((who,)))
        returned = tuple(one for one in self._presence.returned(now) if one != who)
        if returned:
            await self._by_itself(people.Back(returned, who))
        if self._presence.hidden:
            await self._by_itself(people.Away(self._presence.hidden, who))

    async def _ask_due(self) -> None:
        now = self._clock.now()
        for feature in self._log.due(now):
            try:
                entries = self._log.when_due(feature, now)
            except Exception:
                log.exception("a feature can't decide", feature=feature, kind="due")
                continue
            if not isinstance(entries, Refusal):
                await self._happen(entries)


def _you(person: people.Person) -> Mapping[str, Any]:
    return messages.you(people.acting(person.id, person.role), person.name)


def is_participant(identity: str) -> bool:
    """Of a form that only this server gives."""
    return identity.startswith("p_") and len(identity) == 18
