"""Frames of a client, decoded: the known, the unknown, the broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import models, rtc

from folkmoot.protocol import requests
from folkmoot.protocol.requests import MAX_FRAME, Malformed, Unknown, decode
from folkmoot.protocol.values import Kind, Source


def test_add_track_keeps_all_that_others_must_see() -> None:
    asked = rtc.AddTrackRequest(
        cid="c",
        name="n",
        type=models.TrackType.VIDEO,
        source=models.TrackSource.SCREEN_SHARE,
        width=1280,
        height=720,
        encryption=models.Encryption.Type.GCM,
        layers=[models.VideoLayer(quality=models.VideoQuality.HIGH, width=1280, height=720, bitrate=9)],
        simulcast_codecs=[rtc.SimulcastCodec(codec="vp8", cid="c")],
    )
    got = decode(rtc.SignalRequest(add_track=asked).SerializeToString())
    assert isinstance(got, requests.AddTrack)
    assert (got.cid, got.name, got.kind, got.source, got.encryption) == (
        "c",
        "n",
        Kind.VIDEO,
        Source.SCREEN_SHARE,
        1,
    )
    assert (got.layers[0].quality, got.layers[0].bitrate, got.codecs[0].mime) == (2, 9, "vp8")


def test_subscriptions_of_both_forms_are_one_list() -> None:
    body = rtc.UpdateSubscription(
        track_sids=["a", "b"],
        subscribe=True,
        participant_tracks=[models.ParticipantTracks(participant_sid="p", track_sids=["b", "c"])],
    )
    got = decode(rtc.SignalRequest(subscription=body).SerializeToString())
    assert got == requests.Subscribe(("a", "b", "c"), True)


def test_what_is_newer_than_us_is_no_error() -> None:
    assert decode(b"") == Unknown()
    assert decode(b"\xfa\x3e\x02hi") == Unknown(), "an unknown field of the oneof"
    assert decode('{"messageOfTomorrow": {}}') == Unknown()
    assert isinstance(
        decode(rtc.SignalRequest(update_layers=rtc.UpdateVideoLayers()).SerializeToString()), Unknown
    )


def test_what_is_known_but_not_offered_says_so() -> None:
    body = rtc.SignalRequest(store_data_blob_request=rtc.StoreDataBlobRequest(request_id=3))
    assert decode(body.SerializeToString()) == requests.Unsupported("store_data_blob_request", 3)


def test_a_frame_too_large_is_refused_unread() -> None:
    with pytest.raises(Malformed):
        decode(bytes(MAX_FRAME + 1))


@given(st.binary(max_size=200) | st.text(max_size=100))
def test_no_frame_breaks_the_decoder(frame: bytes | str) -> None:
    try:
        decode(frame)
    except Malformed:
        pass


def test_of_layers_without_end_the_first_are_read() -> None:
    request = rtc.AddTrackRequest(cid="c", layers=[models.VideoLayer(rid="r" * 100)] * 10_000)
    read = decode(rtc.SignalRequest(add_track=request).SerializeToString())
    assert isinstance(read, requests.AddTrack)
    assert [len(layer.rid) for layer in read.layers] == [16] * 4
