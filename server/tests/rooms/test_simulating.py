"""Trouble on request, as the SDKs' own tests ask for it."""

from __future__ import annotations

import pytest

from folkmoot.protocol.requests import Simulate
from folkmoot.protocol.values import Action, Reason
from folkmoot.rooms.model import ParticipantLeft

from .conftest import Person, Scene
from .test_joining import resumes


def cut(scene: Scene, person: Person) -> None:
    """Its socket closes, as one that is hung up does."""
    assert person.hung_up
    person.loses_signal()


def returns(scene: Scene, person: Person) -> Person:
    again = resumes(scene, person)
    assert again is not None
    return again


def test_a_full_reconnect_is_only_asked_of_the_client(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    alice.says(Simulate("leave_request_full_reconnect"))
    assert alice.last("leave").action == Action.RECONNECT
    assert not alice.hung_up
    assert set(bob.sees()) == {"alice"}


def test_a_server_that_leaves_says_so_and_is_gone(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    alice.says(Simulate("server_leave"))
    leave = alice.last("leave")
    assert (leave.action, leave.reason) == (Action.DISCONNECT, Reason.SERVER_SHUTDOWN)
    assert alice.hung_up and "alice" not in bob.sees()


def test_a_node_that_fails_says_nothing_and_knows_nobody_any_more(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    alice.says(Simulate("node_failure"))
    assert alice.hung_up and not alice.heard("leave")
    assert "alice" not in bob.sees()
    assert resumes(scene, alice) is None
    (left,) = scene.happened(ParticipantLeft)
    assert left.reason is Reason.SERVER_SHUTDOWN


def test_one_that_migrates_comes_back_as_the_one_it_was(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    track = alice.publishes("mic")
    alice.says(Simulate("migration"))
    bob.publishes("mic")  # while it is on its way
    cut(scene, alice)
    again = returns(scene, alice)
    assert again.got[0].name == "reconnect"
    assert list(again.me.published) == [track]
    assert bob.sees()["alice"].sid == alice.sid
    assert not scene.happened(ParticipantLeft)


@pytest.mark.parametrize("told", [True, False])
def test_a_signal_that_is_cut_again_when_it_is_resumed_can_be_resumed_after_that(
    scene: Scene, told: bool
) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    alice.says(Simulate(f"disconnect_signal_on_resume{'' if told else '_no_messages'}"))
    alice.loses_signal()
    first = returns(scene, alice)
    assert [m.name for m in first.got] == (["reconnect", "update", "room_update"] if told else [])
    bob.publishes("mic")  # nothing of it is said to who is cut off
    cut(scene, first)
    second = returns(scene, first)
    assert not second.hung_up
    assert len(second.sees()["bob"].tracks) == 1


def test_whose_wish_to_be_cut_off_is_old_is_not(scene: Scene) -> None:
    alice = scene.joins("alice")
    alice.says(Simulate("disconnect_signal_on_resume"))
    scene.passes_at_once(6)
    alice.loses_signal()
    assert not returns(scene, alice).hung_up


def test_one_who_is_cut_off_and_stays_away_is_gone_in_time(scene: Scene) -> None:
    alice = scene.joins("alice")
    alice.says(Simulate("disconnect_signal_on_resume_no_messages"))
    alice.loses_signal()
    cut(scene, returns(scene, alice))
    scene.passes(20)
    (left,) = scene.happened(ParticipantLeft)
    assert left.reason is Reason.SIGNAL_CLOSE


def test_all_see_somebody_speak_for_as_long_as_was_asked(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    alice.says(Simulate("speaker_update", 2))
    for person in (alice, bob):
        (speaker,) = person.last("speakers_changed").speakers
        assert (speaker.sid, speaker.active) == (alice.sid, True)
    scene.passes(1.5)
    assert len(bob.heard("speakers_changed")) == 1
    scene.passes(1)
    (speaker,) = bob.last("speakers_changed").speakers
    assert (speaker.sid, speaker.active, speaker.level) == (alice.sid, False, 0)


def test_nobody_speaks_for_ever(scene: Scene) -> None:
    alice = scene.joins("alice")
    alice.says(Simulate("speaker_update", 2**31 - 1))
    scene.passes_at_once(61)
    assert not alice.last("speakers_changed").speakers[0].active


def test_a_path_is_narrow_until_it_is_said_to_be_free_again(scene: Scene) -> None:
    alice = scene.joins("alice")
    peer = alice.me.peer
    for bits in (300_000, 0, -5):
        alice.says(Simulate("subscriber_bandwidth", bits))
    assert scene.engine.called("limit_bandwidth") == [(peer, 300_000), (peer, None), (peer, None)]


def test_trouble_that_nobody_knows_is_none(scene: Scene) -> None:
    alice = scene.joins("alice")
    alice.forgets()
    alice.says(Simulate("earthquake"))
    alice.says(Simulate("switch_candidate_protocol", 3))
    assert alice.got == [] and not alice.hung_up
