"""`folkmoot billing`, as somebody at a terminal of the machine uses it."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path

import pytest

from folkmoot.cli.archive import DATABASE
from folkmoot.storage import sqlite_url
from folkmoot.storage.migrate import migrate

from .test_commands import run

TEAM = {
    "id": "team", "name": "Team", "prices": [{"period": "month", "seat": {"amount": 600, "currency": "EUR"}}],
    "limits": {"people": 300}, "services": ["api"], "support": "mail",
}  # fmt: skip


def kept(data: Path) -> dict[str, str]:
    with sqlite3.connect(data / DATABASE) as database:
        found = dict(database.execute("SELECT id, said FROM billing_plans"))
    database.close()
    return found


def test_plans_of_a_file_are_offered_whole_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    migrate(sqlite_url(tmp_path / DATABASE))
    file = tmp_path / "plans.json"
    for wrong, why in (
        ([TEAM, {**TEAM, "id": "two", "support": "at night"}], "1.support"),
        ([TEAM, {**TEAM, "id": "free"}], "costs nothing"),
        ([{**TEAM, "services": ["audit"]}], "0.services"),
        ([TEAM, {**TEAM, "id": "two", "limits": {"people": 0}}], "1 (two): A limit is a whole number"),
        (
            [{**TEAM, "prices": [{"period": "month", "seat": {"amount": -1, "currency": "EUR"}}]}],
            "0 (team): A price",
        ),
        (
            [{**TEAM, "prices": [{"period": "month", "seat": {"amount": 1, "currency": "EURO"}}]}],
            "0.prices.0.seat",
        ),
        (TEAM, "no list of plans"),
        ([TEAM, {**TEAM, "id": "two", "recording": 100}], "1.recording: there is no such field"),
        ([{**TEAM, "limits": {"poeple": 300}}], "0.limits.poeple: there is no such field"),
    ):
        file.write_text(json.dumps(wrong))
        assert run(monkeypatch, "billing", "plans", str(file), "--data", str(tmp_path)) == 1
        assert why in capsys.readouterr().err
        assert kept(tmp_path) == {}
    free = {"id": "free", "name": "Free", "limits": {"at_once": 1}}
    file.write_text(json.dumps([TEAM, free]))
    assert run(monkeypatch, "billing", "plans", str(file), "--data", str(tmp_path)) == 0
    assert {*kept(tmp_path)} == {"team", "free"}
    assert sorted(json.loads(kept(tmp_path)["free"])["services"]) == ["api", "branding", "directory_sync"]


def test_a_plan_is_said_word_by_word_and_what_is_not_named_stays(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    migrate(sqlite_url(tmp_path / DATABASE))

    def says(*said: str) -> int:
        return run(monkeypatch, "billing", *said, "--data", str(tmp_path))

    prices = ("--price", "6.00 EUR month", "--price", "60.00 EUR year")
    assert says("plan", "team", "--name", "Team", *prices, "--people", "300", "--service", "api") == 0
    assert says("plan", "team", "--people", "none", "--at-once", "20", "--trial-days", "14") == 0
    capsys.readouterr()
    assert says("plans") == 0
    assert capsys.readouterr().out == (
        "free  Free: free; no limits; api, branding, directory_sync; support community\n"
        "team  Team: 6.00 EUR a seat and month, 60.00 EUR a seat and year; at_once 20; api; support community; 14 days to try\n"
    )
    before = kept(tmp_path)
    for wrong, why in (
        (("plan", "large", "--people", "3"), "Give it a name"),
        (("plan", "team", "--people", "0"), "A limit is a whole number"),
        (("plan", "team", "--people", "many"), "--people: many is no number"),
        (("plan", "team", "--price", "6.00"), "6.00 is no price"),
        (("plan", "team", "--price", "6.001 EUR month"), "no amount"),
        (("plan", "team", "--service", "audit"), "audit is no service. There are: "),
        (("plan", "free", "--price", "1.00 EUR month"), "costs nothing"),
        (("plan", "team", "--fewest-seats", "-1"), "seats"),
    ):
        assert says(*wrong) == 1
        assert why in capsys.readouterr().err
    assert kept(tmp_path) == before


def test_plans_that_are_listed_as_a_file_can_be_offered_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    migrate(sqlite_url(tmp_path / DATABASE))
    file, data = tmp_path / "plans.json", ("--data", str(tmp_path))
    file.write_text(json.dumps([TEAM]))
    assert run(monkeypatch, "billing", "plans", str(file), *data) == 0
    capsys.readouterr()
    assert run(monkeypatch, "billing", "plans", "--json", *data) == 0
    file.write_text(capsys.readouterr().out)
    before = kept(tmp_path)["team"]
    assert run(monkeypatch, "billing", "plans", str(file), *data) == 0
    assert kept(tmp_path)["team"] == before


def test_a_payment_for_nothing_is_refused_and_empty_books_have_no_events(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    migrate(sqlite_url(tmp_path / DATABASE))
    for said in (("6.001", "EUR"), ("6.00", "EUR")):
        paid = ("billing", "paid", "2026-0001", *said, "--id", "4711", "--data", str(tmp_path))
        assert run(monkeypatch, *paid) == 1
    assert b"no amount" in (said_ := capsysbinary.readouterr().err) and b"no such invoice" in said_
    for format in ("events", "beancount"):
        assert run(monkeypatch, "billing", "export", "--format", format, "--data", str(tmp_path)) == 0
        assert capsysbinary.readouterr().out == b""


def test_taxes_are_said_and_listed_and_what_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    migrate(sqlite_url(tmp_path / DATABASE))

    def says(*said: str) -> int:
        return run(monkeypatch, "billing", *said, "--data", str(tmp_path))

    assert says("rate", "DE", "19", "2007-01-01") == 0
    assert says("rate", "DE", "19.5", "2030-01-01", "--name", "MwSt") == 0
    assert says("rates") == 0
    assert capsys.readouterr().out == "DE 2007-01-01 19.00 VAT\nDE 2030-01-01 19.50 MwSt\n"
    for wrong in (("Germany", "19"), ("DE", "101"), ("DE", "1.234"), ("DE", "much")):
        assert says("rate", *wrong, "2007-01-01") == 1
        assert capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("refund", "nobody", "1.00", "EUR", "--id", "1"), "at most 0.00 EUR"),
        (("credit-note", "2026-0001", "1.00", "EUR"), "no such invoice"),
        (("credit-note", "2026-0001", "1.001", "EUR"), "no amount"),
        (("reverse-charge", "nobody"), "who invoices go to"),
        (("withdraw", "nobody", "q1"), "no such quote"),
        (("quote", "nobody", "team", "5", "7.00", "EUR", "--starts", "2030-01-01", "--open-until", "2030-01-01", "--id", "q1"), "no such organisation"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    said: tuple[str, ...],
    why: str,
) -> None:
    migrate(sqlite_url(tmp_path / DATABASE))
    assert run(monkeypatch, "billing", *said, "--data", str(tmp_path)) == 1
    assert why in capsys.readouterr().err


def test_what_organisations_met_is_a_table_and_what_is_no_month_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    migrate(sqlite_url(tmp_path / "folkmoot.db"))
    with contextlib.closing(sqlite3.connect(tmp_path / "folkmoot.db")) as database:
        database.execute(
            "INSERT INTO usage_days (org, day, ms, meetings, peak) VALUES ('o_gone', '2026-02-28', 3659999, 2, 7)"
        )
        database.commit()
    assert run(monkeypatch, "billing", "usage", "2026-02", "--data", str(tmp_path)) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == ["organisation,name,participant_minutes,meetings,most_people", "o_gone,,60,2,7"]
    assert run(monkeypatch, "billing", "usage", "2026-2", "--data", str(tmp_path)) == 1
    assert "2026-2 is no month." in capsys.readouterr().err
