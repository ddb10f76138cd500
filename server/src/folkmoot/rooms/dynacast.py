"""Telling a publisher which layers anybody wants, of which codec, so that its browser needn't encode the others.

Law: up at once, down only after a while: a tile that flickers out of view must not cost a key frame. How many take which
layer is counted where it changes, never by asking everybody.
"""

from __future__ import annotations

from folkmoot.protocol import responses, values
from folkmoot.rooms.model import Now, Participant, Published, Subscription
from folkmoot.rooms.room import Room

DOWN_AFTER_S = 5.0
NONE = -1
FIRST, BACKUP = 0, 1


def tally(track: Published, subscription: Subscription, layer: int) -> bool:
    """`layer`: the highest that this one takes from now on. Whether it is the first of those who take it, or was the last:
    else nothing is wanted that wasn't."""
    taken = None if layer == NONE else (BACKUP if subscription.in_backup else FIRST, layer)
    before, subscription.tallied = subscription.tallied, taken
    if before == taken:
        return False
    return (before is not None and _count(track, before, -1) == 0) | (
        taken is not None and _count(track, taken, 1) == 1
    )


def _count(track: Published, taken: tuple[int, int], change: int) -> int:
    codec, layer = taken
    takers = track.takers[codec]
    takers[layer] += change
    return takers[layer]


def retake(room: Room, publisher: Participant, track: Published, has: Subscription, now: Now) -> None:
    """What a subscription takes may have changed."""
    if tally(track, has, has.takes):
        reconsider(room, publisher, track, now)


def reconsider(room: Room, publisher: Participant, track: Published, now: Now) -> None:
    if track.info.kind is not values.Kind.VIDEO or not (track.info.simulcast or track.backup_mime):
        return
    wanted, key = highest(track), ("layers", publisher.sid, track.info.sid)
    if wanted == track.asked_layers:
        room.timers.cancel(key)
        return
    raised = [max(pair) for pair in zip(wanted, track.asked_layers, strict=True)]
    if raised != track.asked_layers:
        _tell(room, publisher, track, raised)
    if wanted != raised:
        room.timers.arm_if_idle(key, now.at + DOWN_AFTER_S)
    else:
        room.timers.cancel(key)


def lower(room: Room, publisher: Participant, sid: str) -> None:
    """The while is over."""
    track = publisher.published.get(sid)
    if track is not None and highest(track) != track.asked_layers:
        _tell(room, publisher, track, highest(track))


def highest(track: Published) -> list[int]:
    """Of each codec. Where all are sent the backup while some need it, nobody takes the first any more."""
    first, backup = (_highest(takers) for takers in track.takers)
    if track.backup is not None and track.regresses and backup != NONE:
        return [NONE, max(first, backup)]
    return [first, backup]


def _highest(takers: list[int]) -> int:
    low, middle, high = takers
    return 2 if high else 1 if middle else 0 if low else NONE


def _tell(room: Room, publisher: Participant, track: Published, layers: list[int]) -> None:
    track.asked_layers = layers
    codecs = [(_codec(track.info.mime), layers[FIRST])]
    if track.backup is not None or layers[BACKUP] != NONE:
        codecs.append((_codec(track.backup_mime), layers[BACKUP]))
    told = responses.subscribed_quality(track.info.sid, codecs)
    room.send(publisher, told, kept_as=f"layers {track.info.sid}")


def _codec(mime: str) -> str:
    return mime.partition("/")[2].lower()
