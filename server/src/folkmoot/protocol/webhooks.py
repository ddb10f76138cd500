"""What a webhook says, as LiveKit's receivers read it."""

from __future__ import annotations

from google.protobuf import json_format
from livekit.protocol import webhook

from folkmoot.protocol import values
from folkmoot.protocol.responses import PUBLISH_CODECS, participant_info, room_info, track_info

MEDIA_TYPE = "application/webhook+json"


def body(
    event: str,
    id: str,
    created_at: int,
    room: values.Room,
    participant: values.Participant | None,
    track: values.Track | None,
    dropped: int,
) -> bytes:
    """`dropped`: how many before this one were never told."""
    told = webhook.WebhookEvent(
        event=event,
        id=id,
        created_at=created_at,
        room=room_info(room, PUBLISH_CODECS),
        participant=participant_info(participant) if participant else None,
        track=track_info(track) if track else None,
        num_dropped=dropped,
    )
    return json_format.MessageToJson(told, indent=None).encode()
