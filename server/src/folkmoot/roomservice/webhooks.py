"""Telling other programs what happens in the rooms: LiveKit's webhooks.

Law: nothing waits for a receiver, and no receiver for another. What happened in one room is told in its order, several rooms
are told at once. A receiver that is slow loses nothing until its memory is full; one that can't be reached is named once, in
the log and by a number, and gets what is not yet too old when it is back. What is lost is counted, and it is told how many.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections import OrderedDict, deque
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

MOST_BYTES = 32 * 1024 * 1024
"""Of what waits for one receiver, as it will be written: some ten thousand events."""
AT_LEAST = 2048
"""What the smallest takes in memory."""
AT_ONCE = 8
"""Rooms that a receiver is told of side by side."""
WITHIN_S = 10.0
PAUSES_S = (0.5, 1, 2, 4, 8)
"""Between the tries of one. After the last, one that was answered is given up; else the receiver is away."""
AWAY_PAUSE_S = 15.0
TOO_OLD_S = 600.0
NOBODY_THERE = (502, 503, 504)
"""From a proxy before it."""
LATER = (408, 425, 429)
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
    since: float = 0

    def body(self, dropped: int = 0) -> bytes:
        return webhooks.body(self.event, self.id, self.at, self.room, self.participant, self.track, dropped)

    @property
    def size(self) -> int:
        """About what it keeps alive: what people and programs wrote into it is most of it."""
        size = AT_LEAST + len(self.room.metadata)
        if self.participant is not None:
            written = self.participant.attributes.items()
            size += len(self.participant.metadata) + sum(len(name) + len(value) for name, value in written)
        return size


@dataclass(slots=True)
class _Receiver:
    url: str
    rooms: OrderedDict[str, deque[Hook]] = field(default_factory=OrderedDict)
    """What waits, by room; the room that was told of last comes last."""
    telling: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    bytes: int = 0
    dropped: int = 0
    """Since it was told how many."""
    lost: int = 0
    """Ever."""
    away: bool = False
    told: asyncio.Event = field(default_factory=asyncio.Event)
    """Nothing waits or is on its way."""

    def add(self, room: str, hook: Hook) -> None:
        self.rooms.setdefault(room, deque()).append(hook)
        self.bytes += hook.size
        self.told.clear()
        while self.bytes > MOST_BYTES and (oldest := self._oldest()) is not None:
            self.take(oldest)
            self.drop()

    def take(self, room: str) -> Hook:
        hook = self.rooms[room].popleft()
        self.bytes -= hook.size
        if not self.rooms[room]:
            del self.rooms[room]
        return hook

    def drop(self, count: int = 1) -> None:
        self.dropped += count
        self.lost += count

    def next(self) -> str | None:
        """A room with news that isn't being told of."""
        return next((room for room in self.rooms if room not in self.telling), None)

    def waiting(self) -> int:
        return sum(map(len, self.rooms.values()))

    def _oldest(self) -> str | None:
        return next(iter(self.rooms), None)


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
        self._running = False
        self._listener: Callable[[Hook], None] | None = None

    def also(self, listener: Callable[[Hook], None]) -> None:
        """Who hears the same of all rooms, at once."""
        self._listener = listener

    def start(self) -> None:
        self._running = True
        for receiver in self._receivers:
            self._go_on(receiver)

    async def stop(self, within: float = 2.0) -> None:
        """What is known by now is told, if its receiver is quick."""
        waits = [asyncio.create_task(r.told.wait()) for r in self._receivers if not r.told.is_set()]
        if waits:
            await asyncio.wait(waits, timeout=within)
        self._running = False
        telling = [task for receiver in self._receivers for task in receiver.telling.values()]
        for task in (*waits, *telling):
            task.cancel()
        await asyncio.gather(*waits, *telling, return_exceptions=True)

    def ailment(self) -> str | None:
        """A receiver that is away is its own trouble; news that nobody carries is ours."""
        idle = any(receiver.rooms and not receiver.telling for receiver in self._receivers)
        return "nothing is told" if self._running and idle else None

    def counts(self) -> dict[str, float]:
        return {
            "webhooks_waiting": sum(receiver.waiting() for receiver in self._receivers),
            "webhooks_lost": sum(receiver.lost for receiver in self._receivers),
            "webhook_receivers_away": sum(receiver.away for receiver in self._receivers),
        }

    def happened(self, event: Event) -> None:
        if not (self._receivers or self._listener) or (hook := self._hook(event)) is None:
            return
        if self._listener is not None:
            self._listener(hook)
        for receiver in self._receivers:
            receiver.add(hook.room.name, hook)
            self._go_on(receiver)

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
        at = int(self._clock.now().timestamp())
        return Hook(event, id, at, room, participant, track, self._clock.monotonic())

    def _go_on(self, receiver: _Receiver) -> None:
        while self._running and len(receiver.telling) < AT_ONCE and (room := receiver.next()) is not None:
            receiver.telling[room] = asyncio.create_task(self._tell(receiver, room, receiver.take(room)))
        if not receiver.telling and not receiver.rooms:
            receiver.told.set()

    async def _tell(self, receiver: _Receiver, room: str, hook: Hook) -> None:
        """One, to its end."""
        dropped, receiver.dropped = receiver.dropped, 0
        try:
            if not await self._told(receiver, hook, dropped):
                receiver.dropped += dropped
                receiver.drop()
        except Exception:
            log.exception("webhook failed", url=receiver.url, happened=hook.event)
            receiver.drop()
        finally:
            del receiver.telling[room]
            if room in receiver.rooms:
                receiver.rooms.move_to_end(room)
            self._go_on(receiver)

    async def _told(self, receiver: _Receiver, hook: Hook, dropped: int) -> bool:
        body = hook.body(dropped)
        pauses = iter(PAUSES_S)
        while True:
            answer = await self._asked(receiver.url, body)
            if isinstance(answer, int) and answer < 300:
                self._is_back(receiver)
                return True
            reached = isinstance(answer, int) and answer not in NOBODY_THERE
            pause = next(pauses, None)
            given_up = pause is None or (
                isinstance(answer, int) and 400 <= answer < 500 and answer not in LATER
            )
            if reached and given_up:
                log.warning("webhook refused", url=receiver.url, happened=hook.event, answer=answer)
                return False
            if pause is None:
                self._is_away(receiver, answer)
                pause = AWAY_PAUSE_S
            if self._clock.monotonic() - hook.since > TOO_OLD_S:
                return False
            await self._pause(pause)

    async def _asked(self, url: str, body: bytes) -> int | str:
        """What it answered, or why it didn't."""
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        token = self._keys.mint(Claims(self._key, "", sha256=digest), TOKEN_LIVES)
        headers = {"Authorization": token, "Content-Type": webhooks.MEDIA_TYPE}
        try:
            async with asyncio.timeout(WITHIN_S):
                return await self._post(url, body, headers)
        except (OSError, TimeoutError) as error:
            return type(error).__name__

    def _is_away(self, receiver: _Receiver, answer: int | str) -> None:
        if not receiver.away:
            log.warning("webhook receiver away", url=receiver.url, answer=answer, waiting=receiver.waiting())
        receiver.away = True

    def _is_back(self, receiver: _Receiver) -> None:
        if receiver.away:
            log.info("webhook receiver back", url=receiver.url, waiting=receiver.waiting())
        receiver.away = False


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
