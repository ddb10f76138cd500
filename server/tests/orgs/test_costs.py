"""What a page of a large organisation asks of the database, by the plan that it makes: a slow machine doesn't change that."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest
from sqlalchemy import event

from folkmoot.accounts.accounts import SignedIn
from folkmoot.orgs import OrgId, auditing, directory, inviting
from folkmoot.orgs.directory import Wanted
from folkmoot.orgs.inviting import Wish

from .conftest import Town, right

PEOPLE = 30
"""More than a page; from some ten ids on SQLite would rather walk an organisation than look them up."""


async def walks(town: Town, asked: Awaitable[Any]) -> list[str]:
    """The statements of a question that walk a whole organisation."""
    storage, seen = town.office.at.storage, list[tuple[str, Any]]()

    def note(_: Any, __: Any, statement: str, values: Any, *more: Any) -> None:
        seen.append((statement, values))

    event.listen(storage._engine.sync_engine, "before_cursor_execute", note)
    right(await asked)
    event.remove(storage._engine.sync_engine, "before_cursor_execute", note)
    found = []
    async with storage.reading() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("the plans of PostgreSQL follow what it has counted")
        for statement, values in seen:
            plan = await connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, values)
            if any("org_members" in row.detail and "(org=?)" in row.detail for row in plan):
                found.append(statement)
    return found


async def crowded(town: Town) -> tuple[SignedIn, OrgId]:
    ada = await town.person("Ada")
    org = await town.org(ada)
    wishes = [Wish(f"p{number}@elsewhere.example", f"Person {number}") for number in range(PEOPLE)]
    right(await inviting.invite(town.at, ada.account, org, wishes))
    await town.settled()
    return ada, org


async def test_a_page_of_the_directory_is_one_walk_and_who_is_shown_is_looked_up(town: Town) -> None:
    ada, org = await crowded(town)
    first = await walks(town, directory.search(town.at, ada.account, org, Wanted()))
    assert len(first) == 2 and "count(" in first[1], "the list, and once how many there are"
    for wanted, times in (
        (Wanted("person"), 1),
        (Wanted("nobody"), 1),
        (Wanted(after=("person 1", "m_")), 0),
    ):
        assert len(await walks(town, directory.search(town.at, ada.account, org, wanted))) == times


async def test_a_page_of_the_audit_walks_no_directory(town: Town) -> None:
    ada, org = await crowded(town)
    assert await walks(town, auditing.listed(town.at, ada.account, org, None)) == []
