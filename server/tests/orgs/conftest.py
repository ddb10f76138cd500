"""An organisation in a database of each kind, with real mail, and a real DNS that says what the test says."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from folkmoot.accounts.accounts import SignedIn
from folkmoot.accounts.model import Account, SignUp
from folkmoot.audit import Audit
from folkmoot.audit.anchors import Anchors
from folkmoot.kit import Refusal
from folkmoot.orgs import Following, OrgId, Orgs, directory, founding, joining
from folkmoot.orgs.directory import Entry, Wanted
from folkmoot.orgs.resolving import resolver

from ..accounts.conftest import Mailbox, Office, mailbox, opened

__all__ = ["mailbox"]

T = TypeVar("T")


class Zone(asyncio.DatagramProtocol):
    """A DNS server: TXT records by name, others by name and kind; silent where it is told to be."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.others: dict[tuple[str, str], list[str]] = {}
        self.silent = False
        self.asked: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        [question] = query.question
        name = question.name.to_text(omit_final_dot=True)
        self.asked.append(name)
        if self.silent:
            return
        answer = dns.message.make_response(query)
        kind = dns.rdatatype.to_text(question.rdtype)
        found = self.records.get(name)
        if others := self.others.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *others))
        elif found is None and not any(known == name for known, _ in self.others):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif found and question.rdtype == dns.rdatatype.TXT:
            said = [f'"{one}"' for one in found]
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "TXT", *said))
        self._transport.sendto(answer.to_wire(), addr)


@dataclass
class Town:
    """People with accounts, some of them in organisations."""

    office: Office
    at: Orgs
    following: Following
    zone: Zone
    data: Path
    port: int
    """Of the zone."""

    @property
    def mailbox(self) -> Mailbox:
        return self.office.mailbox

    async def person(self, name: str, address: str = "", language: str = "en") -> SignedIn:
        inside = await self.office.has_account(
            name, address or f"{name.lower()}@school.example", language=language
        )
        await self.settled()
        return inside

    async def org(self, owner: SignedIn, name: str = "Northfield School") -> OrgId:
        return right(await founding.found(self.at, owner.account, name)).id

    async def settled(self) -> None:
        await self.following.settled()
        await self.office.jobs.settled()

    def secret_to(self, address: str) -> str:
        return self.mailbox.token_to(address)

    async def comes(self, who: SignedIn, secret: str) -> None:
        right(await joining.join(self.at, who.account, secret))

    async def people(self, org: OrgId, as_seen_by: SignedIn, like: str = "", **more: object) -> list[Entry]:
        wanted = Wanted(like, most=100, **more)  # type: ignore[arg-type]
        return [*right(await directory.search(self.at, as_seen_by.account, org, wanted)).people]

    async def names(self, org: OrgId, as_seen_by: SignedIn, like: str = "", **more: object) -> list[str]:
        return [one.member.name for one in await self.people(org, as_seen_by, like, **more)]

    async def audit(self, org: OrgId) -> list[str]:
        return [entry.what for entry in reversed(await self.at.audit.entries(org, most=200))]

    async def account(self, who: SignedIn) -> Account:
        found = await self.office.at.who(who.token)
        assert found
        return found[0]


def right(outcome: T | Refusal) -> T:
    assert not isinstance(outcome, Refusal), outcome
    return outcome


@contextlib.asynccontextmanager
async def built(office: Office, data: Path) -> AsyncIterator[Town]:
    loop = asyncio.get_running_loop()
    transport, zone = await loop.create_datagram_endpoint(Zone, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    accounts = office.at
    audit = Audit(accounts.storage, b"s" * 32, Anchors(data), accounts.clock)
    at = Orgs(accounts, audit, office.jobs, resolver([("127.0.0.1", port)]), accounts.bus)
    following = Following(at)
    yield Town(office, at, following, zone, data, port)
    await following.settled()
    transport.close()


@pytest.fixture
async def town(address: str, mailbox: tuple[Mailbox, int], tmp_path: Path) -> AsyncIterator[Town]:
    async with opened(address, mailbox, SignUp.OPEN, mail=True) as office, built(office, tmp_path) as made:
        yield made


@pytest.fixture
async def without_mail(address: str, mailbox: tuple[Mailbox, int], tmp_path: Path) -> AsyncIterator[Town]:
    async with opened(address, mailbox, SignUp.OPEN, mail=False) as office, built(office, tmp_path) as made:
        yield made
