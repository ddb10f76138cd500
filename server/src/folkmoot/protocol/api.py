"""The server API's messages, in protobuf and in JSON. What is read comes out as values; what is said goes in as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from livekit.protocol import agent_dispatch, models, room

from folkmoot.protocol import values
from folkmoot.protocol.requests import Malformed
from folkmoot.protocol.responses import PUBLISH_CODECS, participant_info, room_info, track_info


@dataclass(frozen=True, slots=True)
class CreateRoom:
    room: str
    metadata: str
    empty_timeout: int
    departure_timeout: int
    max_participants: int
    agents: tuple[values.AgentWanted, ...] = ()
    records: bool = False
    """It wishes to be recorded as soon as it opens."""


@dataclass(frozen=True, slots=True)
class ListRooms:
    names: tuple[str, ...]
    """None named: all."""


@dataclass(frozen=True, slots=True)
class DeleteRoom:
    room: str


@dataclass(frozen=True, slots=True)
class ListParticipants:
    room: str


@dataclass(frozen=True, slots=True)
class GetParticipant:
    room: str
    identity: str


@dataclass(frozen=True, slots=True)
class RemoveParticipant:
    room: str
    identity: str
    revoke_token_ts: int
    """Unix time; 0: tokens stay good."""


@dataclass(frozen=True, slots=True)
class MutePublishedTrack:
    room: str
    identity: str
    track_sid: str
    muted: bool


@dataclass(frozen=True, slots=True)
class UpdateParticipant:
    room: str
    identity: str
    metadata: str
    name: str
    attributes: Mapping[str, str]
    permission: values.Permission | None


@dataclass(frozen=True, slots=True)
class UpdateSubscriptions:
    room: str
    identity: str
    track_sids: tuple[str, ...]
    subscribe: bool


@dataclass(frozen=True, slots=True)
class SendData:
    room: str
    data: bytes
    reliable: bool
    destination_identities: tuple[str, ...]
    destination_sids: tuple[str, ...]
    topic: str
    nonce: bytes


@dataclass(frozen=True, slots=True)
class UpdateRoomMetadata:
    room: str
    metadata: str


@dataclass(frozen=True, slots=True)
class MoveParticipant:
    room: str
    identity: str
    destination: str


@dataclass(frozen=True, slots=True)
class ForwardParticipant:
    room: str
    identity: str
    destination: str


@dataclass(frozen=True, slots=True)
class PerformRpc:
    room: str
    identity: str
    method: str
    payload: str
    timeout_ms: int


@dataclass(frozen=True, slots=True)
class CreateDispatch:
    room: str
    wanted: values.AgentWanted


@dataclass(frozen=True, slots=True)
class DeleteDispatch:
    room: str
    dispatch: str


@dataclass(frozen=True, slots=True)
class ListDispatch:
    room: str
    dispatch: str
    """Empty: all of the room."""


Call = (
    CreateRoom
    | ListRooms
    | DeleteRoom
    | ListParticipants
    | GetParticipant
    | RemoveParticipant
    | MutePublishedTrack
    | UpdateParticipant
    | UpdateSubscriptions
    | SendData
    | UpdateRoomMetadata
    | MoveParticipant
    | ForwardParticipant
    | PerformRpc
    | CreateDispatch
    | DeleteDispatch
    | ListDispatch
)


def decode(method: str, body: bytes, *, as_json: bool) -> Call:
    kind, read = _CALLS[method]
    request: Any = kind()
    try:
        if as_json:
            json_format.Parse(body or b"{}", request, ignore_unknown_fields=True)
        else:
            request.ParseFromString(body)
    except (DecodeError, json_format.ParseError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("the body is not a request of that method") from error
    return read(request)


def encode(response: Message, *, as_json: bool) -> bytes:
    if as_json:
        # Also what is empty or zero: whoever reads it without a schema looks for it.
        text = json_format.MessageToJson(
            response,
            preserving_proto_field_name=True,
            indent=None,
            always_print_fields_with_no_presence=True,
        )
        return text.encode()
    return response.SerializeToString()


def rooms(listed: Iterable[values.Room]) -> Message:
    return room.ListRoomsResponse(rooms=[room_info(r, PUBLISH_CODECS) for r in listed])


def one_room(info: values.Room) -> Message:
    return room_info(info, PUBLISH_CODECS)


def participants(listed: Iterable[values.Participant]) -> Message:
    return room.ListParticipantsResponse(participants=[participant_info(p) for p in listed])


def participant(info: values.Participant) -> Message:
    return participant_info(info)


def muted(track: values.Track) -> Message:
    return room.MuteRoomTrackResponse(track=track_info(track))


def deleted() -> Message:
    return room.DeleteRoomResponse()


def removed() -> Message:
    return room.RemoveParticipantResponse()


def moved() -> Message:
    return room.MoveParticipantResponse()


def forwarded() -> Message:
    return room.ForwardParticipantResponse()


def subscribed() -> Message:
    return room.UpdateSubscriptionsResponse()


def sent() -> Message:
    return room.SendDataResponse()


def answered(payload: str) -> Message:
    return room.PerformRpcResponse(payload=payload)


def user_packet(call: SendData) -> bytes:
    """Data from the server itself: without a sender."""
    kind = models.DataPacket.Kind.RELIABLE if call.reliable else models.DataPacket.Kind.LOSSY
    user = models.UserPacket(payload=call.data, topic=call.topic or None, nonce=call.nonce)
    packet = models.DataPacket(kind=kind, destination_identities=call.destination_identities, user=user)
    return bytes(packet.SerializeToString())


def _create(r: Any) -> Call:
    return CreateRoom(
        r.name,
        r.metadata,
        r.empty_timeout,
        r.departure_timeout,
        r.max_participants,
        tuple(agent_wanted(a) for a in r.agents),
        r.HasField("egress"),
    )


def agent_wanted(a: Any) -> values.AgentWanted:
    return values.AgentWanted(a.agent_name, a.metadata, dict(a.attributes), a.deployment)


def _update_participant(r: Any) -> Call:
    permission = _permission(r.permission) if r.HasField("permission") else None
    return UpdateParticipant(r.room, r.identity, r.metadata, r.name, dict(r.attributes), permission)


def _permission(p: Any) -> values.Permission:
    known = {int(s) for s in values.Source}
    return values.Permission(
        can_subscribe=p.can_subscribe,
        can_publish=p.can_publish,
        can_publish_data=p.can_publish_data,
        can_publish_sources=frozenset(values.Source(s) for s in p.can_publish_sources if s in known),
        can_update_metadata=p.can_update_metadata,
        hidden=p.hidden,
        recorder=p.recorder,
        agent=p.agent,
        can_subscribe_metrics=p.can_subscribe_metrics,
    )


def _subscriptions(r: Any) -> Call:
    sids = [*r.track_sids, *(sid for tracks in r.participant_tracks for sid in tracks.track_sids)]
    return UpdateSubscriptions(r.room, r.identity, tuple(sids), r.subscribe)


def _send_data(r: Any) -> Call:
    return SendData(
        room=r.room,
        data=r.data,
        reliable=r.kind == models.DataPacket.Kind.RELIABLE,
        destination_identities=tuple(r.destination_identities),
        destination_sids=tuple(r.destination_sids),
        topic=r.topic,
        nonce=r.nonce,
    )


_CALLS: Mapping[str, tuple[type[Message], Callable[[Any], Call]]] = {
    "CreateRoom": (room.CreateRoomRequest, _create),
    "ListRooms": (room.ListRoomsRequest, lambda r: ListRooms(tuple(r.names))),
    "DeleteRoom": (room.DeleteRoomRequest, lambda r: DeleteRoom(r.room)),
    "ListParticipants": (room.ListParticipantsRequest, lambda r: ListParticipants(r.room)),
    "GetParticipant": (room.RoomParticipantIdentity, lambda r: GetParticipant(r.room, r.identity)),
    "RemoveParticipant": (
        room.RoomParticipantIdentity,
        lambda r: RemoveParticipant(r.room, r.identity, r.revoke_token_ts),
    ),
    "MutePublishedTrack": (
        room.MuteRoomTrackRequest,
        lambda r: MutePublishedTrack(r.room, r.identity, r.track_sid, r.muted),
    ),
    "UpdateParticipant": (room.UpdateParticipantRequest, _update_participant),
    "UpdateSubscriptions": (room.UpdateSubscriptionsRequest, _subscriptions),
    "SendData": (room.SendDataRequest, _send_data),
    "MoveParticipant": (
        room.MoveParticipantRequest,
        lambda r: MoveParticipant(r.room, r.identity, r.destination_room),
    ),
    "ForwardParticipant": (
        room.ForwardParticipantRequest,
        lambda r: ForwardParticipant(r.room, r.identity, r.destination_room),
    ),
    "PerformRpc": (
        room.PerformRpcRequest,
        lambda r: PerformRpc(r.room, r.destination_identity, r.method, r.payload, r.response_timeout_ms),
    ),
    "CreateDispatch": (
        agent_dispatch.CreateAgentDispatchRequest,
        lambda r: CreateDispatch(r.room, agent_wanted(r)),
    ),
    "DeleteDispatch": (
        agent_dispatch.DeleteAgentDispatchRequest,
        lambda r: DeleteDispatch(r.room, r.dispatch_id),
    ),
    "ListDispatch": (
        agent_dispatch.ListAgentDispatchRequest,
        lambda r: ListDispatch(r.room, r.dispatch_id),
    ),
    "UpdateRoomMetadata": (
        room.UpdateRoomMetadataRequest,
        lambda r: UpdateRoomMetadata(r.room, r.metadata),
    ),
}
