"""All live rooms of this process, and the shell that carries their outputs out.

Law: everything here runs on the event loop's thread. After each input the outputs are delivered and the next deadline is
set; nothing waits in between, so a room is never seen half changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Protocol

import structlog

from folkmoot.engine import (
    Connected,
    Died,
    Disconnected,
    Engine,
    Paused,
    Quality,
    Speakers,
    Subscribed,
    read_event,
)
from folkmoot.kit import Clock, Randomness, Refusal, Sids, SystemRandomness
from folkmoot.protocol import requests as wire
from folkmoot.protocol.joining import Joining
from folkmoot.protocol.responses import Message, Server
from folkmoot.protocol.tokens import Claims, Keys, VideoGrant
from folkmoot.protocol.values import Action, Permission, Reason, Source
from folkmoot.rooms import administering, leaving, media, requests
from folkmoot.rooms import joining as coming
from folkmoot.rooms.model import (
    Event,
    Hangup,
    Limits,
    Now,
    Participant,
    ParticipantJoined,
    ParticipantLeft,
    RoomClosed,
    RoomOpened,
    Send,
)
from folkmoot.rooms.room import House, Room
from folkmoot.rooms.timers import Timers

log = structlog.get_logger("folkmoot.rooms")


class Sink(Protocol):
    """The way to one client. Neither call waits or fails."""

    def send(self, message: Message) -> None: ...
    def hang_up(self) -> None: ...


class Rooms:
    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        clock: Clock,
        *,
        randomness: Randomness | None = None,
        server: Server | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._randomness = randomness or SystemRandomness()
        self._house = House(engine, Sids(self._randomness), keys, server or Server(), limits or Limits())
        self._clock = clock
        self._rooms: dict[str, Room] = {}
        self._by_handle: dict[int, Room] = {}
        self._sinks: dict[str, Sink] = {}
        self._listeners: list[Callable[[Event], None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at: float | None = None
        self.guard: Callable[[str, str], bool] = lambda room, identity: True
        """Whether somebody of that identity may be in that room at this moment, whatever their token says."""
        self._deadlines = Timers()
        """Of each room its next one: with thousands of rooms none is looked at before its time."""

    # --- for doors and meetings -------------------------------------------------------------------------------------

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Calls it with all that happens in any room; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def token(
        self,
        room: str,
        identity: str,
        *,
        name: str = "",
        metadata: str = "",
        attributes: dict[str, str] | None = None,
        can_publish: bool = True,
        can_subscribe: bool = True,
        can_publish_data: bool = True,
        can_publish_sources: Iterable[str] = (),
        ttl: timedelta = timedelta(minutes=10),
    ) -> str:
        permission = Permission(
            can_subscribe=can_subscribe,
            can_publish=can_publish,
            can_publish_data=can_publish_data,
            can_publish_sources=frozenset(Source[s.upper()] for s in can_publish_sources),
        )
        claims = Claims(
            key="",
            identity=identity,
            name=name,
            metadata=metadata,
            attributes=attributes or {},
            video=VideoGrant(room=room, room_join=True, permission=permission),
        )
        return self._house.keys.mint(claims, ttl)

    def enforce(
        self,
        room: str,
        *,
        remove: Collection[str] = (),
        permit: Mapping[str, Collection[str]] = MappingProxyType({}),
        mute: Collection[tuple[str, str]] = (),
    ) -> None:
        """Makes a room so as its meeting wants it, all in one go."""
        inside = self._rooms.get(room)
        if inside is not None:
            with self.changing(inside) as now:
                administering.enforce(inside, remove, permit, mute, now)

    def inside(self, room: str) -> list[str]:
        """Identities, also of those whose media doesn't stand yet."""
        inside = self._rooms.get(room)
        return [p.identity for p in inside] if inside else []

    def mute(self, room: str, identity: str, source: str) -> bool:
        """Mutes that person's tracks of a source; false when there is nothing of the kind."""
        found = self._find(room, identity)
        tracks = [p for p in found[1].published.values() if p.info.source.word == source] if found else []
        self.enforce(room, mute=((identity, source),))
        return bool(tracks)

    def remove(self, room: str, identity: str, reason: Reason = Reason.PARTICIPANT_REMOVED) -> bool:
        found = self._find(room, identity)
        if found is None:
            return False
        leaving.remove(*found, reason, self._now())
        self._settle(found[0])
        return True

    def close(self, room: str, reason: Reason = Reason.ROOM_DELETED) -> bool:
        inside = self._rooms.get(room)
        if inside is None:
            return False
        leaving.close(inside, reason, self._now())
        self._settle(inside)
        return True

    def send_away(self, reason: Reason = Reason.SERVER_SHUTDOWN) -> None:
        """Everybody, with the wish that they come back at once; the rooms wait for them."""
        for room in tuple(self._rooms.values()):
            with self.changing(room) as now:
                for participant in room:
                    leaving.remove(room, participant, reason, now, action=Action.RECONNECT)

    def close_all(self, reason: Reason = Reason.SERVER_SHUTDOWN) -> None:
        for name in tuple(self._rooms):
            self.close(name, reason)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def identities(self, room: str) -> list[str]:
        inside = self._rooms.get(room)
        return [p.identity for p in inside if p.active] if inside else []

    @property
    def limits(self) -> Limits:
        return self._house.limits

    def room(self, name: str) -> Room | None:
        return self._rooms.get(name)

    def all(self) -> list[Room]:
        return list(self._rooms.values())

    def open(self, name: str) -> Room:
        room = self._rooms.get(name)
        if room is None:
            room = Room(name, self._house, self._randomness.token(32), self._now())
            self._rooms[name] = room
            self._by_handle[room.handle] = room
            self._tell(RoomOpened(room.name, room.info()))
            self._settle(room)
        return room

    @contextmanager
    def changing(self, room: Room) -> Iterator[Now]:
        """For verbs that have no method here: their outputs are carried out at the end."""
        try:
            yield self._now()
        finally:
            self._settle(room)

    # --- for signalling ---------------------------------------------------------------------------------------------

    def may_join(self, claims: Claims, joining: Joining) -> Refusal | None:
        if not coming.fits(claims, joining, self.limits):
            return Refusal("participant.too_large")
        if not self.guard(claims.video.room, claims.identity):
            return Refusal("participant.removed")
        room = self._rooms.get(claims.video.room)
        return coming.may_join(room, claims) if room else None

    def join(self, claims: Claims, joining: Joining, sink: Sink) -> str:
        """The participant's sid. The sink first gets the join response, or `reconnect`, or leave."""
        room = self._rooms.get(claims.video.room)
        if room is None:
            room = self.open(claims.video.room)
            administering.configure(room, claims.room_config, self._now())
        participant = coming.join(room, claims, joining, self._now())
        self._sinks[participant.sid] = sink
        log.info(
            "joined",
            room=room.name,
            participant=participant.sid,
            identity=participant.identity,
            sdk=joining.client.sdk,
            version=joining.client.version,
            single=joining.single,
        )
        self._settle(room)
        return participant.sid

    def resume(self, claims: Claims, joining: Joining, sink: Sink) -> str | None:
        """None: that session is no more, and the client must begin anew."""
        room = self._rooms.get(claims.video.room)
        participant = coming.may_resume(room, claims, joining) if room else None
        if room is None or participant is None:
            return None
        older = self._sinks.pop(participant.sid, None)
        if older is not None:
            older.hang_up()
        self._sinks[participant.sid] = sink
        coming.resume(room, participant, joining, self._now())
        log.info("resumed", room=room.name, participant=participant.sid)
        self._settle(room)
        return participant.sid

    def handle(self, sid: str, room_name: str, request: wire.Request) -> None:
        found = self._by_sid(room_name, sid)
        if found is not None:
            requests.handle(*found, request, self._now())
            self._settle(found[0])

    def signal_lost(self, sid: str, room_name: str, sink: Sink) -> None:
        """No effect when another socket carries that participant's signal by now."""
        if self._sinks.get(sid) is not sink:
            return
        del self._sinks[sid]
        found = self._by_sid(room_name, sid)
        if found is not None:
            media.signal_lost(*found, self._now())
            self._settle(found[0])

    # --- from the engine and the clock ------------------------------------------------------------------------------

    def engine_events(self, raw: list[tuple[Any, ...]]) -> None:
        touched: dict[str, Room] = {}
        for event in map(read_event, raw):
            match event:
                case Connected() | Disconnected() | Paused():
                    room = self._house.homes.get(event.connection)
                case Speakers() | Quality():
                    room = self._by_handle.get(event.room)
                case Died(reason):
                    log.critical("media engine died", reason=reason)
                    self.send_away(Reason.MEDIA_FAILURE)
                    continue
                case Subscribed() | None:
                    continue
            if room is not None:
                media.happened(room, event, self._now())
                touched[room.name] = room
        for room in touched.values():
            self._settle(room)

    def tick(self) -> None:
        """Whatever is due. Called by the loop's timer; by a test after it moved the clock."""
        now = self._now()
        while (key := self._deadlines.pop_due(now.at)) is not None:
            room = self._rooms[key[0]]
            while (due := room.timers.pop_due(now.at)) is not None:
                name, sid, *rest = due
                media.timed_out(room, name, sid, tuple(rest), now)
            self._settle(room)
        self._set_timer()

    # --- inside -----------------------------------------------------------------------------------------------------

    def _now(self) -> Now:
        return Now(self._clock.monotonic(), self._clock.now())

    def _find(self, room: str, identity: str) -> tuple[Room, Participant] | None:
        inside = self._rooms.get(room)
        participant = inside.by_identity(identity) if inside else None
        return (inside, participant) if inside and participant else None

    def _by_sid(self, room: str, sid: str) -> tuple[Room, Participant] | None:
        inside = self._rooms.get(room)
        participant = inside.by_sid(sid) if inside else None
        return (inside, participant) if inside and participant else None

    def _settle(self, room: Room) -> None:
        for output in room.take_outputs():
            match output:
                case Send(to, message):
                    sink = self._sinks.get(to)
                    if sink is not None:
                        sink.send(message)
                case Hangup(to):
                    sink = self._sinks.get(to)
                    if sink is not None:
                        sink.hang_up()
                    if room.by_sid(to) is None:
                        self._sinks.pop(to, None)
                case event:
                    self._tell(event)
        deadline = None if room.closed else room.timers.deadline()
        if room.closed:
            self._rooms.pop(room.name, None)
            self._by_handle.pop(room.handle, None)
        if deadline is None:
            self._deadlines.cancel((room.name,))
        else:
            self._deadlines.arm((room.name,), deadline)
        self._set_timer()

    def _tell(self, event: Event) -> None:
        match event:
            case ParticipantLeft():
                log.info("left", room=event.room, participant=event.info.sid, reason=event.reason.name)
            case ParticipantJoined():
                log.info("active", room=event.room, participant=event.info.sid)
            case RoomOpened() | RoomClosed():
                log.info("room", room=event.room, sid=event.info.sid, open=isinstance(event, RoomOpened))
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:
                log.exception("listener failed", happened=type(event).__name__)

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
