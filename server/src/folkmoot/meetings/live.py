"""All meetings of this server: made, entered, folded when somebody comes, let go of when nobody is there.

How a meeting dies: by its host's `end`, or some minutes after the last one left, or a day after it was made when nobody ever
came. From then on its door answers like one that never was, and when retention is over every row of it is deleted. A restart
ends nothing: who was in has a grace time to come back.

Coming in has two steps. The door here gives whoever proves something a ticket, and writes nothing; what the ticket is good for
is asked on the channel, of the meeting, at that moment. A fault of one meeting stops no other.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import structlog
from pydantic import JsonValue

from folkmoot.bus import Bus
from folkmoot.kit import Clock, Randomness, Recurring, Refusal, text
from folkmoot.meetings import model, people, rules
from folkmoot.meetings.door import TOO_MANY_RUNNING, Door
from folkmoot.meetings.feature import Actor, AnyFeature, Entry, May
from folkmoot.meetings.invitations import MOST, Invitation, Invited
from folkmoot.meetings.journal import Beginning, Journal
from folkmoot.meetings.log import TAIL, Log
from folkmoot.meetings.media import Media, number_of
from folkmoot.meetings.model import Settings
from folkmoot.meetings.networks import KEPT_FOR, Networks
from folkmoot.meetings.places import Placing
from folkmoot.meetings.planned import NoPlans, Opening, Plans, Standing, Visitor
from folkmoot.meetings.running import Connection, LetGo, RunningMeeting
from folkmoot.meetings.tickets import Ticket, TokenSigner
from folkmoot.rooms.model import ANY_TERMS, ParticipantJoined, ParticipantLeft, Terms, TrackPublished

log = structlog.get_logger("folkmoot.meetings")

TICK_S = 1.0
TICK_WITHIN_S = 2.0
"""So long it waits for those that are asked; they go on by themselves."""
FOLDED_AT_ONCE = 50
"""Meetings that nobody has come back to yet, a tick: those that run aren't kept waiting by them."""
AGENT = 4
"""LiveKit's kind of participant."""
SWEEP_EVERY_S = 30.0


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
        presets: Mapping[str, people.Policy] = people.PRESETS,
    ) -> None:
        """`secret`: this server's, from outside of the database; changing it ends passcodes and channel tokens."""
        self._journal, self._features, self._media = journal, tuple(features), media
        self._clock, self._randomness = clock, randomness
        self._settings = settings or Settings()
        self._signer, self._networks = TokenSigner(secret), Networks(journal, randomness)
        self.presets = presets
        self._feature = people.MeetingFeature(presets)
        self._running: dict[str, RunningMeeting] = {}
        self._opening: dict[str, asyncio.Task[RunningMeeting]] = {}
        self.placing = Placing(self._in_use, lambda: (*self._running, *self._to_open), clock)
        self._door = Door(
            *(journal, clock, randomness, self._settings, self._signer, self._networks, presets),
            *(self._running.get, self._open, self._is_full, self._standing, self.begin, self.placing.take),
        )
        self.plans: Plans = NoPlans()
        """Who is asked of planned meetings."""
        self.limits_of: Callable[[str], people.Limits] = lambda number: people.Limits()
        """What the plan of a meeting's owner allows, of its number: asked each second, and answered from memory."""
        self._beginning = asyncio.Lock()
        self.create, self.join, self.linked = self._door.create, self._door.join, self._door.linked
        self._swept_at = -SWEEP_EVERY_S
        self._ticking = Recurring("meetings", self.tick, TICK_S, clock)
        self.ailment = self._ticking.ailment
        self._ticks: dict[str, asyncio.Task[None]] = {}
        """Of each meeting the one that isn't through: one that hangs is not asked again, and keeps no other waiting."""
        self._looking: set[asyncio.Task[None]] = set()
        self._to_open: dict[str, None] = {}
        """Occupied, and not folded yet, or no more."""
        self._end_listening = (
            bus.subscribe(ParticipantJoined, self._seen_in_room),
            bus.subscribe(ParticipantLeft, self._gone_from_room),
            bus.subscribe(TrackPublished, self._published),
        )
        Log(features)  # two features of one name are found at the start, not by the first who meet

    # --- the lifetime of the server ---------------------------------------------------------------------------------

    async def awaken(self) -> None:
        """Those who were in when the server stopped are waited for, and given up one day. The next tick folds what nobody
        came to sooner: a thousand occupied meetings keep no start waiting."""
        await self._networks.ready(self._clock.now())
        self._to_open.update(dict.fromkeys(await self._journal.occupied()))

    async def start(self) -> None:
        await self.awaken()
        self._ticking.start()

    async def stop(self) -> None:
        for end in self._end_listening:
            end()
        await self._ticking.stop()
        for task in (*self._ticks.values(), *self._looking):
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

    # --- what is planned ----------------------------------------------------------------------------------------------

    async def _standing(
        self, number: str, visitor: Visitor | None, link: str, *, begins: bool = False
    ) -> Standing:
        return await self.plans.standing(number, visitor, link, begins=begins)

    async def begin(self, number: str, opening: Opening) -> None:
        """One more occurrence, with a log of its own. Who was removed from one comes to no later one."""
        async with self._beginning:
            kept = await self._journal.find(number)
            if kept is None or not kept.rests:
                return  # somebody was sooner
            await self._put_away(number)
            banned = await self._journal.banned(number)
            n, now = kept.occurrence + 1, self._clock.now()
            told: dict[str, JsonValue] = {
                "title": opening.title,
                "number": number,
                "policy": people.policy.written(
                    people.floor.under(self._door.policy_of(opening), opening.floor)
                ),
                "floor": people.floor.written(opening.floor),
                "banned": {mark: at.isoformat() for mark, at in banned.items()},
                "most": opening.most,
                "attendance": opening.attendance,
            }
            beginning = Beginning(number, n, opening.title, opening.planned_for, opening.keeps_until)
            await self._journal.begin(beginning, Entry(1, now, "meeting", "started", None, told))
            log.info("occurrence begun", number=number, occurrence=n)

    async def has_floor(self, of: Callable[[str], Awaitable[Mapping[str, tuple[str, str]] | None]]) -> None:
        """What stands above meetings is another now. Of each that runs it is asked; None: it concerns others."""
        for number in tuple(self._running):
            if (floor := await of(number)) is not None:
                await self.command(number, people.SetFloor(floor))

    async def has_picture(self, account: str, picture: str) -> None:
        """An account has another picture, or none (empty): it is seen wherever they are in or wait."""
        for number, running in tuple(self._running.items()):
            if any(people.of_account(running.state, account)):
                await self.command(number, people.Picture(account, picture))

    async def _put_away(self, number: str) -> None:
        """The one before, which has ended."""
        if (opening := self._opening.get(number)) is not None:
            await asyncio.wait((opening,))
        if (running := self._running.get(number)) is not None:
            running.let_go()
            await running.settled()
            self._forget_running(running)

    # --- the channel ------------------------------------------------------------------------------------------------

    def read_ticket(self, number: str, token: str) -> Ticket | None:
        """What this channel token says."""
        number = number if model.is_number(number) else rules.NOBODYS.number
        return self._signer.read_ticket(number, token, self._clock.now())

    async def enter(
        self, ticket: Ticket, connection: Connection, seen: int | None, *, knock: bool = False
    ) -> RunningMeeting | Refusal:
        while True:
            if self._is_full(ticket.number):
                return TOO_MANY_RUNNING
            try:
                meeting = await self._open(ticket.number)
            except LookupError:
                return Refusal("meeting.ended")  # forgotten since
            if (full := await self.placing.take(meeting.meeting)) is not None:
                return full
            try:
                refusal = await meeting.enter(ticket, connection, seen, knock=knock)
            except LetGo:
                self._forget_running(meeting)
                continue
            self.placing.came(ticket.number)
            return refusal if refusal is not None else meeting

    def _in_use(self, number: str) -> bool:
        """Somebody is in, or was when the server stopped."""
        running = self._running.get(number)
        return number in self._to_open if running is None else bool(running.state.people)

    def title_of(self, number: str) -> str:
        """Of one that runs."""
        running = self._running.get(number)
        return running.meeting.title if running else ""

    def _is_full(self, number: str) -> bool:
        """One more meeting would be too many. Those that run are open to all."""
        there = number in self._running or number in self._opening
        return not there and len(self._running) + len(self._opening) >= self._settings.most_running

    async def command(self, number: str, command: people.AnyCommand) -> Refusal | None:
        """By one with authority over this server, as the meeting itself."""
        try:
            return await (await self._open(number)).command(command)
        except (LookupError, LetGo):
            return Refusal("meeting.ended")

    async def inside(self, ticket: Ticket) -> tuple[RunningMeeting, Actor] | Refusal:
        """The meeting, and what they are in it at this moment: who waits, was removed or has left isn't in."""
        try:
            meeting = await self._open(ticket.number)
        except LookupError:
            return Refusal("meeting.ended")
        actor = people.actor(meeting.state, ticket.participant)
        if actor is None or actor.waits or ticket.occurrence != meeting.meeting.occurrence:
            return Refusal("meeting.not_admitted")
        return meeting, actor

    def put_down(self, meeting: RunningMeeting) -> None:
        """It was let go of: whoever asks next folds it anew."""
        self._forget_running(meeting)

    # --- by hosts, apart from the channel ---------------------------------------------------------------------------

    async def invite(self, ticket: Ticket, wanted: Sequence[tuple[str, str]]) -> list[Invitation] | Refusal:
        """`wanted`: name and admission of each. All of them or none."""
        if (refusal := await self._lacks(ticket, May.HOST)) is not None:
            return refusal
        made: list[Invitation] = []
        for said, admission in wanted:
            name, proof = text.name(said), model.decode(admission)
            if isinstance(name, Refusal):
                return name
            if len(proof) != 32:
                return Refusal("admission.invalid")
            id = "i_" + model.encode(self._randomness.token(9))
            made.append(Invitation(id, name, model.hashed(proof), self._clock.now()))
        if len(await self._journal.invitations(ticket.number)) + len(made) > MOST:
            return Refusal("invitation.too_many", {"most": MOST})
        kept = await self._journal.invite(ticket.number, made)
        return made if kept else Refusal("invitation.taken")

    async def invited(self, ticket: Ticket) -> list[Invited] | Refusal:
        if (refusal := await self._lacks(ticket, May.HOST)) is not None:
            return refusal
        state = (await self._open(ticket.number)).state
        used = {known.link for known in state.known.values() if known.link}
        live = {state.known[who].link for who in state.people}
        kept = await self._journal.invitations(ticket.number)
        return [Invited(i.id, i.name, i.id in used, i.id in live, i.revoked) for i in kept]

    async def revoke(self, ticket: Ticket, invitation: str) -> Refusal | None:
        if (refusal := await self._lacks(ticket, May.HOST)) is not None:
            return refusal
        if not await self._journal.revoke_invitation(ticket.number, invitation):
            return Refusal("invitation.unknown")
        return await self.command(ticket.number, people.Revoke(invitation))

    async def void_link(self, number: str, link: str) -> None:
        """It was taken back by who plans; if somebody is there, the meeting hears of it."""
        if number in self._running:
            await self.command(number, people.Revoke(link))

    async def read_proofs(self, number: str) -> None:
        """What lets somebody in was changed by who plans; if somebody is there, the door knows it from memory."""
        running = self._running.get(number)
        kept = await self._journal.find(number) if running is not None else None
        if running is not None and kept is not None:
            before, admission = running.meeting, kept.admission_hash
            running.meeting = replace(before, admission_hash=admission, passcode_hash=kept.passcode_hash)

    async def replace_host_key(self, ticket: Ticket) -> str | Refusal:
        """The old one proves nothing from then on."""
        if (refusal := await self._lacks(ticket, May.OWN)) is not None:
            return refusal
        key = model.new_token(self._randomness)
        hashed = model.hashed(model.decode(key))
        await self._journal.replace_host_key(ticket.number, hashed)
        meeting = await self._open(ticket.number)
        meeting.meeting = replace(meeting.meeting, host_key_hash=hashed)
        refusal = await meeting.command(people.ReplaceKey(ticket.participant))
        return key if refusal is None else refusal

    async def _lacks(self, ticket: Ticket, what: May) -> Refusal | None:
        """By what they are in the meeting at this moment, not by what the ticket says."""
        actor = people.actor((await self._open(ticket.number)).state, ticket.participant)
        return Refusal("meeting.not_admitted") if actor is None else actor.lacks(what)

    # --- the course of time -----------------------------------------------------------------------------------------

    async def tick(self) -> None:
        """Whatever is due. Called every second; by a test after it moved the clock."""
        for meeting in tuple(self._running.values()):
            self._tick_alone(meeting)
        if self._ticks:
            await asyncio.wait(self._ticks.values(), timeout=TICK_WITHIN_S)
        for number in tuple(islice(self._to_open, FOLDED_AT_ONCE)):
            await self._open_again(number)
        if self._clock.monotonic() - self._swept_at >= SWEEP_EVERY_S:
            self._swept_at = self._clock.monotonic()
            await self._sweep()

    def _tick_alone(self, meeting: RunningMeeting) -> None:
        if meeting.number in self._ticks:
            return
        if meeting.is_due or meeting.idle or meeting.gone:
            task = self._ticks[meeting.number] = asyncio.create_task(self._tick_one(meeting))
            task.add_done_callback(lambda _: self._ticks.pop(meeting.number, None))

    async def _tick_one(self, meeting: RunningMeeting) -> None:
        try:
            await meeting.tick()
        except LetGo:
            pass
        except Exception:
            log.exception("a meeting's tick failed", number=meeting.number)
        if meeting.idle:
            meeting.let_go()
        elif meeting.gone and meeting.state.people:
            self._to_open[meeting.number] = None  # whoever doesn't come back must be given up all the same
        self._forget_running(meeting)

    async def _open_again(self, number: str) -> None:
        try:
            await self._open(number)
        except LookupError:
            pass
        except Exception:
            log.exception("a meeting can't be folded", number=number)
            self._to_open[number] = self._to_open.pop(number)  # after the others
            return
        self._to_open.pop(number, None)

    async def _sweep(self) -> None:
        now = self._clock.now()
        settings = self._settings
        for number in await self._journal.deserted(now - settings.empty_life, now - settings.unentered_life):
            try:
                await (await self._open(number)).end()
            except LetGo:
                pass
            except Exception:
                log.exception("a deserted meeting doesn't end", number=number)
        await self._journal.forget_networks(now - KEPT_FOR)
        for number in await self._journal.forget(now - settings.retention):
            log.info("meeting forgotten", number=number)

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
        fold = Log(self._features, self._feature)
        kept = await self._journal.load(number, fold.shape, TAIL)
        meeting = await self._journal.find(number)
        if meeting is None:
            raise LookupError(number)
        if kept.snapshot:
            fold.restore(*kept.snapshot)
        fold.refold(kept.tail, kept.entries, kept.reserved)
        for name, at in await self._journal.banned_networks(number):
            self._networks.ban(number, (name,), at)
        running = RunningMeeting(
            meeting,
            fold,
            len(kept.entries),
            self._journal,
            self._media,
            self._clock,
            self._settings,
            self._networks,
            lambda: self.limits_of(number),
        )
        self._running[number] = running
        return running

    def _forget_running(self, meeting: RunningMeeting) -> None:
        if meeting.gone and self._running.get(meeting.number) is meeting:
            del self._running[meeting.number]

    # --- media ------------------------------------------------------------------------------------------------------

    def may_be_inside(self, room: str, identity: str) -> bool:
        """For the room's own door. Of a meeting that isn't folded yet, its door can't say, and asks when they are in."""
        running = self._running.get(number_of(room) or "")
        return running is None or running.may_be_inside(identity)

    def terms(self, room: str, identity: str) -> Terms:
        """On which they come into that room."""
        running = self._running.get(number_of(room) or "")
        return ANY_TERMS if running is None else running.terms(identity)

    def _published(self, event: TrackPublished) -> None:
        running = self._running.get(number_of(event.room) or "")
        if running is not None:
            running.noticed(event.info.identity, f"media.{event.track.source.word}")

    def _seen_in_room(self, event: ParticipantJoined) -> None:
        self._look(event.room, lambda meeting: meeting.seen_in_room(*_described(event)))

    def _gone_from_room(self, event: ParticipantLeft) -> None:
        if event.was_active:
            self._look(event.room, lambda meeting: meeting.gone_from_room(event.identity))

    def _look(self, room: str, tell: Callable[[RunningMeeting], Awaitable[None]]) -> None:
        number = number_of(room)
        if number is None:
            return
        task = asyncio.create_task(self._tell(number, room, tell))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _tell(self, number: str, room: str, tell: Callable[[RunningMeeting], Awaitable[None]]) -> None:
        try:
            await tell(await self._open(number))
        except LookupError:
            self._media.close(room)  # a room of that name is a meeting's or nobody's
        except LetGo:
            pass  # the next one who opens it looks who is in
        except Exception:
            log.exception("what happened in a room is not known to its meeting", number=number)


def _described(event: ParticipantJoined) -> tuple[str, str, str]:
    """Identity, name and kind of one in a room."""
    info = event.info
    if info.permission.recorder:
        kind = "recorder"
    else:
        kind = "agent" if info.permission.agent or info.kind == AGENT else "program"
    name = text.name(info.name or info.identity)
    return info.identity, kind if isinstance(name, Refusal) else name, kind
