"""A server that is full lets nobody in but those who are inside already."""

from __future__ import annotations

from folkmoot.kit import Refusal
from folkmoot.protocol.joining import Joining
from folkmoot.protocol.tokens import Claims, RoomConfig, VideoGrant
from folkmoot.rooms.live import Rooms
from folkmoot.rooms.model import Limits

from .conftest import Dice, Scene


def small(scene: Scene, **limits: int) -> None:
    scene.rooms = Rooms(scene.engine, scene.keys, scene.clock, randomness=Dice(), limits=Limits(**limits))


def asks(scene: Scene, identity: str, room: str = "room", **joining: object) -> Refusal | None:
    claims = Claims("devkey", identity, video=VideoGrant(room, True))
    return scene.rooms.may_join(claims, Joining(single=True, **joining))  # type: ignore[arg-type]


def test_one_room_too_many_is_not_opened(scene: Scene) -> None:
    small(scene, rooms=2)
    scene.joins("alice", room="a")
    assert not isinstance(scene.rooms.create("b", RoomConfig()), Refusal)
    refusal = Refusal("server.too_many_rooms", {"retry_after_s": 10})
    assert scene.rooms.create("c", RoomConfig()) == refusal
    assert asks(scene, "bob", "c") == refusal
    assert asks(scene, "bob", "b") is None, "one that is open is open"
    assert not isinstance(scene.rooms.create("b", RoomConfig()), Refusal)
    scene.rooms.close("a")
    assert asks(scene, "bob", "c") is None


def test_one_participant_too_many_is_not_let_in(scene: Scene) -> None:
    small(scene, participants=2)
    alice, _ = scene.joins("alice"), scene.joins("bob", room="other")
    refusal = Refusal("server.full", {"retry_after_s": 10})
    assert asks(scene, "carol") == refusal
    assert asks(scene, "carol", "new") == refusal
    assert asks(scene, "alice") is None, "who comes again takes its own place"
    assert asks(scene, "alice", reconnect=True, participant_sid=alice.sid) is None
    scene.rooms.remove("other", "bob")
    assert asks(scene, "carol") is None
