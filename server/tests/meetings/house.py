"""A house for meetings: a still clock, a journal in memory that can crash, media that notes what it is asked, and pages.

A `Page` behaves as the real one does: it remembers the last number it saw, resumes after a loss, sends a command again until
it is answered, and insists on hearing everything once. What is sent to it arrives byte by byte, so that it can be cut anywhere.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from folkmoot.bus import MemoryBus
from folkmoot.capabilities import FEATURES
from folkmoot.kit import ManualClock, Refusal
from folkmoot.meetings import model
from folkmoot.meetings.door import Arrival, Created, Joined, Wish
from folkmoot.meetings.feature import Actor, AnyFeature, Entry, May, ParticipantId, Role
from folkmoot.meetings.invitations import Invitation
from folkmoot.meetings.journal import Beginning, Journal, Kept
from folkmoot.meetings.live import Meetings
from folkmoot.meetings.messages import Do
from folkmoot.meetings.model import Meeting, Settings, Status
from folkmoot.meetings.running import LetGo, RunningMeeting

SECRET = b"the secret of this server, outside of the database"
ADMISSION = model.encode(b"a" * 32)


def acting(who: str, role: Role) -> Actor:
    """One of that role, where the policy takes nothing from anybody."""
    able = frozenset(May) if role.owns else frozenset(May) - {May.OWN, *(() if role.hosts else (May.HOST,))}
    return Actor(ParticipantId(who), role, frozenset() if role is Role.WAITING else able)


class Dice:
    """Randomness that counts."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def below(self, bound: int) -> int:
        return next(self._numbers) * 104729 % bound

    def token(self, size: int) -> bytes:
        return next(self._numbers).to_bytes(size, "big")


class Crash(Exception):
    """The process died here."""


async def at_once(_: str) -> None:
    return None


