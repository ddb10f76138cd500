"""AddTrack and offers, in whatever order they come."""

from __future__ import annotations

from folkmoot.protocol.requests import Mute, UpdateAudioTrack, UpdateVideoTrack
from folkmoot.protocol.values import Action, Answered, Kind, Permission, Source
from folkmoot.rooms.model import Terms, TrackPublished, TrackUnpublished

from .conftest import PLACEHOLDERS, THREE_LAYERS, Scene, section


def test_add_track_is_answered_at_once_and_announced_when_its_section_came(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    alice.adds("mic")
    sid = alice.last("track_published").track.sid
    assert sid.startswith("TR_AM")
    assert not bob.sees()["alice"].tracks
    alice.offers(PLACEHOLDERS + section("audio", "7", "sendonly", "mic"), 2)
    (track,) = bob.sees()["alice"].tracks
    assert (track.sid, track.mime_type, track.mid, track.source) == (
        sid,
        "audio/opus",
        "7",
        Source.MICROPHONE,
    )
    assert bob.sees()["alice"].is_publisher
    assert alice.last("answer").id == 2
    assert [e.track.sid for e in scene.happened(TrackPublished)] == [sid]


def test_the_offer_may_come_before_its_add_track(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    alice.offers(PLACEHOLDERS + section("audio", "7", "sendonly", "mic"))
    assert not bob.sees()["alice"].tracks
    alice.adds("mic")
    assert [t.mid for t in bob.sees()["alice"].tracks] == ["7"]


def test_tracks_of_one_kind_are_matched_by_id_not_by_order(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    alice.adds("camera", Kind.VIDEO, Source.CAMERA)
    alice.offers(
        PLACEHOLDERS
        + section("video", "7", "sendonly", "screen")
        + section("video", "8", "sendonly", "camera")
    )
    alice.adds("screen", Kind.VIDEO, Source.SCREEN_SHARE)
    assert {t.mid: t.source for t in bob.sees()["alice"].tracks} == {
        "7": Source.SCREEN_SHARE,
        "8": Source.CAMERA,
    }


def test_a_track_that_the_browser_renamed_is_found_by_kind_after_a_while(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    alice.adds("mic")
    alice.offers(PLACEHOLDERS + section("audio", "7", "sendonly", "{renamed}"))
    assert not bob.sees()["alice"].tracks
    scene.passes(0.6)
    assert [t.mid for t in bob.sees()["alice"].tracks] == ["7"]


def test_simulcast_is_described_as_it_was_asked_for_with_the_rids_of_the_offer(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    alice.publishes(
        "cam", Kind.VIDEO, Source.CAMERA, layers=THREE_LAYERS, width=1280, height=720, encryption=1, name="c"
    )
    (track,) = bob.sees()["alice"].tracks
    assert (track.simulcast, track.width, track.height, track.encryption, track.name) == (
        True,
        1280,
        720,
        1,
        "c",
    )
    assert track.sid.startswith("TR_VC")
    assert [(v.quality, v.rid, v.spatial_layer, v.width) for v in track.layers] == [
        (0, "q", 0, 320),
        (1, "h", 1, 640),
        (2, "f", 2, 1280),
    ]
    assert [c.cid for c in track.codecs] == ["cam"]
    assert track.stream == "camera"


def test_a_track_announced_muted_is_muted_in_the_engine_too(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    alice.publishes("mic", muted=True)
    assert bob.sees()["alice"].tracks[0].muted
    assert [muted for _, muted in scene.engine.called("set_muted")] == [True]


def test_muting_tells_the_others_and_not_oneself(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    sid = alice.publishes("mic")
    alice.forgets()
    scene.passes(0.2)
    alice.says(Mute(sid, True))
    assert alice.got == []
    assert bob.sees()["alice"].tracks[0].muted
    alice.says(Mute("TR_unknown", True))


def test_muting_by_the_server_tells_the_publisher(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    sid = alice.publishes("mic")
    assert scene.rooms.mute("room", "alice", "microphone")
    assert (alice.last("mute").sid, alice.last("mute").muted) == (sid, True)
    assert bob.sees()["alice"].tracks[0].muted
    assert not scene.rooms.mute("room", "alice", "camera")
    assert not scene.rooms.mute("room", "nobody", "microphone")


def test_a_section_that_stops_sending_unpublishes_its_track(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    sid = alice.publishes("mic")
    scene.passes(0.1)
    alice.offers(PLACEHOLDERS + section("audio", "7", "inactive"))
    assert not bob.sees()["alice"].tracks
    assert [e.track.sid for e in scene.happened(TrackUnpublished)] == [sid]
    assert sid not in bob.me.subscriptions
    assert scene.engine.called("unpublish")


def test_publishing_without_the_right_to_is_refused_by_name(scene: Scene) -> None:
    alice, bob = scene.joins("alice", permission=Permission(can_publish=False)), scene.joins("bob")
    alice.adds("mic")
    assert alice.last("request_response").reason == Answered.NOT_ALLOWED
    assert alice.last("request_response").add_track.cid == "mic"
    alice.offers(PLACEHOLDERS + section("audio", "7", "sendonly", "mic"))
    scene.passes(1)
    assert not bob.sees()["alice"].tracks
    assert scene.engine.called("publish") == []


def test_a_track_with_a_name_of_ten_kilobytes_is_refused(scene: Scene) -> None:
    alice = scene.joins("alice")
    alice.adds("mic", name="n" * 10_000)
    alice.adds("mic", stream="s" * 10_000)
    alice.adds("m" * 10_000)
    assert [r.reason for r in alice.heard("request_response")] == [Answered.LIMIT_EXCEEDED] * 3
    assert not alice.heard("track_published")


def test_only_the_sources_of_the_token_may_be_published(scene: Scene) -> None:
    allowed = Permission(can_publish_sources=frozenset({Source.MICROPHONE}))
    alice = scene.joins("alice", permission=allowed)
    alice.adds("cam", Kind.VIDEO, Source.CAMERA)
    assert alice.last("request_response").reason == Answered.NOT_ALLOWED
    alice.adds("mic")
    assert alice.last("track_published").cid == "mic"


def test_a_track_id_that_is_live_waits_for_its_turn(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    first = alice.publishes("cam", Kind.VIDEO, Source.CAMERA)
    alice.adds("cam", Kind.VIDEO, Source.CAMERA)
    assert alice.last("request_response").reason == Answered.QUEUED
    alice.offers(PLACEHOLDERS + section("video", "7", "inactive"))
    second = alice.last("track_published").track.sid
    assert second != first
    alice.offers(PLACEHOLDERS + section("video", "7", "inactive") + section("video", "8", "sendonly", "cam"))
    assert [t.sid for t in bob.sees()["alice"].tracks] == [second]


def test_pending_tracks_are_bounded(scene: Scene) -> None:
    alice = scene.joins("alice")
    for number in range(25):
        alice.adds(f"t{number}")
    assert len(alice.heard("track_published")) == 20
    assert alice.last("request_response").reason == Answered.LIMIT_EXCEEDED


def test_the_codec_asked_for_reaches_the_engine(scene: Scene) -> None:
    from folkmoot.protocol.values import CodecInfo

    alice = scene.joins("alice")
    alice.publishes("cam", Kind.VIDEO, Source.CAMERA, codecs=(CodecInfo(mime="h264", cid="cam"),))
    assert scene.engine.called("accept_offer")[-1][1] == {"cam": "video/H264"}


def test_how_a_sound_is_to_be_sent_reaches_the_engine(scene: Scene) -> None:
    alice = scene.joins("alice")
    alice.publishes("mic")
    assert scene.engine.called("accept_offer")[-1][1] == {"mic": "audio/red;usedtx=1"}, "silence is left out"
    alice.publishes("music", stereo=True, disable_dtx=True)
    assert scene.engine.called("accept_offer")[-1][1]["music"] == "audio/opus;stereo=1"
    for cid, wish in (("plain", {"disable_red": True}), ("sealed", {"encryption": 1})):
        alice.publishes(cid, **wish)
        assert scene.engine.called("accept_offer")[-1][1][cid] == "audio/opus;usedtx=1", (
            "nothing to say again"
        )


def test_features_and_size_of_a_track_can_change(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    mic = alice.publishes("mic")
    cam = alice.publishes("cam", Kind.VIDEO, Source.CAMERA)
    alice.says(UpdateAudioTrack(mic, (0, 4)))
    alice.says(UpdateVideoTrack(cam, 720, 1280))
    tracks = {t.sid: t for t in bob.sees()["alice"].tracks}
    assert (list(tracks[mic].audio_features), tracks[mic].stereo) == ([0, 4], True)
    assert (tracks[cam].width, tracks[cam].height) == (720, 1280)


def test_tracks_published_before_one_is_active_are_announced_with_it(scene: Scene) -> None:
    bob = scene.joins("bob")
    alice = scene.joins("alice", active=False)
    alice.publishes("mic")
    assert bob.sees() == {}
    alice.connects()
    assert len(bob.sees()["alice"].tracks) == 1
    assert len(bob.me.subscriptions) == 1


def test_an_offer_that_cannot_be_read_costs_only_its_sender(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), scene.joins("bob")
    from folkmoot.protocol.requests import Offer

    alice.says(Offer("nonsense"))
    assert alice.last("leave").action == Action.RECONNECT
    assert alice.hung_up
    assert not bob.hung_up


def test_a_voice_that_calls_itself_a_camera_is_not_taken(scene: Scene) -> None:
    """Whoever may send pictures alone sends no sound under another name."""
    pictures = Permission(can_publish_sources=frozenset({Source.CAMERA, Source.SCREEN_SHARE}))
    alice, bob = scene.joins("alice", permission=pictures), scene.joins("bob")
    alice.adds("mic", Kind.AUDIO, Source.CAMERA)
    assert alice.last("request_response").reason == Answered.NOT_ALLOWED
    alice.adds("cam", Kind.VIDEO, Source.CAMERA)
    alice.offers(PLACEHOLDERS + section("audio", "7", "sendonly", "cam"))
    scene.passes(0.6)
    assert not bob.sees()["alice"].tracks


def test_who_comes_in_muted_is_so_in_the_engine_until_they_unmute(scene: Scene) -> None:
    scene.rooms.terms = lambda room, identity: Terms(begins_muted=identity == "alice")
    alice, bob = scene.joins("alice"), scene.joins("bob")
    alice.adds("mic")
    alice.offers(PLACEHOLDERS + section("audio", "7", "sendonly", "mic"))
    (track,) = bob.sees()["alice"].tracks
    assert track.muted and alice.last("mute").muted
    assert ("set_muted", True) in [
        (call[0], call[2]) for call in scene.engine.calls if call[0] == "set_muted"
    ]
    alice.says(Mute(track.sid, False))
    scene.passes(1)
    assert not bob.sees()["alice"].tracks[0].muted


def test_a_token_from_before_lets_nobody_send_what_they_may_no_more(scene: Scene) -> None:
    scene.rooms.terms = lambda room, identity: Terms(sources=("camera",))
    alice = scene.joins("alice")
    alice.adds("mic")
    assert alice.last("request_response").reason == Answered.NOT_ALLOWED
    scene.rooms.terms = lambda room, identity: Terms(sources=())
    bob = scene.joins("bob")
    bob.adds("cam", Kind.VIDEO, Source.CAMERA)
    assert bob.last("request_response").reason == Answered.NOT_ALLOWED


def test_a_picture_that_says_when_it_was_taken_is_never_replayed(scene: Scene) -> None:
    alice = scene.joins("alice")
    alice.publishes("cam", Kind.VIDEO, Source.CAMERA)
    assert scene.engine.called("never_replay") == []
    alice.publishes("dated", Kind.VIDEO, Source.CAMERA, packet_trailer_features=(1,))
    assert len(scene.engine.called("never_replay")) == 1
