"""`folkmoot audit verify`, as somebody at a terminal of the machine uses it."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from folkmoot import keyring
from folkmoot.audit import Audit
from folkmoot.audit.anchors import Anchors
from folkmoot.cli.archive import DATABASE
from folkmoot.kit import SystemClock
from folkmoot.storage import Storage, sqlite_url
from folkmoot.storage.migrate import migrate

from .test_commands import run


async def did(data: Path) -> None:
    storage = Storage(sqlite_url(data / DATABASE))
    own = keyring.server_secrets(data)
    audit = Audit(storage, own.seal.encode(), Anchors(data), SystemClock())
    for what in ("org.founded", "group.made", "org.named"):
        async with audit.acting() as act:
            await act.note("o_1", "a_1", what, "o_1")
    await storage.close()


def test_it_says_that_all_is_whole_and_finds_the_row_that_is_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    migrate(sqlite_url(tmp_path / DATABASE))
    asyncio.run(did(tmp_path))
    assert run(monkeypatch, "audit", "verify", "--data", str(tmp_path)) == 0
    assert "3 entries, all as they were written" in capsys.readouterr().out
    assert run(monkeypatch, "audit", "list", "o_1", "--data", str(tmp_path)) == 0
    assert "a_1  group.made  o_1" in capsys.readouterr().out
    with sqlite3.connect(tmp_path / DATABASE) as database:
        database.execute("UPDATE audit_entries SET actor = 'a_2' WHERE seq = 2")
    database.close()
    assert run(monkeypatch, "audit", "verify", "--data", str(tmp_path)) == 1
    assert "o_1: entry 2 is not as it was written" in capsys.readouterr().out
