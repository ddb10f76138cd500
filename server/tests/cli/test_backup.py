"""A backup made and brought back, as somebody at a terminal does it, and what is refused."""

from __future__ import annotations

import contextlib
import io
import sqlite3
import tarfile
from pathlib import Path

import pytest

from folkmoot.cli.archive import DATABASE, LIST
from folkmoot.growth.books import Books, bring, describe
from folkmoot.growth.months import FiscalYear
from folkmoot.growth.report import picked, report
from folkmoot.growth.warehouse import Held
from folkmoot.keyring import FILE as SECRETS
from folkmoot.keyring import server_secrets
from folkmoot.storage import sqlite_url
from folkmoot.storage.migrate import migrate

from ..growth.conftest import Writer
from ..killed import in_a_process, rows
from .test_commands import run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    server_secrets(folder)
    migrate(sqlite_url(folder / DATABASE))
    (folder / "tls").mkdir()
    for name in ("lan.crt", "lan.key"):
        (folder / "tls" / name).write_text(name)
    return folder


def done(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    return run(monkeypatch, *map(str, words))


def test_it_is_made_while_others_write_and_brings_everything_back(
    monkeypatch: pytest.MonkeyPatch, data: Path, tmp_path: Path
) -> None:
    archive, elsewhere = tmp_path / "a.tar", tmp_path / "elsewhere"
    with contextlib.closing(sqlite3.connect(data / DATABASE, isolation_level=None)) as server:
        server.execute("PRAGMA journal_mode=WAL")
        server.execute("CREATE TABLE notes (text)")
        server.execute("INSERT INTO notes VALUES ('said and kept')")
        server.execute("BEGIN IMMEDIATE")
        server.execute("INSERT INTO notes VALUES ('not yet')")
        assert done(monkeypatch, "backup", archive, "--data", data) == 0
        server.execute("COMMIT")
    assert archive.stat().st_mode & 0o077 == 0, "it has secrets"
    assert done(monkeypatch, "restore", archive, "--data", elsewhere) == 0
    assert rows(elsewhere / DATABASE, "SELECT text FROM notes") == [("said and kept",)]
    for name in (SECRETS, "tls/lan.crt", "tls/lan.key"):
        assert (elsewhere / name).read_bytes() == (data / name).read_bytes()


def test_peoples_files_come_back_and_no_others(
    monkeypatch: pytest.MonkeyPatch, data: Path, tmp_path: Path
) -> None:
    archive, elsewhere = tmp_path / "a.tar", tmp_path / "elsewhere"
    kept, arriving = data / "files/ab/0123456789ab", data / "files/ab/ba9876543210.draft"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"a picture")
    arriving.write_bytes(b"half of a pic")
    (elsewhere / "files/cd").mkdir(parents=True)
    (elsewhere / "files/cd/ffffffffffcd").write_bytes(b"of a database that is gone")
    assert done(monkeypatch, "backup", archive, "--data", data) == 0
    assert done(monkeypatch, "restore", archive, "--data", elsewhere) == 0
    there = [one for one in (elsewhere / "files").rglob("*") if one.is_file()]
    assert there == [elsewhere / "files/ab/0123456789ab"]
    assert there[0].read_bytes() == b"a picture"


def a_book(data: Path, name: str, *, made_up: bool = False) -> None:
    line = Writer()
    with Books(data).opened(name, writing=True) as book:
        describe(book, title="Ours", currency="USD", year_starts=2, large=500, made_up=made_up)
        bring(book, [line.billed("o1", 3_100, "2025-01-01", "2025-01-31"), line("rate", "2025-01-01", currency="EUR", to="USD", rate="1.1")], "2025-02-01")  # fmt: skip
        bring(book, [line("cost", "2025-01-05", name="machines", amount=100, currency="EUR", first="2025-01-01", last="2025-01-31")], "2025-03-01")  # fmt: skip


def read_of(data: Path, name: str) -> tuple[object, ...]:
    with Books(data).opened(name) as book:
        shown = report(book, picked("2025-01", FiscalYear(2)))
        assert shown is not None
        return book.book, shown.shown, book.rows("SELECT * FROM forecast ORDER BY made")


