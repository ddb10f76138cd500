"""A camera in a codec that not everybody has."""

from __future__ import annotations

from typing import Any

import pytest
from server.tests.rooms.conftest import PLACEHOLDERS, THREE_LAYERS, Person, Scene, section

from folkmoot.protocol import requests
from folkmoot.protocol.requests import AddTrack, Mute, TrackSettings
from folkmoot.protocol.values import Answered, CodecInfo, Kind, Source
from folkmoot.rooms.dynacast import DOWN_AFTER_S

AV1 = "AV1"
WITHOUT_AV1 = "".join(section("video", str(i), "recvonly", codecs=("VP8", "H264")) for i in range(3))
WITHOUT_BOTH = "".join(section("video", str(i), "recvonly", codecs=("H264",)) for i in range(3))
SIMULCAST, REGRESSION = 1, 2


def shows(person: Person, *, second: str = "vp8", **more: Any) -> str:
    """Her camera, in AV1, which she can send in another codec besides."""
    codecs = (
        (CodecInfo(mime="av1", cid="cam"), CodecInfo(mime=second))
        if second
        else (CodecInfo(mime="av1", cid="cam"),)
    )
    return person.publishes(
        "cam", Kind.VIDEO, Source.CAMERA, codec=AV1, layers=THREE_LAYERS, codecs=codecs, **more
    )


def backs_up(person: Person, sid: str, cid: str = "cam-vp8") -> None:
    """As livekit-client does: it names its first codec in the request, and sends the other."""
    person.adds(
        cid, Kind.VIDEO, Source.CAMERA, sid=sid, codecs=(CodecInfo(mime="av1", cid=cid, layers=THREE_LAYERS),)
    )
    person.extra += section("video", str(person.next_mid), "sendonly", cid, ("q", "h", "f"), ("VP8",))
    person.next_mid += 1
    person.offers()


def looks(scene: Scene, name: str, sdp: str = PLACEHOLDERS) -> Person:
    """Somebody who gets what there is."""
    person = scene.joins(name, sdp=sdp)
    scene.passes(0.3)
    person.offers(sdp)
    return person


def asked(person: Person) -> dict[str, list[bool]]:
    told = person.last("subscribed_quality_update").subscribed_codecs
    return {codec.codec: [quality.enabled for quality in codec.qualities] for codec in told}


ALL, NONE = [True] * 3, [False] * 3


def test_the_publisher_is_asked_for_the_codec_that_somebody_needs(scene: Scene) -> None:
    alice = scene.joins("alice")
    sid = shows(alice)
    looks(scene, "ann")
    assert alice.heard("subscribed_quality_update") == []
    bob = looks(scene, "bob", WITHOUT_AV1)
    assert bob.heard("subscription_response") == []
    assert asked(alice) == {"av1": ALL, "vp8": ALL}
    backs_up(alice, sid)
    assert alice.last("track_published").cid == "cam-vp8"
    assert alice.last("track_published").track.sid == sid
    assert scene.engine.called("publish_backup") == [(alice.me.published[sid].handle, "8", True)]
    assert scene.engine.called("accept_offer")[-1][1]["cam-vp8"] == "video/VP8", "whatever its request says"


def test_it_stays_one_track_with_both_codecs_described(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), looks(scene, "bob", WITHOUT_AV1)
    sid = shows(alice)
    scene.passes(0.3)
    backs_up(alice, sid)
    (track,) = bob.sees()["alice"].tracks
    assert (track.sid, track.mime_type) == (sid, "video/AV1")
    assert [(c.mime_type, c.mid, c.cid) for c in track.codecs] == [
        ("video/AV1", "7", "cam"),
        ("video/VP8", "8", "cam-vp8"),
    ]
    assert [layer.rid for layer in track.codecs[1].layers] == ["q", "h", "f"]


def test_while_the_backup_comes_the_first_codec_is_not_encoded(scene: Scene) -> None:
    alice = scene.joins("alice")
    sid = shows(alice)
    looks(scene, "ann")
    bob = looks(scene, "bob", WITHOUT_AV1)
    backs_up(alice, sid)
    assert asked(alice) == {"av1": ALL, "vp8": ALL}, "until it is surely there"
    scene.passes(DOWN_AFTER_S + 0.1)
    assert asked(alice) == {"av1": NONE, "vp8": ALL}
    bob.says(requests.Leave())
    assert asked(alice) == {"av1": ALL, "vp8": ALL}, "nobody needs the other any more"
    scene.passes(DOWN_AFTER_S + 0.1)
    assert asked(alice) == {"av1": ALL, "vp8": NONE}


