"""A night's closing at its size: every subscription of 100,000 is due, one in ten owes. Run by `make bench-billing`.

    python -m tests.load.closing [--orgs 100000] [--url postgresql://… | --url own] [--months 6] [--write FILE]

Two organisations are sold to, invoiced and paid by the product itself for so many months, and everybody else is a copy of one of them: what is
closed at the end is what the product wrote. The closing has a process of its own, so that its memory is told and nobody else's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import multiprocessing
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from server.tests.postgresql import MISSING, Postgresql, programs
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot import keyring
from folkmoot.app import billing_of
from folkmoot.billing import Billing, Closing, paying, store, tables
from folkmoot.billing.billing import carry_out
from folkmoot.billing.deciding import Start
from folkmoot.billing.documents import Customer
from folkmoot.billing.money import Money
from folkmoot.billing.plans import Period, Plan, PlanId, Price
from folkmoot.billing.tax import TaxRate
from folkmoot.config import Config
from folkmoot.kit import ManualClock
from folkmoot.kit.text import folded
from folkmoot.orgs import OrgId
from folkmoot.orgs.tables import orgs
from folkmoot.storage import Storage, database_url, open_storage

T = TypeVar("T")
ORGS, MONTHS, AT_ONCE, ONE_OWES = 100_000, 6, 1_000, 10
BUDGET_S, BUDGET_MIB = 600, 1024
OWN = "own"
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
TEAM = Plan(PlanId("team"), "Team", (Price(Period.MONTH, Money(600, "EUR")),))
PAYS, OWES = OrgId("o_pays"), OrgId("o_owes")
COPIED = (
    tables.customers,
    tables.events,
    tables.subscriptions,
    tables.documents,
    tables.postings,
    tables.open_invoices,
)
NUMBER = re.compile(r"2026-(\d{4,})")


@dataclass(frozen=True, slots=True)
class Closed:
    orgs: int
    seconds: float
    processor: float
    statements: int
    peak_mib: int
    invoices: int
    told: int

    @property
    def row(self) -> str:
        rate, each = self.orgs / self.seconds, self.statements / self.orgs
        return (
            f"{self.orgs:,} | {self.invoices:,} | {self.told:,} | {self.seconds:.0f} s | {self.processor:.0f} s | "
            f"{rate:,.0f} | {each:.1f} | {self.peak_mib} MiB"
        )


HEAD = (
    "| database | organisations | invoices | told that they owe | closed in | processor | organisations/s | statements each "
    "| peak memory |\n|---|---|---|---|---|---|---|---|---|"
)


# --- so many customers ------------------------------------------------------------------------------------------------


async def fill(folder: Path, url: str, count: int, months: int) -> None:
    storage, clock = await open_storage(url), ManualClock(FIRST)
    at = billing_of(Config(data=folder), keyring.server_secrets(folder), storage, clock)
    await _sell(at)
    for month in range(1, months):
        clock.advance((_month(month) - clock.now()).total_seconds())
        await Closing(at).work({})
        await _pay(at, PAYS)
        if month < months - 1:
            await _pay(at, OWES)
    await _copy(at, count, months)
    at.orgs.accounts.passwords.close()
    await storage.close()


def _month(n: int) -> datetime:
    return FIRST.replace(year=FIRST.year + n // 12, month=n % 12 + 1)


async def _sell(at: Billing) -> None:
    async with at.storage.writing() as connection:
        await store.put_plan(connection, TEAM)
        await store.put_rate(connection, TaxRate("GB", FIRST.date(), 2000))
        for org in (PAYS, OWES):
            await connection.execute(orgs.insert().values(_org(org)))
            await store.put_customer(connection, org, Customer("Northfield School", "1 School Lane", "GB"))
            await carry_out(at, connection, org, Start(TEAM.id, 40, Period.MONTH, "EUR"), "owner")
    for org in (PAYS, OWES):
        await _pay(at, org)


async def _pay(at: Billing, org: OrgId) -> None:
    async with at.storage.reading() as connection:
        for number in (await store.open_of(connection, [org]))[org]:
            made = await store.document(connection, number)
            assert made is not None
            assert await paying.pay(at, "bench", f"bank:{number}", number, made.total) is None


async def _copy(at: Billing, count: int, months: int) -> None:
    async with at.storage.reading() as connection:
        kinds = [[await _rows(connection, table, org) for table in COPIED] for org in (PAYS, OWES)]
    for first in range(0, count, AT_ONCE):
        some = range(first, min(first + AT_ONCE, count))
        async with at.storage.writing() as connection:
            await connection.execute(orgs.insert(), [_org(_id(n)) for n in some])
            for place, table in enumerate(COPIED):
                made = [row for n in some for row in _copies(kinds[n % ONE_OWES == 0][place], n, months)]
                if made:
                    await connection.execute(table.insert(), made)
    async with at.storage.writing() as connection:
        for table in COPIED:
            await connection.execute(table.delete().where(table.c.org.in_([PAYS, OWES])))
        await connection.execute(orgs.delete().where(orgs.c.id.in_([PAYS, OWES])))
        await connection.execute(tables.numbers.update().values(last=(count + 2) * months))


async def _rows(connection: AsyncConnection, table: sa.Table, org: OrgId) -> list[dict[str, Any]]:
    found = await connection.execute(table.select().where(table.c.org == org))
    return [dict(row._mapping) for row in found]


def _id(n: int) -> str:
    return f"o_{n:06}"


def _org(id: str) -> dict[str, Any]:
    return {
        "id": id,
        "name": f"School {id}",
        "folded": folded(f"School {id}"),
        "joining": "never",
        "made_at": FIRST,
    }


def _copies(rows: list[dict[str, Any]], n: int, months: int) -> Iterator[dict[str, Any]]:
    """With an id and numbers of its own: the templates' are odd and even in turn."""

    def number(found: re.Match[str]) -> str:
        return f"2026-{(n + 2) * months + (int(found[1]) - 1) // 2 + 1:04}"

    def own(said: Any) -> Any:
        if isinstance(said, str):
            return NUMBER.sub(number, said.replace(PAYS, _id(n)).replace(OWES, _id(n)))
        return json.loads(own(json.dumps(said))) if isinstance(said, dict | list) else said

    return ({name: own(said) for name, said in row.items()} for row in rows)


