"""Who has the database alone changes nothing unseen: not a word, not a row, not the newest, not all of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.audit import Audit, Fault
from folkmoot.audit.anchors import Anchors
from folkmoot.audit.chain import Entry, link
from folkmoot.audit.tables import entries, heads
from folkmoot.kit import ManualClock
from folkmoot.storage import Storage, open_storage

SECRET = b"s" * 32


@pytest.fixture
async def storage(address: str) -> AsyncIterator[Storage]:
    opened = await open_storage(address)
    yield opened
    await opened.close()


@pytest.fixture
async def audit(storage: Storage, tmp_path: Path) -> Audit:
    made = Audit(storage, SECRET, Anchors(tmp_path), ManualClock())
    for number in range(5):
        async with made.acting() as act:
            await act.note("o_1", "a_1", "group.made", f"g_{number}", name="Ünïcode", count=number)
            if number < 2:
                await act.note("o_2", "a_2", "org.founded")
    return made


async def test_untouched_it_is_whole(audit: Audit) -> None:
    assert await audit.verify() == (7, [])
    assert [one.seq for one in await audit.entries("o_1", before=4, most=2)] == [3, 2]


async def test_what_does_not_stand_is_not_noted(audit: Audit, storage: Storage) -> None:
    async def thinks_better() -> None:
        async with audit.acting() as act:
            await act.note("o_1", "a_1", "group.removed", "g_1")
            raise RuntimeError("thought better of it")

    with pytest.raises(RuntimeError, match="thought better"):
        await thinks_better()
    assert await audit.verify() == (7, [])


def where(seq: int) -> sa.ColumnElement[bool]:
    return sa.and_(entries.c.scope == "o_1", entries.c.seq == seq)


async def alters_a_word(connection: AsyncConnection) -> None:
    await connection.execute(entries.update().where(where(3)).values(actor="a_9"))


async def alters_a_moment(connection: AsyncConnection) -> None:
    moved = (await connection.execute(entries.select().where(where(1)))).one().at
    await connection.execute(entries.update().where(where(3)).values(at=moved.replace(year=2020)))


async def takes_one_out(connection: AsyncConnection) -> None:
    await connection.execute(entries.delete().where(where(3)))


async def takes_one_out_and_closes_the_gap(connection: AsyncConnection) -> None:
    await connection.execute(entries.delete().where(where(3)))
    for seq in (4, 5):
        await connection.execute(entries.update().where(where(seq)).values(seq=seq - 1))


async def takes_the_newest(connection: AsyncConnection) -> None:
    await connection.execute(entries.delete().where(where(5)))


async def begins_anew(connection: AsyncConnection) -> None:
    await connection.execute(entries.delete().where(entries.c.scope == "o_1"))
    await connection.execute(heads.delete().where(heads.c.scope == "o_1"))


async def writes_it_all_again(connection: AsyncConnection) -> None:
    """With every hash right, for hashes need no key."""
    before = bytes(32)
    rows = await connection.execute(entries.select().where(entries.c.scope == "o_1").order_by(entries.c.seq))
    for row in rows.all():
        mine = Entry("o_1", row.seq, row.at, "a_9", row.what, row.subject, {"count": 1})
        before = link(before, mine)
        lie = {"actor": "a_9", "detail": '{"count":1}', "hash": before}
        await connection.execute(entries.update().where(where(row.seq)).values(**lie))
    await connection.execute(heads.update().where(heads.c.scope == "o_1").values(hash=before))


async def writes_no_json(connection: AsyncConnection) -> None:
    await connection.execute(entries.update().where(where(2)).values(detail="nonsense"))


@pytest.mark.parametrize(
    ("meddles", "fault"),
    [
        (alters_a_word, Fault("o_1", 3, "altered")),
        (alters_a_moment, Fault("o_1", 3, "altered")),
        (takes_one_out, Fault("o_1", 3, "missing")),
        (takes_one_out_and_closes_the_gap, Fault("o_1", 3, "altered")),
        (takes_the_newest, Fault("o_1", 5, "older")),
        (begins_anew, Fault("o_1", 1, "older")),
        (writes_it_all_again, Fault("o_1", 5, "altered")),
        (writes_no_json, Fault("o_1", 2, "altered")),
    ],
)
async def test_who_meddles_is_found_at_the_first_row(
    audit: Audit, storage: Storage, meddles: Callable[[AsyncConnection], Awaitable[None]], fault: Fault
) -> None:
    async with storage.writing() as connection:
        await meddles(connection)
    _, faults = await audit.verify()
    assert faults == [fault], "and the other organisation's is whole"


async def test_who_brings_an_older_database_back_is_found(
    audit: Audit, storage: Storage, tmp_path: Path
) -> None:
    """Entries, head and MAC are all of one moment, and genuine: only the anchor outside knows of more."""
    async with storage.reading() as connection:
        rows = [dict(row) for row in (await connection.execute(entries.select())).mappings()]
        kept = [dict(row) for row in (await connection.execute(heads.select())).mappings()]
    async with audit.acting() as act:
        await act.note("o_1", "a_1", "member.removed", "m_1")
    async with storage.writing() as connection:
        for table, old in ((entries, rows), (heads, kept)):
            await connection.execute(table.delete())
            await connection.execute(table.insert(), old)
    assert (await audit.verify())[1] == [Fault("o_1", 6, "older")]


async def test_without_the_key_nobody_makes_a_head(audit: Audit, storage: Storage, tmp_path: Path) -> None:
    forger = Audit(storage, b"another secret", Anchors(tmp_path / "elsewhere"), ManualClock())
    async with forger.acting() as act:
        await act.note("o_1", "a_1", "member.removed", "m_1")
    assert (await audit.verify("o_1"))[1] == [Fault("o_1", 6, "head")]
