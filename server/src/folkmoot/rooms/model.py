"""The values and records of a live room."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from folkmoot.engine import ReceivingSection
from folkmoot.protocol import responses, values
from folkmoot.protocol.joining import Joining
from folkmoot.protocol.requests import AddTrack, Offer
from folkmoot.protocol.responses import Message
from folkmoot.protocol.tokens import Claims

MAX_PRIORITY = 255
MAX_PIXELS = 2**31
MAX_FPS = 1000
"""What the engine counts with."""


@dataclass(frozen=True, slots=True)
class Now:
    """The moment an input came at: `at` for deadlines, `day` for what people read."""

    at: float
    day: datetime

    @property
    def ms(self) -> int:
        return int(self.day.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Limits:
    join_timeout_s: float = 60
    signal_grace_s: float = 15
    """A participant whose media still flows may be without signal for so long."""
    media_grace_s: float = 15
    """And without media for so long while its signal is there."""
    dead_grace_s: float = 5
    """Without either."""
    offer_timeout_s: float = 15
    empty_timeout_s: int = 300
    departure_timeout_s: int = 20
    refresh_every_s: float = 300
    census_every_s: float = 5
    by_tcp_s: float = 300
    """Whom datagrams don't reach well is met by TCP for so long, also when it comes anew."""
    pending_tracks: int = 20
    queued_tracks: int = 3
    published_tracks: int = 40
    data_tracks: int = 100
    rooms: int = 20_000
    participants: int = 50_000
    """In all rooms together, as rooms are; those that come back are let in."""
    metadata_bytes: int = 512 * 1024
    attributes_bytes: int = 64 * 1024
    name_bytes: int = 256

    def allow(self, name: str, metadata: str, attributes: Mapping[str, str]) -> bool:
        """Everybody in the room is sent these, again and again."""
        size = sum(len(key.encode()) + len(value.encode()) for key, value in attributes.items())
        return (
            len(name.encode()) <= self.name_bytes
            and len(metadata.encode()) <= self.metadata_bytes
            and size <= self.attributes_bytes
        )


@dataclass(frozen=True, slots=True)
class Send:
    to: tuple[str, ...]
    """Sids: a message is one, however many it goes to."""
    message: Message


@dataclass(frozen=True, slots=True)
class Hangup:
    """Close that participant's signal once all before it is sent."""

    to: str


@dataclass(frozen=True, slots=True)
class RoomOpened:
    room: str
    info: values.Room
    agents: tuple[values.AgentWanted, ...] = ()
    """Whom its configuration calls to it."""


@dataclass(frozen=True, slots=True)
class RoomClosed:
    room: str
    info: values.Room


@dataclass(frozen=True, slots=True)
class ParticipantJoined:
    room: str
    info: values.Participant

    @property
    def identity(self) -> str:
        return self.info.identity


@dataclass(frozen=True, slots=True)
class ParticipantLeft:
    room: str
    info: values.Participant
    was_active: bool
    """Some leave before their media ever connected."""

    @property
    def identity(self) -> str:
        return self.info.identity

    @property
    def reason(self) -> values.Reason:
        return self.info.disconnect_reason


@dataclass(frozen=True, slots=True)
class TrackPublished:
    room: str
    info: values.Participant
    track: values.Track


@dataclass(frozen=True, slots=True)
class TrackUnpublished:
    room: str
    info: values.Participant
    track: values.Track


Event = RoomOpened | RoomClosed | ParticipantJoined | ParticipantLeft | TrackPublished | TrackUnpublished
Output = Send | Hangup | Event


@dataclass(frozen=True, slots=True)
class Terms:
    """On which somebody comes in, whatever their token says."""

    sources: Collection[str] | None = None
    """What they may send; None: what the token says."""
    begins_muted: bool = False
    """Their first microphone is, until they unmute it."""


ANY_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Backup:
    """A track's second section, in another codec."""

    cid: str
    section_track: str
    mid: str


