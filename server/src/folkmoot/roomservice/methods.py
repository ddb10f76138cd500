"""Each method of RoomService: who may, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from folkmoot.kit import Refusal
from folkmoot.protocol import api
from folkmoot.protocol.tokens import Claims, RoomConfig
from folkmoot.rooms.live import Rooms
from folkmoot.roomservice.errors import TwirpError, refused

MAX_NAME = 256
MAX_DATA = 64_000

T = TypeVar("T")


def create_room(rooms: Rooms, call: api.CreateRoom) -> Any:
    if not call.room or len(call.room) > MAX_NAME:
        raise TwirpError("invalid_argument", "a room needs a name of at most 256 characters")
    _check_metadata(rooms, call.metadata)
    wanted = RoomConfig(call.metadata, call.empty_timeout, call.departure_timeout, call.max_participants)
    return api.one_room(rooms.create(call.room, wanted))


def list_rooms(rooms: Rooms, call: api.ListRooms) -> Any:
    return api.rooms(room.info() for room in rooms.all() if not call.names or room.name in call.names)


def delete_room(rooms: Rooms, call: api.DeleteRoom) -> Any:
    if not rooms.close(call.room):
        raise refused(Refusal("room.unknown"))
    return api.deleted()


def list_participants(rooms: Rooms, call: api.ListParticipants) -> Any:
    room = rooms.room(call.room)
    return api.participants(p.info() for p in room) if room else api.participants(())


def get_participant(rooms: Rooms, call: api.GetParticipant) -> Any:
    return api.participant(_granted(rooms.participant(call.room, call.identity)))


def remove_participant(rooms: Rooms, call: api.RemoveParticipant) -> Any:
    _granted(rooms.participant(call.room, call.identity))
    rooms.remove(call.room, call.identity, revoked_before=call.revoke_token_ts)
    return api.removed()


def mute_published_track(rooms: Rooms, call: api.MutePublishedTrack) -> Any:
    return api.muted(_granted(rooms.mute_track(call.room, call.identity, call.track_sid, call.muted)))


def update_participant(rooms: Rooms, call: api.UpdateParticipant) -> Any:
    updated = rooms.update(
        call.room,
        call.identity,
        name=call.name,
        metadata=call.metadata,
        attributes=call.attributes,
        permission=call.permission,
    )
    return api.participant(_granted(updated))


def update_subscriptions(rooms: Rooms, call: api.UpdateSubscriptions) -> Any:
    _granted(rooms.subscribe(call.room, call.identity, call.track_sids, call.subscribe))
    return api.subscribed()


def send_data(rooms: Rooms, call: api.SendData) -> Any:
    if len(call.data) > MAX_DATA:
        raise TwirpError("invalid_argument", "data is too large")
    to = call.destination_identities, call.destination_sids
    _granted(rooms.send_data(call.room, *to, call.reliable, api.user_packet(call)))
    return api.sent()


def update_room_metadata(rooms: Rooms, call: api.UpdateRoomMetadata) -> Any:
    _check_metadata(rooms, call.metadata)
    return api.one_room(_granted(rooms.describe(call.room, call.metadata)))


def _may_create(claims: Claims, call: Any) -> bool:
    return claims.video.room_create


def _may_list(claims: Claims, call: Any) -> bool:
    return claims.video.room_list


def _may_administer(claims: Claims, call: Any) -> bool:
    return claims.video.room_admin and claims.video.room == call.room


Method = tuple[Callable[[Claims, Any], bool], Callable[[Rooms, Any], Any]]

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
"""A method is called with the type of call that `api.decode` makes of its name."""


def _check_metadata(rooms: Rooms, metadata: str) -> None:
    if not rooms.limits.allow("", metadata, {}):
        raise TwirpError("invalid_argument", "metadata is too large")


def _granted(outcome: T | Refusal) -> T:
    if isinstance(outcome, Refusal):
        raise refused(outcome)
    return outcome
