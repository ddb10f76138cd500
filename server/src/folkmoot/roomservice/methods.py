"""Each method of RoomService: who may, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from folkmoot.kit import Refusal
from folkmoot.protocol import api
from folkmoot.protocol.rpc import Failed, Failure
from folkmoot.protocol.tokens import Claims, RoomConfig
from folkmoot.protocol.values import AgentWanted
from folkmoot.rooms.live import Rooms
from folkmoot.roomservice.errors import TwirpError, refused

MAX_NAME = 256
MAX_DATA = 64_000
RPC_MS, MOST_RPC_MS = 10_000, 60_000
RPC_ERRORS = {
    Failure.CONNECTION_TIMEOUT: "canceled",
    Failure.RESPONSE_TIMEOUT: "canceled",
    Failure.RECIPIENT_DISCONNECTED: "unavailable",
    Failure.REQUEST_PAYLOAD_TOO_LARGE: "malformed",
    1400: "invalid_argument",
}
"""What LiveKit's server makes of each; 1400: the participant has no such method."""

T = TypeVar("T")


def create_room(rooms: Rooms, call: api.CreateRoom) -> Any:
    if not call.room or len(call.room) > MAX_NAME:
        raise TwirpError("invalid_argument", "a room needs a name of at most 256 characters")
    if call.records:
        raise TwirpError("unimplemented", "egress is not offered by this server")
    _check_metadata(rooms, call.metadata)
    for wanted in call.agents:
        check_wanted(rooms, wanted)
    config = RoomConfig(
        call.metadata, call.empty_timeout, call.departure_timeout, call.max_participants, call.agents
    )
    return api.one_room(granted(rooms.create(call.room, config)))


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
    return api.participant(granted(rooms.participant(call.room, call.identity)))


def remove_participant(rooms: Rooms, call: api.RemoveParticipant) -> Any:
    granted(rooms.participant(call.room, call.identity))
    rooms.remove(call.room, call.identity, revoked_before=call.revoke_token_ts)
    return api.removed()


def mute_published_track(rooms: Rooms, call: api.MutePublishedTrack) -> Any:
    return api.muted(granted(rooms.mute_track(call.room, call.identity, call.track_sid, call.muted)))


def update_participant(rooms: Rooms, call: api.UpdateParticipant) -> Any:
    updated = rooms.update(
        call.room,
        call.identity,
        name=call.name,
        metadata=call.metadata,
        attributes=call.attributes,
        permission=call.permission,
    )
    return api.participant(granted(updated))


def update_subscriptions(rooms: Rooms, call: api.UpdateSubscriptions) -> Any:
    granted(rooms.subscribe(call.room, call.identity, call.track_sids, call.subscribe))
    return api.subscribed()


def send_data(rooms: Rooms, call: api.SendData) -> Any:
    if len(call.data) > MAX_DATA:
        raise TwirpError("invalid_argument", "data is too large")
    to = call.destination_identities, call.destination_sids
    granted(rooms.send_data(call.room, *to, call.reliable, api.user_packet(call)))
    return api.sent()


def update_room_metadata(rooms: Rooms, call: api.UpdateRoomMetadata) -> Any:
    _check_metadata(rooms, call.metadata)
    return api.one_room(granted(rooms.describe(call.room, call.metadata)))


def move_participant(rooms: Rooms, call: api.MoveParticipant) -> Any:
    _check_destination(call.room, call.destination)
    granted(rooms.move(call.room, call.identity, call.destination))
    return api.moved()


def forward_participant(rooms: Rooms, call: api.ForwardParticipant) -> Any:
    _check_destination(call.room, call.destination)
    granted(rooms.forward(call.room, call.identity, call.destination))
    return api.forwarded()


async def perform_rpc(rooms: Rooms, call: api.PerformRpc) -> Any:
    if not call.identity:
        raise TwirpError("invalid_argument", "destination identity is required")
    if len(call.method) > MAX_NAME:
        raise TwirpError("invalid_argument", "a method's name has at most 256 characters")
    timeout_ms = min(call.timeout_ms or RPC_MS, MOST_RPC_MS)
    outcome = await rooms.call(call.room, call.identity, call.method, call.payload, timeout_ms)
    if isinstance(outcome, Refusal):
        raise refused(outcome)
    if isinstance(outcome, Failed):
        data = f": {outcome.data}" if outcome.data else ""
        sentence = f"RpcError {outcome.code}: {outcome.message}{data}"
        raise TwirpError(RPC_ERRORS.get(outcome.code, "internal"), sentence)
    return api.answered(outcome)


def _may_create(claims: Claims, call: Any) -> bool:
    return claims.video.room_create


def _may_list(claims: Claims, call: Any) -> bool:
    return claims.video.room_list


def may_administer(claims: Claims, call: Any) -> bool:
    return claims.video.room_admin and claims.video.room == call.room


def _may_take_elsewhere(claims: Claims, call: Any) -> bool:
    return may_administer(claims, call) and claims.video.destination_room == call.destination


Method = tuple[Callable[[Claims, Any], bool], Callable[[Rooms, Any], Any]]

METHODS: dict[str, Method] = {
    "CreateRoom": (_may_create, create_room),
    "ListRooms": (_may_list, list_rooms),
    "DeleteRoom": (_may_create, delete_room),
    "ListParticipants": (may_administer, list_participants),
    "GetParticipant": (may_administer, get_participant),
    "RemoveParticipant": (may_administer, remove_participant),
    "MutePublishedTrack": (may_administer, mute_published_track),
    "UpdateParticipant": (may_administer, update_participant),
    "UpdateSubscriptions": (may_administer, update_subscriptions),
    "SendData": (may_administer, send_data),
    "UpdateRoomMetadata": (may_administer, update_room_metadata),
    "MoveParticipant": (_may_take_elsewhere, move_participant),
    "ForwardParticipant": (_may_take_elsewhere, forward_participant),
    "PerformRpc": (may_administer, perform_rpc),
}
"""A method is called with the type of call that `api.decode` makes of its name. What waits for somebody is awaited."""


def check_wanted(rooms: Rooms, wanted: AgentWanted) -> None:
    if len(wanted.agent_name) > MAX_NAME or len(wanted.deployment) > MAX_NAME:
        raise TwirpError("invalid_argument", "an agent's name and deployment have at most 256 characters")
    if not rooms.limits.allow("", wanted.metadata, wanted.attributes):
        raise TwirpError("invalid_argument", "metadata or attributes are too large")


def _check_destination(room: str, destination: str) -> None:
    if not destination or len(destination) > MAX_NAME:
        raise TwirpError("invalid_argument", "a room needs a name of at most 256 characters")
    if destination == room:
        raise TwirpError("invalid_argument", "destination room cannot be the same as source room")


def _check_metadata(rooms: Rooms, metadata: str) -> None:
    if not rooms.limits.allow("", metadata, {}):
        raise TwirpError("invalid_argument", "metadata is too large")


def granted(outcome: T | Refusal) -> T:
    if isinstance(outcome, Refusal):
        raise refused(outcome)
    return outcome
