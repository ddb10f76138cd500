"""What the control plane may ask of a media engine.

Law: handles are the engine's; closing one closes all that hangs on it (room › peer › connection › track,
subscription), and closing a closed one is not an error. Bad input (a session description that can't be, an unknown
handle) is an `EngineError`, never a crash and never a change half made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Role = Literal["publisher", "subscriber", "single"]


class EngineError(Exception):
    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


class ReceivingSection(Protocol):
    """A media section on which the client sends to us."""

    @property
    def mid(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def track_id(self) -> str:
        """The client's own name of the track: the `cid` of its AddTrack."""
        ...

    @property
    def codecs(self) -> list[str]:
        """Mime types as answered, the preferred first."""
        ...

    @property
    def rids(self) -> list[str]: ...


class Answer(Protocol):
    @property
    def sdp(self) -> str: ...
    @property
    def mid_to_track(self) -> dict[str, str]:
        """Which of our tracks goes out on which section."""
        ...

    @property
    def receiving(self) -> Sequence[ReceivingSection]: ...
    @property
    def refused(self) -> list[str]:
        """Sids of our tracks that the client has no codec for: they don't go out until they are subscribed to anew."""
        ...

    @property
    def in_backup(self) -> list[str]:
        """Sids of all our tracks that go out in their backup codec, because the client lacks the first."""
        ...


class Accepted(Protocol):
    """What an answer of the client came to; sids, as in `Answer`."""

    @property
    def refused(self) -> list[str]: ...
    @property
    def in_backup(self) -> list[str]: ...


class Negotiation(Protocol):
    @property
    def needed(self) -> bool: ...
    @property
    def missing_audio(self) -> int: ...
    @property
    def missing_video(self) -> int: ...


