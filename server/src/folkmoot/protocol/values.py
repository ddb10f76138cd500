"""The room as the wire tells it: tracks and participants, as frozen values. Numbers are the protocol's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Kind(IntEnum):
    AUDIO = 0
    VIDEO = 1


class ParticipantKind(IntEnum):
    """What it is, as its token says."""

    STANDARD = 0
    INGRESS = 1
    EGRESS = 2
    SIP = 3
    AGENT = 4
    CONNECTOR = 7
    BRIDGE = 8


class Source(IntEnum):
    UNKNOWN = 0
    CAMERA = 1
    MICROPHONE = 2
    SCREEN_SHARE = 3
    SCREEN_SHARE_AUDIO = 4

    @property
    def word(self) -> str:
        """As grants and the engine spell it."""
        return self.name.lower()


KINDS: Mapping[Source, Kind] = {
    Source.CAMERA: Kind.VIDEO,
    Source.MICROPHONE: Kind.AUDIO,
    Source.SCREEN_SHARE: Kind.VIDEO,
    Source.SCREEN_SHARE_AUDIO: Kind.AUDIO,
}
"""What a track of each source is."""


class State(IntEnum):
    JOINING = 0
    JOINED = 1
    ACTIVE = 2
    DISCONNECTED = 3


class Reason(IntEnum):
    """Why a participant is gone."""

    UNKNOWN = 0
    CLIENT_INITIATED = 1
    DUPLICATE_IDENTITY = 2
    SERVER_SHUTDOWN = 3
    PARTICIPANT_REMOVED = 4
    ROOM_DELETED = 5
    STATE_MISMATCH = 6
    JOIN_FAILURE = 7
    MIGRATION = 8
    SIGNAL_CLOSE = 9
    ROOM_CLOSED = 10
    CONNECTION_TIMEOUT = 14
    MEDIA_FAILURE = 15


class Action(IntEnum):
    """What a client does after it was told to leave."""

    DISCONNECT = 0
    RESUME = 1
    RECONNECT = 2


class Answered(IntEnum):
    """The outcome of a request that carries an id, or of one that can't be met."""

    OK = 0
    NOT_FOUND = 1
    NOT_ALLOWED = 2
    LIMIT_EXCEEDED = 3
    QUEUED = 4
    UNSUPPORTED_TYPE = 5
    UNCLASSIFIED_ERROR = 6
    INVALID_HANDLE = 7
    INVALID_NAME = 8
    DUPLICATE_HANDLE = 9
    DUPLICATE_NAME = 10
    INVALID_REQUEST = 11


class NotGiven(IntEnum):
    """Why somebody can't have a track."""

    CODEC_UNSUPPORTED = 1
    TRACK_NOT_FOUND = 2


SIMULCAST_POLICY = 1
"""Of a backup codec: who lacks the first gets it, nobody else (LiveKit's BackupCodecPolicy)."""


class LayerQuality(IntEnum):
    LOW = 0
    MEDIUM = 1
    HIGH = 2
    OFF = 3


class ConnectionQuality(IntEnum):
    POOR = 0
    GOOD = 1
    EXCELLENT = 2


@dataclass(frozen=True, slots=True)
class Layer:
    quality: int
    width: int = 0
    height: int = 0
    bitrate: int = 0
    spatial_layer: int = 0
    rid: str = ""


@dataclass(frozen=True, slots=True)
class CodecInfo:
    mime: str = ""
    mid: str = ""
    cid: str = ""
    layers: tuple[Layer, ...] = ()
    layer_mode: int = 0


@dataclass(frozen=True, slots=True)
class Track:
    sid: str
    kind: Kind
    source: Source
    name: str = ""
    muted: bool = False
    width: int = 0
    height: int = 0
    simulcast: bool = False
    layers: tuple[Layer, ...] = ()
    mime: str = ""
    mid: str = ""
    codecs: tuple[CodecInfo, ...] = ()
    stereo: bool = False
    disable_dtx: bool = False
    disable_red: bool = False
    encryption: int = 0
    stream: str = ""
    audio_features: tuple[int, ...] = ()
    backup_codec_policy: int = 0
    packet_trailer_features: tuple[int, ...] = ()
    changed_us: int = 0


@dataclass(frozen=True, slots=True)
class DataTrack:
    """Frames of data under a name. What they are encoded by is their publisher's to say, and passed on as it was said."""

    sid: str
    handle: int
    """Its publisher's number of it, which stands in each packet."""
    name: str
    encryption: int = 0
    encoding: bytes = b""
    schema: bytes = b""


@dataclass(frozen=True, slots=True)
class Permission:
    can_subscribe: bool = True
    can_publish: bool = True
    can_publish_data: bool = True
    can_publish_sources: frozenset[Source] = frozenset()
    """Empty: any."""
    can_update_metadata: bool = False
    hidden: bool = False
    recorder: bool = False
    agent: bool = False
    can_subscribe_metrics: bool = False

    def may_publish(self, source: Source, kind: Kind) -> bool:
        """Where only some sources are allowed, a track must be of what it says: a voice that calls itself a camera is none."""
        if not self.can_publish or not self.can_publish_sources:
            return self.can_publish
        return source in self.can_publish_sources and kind is KINDS.get(source)


@dataclass(frozen=True, slots=True)
class Participant:
    sid: str
    identity: str
    state: State
    name: str = ""
    metadata: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    permission: Permission = Permission()
    kind: int = 0
    joined_at_ms: int = 0
    version: int = 0
    tracks: tuple[Track, ...] = ()
    data_tracks: tuple[DataTrack, ...] = ()
    disconnect_reason: Reason = Reason.UNKNOWN
    forwarded: bool = False
    """It stands for one of another room."""
    client_protocol: int = 0
    capabilities: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AgentWanted:
    """A program that shall come to a room, by the name that its worker goes by; nameless: any that has none."""

    agent_name: str = ""
    metadata: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    deployment: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    sid: str
    name: str
    metadata: str = ""
    created_ms: int = 0
    empty_timeout: int = 300
    departure_timeout: int = 20
    max_participants: int = 0
    num_participants: int = 0
    num_publishers: int = 0
    active_recording: bool = False
