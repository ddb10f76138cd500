"""An engine of pure Python for tests: deterministic, no sockets, no media. It keeps the port's contract on handles and
on negotiation (which sections carry what, what is missing), records every call, and emits what a test tells it to.

It reads just enough of a session description to do so: m-lines, mid, direction, msid, rid, rtpmap. A section without
rtpmap takes every codec; which sections of an answer carry which track it doesn't know, so there the codecs of all sections
of a kind count.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from folkmoot.engine.port import ENGINE, EngineError


@dataclass(frozen=True, slots=True)
class FakeReceiving:
    mid: str
    kind: str
    track_id: str
    codecs: list[str]
    rids: list[str]


@dataclass(frozen=True, slots=True)
class FakeAnswer:
    sdp: str
    mid_to_track: dict[str, str]
    receiving: list[FakeReceiving]
    refused: list[str]
    in_backup: list[str]


@dataclass(frozen=True, slots=True)
class FakeAccepted:
    refused: list[str]
    in_backup: list[str]


@dataclass(frozen=True, slots=True)
class FakeNegotiation:
    needed: bool
    missing_audio: int
    missing_video: int


@dataclass(slots=True)
class _Section:
    mid: str
    kind: str
    direction: str = "sendrecv"
    track_id: str = ""
    codecs: list[str] = field(default_factory=list)
    rids: list[str] = field(default_factory=list)

    def takes(self, track: _Track) -> bool:
        return self.kind == track.kind and any(self.knows(codec) for codec in (track.codec, track.backup))

    def knows(self, codec: str) -> bool:
        return bool(codec) and (not self.codecs or codec.lower() in map(str.lower, self.codecs))


@dataclass(slots=True)
class _Connection:
    peer: int
    role: str
    placed: dict[str, int] = field(default_factory=dict)
    """mid → subscription that goes out there."""
    settled: set[int] = field(default_factory=set)
    """Subscriptions that the far end knows of."""
    next_mid: int = 0
    refused: set[int] = field(default_factory=set)
    """Subscriptions that the far end has no codec for."""
    offering: set[int] | None = None


@dataclass(slots=True)
class _Track:
    connection: int
    mid: str
    sid: str
    kind: str
    codec: str
    backup: str = ""
    backup_mid: str = ""


class FakeEngine:
    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.closed = False
        self.has_tcp = True
        self.runs = True
        """Its thread, if it had one."""
        self.heard: dict[int, int] = {}
        """Of a peer its last reliable message."""
        self.frames: dict[tuple[int, int, int], int] = {}
        """Of data tracks: publisher, its number, receiver → the receiver's number."""
        self._handles = itertools.count(1)
        self._names = itertools.count(1)
        self._rooms: set[int] = set()
        self._peers: dict[int, int] = {}
        self._connections: dict[int, _Connection] = {}
        self._tracks: dict[int, _Track] = {}
        self._subscriptions: dict[int, tuple[int, int]] = {}
        self._sections: dict[tuple[int, str], _Section] = {}
        self._recvonly: dict[tuple[int, str], _Section] = {}
        self._events: list[tuple[Any, ...]] = []
        self._wake = os.eventfd(0, os.EFD_NONBLOCK)

    # --- for tests ------------------------------------------------------------------------------------------------

    def emit(self, *event: Any) -> None:
        self._events.append(event)
        os.eventfd_write(self._wake, 1)

    def die(self, *rooms: int) -> None:
        """The shard of these rooms; without any, that of all."""
        for connection, known in list(self._connections.items()):
            if not rooms or self._peers[known.peer] in rooms:
                self._drop_connection(connection)
                self.emit("disconnected", connection, ENGINE)
        self.emit("died", 0, "a fault of ours")

    def counts(self) -> dict[str, int]:
        """What there is."""
        return {
            "rooms": len(self._rooms),
            "peers": len(self._peers),
            "connections": len(self._connections),
            "tracks": len(self._tracks),
            "subscriptions": len(self._subscriptions),
        }

    def called(self, name: str) -> list[tuple[Any, ...]]:
        return [call[1:] for call in self.calls if call[0] == name]

    def peer_of(self, connection: int) -> int:
        return self._connections[connection].peer

    # --- the port -------------------------------------------------------------------------------------------------

    def fileno(self) -> int:
        return self._wake

    def drain(self) -> list[tuple[Any, ...]]:
        try:
            os.eventfd_read(self._wake)
        except BlockingIOError:
            pass
        events, self._events = self._events, []
        return events

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            os.close(self._wake)

    def stats(self) -> dict[str, float]:
        return {**self.counts(), "shards": 1, "shards_silent": 0 if self.runs else 1}

    def open_room(self) -> int:
        room = self._record("open_room")
        self._rooms.add(room)
        return room

    def close_room(self, room: int) -> None:
        self.calls.append(("close_room", room))
        self._rooms.discard(room)
        for peer in [p for p, r in self._peers.items() if r == room]:
            self._drop_peer(peer)

    def open_peer(self, room: int, identity: str, sid: str, can_publish_data: bool) -> int:
        if room not in self._rooms:
            raise EngineError("unknown_room")
        peer = self._record("open_peer", room, identity, sid, can_publish_data)
        self._peers[peer] = room
        return peer

    def last_message(self, peer: int) -> int:
        if peer not in self._peers:
            raise EngineError("unknown_peer")
        return self.heard.get(peer, 0)

    def set_away(self, peer: int, away: bool) -> None:
        if peer not in self._peers:
            raise EngineError("unknown_peer")
        self.calls.append(("set_away", peer, away))

    def set_can_publish_data(self, peer: int, allowed: bool) -> None:
        self.calls.append(("set_can_publish_data", peer, allowed))

    def move_peer(self, peer: int, room: int, sid: str) -> None:
        if peer not in self._peers or room not in self._rooms:
            raise EngineError("unknown_peer")
        self.calls.append(("move_peer", peer, room, sid))
        self._peers[peer] = room

    def forward_peer(self, peer: int, room: int, forwarded: bool) -> None:
        if peer not in self._peers or (forwarded and room not in self._rooms):
            raise EngineError("unknown_peer")
        self.calls.append(("forward_peer", peer, room, forwarded))

    def announce_muted(self, peer: int) -> None:
        if peer not in self._peers:
            raise EngineError("unknown_peer")
        self.calls.append(("announce_muted", peer))

    def limit_bandwidth(self, peer: int, bits: int | None = None) -> None:
        if peer not in self._peers:
            raise EngineError("unknown_peer")
        self.calls.append(("limit_bandwidth", peer, bits))

    def carry_frames(self, publisher: int, track: int, receiver: int, number: int) -> None:
        if not {publisher, receiver} <= self._peers.keys():
            raise EngineError("unknown_peer")
        self.frames[publisher, track, receiver] = number

    def drop_frames(self, publisher: int, track: int, receiver: int) -> None:
        self.frames.pop((publisher, track, receiver), None)

    def use_tcp(self, peer: int) -> None:
        if peer not in self._peers:
            raise EngineError("unknown_peer")
        if not self.has_tcp:
            raise EngineError("engine.no_tcp")
        self.calls.append(("use_tcp", peer))

    def close_peer(self, peer: int) -> None:
        self.calls.append(("close_peer", peer))
        self._drop_peer(peer)

    def open_connection(self, peer: int, role: str) -> int:
        if peer not in self._peers:
            raise EngineError("unknown_peer")
        connection = self._record("open_connection", peer, role)
        self._connections[connection] = _Connection(peer, role)
        return connection

    def close_connection(self, connection: int) -> None:
        self.calls.append(("close_connection", connection))
        self._drop_connection(connection)

    def accept_offer(self, connection: int, sdp: str, preferred: dict[str, str]) -> FakeAnswer:
        known = self._connection(connection)
        if known.role == "subscriber":
            raise EngineError("wrong_role")
        sections = _parse(sdp)
        self.calls.append(("accept_offer", connection, dict(preferred)))
        media = [s for s in sections if s.kind in ("audio", "video")]
        for section in media:
            self._sections[connection, section.mid] = section
        refused = self._place(connection, known, media) if known.role == "single" else []
        receiving = [
            FakeReceiving(s.mid, s.kind, s.track_id, s.codecs or [_default(s.kind)], s.rids)
            for s in media
            if s.direction in ("sendonly", "sendrecv") and s.track_id
        ]
        placed = {m: self._tracks[self._subscriptions[s][1]].sid for m, s in known.placed.items()}
        text = f"v=0\r\ns=answer {len(sections)}\r\na=ice-ufrag:{next(self._names)}\r\na=ice-pwd:word\r\n"
        return FakeAnswer(text, placed, receiving, refused, self._in_backup(known.placed.values(), media))

    def create_offer(self, connection: int) -> str:
        known = self._connection(connection)
        if known.role != "subscriber":
            raise EngineError("wrong_role")
        self.calls.append(("create_offer", connection))
        if known.offering is None:
            known.offering = self._wanted(connection, known)
        return f"v=0\r\ns=offer {len(known.offering)}\r\n"

    def restart_ice(self, connection: int) -> None:
        known = self._connection(connection)
        if known.role != "subscriber":
            raise EngineError("wrong_role")
        self.calls.append(("restart_ice", connection))
        known.offering = None

    def accept_answer(self, connection: int, sdp: str) -> FakeAccepted:
        known = self._connection(connection)
        sections = _parse(sdp)
        if known.offering is None:
            raise EngineError("unexpected_answer")
        self.calls.append(("accept_answer", connection))
        known.settled, known.offering = known.offering, None
        refused = self._refuse(known, sorted(known.settled & self._wanted(connection, known)), sections)
        return FakeAccepted(refused, self._in_backup(self._wanted(connection, known), sections))

    def add_candidate(self, connection: int, candidate: str) -> None:
        self._connection(connection)
        self.calls.append(("add_candidate", connection, candidate))

    def publish(
        self, connection: int, mid: str, track_sid: str, source: str, backup: str | None = None
    ) -> int:
        section = self._sections.get((connection, mid))
        if section is None:
            raise EngineError("unknown_section")
        track = self._record("publish", connection, mid, track_sid, source)
        codec = (section.codecs or [_default(section.kind)])[0]
        self._tracks[track] = _Track(connection, mid, track_sid, section.kind, codec, backup or "")
        return track

    def publish_backup(self, track: int, mid: str, regresses: bool) -> None:
        known = self._tracks.get(track)
        if known is None or (known.connection, mid) not in self._sections:
            raise EngineError("unknown_section")
        self.calls.append(("publish_backup", track, mid, regresses))
        known.backup_mid = mid

    def drop_backup(self, track: int) -> None:
        if track not in self._tracks:
            raise EngineError("unknown_track")
        self.calls.append(("drop_backup", track))
        self._tracks[track].backup_mid = ""

    def unpublish(self, track: int) -> None:
        self.calls.append(("unpublish", track))
        self._drop_track(track)

    def set_muted(self, track: int, muted: bool) -> None:
        self.calls.append(("set_muted", track, muted))

    def never_replay(self, track: int) -> None:
        self.calls.append(("never_replay", track))

    def subscribe(self, connection: int, track: int) -> int:
        self._connection(connection)
        if track not in self._tracks:
            raise EngineError("unknown_track")
        subscription = self._record("subscribe", connection, track)
        self._subscriptions[subscription] = (connection, track)
        return subscription

    def unsubscribe(self, subscription: int) -> None:
        self.calls.append(("unsubscribe", subscription))
        self._drop_subscription(subscription)

    def configure_subscription(
        self,
        subscription: int,
        enabled: bool,
        max_layer: int,
        priority: int = 0,
        pixels: int = 0,
        fps: int = 0,
    ) -> None:
        self.calls.append(("configure_subscription", subscription, enabled, max_layer, priority, pixels, fps))

    def negotiation(self, connection: int) -> FakeNegotiation:
        known = self._connection(connection)
        wanted = self._wanted(connection, known)
        if known.role == "single":
            waiting = wanted - set(known.placed.values())
            free = self._free(connection, known)
            kinds = [self._tracks[self._subscriptions[s][1]].kind for s in waiting]
            return FakeNegotiation(
                bool(waiting) or bool(known.settled - wanted),
                max(0, kinds.count("audio") - free.count("audio")),
                max(0, kinds.count("video") - free.count("video")),
            )
        return FakeNegotiation(known.offering is None and wanted != known.settled, 0, 0)

    def send_data(self, room: int, to: list[int] | None, reliable: bool, data: bytes) -> None:
        self.calls.append(("send_data", room, to, reliable, data))

    # --- inside ---------------------------------------------------------------------------------------------------

    def _record(self, name: str, *args: Any) -> int:
        handle = next(self._handles)
        self.calls.append((name, *args))
        return handle

    def _connection(self, connection: int) -> _Connection:
        try:
            return self._connections[connection]
        except KeyError:
            raise EngineError("unknown_connection") from None

    def _wanted(self, connection: int, known: _Connection) -> set[int]:
        return {s for s, (c, _) in self._subscriptions.items() if c == connection} - known.refused

    def _track_of(self, subscription: int) -> _Track:
        return self._tracks[self._subscriptions[subscription][1]]

    def _place(self, connection: int, known: _Connection, media: list[_Section]) -> list[str]:
        self._recvonly = {k: v for k, v in self._recvonly.items() if k[0] != connection}
        receiving = [s for s in media if s.direction == "recvonly"]
        self._recvonly |= {(connection, s.mid): s for s in receiving}
        wanted = sorted(self._wanted(connection, known))
        known.placed = {m: s for m, s in known.placed.items() if s in wanted}
        refused = self._refuse(known, [s for s in wanted if s not in known.placed.values()], receiving)
        for subscription in wanted:
            if subscription in known.placed.values() or subscription in known.refused:
                continue
            track = self._track_of(subscription)
            for section in receiving:
                if section.takes(track) and section.mid not in known.placed:
                    known.placed[section.mid] = subscription
                    break
        known.settled = set(known.placed.values())
        return refused

    def _refuse(self, known: _Connection, asked: list[int], sections: list[_Section]) -> list[str]:
        """Those whose kind is taken and whose codec isn't. Comes to the sids of their tracks."""
        tracks = {s: self._track_of(s) for s in asked}
        kinds = {section.kind for section in sections}
        refused = {
            s: track.sid
            for s, track in tracks.items()
            if track.kind in kinds and not any(section.takes(track) for section in sections)
        }
        known.refused |= refused.keys()
        return list(refused.values())

    def _in_backup(self, sent: Iterable[int], sections: list[_Section]) -> list[str]:
        tracks = [self._track_of(s) for s in sorted(sent)]
        able = [s for s in sections if s.direction == "recvonly"]
        return [
            t.sid
            for t in tracks
            if any(s.takes(t) for s in able) and not any(s.kind == t.kind and s.knows(t.codec) for s in able)
        ]

    def _free(self, connection: int, known: _Connection) -> list[str]:
        return [
            section.kind
            for (c, mid), section in self._recvonly.items()
            if c == connection and mid not in known.placed
        ]

    def _drop_peer(self, peer: int) -> None:
        if self._peers.pop(peer, None) is not None:
            self.frames = {key: n for key, n in self.frames.items() if peer not in (key[0], key[2])}
            for connection in [c for c, known in self._connections.items() if known.peer == peer]:
                self._drop_connection(connection)

    def _drop_connection(self, connection: int) -> None:
        if self._connections.pop(connection, None) is not None:
            for track in [t for t, known in self._tracks.items() if known.connection == connection]:
                self._drop_track(track)
            for subscription in [s for s, (c, _) in self._subscriptions.items() if c == connection]:
                self._drop_subscription(subscription)

    def _drop_track(self, track: int) -> None:
        for subscription in [s for s, (_, t) in self._subscriptions.items() if t == track]:
            self._drop_subscription(subscription)
        self._tracks.pop(track, None)

    def _drop_subscription(self, subscription: int) -> None:
        known = self._subscriptions.pop(subscription, None)
        if known is not None and known[0] in self._connections:
            placed = self._connections[known[0]].placed
            for mid in [m for m, s in placed.items() if s == subscription]:
                del placed[mid]


def _default(kind: str) -> str:
    return "audio/opus" if kind == "audio" else "video/VP8"


def _parse(sdp: str) -> list[_Section]:
    if not sdp.startswith("v=0"):
        raise EngineError("bad_sdp", "a session description begins with v=0")
    sections: list[_Section] = []
    for line in sdp.splitlines():
        if line.startswith("m="):
            sections.append(_Section(str(len(sections)), line[2:].split(" ", 1)[0]))
            continue
        if not sections:
            continue
        section, (name, _, value) = sections[-1], line[2:].partition(":")
        match name:
            case "mid":
                section.mid = value
            case "sendonly" | "recvonly" | "inactive" | "sendrecv":
                section.direction = name
            case "msid":
                section.track_id = value.split(" ")[-1]
            case "rid":
                section.rids.append(value.split(" ")[0])
            case "rtpmap":
                codec = value.split(" ", 1)[1].split("/")[0]
                section.codecs.append(f"{section.kind}/{codec}")
    return sections
