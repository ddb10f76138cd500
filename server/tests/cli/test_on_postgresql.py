"""The commands, with a database that is elsewhere: served, killed, backed up, moved from one kind to the other and back."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ..postgresql import Postgresql
from .test_backup import a_book, read_of
from .test_commands import run
from .test_serve import Process


@pytest.fixture
def there(postgresql: Postgresql, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FOLKMOOT_STORAGE__URL", postgresql.database())
    return os.environ["FOLKMOOT_STORAGE__URL"]


@contextlib.contextmanager
def served(data: Path, by: signal.Signals = signal.SIGTERM) -> Iterator[str]:
    process = Process(data, ("--dev",))
    try:
        yield process.address
    finally:
        process.end(by)
        process.process.stdout and process.process.stdout.close()


def makes(address: str) -> dict[str, str]:
    made: dict[str, str] = (
        httpx.post(f"{address}/api/meetings", json={"title": "Monday ☕"}).raise_for_status().json()
    )
    return made


def finds(address: str, made: dict[str, str]) -> bool:
    words = {"name": "Ada", "passcode": made["passcode"]}
    return httpx.post(f"{address}/api/meetings/{made['number']}/join", json=words).is_success


def done(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    return run(monkeypatch, *map(str, words))


def test_a_meeting_outlives_a_server_that_is_killed(there: str, tmp_path: Path) -> None:
    with served(tmp_path / "data", signal.SIGKILL) as address:
        made = makes(address)
    assert not list((tmp_path / "data").glob("*.db")), "nothing of it is in the folder"
    with served(tmp_path / "data") as address:
        assert finds(address, made)
        assert not finds(address, {**made, "number": "999999999999"})


def test_a_backup_moves_it_to_a_file_and_back(
    there: str,
    postgresql: Postgresql,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data, archive, file = tmp_path / "data", tmp_path / "a.tar", tmp_path / "as-a-file"
    with served(data) as address:
        made = makes(address)
        a_book(data, "ours")
        book = read_of(data, "ours")
        assert done(monkeypatch, "backup", archive, "--data", data) == 0
        assert done(monkeypatch, "restore", archive, "--force", "--data", tmp_path / "other") == 2
        assert "[data.in_use]" in capsys.readouterr().err
    monkeypatch.delenv("FOLKMOOT_STORAGE__URL")
    assert done(monkeypatch, "restore", archive, "--data", file) == 0
    assert read_of(file, "ours") == book
    with served(file) as address:
        assert finds(address, made)
        later = makes(address)
        assert done(monkeypatch, "backup", archive, "--force", "--data", file) == 0
    monkeypatch.setenv("FOLKMOOT_STORAGE__URL", there)
    assert done(monkeypatch, "restore", archive, "--data", tmp_path / "new") == 2
    assert "[restore.occupied]" in capsys.readouterr().err
    assert done(monkeypatch, "restore", archive, "--force", "--data", tmp_path / "new") == 0
    with served(tmp_path / "new") as address:
        assert finds(address, made) and finds(address, later)
    assert read_of(tmp_path / "new", "ours") == book


def test_the_doctor_and_whoever_starts_it_are_told_what_is_wrong_without_the_password(
    postgresql: Postgresql,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FOLKMOOT_STORAGE__URL", "postgresql://folkmoot:hunter2@127.0.0.1:1/meetings")
    for command in ("migrate", "reports", "backup", "serve"):
        assert done(monkeypatch, command, "--data", tmp_path) == 2
        said = capsys.readouterr().err
        assert "[storage.unreachable]" in said and "hunter2" not in said and "Traceback" not in said
    assert done(monkeypatch, "doctor", "--data", tmp_path, "--port", "0") == 1
    said = capsys.readouterr().out
    assert "FAIL  database meetings on 127.0.0.1" in said and "hunter2" not in said
    monkeypatch.setenv("FOLKMOOT_STORAGE__URL", postgresql.database())
    done(monkeypatch, "doctor", "--data", tmp_path, "--port", "0")
    assert "answers, with nothing in it yet" in capsys.readouterr().out
