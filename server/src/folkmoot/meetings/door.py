"""The door: making meetings, and a ticket for whoever proves that they may come.

Law: a ticket is kept nowhere, and says only what was proved; what it is good for the meeting says on the channel, at that moment.
Whoever proves nothing hears nothing, however they ask.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

import structlog
from pydantic import JsonValue

from folkmoot.kit import Clock, Randomness, Refusal, text
from folkmoot.meetings import model, people, rules
from folkmoot.meetings.feature import Entry, ParticipantId, Role
from folkmoot.meetings.identity import Identity
from folkmoot.meetings.invitations import Invitation
from folkmoot.meetings.journal import Journal
from folkmoot.meetings.model import Meeting, Settings
from folkmoot.meetings.networks import Networks
from folkmoot.meetings.people import policy
from folkmoot.meetings.planned import STRANGER, Opening, Standing, Visitor
from folkmoot.meetings.rate_limiter import RateLimiter
from folkmoot.meetings.running import RunningMeeting
from folkmoot.meetings.tickets import Returning, Ticket, TokenSigner

log = structlog.get_logger("folkmoot.meetings")


TOO_MANY_RUNNING = Refusal("meeting.too_many_running", {"retry_after_s": 30})


@dataclass(frozen=True, slots=True)
class Wish:
    """What a new meeting shall be like."""

    title: str = ""
    admission: str | None = None
    preset: str = policy.OPEN.preset
    waiting_room: str | None = None


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
    device: str | None = None
    """Random, drawn by the page for this meeting. None: a client of before, which asks no channel for its media."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What a ticket's bearer is told. Name and role as they will be, if they come now: who would wait is told so."""

    participant: ParticipantId
    name: str
    role: Role
    meeting: Meeting
    channel_token: str
    rejoin: str
    media_token: str | None = None
    """For a client of before."""


@dataclass(frozen=True, slots=True)
class _Proved:
    meeting: Meeting
    role: Role
    link: Invitation | None = None
    standing: Standing = STRANGER


