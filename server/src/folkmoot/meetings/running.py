"""One running meeting: the shell around its log.

Law: one thing at a time. A step decides, stores what is durable, applies, tells everybody, in this order, and no other step
begins before it is through; so everybody hears one order, and what is acknowledged is stored. A step isn't cancelled
half-way because the one who asked has gone. If storing fails, what is in memory may be ahead or behind: the meeting is let go
of, everybody is cut, and the next one to come folds it anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

import structlog

from folkmoot.kit import Clock, Refusal
from folkmoot.meetings import messages, people
from folkmoot.meetings.feature import Actor, Entry, ParticipantId, Role
from folkmoot.meetings.journal import Journal
from folkmoot.meetings.log import RESERVE, Log
from folkmoot.meetings.media import Media, room_of
from folkmoot.meetings.messages import Do
from folkmoot.meetings.model import Participant, Settings, Standing

log = structlog.get_logger("folkmoot.meetings")

LEFT, TRY_AGAIN = 1000, 1011
REMOVED, ENDED, ELSEWHERE = 4002, 4003, 4004

T = TypeVar("T")


class Connection(Protocol):
    """The way to one person's page. Neither call waits or fails."""

    def send(self, text: str) -> None: ...

    def close(self, code: int) -> None:
        """All that was sent before still arrives."""
        ...


class LetGo(Exception):
    """This one is no longer the meeting; open it again."""


