"""What the server says. A `Message` is built once and encoded once, however many people it goes to.

Law: session descriptions and candidates go out exactly as the engine wrote them: the Rust core of several SDKs panics
on an odd one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from google.protobuf import json_format
from livekit.protocol import models, rtc

from folkmoot.kit import frames
from folkmoot.protocol import values
from folkmoot.protocol.devices import Disabled

SERVER_VERSION = "1.13.5"
"""SDKs read it as the version of a LiveKit server and switch features by it; `0.15.1` and an empty one break them."""

PROTOCOL = 17
"""18 would make the Rust core expect data channels negotiated in advance."""

AGENT_PROTOCOL = 1

PING_INTERVAL_S, PING_TIMEOUT_S = 5, 15

PUBLISH_CODECS = ("video/VP8", "video/H264", "video/VP9", "video/AV1", "audio/opus")
NO_CODEC = Disabled()

UPDATE_TARGET = 128 * 1024
"""About so large is one update of many people at most."""


class Message:
    """Made of what it says, or of the bytes that say it where those are there already."""

    def __init__(self, response: rtc.SignalResponse | bytes) -> None:
        self._made_of = response

    @cached_property
    def binary(self) -> bytes:
        made_of = self._made_of
        return made_of if isinstance(made_of, bytes) else bytes(made_of.SerializeToString())

    @cached_property
    def text(self) -> str:
        return str(json_format.MessageToJson(self.wire, indent=None))

    @cached_property
    def frame(self) -> bytes:
        return frames.binary(self.binary)

    @cached_property
    def text_frame(self) -> bytes:
        return frames.text(self.text)

    @property
    def name(self) -> str:
        return str(self.wire.WhichOneof("message"))

    @cached_property
    def wire(self) -> rtc.SignalResponse:
        made_of = self._made_of
        return rtc.SignalResponse.FromString(made_of) if isinstance(made_of, bytes) else made_of


@dataclass(frozen=True, slots=True)
class IceServer:
    urls: tuple[str, ...]
    username: str = ""
    credential: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """What each client is told about this server."""

    node_id: str = "ND_folkmoot"
    region: str = ""
    ice_servers: tuple[IceServer, ...] = ()
    publish_codecs: Sequence[str] = field(default=PUBLISH_CODECS)


def join(
    server: Server,
    room: values.Room,
    participant: values.Participant,
    others: Iterable[bytes],
    *,
    subscriber_primary: bool,
    sif_trailer: bytes,
    disabled: Disabled = NO_CODEC,
) -> Message:
    """`others`: each as `encoded`."""
    told = rtc.JoinResponse(
        room=room_info(room, server.publish_codecs),
        participant=participant_info(participant),
        server_version=SERVER_VERSION,
        ice_servers=_ice_servers(server),
        subscriber_primary=subscriber_primary,
        server_region=server.region,
        ping_timeout=PING_TIMEOUT_S,
        ping_interval=PING_INTERVAL_S,
        server_info=server_info(server),
        sif_trailer=sif_trailer,
        enabled_publish_codecs=_codecs(disabled.allowed(server.publish_codecs)),
        client_configuration=_configuration(disabled),
        fast_publish=participant.permission.can_publish,
    )
    return Message(_field(JOIN, told.SerializeToString() + _repeated(JOIN_OTHERS, others)))


def reconnect(server: Server, last_message_seq: int, disabled: Disabled = NO_CODEC) -> Message:
    """`last_message_seq`: of its reliable messages the last that came; it sends again what it said after that."""
    return Message(
        rtc.SignalResponse(
            reconnect=rtc.ReconnectResponse(
                ice_servers=_ice_servers(server),
                server_info=server_info(server),
                last_message_seq=last_message_seq,
                client_configuration=_configuration(disabled),
            )
        )
    )


def _configuration(disabled: Disabled) -> models.ClientConfiguration:
    codecs = models.DisabledCodecs(codecs=_codecs(disabled.codecs), publish=_codecs(disabled.publish))
    return models.ClientConfiguration(disabled_codecs=codecs if disabled != NO_CODEC else None)


def _codecs(mimes: Iterable[str]) -> list[models.Codec]:
    return [models.Codec(mime=mime) for mime in mimes]


def answer(sdp: str, offer_id: int, mid_to_track: Mapping[str, str]) -> Message:
    description = rtc.SessionDescription(type="answer", sdp=sdp, id=offer_id, mid_to_track_id=mid_to_track)
    return Message(rtc.SignalResponse(answer=description))


def offer(sdp: str, offer_id: int) -> Message:
    return Message(rtc.SignalResponse(offer=rtc.SessionDescription(type="offer", sdp=sdp, id=offer_id)))


def updates(participants: Iterable[bytes]) -> list[Message]:
    """Each as `encoded`, in one message or, where they are many, in some."""
    told: list[Message] = []
    chunk: list[bytes] = []
    size = 0
    for info in participants:
        if chunk and size + len(info) > UPDATE_TARGET:
            told.append(Message(_field(UPDATE, _repeated(UPDATE_PARTICIPANTS, chunk))))
            chunk, size = [], 0
        chunk.append(info)
        size += len(info)
    if chunk:
        told.append(Message(_field(UPDATE, _repeated(UPDATE_PARTICIPANTS, chunk))))
    return told


def encoded(participant: values.Participant) -> bytes:
    """A participant as it stands in messages, behind the tag that each of them has for it."""
    info = participant_info(participant).SerializeToString()
    return _varint(len(info)) + bytes(info)


def room_update(room: values.Room) -> Message:
    return Message(rtc.SignalResponse(room_update=rtc.RoomUpdate(room=room_info(room, PUBLISH_CODECS))))


def room_moved(
    room: values.Room, token: str, participant: values.Participant, others: Iterable[values.Participant]
) -> Message:
    """It is in another room now, as that participant; the token opens it again."""
    moved = rtc.RoomMovedResponse(
        room=room_info(room, PUBLISH_CODECS),
        token=token,
        participant=participant_info(participant),
        other_participants=[participant_info(other) for other in others],
    )
    return Message(rtc.SignalResponse(room_moved=moved))


def track_published(cid: str, track: values.Track) -> Message:
    return Message(
        rtc.SignalResponse(track_published=rtc.TrackPublishedResponse(cid=cid, track=track_info(track)))
    )


def track_unpublished(sid: str) -> Message:
    return Message(rtc.SignalResponse(track_unpublished=rtc.TrackUnpublishedResponse(track_sid=sid)))


def track_subscribed(sid: str) -> Message:
    return Message(rtc.SignalResponse(track_subscribed=rtc.TrackSubscribed(track_sid=sid)))


def subscription_error(sid: str, why: values.NotGiven) -> Message:
    return Message(
        rtc.SignalResponse(subscription_response=rtc.SubscriptionResponse(track_sid=sid, err=_number(why)))
    )


def subscription_permission(participant_sid: str, track_sid: str, allowed: bool) -> Message:
    return Message(
        rtc.SignalResponse(
            subscription_permission_update=rtc.SubscriptionPermissionUpdate(
                participant_sid=participant_sid, track_sid=track_sid, allowed=allowed
            )
        )
    )


def stream_states(tracks: Iterable[tuple[str, str, bool]]) -> Message:
    """(participant sid, track sid, paused): pictures that wait for a path that carries them, or come again."""
    return Message(
        rtc.SignalResponse(
            stream_state_update=rtc.StreamStateUpdate(
                stream_states=[
                    rtc.StreamStateInfo(
                        participant_sid=owner,
                        track_sid=sid,
                        state=rtc.StreamState.PAUSED if paused else rtc.StreamState.ACTIVE,
                    )
                    for owner, sid, paused in tracks
                ]
            )
        )
    )


def mute(sid: str, muted: bool) -> Message:
    return Message(rtc.SignalResponse(mute=rtc.MuteTrackRequest(sid=sid, muted=muted)))


def leave(reason: values.Reason, action: values.Action = values.Action.DISCONNECT) -> Message:
    return Message(
        rtc.SignalResponse(
            leave=rtc.LeaveRequest(
                reason=_number(reason),
                action=_number(action),
                can_reconnect=action is not values.Action.DISCONNECT,
            )
        )
    )


def media_sections(audio: int, video: int) -> Message:
    """`0, 0` is a legal nudge: offer again."""
    requirement = rtc.MediaSectionsRequirement(num_audios=audio, num_videos=video)
    return Message(rtc.SignalResponse(media_sections_requirement=requirement))


def speakers(changes: Iterable[tuple[str, float, bool]]) -> Message:
    infos = [models.SpeakerInfo(sid=sid, level=level, active=active) for sid, level, active in changes]
    return Message(rtc.SignalResponse(speakers_changed=rtc.SpeakersChanged(speakers=infos)))


def connection_quality(changes: Iterable[tuple[str, values.ConnectionQuality, float]]) -> Message:
    infos = [
        rtc.ConnectionQualityInfo(participant_sid=sid, quality=_number(quality), score=score)
        for sid, quality, score in changes
    ]
    return Message(rtc.SignalResponse(connection_quality=rtc.ConnectionQualityUpdate(updates=infos)))


def subscribed_quality(sid: str, codecs: Sequence[tuple[str, int]]) -> Message:
    """Dynacast: which layers of which codec anybody wants; the highest is −1 when nobody wants any. Clients that know of one
    codec read of the first alone."""
    wanted = [rtc.SubscribedCodec(codec=codec, qualities=_qualities(highest)) for codec, highest in codecs]
    return Message(
        rtc.SignalResponse(
            subscribed_quality_update=rtc.SubscribedQualityUpdate(
                track_sid=sid, subscribed_qualities=_qualities(codecs[0][1]), subscribed_codecs=wanted
            )
        )
    )


def _qualities(highest: int) -> list[rtc.SubscribedQuality]:
    return [
        rtc.SubscribedQuality(quality=_number(q), enabled=q <= highest)
        for q in (values.LayerQuality.LOW, values.LayerQuality.MEDIUM, values.LayerQuality.HIGH)
    ]


def refresh_token(token: str) -> Message:
    return Message(rtc.SignalResponse(refresh_token=token))


def pong(timestamp: int) -> Message:
    return Message(rtc.SignalResponse(pong=timestamp))


def pong_response(last_ping_timestamp: int, now_ms: int) -> Message:
    return Message(
        rtc.SignalResponse(pong_resp=rtc.Pong(last_ping_timestamp=last_ping_timestamp, timestamp=now_ms))
    )


def answered(outcome: values.Answered, request_id: int = 0, message: str = "") -> Message:
    return Message(
        rtc.SignalResponse(
            request_response=rtc.RequestResponse(
                request_id=request_id,
                reason=_number(outcome),
                message=message,
            )
        )
    )


def unsupported(name: str, request_id: int) -> Message:
    """What is asked of a server that has it not."""
    return answered(values.Answered.UNSUPPORTED_TYPE, request_id, name)


def data_track_published(track: values.DataTrack) -> Message:
    response = rtc.PublishDataTrackResponse(info=data_track_info(track))
    return Message(rtc.SignalResponse(publish_data_track_response=response))


def data_track_unpublished(track: values.DataTrack) -> Message:
    response = rtc.UnpublishDataTrackResponse(info=data_track_info(track))
    return Message(rtc.SignalResponse(unpublish_data_track_response=response))


def data_track_not_published(outcome: values.Answered, message: str, request: bytes) -> Message:
    """Its client waits until its own request comes back."""
    response = rtc.RequestResponse(reason=_number(outcome), message=message)
    response.publish_data_track.ParseFromString(request)
    return Message(rtc.SignalResponse(request_response=response))


def data_track_not_unpublished(request: bytes) -> Message:
    response = rtc.RequestResponse(reason=_number(values.Answered.NOT_FOUND))
    response.unpublish_data_track.ParseFromString(request)
    return Message(rtc.SignalResponse(request_response=response))


def data_track_handles(handles: Mapping[int, tuple[str, str, str]]) -> Message:
    """By the receiver's own numbers: identity and sid of the publisher, and the track's. All that it has, each time."""
    told = rtc.DataTrackSubscriberHandles()
    for handle, (identity, sid, track) in handles.items():
        about = told.sub_handles[handle]
        about.publisher_identity, about.publisher_sid, about.track_sid = identity, sid, track
    return Message(rtc.SignalResponse(data_track_subscriber_handles=told))


def add_track_answered(outcome: values.Answered, cid: str, message: str) -> Message:
    """SDKs match this one by the request inside it, for AddTrack has no id."""
    response = rtc.RequestResponse(
        reason=_number(outcome), message=message, add_track=rtc.AddTrackRequest(cid=cid)
    )
    return Message(rtc.SignalResponse(request_response=response))


def room_info(room: values.Room, codecs: Sequence[str]) -> models.Room:
    return models.Room(
        sid=room.sid,
        name=room.name,
        metadata=room.metadata,
        empty_timeout=room.empty_timeout,
        departure_timeout=room.departure_timeout,
        max_participants=room.max_participants,
        creation_time=room.created_ms // 1000,
        creation_time_ms=room.created_ms,
        num_participants=room.num_participants,
        num_publishers=room.num_publishers,
        active_recording=room.active_recording,
        enabled_codecs=[models.Codec(mime=mime) for mime in codecs],
    )


def participant_info(p: values.Participant) -> models.ParticipantInfo:
    return models.ParticipantInfo(
        sid=p.sid,
        identity=p.identity,
        name=p.name,
        metadata=p.metadata,
        attributes=p.attributes,
        state=_number(p.state),
        permission=permission_info(p.permission),
        kind=_number(p.kind),
        joined_at=p.joined_at_ms // 1000,
        joined_at_ms=p.joined_at_ms,
        version=p.version,
        is_publisher=bool(p.tracks or p.data_tracks),
        tracks=[track_info(t) for t in p.tracks],
        data_tracks=[data_track_info(t) for t in p.data_tracks],
        disconnect_reason=_number(p.disconnect_reason),
        kind_details=[models.ParticipantInfo.FORWARDED] if p.forwarded else [],
        client_protocol=p.client_protocol,
        capabilities=[_number(c) for c in p.capabilities],
    )


def data_track_info(t: values.DataTrack) -> models.DataTrackInfo:
    info = models.DataTrackInfo(pub_handle=t.handle, sid=t.sid, name=t.name, encryption=_number(t.encryption))
    if t.encoding:
        info.frame_encoding.ParseFromString(t.encoding)
    if t.schema:
        info.schema.ParseFromString(t.schema)
    return info


def permission_info(p: values.Permission) -> models.ParticipantPermission:
    return models.ParticipantPermission(
        can_subscribe=p.can_subscribe,
        can_publish=p.can_publish,
        can_publish_data=p.can_publish_data,
        can_publish_sources=[_number(s) for s in sorted(p.can_publish_sources)],
        can_update_metadata=p.can_update_metadata,
        hidden=p.hidden,
        recorder=p.recorder,
        agent=p.agent,
        can_subscribe_metrics=p.can_subscribe_metrics,
    )


def track_info(t: values.Track) -> models.TrackInfo:
    info = models.TrackInfo(
        sid=t.sid,
        type=_number(t.kind),
        source=_number(t.source),
        name=t.name,
        muted=t.muted,
        width=t.width,
        height=t.height,
        simulcast=t.simulcast,
        layers=[_layer(v) for v in t.layers],
        mime_type=t.mime,
        mid=t.mid,
        stereo=t.stereo,
        disable_dtx=t.disable_dtx,
        disable_red=t.disable_red,
        stream=t.stream,
        audio_features=[_number(f) for f in t.audio_features],
        backup_codec_policy=_number(t.backup_codec_policy),
        packet_trailer_features=[_number(f) for f in t.packet_trailer_features],
        codecs=[
            models.SimulcastCodecInfo(
                mime_type=c.mime,
                mid=c.mid,
                cid=c.cid,
                layers=[_layer(v) for v in c.layers],
                video_layer_mode=_number(c.layer_mode),
            )
            for c in t.codecs
        ],
    )
    info.encryption = _number(t.encryption)
    if t.changed_us:
        info.version.unix_micro = t.changed_us
    return info


def _tag(message: Any, field: str) -> bytes:
    return bytes([message.DESCRIPTOR.fields_by_name[field].number << 3 | 2])


JOIN, UPDATE = _tag(rtc.SignalResponse, "join"), _tag(rtc.SignalResponse, "update")
JOIN_OTHERS = _tag(rtc.JoinResponse, "other_participants")
UPDATE_PARTICIPANTS = _tag(rtc.ParticipantUpdate, "participants")
"""Fields that hold a message begin with one of these, then its length (protobuf's encoding, "length-delimited")."""


def _field(tag: bytes, message: bytes) -> bytes:
    return tag + _varint(len(message)) + message


def _repeated(tag: bytes, delimited: Iterable[bytes]) -> bytes:
    return b"".join(tag + each for each in delimited)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _layer(v: values.Layer) -> models.VideoLayer:
    return models.VideoLayer(
        quality=_number(v.quality),
        width=v.width,
        height=v.height,
        bitrate=v.bitrate,
        spatial_layer=v.spatial_layer,
        rid=v.rid,
    )


def _ice_servers(server: Server) -> list[rtc.ICEServer]:
    return [
        rtc.ICEServer(urls=s.urls, username=s.username, credential=s.credential) for s in server.ice_servers
    ]


def server_info(server: Server) -> models.ServerInfo:
    return models.ServerInfo(
        edition=models.ServerInfo.Edition.Standard,
        version=SERVER_VERSION,
        protocol=PROTOCOL,
        agent_protocol=AGENT_PROTOCOL,
        region=server.region,
        node_id=server.node_id,
    )


def _number(number: int) -> Any:
    """An enum's number as the generated classes take it: those newer than our copy pass through too."""
    return int(number)
