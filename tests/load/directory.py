"""The directory of a large organisation, and what who runs the server searches: how long a search takes, on either database.

    python -m tests.load.directory [--people 100000] [--orgs 5000] [--url postgresql://…]

Everybody is written straight into the tables: in one organisation of all, and in many of a few. What is measured is the verb that the
page asks, with its transaction; by the clock, and as the processor's time, which a busy machine leaves as it is.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
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
from folkmoot.files import Files, Folder
from folkmoot.jobs import Jobs
from folkmoot.kit import Refusal, SystemClock, SystemRandomness
from folkmoot.kit.text import folded
from folkmoot.operating import Operating, Parts
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


# What who runs the server types, for people and for organisations.
SOUGHT = ("", "haddad", "p77777@", "娜", "nobody at all")
BUDGET_MS = 50.0


async def fill(storage: Storage, people: int, organisations: int) -> None:
    async with storage.writing() as connection:
        await connection.execute(orgs.insert(), [_org(n) for n in range(organisations)])
    for first in range(0, people, AT_ONCE):
        some = range(first, min(first + AT_ONCE, people))
        async with storage.writing() as connection:
            await connection.execute(accounts.insert(), [_account(n) for n in some])
            await connection.execute(addresses.insert(), [_address(n) for n in some])
            await connection.execute(members.insert(), [_member(n, ORG) for n in some])
    async with storage.writing() as connection:
        some = range(organisations, min(3 * organisations, people))
        few = [_member(n, OrgId(f"o_{n % organisations}")) for n in some if n % organisations != 1]
        await connection.execute(members.insert(), few)


def _org(n: int) -> dict[str, Any]:
    name = f"{LAST[n % 10]} {FIRST[n // 10 % 10]} School {n}"
    return {"id": f"o_{n}", "name": name, "folded": folded(name), "joining": "ask", "made_at": NOW}


def _name(n: int) -> str:
    return f"{FIRST[n % 10]} {LAST[n // 10 % 10]} {n}"


def _account(n: int) -> dict[str, Any]:
    row = {
        "id": f"a_{n}",
        "name": _name(n),
        "folded": folded(_name(n)),
        "language": "en",
        "time_zone": "UTC",
        "state": "active",
    }
    return {**row, "operator": False, "made_at": NOW}


def _address(n: int) -> dict[str, Any]:
    return {"account": f"a_{n}", "address": f"p{n}@university.example", "proven_at": NOW}


def _member(n: int, org: OrgId) -> dict[str, Any]:
    role = Role.MEMBER if n else Role.OWNER
    id = f"m_{n}" if org == ORG else f"m_{org}_{n}"
    made = Member(*(MemberId(id), org, AccountId(f"a_{n}"), None, _name(n), role, In.MEMBER, NOW, NOW))
    return row_of(made, (f"p{n}@university.example",))


async def measure(url: str, people: int, organisations: int, folder: Path) -> bool:
    storage, clock, randomness = await open_storage(url), SystemClock(), SystemRandomness()
    await fill(storage, people, organisations)
    jobs = Jobs(storage, clock, randomness)
    passwords, sealing = Passwords(), Sealing(b"s" * 32)
    files = Files(storage, Folder(folder / "files"), jobs, clock, randomness)
    accounts_ = Accounts(
        *(storage, clock, randomness, passwords, sealing, None, Settings("https://meet.example"), files)
    )
    audit = Audit(storage, b"s" * 32, Anchors(folder), clock)
    at = Orgs(accounts_, audit, jobs)
    desk = Operating(accounts_, at, files, jobs, audit, Parts(dict, dict, tuple, ""))
    who = Account(AccountId("a_0"), _name(0), "en", "UTC", State.ACTIVE, False, NOW)
    print(
        f"{people} people, {organisations} organisations, {url.partition(':')[0]}; milliseconds, of {TIMES} searches each"
    )
    asked: dict[str, Callable[[], Awaitable[object]]] = {
        f"directory: {what}": partial(directory.search, at, who, ORG, wanted)
        for what, wanted in SEARCHES.items()
    }
    for like in SOUGHT:
        asked[f"operator, people: {like!r}"] = partial(desk.people, like)
        asked[f"operator, organisations: {like!r}"] = partial(desk.organisations, like)
    held = [await _timed(what, ask) for what, ask in asked.items()]
    passwords.close()
    await storage.close()
    return all(held)


async def _timed(what: str, ask: Callable[[], Awaitable[object]]) -> bool:
    took, worked = [], []
    for _ in range(TIMES):
        began, before = time.perf_counter(), time.process_time()
        assert not isinstance(await ask(), Refusal)
        worked.append(1000 * (time.process_time() - before))
        took.append(1000 * (time.perf_counter() - began))
    held = statistics.median(worked) <= BUDGET_MS
    p95 = statistics.quantiles(took, n=20)[-1]
    said = (
        f"median {statistics.median(took):6.1f}   p95 {p95:6.1f}   processor {statistics.median(worked):6.1f}"
    )
    print(f"  {what:42} {said}{'' if held else f'   over {BUDGET_MS:g}'}")
    return held


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--people", type=int, default=100_000)
    said.add_argument("--orgs", type=int, default=5000)
    said.add_argument("--url", default="")
    wanted = said.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = database_url(wanted.url, Path(folder) / "folkmoot.db")
        if not asyncio.run(measure(url, wanted.people, wanted.orgs, Path(folder))):
            sys.exit(1)


if __name__ == "__main__":
    main()
