"""When retention ends, the meeting is gone from every store: the bytes on the disk are searched for it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from folkmoot.meetings import StoredJournal
from folkmoot.meetings.model import Settings
from folkmoot.storage import open_storage, sqlite_url

from .house import House

WORDS = (b"a-secret-word-of-the-chat", b"Hildegard", b"a-title-nobody-else-has")


def found(folder: Path, *more: bytes) -> set[bytes]:
    files = [file.read_bytes() for file in folder.iterdir() if file.is_file()]
    assert files
    return {word for word in (*WORDS, *more) if any(word in file for file in files)}


async def test_after_retention_no_byte_of_it_is_left(tmp_path: Path) -> None:
    storage = await open_storage(sqlite_url(tmp_path / "folkmoot.db"))
    settings = Settings(retention=timedelta(days=30), snapshot_every=3)
    house = House(StoredJournal(storage), settings)
    await house.create(WORDS[2].decode())
    number = house.created.meeting.number if house.created else ""
    host = await house.comes(WORDS[1].decode(), host=True)
    for _ in range(20):
        await host.do("chat", "send", text=WORDS[0].decode() * 100)
        house.clock.advance(1)
    await host.do("meeting", "end")
    assert found(tmp_path) == set(WORDS), "the search would find it"
    await house.passes(29 * 86_400)
    assert found(tmp_path) == set(WORDS)
    await house.passes(2 * 86_400)
    assert found(tmp_path) == set(), "while the server runs: closing tidies up by itself"
    assert found(tmp_path, number.encode()) == set()
    await storage.close()
    assert found(tmp_path, number.encode()) == set()
