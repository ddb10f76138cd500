"""One running meeting: who comes to it, what they ask of it, and the course of time.

Law: it changes nothing but in a step of its own (`steps`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog

from folkmoot.kit import Clock, Refusal
from folkmoot.meetings import messages, people
from folkmoot.meetings.budgets import Budgets
from folkmoot.meetings.feature import Actor, Entry, ParticipantId
from folkmoot.meetings.journal import Journal
from folkmoot.meetings.keeping import Keeping
from folkmoot.meetings.log import Log
from folkmoot.meetings.media import Media
from folkmoot.meetings.messages import Do
from folkmoot.meetings.model import Meeting, Settings, Status
from folkmoot.meetings.networks import Networks
from folkmoot.meetings.newcomers import Newcomers
from folkmoot.meetings.outside import Outside
from folkmoot.meetings.presence import NEVER, Presence
from folkmoot.meetings.seats import DENIED, ELSEWHERE, ENDED, LEFT, REMOVED, Connection, Seats
from folkmoot.meetings.steps import TRY_AGAIN, LetGo, Steps
from folkmoot.meetings.tickets import Ticket
from folkmoot.rooms.model import ANY_TERMS, Terms

__all__ = [
    "DENIED",
    "ELSEWHERE",
    "ENDED",
    "LEFT",
    "REMOVED",
    "TRY_AGAIN",
    "Connection",
    "LetGo",
    "RunningMeeting",
]

log = structlog.get_logger("folkmoot.meetings")


class RunningMeeting:
    def __init__(
        self,
        meeting: Meeting,
        fold: Log,
        since_snapshot: int,
        journal: Journal,
        media: Media,
        clock: Clock,
        settings: Settings,
        networks: Networks,
        limits: Callable[[], people.Limits],
    ) -> None:
        """`limits`: what a plan allows it, at any moment."""
        self.meeting, self._limits = meeting, limits
        self._log = fold
        self._clock, self._settings = clock, settings
        self._budgets = Budgets()
        self._newcomers = Newcomers(meeting.number, networks, clock)
        self._keeping = Keeping(meeting, fold, since_snapshot, journal, self._newcomers, settings)
        self._outside = Outside(meeting.number, media)
        self._seats = Seats(fold, self._outside, clock)
        inside = self._outside.begin(fold.wants())
        awaited = (
            *(*fold.meeting.people, *fold.meeting.waiting),
            *(who for who in fold.meeting.services if who not in inside),
        )
        self._presence = Presence(awaited, clock.monotonic() + settings.grace_s)
        self._steps = Steps(meeting, fold, self._keeping, self._seats, self._outside, self._presence, clock)

    @property
    def number(self) -> str:
        return self.meeting.number

    @property
    def state(self) -> people.State:
        return self._log.meeting

    @property
    def status(self) -> Status:
        return self._keeping.status

    @property
    def gone(self) -> bool:
        return self._steps.gone

    @property
    def idle(self) -> bool:
        busy = len(self._seats) or self._presence or self._steps or self.state.services
        return not (busy or self._newcomers.expects_any())

    # --- a page's channel -------------------------------------------------------------------------------------------

    async def enter(
        self, ticket: Ticket, connection: Connection, seen: int | None, *, knock: bool = False
    ) -> Refusal | None:
        """It says hello: for the first time, or having seen the log up to there. Whether they may is asked now.
        `knock`: if it is locked, hosts shall hear of it."""
        who = ticket.participant
        if ticket.occurrence != self.meeting.occurrence:
            return Refusal("meeting.ended")  # the one that it was for

        async def step() -> Refusal | None:
            wait = self._budgets.hello(who, self._clock.monotonic())
            if wait:
                return Refusal("meeting.rate_limited", {"retry_after_s": _tenths(wait)})
            await self._limit()
            refusal = await self._come(ticket)
            if refusal is not None:
                if knock and refusal.code == "meeting.locked" and self._newcomers.may_knock(who):
                    await self._steps.by_itself(people.Knock(ticket.name))
                return refusal
            self._seats.take(who, connection, seen)
            await self._tell_back(who)
            return None

        return await self._steps.in_turn(step)

    async def do(self, who: ParticipantId, connection: Connection, asked: Do) -> bool:
        """Answers through the connection, with exactly one of done and refused. False: they ask too much."""

        async def step() -> bool:
            if not self._sits(who, connection):
                return True  # the answer goes to whoever repeats it on their newer channel
            before = self._log.already_done(who, asked.id)
            if before is not None:
                connection.send(messages.done(asked.id, 0 if who in self.state.waiting else before))
                return True
            refusal = await self._carry_out(who, connection, asked)
            if refusal is not None:
                connection.send(messages.refused(asked.id, refusal))
            return refusal is None or refusal.code != "meeting.rate_limited"

        return await self._steps.in_turn(step)

    async def bring(self, who: ParticipantId, feature: str, command: object, id: str) -> bool | Refusal:
        """Asked on another way than the channel, with what the server itself vouches for. False: it was done before."""

        async def step() -> bool | Refusal:
            if self._log.already_done(who, id) is not None:
                return False
            entries = self._would(who, feature, command, id)
            if isinstance(entries, Refusal):
                return entries
            await self._steps.happen(entries)
            return True

        return await self._steps.in_turn(step)

    def would(self, who: ParticipantId, feature: str, command: object) -> Refusal | None:
        """What `bring` would say now, for who is about to do much for it. It counts as a command."""
        wait = self._budgets.command(who, self._clock.monotonic(), passing=False)
        if wait:
            return Refusal("meeting.rate_limited", {"retry_after_s": _tenths(wait)})
        entries = self._would(who, feature, command)
        return entries if isinstance(entries, Refusal) else None

    def _would(
        self, who: ParticipantId, feature: str, command: object, id: str | None = None
    ) -> list[Entry] | Refusal:
        actor = self._log.actor(who)
        if actor is None:
            return Refusal("meeting.ended" if self.state.ended else "meeting.not_admitted")
        return self._log.decide(actor, feature, command, self._clock.now(), id)

    def state_of(self, feature: str) -> Any:
        return self._log.state_of(feature)

    async def leaving(self, who: ParticipantId, connection: Connection) -> None:
        """The page says that its tab goes: nobody waits for that line."""

        async def step() -> None:
            if self._sits(who, connection):
                self.lost(who, connection)
                self._presence.hide_now(who, self._clock.monotonic())
                await self._hide()

        await self._steps.in_turn(step)

    def lost(self, who: ParticipantId, connection: Connection, *, by_us: bool = False) -> None:
        """That channel is gone. No effect when a newer one is here. `by_us`: others aren't told of it."""
        if self._sits(who, connection):
            self._seats.vacate(who)
            inside = who in self.state.people
            if inside or who in self.state.waiting:
                now = self._clock.monotonic()
                hide_at = NEVER if by_us or not inside else now + self._settings.hide_s
                self._presence.gone(who, hide_at, now + self._settings.grace_s)

    # --- the room ---------------------------------------------------------------------------------------------------

    def token_at_the_door(self, ticket: Ticket) -> str:
        """For a client of before, which asks no channel for it: using it is coming in, and is decided then."""
        self._newcomers.expect_in_room(ticket)
        denied = frozenset() if ticket.role.hosts else people.may_not_send(people.allowed(self.state.policy))
        return self._outside.token(ticket.participant, ticket.name, denied)

    def may_be_inside(self, identity: str) -> bool:
        """Of one who stands at the room's own door. Programs are asked when they are in."""
        who = ParticipantId(identity)
        if self.state.ended or who in self.state.removed:
            return False
        if not is_participant(identity) or who in self._log.wants().inside:
            return True
        ticket = self._newcomers.expected(who)
        return ticket is not None and not isinstance(self._asking(ticket, by_room=True)[0], Refusal)

    def terms(self, identity: str) -> Terms:
        """Of one who comes into the room: a token from before lets nobody do what they may no more."""
        person = self.state.people.get(ParticipantId(identity))
        if person is None:
            return ANY_TERMS
        begins_muted = self.state.policy.mute_on_entry and not person.role.hosts
        return Terms(
            self._outside.sources(person.id), begins_muted and self._newcomers.first_heard(person.id)
        )

    async def seen_in_room(self, identity: str, name: str, kind: str) -> None:
        """Their media stands."""

        async def step() -> None:
            who = ParticipantId(identity)
            if who in self.state.services or self._came_by_room(who):
                self._presence.forget(who)
            elif who in self._log.wants().inside:
                return
            elif is_participant(identity):
                ticket = self._newcomers.expected(who)
                if ticket is None or await self._come(ticket, by_room=True):
                    self._outside.turn_out(identity)
            elif await self._steps.by_itself(people.ServeIn(who, name, kind)):
                self._outside.turn_out(identity)

        await self._steps.in_turn(step)

    async def gone_from_room(self, identity: str) -> None:
        async def step() -> None:
            who = ParticipantId(identity)
            leaves = people.Lose if self._came_by_room(who) else people.ServeOut
            await self._steps.by_itself(leaves((who,)))

        await self._steps.in_turn(step)

    def noticed(self, identity: str, what: str) -> None:
        """Something that somebody began in the room; for those who ask what was done lately."""
        self._log.recent.note(ParticipantId(identity), what, self._clock.now())

    def _came_by_room(self, who: ParticipantId) -> bool:
        """They are in without a channel."""
        return who in self.state.people and self.state.known[who].by_room and who not in self._seats

    async def command(self, command: people.AnyCommand) -> Refusal | None:
        """By one with authority over the server: as the meeting itself."""

        async def step() -> Refusal | None:
            return await self._steps.by_itself(command)

        return await self._steps.in_turn(step)

    # --- the course of time -----------------------------------------------------------------------------------------

    @property
    def is_due(self) -> bool:
        """`tick` would do something."""
        now = self._clock.monotonic()
        away = self._presence.lost(now) or self._presence.to_hide(now)
        return bool(away or self._log.due(self._clock.now()) or self._is_limited_anew)

    async def tick(self) -> None:
        """Who is away is told of, who has been away for too long has left, and features are asked whose moment has come."""
        now = self._clock.monotonic()
        if self._presence.lost(now):
            await self._steps.in_turn(self._lose)
        if self._presence.to_hide(now):
            await self._steps.in_turn(self._hide)
        if self._is_limited_anew:
            await self._steps.in_turn(self._limit)
        if self._log.due(self._clock.now()):
            await self._steps.in_turn(self._ask_due)

    @property
    def _is_limited_anew(self) -> bool:
        return bool(self.state.people) and self._limits() != self.state.limits

    async def _limit(self) -> None:
        if self._limits() != self.state.limits:
            await self._steps.by_itself(people.SetLimits(self._limits()))

    async def end(self) -> None:
        """By nobody: it stood empty."""

        async def step() -> None:
            if not self.state.people:
                await self._steps.by_itself(people.Close())

        await self._steps.in_turn(step)

    def let_go(self, code: int = TRY_AGAIN) -> None:
        self._steps.let_go(code)

    async def settled(self) -> None:
        """What was being stored is stored."""
        await self._steps.settled()

    def _sits(self, who: ParticipantId, connection: Connection) -> bool:
        return self._seats.sits(who, connection)

    # --- one step ---------------------------------------------------------------------------------------------------

    def _asking(
        self, ticket: Ticket, *, by_room: bool = False
    ) -> tuple[list[Entry] | Refusal, ParticipantId | None]:
        """What would follow if they came in now, and who uses their link already."""
        said = (self._settings.most_people, self.state.most, self.state.limits.people)
        most = min(one for one in said if one is not None)
        asked, other = self._newcomers.asked(ticket, self.state, most, self._is_live)
        actor = Actor(ticket.participant, ticket.role)
        return self._steps.decide(actor, replace(asked, by_room=by_room)), other

    async def _come(self, ticket: Ticket, *, by_room: bool = False) -> Refusal | None:
        who, waited = ticket.participant, ticket.participant in self.state.waiting
        entries, other = self._asking(ticket, by_room=by_room)
        if isinstance(entries, Refusal):
            return entries
        waits = not waited and any(entry.type == "waiting" and entry.by == who for entry in entries)
        if waits and (wait := self._newcomers.wait_to_wait(ticket, self.state)):
            return Refusal("meeting.waiting_room_full", {"retry_after_s": _tenths(wait)})
        self._newcomers.note(ticket)
        await self._steps.happen(entries)
        if waits and other is not None:
            await self._steps.by_itself(people.Tell("link_used_elsewhere", other))
        return None

    def _is_live(self, who: ParticipantId) -> bool:
        return who in self._seats or self._came_by_room(who)

    async def _carry_out(self, who: ParticipantId, connection: Connection, asked: Do) -> Refusal | None:
        actor = self._log.actor(who)
        if actor is None:
            return Refusal("meeting.ended" if self.state.ended else "meeting.unknown_participant")
        command = self._log.parse(asked.feature, asked.type, asked.payload)
        wait = self._budgets.command(who, self._clock.monotonic(), passing=getattr(command, "passing", False))
        if wait:
            return Refusal("meeting.rate_limited", {"retry_after_s": _tenths(wait)})
        if isinstance(command, Refusal):
            return command
        try:
            entries = self._log.decide(actor, asked.feature, command, self._clock.now(), asked.id)
        except Exception:
            log.exception("a feature can't decide", feature=asked.feature, kind=asked.type)
            return Refusal("meeting.failed")
        if isinstance(entries, Refusal):
            return entries
        seq = entries[-1].seq if entries else self._log.seq
        seq = 0 if actor.waits else seq  # it would tell how much goes on

        def acknowledge() -> None:
            self._log.remember(who, asked.id, seq)
            connection.send(messages.done(asked.id, seq))

        await self._steps.happen(entries, acknowledge)
        return None

    # --- who is away ------------------------------------------------------------------------------------------------

    async def _lose(self) -> None:
        lost = self._presence.lost(self._clock.monotonic())
        if await self._steps.by_itself(people.Lose(lost)) is None:
            await self._steps.by_itself(people.ServeOut(lost))
        for who in lost:
            self._presence.forget(who)

    async def _hide(self) -> None:
        hidden = self._presence.to_hide(self._clock.monotonic())
        if hidden:
            self._presence.told(hidden)
            await self._steps.by_itself(people.Away(hidden))

    async def _tell_back(self, who: ParticipantId) -> None:
        """Others hear that somebody is back; they hear who else is away."""
        now = self._clock.monotonic()
        if self._presence.back(who, now):
            await self._steps.by_itself(people.Back((who,)))
        if who not in self.state.people:
            return  # who waits hears of nobody
        returned = tuple(one for one in self._presence.returned(now) if one != who)
        if returned:
            await self._steps.by_itself(people.Back(returned, who))
        if self._presence.hidden:
            await self._steps.by_itself(people.Away(self._presence.hidden, who))

    async def _ask_due(self) -> None:
        now = self._clock.now()
        for feature in self._log.due(now):
            try:
                entries = self._log.when_due(feature, now)
            except Exception:
                log.exception("a feature can't decide", feature=feature, kind="due")
                continue
            if not isinstance(entries, Refusal):
                await self._steps.happen(entries)


def _tenths(seconds: float) -> float:
    """Never too few of them: who comes back when told is let in."""
    return math.ceil(seconds * 10) / 10


def is_participant(identity: str) -> bool:
    """Of a form that only this server gives."""
    return identity.startswith("p_") and len(identity) == 18
