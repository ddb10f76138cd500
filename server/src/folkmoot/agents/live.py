"""What carries `Dispatching`: its questions to the workers' sockets, its deadlines to the loop, the rooms' news to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import structlog

from folkmoot.agents.dispatching import Dispatching
from folkmoot.agents.model import Ask, Assign, Dispatch, Evict, Limits, Output, ServedRoom, Terminate
from folkmoot.kit import Clock, Randomness, Refusal
from folkmoot.protocol import agents as wire
from folkmoot.protocol import values
from folkmoot.protocol.responses import Message, Server
from folkmoot.protocol.tokens import Claims, Keys, VideoGrant
from folkmoot.rooms.arriving import MEETING_PREFIX
from folkmoot.rooms.live import Rooms
from folkmoot.rooms.model import (
    Event,
    Now,
    ParticipantJoined,
    ParticipantLeft,
    RoomClosed,
    RoomOpened,
    TrackPublished,
)
from folkmoot.rooms.shell import Sink

TOKEN_TTL = timedelta(hours=1)
ANY = (values.AgentWanted(),)
"""A room that names nobody is offered to the nameless."""
NO_ROOM = Refusal("room.unknown")

log = structlog.get_logger("folkmoot.agents")


class Agents:
    def __init__(
        self,
        rooms: Rooms,
        keys: Keys,
        clock: Clock,
        randomness: Randomness,
        *,
        server: Server | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._rooms, self._keys, self._clock = rooms, keys, clock
        self._server = server or Server()
        self._state = Dispatching(randomness, limits)
        self._sinks: dict[str, Sink] = {}
        self._timer: asyncio.TimerHandle | None = None

    # --- for workers --------------------------------------------------------------------------------------------------

    def register(self, key: str, registration: wire.Register, sink: Sink) -> str | None:
        """Its name; None: there are as many as may be."""
        with self._changing() as now:
            worker = self._state.register(key, registration, now)
            if worker is None:
                return None
            self._sinks[worker.id] = sink
            sink.send(wire.registered(worker.id, self._server))
            self._state.ready(now)
        log.info("worker registered", worker=worker.id, agent=registration.agent_name)
        return worker.id

    def gone(self, worker: str) -> None:
        self._sinks.pop(worker, None)
        with self._changing() as now:
            self._state.gone(worker, now)
        log.info("worker gone", worker=worker)

    def said(self, worker: str, said: wire.Said) -> None:
        with self._changing() as now:
            match said:
                case wire.Availability():
                    self._state.answered(worker, said, now)
                case wire.UpdateJob():
                    self._state.progressed(worker, said, now)
                case wire.UpdateWorker():
                    self._state.updated(worker, said, now)
                case wire.Ping():
                    self._say(worker, wire.pong(said.timestamp, now.ms))
                case wire.Register() | wire.Unknown():
                    pass

    def hang_up(self) -> None:
        """The server stops: workers come back by themselves."""
        if self._timer is not None:
            self._timer.cancel()
        for sink in self._sinks.values():
            sink.hang_up()

    def counts(self) -> dict[str, float]:
        return {"agent_workers": len(self._state.workers)}

    # --- for who has authority over rooms -----------------------------------------------------------------------------

    def create(self, name: str, wanted: values.AgentWanted) -> wire.DispatchInfo | Refusal:
        """A room is opened for it, but for a meeting's, which is there while the meeting is."""
        if self._rooms.room(name) is None:
            if name.startswith(MEETING_PREFIX):
                return NO_ROOM
            self._rooms.open(name)
        with self._changing() as now:
            return self._state.create(self._state.rooms[name], wanted, now)

    def delete(self, name: str, dispatch: str) -> wire.DispatchInfo | Refusal:
        room = self._state.rooms.get(name)
        if room is None:
            return NO_ROOM
        with self._changing() as now:
            return self._state.delete(room, dispatch, now)

    def listed(self, name: str, dispatch: str = "") -> list[wire.DispatchInfo] | Refusal:
        room = self._state.rooms.get(name)
        if room is None:
            return NO_ROOM
        return [room.shown(each) for each in _those(room, dispatch)]

    # --- from the rooms and the clock ---------------------------------------------------------------------------------

    def happened(self, event: Event) -> None:
        with self._changing() as now:
            match event:
                case RoomOpened(name, info, wanted):
                    called = wanted or (() if name.startswith(MEETING_PREFIX) else ANY)
                    self._state.opened(info, called, now)
                case RoomClosed(name, _):
                    self._state.closed(name, now)
                case ParticipantJoined(name, info):
                    self._state.joined(name, info, now)
                case ParticipantLeft(name, info):
                    self._state.left(name, info, now)
                case TrackPublished(name, info, _):
                    self._state.published(name, info, now)
                case _:
                    pass

    def tick(self) -> None:
        self._timer = None
        with self._changing() as now:
            self._state.timed_out(now)

    # --- inside -------------------------------------------------------------------------------------------------------

    @contextmanager
    def _changing(self) -> Iterator[Now]:
        now = Now(self._clock.monotonic(), self._clock.now())
        try:
            yield now
        finally:
            for output in self._state.take_outputs():
                self._carry_out(output)
            self._set_timer()

    def _carry_out(self, output: Output) -> None:
        match output:
            case Ask(worker, job):
                self._say(worker, wire.asked(job))
            case Assign(worker, job, accepted):
                log.info("job assigned", job=job.id, worker=worker, room=job.room.name)
                self._say(worker, wire.assigned(job, self._token(worker, job, accepted)))
            case Terminate(worker, job_id):
                self._say(worker, wire.terminated(job_id))
            case Evict(room, identity):
                self._rooms.remove(room, identity)

    def _say(self, worker: str, message: Message) -> None:
        if (sink := self._sinks.get(worker)) is not None:
            sink.send(message)

    def _token(self, worker_id: str, job: wire.JobInfo, accepted: wire.Availability) -> str:
        worker = self._state.workers[worker_id]
        permission = replace(worker.registration.permission, agent=True, recorder=False)
        claims = Claims(
            key=worker.key,
            identity=accepted.identity,
            name=accepted.name,
            metadata=accepted.metadata,
            attributes={**accepted.attributes, wire.NAME_ATTRIBUTE: worker.registration.agent_name},
            kind=values.ParticipantKind.AGENT,
            video=VideoGrant(room=job.room.name, room_join=True, permission=permission),
        )
        return self._keys.mint(claims, TOKEN_TTL)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        at = self._state.timers.deadline()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # a test that moves the clock by hand
        if at is not None:
            self._timer = loop.call_later(max(0.0, at - self._clock.monotonic()), self.tick)


def _those(room: ServedRoom, dispatch: str) -> list[Dispatch]:
    return [each for each in room.dispatches.values() if dispatch in ("", each.id)]