# --- the night --------------------------------------------------------------------------------------------------------


async def close(folder: Path, url: str, count: int, months: int) -> Closed:
    storage, clock = Storage(url), ManualClock(_month(months))
    at = billing_of(Config(data=folder), keyring.server_secrets(folder), storage, clock)
    before, statements = await _counts(at), [0]

    def counted(*_: object) -> None:
        statements[0] += 1

    event.listen(Engine, "before_cursor_execute", counted)
    began, worked = time.perf_counter(), time.process_time()
    await Closing(at).work({})
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    event.remove(Engine, "before_cursor_execute", counted)
    after = await _counts(at)
    at.orgs.accounts.passwords.close()
    await storage.close()
    invoices, told = (after[which] - before[which] for which in (0, 1))
    assert invoices == count and after[2] == 0, (before, after)
    assert told == len(range(0, count, ONE_OWES)), told
    return Closed(count, seconds, processor, statements[0], _peak(), invoices, told)


async def _counts(at: Billing) -> tuple[int, int, int]:
    """Documents, who is past due, and what doesn't balance."""
    past_due = sa.select(sa.func.count()).where(tables.subscriptions.c.standing == "past_due")
    async with at.storage.reading() as connection:
        wanted = (
            sa.select(sa.func.count(tables.documents.c.number)),
            past_due,
            sa.select(sa.func.sum(tables.postings.c.amount)),
        )
        return tuple([int(await connection.scalar(one) or 0) for one in wanted])  # type: ignore[return-value]


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


# --- both of it -------------------------------------------------------------------------------------------------------


def _alone(work: Callable[..., Coroutine[Any, Any, T]], *said: object) -> T:
    """In a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(_run, work, said).result()


def _run(work: Callable[..., Coroutine[Any, Any, T]], said: tuple[object, ...]) -> T:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    return asyncio.run(work(*said))


def _with_row(text: str, kind: str, closed: Closed) -> str:
    """The table's row of that database is this one now."""
    before, table, after = text.partition(HEAD)
    assert table, "there is no table to write into"
    others = re.sub(rf"^\| {kind} \|.*\n", "", after, count=1, flags=re.MULTILINE)
    return f"{before}{table}\n| {kind} | {closed.row} |{others}"


@contextmanager
def _database(url: str) -> Iterator[str]:
    """As who installs it has it: what is written is on the disk."""
    if url != OWN:
        yield url
        return
    there = programs()
    if there is None:
        sys.exit(MISSING)
    with tempfile.TemporaryDirectory(prefix="folkmoot-pg-") as folder:
        started = Postgresql(there, Path(folder), settings=())
        try:
            yield started.database()
        finally:
            started.stop()


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--orgs", type=int, default=ORGS)
    said.add_argument("--months", type=int, default=MONTHS, help="that each was a customer before")
    said.add_argument(
        "--url", default="", help=f"a PostgreSQL's, with nothing in it; {OWN}: one is started for this"
    )
    said.add_argument("--write", type=Path, help="put the row into the table that is there")
    wanted = said.parse_args()
    with tempfile.TemporaryDirectory() as name, _database(wanted.url) as there:
        folder = Path(name)
        url = database_url(there, folder / "folkmoot.db")
        _alone(fill, folder, url, wanted.orgs, wanted.months)
        closed = _alone(close, folder, url, wanted.orgs, wanted.months)
    kind = "PostgreSQL" if wanted.url else "SQLite"
    print(f"{HEAD}\n| {kind} | {closed.row} |")
    if wanted.write:
        wanted.write.write_text(_with_row(wanted.write.read_text(), kind, closed))
    held = closed.seconds <= BUDGET_S * wanted.orgs / ORGS and closed.peak_mib <= BUDGET_MIB
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
