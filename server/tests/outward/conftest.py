"""An organisation that has proven its domain, on a server with a name; with a real DNS and a real mail server, in a database of each kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from folkmoot.accounts.accounts import SignedIn
from folkmoot.accounts.model import SignUp
from folkmoot.orgs import OrgId, resolving
from folkmoot.outward import Known, Outward, Rounds, Site
from folkmoot.outward.model import Host

from ..accounts.conftest import ORIGIN, SENDER, Mailbox, mailbox, opened
from ..orgs.conftest import Town, built
from ..orgs.test_adoption import proves

__all__ = ["mailbox"]

ON_ONE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
"""Where the database has no say."""
OURS = "203.0.113.7"
HOST = "meet.school.example"


@dataclass
class School:
    town: Town
    at: Outward
    rounds: Rounds
    ada: SignedIn
    org: OrgId
    answers: dict[str, str] = field(default_factory=dict)
    """What comes of opening a host; nobody answers else."""
    ends: dict[str, datetime] = field(default_factory=dict)
    """Certificates in this server's own hands."""
    held: dict[str, bool] = field(default_factory=dict)
    """Which organisations' plans hold it. All, else."""

    @property
    def now(self) -> datetime:
        return self.at.clock.now()

    async def later(self, **more: float) -> None:
        self.town.office.clock.advance(timedelta(**more).total_seconds())
        await self.round()

    async def round(self) -> None:
        await self.rounds.round()
        await self.town.settled()

    def host(self, name: str = HOST) -> Host | None:
        return self.at.known.hosts.get(name)

    def told(self) -> list[str]:
        return [mail["Subject"] for mail in self.town.mailbox.mails if mail["To"] == "ada@school.example"]

    def leads_here(self, host: str = HOST) -> None:
        self.town.zone.others[host, "CNAME"] = ["meet.example."]
        self.answers[host] = "ok"


@pytest.fixture
async def school(address: str, mailbox: tuple[Mailbox, int], tmp_path: Path) -> AsyncIterator[School]:
    async with (
        opened(address, mailbox, SignUp.OPEN, mail=True) as office,
        built(office, tmp_path) as town,
    ):
        ada = await town.person("Ada")
        org = await town.org(ada)
        await proves(town, ada, org)
        town.zone.others["meet.example", "A"] = [OURS]
        site = Site(ORIGIN, True, b"s" * 32, SENDER, "Folkmoot", "_spf.meet.example")
        kept: list[School] = []

        async def opens(origin: str, expected: str) -> tuple[str, datetime | None]:
            host = origin.removeprefix("https://")
            return kept[0].answers.get(host, "away"), None

        def until(host: str) -> datetime | None:
            return kept[0].ends.get(host)

        asks = resolving.asking([("127.0.0.1", town.port)])

        async def ask(name: str, kind: str) -> list[str] | None:
            return None if town.zone.silent else await asks(name, kind)  # or each waits for ten seconds

        at = Outward(town.at, site, Known(), ask, opens, until)
        office.at.held.holds = lambda owner, _: kept[0].held.get(owner, True)
        kept.append(School(town, at, Rounds(at), ada, org))
        yield kept[0]