def test_by_the_publishers_wish_both_are_sent_to_those_who_need_them(scene: Scene) -> None:
    alice = scene.joins("alice")
    sid = shows(alice, backup_codec_policy=SIMULCAST)
    looks(scene, "ann")
    bob = looks(scene, "bob", WITHOUT_AV1)
    backs_up(alice, sid)
    assert scene.engine.called("publish_backup")[-1][2] is False
    bob.says(TrackSettings((sid,), quality=0))
    scene.passes(DOWN_AFTER_S + 0.1)
    assert asked(alice) == {"av1": ALL, "vp8": [True, False, False]}


@pytest.mark.parametrize("offers", [WITHOUT_AV1, WITHOUT_BOTH])
def test_with_no_codec_in_common_the_subscriber_is_told(scene: Scene, offers: str) -> None:
    alice = scene.joins("alice")
    sid = shows(alice, second="" if offers is WITHOUT_AV1 else "vp8")
    bob = looks(scene, "bob", offers)
    (told,) = bob.heard("subscription_response")
    assert (told.track_sid, told.err) == (sid, 1)
    assert alice.heard("subscribed_quality_update") == [] or "vp8" not in asked(alice)


def test_an_encrypted_track_has_no_backup(scene: Scene) -> None:
    alice = scene.joins("alice")
    sid = shows(alice, encryption=1)
    assert looks(scene, "bob", WITHOUT_AV1).last("subscription_response").track_sid == sid


@pytest.mark.parametrize(
    ("request_", "outcome"),
    [
        (AddTrack("x", Kind.VIDEO, Source.CAMERA, sid="TR_none"), Answered.NOT_FOUND),
        (AddTrack("x", Kind.AUDIO, Source.MICROPHONE, sid="cam"), Answered.UNSUPPORTED_TYPE),
        (AddTrack("x", Kind.VIDEO, Source.CAMERA, sid="plain"), Answered.UNSUPPORTED_TYPE),
        (AddTrack("cam", Kind.VIDEO, Source.CAMERA, sid="cam"), Answered.NOT_ALLOWED),
        (AddTrack("", Kind.VIDEO, Source.CAMERA, sid="cam"), Answered.NOT_ALLOWED),
    ],
)
def test_what_is_no_backup_of_a_track_is_refused(scene: Scene, request_: AddTrack, outcome: Answered) -> None:
    alice = scene.joins("alice")
    sids = {
        "cam": shows(alice),
        "plain": alice.publishes("plain", Kind.VIDEO, Source.SCREEN_SHARE),
        "TR_none": "TR_none",
    }
    before = dict(alice.me.pending)
    alice.adds(request_.cid, request_.kind, request_.source, sid=sids[request_.sid])
    assert alice.last("request_response").reason == outcome
    assert alice.me.pending == before


def test_a_track_has_one_backup_however_often_it_is_asked_for(scene: Scene) -> None:
    alice = scene.joins("alice")
    sid = shows(alice)
    alice.adds("b", Kind.VIDEO, Source.CAMERA, sid=sid)
    alice.adds("b", Kind.VIDEO, Source.CAMERA, sid=sid)
    assert [t.cid for t in alice.heard("track_published")] == ["cam", "b", "b"]
    alice.adds("c", Kind.VIDEO, Source.CAMERA, sid=sid)
    assert alice.last("request_response").reason == Answered.LIMIT_EXCEEDED
    alice.says(Mute(sid, True))
    assert alice.me.published[sid].info.muted


def test_a_backup_that_ends_alone_leaves_the_track(scene: Scene) -> None:
    alice, bob = scene.joins("alice"), looks(scene, "bob", WITHOUT_AV1)
    sid = shows(alice)
    scene.passes(0.3)
    bob.offers(WITHOUT_AV1)
    backs_up(alice, sid)
    alice.extra = alice.extra.replace("a=sendonly\r\na=msid:stream cam-vp8", "a=inactive")
    alice.offers()
    assert scene.engine.called("drop_backup") and sid in alice.me.published
    (track,) = bob.sees()["alice"].tracks
    assert [c.mid for c in track.codecs] == ["7", ""]
    assert asked(alice)["vp8"] == ALL, "it is asked for anew"


def test_the_backup_ends_with_its_track(scene: Scene) -> None:
    alice = scene.joins("alice")
    sid = shows(alice)
    alice.adds("b", Kind.VIDEO, Source.CAMERA, sid=sid)
    alice.extra = ""
    alice.offers(PLACEHOLDERS + section("video", "7", "inactive"))
    assert sid not in alice.me.published
    assert (alice.me.pending, alice.me.pending_info, alice.me.preferred) == ({}, {}, {})
