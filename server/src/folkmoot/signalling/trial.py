"""`POST /api/line-check`: a ticket to a room of one's own, where a browser finds out what its line carries, without a meeting.

Law: it is a room for one. Its two tickets are for who asked, so nobody meets anybody there: one sends a microphone's track and no data, the
other only hears it, for who wants to hear themselves. The room is named by chance, and the tickets end within a minute. What it costs is bounded for each network and for the whole server. Whoever asks
needs no account, and nothing of the check is kept. It is no meeting: who is told of rooms or counts them leaves it out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from folkmoot.kit import Clock, Problem, Randomness
from folkmoot.kit.bucket import Buckets
from folkmoot.kit.network import network
from folkmoot.protocol.tokens import Claims, Keys, VideoGrant
from folkmoot.protocol.values import Permission, Source
from folkmoot.rooms.model import Event

SELF, EAR = "self", "ear"
NAME_BYTES = 12
NAMED = re.compile(rf"check-[0-9a-f]{{{2 * NAME_BYTES}}}")
"""Long enough that no room of a program's own, `check-in` say, is ever taken for one."""
SENDS = Permission(can_publish_data=False, can_publish_sources=frozenset({Source.MICROPHONE}))
HEARS = Permission(can_publish=False, can_publish_data=False)
LIVES = timedelta(minutes=1)
OF_A_NETWORK, OF_ALL, WITHIN_S = 120, 600, 600.0
"""A school behind one address tries its devices on a Monday morning; a program that asks in a loop is slowed down."""
MOST_NETWORKS = 20_000
ALL = "all"


class LineCheck(BaseModel):
    token: str
    ear: str


class Trials:
    """How often a line may be tried. Pure: the time is handed in."""

    def __init__(self) -> None:
        self._of_network = Buckets(OF_A_NETWORK, WITHIN_S, MOST_NETWORKS)
        self._of_all = Buckets(OF_ALL, WITHIN_S, 1)

    def take(self, address: str, now: float) -> float:
        """0: one more from there. Else how many seconds from now it might be."""
        return self._of_network.take(network(address), now) or self._of_all.take(ALL, now)


def router(keys: Keys, clock: Clock, randomness: Randomness) -> APIRouter:
    api = APIRouter(prefix="/api", tags=["server"])
    trials = Trials()

    @api.post("/line-check", status_code=201)
    async def line_check(request: Request, response: Response) -> LineCheck:
        """Short-lived tickets to a media room of one's own, to try the line: `token` sends, `ear` hears it come back. Anybody may ask,
        some times a minute."""
        wait = trials.take(request.client.host if request.client else "", clock.monotonic())
        if wait:
            raise Problem("request.too_many", {"retry_after_s": round(wait, 1)})
        response.headers["Cache-Control"] = "no-store"
        room = f"check-{randomness.token(NAME_BYTES).hex()}"
        return LineCheck(token=ticket(keys, room, SELF, SENDS), ear=ticket(keys, room, EAR, HEARS))

    return api


def ticket(keys: Keys, room: str, identity: str, may: Permission) -> str:
    grant = VideoGrant(room=room, room_join=True, permission=may)
    return keys.mint(Claims("", identity, video=grant), LIVES)


def is_trial(room: str) -> bool:
    return NAMED.fullmatch(room) is not None


def apart(listener: Callable[[Event], None]) -> Callable[[Event], None]:
    """The same listener, to whom nothing of a trial is said."""

    def hears(event: Event) -> None:
        if not is_trial(event.room):
            listener(event)

    return hears