class MemoryJournal:
    """`pause` is awaited before and after each write takes effect: to yield there, or to crash there."""

    def __init__(self) -> None:
        self.meetings: dict[str, Meeting] = {}
        self.events: dict[str, list[Entry]] = {}
        self.snapshots: dict[str, tuple[int, str, str]] = {}
        self.reserved: dict[str, int] = {}
        self.invitations_of: dict[str, list[Invitation]] = {}
        self.keys: dict[str, bytes] = {}
        self.bans: dict[str, dict[str, datetime]] = {}
        self.for_good: dict[str, dict[str, datetime]] = {}
        self.keeps: dict[str, datetime | None] = {}
        self.counted: dict[tuple[str, int], int] = {}
        self.pause: Callable[[str], Awaitable[object]] = at_once

    async def create(self, meeting: Meeting, first: Entry) -> bool:
        if meeting.number in self.meetings:
            return False
        self.meetings[meeting.number] = meeting
        self.events[meeting.number] = [first]
        self.reserved[meeting.number] = first.seq
        return True

    async def find(self, number: str) -> Meeting | None:
        return self.meetings.get(number)

    async def begin(self, beginning: Beginning, first: Entry) -> None:
        number = beginning.number
        fresh = replace(self.meetings[number], status=Status(), created_at=first.at, title=beginning.title)
        self.meetings[number] = replace(fresh, occurrence=beginning.occurrence)
        self.keeps[number] = beginning.keeps_until
        self.events[number], self.reserved[number] = [first], first.seq
        self.snapshots.pop(number, None)

    async def append(
        self, number: str, entries: Sequence[Entry], status: Status, reserved: int, occurrence: int = 1
    ) -> None:
        await self.pause("before append")
        assert all(entry.durable for entry in entries)
        self.events[number] += [replace(e, payload=json.loads(json.dumps(dict(e.payload)))) for e in entries]
        if erased := {seq for entry in entries for seq in entry.erases}:
            kept = self.events[number]
            self.events[number] = [replace(e, payload={}) if e.seq in erased else e for e in kept]
            self.snapshots.pop(number, None)
        self.meetings[number] = replace(self.meetings[number], status=status)
        self.reserved[number] = reserved
        await self.pause("after append")

    async def reserve(self, number: str, reserved: int) -> None:
        await self.pause("before reserve")
        self.reserved[number] = reserved
        await self.pause("after reserve")

    async def keep_snapshot(self, number: str, seq: int, shape: str, state: str, occurrence: int = 1) -> None:
        await self.pause("before snapshot")
        self.snapshots[number] = (seq, shape, state)
        await self.pause("after snapshot")

    async def load(self, number: str, shape: str, tail: int) -> Kept:
        seq, kept_shape, state = self.snapshots.get(number, (0, "", ""))
        if kept_shape != shape:
            seq = 0
        events = self.events.get(number, [])
        after = [e for e in events if e.seq > seq]
        before = (
            [e for e in events if e.seq <= seq][-max(0, tail - len(after)) :] if tail > len(after) else []
        )
        return Kept((seq, state) if seq else None, before, after, self.reserved.get(number, 0))

    async def replace_host_key(self, number: str, hashed: bytes) -> None:
        self.meetings[number] = replace(self.meetings[number], host_key_hash=hashed)

    async def invite(self, number: str, made: Sequence[Invitation]) -> bool:
        everybody = [*self.invitations_of.get(number, ()), *made]
        if len({one.admission_hash for one in everybody}) < len(everybody):
            return False
        self.invitations_of[number] = everybody
        return True

    async def invitations(self, number: str) -> Sequence[Invitation]:
        return self.invitations_of.get(number, [])

    async def invited(self, number: str, admission_hash: bytes) -> Invitation | None:
        mine = self.invitations_of.get(number, ())
        return next((one for one in mine if one.admission_hash == admission_hash), None)

    async def revoke_invitation(self, number: str, id: str) -> bool:
        mine = self.invitations_of.get(number, [])
        self.invitations_of[number] = [replace(i, revoked=True) if i.id == id else i for i in mine]
        return any(i.id == id for i in mine)

    async def network_keys(self, drawn: Mapping[str, bytes]) -> Mapping[str, bytes]:
        self.keys = {day: self.keys.get(day, key) for day, key in drawn.items()}
        return dict(self.keys)

    async def ban_networks(self, number: str, names: Sequence[str], at: datetime) -> None:
        self.bans.setdefault(number, {}).update(dict.fromkeys(names, at))

    async def banned_networks(self, number: str) -> Sequence[tuple[str, datetime]]:
        return list(self.bans.get(number, {}).items())

    async def forget_networks(self, banned_by: datetime) -> None:
        for number, banned in self.bans.items():
            self.bans[number] = {name: at for name, at in banned.items() if at > banned_by}

    async def ban(self, number: str, marks: Sequence[str], at: datetime) -> None:
        self.for_good.setdefault(number, {}).update(dict.fromkeys(marks, at))

    async def banned(self, number: str) -> Mapping[str, datetime]:
        return dict(self.for_good.get(number, {}))

    async def count_people(self, number: str, occurrence: int, people: int) -> None:
        self.counted[number, occurrence] = people

    async def occupied(self) -> Sequence[str]:
        statuses = ((n, m.status) for n, m in self.meetings.items())
        return [n for n, s in statuses if s.entered and not s.ended_at and not s.empty_since]

    async def deserted(self, empty_since: datetime, unentered_since: datetime) -> Sequence[str]:
        def due(meeting: Meeting) -> bool:
            status = meeting.status
            keeps = self.keeps.get(meeting.number)
            if status.ended_at is not None or (keeps is not None and keeps > empty_since):
                return False
            if not status.entered:
                return meeting.created_at <= unentered_since
            return status.empty_since is not None and status.empty_since <= empty_since

        return [number for number, meeting in self.meetings.items() if due(meeting)]

    async def forget(self, ended_by: datetime) -> Sequence[str]:
        ended = ((n, m.status.ended_at) for n, m in self.meetings.items())
        old = [number for number, at in ended if at is not None and at <= ended_by]
        numbers = [number for number in old if not self.meetings[number].planned]
        for number in numbers:
            del self.meetings[number]
            for kept in (self.events, self.snapshots, self.reserved, self.invitations_of, self.bans):
                kept.pop(number, None)
        return numbers


