"""Telling a publisher which layers anybody wants, so that its browser needn't encode the others.

Law: up at once, down only after a while: a tile that flickers out of view must not cost a key frame. How many take which
layer is counted where it changes, never by asking everybody.
"""

from __future__ import annotations

from folkmoot.protocol import responses, values
from folkmoot.rooms.model import Now, Participant, Published, Subscription
from folkmoot.rooms.room import Room

DOWN_AFTER_S = 5.0
NONE = -1


def tally(track: Published, subscription: Subscription, layer: int) -> None:
    """`layer`: the highest that this one takes from now on."""
    if subscription.tallied != NONE:
        track.takers[subscription.tallied] -= 1
    if layer != NONE:
        track.takers[layer] += 1
    subscription.tallied = layer


def reconsider(room: Room, publisher: Participant, track: Published, now: Now) -> None:
    if track.info.kind is not values.Kind.VIDEO or not track.info.simulcast:
        return
    wanted, key = highest(track), ("layers", publisher.sid, track.info.sid)
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
    if track is not None and highest(track) != track.asked_layer:
        _tell(room, publisher, track, highest(track))


def highest(track: Published) -> int:
    low, middle, high = track.takers
    return 2 if high else 1 if middle else 0 if low else NONE


def _tell(room: Room, publisher: Participant, track: Published, layer: int) -> None:
    track.asked_layer = layer
    codec = track.info.mime.partition("/")[2].lower()
    told = responses.subscribed_quality(track.info.sid, [codec], layer)
    room.send(publisher, told, kept_as=f"layers {track.info.sid}")
