"""The clock of attention: what somebody looks at is between them and the server, and told to nobody."""

from __future__ import annotations

from livekit.protocol.models import VideoLayer

from folkmoot.capabilities import FEATURES
from folkmoot.meetings import people
from folkmoot.protocol.requests import TrackSettings
from folkmoot.protocol.values import Kind, Source

from .conftest import Scene

SWITCHES = 100


def test_a_tab_that_is_switched_a_hundred_times_is_heard_of_by_nobody(scene: Scene) -> None:
    """Neither by who sends the picture nor by who hosts; nor is it an event that a webhook or a meeting could tell."""
    alice, bob, host = scene.joins("alice"), scene.joins("bob"), scene.joins("host")
    picture = alice.publishes("c", Kind.VIDEO, Source.CAMERA, layers=(VideoLayer(width=1280, height=720),))
    scene.passes(10)
    for person in (alice, bob, host):
        person.forgets()
    happened = len(scene.events)
    for n in range(SWITCHES):
        hidden = n % 2 == 0
        bob.says(
            TrackSettings((picture,), disabled=hidden, quality=2, width=0 if hidden else 640, height=360)
        )
        scene.passes(0.2)
    kinds = {message.name for person in (alice, host) for message in person.got}
    assert kinds <= {"subscribed_quality_update"}, "what size is wanted, of all together"
    assert not any("bob" in str(message.wire) or bob.sid in str(message.wire) for message in alice.got)
    assert host.got == [] and scene.events[happened:] == []


def test_the_meeting_channel_has_no_word_for_looking() -> None:
    verbs = {
        kind
        for feature in (people.feature, *FEATURES)
        for kind in feature.commands.json_schema()["discriminator"]["mapping"]
    }
    assert not [
        v for v in verbs if any(w in v for w in ("focus", "attent", "visib", "look", "watch", "tab", "idle"))
    ]
