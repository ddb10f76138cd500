"""Who receives what, and how a negotiation for it begins."""

from __future__ import annotations

import pytest

from folkmoot.protocol.requests import (
    AnswerTo,
    Mute,
    Offer,
    Subscribe,
    SubscriptionPermission,
    SyncState,
    TrackPermission,
    TrackSettings,
)
from folkmoot.protocol.values import Action, Kind, NotGiven, Permission, Reason, Source

from .conftest import PLACEHOLDERS, THREE_LAYERS, Person, Scene, section


def negotiates(person: Person) -> None:
    """Does what it was asked for last."""
    if person.me.single is not None:
        missing = sum(asked.num_audios for asked in person.heard("media_sections_requirement"))
        person.extra = "".join(section("audio", str(20 + n), "recvonly") for n in range(missing))
        person.offers()
    elif person.me.outstanding is not None:
        mids = (str(n) for n in range(len(person.me.outstanding)))
        person.says(
            AnswerTo(
                "v=0\r\n" + "".join(section("audio", mid, "recvonly") for mid in mids), person.me.offer_id
            )
        )


def test_a_client_with_one_connection_is_nudged_to_offer_again(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    sid = alice.publishes("mic")
    scene.passes(0.05)
    (requirement,) = bob.heard("media_sections_requirement")
    assert (requirement.num_audios, requirement.num_videos) == (0, 0), "its placeholders are enough"
    bob.offers(offer_id=2)
    assert dict(bob.last("answer").mid_to_track_id) == {"0": sid}
    scene.passes(1)
    assert len(bob.heard("media_sections_requirement")) == 1, "nothing is left to ask for"


def test_a_latecomer_has_the_tracks_in_its_first_answer(scene: Scene) -> None:
    mic, cam = (alice := scene.joins("alice")).publishes("mic"), alice.publishes("cam", Kind.VIDEO)
    bob = scene.joins("bob", active=False)
    assert dict(bob.last("answer").mid_to_track_id) == {"0": mic, "3": cam}
    bob.connects()
    scene.passes(1)
    assert bob.heard("media_sections_requirement") == [], "nothing is left to negotiate"


def test_a_latecomer_is_asked_for_more_sections_only_when_its_media_stands(scene: Scene) -> None:
    alice = scene.joins("alice")
    for number in range(4):
        alice.publishes(f"mic{number}")
    bob = scene.joins("bob", active=False)
    scene.passes(1)
    assert len(bob.last("answer").mid_to_track_id) == 3
    assert bob.heard("media_sections_requirement") == []
    bob.connects()
    scene.passes(0.05)
    assert bob.last("media_sections_requirement").num_audios == 1


def test_a_latecomer_with_two_connections_is_offered_tracks_when_the_first_stands(scene: Scene) -> None:
    scene.joins("alice").publishes("mic")
    bob = scene.joins("bob", single=False, active=False)
    assert scene.engine.called("subscribe") == [], (
        "its SDK would drop a track that comes before it thinks itself connected"
    )
    bob.connects()
    assert len(scene.engine.called("subscribe")) == 1


def test_who_may_not_subscribe_gets_none_in_its_first_answer(scene: Scene) -> None:
    scene.joins("alice").publishes("mic")
    bob = scene.joins("bob", active=False, permission=Permission(can_subscribe=False))
    assert dict(bob.last("answer").mid_to_track_id) == {}


def test_missing_sections_are_asked_for_together(scene: Scene) -> None:
    bob = scene.joins("bob")
    alice = scene.joins("alice")
    for number in range(5):
        alice.publishes(f"mic{number}")
    alice.publishes("cam", Kind.VIDEO, Source.CAMERA)
    scene.passes(0.05)
    (requirement,) = bob.heard("media_sections_requirement")
    assert (requirement.num_audios, requirement.num_videos) == (2, 0)
    bob.extra = section("audio", "20", "recvonly") + section("audio", "21", "recvonly")
    bob.offers()
    assert len(bob.last("answer").mid_to_track_id) == 6


@pytest.mark.parametrize("single", [True, False], ids=["one connection", "two connections"])
def test_in_a_room_that_fills_with_muted_people_each_is_asked_for_some_together(
    scene: Scene, single: bool
) -> None:
    bob = scene.joins("bob", single=single)
    for number in range(25):
        scene.joins(f"p{number}").publishes("mic", muted=True)
        scene.passes(0.4)
        negotiates(bob)
    asked = bob.heard("media_sections_requirement" if single else "offer")
    assert 5 <= len(asked) <= 7, "every other second while ten go by"
    scene.passes(2)
    negotiates(bob)
    assert all(each.bound for each in bob.me.subscriptions.values()) and len(bob.me.subscriptions) == 25


def test_who_unmutes_is_not_waited_for_but_had_at_once(scene: Scene) -> None:
    bob = scene.joins("bob")
    for number in range(2):
        last = scene.joins(f"p{number}")
        sid = last.publishes("mic", muted=True)
        scene.passes(0.2)
        bob.offers()
    bob.forgets()
    waiting = scene.joins("last")
    sid = waiting.publishes("mic", muted=True)
    scene.passes(0.2)
    assert bob.heard("media_sections_requirement") == []
    waiting.says(Mute(sid, False))
    scene.passes(0.05)
    assert len(bob.heard("media_sections_requirement")) == 1
    bob.extra = section("audio", "20", "recvonly")
    bob.offers()
    assert sid in bob.last("answer").mid_to_track_id.values()


def test_an_offer_that_was_under_way_does_not_lose_the_request(scene: Scene) -> None:
    bob, alice = scene.joins("bob"), scene.joins("alice")
    for number in range(4):
        alice.publishes(f"mic{number}")
    scene.passes(0.05)
    bob.offers()
    assert len(bob.heard("media_sections_requirement")) == 1
    scene.passes(0.3)
    assert bob.last("media_sections_requirement").num_audios == 1
    assert len(bob.heard("media_sections_requirement")) == 2


def test_two_connections_are_offered_one_at_a_time(scene: Scene) -> None:
    bob = scene.joins("bob", single=False)
    alice = scene.joins("alice")
    alice.publishes("mic")
    scene.passes(0.5)
    assert [o.id for o in bob.heard("offer")] == [1], "the first waits for its answer"
    bob.says(AnswerTo("v=0\r\n", 1))
    assert [o.id for o in bob.heard("offer")] == [1, 2]
    alice.publishes("mic2")
    alice.publishes("mic3")
    bob.says(AnswerTo("v=0\r\n", 2))
    bob.says(AnswerTo("v=0\r\n", 3))
    scene.passes(1)
    assert [o.id for o in bob.heard("offer")] == [1, 2, 3]


def test_answers_with_id_0_or_of_a_stale_offer(scene: Scene) -> None:
    bob = scene.joins("bob", single=False)
    bob.says(AnswerTo("v=0\r\n", 9))
    assert scene.engine.called("accept_answer") == []
    bob.says(AnswerTo("v=0\r\n", 0))
    assert len(scene.engine.called("accept_answer")) == 1
    bob.says(AnswerTo("v=0\r\n", 0))
    assert len(scene.engine.called("accept_answer")) == 1


def test_an_offer_without_answer_sends_the_client_to_begin_anew(scene: Scene) -> None:
    bob = scene.joins("bob", single=False)
    scene.passes(16)
    assert (bob.last("leave").action, bob.last("leave").reason) == (Action.RECONNECT, Reason.STATE_MISMATCH)


def test_a_latecomer_gets_what_is_there(scene: Scene) -> None:
    alice = scene.joins("alice")
    sid = alice.publishes("mic")
    bob = scene.joins("bob")
    assert [t.sid for t in bob.last("join").other_participants[0].tracks] == [sid]
    scene.passes(0.05)
    bob.offers()
    assert set(bob.last("answer").mid_to_track_id.values()) == {sid}


def test_the_publisher_is_told_of_its_first_subscriber_only(scene: Scene) -> None:
    alice = scene.joins("alice")
    sid = alice.publishes("mic")
    assert alice.heard("track_subscribed") == []
    for name in ("bob", "carol"):
        person = scene.joins(name)
        scene.passes(0.2)
        person.offers()
    assert [t.track_sid for t in alice.heard("track_subscribed")] == [sid]


def test_without_auto_subscribe_only_what_is_asked_for_comes(scene: Scene) -> None:
    alice = scene.joins("alice")
    sid = alice.publishes("mic")
    bob = scene.joins("bob", auto_subscribe=False)
    assert bob.me.subscriptions == {}
    bob.says(Subscribe((sid,), True))
    assert set(bob.me.subscriptions) == {sid}
    bob.says(Subscribe((sid,), False))
    assert bob.me.subscriptions == {}
    bob.says(Subscribe(("TR_unknown",), True))
    told = bob.last("subscription_response")
    assert (told.track_sid, told.err) == ("TR_unknown", NotGiven.TRACK_NOT_FOUND)


ONLY_VP8 = section("audio", "0", "recvonly") + section("video", "1", "recvonly", codecs=("VP8",))
"""What a client without H.264 takes."""


def test_a_track_that_a_client_cannot_decode_is_given_up_and_others_come(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    bob.offers(ONLY_VP8)
    cam = alice.publishes("cam", Kind.VIDEO, Source.CAMERA, codec="H264", layers=THREE_LAYERS)
    scene.passes(0.05)
    bob.offers(ONLY_VP8)
    told = bob.last("subscription_response")
    assert (told.track_sid, told.err) == (cam, NotGiven.CODEC_UNSUPPORTED)
    assert (bob.me.subscriptions, dict(bob.last("answer").mid_to_track_id)) == ({}, {})
    assert alice.heard("track_subscribed") == [], "nobody sees it"
    scene.passes(6)
    assert enabled(alice) == [False, False, False], "it is not sent for nobody"
    assert len(bob.heard("media_sections_requirement")) == 1, "nothing is asked for again and again"
    screen = alice.publishes("screen", Kind.VIDEO, Source.SCREEN_SHARE, codec="VP8")
    scene.passes(0.05)
    bob.offers(ONLY_VP8)
    assert dict(bob.last("answer").mid_to_track_id) == {"1": screen}
    assert [t.track_sid for t in alice.heard("track_subscribed")] == [screen]
    assert len(bob.heard("subscription_response")) == 1


def test_one_who_decodes_it_sees_what_another_cannot(scene: Scene) -> None:
    alice, bob, carol = (scene.joins(n) for n in ("alice", "bob", "carol"))
    cam = alice.publishes("cam", Kind.VIDEO, codec="H264")
    scene.passes(0.05)
    bob.offers(ONLY_VP8)
    carol.offers(section("video", "0", "recvonly", codecs=("VP8", "h264")))
    assert dict(carol.last("answer").mid_to_track_id) == {"0": cam}
    assert carol.heard("subscription_response") == []
    assert [t.track_sid for t in alice.heard("track_subscribed")] == [cam]


def test_with_two_connections_what_the_answer_leaves_out_is_given_up(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob", single=False)
    bob.says(AnswerTo("v=0\r\n", 1))
    mic, cam = alice.publishes("mic"), alice.publishes("cam", Kind.VIDEO, codec="H264")
    scene.passes(0.05)
    bob.says(AnswerTo("v=0\r\n" + ONLY_VP8, 2))
    told = bob.last("subscription_response")
    assert (told.track_sid, told.err) == (cam, NotGiven.CODEC_UNSUPPORTED)
    assert set(bob.me.subscriptions) == {mic}
    assert [t.track_sid for t in alice.heard("track_subscribed")] == [mic]
    assert [o.id for o in bob.heard("offer")] == [1, 2, 3], "its section is offered inactive"
    bob.says(AnswerTo("v=0\r\n" + ONLY_VP8, 3))
    screen = alice.publishes("screen", Kind.VIDEO, Source.SCREEN_SHARE, codec="VP8")
    scene.passes(1)
    bob.says(AnswerTo("v=0\r\n" + ONLY_VP8, 4))
    scene.passes(1)
    assert [o.id for o in bob.heard("offer")] == [1, 2, 3, 4]
    assert set(bob.me.subscriptions) == {mic, screen}
    assert [t.track_sid for t in alice.heard("track_subscribed")] == [mic, screen]


def test_a_latecomer_is_told_with_its_first_answer_what_it_cannot_decode(scene: Scene) -> None:
    cam = scene.joins("alice").publishes("cam", Kind.VIDEO, codec="H264")
    bob = scene.joins("bob", active=False, sdp=ONLY_VP8)
    assert [m.name for m in bob.got if m.name in ("answer", "subscription_response")] == [
        "answer",
        "subscription_response",
    ]
    assert bob.last("subscription_response").track_sid == cam
    bob.connects()
    scene.passes(1)
    assert bob.me.subscriptions == {}, "its media standing is no reason to try again"
    assert bob.heard("media_sections_requirement") == []


def test_a_track_given_up_is_tried_again_when_its_client_asks(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    cam = alice.publishes("cam", Kind.VIDEO, codec="H264")
    bob.offers(ONLY_VP8)
    alice.says(SubscriptionPermission(True))
    assert bob.me.subscriptions == {}, "only its client knows whether it has learned the codec"
    bob.says(Subscribe((cam,), True))
    bob.offers(ONLY_VP8)
    assert [t.track_sid for t in bob.heard("subscription_response")] == [cam, cam]
    bob.says(Subscribe((cam,), True))
    bob.offers(section("video", "1", "recvonly", codecs=("VP8", "H264")))
    assert dict(bob.last("answer").mid_to_track_id) == {"1": cam}
    assert len(bob.heard("subscription_response")) == 2


def test_one_who_may_not_subscribe_gets_nothing(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob", permission=Permission(can_subscribe=False))
    sid = alice.publishes("mic")
    bob.says(Subscribe((sid,), True))
    assert bob.me.subscriptions == {}


def test_layers_follow_quality_size_and_visibility(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    sid = alice.publishes("cam", Kind.VIDEO, Source.CAMERA, layers=THREE_LAYERS)

    def configured(settings: TrackSettings) -> tuple[bool, int]:
        bob.says(settings)
        subscription = bob.me.subscriptions[sid]
        called = scene.engine.called("configure_subscription")
        assert called[-1][:3] == (subscription.handle, subscription.enabled, subscription.max_layer)
        return subscription.enabled, subscription.max_layer

    assert configured(TrackSettings((sid,), quality=0)) == (True, 0)
    assert configured(TrackSettings((sid,), quality=1)) == (True, 1)
    assert configured(TrackSettings((sid,), quality=2)) == (True, 2)
    assert configured(TrackSettings((sid,), quality=2, width=300, height=170)) == (True, 0)
    assert configured(TrackSettings((sid,), quality=2, width=500, height=281)) == (True, 1)
    assert configured(TrackSettings((sid,), quality=2, width=4000, height=3000)) == (True, 2)
    assert configured(TrackSettings((sid,), disabled=True, quality=2)) == (False, 2)


def test_what_comes_first_where_not_all_fits_is_passed_on(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    sid = alice.publishes("cam", Kind.VIDEO, Source.CAMERA, layers=THREE_LAYERS)
    for settings, first in (
        (TrackSettings((sid,), quality=2, width=640, height=360), (0, 230_400, 0)),
        (TrackSettings((sid,), quality=2, width=640, height=360, priority=7), (7, 230_400, 0)),
        (
            TrackSettings((sid,), quality=2, width=2**32 - 1, height=2**32 - 1, priority=2**32 - 1),
            (255, 2**31, 0),
        ),
    ):
        bob.says(settings)
        assert scene.engine.called("configure_subscription")[-1][3:] == first


def test_an_adaptive_client_begins_with_the_smallest_layer(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob", adaptive_stream=True)
    sid = alice.publishes("cam", Kind.VIDEO, Source.CAMERA, layers=THREE_LAYERS)
    assert bob.me.subscriptions[sid].max_layer == 0


def test_unused_layers_are_given_up_slowly_and_wanted_ones_at_once(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    sid = alice.publishes("cam", Kind.VIDEO, Source.CAMERA, layers=THREE_LAYERS)
    bob.says(TrackSettings((sid,), quality=0))
    scene.passes(4)
    assert alice.heard("subscribed_quality_update") == []
    scene.passes(2)
    assert enabled(alice) == [True, False, False]
    bob.says(TrackSettings((sid,), quality=2))
    assert enabled(alice) == [True, True, True]


def test_what_no_path_carries_needs_not_be_sent_until_one_carries_it_again(scene: Scene) -> None:
    alice, bob, carol = (scene.joins(n) for n in ("alice", "bob", "carol"))
    sid = alice.publishes("cam", Kind.VIDEO, Source.CAMERA, layers=THREE_LAYERS)

    def carries(who: Person, layer: int) -> None:
        scene.emit("carried", who.me.primary, who.me.subscriptions[sid].handle, layer)

    carries(bob, 0)
    scene.passes(6)
    assert alice.heard("subscribed_quality_update") == [], "carol takes all of it"
    carries(carol, -1)
    scene.passes(6)
    assert enabled(alice) == [True, False, False]
    carries(bob, -1)
    scene.passes(6)
    assert enabled(alice) == [False, False, False]
    carries(carol, 2)
    assert enabled(alice) == [True, True, True], "at once"
    scene.emit("carried", bob.me.primary, 987_654, 2)  # of a picture that is no more


def test_a_publisher_chooses_its_audience(scene: Scene) -> None:
    alice, bob, carol = (scene.joins(n) for n in ("alice", "bob", "carol"))
    sid = alice.publishes("mic")
    alice.says(SubscriptionPermission(False, (TrackPermission("bob", "", True, ()),)))
    assert (set(bob.me.subscriptions), set(carol.me.subscriptions)) == ({sid}, set())
    assert not carol.last("subscription_permission_update").allowed
    alice.says(SubscriptionPermission(True))
    assert set(carol.me.subscriptions) == {sid}
    named = (TrackPermission("", carol.sid, False, ("TR_x",)), TrackPermission("carol", "", False, (sid,)))
    alice.says(SubscriptionPermission(False, named))
    assert (set(bob.me.subscriptions), set(carol.me.subscriptions)) == (set(), {sid})


def test_sync_state_of_an_unknown_track_means_to_begin_anew(scene: Scene) -> None:
    alice = scene.joins("alice")
    sid = alice.publishes("mic")
    alice.says(SyncState(published=(sid,)))
    assert not alice.hung_up
    alice.says(SyncState(published=(sid, "TR_from_before")))
    assert (alice.last("leave").action, alice.last("leave").reason) == (
        Action.RECONNECT,
        Reason.STATE_MISMATCH,
    )


def test_speakers_and_quality_are_told_by_participant(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    room = scene.rooms.room("room")
    assert room is not None
    scene.emit("speakers", room.handle, [(alice.me.peer, 0.5, True), (4711, 1.0, True)])
    assert [(s.sid, s.level, s.active) for s in bob.last("speakers_changed").speakers] == [
        (alice.sid, 0.5, True)
    ]
    scene.emit("quality", room.handle, [(alice.me.peer, "excellent", 4.5), (bob.me.peer, "lost", 1.0)])
    assert [u.participant_sid for u in alice.last("connection_quality").updates] == [alice.sid], (
        "LOST is never told"
    )


def test_recvonly_sections_in_a_publisher_offer_of_two_connections_are_harmless(scene: Scene) -> None:
    bob = scene.joins("bob", single=False)
    bob.says(Offer("v=0\r\n" + PLACEHOLDERS + section("audio", "7", "sendonly", "mic"), 0))
    assert bob.last("answer").id == 0
    assert dict(bob.last("answer").mid_to_track_id) == {}


def enabled(person: Person) -> list[bool]:
    return [q.enabled for q in person.last("subscribed_quality_update").subscribed_codecs[0].qualities]
