"""A line that was gone for some seconds: whoever comes back knows what those who stayed know."""

from __future__ import annotations

from livekit.protocol.rtc import StreamState

from folkmoot.protocol.requests import SubscriptionPermission, TrackSettings
from folkmoot.protocol.values import Kind, Permission, Source

from .conftest import THREE_LAYERS, Person, Scene
from .test_joining import resumes


def comes_back(scene: Scene, person: Person) -> Person:
    again = resumes(scene, person)
    assert again is not None
    return again


def ended(person: Person) -> list[str]:
    return [
        info.identity
        for update in person.heard("update")
        for info in update.participants
        if info.state == info.DISCONNECTED
    ]


def test_one_who_resumes_hears_who_left_meanwhile(scene: Scene) -> None:
    alice, carol = scene.joins("alice"), scene.joins("carol")
    alice.loses_signal()
    scene.rooms.remove("room", carol.identity)
    again = comes_back(scene, alice)
    assert [message.name for message in again.got[:2]] == ["reconnect", "update"]
    assert ended(again) == ["carol"]
    (gone,) = [i for i in again.last("update").participants if i.identity == "carol"]
    assert gone.sid == carol.sid, "and which of her sessions"


def test_who_left_before_the_server_missed_the_line_is_told_too(scene: Scene) -> None:
    alice, _ = scene.joins("alice"), scene.joins("carol")
    scene.passes(5)
    scene.rooms.remove("room", "carol")  # alice's line is cut already, and nobody knows
    scene.passes(20)
    alice.loses_signal()
    assert ended(comes_back(scene, alice)) == ["carol"]


def test_who_came_again_meanwhile_is_here_and_not_gone(scene: Scene) -> None:
    alice, _ = scene.joins("alice"), scene.joins("carol")
    alice.loses_signal()
    scene.rooms.remove("room", "carol")
    carol = scene.joins("carol")
    again = comes_back(scene, alice)
    assert ended(again) == []
    assert again.sees()["carol"].sid == carol.sid


def test_who_was_never_seen_is_not_told_of_when_it_ends(scene: Scene) -> None:
    alice = scene.joins("alice")
    scene.joins("ghost", permission=Permission(hidden=True))
    alice.loses_signal()
    scene.rooms.remove("room", "ghost")
    assert ended(comes_back(scene, alice)) == []


def test_who_left_long_ago_is_forgotten(scene: Scene) -> None:
    alice, _ = scene.joins("alice"), scene.joins("carol")
    scene.rooms.remove("room", "carol")
    scene.passes(90)
    alice.loses_signal()
    assert ended(comes_back(scene, alice)) == []


def test_a_client_learns_up_to_which_of_its_messages_came(scene: Scene) -> None:
    alice = scene.joins("alice")
    scene.engine.heard[alice.me.peer] = 17
    alice.loses_signal()
    assert comes_back(scene, alice).last("reconnect").last_message_seq == 17


def test_what_a_client_says_waits_for_what_it_kept_while_its_signal_was_cut(scene: Scene) -> None:
    alice = scene.joins("alice")
    alice.loses_signal()
    assert scene.engine.calls[-1] == ("set_away", alice.me.peer, True)
    comes_back(scene, alice)
    assert [call for call in scene.engine.calls if call[0] == "set_away"][-1] == (
        "set_away",
        alice.me.peer,
        False,
    )


def test_who_was_muted_while_it_was_away_is_told_so_before_it_sees_itself_muted(scene: Scene) -> None:
    alice = scene.joins("alice")
    sid = alice.publishes("mic")
    alice.loses_signal()
    scene.rooms.mute("room", "alice", "microphone")
    again = comes_back(scene, alice)
    names = [message.name for message in again.got]
    assert names.index("mute") < names.index("update")
    assert (again.last("mute").sid, again.last("mute").muted) == (sid, True)


def test_who_was_muted_while_it_was_here_is_not_told_again(scene: Scene) -> None:
    alice = scene.joins("alice")
    alice.publishes("mic")
    scene.rooms.mute("room", "alice", "microphone")
    alice.loses_signal()
    assert not comes_back(scene, alice).heard("mute")


def test_a_publisher_that_comes_back_hears_which_layers_are_wanted_by_now(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    sid = alice.publishes("cam", Kind.VIDEO, Source.CAMERA, layers=THREE_LAYERS)
    alice.loses_signal()
    bob.says(TrackSettings((sid,), quality=0))
    scene.passes(6)
    bob.says(TrackSettings((sid,), quality=1))
    again = comes_back(scene, alice)
    assert len(again.heard("subscribed_quality_update")) == 1, "the last word alone"
    enabled = [q.quality for q in again.last("subscribed_quality_update").subscribed_qualities if q.enabled]
    assert enabled == [0, 1]


def test_a_publisher_that_comes_back_hears_that_somebody_receives_it(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    sid = alice.publishes("mic")
    alice.loses_signal()
    scene.passes(1)
    bob.offers(offer_id=2)
    assert comes_back(scene, alice).last("track_subscribed").track_sid == sid


def test_a_receiver_that_comes_back_hears_what_it_may_have_and_what_waits(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    camera = alice.publishes("cam", Kind.VIDEO, Source.CAMERA)
    mic = alice.publishes("mic")
    scene.passes(1)
    primary, picture = bob.me.primary, bob.me.subscriptions[camera].handle
    bob.loses_signal()
    for paused in (True, False, True):
        scene.emit("paused", primary, picture, paused)
    again = comes_back(scene, bob)
    (states,) = again.heard("stream_state_update")
    assert [(s.track_sid, s.state) for s in states.stream_states] == [(camera, StreamState.PAUSED)]
    again.loses_signal()
    alice.says(SubscriptionPermission(all_participants=False))
    third = comes_back(scene, again)
    denied = {p.track_sid: p.allowed for p in third.heard("subscription_permission_update")}
    assert denied == {camera: False, mic: False}
