"""The state of one room and the few operations that every verb is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from folkmoot.engine import Engine
from folkmoot.kit import Sids
from folkmoot.protocol import responses, values
from folkmoot.protocol.responses import Message, Server
from folkmoot.protocol.tokens import Keys
from folkmoot.rooms.model import Limits, Now, Output, Participant, Published, Send
from folkmoot.rooms.timers import Timers


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
        self._by_sid: dict[str, Participant] = {}
        self._by_identity: dict[str, Participant] = {}
        self._by_handle: dict[int, Participant] = {}
        self._by_connection: dict[int, Participant] = {}
        self._publishers: dict[str, Participant] = {}
        self._by_tcp: dict[str, float] = {}

    @property
    def engine(self) -> Engine:
        return self.house.engine

    @property
    def limits(self) -> Limits:
        return self.house.limits

    def info(self) -> values.Room:
        people = [p for p in self if not p.permission.hidden]
        return values.Room(
            sid=self.sid,
            name=self.name,
            metadata=self.metadata,
            created_ms=self.created_ms,
            empty_timeout=self.empty_timeout_s,
            departure_timeout=self.departure_timeout_s,
            max_participants=self.max_participants,
            num_participants=len(people),
            num_publishers=sum(bool(p.published) for p in people),
        )

    # --- who is here ----------------------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Participant]:
        return iter(tuple(self._by_sid.values()))

    @property
    def empty(self) -> bool:
        return not self._by_sid

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

    def drop(self, participant: Participant) -> None:
        self._by_sid.pop(participant.sid, None)
        self._by_handle.pop(participant.peer, None)
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

    def drop_track(self, publisher: Participant, track: Published) -> None:
        publisher.published.pop(track.info.sid, None)
        self._publishers.pop(track.info.sid, None)

    def meet_by_tcp(self, identity: str, now: Now, *, only: bool) -> None:
        """Whether that person is told of our TCP addresses alone. It outlives a session: the next one is what it is for."""
        self._by_tcp = {known: until for known, until in self._by_tcp.items() if until > now.at}
        self._by_tcp.pop(identity, None)
        if only:
            self._by_tcp[identity] = now.at + self.limits.by_tcp_s

    def is_met_by_tcp(self, identity: str, now: Now) -> bool:
        return self._by_tcp.get(identity, now.at) > now.at

    # --- telling ----------------------------------------------------------------------------------------------------

    def send(self, participant: Participant, message: Message) -> None:
        """To one whose signal is away nothing is sent: on its return it gets the whole state."""
        if participant.attached:
            self.out.append(Send(participant.sid, message))

    def broadcast(self, message: Message, but: Participant | None = None) -> None:
        for participant in self._by_sid.values():
            if participant is not but:
                self.send(participant, message)

    def changed(self, participant: Participant, *, tell_self: bool = True) -> None:
        """Something about it that others see is new. Encoded once, whoever it goes to."""
        participant.version += 1
        if participant.announced and not participant.permission.hidden:
            self.broadcast(responses.update([participant.info()]), but=None if tell_self else participant)
        elif tell_self:
            self.send(participant, responses.update([participant.info()]))

    def recount(self, now: Now) -> None:
        """How many are here is told now and then; crowds come and go one by one."""
        self.timers.arm_if_idle(("census", ""), now.at + self.limits.census_every_s)

    def take_outputs(self) -> list[Output]:
        out, self.out = self.out, []
        return out
