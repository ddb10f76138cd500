"""Recorders and assistants are in a room for the others: they are seen as such, take nobody's place and keep it open for no one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from folkmoot.kit import Refusal
from folkmoot.protocol.joining import Joining
from folkmoot.protocol.tokens import Claims, VideoGrant
from folkmoot.protocol.values import ParticipantKind, Permission
from folkmoot.rooms.model import RoomClosed

from .conftest import Person, Scene

RECORDER = Permission(hidden=True, recorder=True)


def claims(identity: str, kind: int = 0, permission: Permission | None = None) -> Claims:
    return Claims(
        "devkey", identity, kind=kind, video=VideoGrant("room", True, permission=permission or Permission())
    )


def recording(person: Person) -> list[bool]:
    return [update.room.active_recording for update in person.heard("room_update")]


def test_that_a_recorder_is_in_is_told_at_once_to_those_here_and_to_those_who_come(scene: Scene) -> None:
    alice = scene.joins("alice")
    recorder = scene.joins("recorder", kind=ParticipantKind.EGRESS, permission=RECORDER)
    assert recording(alice) == [True]
    bob = scene.joins("bob")
    assert bob.last("join").room.active_recording
    alice.forgets()
    scene.rooms.remove("room", recorder.identity)
    assert recording(alice)[:1] == [False]
    assert not scene.joins("carol").last("join").room.active_recording


def test_two_recorders_are_told_once(scene: Scene) -> None:
    alice = scene.joins("alice")
    scene.joins("one", permission=RECORDER)
    scene.joins("two", permission=RECORDER)
    scene.rooms.remove("room", "one")
    assert recording(alice) == [True]


def test_helpers_are_not_counted_among_the_people(scene: Scene) -> None:
    scene.joins("alice")
    scene.joins("assistant", kind=ParticipantKind.AGENT)
    scene.joins("caller", kind=ParticipantKind.SIP)
    scene.joins("stream", kind=ParticipantKind.INGRESS)
    assert scene.rooms.open("room").info().num_participants == 3


@pytest.mark.parametrize(
    ("kind", "permission"),
    [
        (ParticipantKind.EGRESS, Permission()),
        (ParticipantKind.AGENT, Permission()),
        (ParticipantKind.STANDARD, Permission(agent=True)),
        (ParticipantKind.STANDARD, RECORDER),
    ],
)
def test_a_helper_is_let_into_a_full_room_and_takes_nobodys_place(
    scene: Scene, kind: int, permission: Permission
) -> None:
    scene.rooms.open("room").max_participants = 1
    scene.joins("helper", kind=kind, permission=permission)
    scene.joins("alice")
    scene.joins("another", kind=kind, permission=permission)
    refusal = scene.rooms.may_join(claims("bob"), Joining())
    assert isinstance(refusal, Refusal) and refusal.code == "room.full"


def test_who_was_let_in_by_the_door_and_came_too_late_is_refused_inside(scene: Scene) -> None:
    scene.rooms.open("room").max_participants = 1
    assert scene.rooms.may_join(claims("alice"), Joining()) is None
    assert scene.rooms.may_join(claims("bob"), Joining()) is None
    scene.joins("alice")
    late = scene.rooms.join(claims("bob"), Joining(single=True), Person(scene, "bob", "room"))
    assert isinstance(late, Refusal) and late.code == "room.full"
    scene.enters(claims("alice"), Joining(single=True))  # who comes again takes its own place


def test_a_room_in_which_only_a_helper_is_left_ends(scene: Scene) -> None:
    scene.joins("alice")
    helper = scene.joins("assistant", kind=ParticipantKind.AGENT)
    scene.passes(1)
    scene.rooms.remove("room", "alice")
    scene.passes(19)
    assert not scene.happened(RoomClosed)
    scene.passes(2)
    assert scene.happened(RoomClosed)
    assert helper.hung_up


def test_a_helper_that_comes_and_goes_doesnt_prolong_a_room_nobody_came_to(scene: Scene) -> None:
    scene.rooms.open("room").timers.arm(("empty", ""), scene.clock.monotonic() + 30)
    helper = scene.joins("assistant", kind=ParticipantKind.AGENT)
    scene.passes(25)
    scene.rooms.remove("room", helper.identity)
    scene.passes(6)
    assert scene.happened(RoomClosed)


def test_a_token_from_before_somebody_was_removed_for_good_opens_the_room_no_more(scene: Scene) -> None:
    old, new = replace(claims("alice"), not_before=1000), replace(claims("alice"), not_before=2000)
    scene.enters(old, Joining(single=True))
    assert scene.rooms.remove("room", "alice", revoked_before=1500)
    refusal = scene.rooms.may_join(old, Joining())
    assert isinstance(refusal, Refusal) and refusal.code == "participant.removed"
    assert scene.rooms.may_join(new, Joining()) is None
    assert scene.rooms.may_join(replace(old, identity="bob"), Joining()) is None
    elsewhere = replace(old, video=VideoGrant("elsewhere", True))
    assert scene.rooms.may_join(elsewhere, Joining()) is None


def test_one_who_is_removed_without_such_a_word_may_come_again(scene: Scene) -> None:
    scene.joins("alice")
    scene.rooms.remove("room", "alice")
    assert scene.rooms.may_join(claims("alice"), Joining()) is None
