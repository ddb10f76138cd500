"""`folkmoot own`, as somebody at a terminal of the machine uses it."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from folkmoot.cli.archive import DATABASE
from folkmoot.storage import sqlite_url
from folkmoot.storage.migrate import migrate

from .test_commands import run

NOW = datetime(2026, 3, 1, tzinfo=UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A school that has proven its domain, on a server with a name that sends mail."""
    migrate(sqlite_url(tmp_path / DATABASE))
    with sqlite3.connect(tmp_path / DATABASE) as database:
        database.execute(
            "INSERT INTO orgs (id, name, joining, made_at) VALUES ('o_1', 'Northfield', 'ask', ?)", (NOW,)
        )
        database.execute(
            "INSERT INTO org_domains (org, domain, token, made_at, proven_at, proven_by) "
            "VALUES ('o_1', 'school.example', 't', ?, ?, 'mail')",
            (NOW, NOW),
        )
    database.close()
    said = {
        "HTTP__ADDRESS": "https://meet.example",
        "MAIL__HOST": "127.0.0.1",
        "MAIL__SENDER": "f@meet.example",
    }
    # nobody answers at this address: what is asked of the DNS is refused at once
    for name, value in {**said, "DNS__SERVERS": "127.0.0.1:1"}.items():
        monkeypatch.setenv(f"FOLKMOOT_{name}", value)
    return tmp_path


def test_an_address_is_added_and_taken_out_by_the_rules_of_the_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    there = ("--data", str(data))
    assert run(monkeypatch, "own", "add", "o_1", "meet.other.example", *there) == 2
    assert "[host.not_proven]" in capsys.readouterr().err
    assert run(monkeypatch, "own", "add", "o_1", "meet.school.example", *there) == 0
    assert capsys.readouterr().out == "meet.school.example  CNAME  meet.example\n"
    assert run(monkeypatch, "own", "hosts", *there) == 0
    assert "meet.school.example  waiting  not looked at  Northfield (o_1)" in capsys.readouterr().out
    assert run(monkeypatch, "own", "check", "live.school.example", *there) == 2
    assert "[host.none]" in capsys.readouterr().err
    assert run(monkeypatch, "own", "remove", "meet.school.example", *there) == 0
    assert run(monkeypatch, "own", "remove", "meet.school.example", *there) == 2
    assert "[host.none]" in capsys.readouterr().err
    assert run(monkeypatch, "audit", "verify", *there) == 0


def test_who_mails_are_from_is_chosen_shown_and_dropped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    there = ("--data", str(data))
    assert run(monkeypatch, "own", "sender", "o_1", *there) == 2
    assert run(monkeypatch, "own", "sender", "o_1", "--name", "Bank <x@bank.example>", *there) == 2
    assert run(monkeypatch, "own", "sender", "o_1", "--name", "A", "--from", "a@bank.example", *there) == 2
    said = capsys.readouterr().err
    assert "[sender.none]" in said and "[sender.name]" in said and "[sender.not_proven]" in said
    assert (
        run(monkeypatch, "own", "sender", "o_1", "--name", "", "--reply-to", "office@school.example", *there)
        == 0
    )
    assert capsys.readouterr().out == "Northfield via this server\n"
    assert run(monkeypatch, "own", "sender", "o_1", "--none", *there) == 0
    assert run(monkeypatch, "own", "sender", "o_1", *there) == 2
