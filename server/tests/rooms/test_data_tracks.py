"""Data tracks: published, subscribed to by numbers of one's own, and over."""

from __future__ import annotations

from typing import Any

import pytest
from livekit.protocol import models, rtc

from folkmoot.protocol import requests
from folkmoot.protocol.requests import (
    Leave,
    PublishDataTrack,
    SubscribeData,
    SubscriptionPermission,
    SyncState,
    TrackPermission,
    UnpublishDataTrack,
)
from folkmoot.protocol.values import Action, Answered, Permission

from .conftest import Person, Scene
from .test_joining import resumes


def publishes(person: Person, handle: int = 1, name: str = "temperature", **more: Any) -> str:
    body = rtc.PublishDataTrackRequest(pub_handle=handle, name=name).SerializeToString()
    person.says(PublishDataTrack(handle, name, body=body, **more))
    return str(person.last("publish_data_track_response").info.sid)


def refusal(person: Person) -> Any:
    return person.last("request_response")


def handles(person: Person) -> dict[int, str]:
    return {
        n: about.track_sid for n, about in person.last("data_track_subscriber_handles").sub_handles.items()
    }


def subscribes(person: Person, sid: str, wish: bool = True) -> None:
    person.says(SubscribeData(((sid, wish),)))


def test_a_track_is_published_seen_subscribed_to_and_carried(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    sid = publishes(alice, 7)
    info = alice.last("publish_data_track_response").info
    assert (info.pub_handle, info.name, info.sid[:4]) == (7, "temperature", "DTR_")
    assert [t.sid for t in bob.sees()["alice"].data_tracks] == [sid]
    assert bob.sees()["alice"].is_publisher
    assert scene.engine.frames == {}, "nobody asked for it"
    subscribes(bob, sid)
    about = bob.last("data_track_subscriber_handles").sub_handles[1]
    assert (about.publisher_identity, about.publisher_sid, about.track_sid) == ("alice", alice.sid, sid)
    assert scene.engine.frames == {(alice.me.peer, 7, bob.me.peer): 1}
    subscribes(bob, sid, False)
    assert (handles(bob), scene.engine.frames) == ({}, {})


def test_each_receiver_counts_for_itself_and_gives_no_number_again_at_once(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    first, second = publishes(alice, 1, "a"), publishes(alice, 2, "b")
    subscribes(bob, first)
    subscribes(bob, first, False)
    subscribes(bob, second)
    assert handles(bob) == {2: second}


def test_one_that_takes_all_gets_those_before_it_and_those_after(scene: Scene) -> None:
    alice = scene.joins("alice")
    before = publishes(alice, 1, "a")
    bob = scene.joins("bob", auto_subscribe_data=True, active=False)
    assert not bob.heard("data_track_subscriber_handles"), "it is not connected yet"
    bob.connects()
    after = publishes(alice, 2, "b")
    assert set(handles(bob).values()) == {before, after}


def test_a_track_that_ends_is_nobodys(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    sid = publishes(alice)
    subscribes(bob, sid)
    alice.says(UnpublishDataTrack(1))
    assert alice.last("unpublish_data_track_response").info.sid == sid
    assert (handles(bob), scene.engine.frames) == ({}, {})
    assert not bob.sees()["alice"].data_tracks
    alice.says(UnpublishDataTrack(1, rtc.UnpublishDataTrackRequest(pub_handle=1).SerializeToString()))
    assert refusal(alice).reason == Answered.NOT_FOUND
    assert refusal(alice).unpublish_data_track.pub_handle == 1
    publishes(alice, 1)


def test_who_leaves_takes_its_tracks_along_and_gets_no_more(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    subscribes(bob, publishes(alice))
    subscribes(alice, publishes(bob))
    alice.says(Leave())
    assert (handles(bob), scene.engine.frames) == ({}, {})


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (PublishDataTrack(0, "x"), Answered.INVALID_HANDLE),
        (PublishDataTrack(65_536, "x"), Answered.INVALID_HANDLE),
        (PublishDataTrack(2, ""), Answered.INVALID_NAME),
        (PublishDataTrack(2, "x" * 257), Answered.INVALID_NAME),
        (PublishDataTrack(2, "x", well_described=False), Answered.INVALID_REQUEST),
        (PublishDataTrack(1, "x"), Answered.DUPLICATE_HANDLE),
        (PublishDataTrack(2, "temperature"), Answered.DUPLICATE_NAME),
    ],
)
def test_a_track_that_cant_be_is_refused_by_its_reason(
    scene: Scene, request_: PublishDataTrack, reason: Answered
) -> None:
    alice = scene.joins("alice")
    publishes(alice)
    alice.says(request_)
    assert refusal(alice).reason == reason
    assert len(alice.me.data_tracks) == 1


def test_who_may_send_no_data_publishes_none_and_loses_what_it_did(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob", permission=Permission(can_publish_data=False))
    bob.says(PublishDataTrack(1, "x", body=rtc.PublishDataTrackRequest(pub_handle=1).SerializeToString()))
    assert (refusal(bob).reason, refusal(bob).publish_data_track.pub_handle) == (Answered.NOT_ALLOWED, 1)
    sid = publishes(alice)
    permission = Permission(can_publish_data=False)
    scene.rooms.update("room", "alice", name="", metadata="", attributes={}, permission=permission)
    assert alice.last("unpublish_data_track_response").info.sid == sid
    assert not bob.sees()["alice"].data_tracks


def test_who_may_not_receive_doesnt(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    sid = publishes(alice)
    subscribes(bob, sid)
    alice.says(SubscriptionPermission(all_participants=False))
    assert (handles(bob), scene.engine.frames) == ({}, {})
    alice.says(SubscriptionPermission(False, (TrackPermission("bob", "", False, (sid,)),)))
    assert list(handles(bob).values()) == [sid]
    permission = Permission(can_subscribe=False)
    scene.rooms.update("room", "bob", name="", metadata="", attributes={}, permission=permission)
    assert (handles(bob), scene.engine.frames) == ({}, {})


def test_so_many_and_no_more(scene: Scene) -> None:
    alice = scene.joins("alice")
    for n in range(1, 101):
        publishes(alice, n, f"track {n}")
    alice.says(PublishDataTrack(101, "one more"))
    assert refusal(alice).reason == Answered.LIMIT_EXCEEDED


def test_what_is_wished_for_before_it_is_there_comes_when_it_is(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    for n in range(5000):
        subscribes(bob, f"DTR_{n}")
    assert len(bob.me.data_wanted) == 4096
    subscribes(alice, publishes(alice))
    assert scene.engine.frames == {}, "nobody gets its own"


def test_who_resumes_hears_its_numbers_again_and_one_with_an_unknown_track_begins_anew(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    sid = publishes(alice)
    subscribes(bob, sid)
    bob.loses_signal()
    again = resumes(scene, bob)
    assert again is not None
    assert handles(again) == {1: sid}
    alice.loses_signal()
    same = resumes(scene, alice, sync=SyncState(published_data=(sid,)))
    assert same is not None
    assert not same.heard("leave")
    same.loses_signal()
    other = resumes(scene, alice, sync=SyncState(published_data=("DTR_other",)))
    assert other is not None
    assert other.last("leave").action == Action.RECONNECT


def test_how_frames_are_encoded_is_passed_on_as_it_was_said() -> None:
    encoding = models.DataTrackFrameEncoding(custom="yaml")
    asked = rtc.PublishDataTrackRequest(pub_handle=1, name="x", frame_encoding=encoding)
    read = requests.decode(rtc.SignalRequest(publish_data_track_request=asked).SerializeToString())
    assert isinstance(read, PublishDataTrack)
    assert read.well_described and read.encoding == encoding.SerializeToString()
    asked.frame_encoding.custom = "y" * 33
    read = requests.decode(rtc.SignalRequest(publish_data_track_request=asked).SerializeToString())
    assert isinstance(read, PublishDataTrack)
    assert not read.well_described