def test_books_come_back_with_the_forecasts_that_were_kept_but_for_made_up_ones(
    monkeypatch: pytest.MonkeyPatch, data: Path, tmp_path: Path
) -> None:
    archive, elsewhere = tmp_path / "a.tar", tmp_path / "elsewhere"
    a_book(data, "ours")
    a_book(data, "demo", made_up=True)
    before = read_of(data, "ours")
    assert done(monkeypatch, "backup", archive, "--data", data) == 0
    assert done(monkeypatch, "restore", archive, "--data", elsewhere) == 0
    assert Books(elsewhere).names() == ["ours"]
    assert read_of(elsewhere, "ours") == before
    assert before[2], "a forecast was kept"
    a_book(elsewhere, "later")
    assert done(monkeypatch, "restore", archive, "--force", "--data", elsewhere) == 0
    assert Books(elsewhere).names() == ["ours"]


def test_a_book_that_is_alone_in_a_folder_isnt_overwritten_unasked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    assert done(monkeypatch, "backup", tmp_path / "a.tar", "--data", data) == 0
    a_book(tmp_path / "elsewhere", "ours")
    assert done(monkeypatch, "restore", tmp_path / "a.tar", "--data", tmp_path / "elsewhere") == 2
    assert "book of growth (ours)" in capsys.readouterr().err


def test_a_book_that_is_being_written_is_waited_for_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    a_book(data, "ours")
    waited: list[float] = []
    monkeypatch.setattr("folkmoot.cli.archive.BOOK_WAIT_S", 0.0)
    monkeypatch.setattr("folkmoot.cli.archive.time.sleep", waited.append)

    def held(file: Path, to: Path) -> bool:
        raise Held

    monkeypatch.setattr("folkmoot.cli.archive.copied", held)
    assert done(monkeypatch, "backup", tmp_path / "a.tar", "--data", data) == 2
    assert "[backup.book_in_use]" in capsys.readouterr().err
    assert not (tmp_path / "a.tar").exists()


@pytest.mark.parametrize("what", ["backup", "restore"])
def test_killed_at_any_step_nothing_is_half_of_it(tmp_path: Path, what: str) -> None:
    steps = in_a_process("server.tests.cli.backup_killed", str(tmp_path / "folder"), what)
    assert steps > 15, "the killing missed its work"


def test_nothing_is_overwritten_unasked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "a.tar"
    assert done(monkeypatch, "backup", archive, "--data", data) == 0
    assert done(monkeypatch, "backup", archive, "--data", data) == 2
    assert "[backup.exists]" in capsys.readouterr().err
    assert done(monkeypatch, "restore", archive, "--data", data) == 2
    assert "[restore.occupied]" in capsys.readouterr().err
    assert done(monkeypatch, "backup", archive, "--force", "--data", data) == 0
    assert done(monkeypatch, "restore", archive, "--force", "--data", data) == 0


def test_a_server_that_runs_is_not_pulled_away_from_under_people(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    from folkmoot.cli.data import sole_owner

    archive = tmp_path / "a.tar"
    assert done(monkeypatch, "backup", archive, "--data", data) == 0
    with sole_owner(data):
        assert done(monkeypatch, "restore", archive, "--force", "--data", data) == 2
    assert "[data.in_use]" in capsys.readouterr().err


def test_what_is_no_whole_backup_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    good, before = tmp_path / "a.tar", (data / SECRETS).read_bytes()
    assert done(monkeypatch, "backup", good, "--data", data) == 0
    content = good.read_bytes()
    other = bytearray(content)
    other[content.index(b"SQLite format 3") + 5000] ^= 1
    climbing = io.BytesIO()
    with tarfile.open(fileobj=climbing, mode="w") as tar:
        listed = tarfile.TarInfo(LIST)
        head = b'{"format": 1, "folkmoot": "1", "sha256": {"folkmoot.db": "", "../../etc/passwd": ""}}'
        listed.size = len(head)
        tar.addfile(listed, io.BytesIO(head))
    for bad in (content[:5000], bytes(other), b"", b"nonsense" * 500, climbing.getvalue()):
        archive = tmp_path / "bad.tar"
        archive.write_bytes(bad)
        assert done(monkeypatch, "restore", archive, "--force", "--data", data) == 2
        said = capsys.readouterr().err
        assert "[backup.damaged]" in said and "Traceback" not in said
    assert (data / SECRETS).read_bytes() == before


def test_a_folder_without_anything_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert done(monkeypatch, "backup", tmp_path / "a.tar", "--data", tmp_path / "nowhere") == 2
    assert "[data.nothing]" in capsys.readouterr().err


def test_a_database_that_a_server_is_just_making_is_no_backup(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "folkmoot.db").touch()
    assert done(monkeypatch, "backup", tmp_path / "a.tar", "--data", tmp_path) == 2
    assert "[data.nothing]" in capsys.readouterr().err and not (tmp_path / "a.tar").exists()
