"""May this request become a signal connection? A value either way; nothing is changed by asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from folkmoot.kit import Problem
from folkmoot.protocol import joining
from folkmoot.protocol.joining import Joining
from folkmoot.protocol.requests import Malformed
from folkmoot.protocol.tokens import Claims, Keys, TokenRefused
from folkmoot.rooms.live import Rooms

MAX_ROOM_NAME = 256


@dataclass(frozen=True, slots=True)
class Admitted:
    claims: Claims
    joining: Joining


@dataclass(frozen=True, slots=True)
class Denied:
    status: int
    sentence: str


def vouched(query: Mapping[str, str], authorization: str, keys: Keys) -> Claims | Denied:
    """Who that is, by a token that opens a room."""
    try:
        claims = keys.verify(token_of(query, authorization))
    except TokenRefused as refused:
        return Denied(401, f"unauthorized: {refused}")
    if not claims.video.room_join:
        return Denied(401, "unauthorized: permissions denied")
    if not claims.identity:
        return Denied(400, "identity cannot be empty")
    if not claims.video.room:
        return Denied(400, "room is required")
    if len(claims.video.room) > MAX_ROOM_NAME:
        return Denied(400, "room name is too long")
    return claims


def admit(
    query: Mapping[str, str], authorization: str, *, single: bool, keys: Keys, rooms: Rooms
) -> Admitted | Denied:
    claims = vouched(query, authorization, keys)
    if isinstance(claims, Denied):
        return claims
    try:
        wanted = joining.decode(query, single=single)
    except Malformed as malformed:
        return Denied(400, str(malformed))
    if (wanted.metadata or wanted.attributes) and not claims.video.permission.can_update_metadata:
        return Denied(401, "unauthorized: permissions denied")  # it would speak for itself, not by its token
    if (refusal := rooms.may_join(claims, wanted)) is not None:
        problem = Problem.of(refusal)
        return Denied(problem.status, problem.message)
    return Admitted(claims, wanted)


def token_of(query: Mapping[str, str], authorization: str) -> str:
    scheme, _, bearer = authorization.partition(" ")
    return bearer.strip() if scheme.lower() == "bearer" and bearer else query.get("access_token", "")
