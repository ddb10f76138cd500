"""What is done with own addresses and senders again and again: memory is brought up to date, what lost its ground goes, what is due is
looked at, as jobs: no round waits for somebody else's server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping
from datetime import datetime, timedelta

from folkmoot.accounts.holding import BRANDING
from folkmoot.kit import Recurring
from folkmoot.orgs.events import OrgDeleted
from folkmoot.orgs.model import OrgId
from folkmoot.outward import hosting, sending, store
from folkmoot.outward.hosting import proven_by_it
from folkmoot.outward.model import Host, Sender, Step, Why, due, follows
from folkmoot.outward.outward import Outward, shown

EVERY_S = 60.0
MOST_AT_ONCE = 50
SENDER_EVERY = timedelta(days=1)
SENDER_WAITS = timedelta(minutes=10)
AGAIN = timedelta(minutes=5)
"""A look that was asked for isn't asked for again meanwhile."""


class Rounds:
    def __init__(self, at: Outward) -> None:
        self._at = at
        self._asked: dict[Hashable, datetime] = {}
        self._going = Recurring("own addresses", self.round, EVERY_S, at.clock)
        self.ailment = self._going.ailment
        at.orgs.jobs.does(hosting.LOOK, self._then(lambda payload: hosting.look_job(at, payload)))
        at.orgs.jobs.does(sending.LOOK, self._then(lambda payload: sending.look_job(at, payload)))
        at.orgs.bus.subscribe(OrgDeleted, lambda _: self._going.soon())

    async def start(self) -> None:
        await self.read()
        self._going.start()
        self._going.soon()

    async def stop(self) -> None:
        await self._going.stop()

    def soon(self) -> None:
        self._going.soon()

    async def read(self) -> None:
        """Into memory."""
        known = self._at.known
        async with self._at.orgs.storage.reading() as connection:
            hosts, senders = await store.every_host(connection), await store.every_sender(connection)
            names = await store.names_of(connection, {one.org for one in hosts})
        known.hosts = {one.host: one for one in hosts}
        known.senders = {one.org: one for one in senders}
        known.names = names

    async def round(self) -> None:
        at, now = self._at, self._at.clock.now()
        await self.read()
        if at.known.hosts:
            at.known.addresses = await hosting.addresses(at) or at.known.addresses
        async with at.orgs.storage.reading() as connection:
            proven = await store.proven_domains(connection) if at.known.hosts else {}
        for host in list(at.known.hosts.values()):
            await self._follow(host, proven)
        await self.read()
        wanted: list[tuple[Hashable, str, dict[str, str]]] = [
            *(
                ((one.host, one.org), hosting.LOOK, {"host": one.host})
                for one in at.known.hosts.values()
                if due(one, now)
            ),
            *(
                ((one.org, one.changed_at), sending.LOOK, {"org": str(one.org)})
                for one in at.known.senders.values()
                if _due(one, now)
            ),
        ]
        self._asked = {what: when for what, when in self._asked.items() if now - when < AGAIN}
        fresh = [one for one in wanted if one[0] not in self._asked][:MOST_AT_ONCE]
        if fresh:
            async with at.orgs.storage.writing() as connection:
                for _, kind, payload in fresh:
                    await at.orgs.jobs.add(connection, kind, payload)
        self._asked |= {what: now for what, _, _ in fresh}

    async def _follow(self, host: Host, proven: Mapping[str, OrgId]) -> None:
        at, now = self._at, self._at.clock.now()
        held = at.orgs.accounts.held.lacks(host.org, BRANDING) is None
        decided = follows(host, held, proven_by_it(host, proven), host.org in at.known.names, now)
        if decided is None:
            return
        step, why = decided
        async with at.orgs.audit.acting() as act:
            there = await store.host(act.connection, host.host)
            if there is None or there.leaving_since != host.leaving_since:
                return
            if step is Step.LEAVES and why is not None:
                if there.ready_at is None and why is not Why.SERVICE:
                    await store.remove_host(act.connection, host.host)  # nobody was given a link to it
                    await act.note(host.org, "", Step.GONE.value, host.host)
                    return
                await hosting.leave(at, act, "", there, why)
                return
            if step is Step.BACK:
                await store.change_host(act.connection, host.host, leaving_since=None, why=None)
                await at.tell_owners(act, host.org, "back", host=shown(host.host))
            else:
                await store.remove_host(act.connection, host.host)
            await act.note(host.org, "", step.value, host.host)

    def _then(self, work: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def done(payload: object) -> None:
            await work(payload)
            await self.read()

        return done


def _due(one: Sender, now: datetime) -> bool:
    if one.address is None:
        return False
    every = SENDER_EVERY if one.good_at is not None else SENDER_WAITS
    return one.looked_at is None or now - one.looked_at >= every
