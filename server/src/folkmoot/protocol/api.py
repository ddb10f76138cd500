"""The server API's messages, in protobuf and in JSON. What is read comes out as values; what is said goes in as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from livekit.protocol import models, room

from folkmoot.protocol import values
from folkmoot.protocol.requests import Malformed
from folkmoot.protocol.responses import PUBLISH_CODECS, participant_info, room_info, track_info

REQUESTS: Mapping[str, type[Message]] = {
    "CreateRoom": room.CreateRoomRequest,
    "ListRooms": room.ListRoomsRequest,
    "DeleteRoom": room.DeleteRoomRequest,
    "ListParticipants": room.ListParticipantsRequest,
    "GetParticipant": room.RoomParticipantIdentity,
    "RemoveParticipant": room.RoomParticipantIdentity,
    "MutePublishedTrack": room.MuteRoomTrackRequest,
    "UpdateParticipant": room.UpdateParticipantRequest,
    "UpdateSubscriptions": room.UpdateSubscriptionsRequest,
    "SendData": room.SendDataRequest,
    "UpdateRoomMetadata": room.UpdateRoomMetadataRequest,
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request of any method: only the fields of that method are set."""

    room: str = ""
    identity: str = ""
    names: tuple[str, ...] = ()
    metadata: str = ""
    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    permission: values.Permission | None = None
    empty_timeout: int = 0
    departure_timeout: int = 0
    max_participants: int = 0
    track_sids: tuple[str, ...] = ()
    muted: bool = False
    subscribe: bool = False
    data: bytes = b""
    reliable: bool = True
    destination_identities: tuple[str, ...] = ()
    destination_sids: tuple[str, ...] = ()
    topic: str = ""
    nonce: bytes = b""


def decode(method: str, body: bytes, *, as_json: bool) -> Call:
    kind: Any = REQUESTS[method]
    request = kind()
    try:
        if as_json:
            json_format.Parse(body or b"{}", request, ignore_unknown_fields=True)
        else:
            request.ParseFromString(body)
    except (DecodeError, json_format.ParseError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("the body is not a request of that method") from error
    return _CALLS[method](request)


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


def nothing(method: str) -> Message:
    made: Mapping[str, type[Message]] = {
        "DeleteRoom": room.DeleteRoomResponse,
        "RemoveParticipant": room.RemoveParticipantResponse,
        "UpdateSubscriptions": room.UpdateSubscriptionsResponse,
        "SendData": room.SendDataResponse,
    }
    return made[method]()


def user_packet(call: Call) -> bytes:
    """Data from the server itself: without a sender."""
    kind = models.DataPacket.Kind.RELIABLE if call.reliable else models.DataPacket.Kind.LOSSY
    user = models.UserPacket(payload=call.data, topic=call.topic or None, nonce=call.nonce)
    packet = models.DataPacket(kind=kind, destination_identities=call.destination_identities, user=user)
    return bytes(packet.SerializeToString())


def _create(r: Any) -> Call:
    return Call(
        room=r.name,
        metadata=r.metadata,
        empty_timeout=r.empty_timeout,
        departure_timeout=r.departure_timeout,
        max_participants=r.max_participants,
    )


def _update_participant(r: Any) -> Call:
    return Call(
        room=r.room,
        identity=r.identity,
        metadata=r.metadata,
        name=r.name,
        attributes=dict(r.attributes),
        permission=_permission(r.permission) if r.HasField("permission") else None,
    )


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


def _identity(r: Any) -> Call:
    return Call(room=r.room, identity=r.identity)


def _subscriptions(r: Any) -> Call:
    sids = [*r.track_sids, *(sid for tracks in r.participant_tracks for sid in tracks.track_sids)]
    return Call(room=r.room, identity=r.identity, track_sids=tuple(sids), subscribe=r.subscribe)


def _send_data(r: Any) -> Call:
    return Call(
        room=r.room,
        data=r.data,
        reliable=r.kind == models.DataPacket.Kind.RELIABLE,
        destination_identities=tuple(r.destination_identities),
        destination_sids=tuple(r.destination_sids),
        topic=r.topic,
        nonce=r.nonce,
    )


_CALLS: dict[str, Callable[[Any], Call]] = {
    "CreateRoom": _create,
    "ListRooms": lambda r: Call(names=tuple(r.names)),
    "DeleteRoom": lambda r: Call(room=r.room),
    "ListParticipants": lambda r: Call(room=r.room),
    "GetParticipant": _identity,
    "RemoveParticipant": _identity,
    "MutePublishedTrack": lambda r: Call(
        room=r.room, identity=r.identity, track_sids=(r.track_sid,), muted=r.muted
    ),
    "UpdateParticipant": _update_participant,
    "UpdateSubscriptions": _subscriptions,
    "SendData": _send_data,
    "UpdateRoomMetadata": lambda r: Call(room=r.room, metadata=r.metadata),
}
