"""What people reported is read by the one who runs the server, and by nobody else."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import JsonValue

from folkmoot.cli.archive import DATABASE
from folkmoot.kit import SystemClock
from folkmoot.meetings import StoredJournal
from folkmoot.meetings.feature import Entry, ParticipantId
from folkmoot.meetings.model import Meeting, Status
from folkmoot.storage import open_storage, sqlite_url

from .test_commands import run

AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
SAID: dict[str, JsonValue] = {
    "about": "p_2",
    "name": "Bo",
    "by_name": "Cy",
    "what": "insults",
    "did": [{"what": "chat.sent", "at": AT.isoformat()}],
}


async def reported(folder: Path) -> None:
    storage = await open_storage(sqlite_url(folder / DATABASE))
    journal = StoredJournal(storage, SystemClock())
    meeting = Meeting("123456789012", "Class", AT, b"a" * 32, b"p" * 32, b"h" * 32)
    assert await journal.create(meeting, Entry(1, AT, "meeting", "started", None, {}))
    entry = Entry(2, AT, "meeting", "reported", ParticipantId("p_1"), SAID, to=())
    await journal.append(meeting.number, [entry], Status(), 2)
    await storage.close()


def test_a_report_names_both_and_what_happened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(reported(tmp_path))
    assert run(monkeypatch, "reports", "--data", str(tmp_path)) == 0
    said = capsys.readouterr().out
    assert "meeting 123456789012: Cy about Bo" in said and "insults" in said and "chat.sent" in said
    assert run(monkeypatch, "reports", "--json", "--data", str(tmp_path)) == 0
    assert json.loads(capsys.readouterr().out)["about"] == "p_2"


def test_where_there_is_no_database_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "reports", "--data", str(tmp_path)) == 2
    assert "[data.nothing]" in capsys.readouterr().err
