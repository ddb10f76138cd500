"""LiveKit access tokens: JWT, HS256, `iss` is the API key that signed, `sub` the identity.

Law: one algorithm. A token that names another, `none` among them, is refused before its signature is looked at. A
token without an end is refused. `canPublish`, `canSubscribe` and `canPublishData` are true when absent.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from jwt.types import Options

from folkmoot.kit import Clock
from folkmoot.protocol.values import AgentWanted, ParticipantKind, Permission, Source

ALGORITHM = "HS256"
LEEWAY = timedelta(minutes=1)
REFRESH_TTL = timedelta(minutes=10)
MAX_TOKEN = 192 * 1024
"""64 KiB of metadata, escaped and in base64, and the rest."""
MAX_NAME = 256
MAX_AGENTS = 32
"""Of one room's configuration; others are left out."""

KINDS = {kind.name.lower(): int(kind) for kind in ParticipantKind}

_OPTIONS: Options = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_sub": False,
}


warnings.filterwarnings("ignore", category=jwt.InsecureKeyLengthWarning)
"""Whether a secret is long enough is said once, where keys are configured, not at every token."""


class TokenRefused(Exception):
    """The sentence is for the one who made the token; it holds nothing of the token itself."""


@dataclass(frozen=True, slots=True)
class VideoGrant:
    room: str = ""
    room_join: bool = False
    room_create: bool = False
    room_list: bool = False
    room_admin: bool = False
    permission: Permission = field(default_factory=Permission)
    destination_room: str = ""
    """Where who administers `room` may take somebody, or have them heard."""


@dataclass(frozen=True, slots=True)
class RoomConfig:
    """How a room shall be that this token opens; one that is open already stays as it is. Zero: as rooms are."""

    metadata: str = ""
    empty_timeout: int = 0
    departure_timeout: int = 0
    max_participants: int = 0
    agents: tuple[AgentWanted, ...] = ()
    """Who is called to it as soon as it opens."""


@dataclass(frozen=True, slots=True)
class Claims:
    key: str
    identity: str
    name: str = ""
    metadata: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    kind: int = 0
    video: VideoGrant = field(default_factory=VideoGrant)
    expires: datetime | None = None
    not_before: int = 0
    sha256: str = ""
    room_config: RoomConfig = RoomConfig()


class Keys:
    """The API keys of this server and their secrets. The first one signs what we mint ourselves."""

    def __init__(self, secrets: Mapping[str, str], clock: Clock) -> None:
        if not secrets:
            raise ValueError("at least one API key is needed")
        self._secrets = dict(secrets)
        self._clock = clock

    def __repr__(self) -> str:
        return f"Keys({', '.join(self._secrets)})"

    def verify(self, token: str) -> Claims:
        if not token or len(token) > MAX_TOKEN:
            raise TokenRefused("no token")
        try:
            unverified = jwt.decode(token, options={"verify_signature": False})
            secret = self._secrets.get(str(unverified.get("iss", "")))
            if secret is None:
                raise TokenRefused("unknown API key")
            payload = jwt.decode(token, _key(secret), algorithms=[ALGORITHM], options=_OPTIONS)
        except jwt.PyJWTError as error:
            raise TokenRefused("invalid token") from error
        self._check_time(payload)
        return _claims(payload)

    def mint(self, claims: Claims, ttl: timedelta) -> str:
        key = claims.key if claims.key in self._secrets else next(iter(self._secrets))
        now = self._clock.now()
        payload = _payload(claims) | {
            "iss": key,
            "nbf": int(now.timestamp()),
            "iat": int(now.timestamp()),
            "exp": int((now + ttl).timestamp()),
        }
        return jwt.encode(payload, _key(self._secrets[key]), algorithm=ALGORITHM)

    def refresh(self, claims: Claims) -> str:
        """The same rights for another while: ten minutes, or what is left of the original if that is more."""
        ttl = REFRESH_TTL
        if claims.expires is not None:
            ttl = max(ttl, claims.expires - self._clock.now())
        return self.mint(claims, ttl)

    def _check_time(self, payload: Mapping[str, Any]) -> None:
        now = self._clock.now().timestamp()
        leeway = LEEWAY.total_seconds()
        expires, starts = payload.get("exp"), payload.get("nbf", 0)
        if not isinstance(expires, int | float) or not isinstance(starts, int | float):
            raise TokenRefused("a token has an end")
        if now >= expires + leeway:
            raise TokenRefused("token is expired")
        if now < starts - leeway:
            raise TokenRefused("token is not valid yet")


def _key(secret: str) -> bytes:
    return secret.encode()


