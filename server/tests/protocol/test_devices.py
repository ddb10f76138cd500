"""Codecs that some devices have in name only."""

from __future__ import annotations

import pytest
from livekit.protocol import rtc

from folkmoot.protocol import joining, responses, values
from folkmoot.protocol.devices import disabled
from folkmoot.protocol.responses import PUBLISH_CODECS


def told(**said: str) -> rtc.JoinResponse:
    client = joining.decode(said, single=False).client
    room = values.Room("RM_x", "room")
    person = values.Participant("PA_x", "x", values.State.JOINED)
    message = responses.join(
        responses.Server(),
        room,
        person,
        (),
        subscriber_primary=True,
        sif_trailer=b"",
        disabled=disabled(client),
    )
    return message.wire.join


@pytest.mark.parametrize(
    ("said", "left_out", "of_both"),
    [
        ({"browser": "Firefox", "os": "Linux"}, "video/H264", False),
        ({"browser": "Firefox Mobile", "os": "Android"}, "video/H264", False),
        ({"os": "android", "device_model": "Xiaomi 2201117TI"}, "video/H264", False),
        ({"browser": "Safari", "os": "macOS"}, "video/AV1", True),
        ({"browser": "Firefox", "os": "Windows"}, "", False),
        ({"browser": "Chrome", "os": "Android"}, "", False),
        ({}, "", False),
    ],
)
def test_a_device_is_offered_what_it_encodes_well(said: dict[str, str], left_out: str, of_both: bool) -> None:
    join = told(**said)
    assert [c.mime for c in join.enabled_publish_codecs] == [m for m in PUBLISH_CODECS if m != left_out]
    codecs = join.client_configuration.disabled_codecs
    assert [c.mime for c in codecs.codecs] == ([left_out] if of_both else [])
    assert [c.mime for c in codecs.publish] == ([left_out] if left_out and not of_both else [])


def test_what_a_client_says_of_itself_is_bounded() -> None:
    client = joining.decode({"browser": "S" * 1000, "os": " X " * 1000}, single=False).client
    assert len(client.browser) <= 64 and len(client.os) <= 64 and not disabled(client).publish
