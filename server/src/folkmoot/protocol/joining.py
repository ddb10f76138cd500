"""How a client says that it wants in: query parameters on `/rtc`, a packed `join_request` on `/rtc/v1`.

Law: nothing is inflated past `MAX_JOIN_REQUEST`, whatever a client claims about its size.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from folkmoot.protocol.requests import AddTrack, Malformed, Offer, SyncState, add_track, sync_state

MAX_JOIN_REQUEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Client:
    """What the software at the other end says of itself; never trusted, kept for logs and for what it can do."""

    sdk: str = ""
    version: str = ""
    protocol: int = 0
    client_protocol: int = 0
    capabilities: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Joining:
    client: Client = Client()
    single: bool = False
    """One peer connection that the client offers (v1); else two, and we offer the one that brings media to it."""
    auto_subscribe: bool = True
    adaptive_stream: bool = False
    auto_subscribe_data: bool = False
    """The same for data tracks."""
    reconnect: bool = False
    participant_sid: str = ""
    metadata: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    add_tracks: tuple[AddTrack, ...] = ()
    offer: Offer | None = None
    sync: SyncState | None = None


def decode(query: Mapping[str, str], *, single: bool) -> Joining:
    if "join_request" in query:
        return _packed(query["join_request"])
    if single:
        raise Malformed("join_request is required")
    return _query(query)


def _query(query: Mapping[str, str]) -> Joining:
    client = Client(
        sdk=query.get("sdk", "")[:64],
        version=query.get("version", "")[:64],
        protocol=_number(query.get("protocol", "")),
        client_protocol=_number(query.get("client_protocol", "")),
        capabilities=_capabilities(query.get("capabilities", "")),
    )
    return Joining(
        client=client,
        auto_subscribe=_flag(query.get("auto_subscribe"), absent=True),
        adaptive_stream=_flag(query.get("adaptive_stream"), absent=False),
        auto_subscribe_data=_flag(query.get("auto_subscribe_data_track"), absent=False),
        reconnect=_flag(query.get("reconnect"), absent=False),
        participant_sid=query.get("sid", ""),
        attributes=_attributes(query.get("attributes", "")),
    )


def _packed(packed: str) -> Joining:
    request = rtc.JoinRequest()
    try:
        wrapped = rtc.WrappedJoinRequest.FromString(_base64(packed))
        request.ParseFromString(_inflated(wrapped))
    except (DecodeError, binascii.Error, ValueError, zlib.error) as error:
        raise Malformed("join_request can't be decoded") from error
    info, settings, offer = request.client_info, request.connection_settings, request.publisher_offer
    client = Client(
        sdk=_sdk(info.sdk),
        version=info.version[:64],
        protocol=info.protocol,
        client_protocol=info.client_protocol,
        capabilities=tuple(info.capabilities),
    )
    return Joining(
        client=client,
        single=True,
        auto_subscribe=settings.auto_subscribe,
        adaptive_stream=settings.adaptive_stream,
        auto_subscribe_data=settings.auto_subscribe_data_track,
        reconnect=request.reconnect,
        participant_sid=request.participant_sid,
        metadata=request.metadata,
        attributes=dict(request.participant_attributes),
        add_tracks=tuple(add_track(t) for t in request.add_track_requests),
        offer=Offer(offer.sdp, offer.id) if request.HasField("publisher_offer") else None,
        sync=sync_state(request.sync_state) if request.HasField("sync_state") else None,
    )


def _base64(text: str) -> bytes:
    """Either alphabet, with or without padding: SDKs differ."""
    bare = text.rstrip("=").replace("-", "+").replace("_", "/")
    if len(bare) > MAX_JOIN_REQUEST * 4 // 3 + 4:
        raise Malformed("join_request too large")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)


def _inflated(wrapped: rtc.WrappedJoinRequest) -> bytes:
    packed = bytes(wrapped.join_request)
    if wrapped.compression == rtc.WrappedJoinRequest.Compression.NONE:
        plain = packed
    elif wrapped.compression == rtc.WrappedJoinRequest.Compression.GZIP:
        inflater = zlib.decompressobj(wbits=31)
        plain = inflater.decompress(packed, MAX_JOIN_REQUEST + 1)
    else:
        raise Malformed("unknown compression")
    if len(plain) > MAX_JOIN_REQUEST:
        raise Malformed("join_request too large")
    return plain


def _sdk(number: int) -> str:
    try:
        return str(models.ClientInfo.SDK.Name(number)).lower()
    except ValueError:
        return str(number)


def _flag(value: str | None, *, absent: bool) -> bool:
    return absent if value is None or value == "" else value in ("1", "true")


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0


def _attributes(packed: str) -> dict[str, str]:
    if not packed:
        return {}
    try:
        plain = json.loads(_base64(packed))
    except (binascii.Error, ValueError) as error:
        raise Malformed("attributes can't be decoded") from error
    if not isinstance(plain, dict) or not all(isinstance(v, str) for v in plain.values()):
        raise Malformed("attributes are names and texts")
    try:
        json.dumps(plain, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise Malformed("attributes hold half a character") from error
    return plain


def _capabilities(names: str) -> tuple[int, ...]:
    known = {"CAP_PACKET_TRAILER": 1, "CAP_COMPRESSION_DEFLATE_RAW": 2}
    return tuple(known[name] for name in names.split(",") if name in known)