@dataclass(slots=True)
class Published:
    info: values.Track
    cid: str
    section_track: str
    """The client's name of it in the session description; mostly, not always, the cid."""
    connection: int
    handle: int
    heard_of: bool = False
    """Somebody was subscribed once, and the publisher was told."""
    backup_mime: str = ""
    """What its publisher can send it in besides, for those who lack its codec; empty: nothing."""
    backup: Backup | None = None
    asked_layers: list[int] = field(default_factory=lambda: [2, -1])
    """The highest layer of each codec that the publisher was last told to send (dynacast); −1: none."""
    takers: list[list[int]] = field(default_factory=lambda: [[0, 0, 0], [0, 0, 0]])
    """How many take that layer of that codec and none above it."""

    @property
    def regresses(self) -> bool:
        """Where some need the backup all are sent it, and its publisher encodes once."""
        return self.info.backup_codec_policy != values.SIMULCAST_POLICY


@dataclass(slots=True)
class Subscription:
    track_sid: str
    publisher: str
    handle: int
    bound: bool = False
    enabled: bool = True
    max_layer: int = 2
    first: tuple[int, int, int] = (0, 0, 0)
    """Priority and pixels: what comes first where not all fits; and pictures a second."""
    in_backup: bool = False
    """Its client lacks the track's first codec."""
    paused: bool = False
    """The subscriber's path does not carry it for now."""
    carried: int = 2
    """The highest layer that the subscriber's path carries."""
    tallied: tuple[int, int] | None = None
    """Among which takers of its track it counts: codec and layer."""

    @property
    def takes(self) -> int:
        """The highest layer; −1: none."""
        return min(self.max_layer, self.carried) if self.enabled else -1


@dataclass(frozen=True, slots=True)
class Shown:
    """How a subscriber last said that it shows a track; kept, for it may come before the track does."""

    disabled: bool = False
    quality: int = 2
    width: int = 0
    height: int = 0
    fps: int = 0
    priority: int = 0
    """These two are for whoever shares out a path's bits; 0: not said."""
    first: tuple[int, int, int] = field(init=False, compare=False)
    """As the engine counts: priority, pixels, and pictures a second."""

    def __post_init__(self) -> None:
        pixels = min(self.width * self.height, MAX_PIXELS)
        object.__setattr__(self, "first", (min(self.priority, MAX_PRIORITY), pixels, min(self.fps, MAX_FPS)))


@dataclass(frozen=True, slots=True)
class TrackGrants:
    """Which of one publisher's tracks others may receive, by their identity or sid. None: all tracks."""

    allowed: Mapping[str, frozenset[str] | None]

    def allow(self, identity: str, sid: str, track: str) -> bool:
        for name in (identity, sid):
            if name in self.allowed:
                tracks = self.allowed[name]
                if tracks is None or track in tracks:
                    return True
        return False


def is_helper(kind: int, permission: values.Permission) -> bool:
    """It is there for the others, to record or to assist: it takes nobody's place and keeps no room open."""
    helps = kind in (values.ParticipantKind.EGRESS, values.ParticipantKind.AGENT)
    return helps or permission.recorder or permission.agent


