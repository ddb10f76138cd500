"""Any interleaving of what people, the engine and time may do leaves the room in order."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from folkmoot.protocol.requests import AnswerTo, Leave, Mute, Offer, Subscribe, TrackSettings
from folkmoot.protocol.values import Kind, Permission, Source
from folkmoot.rooms.subscribing import wants

from .conftest import PLACEHOLDERS, THREE_LAYERS, Person, Scene, section

NAMES = st.sampled_from(["alice", "bob", "carol"])
CIDS = st.sampled_from(["mic", "cam", "screen"])
SOURCES = {
    "mic": (Kind.AUDIO, Source.MICROPHONE),
    "cam": (Kind.VIDEO, Source.CAMERA),
    "screen": (Kind.VIDEO, Source.SCREEN_SHARE),
}


class AnyCall(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene()
        self.people: dict[str, Person] = {}
        self.everyone: list[Person] = []
        self.read: dict[Person, tuple[int, dict[str, int]]] = {}
        """How much of what each was told is looked at already, and the versions in it."""

    def here(self, name: str) -> Person | None:
        person = self.people.get(name)
        room = self.scene.rooms.room("room")
        return person if person and room and room.by_sid(person.sid) else None

    @rule(name=NAMES, single=st.booleans(), active=st.booleans(), publish=st.booleans(), auto=st.booleans())
    def joins(self, name: str, single: bool, active: bool, publish: bool, auto: bool) -> None:
        may = Permission(can_publish=publish)
        person = self.scene.joins(name, single=single, active=active, permission=may, auto_subscribe=auto)
        self.people[name] = person
        self.everyone.append(person)

    @rule(name=NAMES)
    def connects(self, name: str) -> None:
        if person := self.here(name):
            person.connects()

    @rule(name=NAMES)
    def loses_media(self, name: str) -> None:
        if person := self.here(name):
            self.scene.emit("disconnected", person.me.primary, "consent")

    @rule(name=NAMES)
    def loses_signal(self, name: str) -> None:
        if person := self.here(name):
            person.loses_signal()

    @rule(name=NAMES, cid=CIDS)
    def adds(self, name: str, cid: str) -> None:
        if person := self.here(name):
            kind, source = SOURCES[cid]
            person.adds(cid, kind, source, layers=THREE_LAYERS if kind is Kind.VIDEO else ())

    @rule(name=NAMES, cids=st.sets(CIDS), sending=st.booleans(), readable=st.integers(0, 9))
    def offers(self, name: str, cids: set[str], sending: bool, readable: int) -> None:
        if person := self.here(name):
            direction = "sendonly" if sending else "inactive"
            parts = [section(SOURCES[c][0].name.lower(), c, direction, c) for c in sorted(cids)]
            person.says(Offer("v=0\r\n" + PLACEHOLDERS + "".join(parts) if readable else "nonsense", 0))

    @rule(name=NAMES, offer_id=st.integers(0, 3))
    def answers(self, name: str, offer_id: int) -> None:
        if person := self.here(name):
            person.says(AnswerTo("v=0\r\n", offer_id))

    @rule(name=NAMES, whose=NAMES, subscribe=st.booleans())
    def subscribes(self, name: str, whose: str, subscribe: bool) -> None:
        person, other = self.here(name), self.here(whose)
        if person and other:
            person.says(Subscribe(tuple(other.me.published), subscribe))

    @rule(name=NAMES, whose=NAMES, disabled=st.booleans(), quality=st.integers(0, 3))
    def configures(self, name: str, whose: str, disabled: bool, quality: int) -> None:
        person, other = self.here(name), self.here(whose)
        if person and other:
            person.says(TrackSettings(tuple(other.me.published), disabled, quality))

    @rule(name=NAMES, muted=st.booleans())
    def mutes(self, name: str, muted: bool) -> None:
        if person := self.here(name):
            for sid in tuple(person.me.published):
                person.says(Mute(sid, muted))

    @rule(name=NAMES)
    def leaves(self, name: str) -> None:
        if person := self.here(name):
            person.says(Leave())

    @rule(name=NAMES)
    def is_removed(self, name: str) -> None:
        self.scene.rooms.remove("room", name)

    @rule(seconds=st.sampled_from([0.02, 0.3, 6, 20]))
    def time_passes(self, seconds: float) -> None:
        self.scene.clock.advance(seconds)
        self.scene.rooms.tick()

    @precondition(lambda self: self.people)
    @rule()
    def the_room_is_closed(self) -> None:
        self.scene.rooms.close("room")

    @invariant()
    def subscriptions_are_what_is_wanted(self) -> None:
        room = self.scene.rooms.room("room")
        if room is None:
            return
        for subscriber in room:
            expected = {
                track.info.sid
                for publisher in room
                for track in publisher.published.values()
                if wants(subscriber, publisher, track)
            }
            assert set(subscriber.subscriptions) == expected

    @invariant()
    def the_engine_holds_what_the_room_holds(self) -> None:
        room = self.scene.rooms.room("room")
        people = list(room) if room else []
        stats = self.scene.engine.stats()
        assert stats["rooms"] == (1 if room else 0)
        assert stats["peers"] == len(people)
        assert stats["tracks"] == sum(len(p.published) for p in people)
        assert stats["subscriptions"] == sum(len(p.subscriptions) for p in people)

    @invariant()
    def everyone_attached_sees_exactly_those_who_are_announced(self) -> None:
        room = self.scene.rooms.room("room")
        if room is None:
            return
        announced = {p.identity: p for p in room if p.announced}
        for person in self.everyone:
            me = room.by_sid(person.sid)
            if me is None or not me.attached:
                continue
            seen = person.sees()
            assert {i: v.sid for i, v in seen.items()} == {
                i: p.sid for i, p in announced.items() if p is not me
            }
            for identity, info in seen.items():
                assert {t.sid for t in info.tracks} == set(announced[identity].published)

    @invariant()
    def versions_only_rise(self) -> None:
        for person in self.everyone:
            done, last = self.read.get(person, (0, {}))
            for message in person.got[done:]:
                for info in message.wire.update.participants:
                    assert info.version > last.get(info.sid, -1)
                    last[info.sid] = info.version
            self.read[person] = len(person.got), last

    def teardown(self) -> None:
        self.scene.rooms.close_all()
        left = self.scene.engine.counts()
        self.scene.engine.close()
        assert left == dict.fromkeys(left, 0)


AnyCall.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, suppress_health_check=list(HealthCheck)
)
TestAnyCall = AnyCall.TestCase