class RunningMeeting:
    def __init__(
        self,
        number: str,
        fold: Log,
        standing: Standing,
        since_snapshot: int,
        journal: Journal,
        media: Media,
        clock: Clock,
        settings: Settings,
    ) -> None:
        self.number = number
        self._log = fold
        self._standing = standing
        self._since_snapshot = since_snapshot
        self._journal, self._media, self._clock, self._settings = journal, media, clock, settings
        self._turn = asyncio.Lock()
        self._steps: set[asyncio.Task[object]] = set()
        self._here: dict[ParticipantId, Connection] = {}
        deadline = clock.monotonic() + settings.grace_s
        self._away = dict.fromkeys(fold.meeting.people, deadline)
        """Whose channel is gone, and until when they may come back unnoticed."""
        self._let_go = False

    @property
    def state(self) -> people.State:
        return self._log.meeting

    @property
    def gone(self) -> bool:
        return self._let_go

    @property
    def idle(self) -> bool:
        return not (self._here or self._away or self._steps)

    async def enter(self, who: Participant, connection: Connection, seen: int | None) -> Refusal | None:
        """A page's channel says hello: for the first time, or having seen the log up to there."""

        async def step() -> Refusal | None:
            actor = Actor(who.id, who.role)
            entries = self._log.decide(actor, "meeting", people.Enter(who.name, who.role), self._clock.now())
            if isinstance(entries, Refusal):
                return entries
            await self._happen(entries)
            older = self._here.pop(who.id, None)
            if older is not None:
                older.close(ELSEWHERE)
            self._away.pop(who.id, None)
            self._greet(who.id, connection, seen)
            self._here[who.id] = connection
            return None

        return await self._in_turn(step)

    async def do(self, who: ParticipantId, connection: Connection, asked: Do) -> None:
        """Answers through the connection, with exactly one of done and refused."""

        async def step() -> None:
            if self._here.get(who) is not connection:
                return  # the answer goes to whoever repeats it on their newer channel
            before = self._log.already_done(who, asked.id)
            if before is not None:
                connection.send(messages.done(asked.id, before))
                return
            refusal = await self._carry_out(who, connection, asked)
            if refusal is not None:
                connection.send(messages.refused(asked.id, refusal))

        await self._in_turn(step)

    def lost(self, who: ParticipantId, connection: Connection) -> None:
        """That channel is gone. No effect when a newer one is here."""
        if self._here.get(who) is connection:
            del self._here[who]
            if who in self.state.people:
                self._away[who] = self._clock.monotonic() + self._settings.grace_s

    async def tick(self) -> None:
        """Who has been away for too long has left."""
        now = self._clock.monotonic()
        for who in [who for who, until in self._away.items() if until <= now]:
            await self._in_turn(lambda who=who: self._lose(who))  # type: ignore[misc]

    async def end(self) -> None:
        """By nobody: it stood empty."""

        async def step() -> None:
            nobody = Actor(ParticipantId(""), Role.HOST)
            entries = self._log.decide(nobody, "meeting", people.Close(), self._clock.now())
            if not isinstance(entries, Refusal) and not self.state.people:
                await self._happen(entries)

        await self._in_turn(step)

    def let_go(self, code: int = TRY_AGAIN) -> None:
        self._let_go = True
        for connection in self._here.values():
            connection.close(code)
        self._here.clear()
        self._away.clear()

    async def settled(self) -> None:
        """What was being stored is stored."""
        await asyncio.gather(*self._steps, return_exceptions=True)

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

    async def _carry_out(self, who: ParticipantId, connection: Connection, asked: Do) -> Refusal | None:
        actor = self._log.actor(who)
        if actor is None:
            return Refusal("meeting.ended" if self.state.ended else "meeting.unknown_participant")
        command = self._log.parse(asked.feature, asked.type, asked.payload)
        if isinstance(command, Refusal):
            return command
        entries = self._log.decide(actor, asked.feature, command, self._clock.now(), asked.id)
        if isinstance(entries, Refusal):
            return entries
        seq = entries[-1].seq if entries else self._log.seq

        def acknowledge() -> None:
            self._log.remember(who, asked.id, seq)
            connection.send(messages.done(asked.id, seq))

        await self._happen(entries, acknowledge)
        return None

    async def _lose(self, who: ParticipantId) -> None:
        if who in self._here:
            return
        self._away.pop(who, None)
        entries = self._log.decide(Actor(who, Role.GUEST), "meeting", people.Lose(), self._clock.now())
        if not isinstance(entries, Refusal):
            await self._happen(entries)

    async def _happen(self, entries: Sequence[Entry], acknowledge: Callable[[], None] = lambda: None) -> None:
        if entries:
            await self._store(entries)
        for entry in entries:
            self._log.apply(entry)
            self._tell(entry)
        acknowledge()
        for entry in entries:
            if entry.feature == "meeting":
                self._follow(entry)
        await self._snapshot(sum(entry.durable for entry in entries))

    async def _store(self, entries: Sequence[Entry]) -> None:
        durable = [entry for entry in entries if entry.durable]
        after = self._log.meeting_after(durable)
        last = entries[-1].seq
        reserved = self._log.reserved if last <= self._log.reserved else last + RESERVE
        standing = self._standing_after(after, entries[-1])
        try:
            if durable:
                await self._journal.append(self.number, durable, standing, reserved)
            elif reserved != self._log.reserved:
                await self._journal.reserve(self.number, reserved)
        except BaseException:
            self.let_go()
            raise
        self._standing = standing
        self._log.reserved = reserved

    def _standing_after(self, state: people.State, last: Entry) -> Standing:
        before = self._standing
        entered = before.entered or bool(state.people)
        empty = None if state.people or not entered else before.empty_since or last.at
        ended = (before.ended_at or last.at) if state.ended else None
        return Standing(state.locked, entered, empty, ended)

    def _tell(self, entry: Entry) -> None:
        text = messages.event(entry)
        for who, connection in self._here.items():
            actor = self._log.actor(who)
            if entry.visible_to(who, actor.role if actor else Role.GUEST):
                connection.send(text)

    def _greet(self, who: ParticipantId, connection: Connection, seen: int | None) -> None:
        actor = self._log.actor(who)
        assert actor is not None
        missed = None if seen is None else self._log.missed(actor, seen, self._clock.now())
        if missed is None:
            name = self.state.people[who].name
            connection.send(messages.welcome(self._log.seq, actor, name, self._log.snapshot(actor)))
            return
        connection.send(messages.resumed(self._log.seq))
        for entry in missed:
            connection.send(messages.event(entry))

    # --- what follows outside of the log ----------------------------------------------------------------------------

    def _follow(self, entry: Entry) -> None:
        room = room_of(self.number)
        match entry.type:
            case "muted":
                who, source = str(entry.payload["participant"]), str(entry.payload["source"])
                self._ask_media(lambda: self._media.mute(room, who, source))
            case "left":
                gone = ParticipantId(str(entry.payload["id"]))
                self._away.pop(gone, None)
                if entry.payload["reason"] != "lost":
                    self._ask_media(lambda: self._media.remove(room, gone))
                    self._dismiss(gone, REMOVED if entry.payload["reason"] == "removed" else LEFT)
            case "ended":
                log.info("meeting ended", number=self.number)
                self._away.clear()
                self._ask_media(lambda: self._media.close(room))
                for one in tuple(self._here):
                    self._dismiss(one, ENDED)

    def _dismiss(self, who: ParticipantId, code: int) -> None:
        connection = self._here.pop(who, None)
        if connection is not None:
            connection.close(code)

    def _ask_media(self, ask: Callable[[], object]) -> None:
        try:
            ask()
        except Exception:
            log.exception("media didn't follow", number=self.number)

    async def _snapshot(self, more: int) -> None:
        self._since_snapshot += more
        if self._since_snapshot < self._settings.snapshot_every:
            return
        self._since_snapshot = 0
        try:
            await self._journal.keep_snapshot(self.number, self._log.seq, self._log.shape, self._log.dump())
        except Exception:
            log.exception("no snapshot was kept", number=self.number)  # a restart takes longer, no more
