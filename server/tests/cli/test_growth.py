"""`folkmoot growth`, as somebody at a terminal meets it."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from folkmoot import cli

LINE = '{"kind":"invoice.line","id":"l1","at":"2026-01-01T00:00:00Z","organisation":"o1","invoice":"1","amount":12345678,"currency":"EUR","first":"2026-01-01","last":"2026-03-31"}'


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):  # type: ignore[no-untyped-def]
    """Types a command; gives its exit status and what it said."""

    def types(*words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["folkmoot", "growth", *words, "--data", str(tmp_path / "data")])
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        return int(end.value.code or 0), said.out + said.err

    return types


def test_a_strangers_file_gives_its_own_totals(typed, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "events.jsonl.gz"
    file.write_bytes(gzip.compress(LINE.encode()))
    ours = ("--book", "ours", "--currency", "EUR", "--year-starts", "1", "--large", "100000")
    assert typed("import", str(file), *ours) == (0, "1 events taken, 0 had been brought before.\n")
    assert typed("import", str(file), *ours) == (0, "0 events taken, 1 had been brought before.\n")
    status, said = typed("show", "--book", "ours")
    assert status == 0
    assert "123,456.78 EUR" in said and "Made-up" not in said
    assert "large            1" in said
    assert "o1,,12345678" in typed("csv", "revenue", "--book", "ours")[1]
    assert (
        "2026-01..2026-03,12345678" in typed("csv", "quarters", "--book", "ours", "--quarter", "2026-02")[1]
    )
    assert typed("list") == (0, "ours\n")


def test_a_line_that_is_wrong_is_named_and_nothing_taken(typed, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "events.jsonl"
    file.write_text(LINE + "\n" + LINE.replace('"l1"', '"l2"').replace("12345678", "1.5") + "\n")
    status, said = typed("import", str(file))
    assert (status, "line 2, field amount" in said, "[growth.field]" in said) == (2, True, True)
    assert "(Expected `int`, got `float`)" in said
    assert "[growth.no_book]" in typed("show")[1], "none was made for it"
    assert typed("list") == (0, "None yet. Bring one: folkmoot growth import FILE --book NAME.\n")
    days = ("--first", "2026-01-01", "--last", "2026-01-31")
    assert "at once on the page" in typed("cost", "machines", "1200.00", *days)[1]
    packed = gzip.compress(LINE.encode())
    for name, content, why in (
        ("cut.gz", packed[:-12], "ends in the middle"),
        ("plain.gz", LINE.encode(), "isn't packed"),
        ("list.jsonl", b"[]", "line 1: is no JSON object"),
    ):
        (tmp_path / name).write_bytes(content)
        status, said = typed("import", str(tmp_path / name))
        assert (status, why in said) == (2, True), said


def test_what_a_spreadsheet_would_run_is_text_in_a_table(typed, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "events.jsonl"
    file.write_text(LINE.replace('"o1"', '"=1+1"'))
    assert typed("import", str(file))[0] == 0
    assert "'=1+1,,12345678" in typed("csv", "revenue")[1]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show", "--book", "nothing"), "growth.no_book"),
        (("import", "/nowhere.jsonl", "--book", "a"), "growth.unreadable"),
        (("import", "/dev/null", "--book", "../a"), "growth.name"),
        (("import", "/dev/null", "--currency", "euro"), "growth.currency"),
    ],
)
def test_what_can_not_be_is_said_with_a_code(typed, words: tuple[str, ...], code: str) -> None:  # type: ignore[no-untyped-def]
    status, said = typed(*words)
    assert status == 2
    assert f"[{code}]" in said and "Traceback" not in said


def test_a_book_that_is_written_is_not_read_meanwhile(typed, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert typed("import", "/dev/null", "--book", "a")[0] == 0
    hold = f"import duckdb, sys; held = duckdb.connect({str(tmp_path / 'data' / 'growth' / 'a.duckdb')!r}); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        assert "[growth.in_use]" in typed("show", "--book", "a")[1]
        other.communicate(b"")


def test_made_up_events_are_marked_and_a_quarter_that_is_none_refused(typed) -> None:  # type: ignore[no-untyped-def]
    assert typed("demo", "--one-in", "100", "--seed", "7")[0] == 0
    status, said = typed("show", "--book", "demo")
    assert status == 0 and said.startswith("Made-up data, seed 7\n") and "+355 %" in said
    assert "[growth.quarter]" in typed("show", "--book", "demo", "--quarter", "2020-13")[1]
    assert "[growth.no_table]" in typed("csv", "secrets", "--book", "demo")[1]
    for table in ("forecasts", "funnel", "domains", "cohorts", "large", "customers"):
        assert typed("csv", table, "--book", "demo")[1].count("\n") > 2, table


def test_a_server_that_nobody_asks_for_figures_does_not_load_their_database() -> None:
    loaded = "import folkmoot.cli, folkmoot.app, sys; print('duckdb' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


def test_costs_and_rates_are_said_and_taken_back(typed, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "events.jsonl"
    file.write_text(LINE.replace('"EUR"', '"USD"'))
    ours = ("--book", "ours")
    days = ("--first", "2026-01-01", "--last", "2026-03-31")
    assert typed("import", str(file), *ours, "--currency", "EUR")[0] == 0
    assert "not counted" in typed("show", *ours)[1]
    assert typed("rate", "usd", "0.5", "--since", "2025-12-01", *ours) == (0, "Taken.\n")
    assert typed("cost", "machines", "1000.00", *days, *ours)[0] == 0
    shown = typed("show", *ours, "--quarter", "2026-02")[1]
    assert "61,728.40 EUR" in shown and "60,728.40 EUR" in shown and "not counted" not in shown
    entry = typed("csv", "costs", *ours)[1].splitlines()[1].split(",")
    assert entry[1:] == ["machines", "100000", "EUR", "2026-01-01", "2026-03-31"]
    assert typed("take-back", entry[0], *ours)[0] == 0
    assert "60,728.40 EUR" not in typed("show", *ours, "--quarter", "2026-02")[1]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("cost", "machines", "1.005", "--first", "2026-01-01", "--last", "2026-01-31"), "growth.amount"),
        (("cost", "machines", "1", "--first", "2026-01-31", "--last", "2026-01-01"), "growth.period"),
        (("cost", "machines", "1", "--first", "yesterday", "--last", "2026-01-01"), "growth.field"),
        (("rate", "USD", "0", "--since", "2026-01-01"), "growth.field"),
        (("rate", "USD", "-1.5", "--since", "2026-01-01"), ""),
        (("take-back", "l1"), "growth.no_entry"),
        (("rate", "USD", "1.5", "--since", "2026-01-01", "--book", "another"), "growth.no_book"),
    ],
)
def test_a_slip_in_what_is_typed_is_refused(typed, tmp_path: Path, words: tuple[str, ...], code: str) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "events.jsonl"
    file.write_text(LINE)
    assert typed("import", str(file), "--book", "own")[0] == 0
    status, said = typed(*words)
    assert (status == 2 and f"[{code}" in said) or not code
    assert "Traceback" not in said
