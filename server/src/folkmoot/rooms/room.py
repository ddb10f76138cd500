"""The state of one room and the few operations that every verb is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from folkmoot.engine import Engine
from folkmoot.kit import Sids
from folkmoot.protocol import responses, values
from folkmoot.protocol.responses import Message, Server
from folkmoot.protocol.tokens import Keys
from folkmoot.rooms.census import Census
from folkmoot.rooms.model import Limits, Now, Output, Participant, Published, Send
from folkmoot.rooms.timers import Timers
from folkmoot.rooms.updates import Updates


@dataclass(frozen=True, slots=True)
class House:
    """What all rooms of this process share."""

    engine: Engine
    sids: Sids
    keys: Keys
    server: Server = field(default_factory=Server)
    limits: Limits = field(default_factory=Limits)
    homes: dict[int, Room] = field(default_factory=dict)
    """In which room a participant's primary connection is."""


@dataclass(slots=True)
class Forward:
    """Somebody's being heard and seen in another room, too."""

    home: Room
    origin: Participant
    room: Room
    stand_in: Participant
    version: int
    """Of whom it stands for, as it was last shown there."""
    tracks: dict[str, Published] = field(default_factory=dict)
    """Those that it has there."""


@dataclass(slots=True)
class Returning:
    """Where somebody was forwarded to who has gone, and until when it may come back for it."""

    until: float
    to: list[Room] = field(default_factory=list)


