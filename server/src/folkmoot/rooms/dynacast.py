"""Telling a publisher which layers anybody wants, so that its browser needn't encode the others.

Law: up at once, down only after a while: a tile that flickers out of view must not cost a key frame.
"""

from __future__ import annotations

from folkmoot.protocol import responses, values
from folkmoot.rooms.model import Now, Participant, Published
from folkmoot.rooms.room import Room

DOWN_AFTER_S = 5.0


def reconsider(room: Room, publisher: Participant, track: Published, now: Now) -> None:
    if track.info.kind is not values.Kind.VIDEO or not track.info.simulcast:
        return
    wanted, key = highest(room, track), ("layers", publisher.sid, track.info.sid)
    if wanted > track.asked_layer:
        room.timers.cancel(key)
        _tell(room, publisher, track, wanted)
    elif wanted < track.asked_layer:
        room.timers.arm_if_idle(key, now.at + DOWN_AFTER_S)
    else:
        room.timers.cancel(key)


def lower(room: Room, publisher: Participant, sid: str) -> None:
    """The while is over."""
    track = publisher.published.get(sid)
    if track is not None and highest(room, track) != track.asked_layer:
        _tell(room, publisher, track, highest(room, track))


def highest(room: Room, track: Published) -> int:
    wanted = [s for p in room if (s := p.subscriptions.get(track.info.sid)) is not None and s.enabled]
    return max((s.max_layer for s in wanted), default=-1)


def _tell(room: Room, publisher: Participant, track: Published, layer: int) -> None:
    track.asked_layer = layer
    codec = track.info.mime.partition("/")[2].lower()
    room.send(publisher, responses.subscribed_quality(track.info.sid, [codec], layer))
