"""All meetings of this server: made, entered, folded when somebody comes, let go of when nobody is there.

How a meeting dies: by its host's `end`, or some minutes after the last one left, or a day after it was made when nobody ever
came. From then on its door answers like one that never was, and when retention is over every row of it is deleted. A restart
ends nothing: who was in has a grace time to come back.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from folkmoot.bus import Bus
from folkmoot.kit import Clock, Randomness, Refusal
from folkmoot.meetings import model, rules, text
from folkmoot.meetings.feature import AnyFeature, Entry, ParticipantId
from folkmoot.meetings.journal import Journal
from folkmoot.meetings.log import TAIL, Log
from folkmoot.meetings.media import Media, number_of, room_of
from folkmoot.meetings.model import Meeting, Participant, Seals, Settings
from folkmoot.meetings.running import Connection, LetGo, RunningMeeting
from folkmoot.meetings.tries import Tries
from folkmoot.rooms.model import ParticipantJoined

log = structlog.get_logger("folkmoot.meetings")

TICK_S = 1.0
SWEEP_EVERY_S = 30.0


@dataclass(frozen=True, slots=True)
class Created:
    meeting: Meeting
    passcode: str
    host_key: str
    link_secret: str | None
    """Only when it was made here; it is not kept."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What somebody at the door brings."""

    name: str
    admission: str | None = None
    passcode: str | None = None
    host_key: str | None = None
    rejoin: str | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    participant: Participant
    meeting: Meeting
    channel_token: str
    rejoin: str
    media_token: str


