"""Tracks of data: named, published and subscribed to like others, but carried in packets of their own on a data channel.

Law: a receiver knows a track by a number of its own, told before the first packet under it comes and never another's while it may
still come; the engine carries frames exactly while `wants` says so.
"""

from __future__ import annotations

from folkmoot.protocol import responses
from folkmoot.protocol.requests import PublishDataTrack, SubscribeData, UnpublishDataTrack
from folkmoot.protocol.values import Answered, DataTrack
from folkmoot.rooms.model import Participant
from folkmoot.rooms.room import Room

MAX_HANDLE = 65_535
MAX_NAME = 256
MOST_WISHES = 4096


def publish(room: Room, participant: Participant, request: PublishDataTrack) -> None:
    refusal = _refusal(room, participant, request)
    if refusal is not None:
        room.send(participant, responses.data_track_not_published(*refusal, request.body))
        return
    track = DataTrack(
        room.house.sids.data_track(),
        request.handle,
        request.name,
        request.encryption,
        request.encoding,
        request.schema,
    )
    participant.data_tracks[track.handle] = track
    room.data_tracks[track.sid] = (participant, track)
    room.send(participant, responses.data_track_published(track))
    room.changed(participant)
    offer(room, participant, track)


def offer(room: Room, publisher: Participant, track: DataTrack) -> None:
    """To all who want it."""
    for subscriber in room:
        if reconcile(room, subscriber, publisher, track):
            _tell_handles(room, subscriber)


def unpublish(room: Room, participant: Participant, request: UnpublishDataTrack) -> None:
    track = participant.data_tracks.get(request.handle)
    if track is None:
        room.send(participant, responses.data_track_not_unpublished(request.body))
        return
    end(room, participant, track)
    room.send(participant, responses.data_track_unpublished(track))
    room.changed(participant)


def asked(room: Room, subscriber: Participant, request: SubscribeData) -> None:
    """What is wished may be published later."""
    changed = False
    for sid, wish in request.wishes:
        if sid not in subscriber.data_wanted and len(subscriber.data_wanted) >= MOST_WISHES:
            break
        subscriber.data_wanted[sid] = wish
        if sid in room.data_tracks:
            changed |= reconcile(room, subscriber, *room.data_tracks[sid])
    if changed:
        _tell_handles(room, subscriber)


def reconcile_all(room: Room, subscriber: Participant) -> None:
    """What it may have, or how it is met, has changed."""
    changed = [reconcile(room, subscriber, *each) for each in tuple(room.data_tracks.values())]
    if any(changed):
        _tell_handles(room, subscriber)


def wants(subscriber: Participant, publisher: Participant, track: DataTrack) -> bool:
    audience = publisher.audience
    return (
        subscriber.data_wanted.get(track.sid, subscriber.joining.auto_subscribe_data)
        and subscriber is not publisher
        and subscriber.active
        and subscriber.permission.can_subscribe
        and (audience is None or audience.allow(subscriber.identity, subscriber.sid, track.sid))
    )


def reconcile(room: Room, subscriber: Participant, publisher: Participant, track: DataTrack) -> bool:
    """Whether that changed what it receives."""
    has = track.sid in subscriber.data_handles
    if wants(subscriber, publisher, track) is has:
        return False
    if has:
        del subscriber.data_handles[track.sid]
        room.engine.drop_frames(publisher.peer, track.handle, subscriber.peer)
        return True
    if len(subscriber.data_handles) == MAX_HANDLE:
        return False
    handle = subscriber.data_handles[track.sid] = _next_handle(subscriber)
    room.engine.carry_frames(publisher.peer, track.handle, subscriber.peer, handle)
    return True


def permitted(room: Room, publisher: Participant) -> None:
    """Who may have its tracks is another now."""
    tracks = tuple(publisher.data_tracks.values())
    for subscriber in room if tracks else ():
        changed = [reconcile(room, subscriber, publisher, track) for track in tracks]
        if any(changed):
            _tell_handles(room, subscriber)


def revoke(room: Room, participant: Participant) -> None:
    """It may publish no data any more."""
    for track in tuple(participant.data_tracks.values()):
        end(room, participant, track)
        room.send(participant, responses.data_track_unpublished(track))


def forget(room: Room, participant: Participant) -> None:
    """It leaves: what it published ends, and what it received goes nowhere."""
    for track in tuple(participant.data_tracks.values()):
        end(room, participant, track)
    for sid in participant.data_handles:
        publisher, track = room.data_tracks[sid]
        room.engine.drop_frames(publisher.peer, track.handle, participant.peer)
    participant.data_handles.clear()


def catch_up(room: Room, participant: Participant) -> None:
    """It was away, and may have missed which number is which track's."""
    if participant.data_handles:
        _tell_handles(room, participant)


def _refusal(room: Room, participant: Participant, request: PublishDataTrack) -> tuple[Answered, str] | None:
    if not participant.permission.can_publish_data:
        return Answered.NOT_ALLOWED, "does not have permission to publish data"
    if not 0 < request.handle <= MAX_HANDLE:
        return Answered.INVALID_HANDLE, "handle should be > 0 AND < 65536"
    if not 0 < len(request.name) <= MAX_NAME:
        return Answered.INVALID_NAME, "name should not be empty and should not exceed 256 characters"
    if not request.well_described:
        return Answered.INVALID_REQUEST, "encoding identifier is empty or exceeds the maximum length"
    if request.handle in participant.data_tracks:
        return Answered.DUPLICATE_HANDLE, "a data track with same handle already exists"
    if any(track.name == request.name for track in participant.data_tracks.values()):
        return Answered.DUPLICATE_NAME, "a data track with same name already exists"
    if len(participant.data_tracks) >= room.limits.data_tracks:
        return Answered.LIMIT_EXCEEDED, "too many data tracks"
    return None


def end(room: Room, publisher: Participant, track: DataTrack) -> None:
    publisher.data_tracks.pop(track.handle, None)
    room.data_tracks.pop(track.sid, None)
    for subscriber in room:
        subscriber.data_wanted.pop(track.sid, None)
        if subscriber.data_handles.pop(track.sid, None) is not None:
            room.engine.drop_frames(publisher.peer, track.handle, subscriber.peer)
            _tell_handles(room, subscriber)


def _next_handle(subscriber: Participant) -> int:
    """Counted, so that one that was just given up isn't another track's at once."""
    taken = set(subscriber.data_handles.values())
    handle = subscriber.last_data_handle
    while True:
        handle = handle % MAX_HANDLE + 1
        if handle not in taken:
            subscriber.last_data_handle = handle
            return handle


def _tell_handles(room: Room, subscriber: Participant) -> None:
    handles = {}
    for sid, handle in subscriber.data_handles.items():
        publisher, _ = room.data_tracks[sid]
        handles[handle] = (publisher.identity, publisher.sid, sid)
    room.send(subscriber, responses.data_track_handles(handles))
