"""What a running meeting knows of who comes and keeps in no log: their networks, how many knock, who was let in without a channel.

Law: bounded. What an uninvited crowd uses up is its own: who is invited asks for none of it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from folkmoot.kit import Bucket, Clock
from folkmoot.kit.bucket import Buckets
from folkmoot.meetings import people
from folkmoot.meetings.feature import Entry, ParticipantId
from folkmoot.meetings.networks import Networks, same, to_ban
from folkmoot.meetings.people.state import Whose
from folkmoot.meetings.tickets import Ticket

WAITERS, WAITERS_IN_S = 600, 600.0
"""So many may come to wait at once, and so many more in as long."""
MOST_OF_A_NETWORK = 250
"""Of the five hundred who may wait. Whose link is their own doesn't."""
OF_A_NETWORK, OF_A_NETWORK_IN_S, NETWORKS = 300, 600.0, 1000
"""So many of one network, and so many more in as long."""
KNOCKS, KNOCKS_IN_S = 20, 60.0
AGAIN_S = 60.0
"""One person's next knock."""
BY_ROOM_WITHIN = timedelta(minutes=10)
"""As long as the media token lasts that a client of before got at the door."""
MOST_KEPT = 5000

Value = TypeVar("Value")


class Newcomers:
    def __init__(self, number: str, networks: Networks, clock: Clock) -> None:
        self._number, self._networks, self._clock = number, networks, clock
        now = clock.monotonic()
        self._waiters = Bucket(WAITERS, WAITERS_IN_S, now)
        self._of_network = Buckets(OF_A_NETWORK, OF_A_NETWORK_IN_S, NETWORKS)
        self._knocks = Bucket(KNOCKS, KNOCKS_IN_S, now)
        self._knocked: OrderedDict[ParticipantId, float] = OrderedDict()
        self._network: OrderedDict[ParticipantId, str] = OrderedDict()
        self._heard: OrderedDict[ParticipantId, bool] = OrderedDict()
        self._by_room: OrderedDict[ParticipantId, Ticket] = OrderedDict()

    def asked(
        self, ticket: Ticket, state: people.State, most: int, is_live: Callable[[ParticipantId], bool]
    ) -> tuple[people.Enter, ParticipantId | None]:
        """What they ask of the meeting, and who uses the same link at this moment."""
        other = self._user_of(ticket, state, is_live)
        identity = ticket.identity
        removed = self._networks.is_banned(self._number, identity.network, self._clock.now())
        noticed = {"guessed": ticket.guessed, "was_removed": removed, "link_in_use": other is not None}
        marks = tuple(word for word, so in noticed.items() if so)
        enter = people.Enter(ticket.name, ticket.role, identity, ticket.made_at, most, marks)
        return replace(enter, whose=Whose(ticket.kind, ticket.org, ticket.picture)), other

    def note(self, ticket: Ticket) -> None:
        _keep(self._network, ticket.participant, ticket.identity.network)

    def banned_by(self, entries: Iterable[Entry]) -> tuple[str, ...]:
        """Who is blocked takes their network along, for a day."""
        removed = (
            entry.payload for entry in entries if (entry.feature, entry.type) == ("meeting", "removed")
        )
        blocked = (ParticipantId(str(of["participant"])) for of in removed if of.get("block", True))
        return tuple(name for who in blocked for name in to_ban(self._network.get(who, "")))

    def ban(self, names: Iterable[str]) -> None:
        self._networks.ban(self._number, names, self._clock.now())

    def wait_to_wait(self, ticket: Ticket, state: people.State) -> float:
        """0: one more may come to wait; else how many seconds from now. One network can't take every place."""
        now, mine = self._clock.monotonic(), ticket.identity.network
        there = sum(1 for who in state.waiting if same(mine, self._network.get(who, "")))
        if there >= MOST_OF_A_NETWORK:
            return AGAIN_S
        if mine and (wait := self._of_network.take(mine, now)):
            return wait
        return self._waiters.take(now)

    def may_knock(self, who: ParticipantId) -> bool:
        now = self._clock.monotonic()
        before = self._knocked.get(who)
        if (before is not None and now - before < AGAIN_S) or self._knocks.take(now):
            return False
        _keep(self._knocked, who, now)
        return True

    def first_heard(self, who: ParticipantId) -> bool:
        """Whether they come into the room for the first time: whoever only lost their line isn't muted again."""
        first = who not in self._heard
        _keep(self._heard, who, True)
        return first

    # --- without a channel ------------------------------------------------------------------------------------------

    def expect_in_room(self, ticket: Ticket) -> None:
        _keep(self._by_room, ticket.participant, ticket)

    def expected(self, who: ParticipantId) -> Ticket | None:
        ticket = self._by_room.get(who)
        if ticket is None or self._clock.now() - ticket.made_at >= BY_ROOM_WITHIN:
            return None
        return ticket

    def expects_any(self) -> bool:
        for who in tuple(self._by_room):
            if self.expected(who) is None:
                del self._by_room[who]
        return bool(self._by_room)

    def _user_of(
        self, ticket: Ticket, state: people.State, is_live: Callable[[ParticipantId], bool]
    ) -> ParticipantId | None:
        link = ticket.identity.link
        if not link:
            return None
        account = ticket.identity.account
        here = (
            who
            for who in state.people
            if who != ticket.participant
            and state.known[who].link == link
            and not (account and state.known[who].account == account)  # they themselves, at another device
        )
        return next((who for who in here if is_live(who)), None)


def _keep(kept: OrderedDict[ParticipantId, Value], who: ParticipantId, what: Value) -> None:
    kept[who] = what
    kept.move_to_end(who)
    if len(kept) > MOST_KEPT:
        kept.popitem(last=False)