@dataclass(slots=True)
class Participant:
    sid: str
    identity: str
    claims: Claims
    joining: Joining
    peer: int
    name: str
    metadata: str
    attributes: Mapping[str, str]
    permission: values.Permission
    joined_at_ms: int
    state: values.State = values.State.JOINING
    version: int = 0
    begins_muted: bool = False
    """The next microphone that it publishes is muted by the server."""
    announced: bool = False
    attached: bool = True
    """Its signal is connected."""
    connected: bool = False
    """Its primary media connection is."""

    # one connection that the client offers (v1), or two (v0)
    single: int | None = None
    publisher: int | None = None
    subscriber: int | None = None
    subscriber_primary: bool = False

    pending: dict[str, AddTrack] = field(default_factory=dict)
    pending_info: dict[str, values.Track] = field(default_factory=dict)
    queued: dict[str, list[AddTrack]] = field(default_factory=dict)
    preferred: dict[str, str] = field(default_factory=dict)
    sections: dict[str, ReceivingSection] = field(default_factory=dict)
    published: dict[str, Published] = field(default_factory=dict)

    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    wanted: dict[str, bool] = field(default_factory=dict)
    """Track sids that it asked for, or for none of, last; and none of those it turned out to have no codec for."""
    settings: dict[str, Shown] = field(default_factory=dict)
    audience: TrackGrants | None = None
    """Who may receive what of it; None: everybody everything."""

    data_tracks: dict[int, values.DataTrack] = field(default_factory=dict)
    """Those it publishes, by its own number of each."""
    data_wanted: dict[str, bool] = field(default_factory=dict)
    data_handles: dict[str, int] = field(default_factory=dict)
    """Of those it receives, by sid, its number of each."""
    last_data_handle: int = 0

    level: float = 0
    """How loud it speaks, as last told; 0 is silence."""
    quality: tuple[values.ConnectionQuality, float] | None = None
    missed: dict[str, Message] = field(default_factory=dict)
    """What is said to it on its return; the last word on a thing takes the place of those before."""
    origin: Participant | None = None
    """Whom it stands for, who is in another room."""
    cut_on_resume: tuple[float, bool] | None = None
    """Until when it wishes to lose its signal again when that is back; True: only once it was told all (a test hook)."""
    _encoded: tuple[tuple[int, values.State], bytes] | None = None

    asked_at: float = -1e9
    early_offer: Offer | None = None
    """The offer it joined with, whose answer waits a moment."""
    offer_id: int = 0
    outstanding: frozenset[str] | None = None
    """Track sids in the offer that awaits its answer (v0)."""

    @property
    def primary(self) -> int | None:
        if self.single is not None:
            return self.single
        return self.subscriber if self.subscriber_primary else self.publisher

    @property
    def receives_on(self) -> int | None:
        return self.single if self.single is not None else self.subscriber

    @property
    def active(self) -> bool:
        return self.state is values.State.ACTIVE

    @property
    def coming(self) -> bool:
        """Its media stands not yet: it has neither seen anything nor shown."""
        return self.state < values.State.ACTIVE

    @property
    def is_recorder(self) -> bool:
        return self.claims.kind == values.ParticipantKind.EGRESS or self.permission.recorder

    @property
    def is_helper(self) -> bool:
        return is_helper(self.claims.kind, self.permission)

    @property
    def may_be_given(self) -> bool:
        """Tracks may be negotiated with it. With one connection from its first offer on: their being in the answer saves it
        a second negotiation. With two only when the first is connected: SDKs drop what comes sooner."""
        return self.active or (self.single is not None and self.state is values.State.JOINED)

    def encoded(self) -> bytes:
        """`info` as it stands in a message; made once for each version."""
        of = (self.version, self.state)
        if self._encoded is None or self._encoded[0] != of:
            self._encoded = (of, responses.encoded(self.info()))
        return self._encoded[1]

    def info(self, reason: values.Reason = values.Reason.UNKNOWN) -> values.Participant:
        return values.Participant(
            sid=self.sid,
            identity=self.identity,
            state=self.state,
            name=self.name,
            metadata=self.metadata,
            attributes=self.attributes,
            permission=self.permission,
            kind=self.claims.kind,
            joined_at_ms=self.joined_at_ms,
            version=self.version,
            tracks=tuple(p.info for p in self.published.values()),
            data_tracks=tuple(self.data_tracks.values()),
            disconnect_reason=reason,
            forwarded=self.origin is not None,
            client_protocol=self.joining.client.client_protocol,
            capabilities=self.joining.client.capabilities,
        )


def with_sources(permission: values.Permission, words: Collection[str]) -> values.Permission:
    """No source at all: it may publish nothing. An empty set would mean that it may publish everything."""
    sources = frozenset(values.Source[word.upper()] for word in words)
    return replace(permission, can_publish=bool(sources), can_publish_sources=sources)