class Room:
    def __init__(self, name: str, house: House, sif_trailer: bytes, now: Now) -> None:
        self.name = name
        self.house = house
        self.sid = house.sids.room()
        self.sif_trailer = sif_trailer
        self.created_ms = now.ms
        self.metadata = ""
        self.max_participants = 0
        self.empty_timeout_s = house.limits.empty_timeout_s
        self.departure_timeout_s = house.limits.departure_timeout_s
        self.handle = house.engine.open_room()
        self.closed = False
        self.timers = Timers()
        self.timers.arm(("empty", ""), now.at + self.empty_timeout_s)
        self.out: list[Output] = []
        self.updates = Updates()
        self.asking: dict[str, float] = {}
        """By sid: who is to be asked for a negotiation, and when."""
        self.all_asked_at = -1e9
        """When everybody was last asked to negotiate what nobody was in a hurry for."""
        self._census = Census()
        self._recording_told = False
        self._by_sid: dict[str, Participant] = {}
        self._by_identity: dict[str, Participant] = {}
        self._by_handle: dict[int, Participant] = {}
        self._by_connection: dict[int, Participant] = {}
        self._publishers: dict[str, Participant] = {}
        self.data_tracks: dict[str, tuple[Participant, values.DataTrack]] = {}
        """By sid: who publishes it."""
        self._by_tcp: dict[str, float] = {}
        self.forwards: list[Forward] = []
        """Of those in it who are heard and seen in other rooms, too."""
        self.stand_ins: dict[str, Forward] = {}
        """Of those in it who only stand for somebody of another, by sid."""
        self.returning: dict[str, Returning] = {}
        """By identity."""
        self.reached: list[Room] = []
        """Other rooms that what was done here has changed."""

    @property
    def engine(self) -> Engine:
        return self.house.engine

    @property
    def limits(self) -> Limits:
        return self.house.limits

    def info(self) -> values.Room:
        return values.Room(
            sid=self.sid,
            name=self.name,
            metadata=self.metadata,
            created_ms=self.created_ms,
            empty_timeout=self.empty_timeout_s,
            departure_timeout=self.departure_timeout_s,
            max_participants=self.max_participants,
            num_participants=len(self._census.seen),
            num_publishers=len(self._census.publishers),
            active_recording=bool(self._census.recorders),
        )

    # --- who is here ----------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Participant]:
        return iter(tuple(self._by_sid.values()))

    @property
    def empty(self) -> bool:
        return not self._by_sid

    @property
    def people(self) -> int:
        """Without those who are there for others."""
        return len(self._census.people)

    def watch_emptiness(self, now: Now) -> None:
        """Somebody went: a room that nobody is in, helpers don't matter, ends after a while."""
        if not self.people and not self.closed:
            self.timers.arm(("empty", ""), now.at + self.departure_timeout_s)

    def count(self, participant: Participant) -> None:
        """Anew, for what it counts as may have changed."""
        self._census.count(participant)

    def by_sid(self, sid: str) -> Participant | None:
        return self._by_sid.get(sid)

    def by_identity(self, identity: str) -> Participant | None:
        return self._by_identity.get(identity)

    def by_peer(self, peer: int) -> Participant | None:
        return self._by_handle.get(peer)

    def by_connection(self, primary: int) -> Participant | None:
        return self._by_connection.get(primary)

    def add(self, participant: Participant) -> None:
        self._by_sid[participant.sid] = participant
        self._by_identity[participant.identity] = participant
        self._by_handle[participant.peer] = participant
        if participant.primary is not None:
            self._by_connection[participant.primary] = participant
            self.house.homes[participant.primary] = self
        self.count(participant)

    def drop(self, participant: Participant) -> None:
        self._by_sid.pop(participant.sid, None)
        self._census.drop(participant.sid)
        self._by_handle.pop(participant.peer, None)
        self.asking.pop(participant.sid, None)
        if participant.primary is not None:
            self._by_connection.pop(participant.primary, None)
            self.house.homes.pop(participant.primary, None)
        if self._by_identity.get(participant.identity) is participant:
            del self._by_identity[participant.identity]

    def track(self, sid: str) -> tuple[Participant, Published] | None:
        publisher = self._publishers.get(sid)
        return (publisher, publisher.published[sid]) if publisher else None

    def add_track(self, publisher: Participant, track: Published) -> None:
        publisher.published[track.info.sid] = track
        self._publishers[track.info.sid] = publisher
        self.count(publisher)

    def drop_track(self, publisher: Participant, track: Published) -> None:
        publisher.published.pop(track.info.sid, None)
        self._publishers.pop(track.info.sid, None)
        if publisher.sid in self._by_sid:
            self.count(publisher)

    def withdraw(self, sid: str) -> None:
        """A track is not of this room any more; its publisher keeps it."""
        self._publishers.pop(sid, None)

    def meet_by_tcp(self, identity: str, now: Now, *, only: bool) -> None:
        """Whether that person is told of our TCP addresses alone. It outlives a session: the next one is what it is for."""
        self._by_tcp = {known: until for known, until in self._by_tcp.items() if until > now.at}
        self._by_tcp.pop(identity, None)
        if only:
            self._by_tcp[identity] = now.at + self.limits.by_tcp_s

    def is_met_by_tcp(self, identity: str, now: Now) -> bool:
        return self._by_tcp.get(identity, now.at) > now.at

    # --- telling ----------------------------------------------------------------------------------------------------

    def send(self, participant: Participant, message: Message, *, kept_as: str = "") -> None:
        """To one whose signal is away nothing is sent: on its return it gets the whole state, and what is no part of that
        but `kept_as` the last word on something. What is for one who stands for another is for that one."""
        participant = participant.origin or participant
        if participant.attached:
            self.out.append(Send((participant.sid,), message))
        elif kept_as:
            participant.missed[kept_as] = message

    def broadcast(self, message: Message) -> None:
        self.out.append(Send(self._attached(), message))

    def changed(self, participant: Participant, *, tell_self: bool = True, urgent: bool = True) -> None:
        """Something about it that others see is new. `urgent`: not what one can do many times a second."""
        participant.version += 1
        if participant.announced and not participant.permission.hidden:
            self.updates.changed(participant, tell_self=tell_self, urgent=urgent)
        elif tell_self:
            self._send_updates(participant, [participant.encoded()])

    def ended(self, participant: Participant, reason: values.Reason, now: Now) -> None:
        participant.version += 1
        if participant.announced and not participant.permission.hidden:
            self.updates.ended(participant, responses.encoded(participant.info(reason)), now)

    def introduce(self, to: Participant, tracks: Iterable[str]) -> None:
        """Whose tracks are negotiated with somebody is told to it first."""
        owners = dict.fromkeys(self._publishers[sid].sid for sid in tracks if sid in self._publishers)
        self._send_updates(to, self.updates.of(owners))

    def catch_up(self, participant: Participant, now: Now) -> None:
        """All that one who was away may have missed. What was asked of it comes first: its SDK answers an update that shows
        it muted, where it isn't, by unmuting itself. Then who ended, and who is here and how."""
        missed, participant.missed = participant.missed, {}
        for message in missed.values():
            self.send(participant, message)
        here = [p.encoded() for p in self if p is participant or (p.announced and not p.permission.hidden)]
        self._send_updates(participant, self.updates.lately_ended(now) + here)

    def recount(self, now: Now) -> None:
        """How many are here is told now and then; crowds come and go one by one."""
        self.timers.arm_if_idle(("census", ""), now.at + self.limits.census_every_s)

    def take_outputs(self, now: Now) -> list[Output]:
        if not self.closed:
            self._tell_updates(now)
            self._tell_recording()
        out, self.out = self.out, []
        return out

    def tell_updates(self, now: Now) -> None:
        """All that is new, now."""
        told, everybody = self.updates.take(now), self._attached()
        knowing = told.knowing.intersection(everybody)
        others = tuple(sid for sid in everybody if sid not in knowing) if knowing else everybody
        for message in responses.updates(encoded for _, encoded in told.people):
            self.out.append(Send(others, message))
        for one in knowing:
            for message in responses.updates(encoded for sid, encoded in told.people if sid != one):
                self.out.append(Send((one,), message))

    def _tell_updates(self, now: Now) -> None:
        if not self.updates:
            return
        due = self.updates.due(len(self._by_sid))
        if due > now.at:
            self.timers.arm(("tell", ""), due)
        else:
            self.timers.cancel(("tell", ""))
            self.tell_updates(now)

    def _tell_recording(self) -> None:
        """That one is recorded isn't told now and then."""
        recorded = bool(self._census.recorders)
        if recorded != self._recording_told:
            self._recording_told = recorded
            self.broadcast(responses.room_update(self.info()))

    def _send_updates(self, to: Participant, encoded: Iterable[bytes]) -> None:
        for message in responses.updates(encoded):
            self.send(to, message)

    def _attached(self) -> tuple[str, ...]:
        return tuple(p.sid for p in self._by_sid.values() if p.attached)