class Engine(Protocol):
    def fileno(self) -> int:
        """Becomes readable when `drain` has something."""
        ...

    def drain(self) -> list[tuple[Any, ...]]: ...
    def close(self) -> None: ...
    def stats(self) -> dict[str, float]:
        """Of the `shards`, the threads that carry media, `shards_silent` stand still."""
        ...

    def open_room(self) -> int: ...
    def close_room(self, room: int) -> None: ...
    def open_peer(self, room: int, identity: str, sid: str, can_publish_data: bool) -> int: ...
    def last_message(self, peer: int) -> int:
        """Its own number of the last reliable message of it below which none is missing; 0: none, or it doesn't count them."""
        ...

    def set_away(self, peer: int, away: bool) -> None:
        """Its signal is cut, or is back. What it couldn't say meanwhile it says then; what it counted after that waits for it."""
        ...

    def set_can_publish_data(self, peer: int, allowed: bool) -> None: ...
    def move_peer(self, peer: int, room: int, sid: str) -> None:
        """To another room, where it goes by another sid. Its connections and tracks stay; what others receive of it, and it of
        others, is to be unsubscribed before."""
        ...

    def forward_peer(self, peer: int, room: int, forwarded: bool) -> None:
        """What it says is heard in that room, too. Its tracks can be subscribed to from everywhere."""
        ...

    def announce_muted(self, peer: int) -> None:
        """Its client learns of a track by its first packet, so muted tracks send it a few without content."""
        ...

    def limit_bandwidth(self, peer: int, bits: int | None = None) -> None:
        """Pictures sent to it are kept to so many bits a second, as if its path carried no more; None: to what it carries."""
        ...

    def carry_frames(self, publisher: int, track: int, receiver: int, number: int) -> None:
        """What the first peer sends on its data track of that number goes to the second, who knows it by `number`."""
        ...

    def drop_frames(self, publisher: int, track: int, receiver: int) -> None: ...
    def use_tcp(self, peer: int) -> None:
        """From its next negotiation on it is told of our TCP addresses alone; refused where there are none."""
        ...

    def close_peer(self, peer: int) -> None: ...
    def open_connection(self, peer: int, role: str) -> int: ...
    def close_connection(self, connection: int) -> None: ...

    def accept_offer(self, connection: int, sdp: str, preferred: dict[str, str]) -> Answer:
        """`preferred`: cid → mime type that its publisher asked for, with Opus's parameters (RFC 7587): `;stereo=1` for
        two channels, `;usedtx=1` to leave out silence. `audio/red` (RFC 2198) is Opus, each packet once more in the next."""
        ...

    def create_offer(self, connection: int) -> str:
        """While one awaits its answer, the same again."""
        ...

    def restart_ice(self, connection: int) -> None:
        """The next offer of ours restarts ICE; one that is out is void."""
        ...

    def accept_answer(self, connection: int, sdp: str) -> Accepted: ...
    def add_candidate(self, connection: int, candidate: str) -> None: ...

    def publish(
        self, connection: int, mid: str, track_sid: str, source: str, backup: str | None = None
    ) -> int:
        """`backup`: the mime type that it can be had in besides, for those who lack its codec."""
        ...

    def publish_backup(self, track: int, mid: str, regresses: bool) -> None:
        """It comes in its backup codec on this section of the same connection. `regresses`: all are sent that one while it
        comes."""
        ...

    def drop_backup(self, track: int) -> None: ...
    def unpublish(self, track: int) -> None: ...
    def set_muted(self, track: int, muted: bool) -> None: ...
    def never_replay(self, track: int) -> None:
        """Who comes to it begins with what comes then, whatever is remembered of it."""
        ...

    def subscribe(self, connection: int, track: int) -> int:
        """Takes effect at the next negotiation of that connection."""
        ...

    def unsubscribe(self, subscription: int) -> None: ...
    def configure_subscription(
        self,
        subscription: int,
        enabled: bool,
        max_layer: int,
        priority: int = 0,
        pixels: int = 0,
        fps: int = 0,
    ) -> None:
        """Where its path doesn't carry all, the greater priority (to 255) comes first, then what is shown on more pixels. No
        more pictures a second than `fps` are of use; 0: as many as there are."""
        ...

    def negotiation(self, connection: int) -> Negotiation: ...
    def send_data(self, room: int, to: list[int] | None, reliable: bool, data: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Connected:
    connection: int


@dataclass(frozen=True, slots=True)
class Disconnected:
    connection: int
    reason: str


@dataclass(frozen=True, slots=True)
class Speakers:
    """Changes only, including those who fell silent."""

    room: int
    changes: tuple[tuple[int, float, bool], ...]


@dataclass(frozen=True, slots=True)
class Quality:
    room: int
    changes: tuple[tuple[int, str, float], ...]


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The first packet of a subscription went out."""

    subscription: int


@dataclass(frozen=True, slots=True)
class Paused:
    """The path of a receiver does not carry this picture for now, or carries it again."""

    connection: int
    subscription: int
    paused: bool


@dataclass(frozen=True, slots=True)
class Carried:
    """Up to this layer the path of a receiver carries this picture; −1: not even the lowest. Less is said after a while."""

    connection: int
    subscription: int
    layer: int


@dataclass(frozen=True, slots=True)
class Policed:
    """Its client sends more than it may; what is too much is dropped. Told once a minute."""

    connection: int


@dataclass(frozen=True, slots=True)
class Said:
    """A peer answers the server: a packet addressed to an identity that begins with `SERVER`."""

    peer: int
    packet: bytes


SERVER = "server:"


@dataclass(frozen=True, slots=True)
class Died:
    """A shard is gone, and every connection on it: each was told of before as `Disconnected` by `ENGINE`."""

    shard: int
    reason: str


ENGINE = "engine"
"""Why a connection ended that was lost by a fault of ours."""

Event = Died | Connected | Disconnected | Speakers | Quality | Subscribed | Paused | Said | Policed | Carried


def read_event(raw: tuple[Any, ...]) -> Event | None:
    """`None`: an event of an engine newer than we are."""
    match raw:
        case ("connected", connection):
            return Connected(connection)
        case ("disconnected", connection, reason):
            return Disconnected(connection, reason)
        case ("speakers", room, changes):
            return Speakers(room, tuple((peer, level, active) for peer, level, active in changes))
        case ("quality", room, changes):
            return Quality(room, tuple((peer, quality, score) for peer, quality, score in changes))
        case ("died", shard, reason):
            return Died(shard, reason)
        case ("subscribed", subscription):
            return Subscribed(subscription)
        case ("paused", connection, subscription, paused):
            return Paused(connection, subscription, paused)
        case ("carried", connection, subscription, layer):
            return Carried(connection, subscription, layer)
        case ("policed", connection):
            return Policed(connection)
        case ("said", peer, packet):
            return Said(peer, packet)
    return None
