"""Each method of RoomService: who may, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from folkmoot.protocol import api, requests
from folkmoot.protocol.api import Call
from folkmoot.protocol.tokens import Claims, RoomConfig
from folkmoot.protocol.values import Participant
from folkmoot.rooms import administering, publishing, subscribing
from folkmoot.rooms import requests as asking
from folkmoot.rooms.live import Rooms
from folkmoot.rooms.model import Participant as Inside
from folkmoot.rooms.room import Room
from folkmoot.roomservice.errors import TwirpError, no_participant, no_room, no_track

MAX_NAME = 256
MAX_DATA = 64_000


def create_room(rooms: Rooms, call: Call) -> Any:
    if not call.room or len(call.room) > MAX_NAME:
        raise TwirpError("invalid_argument", "a room needs a name of at most 256 characters")
    _check_metadata(rooms, call)
    known = rooms.room(call.room)
    room = known or rooms.open(call.room)
    with rooms.changing(room) as now:
        if known is None:
            wanted = RoomConfig(
                call.metadata, call.empty_timeout, call.departure_timeout, call.max_participants
            )
            administering.configure(room, wanted, now)
    return api.one_room(room.info())


def list_rooms(rooms: Rooms, call: Call) -> Any:
    return api.rooms(room.info() for room in rooms.all() if not call.names or room.name in call.names)


def delete_room(rooms: Rooms, call: Call) -> Any:
    if not rooms.close(call.room):
        raise no_room()
    return api.nothing("DeleteRoom")


def list_participants(rooms: Rooms, call: Call) -> Any:
    room = rooms.room(call.room)
    return api.participants(p.info() for p in room) if room else api.participants(())


def get_participant(rooms: Rooms, call: Call) -> Any:
    return api.participant(_inside(rooms, call)[1].info())


def remove_participant(rooms: Rooms, call: Call) -> Any:
    _inside(rooms, call)
    rooms.remove(call.room, call.identity)
    return api.nothing("RemoveParticipant")


def mute_published_track(rooms: Rooms, call: Call) -> Any:
    room, participant = _inside(rooms, call)
    track = participant.published.get(call.track_sids[0])
    if track is None:
        raise no_track()
    if not call.muted and track.info.muted:
        raise TwirpError("invalid_argument", "remote unmute not enabled")
    with rooms.changing(room) as now:
        publishing.mute_by_server(room, participant, track, call.muted, now)
    return api.muted(track.info)


def update_participant(rooms: Rooms, call: Call) -> Any:
    room, participant = _inside(rooms, call)
    if not rooms.limits.admit(call.name, call.metadata, {**participant.attributes, **call.attributes}):
        raise TwirpError("invalid_argument", "name, metadata or attributes are too large")
    with rooms.changing(room) as now:
        if call.metadata or call.name or call.attributes:
            asking.set_metadata(room, participant, call.name, call.metadata, dict(call.attributes))
        if call.permission is not None:
            administering.permit(room, participant, call.permission, now)
    info: Participant = participant.info()
    return api.participant(info)


def update_subscriptions(rooms: Rooms, call: Call) -> Any:
    room, participant = _inside(rooms, call)
    with rooms.changing(room) as now:
        subscribing.asked(room, participant, requests.Subscribe(call.track_sids, call.subscribe), now)
    return api.nothing("UpdateSubscriptions")


def send_data(rooms: Rooms, call: Call) -> Any:
    room = rooms.room(call.room)
    if room is None:
        raise no_room()
    if len(call.data) > MAX_DATA:
        raise TwirpError("invalid_argument", "data is too large")
    to: list[Inside] | None = None
    if call.destination_identities or call.destination_sids:
        to = [p for p in room if p.identity in call.destination_identities or p.sid in call.destination_sids]
    with rooms.changing(room):
        administering.send_data(room, to, call.reliable, api.user_packet(call))
    return api.nothing("SendData")


def update_room_metadata(rooms: Rooms, call: Call) -> Any:
    room = rooms.room(call.room)
    if room is None:
        raise no_room()
    _check_metadata(rooms, call)
    with rooms.changing(room):
        administering.describe(room, call.metadata)
    return api.one_room(room.info())


def _may_create(claims: Claims, call: Call) -> bool:
    return claims.video.room_create


def _may_list(claims: Claims, call: Call) -> bool:
    return claims.video.room_list


def _may_administer(claims: Claims, call: Call) -> bool:
    return claims.video.room_admin and claims.video.room == call.room


Method = tuple[Callable[[Claims, Call], bool], Callable[[Rooms, Call], Any]]

METHODS: dict[str, Method] = {
    "CreateRoom": (_may_create, create_room),
    "ListRooms": (_may_list, list_rooms),
    "DeleteRoom": (_may_create, delete_room),
    "ListParticipants": (_may_administer, list_participants),
    "GetParticipant": (_may_administer, get_participant),
    "RemoveParticipant": (_may_administer, remove_participant),
    "MutePublishedTrack": (_may_administer, mute_published_track),
    "UpdateParticipant": (_may_administer, update_participant),
    "UpdateSubscriptions": (_may_administer, update_subscriptions),
    "SendData": (_may_administer, send_data),
    "UpdateRoomMetadata": (_may_administer, update_room_metadata),
}


def _check_metadata(rooms: Rooms, call: Call) -> None:
    if not rooms.limits.admit("", call.metadata, {}):
        raise TwirpError("invalid_argument", "metadata is too large")


def _inside(rooms: Rooms, call: Call) -> tuple[Room, Inside]:
    room = rooms.room(call.room)
    if room is None:
        raise no_room()
    participant = room.by_identity(call.identity)
    if participant is None:
        raise no_participant()
    return room, participant