class NotedMedia:
    """A room that does as it is told. Who is in it, a test says."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.rooms: dict[str, list[str]] = {}

    def token(
        self,
        room: str,
        identity: str,
        *,
        name: str = "",
        can_publish: bool = True,
        can_publish_data: bool = True,
        can_publish_sources: Iterable[str] = (),
    ) -> str:
        return f"token of {identity} ({name}) for {room}: {' '.join(can_publish_sources)}"

    def inside(self, room: str) -> list[str]:
        return list(self.rooms.get(room, ()))

    def enforce(
        self,
        room: str,
        *,
        remove: Collection[str] = (),
        permit: Mapping[str, Collection[str]] = MappingProxyType({}),
        mute: Collection[tuple[str, str]] = (),
    ) -> None:
        said = (("remove", sorted(remove)), ("permit", dict(permit)), ("mute", sorted(mute)))
        self.asked.append((room, {word: what for word, what in said if what}))
        self.rooms[room] = [one for one in self.rooms.get(room, ()) if one not in remove]

    def close(self, room: str) -> bool:
        self.asked.append((room, "close"))
        self.rooms.pop(room, None)
        return True


class Wire:
    """One connection: what was sent on it, and how much of that has arrived."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.media_url = "wss://meet.example"
        self.frames = 0
        self.code: int | None = None
        self._sent: list[bytes] = []
        self._arrived = 0

    def send(self, text: str) -> None:
        if self.code is None:
            self.frames += 1
            self._sent.append(text.encode())

    def close(self, code: int) -> None:
        if self.code is None:
            self.code = code

    @property
    def waiting(self) -> int:
        return sum(map(len, self._sent)) - self._arrived

    def carry(self, size: int) -> None:
        """So many bytes more get through. A page acts on whole messages."""
        self._arrived += min(size, self.waiting)
        while self._sent and self._arrived >= len(self._sent[0]):
            frame = self._sent.pop(0)
            self._arrived -= len(frame)
            if self.page.wire is self:
                said = json.loads(frame)
                for message in said if isinstance(said, list) else (said,):
                    self.page.receive(message)


@dataclass
class Page:
    house: House
    joined: Joined
    wire: Wire | None = None
    meeting: RunningMeeting | None = None
    refused_entry: Refusal | None = None
    seen: int | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    """Every one, as first seen: by resuming nothing may be in here twice, or missing."""
    welcomes: list[dict[str, Any]] = field(default_factory=list)
    you: dict[str, Any] = field(default_factory=dict)
    media: list[dict[str, Any]] = field(default_factory=list)
    denied: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    """By command: the number it was done with, or the code it was refused with."""
    pending: dict[str, Do] = field(default_factory=dict)
    is_up: bool = False
    count: int = 0

    @property
    def id(self) -> ParticipantId:
        return self.joined.participant

    @property
    def name(self) -> str:
        return self.joined.name

    def receive(self, message: dict[str, Any]) -> None:
        [(kind, body)] = message.items()
        match kind:
            case "welcome":
                self.welcomes.append(body)
                self.seen, self.is_up, self.you = body["seq"], True, body["you"]
            case "resumed":
                self.is_up, self.you = True, body["you"]
            case "you":
                self.you = body
            case "media":
                self.media.append(body)
            case "denied":
                self.denied.append(body)
            case "event":
                assert self.seen is not None and body["seq"] > self.seen, "sent twice, or before the welcome"
                self.seen = body["seq"]
                self.events.append(body)
            case "done" | "refused":
                assert body["id"] not in self.answers or body["id"] not in self.pending, "answered twice"
                if self.pending.pop(body["id"], None):
                    self.answers[body["id"]] = body["seq"] if kind == "done" else body["code"]

    async def connect(self, *, knock: bool = False) -> None:
        """Opens a channel and says hello; what is unanswered is asked again."""
        self.refused_entry = None
        self.cut()
        wire = self.wire = Wire(self)
        known = self.house.meetings.read_ticket(self.joined.meeting.number, self.joined.channel_token)
        assert known is not None
        entered = await self.house.meetings.enter(known, wire, self.seen, knock=knock)
        if isinstance(entered, Refusal):
            self.refused_entry, self.wire = entered, None
            return
        self.meeting = entered
        for asked in tuple(self.pending.values()):
            await self._send(asked)

    def cut(self) -> None:
        """The line breaks: what hasn't arrived is lost."""
        if self.wire is not None and self.meeting is not None:
            self.meeting.lost(self.id, self.wire)
        self.wire, self.is_up = None, False

    def ask(self, feature: str, type: str, **payload: Any) -> str:
        """Notes a command as asked; `send` sends it."""
        self.count += 1
        asked = Do(id=f"c{self.count}", feature=feature, type=type, payload=payload)
        self.pending[asked.id] = asked
        return asked.id

    async def send(self, id: str) -> None:
        if id in self.pending:
            await self._send(self.pending[id])

    async def _send(self, asked: Do) -> None:
        if self.wire is None or self.meeting is None:
            return
        try:
            await self.meeting.do(self.id, self.wire, asked)
        except (LetGo, Crash):
            self.house.settle()  # what the process sent before it died may still arrive
            self.wire = None

    async def do(self, feature: str, type: str, **payload: Any) -> Any:
        """A command on a good line, and its answer."""
        id = self.ask(feature, type, **payload)
        await self.send(id)
        self.house.settle()
        return self.answers.get(id)

    def heard(self, *types: str) -> list[Any]:
        """Payloads of the events of these types."""
        return [event["payload"] for event in self.events if event["type"] in types]

    @property
    def snapshot(self) -> Any:
        return self.welcomes[-1]["snapshot"]

    @property
    def waits(self) -> str | None:
        """Why; None: they don't."""
        waiting = (
            self.snapshot.get("meeting", {}).get("waiting") if self.you.get("role") == "waiting" else None
        )
        return waiting["reason"] if waiting else None


