"""What a client asks for, decoded: one frozen value a message. Law: decoding never trusts a length it did not check,
and what this version doesn't know becomes `Unknown`, never an error; what can't be decoded at all is `Malformed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError
from livekit.protocol import rtc

from folkmoot.protocol.values import CodecInfo, Kind, Layer, Source

MAX_FRAME = 1024 * 1024
"""The server's sockets take none larger; whoever decodes what didn't come through one isn't trusted more."""
MAX_LAYERS = 4
MAX_FEATURES = 16
MAX_ENCODING, MAX_SCHEMA = 32, 256


class Malformed(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Offer:
    sdp: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class AnswerTo:
    sdp: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class Trickle:
    candidate: str
    to_subscriber: bool = False


@dataclass(frozen=True, slots=True)
class AddTrack:
    cid: str
    kind: Kind
    source: Source
    name: str = ""
    muted: bool = False
    width: int = 0
    height: int = 0
    layers: tuple[Layer, ...] = ()
    codecs: tuple[CodecInfo, ...] = ()
    sid: str = ""
    stereo: bool = False
    disable_dtx: bool = False
    disable_red: bool = False
    encryption: int = 0
    stream: str = ""
    audio_features: tuple[int, ...] = ()
    backup_codec_policy: int = 0
    packet_trailer_features: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Mute:
    sid: str
    muted: bool


@dataclass(frozen=True, slots=True)
class Subscribe:
    track_sids: tuple[str, ...]
    subscribe: bool


@dataclass(frozen=True, slots=True)
class TrackSettings:
    track_sids: tuple[str, ...]
    disabled: bool = False
    quality: int = 0
    width: int = 0
    height: int = 0
    fps: int = 0
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Leave:
    pass


@dataclass(frozen=True, slots=True)
class Ping:
    """The old form: milliseconds of the client's clock."""

    timestamp: int


@dataclass(frozen=True, slots=True)
class PingRequest:
    timestamp: int
    rtt: int


@dataclass(frozen=True, slots=True)
class UpdateMetadata:
    request_id: int
    metadata: str = ""
    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UpdateAudioTrack:
    sid: str
    features: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UpdateVideoTrack:
    sid: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class TrackPermission:
    identity: str
    sid: str
    all_tracks: bool
    track_sids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubscriptionPermission:
    all_participants: bool
    permissions: tuple[TrackPermission, ...] = ()


@dataclass(frozen=True, slots=True)
class Simulate:
    scenario: str
    value: int = 1


@dataclass(frozen=True, slots=True)
class PublishDataTrack:
    handle: int
    name: str
    encryption: int = 0
    encoding: bytes = b""
    schema: bytes = b""
    well_described: bool = True
    """Encoding and schema, where it names any, are names."""
    body: bytes = b""
    """As it came: its client knows by nothing else what a refusal is of."""


@dataclass(frozen=True, slots=True)
class UnpublishDataTrack:
    handle: int
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class SubscribeData:
    """Data tracks by sid, and whether it wants each."""

    wishes: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class SyncState:
    published: tuple[str, ...] = ()
    """Sids of the tracks that the client believes it publishes."""
    subscription: Subscribe | None = None
    disabled: tuple[str, ...] = ()
    published_data: tuple[str, ...] = ()
    subscribed_data: SubscribeData = SubscribeData()


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Known to the protocol, not offered by this server. The client is told."""

    name: str
    request_id: int = 0


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing to do: deprecated, or newer than we are."""

    name: str = ""


Request = (
    Offer
    | AnswerTo
    | Trickle
    | AddTrack
    | Mute
    | Subscribe
    | TrackSettings
    | Leave
    | Ping
    | PingRequest
    | UpdateMetadata
    | UpdateAudioTrack
    | UpdateVideoTrack
    | SubscriptionPermission
    | Simulate
    | SyncState
    | PublishDataTrack
    | UnpublishDataTrack
    | SubscribeData
    | Unsupported
    | Unknown
)


def decode(frame: bytes | str) -> Request:
    """A binary frame is protobuf, a text frame protojson."""
    if len(frame) > MAX_FRAME:
        raise Malformed("frame too large")
    message = rtc.SignalRequest()
    try:
        if isinstance(frame, str):
            json_format.Parse(frame, message, ignore_unknown_fields=True)
        else:
            message.ParseFromString(frame)
    except (DecodeError, json_format.ParseError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("not a signal request") from error
    return _request(message)


def _request(message: Any) -> Request:
    name = message.WhichOneof("message")
    if name is None:
        return Unknown()
    body = getattr(message, name)
    match name:
        case "offer":
            return Offer(body.sdp, body.id)
        case "answer":
            return AnswerTo(body.sdp, body.id)
        case "trickle":
            return Trickle(body.candidateInit, body.target == rtc.SignalTarget.SUBSCRIBER)
        case "add_track":
            return add_track(body)
        case "mute":
            return Mute(body.sid, body.muted)
        case "subscription":
            return _subscribe(body)
        case "track_setting":
            return TrackSettings(
                tuple(body.track_sids),
                body.disabled,
                body.quality,
                body.width,
                body.height,
                body.fps,
                body.priority,
            )
        case "leave":
            return Leave()
        case "ping":
            return Ping(message.ping)
        case "ping_req":
            return PingRequest(body.timestamp, body.rtt)
        case "update_metadata":
            return UpdateMetadata(body.request_id, body.metadata, body.name, dict(body.attributes))
        case "update_audio_track":
            return UpdateAudioTrack(body.track_sid, tuple(body.features[:MAX_FEATURES]))
        case "update_video_track":
            return UpdateVideoTrack(body.track_sid, body.width, body.height)
        case "subscription_permission":
            return SubscriptionPermission(
                body.all_participants,
                tuple(
                    TrackPermission(
                        p.participant_identity, p.participant_sid, p.all_tracks, tuple(p.track_sids)
                    )
                    for p in body.track_permissions
                ),
            )
        case "simulate":
            return _simulate(body)
        case "sync_state":
            return sync_state(body)
        case "publish_data_track_request":
            return _publish_data(body)
        case "unpublish_data_track_request":
            return UnpublishDataTrack(body.pub_handle, body.SerializeToString())
        case "update_data_subscription":
            return _subscribe_data(body)
        case "store_data_blob_request" | "get_data_blob_request":
            return Unsupported(name, body.request_id)
    return Unknown(name)


def add_track(body: Any) -> AddTrack:
    return AddTrack(
        cid=body.cid,
        kind=Kind.VIDEO if body.type == Kind.VIDEO else Kind.AUDIO,
        source=_source(body.source),
        name=body.name,
        muted=body.muted,
        width=body.width,
        height=body.height,
        layers=_layers(body.layers),
        codecs=tuple(
            CodecInfo(mime=c.codec, cid=c.cid, layers=_layers(c.layers), layer_mode=c.video_layer_mode)
            for c in body.simulcast_codecs[:MAX_LAYERS]
        ),
        sid=body.sid,
        stereo=body.stereo,
        disable_dtx=body.disable_dtx,
        disable_red=body.disable_red,
        encryption=body.encryption,
        stream=body.stream,
        audio_features=tuple(body.audio_features[:MAX_FEATURES]),
        backup_codec_policy=body.backup_codec_policy,
        packet_trailer_features=tuple(body.packet_trailer_features[:MAX_FEATURES]),
    )


def sync_state(body: Any) -> SyncState:
    return SyncState(
        published=tuple(t.track.sid for t in body.publish_tracks),
        subscription=_subscribe(body.subscription) if body.HasField("subscription") else None,
        disabled=tuple(body.track_sids_disabled),
        published_data=tuple(t.info.sid for t in body.publish_data_tracks),
        subscribed_data=_subscribe_data(body.data_subscription),
    )


def _publish_data(body: Any) -> PublishDataTrack:
    encoded = body.HasField("frame_encoding")
    encoding, schema = body.frame_encoding, body.schema
    custom = encoding.custom if encoding.WhichOneof("value") == "custom" else "known"
    named = schema.name if body.HasField("schema") else "none"
    return PublishDataTrack(
        body.pub_handle,
        body.name,
        body.encryption,
        encoding.SerializeToString() if encoded else b"",
        schema.SerializeToString() if body.HasField("schema") else b"",
        0 < len(custom) <= MAX_ENCODING and 0 < len(named) <= MAX_SCHEMA,
        body.SerializeToString(),
    )


def _subscribe_data(body: Any) -> SubscribeData:
    return SubscribeData(tuple((update.track_sid, update.subscribe) for update in body.updates))


def _subscribe(body: Any) -> Subscribe:
    sids = [*body.track_sids, *(sid for tracks in body.participant_tracks for sid in tracks.track_sids)]
    return Subscribe(tuple(dict.fromkeys(sids)), body.subscribe)


def _simulate(body: Any) -> Request:
    name = body.WhichOneof("scenario")
    if name is None:
        return Unknown("simulate")
    return Simulate(name, int(getattr(body, name)))


def _source(number: int) -> Source:
    return Source(number) if 0 <= number <= max(Source) else Source.UNKNOWN


def _layers(layers: Any) -> tuple[Layer, ...]:
    """More than anybody sends are left out: what is published is told to the whole room."""
    return tuple(
        Layer(v.quality, v.width, v.height, v.bitrate, v.spatial_layer, v.rid[:16])
        for v in layers[:MAX_LAYERS]
    )