class Door:
    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        randomness: Randomness,
        settings: Settings,
        signer: TokenSigner,
        networks: Networks,
        presets: Mapping[str, people.Policy],
        running: Callable[[str], RunningMeeting | None],
        opened: Callable[[str], Awaitable[RunningMeeting]],
        is_full: Callable[[str], bool],
        standing: Callable[..., Awaitable[Standing]],
        begin: Callable[[str, Opening], Awaitable[None]],
        take_place: Callable[[Meeting], Awaitable[Refusal | None]],
    ) -> None:
        """`take_place`: among the meetings that take place at once, for the first who comes."""
        self._journal, self._clock, self._randomness = journal, clock, randomness
        self._settings, self._signer, self._networks = settings, signer, networks
        self._presets, self._running, self._opened = presets, running, opened
        self._is_full, self._standing, self._begin, self._take_place = is_full, standing, begin, take_place
        self._limiter = RateLimiter()

    # --- making -----------------------------------------------------------------------------------------------------

    async def create(self, wish: Wish, address: str) -> Created | Refusal:
        title, allowed = text.title(wish.title), self._policy(wish)
        for one in (title, allowed):
            if isinstance(one, Refusal):
                return one
        if wait := self._limiter.make(address, self._clock.monotonic()):
            return Refusal("meeting.too_many_made", {"retry_after_s": math.ceil(wait)})
        secret = self._randomness.token(model.SECRET_BYTES) if wish.admission is None else None
        proof = model.admission_of(secret) if secret else model.decode(wish.admission)
        if len(proof) != 32:
            return Refusal("admission.invalid")
        assert isinstance(title, str) and isinstance(allowed, people.Policy)
        return await self._make(title, allowed, proof, secret)

    def _policy(self, wish: Wish) -> people.Policy | Refusal:
        if wish.preset not in self._presets:
            return Refusal("meeting.unknown_preset", {"known": ", ".join(self._presets)})
        wished = {} if wish.waiting_room is None else {"waitingRoom": wish.waiting_room}
        return policy.wished(self._presets[wish.preset], {"preset": wish.preset, **wished}, self._presets)

    def policy_of(self, opening: Opening) -> people.Policy:
        """A preset that the operator took away is the careful one."""
        wish = Wish(preset=opening.preset, waiting_room=opening.waiting_room)
        allowed = self._policy(wish)
        if isinstance(allowed, Refusal):
            allowed = self._policy(replace(wish, preset=policy.CAREFUL.preset))
        return policy.CAREFUL if isinstance(allowed, Refusal) else allowed

    async def _make(self, title: str, allowed: people.Policy, proof: bytes, secret: bytes | None) -> Created:
        passcode = model.new_passcode(self._randomness)
        host_key = model.new_token(self._randomness)
        while True:
            number = model.new_number(self._randomness)
            now = self._clock.now()
            meeting = Meeting(
                number=number,
                title=title,
                created_at=now,
                admission_hash=model.hashed(proof),
                passcode_hash=self._signer.passcode(number, passcode),
                host_key_hash=model.hashed(model.decode(host_key)),
            )
            told: dict[str, JsonValue] = {"title": title, "number": number, "policy": policy.written(allowed)}
            if await self._journal.create(meeting, Entry(1, now, "meeting", "started", None, told)):
                log.info("meeting created", number=number)
                return Created(meeting, passcode, host_key, model.encode(secret) if secret else None)

    # --- coming -----------------------------------------------------------------------------------------------------

    async def join(
        self, number: str, arrival: Arrival, address: str, visitor: Visitor | None = None
    ) -> Joined | Refusal:
        """`visitor`: who is signed in. Their name is the account's, whatever they say."""
        name = text.name(visitor.name if visitor else arrival.name)
        if isinstance(name, Refusal):
            return name
        number = number if model.is_number(number) else rules.NOBODYS.number
        await self._networks.ready(self._clock.now())
        device = self._signer.device(number, arrival.device)
        if isinstance(device, Refusal):
            return device
        by_passcode = arrival.passcode is not None and arrival.admission is None
        returning = self._signer.read_rejoin(number, arrival.rejoin)
        now = self._clock.monotonic()
        attacked = by_passcode and self._limiter.under_attack(number, now)
        wait = self._limiter.attempt(number, address, device, now) if by_passcode else 0
        proof = self._proof(number, arrival, by_passcode=by_passcode)
        counts = by_passcode and not wait
        proved = await self._prove(number, proof, returning, visitor, passcode_counts=counts)
        if isinstance(proved, Refusal):
            if wait:
                return Refusal("meeting.too_many_tries", {"retry_after_s": math.ceil(wait)})
            return proved
        if self._is_full(number):
            return TOO_MANY_RUNNING
        if returning is not None and returning.occurrence != proved.meeting.occurrence:
            returning = None
        guessed = returning is not None and returning.guessed
        if by_passcode and not wait:
            self._limiter.right(number, address, device, attacked=attacked)
            guessed = guessed or attacked
            if attacked:
                await self._warn(number)
        ticket = self._ticket(proved, returning, device, name, address, visitor, guessed=guessed)
        return await self._told(proved.meeting, ticket, of_before=arrival.device is None)

    async def linked(self, number: str, admission: str) -> bool:
        """Whether this opens that meeting, or would when it begins. It takes as long whatever there is, and says nothing else."""
        number = number if model.is_number(number) else rules.NOBODYS.number
        proof = self._proof(number, Arrival("", admission=admission), by_passcode=False)
        kept = await self._journal.find(number)
        link = await self._journal.invited(number, model.hashed(proof.admission))
        return not isinstance(rules.prove(kept, proof, None, False, link), Refusal)

    def _proof(self, number: str, arrival: Arrival, *, by_passcode: bool) -> rules.Proof:
        return rules.Proof(
            admission=model.decode(arrival.admission),
            passcode_hash=self._signer.passcode(number, (arrival.passcode or "")[:64]),
            host_key=model.decode(arrival.host_key),
            by_passcode=by_passcode,
        )

    async def _warn(self, number: str) -> None:
        """Somebody had it right. While many have it wrong, that proves little: they wait, and hosts hear why."""
        log.warning("right passcode while it is being guessed", number=number)
        await (await self._opened(number)).command(people.Guessing())

    async def _prove(
        self,
        number: str,
        proof: rules.Proof,
        returning: Returning | None,
        visitor: Visitor | None,
        *,
        passcode_counts: bool,
    ) -> _Proved | Refusal:
        """Of a meeting that runs its facts are at hand. Whoever proves nothing waits for the same reading, whatever there is."""
        running = self._running(number)
        at_hand = replace(running.meeting, status=running.status) if running else None
        stands = STRANGER if visitor is None else await self._standing(number, visitor, "")
        who = _of(returning, at_hand)
        role = rules.prove(at_hand, proof, who, passcode_counts, by_account=stands.role)
        if not isinstance(role, Refusal) and at_hand is not None:
            return await self._by_plan(_Proved(at_hand, role, None, stands), visitor)
        kept = await self._journal.find(number)
        link = await self._journal.invited(number, model.hashed(proof.admission))
        role = rules.prove(kept, proof, _of(returning, kept), passcode_counts, link, stands.role)
        if isinstance(role, Refusal) or kept is None:
            return proof.refusal
        return await self._by_plan(_Proved(kept, role, link, stands), visitor)

    async def _by_plan(self, proved: _Proved, visitor: Visitor | None) -> _Proved | Refusal:
        """Of a planned meeting: whether they may come, and whether it begins with them. Asked of who proved something."""
        meeting, stands = proved.meeting, proved.standing
        if not meeting.planned:
            return proved
        if visitor is None or proved.link is not None or meeting.rests:
            link = proved.link.id if proved.link else ""
            stands = await self._standing(meeting.number, visitor, link, begins=meeting.rests)
        if stands.refusal is not None and not proved.role.hosts:
            return stands.refusal
        if meeting.rests and isinstance(stands.opening, Refusal):
            return stands.opening
        if (full := await self._take_place(meeting)) is not None:
            return full
        if meeting.rests and isinstance(stands.opening, Opening):
            await self._begin(meeting.number, stands.opening)
            meeting = await self._journal.find(meeting.number) or meeting
        return replace(proved, meeting=meeting, standing=stands)

    def _ticket(
        self,
        proved: _Proved,
        returning: Returning | None,
        device: str,
        name: str,
        address: str,
        visitor: Visitor | None,
        *,
        guessed: bool,
    ) -> Ticket:
        """Nothing is kept of it: whoever never comes leaves no trace."""
        number, now = proved.meeting.number, self._clock.now()
        who = returning.participant if returning else model.new_participant(self._randomness)
        stands = proved.standing
        link = stands.link or (proved.link.id if proved.link else returning.link if returning else "")
        account = visitor.account if visitor else ""
        identity = Identity(who, device, link, account, self._networks.names(number, address, now))
        name = proved.link.name if proved.link and visitor is None else name
        ends = now + self._settings.channel_token_life
        ticket = Ticket(number, identity, name, proved.role, now, ends, guessed)
        picture = visitor.picture if visitor else ""
        whose = replace(ticket, kind=stands.kind, org=stands.org, picture=picture)
        return replace(whose, occurrence=proved.meeting.occurrence)

    async def _told(self, meeting: Meeting, ticket: Ticket, *, of_before: bool) -> Joined | Refusal:
        running = await self._opened(meeting.number)
        state, identity = running.state, ticket.identity
        marks = ("guessed",) if ticket.guessed else ()
        asked = people.Enter(ticket.name, ticket.role, identity, ticket.made_at, marks=marks)
        waits = people.waits(state, identity.participant, asked)
        if waits and of_before:
            return Refusal("meeting.waits")
        name, role = people.as_whom(state, identity.participant, asked)
        role = Role.WAITING if waits else role
        title = "" if waits and not state.policy.show_title else meeting.title
        returning = Returning(identity.participant, identity.link, ticket.guessed, ticket.occurrence)
        return Joined(
            identity.participant,
            name,
            role,
            replace(meeting, title=title, status=replace(meeting.status, locked=state.locked)),
            self._signer.ticket(ticket),
            self._signer.rejoin(meeting.number, returning),
            running.token_at_the_door(ticket) if of_before else None,
        )


def _of(returning: Returning | None, meeting: Meeting | None) -> ParticipantId | None:
    """Who was in an occurrence has proved nothing to the next."""
    if returning is None or meeting is None or returning.occurrence != meeting.occurrence:
        return None
    return returning.participant