def _claims(payload: Mapping[str, Any]) -> Claims:
    video = payload.get("video") or {}
    if not isinstance(video, dict):
        raise TokenRefused("video grant is an object")
    attributes = payload.get("attributes") or {}
    if not isinstance(attributes, dict):
        raise TokenRefused("attributes are an object")
    identity = _text(payload.get("sub"))
    if len(identity) > MAX_NAME:
        raise TokenRefused("identity too long")
    return Claims(
        key=_text(payload.get("iss")),
        identity=identity,
        name=_text(payload.get("name"))[:MAX_NAME],
        metadata=_text(payload.get("metadata")),
        attributes=_texts(attributes),
        kind=KINDS.get(_text(payload.get("kind")).lower(), 0),
        video=_video(video),
        expires=_instant(payload["exp"]),
        not_before=_seconds(payload.get("nbf", 0)),
        sha256=_text(payload.get("sha256")),
        room_config=_room_config(payload.get("roomConfig")),
    )


def _room_config(written: object) -> RoomConfig:
    if not isinstance(written, dict):
        return RoomConfig()
    seconds_or_people = {
        name: value if isinstance(value, int) and 0 <= value < 2**32 else 0
        for name, value in (
            ("empty_timeout", written.get("emptyTimeout")),
            ("departure_timeout", written.get("departureTimeout")),
            ("max_participants", written.get("maxParticipants")),
        )
    }
    return RoomConfig(
        metadata=_text(written.get("metadata")), agents=_agents(written.get("agents")), **seconds_or_people
    )


def _agents(written: object) -> tuple[AgentWanted, ...]:
    wanted = [each for each in written if isinstance(each, dict)] if isinstance(written, list) else []
    return tuple(
        AgentWanted(
            _text(each.get("agentName"))[:MAX_NAME],
            _text(each.get("metadata")),
            _texts(each.get("attributes")),
            _text(each.get("deployment"))[:MAX_NAME],
        )
        for each in wanted[:MAX_AGENTS]
    )


def _texts(written: object) -> dict[str, str]:
    pairs = written.items() if isinstance(written, dict) else ()
    return {_text(str(key)): _text(str(value)) for key, value in pairs}


def _video(video: Mapping[str, Any]) -> VideoGrant:
    def absent_is_true(name: str) -> bool:
        return bool(video[name]) if video.get(name) is not None else True

    words = {source.word: source for source in Source if source is not Source.UNKNOWN}
    sources = video.get("canPublishSources") or ()
    return VideoGrant(
        room=_text(video.get("room")),
        destination_room=_text(video.get("destinationRoom")),
        room_join=video.get("roomJoin") is True,
        room_create=video.get("roomCreate") is True,
        room_list=video.get("roomList") is True,
        room_admin=video.get("roomAdmin") is True,
        permission=Permission(
            can_subscribe=absent_is_true("canSubscribe"),
            can_publish=absent_is_true("canPublish"),
            can_publish_data=absent_is_true("canPublishData"),
            can_publish_sources=frozenset(
                words[_text(s).lower()] for s in sources if _text(s).lower() in words
            ),
            can_update_metadata=video.get("canUpdateOwnMetadata") is True,
            hidden=video.get("hidden") is True,
            recorder=video.get("recorder") is True,
            agent=video.get("agent") is True,
            can_subscribe_metrics=video.get("canSubscribeMetrics") is True,
        ),
    )


def _payload(claims: Claims) -> dict[str, Any]:
    grant, may = claims.video, claims.video.permission
    video: dict[str, Any] = {
        "canPublish": may.can_publish,
        "canSubscribe": may.can_subscribe,
        "canPublishData": may.can_publish_data,
    }
    if grant.room:
        video["room"] = grant.room
    if grant.destination_room:
        video["destinationRoom"] = grant.destination_room
    if may.can_publish_sources:
        video["canPublishSources"] = [s.word for s in sorted(may.can_publish_sources)]
    granted = {
        "roomJoin": grant.room_join,
        "roomCreate": grant.room_create,
        "roomList": grant.room_list,
        "roomAdmin": grant.room_admin,
        "canUpdateOwnMetadata": may.can_update_metadata,
        "hidden": may.hidden,
        "recorder": may.recorder,
        "agent": may.agent,
        "canSubscribeMetrics": may.can_subscribe_metrics,
    }
    video |= {name: True for name, has in granted.items() if has}
    payload: dict[str, Any] = {"sub": claims.identity, "video": video}
    if claims.name:
        payload["name"] = claims.name
    if claims.sha256:
        payload["sha256"] = claims.sha256
    if claims.metadata:
        payload["metadata"] = claims.metadata
    if claims.attributes:
        payload["attributes"] = dict(claims.attributes)
    kind = next(word for word, number in KINDS.items() if number == claims.kind)
    if kind != "standard":
        payload["kind"] = kind
    return payload


def visible(claims: Claims) -> Claims:
    """In a room that belongs to a meeting nobody is hidden."""
    permission = replace(claims.video.permission, hidden=False)
    return replace(claims, video=replace(claims.video, permission=permission))


def _text(value: object) -> str:
    """JSON can write half a character; nothing else in the house can."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _seconds(timestamp: float) -> int:
    return int(timestamp) if math.isfinite(timestamp) else 0


def _instant(timestamp: float) -> datetime:
    try:
        return datetime.fromtimestamp(timestamp, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=UTC)
