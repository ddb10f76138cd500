"""This server's own events, from a database of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from folkmoot.calendar.store import first_planned
from folkmoot.growth.asking import Asking
from folkmoot.growth.books import Books
from folkmoot.growth.own import Own
from folkmoot.growth.report import report
from folkmoot.growth.routes import Growing
from folkmoot.usage import told

from ..accounts.conftest import Office, mailbox, office

__all__ = ["mailbox", "office"]


@pytest.fixture
def growing(office: Office, tmp_path: Path) -> Growing:
    asking = Asking(tmp_path)
    own = Own(office.at.storage, office.clock, b"s" * 32, asking, first_planned, told)
    return Growing(asking, own.bring, "meet.example")


async def test_this_servers_own_events_are_brought_and_again_change_nothing(
    office: Office, growing: Growing, tmp_path: Path
) -> None:
    for n in range(5):
        await office.has_account(f"P{n}", f"p{n}@school.example")
    await growing.bring_own()
    with Books(tmp_path).opened("own") as book:
        shown = report(book)
        assert shown is not None and shown.reached[0].many == 5
        before = book.rows("SELECT * FROM person_joined ORDER BY id")
    office.clock.advance(24 * 3600)
    await growing.bring_own()
    with Books(tmp_path).opened("own") as book:
        assert book.rows("SELECT * FROM person_joined ORDER BY id") == before
        assert "p1" not in str(before) and "school.example" in str(before)


async def test_the_night_brings_them_once(office: Office, growing: Growing) -> None:
    own = Own(office.at.storage, office.clock, b"s" * 32, growing.asking, first_planned, told)
    begun: list[str] = []

    class Noting(Growing):
        def begin(self, book: str, work: object) -> None:
            begun.append(book)

    look = own.nightly(Noting(growing.asking, own.bring))
    office.clock.advance((24 + 3 - office.clock.now().hour) * 3600)
    await look()
    await own.bring()
    await look()
    assert begun == ["own"]
    office.clock.advance(24 * 3600)
    await look()
    assert begun == ["own", "own"]
