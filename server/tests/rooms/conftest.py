"""A room on stage: the fake engine, a still clock, and people whose every message is kept."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from folkmoot.engine.fake import FakeEngine
from folkmoot.kit import ManualClock
from folkmoot.protocol import requests
from folkmoot.protocol.joining import Client, Joining
from folkmoot.protocol.requests import AddTrack, Offer
from folkmoot.protocol.responses import Message
from folkmoot.protocol.tokens import Claims, Keys, VideoGrant
from folkmoot.protocol.values import Kind, Layer, Permission, Source
from folkmoot.rooms.live import Rooms
from folkmoot.rooms.model import Event, Participant


class Dice:
    """Randomness that is the same every time, and never the same twice."""

    def __init__(self) -> None:
        self._random = random.Random(7)

    def below(self, bound: int) -> int:
        return self._random.randrange(bound)

    def token(self, size: int) -> bytes:
        return bytes(size)


def section(
    kind: str,
    mid: str,
    direction: str,
    track: str = "",
    rids: tuple[str, ...] = (),
    codecs: tuple[str, ...] = (),
) -> str:
    lines = [f"m={kind} 9 UDP/TLS/RTP/SAVPF 96", f"a=mid:{mid}", f"a={direction}"]
    if track:
        lines.append(f"a=msid:stream {track}")
    lines += [f"a=rid:{rid} send" for rid in rids]
    lines += [f"a=rtpmap:{number} {codec}/90000" for number, codec in enumerate(codecs, 96)]
    return "\r\n".join(lines) + "\r\n"


PLACEHOLDERS = "".join(section("audio", str(i), "recvonly") for i in range(3)) + "".join(
    section("video", str(i), "recvonly") for i in range(3, 6)
)
THREE_LAYERS = (Layer(0, 320, 180), Layer(1, 640, 360), Layer(2, 1280, 720))


@dataclass(eq=False)
class Person:
    scene: Scene
    identity: str
    room: str
    sid: str = ""
    got: list[Message] = field(default_factory=list)
    hung_up: bool = False
    extra: str = ""
    next_mid: int = 7

    # the sink
    def send(self, message: Message) -> None:
        assert not self.hung_up, "nothing is said after the end"
        self.got.append(message)

    def hang_up(self) -> None:
        self.hung_up = True

    # what it does
    def says(self, request: requests.Request) -> None:
        self.scene.rooms.handle(self.sid, self.room, request)

    def offers(self, sdp: str | None = None, offer_id: int = 0) -> None:
        self.says(Offer("v=0\r\n" + (PLACEHOLDERS + self.extra if sdp is None else sdp), offer_id))

    def connects(self) -> None:
        self.scene.emit("connected", self.me.primary)

    def adds(
        self, cid: str, kind: Kind = Kind.AUDIO, source: Source = Source.MICROPHONE, **more: Any
    ) -> None:
        self.says(AddTrack(cid=cid, kind=kind, source=source, **more))

    def publishes(
        self,
        cid: str,
        kind: Kind = Kind.AUDIO,
        source: Source = Source.MICROPHONE,
        *,
        codec: str = "",
        **more: Any,
    ) -> str:
        """AddTrack, then the offer with its section: the sid of the track."""
        self.adds(cid, kind, source, **more)
        rids = ("q", "h", "f")[: len(more.get("layers", ()))] if len(more.get("layers", ())) > 1 else ()
        codecs = (codec,) if codec else ()
        self.extra += section(kind.name.lower(), str(self.next_mid), "sendonly", cid, rids, codecs)
        self.next_mid += 1
        self.offers()
        return str(self.last("track_published").track.sid)

    def loses_signal(self) -> None:
        self.scene.rooms.signal_lost(self.sid, self.room, self)

    # what it sees
    @property
    def me(self) -> Participant:
        room = self.scene.rooms.room(self.room)
        participant = room.by_sid(self.sid) if room else None
        assert participant is not None
        return participant

    def heard(self, name: str) -> list[Any]:
        return [getattr(m.wire, name) for m in self.got if m.name == name]

    def last(self, name: str) -> Any:
        return self.heard(name)[-1]

    def forgets(self) -> None:
        self.got.clear()

    def sees(self) -> dict[str, Any]:
        """The others as this one knows them now, by identity."""
        known: dict[str, Any] = {}
        for message in self.got:
            wire = message.wire
            for info in [*wire.join.other_participants, *wire.update.participants]:
                if info.state == info.DISCONNECTED:
                    if info.identity in known and known[info.identity].sid == info.sid:
                        del known[info.identity]
                elif info.identity != self.identity:
                    known[info.identity] = info
        return known


class Scene:
    def __init__(self) -> None:
        self.engine = FakeEngine()
        self.clock = ManualClock()
        self.keys = Keys({"devkey": "secret" * 8}, self.clock)
        self.rooms = Rooms(self.engine, self.keys, self.clock, randomness=Dice())
        self.events: list[Event] = []
        self.rooms.listen(self.events.append)

    def emit(self, *event: Any) -> None:
        self.engine.emit(*event)
        self.rooms.engine_events(self.engine.drain())

    def dies(self, *rooms: str) -> None:
        """The shard on which these rooms are; without any, all are on it."""
        handles = [room.handle for name in rooms if (room := self.rooms.room(name)) is not None]
        self.engine.die(*handles)
        self.rooms.engine_events(self.engine.drain())

    def passes(self, seconds: float) -> None:
        """Time goes by in small steps, so that what is due in between happens in its order."""
        for _ in range(round(seconds * 100)):
            self.clock.advance(0.01)
            self.rooms.tick()

    def passes_at_once(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.rooms.tick()

    def joins(
        self,
        identity: str,
        *,
        room: str = "room",
        single: bool = True,
        permission: Permission | None = None,
        protocol: int = 17,
        active: bool = True,
        sdk: str = "test",
        sdp: str = PLACEHOLDERS,
        kind: int = 0,
        **joining: Any,
    ) -> Person:
        grant = VideoGrant(room, True, permission=permission or Permission())
        claims = Claims("devkey", identity, kind=kind, video=grant)
        offer = Offer("v=0\r\n" + sdp, 1) if single else None
        wanted = Joining(client=Client(sdk, "1", protocol), single=single, offer=offer, **joining)
        person = self.enters(claims, wanted)
        if active:
            person.connects()
        return person

    def enters(self, claims: Claims, joining: Joining) -> Person:
        person = Person(self, claims.identity, claims.video.room)
        sid = self.rooms.join(claims, joining, person)
        assert isinstance(sid, str), sid
        person.sid = sid
        return person

    def happened(self, kind: type) -> list[Any]:
        return [e for e in self.events if isinstance(e, kind)]


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.rooms.close_all()
    left = made.engine.counts()
    made.engine.close()
    assert left == dict.fromkeys(left, 0), "nothing is left in the engine"


@pytest.fixture
def joins(scene: Scene) -> Callable[..., Person]:
    return scene.joins