class House:
    def __init__(
        self,
        journal: Journal | None = None,
        settings: Settings | None = None,
        features: Sequence[AnyFeature] = FEATURES,
    ) -> None:
        self.clock = ManualClock()
        self.features = features
        self.journal = journal or MemoryJournal()
        self.settings = settings or Settings()
        self.media = NotedMedia()
        self.dice = Dice()
        self.pages: list[Page] = []
        self.created: Created | None = None
        self.boot()

    def boot(self) -> None:
        """As after a restart: nothing is left but what the journal has."""
        self.bus = MemoryBus()
        self.meetings = Meetings(
            self.journal, self.features, self.media, self.bus, self.clock, self.dice, SECRET, self.settings
        )

    async def restart(self) -> None:
        """As after kill -9: no goodbye, every line is broken."""
        for page in self.pages:
            page.wire, page.is_up, page.meeting = None, False, None
        self.boot()
        await self.meetings.awaken()

    async def create(self, title: str = "Standup", **wish: Any) -> Created:
        created = await self.meetings.create(Wish(title, ADMISSION, **wish), "")
        assert isinstance(created, Created)
        self.created = created
        return created

    async def join(self, name: str, **proof: Any) -> Joined | Refusal:
        assert self.created is not None
        address = proof.pop("address", "198.51.100.7")
        device = proof.pop("device", model.encode(self.dice.token(16)))
        arrival = Arrival(name, device=device, **(proof or {"admission": ADMISSION}))
        return await self.meetings.join(self.created.meeting.number, arrival, address)

    async def comes(self, name: str, *, host: bool = False, **proof: Any) -> Page:
        """Joins and opens the channel."""
        if self.created is None:
            await self.create()
        assert self.created is not None
        if host:
            proof |= {"host_key": self.created.host_key}
        joined = await self.join(name, **({"admission": ADMISSION} | proof))
        assert isinstance(joined, Joined), joined
        page = Page(self, joined)
        self.pages.append(page)
        await page.connect()
        self.settle()
        return page

    async def passes(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await self.meetings.tick()
        self.settle()

    def settle(self) -> None:
        """Everything that was sent arrives."""
        for page in self.pages:
            if page.wire is not None:
                page.wire.carry(10**9)


def run(scene: Awaitable[None]) -> None:
    """For properties: each example has an event loop of its own."""

    async def played() -> None:
        await scene

    asyncio.run(played())
