"""`folkmoot admin`, as somebody at a terminal of the machine uses it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from folkmoot.cli.archive import DATABASE
from folkmoot.cli.sizes import in_words
from folkmoot.storage import sqlite_url
from folkmoot.storage.migrate import known, migrate, opened, upgrade

from .test_commands import run


def done(monkeypatch: pytest.MonkeyPatch, data: Path, *words: str) -> int:
    monkeypatch.setattr("getpass.getpass", lambda _: "a long and rare one")
    return run(monkeypatch, "admin", *words, "--data", str(data))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    migrate(sqlite_url(tmp_path / DATABASE))
    return tmp_path


def test_an_account_is_made_listed_suspended_and_reset(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    assert done(monkeypatch, data, "create", "ada@example.org", "--name", "Ada", "--operator") == 0
    assert done(monkeypatch, data, "suspend", "ada@example.org") == 0
    capsys.readouterr()
    assert done(monkeypatch, data, "list", "ada") == 0
    said = capsys.readouterr().out
    assert "Ada  ada@example.org  suspended, operator" in said and "rare" not in said
    assert done(monkeypatch, data, "suspend", "ada@example.org", "--revoke") == 0
    assert done(monkeypatch, data, "reset", "ada@example.org") == 0
    assert "/reset#" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("suspend", "nobody@example.org"), "account.unknown"),
        (("create", "no address", "--name", "Ada"), "address.invalid"),
        (("operator", "ada@example.org", "--revoke"), "account.last_operator"),
    ],
)
def test_what_can_not_be_is_one_sentence_with_a_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    data: Path,
    words: tuple[str, ...],
    code: str,
) -> None:
    done(monkeypatch, data, "create", "ada@example.org", "--name", "Ada", "--operator")
    assert done(monkeypatch, data, *words) == 2
    said = capsys.readouterr().err
    assert f"[{code}]" in said and "Traceback" not in said


def test_what_the_operators_page_decides_is_decided_in_the_shell_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    def said(*words: str) -> str:
        assert done(monkeypatch, data, *words) == 0
        return capsys.readouterr().out

    assert said("signup") == "open\n"
    assert said("limits") == "people  no limit\nminutes  no limit\n"
    assert said("limits", "--minutes", "40", "--people", "100") == "people  100\nminutes  40\n"
    assert said("limits", "--minutes", "0") == "people  100\nminutes  no limit\n"
    assert said("signup", "domain", "--domain", "school.example") == "domain school.example\n"
    assert said("embed", "https://www.school.example") == "https://www.school.example\n"
    assert done(monkeypatch, data, "embed", "--nobody") == 0
    nobodys = capsys.readouterr()
    assert (nobodys.out, nobodys.err) == ("", "Nobody's.\n"), "who reads is told, a program counts no lines"
    id = said("announce", "--en", "Down at noon.", "--hours", "2").strip()
    assert "Down at noon." in said("announcements")
    assert said("unannounce", id) == ""
    assert re.fullmatch(r"free  [\d.]+ [kMGT]B\n", said("storage"))
    assert said("organisations") == ""
    noted = said("notes")
    assert "the shell  announcement.removed" in noted and "noon" not in noted
    assert done(monkeypatch, data, "embed", "*") == 2
    assert "[choice.origin]" in capsys.readouterr().err


def test_all_that_the_shell_does_is_noted_and_nothing_that_was_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    ada = "ada@example.org"
    for words in (
        ("create", ada, "--name", "Ada", "--operator"),
        ("create", "bo@example.org", "--name", "Bo"),
        ("suspend", "bo@example.org"),
        ("suspend", "bo@example.org", "--revoke"),
        ("operator", "bo@example.org"),
        ("operator", "bo@example.org", "--revoke"),
        ("reset", "bo@example.org"),
        ("key", ada, "--name", "backup", "--scope", "account:read"),
        ("signup", "closed"),
        ("embed", "https://www.school.example"),
        ("announce", "--en", "Down at noon."),
    ):
        assert done(monkeypatch, data, *words) == 0
    for words in (
        ("create", ada, "--name", "Twin"),
        ("operator", ada, "--revoke"),
        ("key", ada, "--name", "backup", "--scope", "everything"),
    ):
        assert done(monkeypatch, data, *words) == 2
    capsys.readouterr()
    assert done(monkeypatch, data, "notes") == 0
    said = capsys.readouterr().out
    assert [line.split("  ")[2] for line in reversed(said.splitlines())] == [
        "account.created", "account.created", "account.suspended", "account.restored", "operator.appointed",
        "operator.dismissed", "account.reset", "key.made", "server.chosen", "server.chosen", "announcement.made",
    ]  # fmt: skip
    assert "Bo" not in said and said.count("the shell") == 11
    assert run(monkeypatch, "audit", "verify", "--data", str(data)) == 0
    assert "11 entries, all as they were written." in capsys.readouterr().out


def test_an_address_names_one_account_however_many_have_it_in_theirs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    monkeypatch.setattr("folkmoot.accounts.administering.MOST_LISTED", 2)
    monkeypatch.setattr("folkmoot.operating.operating.MOST_LISTED", 2)
    for address in ("not-bo@example.org", "also-bo@example.org", "bo@example.org"):
        assert done(monkeypatch, data, "create", address, "--name", "Somebody") == 0
    assert done(monkeypatch, data, "suspend", "Bo@example.org") == 0
    capsys.readouterr()
    assert done(monkeypatch, data, "list", "bo@") == 0
    listed = capsys.readouterr().out.splitlines()
    assert ["suspended" in line for line in listed] == [False, False, True], "and all of them are listed"


def test_a_key_is_made_in_the_shell_and_printed_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    assert done(monkeypatch, data, "create", "ada@example.org", "--name", "Ada") == 0
    capsys.readouterr()
    words = ("key", "ada@example.org", "--name", "backup", "--scope")
    assert done(monkeypatch, data, *words, "account:read") == 0
    assert capsys.readouterr().out.startswith("fmk_")
    assert done(monkeypatch, data, *words, "everything") == 2
    assert "[key.unknown_scope]" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("admin", "list"), ("reports",)], ids=" ".join)
@pytest.mark.parametrize(
    ("at", "code", "advice"), [("older", "data.older", "folkmoot migrate"), ("newer", "data.newer", "0999")]
)
def test_a_database_of_another_version_is_left_alone_and_what_to_do_is_said(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    words: tuple[str, ...],
    at: str,
    code: str,
    advice: str,
) -> None:
    engine = opened(make_url(sqlite_url(tmp_path / DATABASE)))
    with engine.begin() as connection:
        upgrade(connection, min(known()) if at == "older" else "head")
        if at == "newer":
            connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    engine.dispose()
    assert run(monkeypatch, *words, "--data", str(tmp_path)) == 2
    said = capsys.readouterr().err
    assert f"[{code}]" in said and advice in said and "Traceback" not in said


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (16_932_073_472, "16.9 GB"),
        (999_999, "1.0 MB"),
        (5 * 10**15, "5000.0 TB"),
    ],
)
def test_how_much_that_is_for_a_person(size: int, words: str) -> None:
    assert in_words(size) == words
