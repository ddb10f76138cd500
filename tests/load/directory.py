"""The directory of a large organisation: how long a search takes, on either database.

    python -m tests.load.directory [--people 100000] [--url postgresql://…]

Everybody is written straight into the tables; what is measured is the verb that the page asks, with its transaction.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from folkmoot.accounts import AccountId
from folkmoot.accounts.accounts import Accounts, Settings
from folkmoot.accounts.model import Account, State
from folkmoot.accounts.passwords import Passwords
from folkmoot.accounts.sealing import Sealing
from folkmoot.accounts.tables import accounts, addresses
from folkmoot.audit import Audit
from folkmoot.audit.anchors import Anchors
from folkmoot.jobs import Jobs
from folkmoot.kit import Refusal, SystemClock, SystemRandomness
from folkmoot.orgs import OrgId, Orgs, Role, directory
from folkmoot.orgs.directory import Wanted
from folkmoot.orgs.model import Member, MemberId
from folkmoot.orgs.model import State as In
from folkmoot.orgs.store import row_of
from folkmoot.orgs.tables import members, orgs
from folkmoot.storage import Storage, database_url, open_storage

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ORG, AT_ONCE, TIMES = OrgId("o_1"), 5000, 30
FIRST = ("Amara", "Daniel", "Fatima", "George", "Ingrid", "李娜", "Nadia", "Tomás", "Wei", "Yuki")
LAST = ("Haddad", "Kim", "Okafor", "Rivera", "Solheim", "Tanaka", "Weber", "Whitfield", "王", "Ahmed")
SEARCHES = {
    "the first page": Wanted(),
    "a part of many names": Wanted("haddad"),
    "a part of one address": Wanted("p77777@"),
    "two words": Wanted("nadia 4242"),
    "nobody": Wanted("nobody at all"),
    "a late page": Wanted(after=("yuki", "m_")),
}


async def fill(storage: Storage, people: int) -> None:
    org = {"id": ORG, "name": "University", "joining": "ask", "made_at": NOW}
    async with storage.writing() as connection:
        await connection.execute(orgs.insert().values(org))
    for first in range(0, people, AT_ONCE):
        some = range(first, min(first + AT_ONCE, people))
        async with storage.writing() as connection:
            await connection.execute(accounts.insert(), [_account(n) for n in some])
            await connection.execute(addresses.insert(), [_address(n) for n in some])
            await connection.execute(members.insert(), [_member(n) for n in some])


def _name(n: int) -> str:
    return f"{FIRST[n % 10]} {LAST[n // 10 % 10]} {n}"


def _account(n: int) -> dict[str, Any]:
    row = {"id": f"a_{n}", "name": _name(n), "language": "en", "time_zone": "UTC", "state": "active"}
    return {**row, "operator": False, "made_at": NOW}


def _address(n: int) -> dict[str, Any]:
    return {"account": f"a_{n}", "address": f"p{n}@university.example", "proven_at": NOW}


def _member(n: int) -> dict[str, Any]:
    role = Role.MEMBER if n else Role.OWNER
    made = Member(*(MemberId(f"m_{n}"), ORG, AccountId(f"a_{n}"), None, _name(n), role, In.MEMBER, NOW, NOW))
    return row_of(made, (f"p{n}@university.example",))


async def measure(url: str, people: int, folder: Path) -> None:
    storage, clock, randomness = await open_storage(url), SystemClock(), SystemRandomness()
    await fill(storage, people)
    jobs = Jobs(storage, clock, randomness)
    passwords, sealing = Passwords(), Sealing(b"s" * 32)
    at = Orgs(
        Accounts(storage, clock, randomness, passwords, sealing, None, Settings("https://meet.example")),
        Audit(storage, b"s" * 32, Anchors(folder), clock),
        jobs,
    )
    who = Account(AccountId("a_0"), _name(0), "en", "UTC", State.ACTIVE, False, NOW)
    print(f"{people} people, {url.partition(':')[0]}; milliseconds, of {TIMES} searches each")
    for what, wanted in SEARCHES.items():
        took = []
        for _ in range(TIMES):
            began = time.perf_counter()
            page = await directory.search(at, who, ORG, wanted)
            took.append(1000 * (time.perf_counter() - began))
            assert not isinstance(page, Refusal)
        p95 = statistics.quantiles(took, n=20)[-1]
        print(f"  {what:24} median {statistics.median(took):6.1f}   p95 {p95:6.1f}")
    passwords.close()
    await storage.close()


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--people", type=int, default=100_000)
    said.add_argument("--url", default="")
    wanted = said.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = database_url(wanted.url, Path(folder) / "folkmoot.db")
        asyncio.run(measure(url, wanted.people, Path(folder)))


if __name__ == "__main__":
    main()
