"""This server's own events, brought into a book of their own each night: its people, organisations, subscriptions, invoices and payments,
and how many met.

Law: an event has the same id each night, so that bringing them again changes nothing. Nobody's name or address is in it: a person is a
word that only this server could make of their account, and a domain is told where anybody could prove it to be theirs, and nowhere else.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts.tables import accounts, addresses
from folkmoot.billing.exporting import exported
from folkmoot.growth.asking import Asking
from folkmoot.growth.books import OWN
from folkmoot.growth.routes import Growing
from folkmoot.kit import Clock, Refusal
from folkmoot.orgs import names
from folkmoot.orgs.tables import domains, members, orgs
from folkmoot.storage import Storage

AT_ONCE = 1000
NIGHT = 2
"""The hour, in UTC, from which a day's events are brought."""

Hosts = Callable[[AsyncConnection], AsyncIterator[tuple[str, datetime]]]
"""By account, when it first had a meeting."""


class Met(Protocol):
    """Who met on the whole server, on a day or in a month that is over. It is told so that nobody's attendance can be read from it."""

    @property
    def span(self) -> str: ...
    @property
    def first(self) -> date: ...
    @property
    def participants(self) -> int: ...
    @property
    def organisations(self) -> int: ...
    @property
    def meetings(self) -> int: ...
    @property
    def minutes(self) -> int: ...


Usage = Callable[[AsyncConnection, datetime], AsyncIterator[Met]]


@dataclass(slots=True)
class Own:
    storage: Storage
    clock: Clock
    secret: bytes
    asking: Asking
    hosts: Hosts
    usage: Usage
    _brought: date | None = field(default=None)

    def nightly(self, growing: Growing) -> Callable[[], Awaitable[None]]:
        async def look() -> None:
            now = self.clock.now()
            if now.hour >= NIGHT and self._brought != now.date():
                growing.begin(OWN, self.bring)

        return look

    async def bring(self) -> None:
        today = self.clock.now().date()
        with self.asking.draft() as into:
            await self.asking.bring(OWN, into, await self._written(into))
        self._brought = today

    async def _written(self, into: Any) -> str:
        """The currency of most of it, by what comes first."""
        currency = ""
        async with self.storage.reading() as connection:
            async for line in self.lines(connection):
                into.write(line)
                currency = currency or str(json.loads(line).get("currency", ""))
        return currency

    async def lines(self, connection: AsyncConnection) -> AsyncIterator[bytes]:
        async for line in exported(connection):
            yield line
        async for told in self._people(connection, await _domains(connection)):
            yield json.dumps(told, separators=(",", ":")).encode() + b"\n"
        async for told in self._organisations(connection):
            yield json.dumps(told, separators=(",", ":")).encode() + b"\n"
        async for met in self.usage(connection, self.clock.now()):
            yield json.dumps(_met(met), separators=(",", ":")).encode() + b"\n"

    async def _people(
        self, connection: AsyncConnection, known: dict[str, str]
    ) -> AsyncIterator[dict[str, str]]:
        async for id, at in _walked(connection, sa.select(accounts.c.id, accounts.c.made_at)):
            yield self._person("person.joined", id, at, known)
        async for id, at in self.hosts(connection):
            yield self._person("person.hosted", id, at, known)

    def _person(self, kind: str, id: str, at: datetime, known: dict[str, str]) -> dict[str, str]:
        person = self._word(id)
        said = {"kind": kind, "id": f"{kind}.{person}", "at": at.isoformat(), "person": person}
        return said | ({"domain": known[id]} if id in known else {})

    async def _organisations(self, connection: AsyncConnection) -> AsyncIterator[dict[str, str]]:
        """Told once more for each domain that it proved, since that may be years later."""
        made = {org: account async for org, account in _walked(connection, _FOUNDERS)}
        wanted = sa.select(orgs.c.id, orgs.c.name, orgs.c.made_at, domains.c.domain)
        proven = sa.and_(domains.c.org == orgs.c.id, domains.c.proven_at.is_not(None))
        async for id, name, at, domain in _walked(
            connection, wanted.select_from(orgs.outerjoin(domains, proven))
        ):
            told = f"organisation.{id}" + (f".{domain}" if domain else "")
            said = {"kind": "organisation.created", "id": told[:80], "at": at.isoformat(), "organisation": id}
            founder = {"person": self._word(made[id])} if id in made else {}
            yield said | founder | {"name": name[:200], "domain": domain or ""}

    def _word(self, account: str) -> str:
        """What nobody without this server's secret tells the account from."""
        return hmac.digest(self.secret, b"growth " + account.encode(), "sha256").hex()[:32]


def _met(one: Met) -> dict[str, str | int]:
    said = {"kind": "usage", "id": f"usage.{one.span}.{one.first}", "at": f"{one.first}T00:00:00Z"}
    counted = {name: getattr(one, name) for name in ("participants", "organisations", "meetings", "minutes")}
    return said | {"span": one.span, "date": str(one.first)} | counted


_FOUNDERS = (
    sa.select(members.c.org, sa.func.min(members.c.account))
    .where(members.c.role == "owner", members.c.account.is_not(None))
    .group_by(members.c.org)
)


async def _domains(connection: AsyncConnection) -> dict[str, str]:
    """Of each account the domain of the first address that it proved. At a provider for everybody, two people are no organisation."""
    found: dict[str, str] = {}
    wanted = sa.select(addresses.c.account, addresses.c.address).where(addresses.c.proven_at.is_not(None))
    async for account, address in _walked(
        connection, wanted.order_by(addresses.c.proven_at, addresses.c.address)
    ):
        ascii = names.domain(str(address).rpartition("@")[2])
        if account not in found and not isinstance(ascii, Refusal) and names.claimable(ascii) is None:
            found[account] = ascii
    return found


async def _walked(connection: AsyncConnection, wanted: sa.Select[Any]) -> AsyncIterator[Any]:
    async with connection.stream(wanted.execution_options(yield_per=AT_ONCE)) as rows:
        async for row in rows:
            yield row
