"""Telling other programs what happens in the rooms: LiveKit's webhooks.

Law: nothing waits for a receiver. Each address has a queue of its own, bounded, and one worker, so that what happened is
told in its order; one that doesn't answer loses the oldest, and is told how many.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from folkmoot.kit import Clock, Randomness
from folkmoot.protocol import values, webhooks
from folkmoot.protocol.tokens import Claims, Keys
from folkmoot.rooms.live import Rooms
from folkmoot.rooms.model import (
    Event,
    ParticipantJoined,
    ParticipantLeft,
    RoomClosed,
    RoomOpened,
    TrackPublished,
    TrackUnpublished,
)

MOST_WAITING = 100
WITHIN_S = 10.0
PAUSES_S = (0.5, 1, 2, 4, 8)
"""Between the tries of one; after the last it is given up."""
TOKEN_LIVES = timedelta(minutes=5)

log = structlog.get_logger("folkmoot.webhooks")

Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[int]]
"""Address, body, headers: the status of the answer. Raises OSError when there is none."""
Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Hook:
    event: str
    id: str
    at: int
    room: values.Room
    participant: values.Participant | None = None
    track: values.Track | None = None


@dataclass(slots=True)
class _Receiver:
    url: str
    waiting: deque[Hook] = field(default_factory=deque)
    dropped: int = 0
    away: bool = False
    """It didn't take the last one, so the next is tried once: what happens now is worth more than what happened then."""
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    """Nothing waits or is on its way."""


class Webhooks:
    def __init__(
        self,
        urls: Iterable[str],
        key: str,
        keys: Keys,
        rooms: Rooms,
        clock: Clock,
        randomness: Randomness,
        *,
        post: Post | None = None,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._receivers = [_Receiver(url) for url in urls]
        for receiver in self._receivers:
            receiver.told.set()
        self._key, self._keys, self._rooms = key, keys, rooms
        self._clock, self._randomness = clock, randomness
        self._post, self._pause = post or (_Poster() if self._receivers else _to_nobody), pause
        self._workers: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._workers = [asyncio.create_task(self._tell(receiver)) for receiver in self._receivers]

    async def stop(self, within: float = 2.0) -> None:
        """What is known by now is told, if its receiver is quick."""
        waits = [asyncio.create_task(r.told.wait()) for r in self._receivers if not r.told.is_set()]
        if waits:
            await asyncio.wait(waits, timeout=within)
        for task in (*waits, *self._workers):
            task.cancel()
        await asyncio.gather(*waits, *self._workers, return_exceptions=True)

    def happened(self, event: Event) -> None:
        if not self._receivers or (hook := self._hook(event)) is None:
            return
        for receiver in self._receivers:
            receiver.waiting.append(hook)
            if len(receiver.waiting) > MOST_WAITING:
                receiver.waiting.popleft()
                receiver.dropped += 1
            receiver.told.clear()
            receiver.wake.set()

    def _hook(self, event: Event) -> Hook | None:
        match event:
            case RoomOpened():
                return self._made("room_started", event.info)
            case RoomClosed():
                return self._made("room_finished", event.info)
        inside = self._rooms.room(event.room)
        if inside is None:
            return None
        room, participant = inside.info(), event.info
        match event:
            case ParticipantJoined():
                return self._made("participant_joined", room, participant)
            case ParticipantLeft():
                name = "participant_left" if event.was_active else "participant_connection_aborted"
                return self._made(name, room, participant)
            case TrackPublished():
                return self._made("track_published", room, participant, event.track)
            case TrackUnpublished():
                return self._made("track_unpublished", room, participant, event.track)

    def _made(
        self,
        event: str,
        room: values.Room,
        participant: values.Participant | None = None,
        track: values.Track | None = None,
    ) -> Hook:
        id = "EV_" + self._randomness.token(9).hex()
        return Hook(event, id, int(self._clock.now().timestamp()), room, participant, track)

    async def _tell(self, receiver: _Receiver) -> None:
        while True:
            if not receiver.waiting:
                receiver.wake.clear()
                receiver.told.set()
                await receiver.wake.wait()
            hook = receiver.waiting.popleft()
            dropped, receiver.dropped = receiver.dropped, 0
            pauses = () if receiver.away else PAUSES_S
            receiver.away = not await self._told(receiver.url, hook, dropped, pauses)
            if receiver.away:
                receiver.dropped += dropped + 1

    async def _told(self, url: str, hook: Hook, dropped: int, pauses: tuple[float, ...]) -> bool:
        body = webhooks.body(hook.event, hook.id, hook.at, hook.room, hook.participant, hook.track, dropped)
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        for pause in (*pauses, None):
            token = self._keys.mint(Claims(self._key, "", sha256=digest), TOKEN_LIVES)
            headers = {"Authorization": token, "Content-Type": webhooks.MEDIA_TYPE}
            try:
                async with asyncio.timeout(WITHIN_S):
                    status = await self._post(url, body, headers)
                if status < 300:
                    return True
                reason = f"it answered {status}"
            except (OSError, TimeoutError) as error:
                reason = type(error).__name__
            if pause is not None:
                await self._pause(pause)
        log.warning("webhook not delivered", url=url, happened=hook.event, reason=reason)
        return False


class _Poster:
    """httpx, where somebody wants to be told: it takes some megabytes that others needn't spend, and a quarter of a second
    before anybody is there who would have to wait for it."""

    def __init__(self) -> None:
        import httpx

        self._failure = httpx.HTTPError
        self._client = httpx.AsyncClient(timeout=WITHIN_S, trust_env=False)

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        try:
            return (await self._client.post(url, content=body, headers=dict(headers))).status_code
        except self._failure as error:
            raise OSError(type(error).__name__) from error


async def _to_nobody(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    raise OSError("nobody is to be told")