class Meetings:
    def __init__(
        self,
        journal: Journal,
        features: Sequence[AnyFeature],
        media: Media,
        bus: Bus,
        clock: Clock,
        randomness: Randomness,
        secret: bytes,
        settings: Settings | None = None,
    ) -> None:
        """`secret`: this server's, from outside of the database; changing it ends passcodes and channel tokens."""
        self._journal, self._features, self._media = journal, tuple(features), media
        self._clock, self._randomness = clock, randomness
        self._settings = settings or Settings()
        self._seals = Seals(secret)
        self._tries = Tries()
        self._running: dict[str, RunningMeeting] = {}
        self._opening: dict[str, asyncio.Task[RunningMeeting]] = {}
        self._swept_at = -SWEEP_EVERY_S
        self._ticking: asyncio.Task[None] | None = None
        self._looking: set[asyncio.Task[None]] = set()
        self._end_listening = bus.subscribe(ParticipantJoined, self._seen_in_media)
        Log(features)  # two features of one name are found at the start, not by the first who meet

    # --- the lifetime of the server ---------------------------------------------------------------------------------

    async def start(self) -> None:
        """Those who were in when the server stopped are waited for, and given up one day."""
        for number in await self._journal.occupied():
            await self._open(number)
        self._ticking = asyncio.create_task(self._tick_for_ever())

    async def stop(self) -> None:
        self._end_listening()
        for task in (self._ticking, *self._looking):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        self.let_all_go()
        for meeting in tuple(self._running.values()):
            await meeting.settled()

    def let_all_go(self) -> None:
        """Every page is told to come back later."""
        for meeting in self._running.values():
            meeting.let_go()

    def counts(self) -> dict[str, float]:
        return {
            "meetings": len(self._running),
            "people_in_meetings": sum(len(m.state.people) for m in self._running.values()),
        }

    # --- making and joining -----------------------------------------------------------------------------------------

    async def create(self, title: str, admission: str | None) -> Created | Refusal:
        accepted = text.title(title)
        if isinstance(accepted, Refusal):
            return accepted
        secret = None
        if admission is None:
            secret = self._randomness.token(model.SECRET_BYTES)
            proof = model.admission_of(secret)
        else:
            proof = model.decode(admission)
            if len(proof) != 32:
                return Refusal("admission.invalid")
        passcode = model.new_passcode(self._randomness)
        host_key = model.new_token(self._randomness)
        while True:
            number = model.new_number(self._randomness)
            now = self._clock.now()
            meeting = Meeting(
                number=number,
                title=accepted,
                created_at=now,
                admission_hash=model.hashed(proof),
                passcode_hash=self._seals.passcode(number, passcode),
                host_key_hash=model.hashed(model.decode(host_key)),
            )
            first = Entry(1, now, "meeting", "started", None, {"title": accepted, "number": number})
            if await self._journal.create(meeting, first):
                log.info("meeting created", number=number)
                return Created(meeting, passcode, host_key, model.encode(secret) if secret else None)

    async def join(self, number: str, arrival: Arrival, address: str) -> Joined | Refusal:
        name = text.name(arrival.name)
        if isinstance(name, Refusal):
            return name
        number = number if model.is_number(number) else rules.NOBODYS.number
        by_passcode = arrival.passcode is not None and arrival.admission is None
        rejoin = model.decode(arrival.rejoin)
        proof = rules.Proof(
            admission=model.decode(arrival.admission),
            passcode_hash=self._seals.passcode(number, (arrival.passcode or "")[:64]),
            host_key=model.decode(arrival.host_key),
            by_passcode=by_passcode,
        )
        meeting = await self._journal.find(number)
        returning = await self._journal.returning(number, model.hashed(rejoin))
        wait = self._tries.wait(number, address, self._clock.monotonic()) if by_passcode else 0
        admitted = rules.admit(meeting, proof, returning, passcode_counts=by_passcode and not wait)
        if isinstance(admitted, Refusal):
            if wait:
                return Refusal("meeting.too_many_tries", {"retry_after_s": math.ceil(wait)})
            if by_passcode:
                self._tries.failed(number, address, self._clock.monotonic())
            return admitted
        assert meeting is not None
        return await self._let_in(meeting, admitted, name, rejoin)

    async def _let_in(
        self, meeting: Meeting, admitted: rules.Admitted, name: str, rejoin: bytes
    ) -> Joined | Refusal:
        now = self._clock.now()
        known = admitted.returning
        if known is not None:
            state = (await self._open(meeting.number)).state
            if known.id in state.removed:
                return Refusal("meeting.removed")
            here = state.people.get(known.id)
            name = here.name if here else name
        else:
            rejoin = self._randomness.token(model.TOKEN_BYTES)
        participant = Participant(
            id=known.id if known else model.new_participant(self._randomness),
            number=meeting.number,
            name=name,
            role=admitted.role,
            rejoin_hash=model.hashed(rejoin),
            created_at=known.created_at if known else now,
        )
        if participant != known:
            await self._journal.admit(participant)
        until = now + self._settings.channel_token_life
        return Joined(
            participant,
            meeting,
            self._seals.channel_token(meeting.number, participant.id, until),
            model.encode(rejoin),
            self._media.token(room_of(meeting.number), participant.id, name=name),
        )

    # --- the channel ------------------------------------------------------------------------------------------------

    async def admitted(self, number: str, token: str) -> Participant | None:
        """Whom this channel token was given to."""
        number = number if model.is_number(number) else rules.NOBODYS.number
        who = self._seals.read_channel_token(number, token, self._clock.now())
        return await self._journal.participant(number, who) if who else None

    async def enter(
        self, who: Participant, connection: Connection, seen: int | None
    ) -> RunningMeeting | Refusal:
        while True:
            meeting = await self._open(who.number)
            try:
                refusal = await meeting.enter(who, connection, seen)
            except LetGo:
                self._forget_running(meeting)
                continue
            return refusal if refusal is not None else meeting

    # --- the course of time -----------------------------------------------------------------------------------------

    async def tick(self) -> None:
        """Whatever is due. Called every second; by a test after it moved the clock."""
        for meeting in tuple(self._running.values()):
            with contextlib.suppress(LetGo):
                await meeting.tick()
            if meeting.idle:
                meeting.let_go()
            self._forget_running(meeting)
        if self._clock.monotonic() - self._swept_at >= SWEEP_EVERY_S:
            self._swept_at = self._clock.monotonic()
            await self._sweep()

    async def _sweep(self) -> None:
        now = self._clock.now()
        settings = self._settings
        for number in await self._journal.deserted(now - settings.empty_life, now - settings.unentered_life):
            with contextlib.suppress(LetGo):
                await (await self._open(number)).end()
        for number in await self._journal.forget(now - settings.retention):
            log.info("meeting forgotten", number=number)

    async def _tick_for_ever(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            try:
                await self.tick()
            except Exception:
                log.exception("a tick failed")

    # --- folding ----------------------------------------------------------------------------------------------------

    async def _open(self, number: str) -> RunningMeeting:
        """The one that runs, or a fold of what is kept. Two never run at once."""
        running = self._running.get(number)
        if running is not None:
            return running
        opening = self._opening.get(number)
        if opening is None:
            opening = self._opening[number] = asyncio.create_task(self._fold(number))
            opening.add_done_callback(lambda _: self._opening.pop(number, None))
        return await asyncio.shield(opening)

    async def _fold(self, number: str) -> RunningMeeting:
        fold = Log(self._features)
        kept = await self._journal.load(number, fold.shape, TAIL)
        meeting = await self._journal.find(number)
        if meeting is None:
            raise LookupError(number)
        if kept.snapshot:
            fold.restore(*kept.snapshot)
        fold.refold(kept.tail, kept.entries, kept.reserved)
        running = RunningMeeting(
            number,
            fold,
            meeting.standing,
            len(kept.entries),
            self._journal,
            self._media,
            self._clock,
            self._settings,
        )
        self._running[number] = running
        return running

    def _forget_running(self, meeting: RunningMeeting) -> None:
        if meeting.gone and self._running.get(meeting.number) is meeting:
            del self._running[meeting.number]

    # --- media ------------------------------------------------------------------------------------------------------

    def _seen_in_media(self, event: ParticipantJoined) -> None:
        """A media token lives for some minutes, so one who was removed could come back with it, or an ended meeting go on."""
        number = number_of(event.room)
        if number is None:
            return
        task = asyncio.create_task(self._check(number, event.room, ParticipantId(event.identity)))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _check(self, number: str, room: str, who: ParticipantId) -> None:
        participant = await self._journal.participant(number, who)
        if participant is None:
            return  # somebody's program, let in by an API key
        state = (await self._open(number)).state
        if state.ended:
            self._media.close(room)
        elif who in state.removed:
            self._media.remove(room, who)
