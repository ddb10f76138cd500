"""`folkmoot admin org`, as somebody at a terminal of the machine uses it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from folkmoot.cli.archive import DATABASE
from folkmoot.storage import sqlite_url
from folkmoot.storage.migrate import migrate

from ..branding.conftest import picture
from .test_commands import run

ORG = "o_4d091bd1047e07abb9de3765"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    migrate(sqlite_url(tmp_path / DATABASE))
    with sqlite3.connect(tmp_path / DATABASE) as database:
        row = (ORG, "Northfield School", "northfield school", "ask", "2026-11-28 18:00:00")
        database.execute("INSERT INTO orgs (id, name, folded, joining, made_at) VALUES (?, ?, ?, ?, ?)", row)
    database.close()
    return tmp_path


def test_an_organisation_is_branded_and_put_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    def said(*words: str) -> list[str]:
        assert run(monkeypatch, "admin", "org", "branding", ORG, *words, "--data", str(data)) == 0
        return [line.split(maxsplit=1)[1] for line in capsys.readouterr().out.replace(", ", ",").splitlines()]

    nothing = ["as it is called", "none", "none", "Folkmoot's own", "Folkmoot's own", "none"]
    assert said() == nothing
    (data / "logo.png").write_bytes(picture())
    words = ("--name", "Northfield", "--line-zh", "九点开始入场。", "--accent", "#1d4ed8")
    assert said(*words, "--logo", str(data / "logo.png")) == [
        *("Northfield", "none", "九点开始入场。", "#1d4ed8", "#477dff (follows)", "480 x 160"),
    ]
    assert said("--no-logo", "--accent-dark", "#ffcc00")[4:] == ["#ffcc00", "none"]
    assert said("--put-back") == nothing


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("o_nobodys",), "org.unknown"),
        ((ORG, "--accent", "red"), "branding.colour"),
        ((ORG, "--accent", "#ffcc00"), "branding.contrast"),
        ((ORG, "--line-en", "x" * 141), "branding.line"),
    ],
)
def test_what_can_not_be_is_one_sentence_with_a_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    data: Path,
    words: tuple[str, ...],
    code: str,
) -> None:
    assert run(monkeypatch, "admin", "org", "branding", *words, "--data", str(data)) == 2
    assert f"[{code}]" in capsys.readouterr().err
