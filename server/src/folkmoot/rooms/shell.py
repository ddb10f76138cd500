"""What carries rooms: their outputs to sockets and listeners, their deadlines to the loop, the engine's events to them.

Law: everything here runs on the event loop's thread. After each input the outputs are delivered and the next deadline is
set; nothing waits in between, so a room is never seen half changed. What goes wrong is contained: an event, a timer, a sink
or a listener that fails costs itself and nothing of anybody else's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import structlog

from folkmoot.engine import (
    ENGINE,
    Carried,
    Connected,
    Died,
    Disconnected,
    Paused,
    Policed,
    Quality,
    Said,
    Speakers,
    Subscribed,
    read_event,
)
from folkmoot.engine import Event as EngineEvent
from folkmoot.kit import Clock, Randomness
from folkmoot.protocol.responses import Message
from folkmoot.protocol.tokens import RoomConfig
from folkmoot.protocol.values import Action, Reason
from folkmoot.rooms import administering, forwarding, leaving, media
from folkmoot.rooms.calling import Calls
from folkmoot.rooms.model import (
    Event,
    Hangup,
    Now,
    Output,
    ParticipantJoined,
    ParticipantLeft,
    RoomClosed,
    RoomOpened,
    Send,
)
from folkmoot.rooms.moving import Moves
from folkmoot.rooms.room import House, Room
from folkmoot.rooms.timers import Timers

LATE_S = 10.0
AS_ROOMS_ARE = RoomConfig()

log = structlog.get_logger("folkmoot.rooms")


class Sink(Protocol):
    """The way to one client. Neither call waits."""

    def send(self, message: Message) -> None: ...
    def hang_up(self) -> None: ...


class Shell:
    def __init__(self, house: House, clock: Clock, randomness: Randomness) -> None:
        self.house = house
        self._clock = clock
        self._randomness = randomness
        self._rooms: dict[str, Room] = {}
        self._by_handle: dict[int, Room] = {}
        self._sinks: dict[str, Sink] = {}
        self._listeners: list[Callable[[Event], None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at: float | None = None
        self._deadlines = Timers()
        """Of each room its next one: with thousands of rooms none is looked at before its time."""
        self.calls = Calls()
        self._listeners.append(self.calls.happened)
        self.moves = Moves()
        self.died = 0
        """How often a shard of the engine did."""

    def now(self) -> Now:
        return Now(self._clock.monotonic(), self._clock.now())

    # --- rooms --------------------------------------------------------------------------------------------------------

    def room(self, name: str) -> Room | None:
        return self._rooms.get(name)

    @property
    def count(self) -> int:
        return len(self._rooms)

    def all(self) -> list[Room]:
        return list(self._rooms.values())

    def open(self, name: str, config: RoomConfig = AS_ROOMS_ARE) -> Room:
        """As wished; one that is open already stays as it is."""
        room = self._rooms.get(name)
        if room is None:
            now = self.now()
            room = Room(name, self.house, self._randomness.token(32), now)
            self._rooms[name] = room
            self._by_handle[room.handle] = room
            administering.configure(room, config, now)
            self._tell(RoomOpened(room.name, room.info(), config.agents))
            self._settle(room, now)
        return room

    @contextmanager
    def changing(self, room: Room) -> Iterator[Now]:
        """Around each input: what followed from it is carried out at the end, also of one that failed midway."""
        now = self.now()
        try:
            yield now
        finally:
            self._settle(room, now)

    # --- who is told --------------------------------------------------------------------------------------------------

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def attach(self, sid: str, sink: Sink) -> None:
        """From now on the way to that participant; an older one is hung up."""
        older = self._sinks.pop(sid, None)
        if older is not None:
            older.hang_up()
        self._sinks[sid] = sink

    def follow(self, before: str, room: Room, sid: str) -> None:
        """Who was that one is this one now, in that room; its signal stays."""
        self.moves.note(before, room.name, sid)
        if (sink := self._sinks.pop(before, None)) is not None:
            self._sinks[sid] = sink

    def detach(self, sid: str, sink: Sink) -> bool:
        """False: another carries that participant's signal by now."""
        if self._sinks.get(sid) is not sink:
            return False
        del self._sinks[sid]
        return True

    # --- from the engine and the clock --------------------------------------------------------------------------------

    def engine_events(self, raw: list[tuple[Any, ...]]) -> None:
        touched: dict[str, Room] = {}
        lost: dict[str, list[int]] = {}
        for each in raw:
            with _contained("engine event lost", happened=each[:1]):
                event = read_event(each)
                if isinstance(event, Died):
                    self.died += 1
                    log.critical("media shard died", shard=event.shard, reason=event.reason)
                elif isinstance(event, Said):
                    self.calls.said(event)
                elif event is not None and (room := self._whose(event)) is not None:
                    if isinstance(event, Policed):
                        _tell_of_flood(room, event.connection)
                    touched[room.name] = room
                    media.happened(room, event, self.now())
                    if isinstance(event, Disconnected) and event.reason == ENGINE:
                        lost.setdefault(room.name, []).append(event.connection)
        for name, connections in lost.items():
            with _contained("room not sent away", room=name):
                leaving.come_again(self._rooms[name], connections, Reason.MEDIA_FAILURE, self.now())
        for room in touched.values():
            with _contained("room lost", room=room.name):
                self._settle(room, self.now())

    def tick(self) -> None:
        """Whatever is due. Called by the loop's timer; by a test after it moved the clock."""
        now = self.now()
        try:
            while (key := self._deadlines.pop_due(now.at)) is not None:
                with _contained("room lost", room=key[0]):
                    self._time_out(self._rooms[key[0]], now)
        finally:
            self._set_timer()

    def ailment(self) -> str | None:
        """What is due and isn't done is a timer that was lost."""
        due = self._deadlines.deadline()
        return None if due is None or self._clock.monotonic() - due < LATE_S else "timers are late"

    def send_away(self, reason: Reason) -> None:
        """Everybody, with the wish that they come back at once; the rooms wait for them."""
        for room in self.all():
            with _contained("room not sent away", room=room.name), self.changing(room) as now:
                leaving.send_away(room, reason, now, action=Action.RECONNECT)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # --- inside -------------------------------------------------------------------------------------------------------

    def _time_out(self, room: Room, now: Now) -> None:
        while (due := room.timers.pop_due(now.at)) is not None:
            name, sid, *rest = due
            with _contained("timer lost", room=room.name, timer=name):
                media.timed_out(room, name, sid, tuple(rest), now)
        self._settle(room, now)

    def _whose(self, event: EngineEvent) -> Room | None:
        match event:
            case Connected() | Disconnected() | Paused() | Policed() | Carried():
                return self.house.homes.get(event.connection)
            case Speakers() | Quality():
                return self._by_handle.get(event.room)
            case Subscribed() | Died() | Said():
                return None

    def _settle(self, room: Room, now: Now) -> None:
        forwarding.reflect(room, now)
        for output in room.take_outputs(now):
            with _contained("output lost", room=room.name):
                self._carry_out(room, output)
        if room.closed and self._rooms.get(room.name) is room:
            del self._rooms[room.name]
            self._by_handle.pop(room.handle, None)
        deadline = None if room.closed else room.timers.deadline()
        if deadline is None:
            self._deadlines.cancel((room.name,))
        else:
            self._deadlines.arm((room.name,), deadline)
        self._set_timer()
        reached, room.reached = room.reached, []
        for other in reached:
            self._settle(other, now)

    def _carry_out(self, room: Room, output: Output) -> None:
        match output:
            case Send(to, message):
                self._send(to, message)
            case Hangup(to):
                if (sink := self._sinks.get(to)) is not None:
                    if room.by_sid(to) is None:
                        del self._sinks[to]
                    sink.hang_up()
            case event:
                self._tell(event)

    def _send(self, to: tuple[str, ...], message: Message) -> None:
        for sid in to:
            if (sink := self._sinks.get(sid)) is not None:
                try:
                    sink.send(message)
                except Exception:
                    log.exception("message lost", participant=sid)

    def _tell(self, event: Event) -> None:
        match event:
            case ParticipantLeft():
                self.moves.forget(event.room, event.info.sid)
                log.info("left", room=event.room, participant=event.info.sid, reason=event.reason.name)
            case ParticipantJoined():
                log.info("active", room=event.room, participant=event.info.sid)
            case RoomOpened() | RoomClosed():
                log.info("room", room=event.room, sid=event.info.sid, open=isinstance(event, RoomOpened))
        for listener in tuple(self._listeners):
            with _contained("listener failed", happened=type(event).__name__):
                listener(event)

    def _set_timer(self) -> None:
        at = self._deadlines.deadline()
        if at == self._timer_at and self._timer is not None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # a test that moves the clock by hand
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._timer_at = at
        if at is not None:
            self._timer = loop.call_later(max(0.0, at - self._clock.monotonic()), self._fire)

    def _fire(self) -> None:
        self._timer = None
        self._timer_at = None
        self.tick()


def _tell_of_flood(room: Room, connection: int) -> None:
    sid = participant.sid if (participant := room.by_connection(connection)) else None
    log.warning("a participant sends more than it may", room=room.name, participant=sid)


@contextmanager
def _contained(sentence: str, **what: Any) -> Iterator[None]:
    try:
        yield
    except Exception:
        log.exception(sentence, **what)
