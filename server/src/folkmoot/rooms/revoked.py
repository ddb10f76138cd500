"""Whose tokens no longer open a room: that is said when somebody is removed. Law: bounded; the oldest word is forgotten first."""

from __future__ import annotations

from folkmoot.protocol.tokens import Claims

MOST = 10_000


class Revoked:
    def __init__(self) -> None:
        self._before: dict[tuple[str, str], int] = {}

    def add(self, room: str, identity: str, before: int) -> None:
        self._before[room, identity] = max(before, self._before.pop((room, identity), 0))
        if len(self._before) > MOST:
            del self._before[next(iter(self._before))]

    def covers(self, claims: Claims) -> bool:
        return claims.not_before < self._before.get((claims.video.room, claims.identity), 0)
