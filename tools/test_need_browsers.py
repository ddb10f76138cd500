from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools import need_browsers


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Both are there, where their variables say."""
    programs = {name: tmp_path / name.lower() for name in ("CHROMIUM", "FIREFOX")}
    for name, program in programs.items():
        program.write_text("")
        program.chmod(0o755)
        monkeypatch.setenv(name, str(program))
    return programs


def test_those_that_are_there_are_taken_without_a_word(
    both: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert need_browsers.main() == 0
    assert capsys.readouterr() == ("", "")


def test_a_named_one_that_is_not_there_is_asked_for_and_nothing_is_installed(
    both: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    both["CHROMIUM"].unlink()
    monkeypatch.setattr(need_browsers, "way_to_install", lambda: pytest.fail("asked"))
    assert need_browsers.main() == 1
    said = capsys.readouterr().err
    assert "apt-get install -y chromium" in said
    assert str(both["CHROMIUM"]) in said


def test_the_lack_of_firefox_is_said_and_fails_nothing(
    both: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    both["FIREFOX"].unlink()
    assert need_browsers.main() == 0
    said = capsys.readouterr().err
    assert "SKIPPED" in said
    assert "apt-get install -y firefox-esr" in said


def test_one_that_can_be_installed_is(
    both: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    both["FIREFOX"].unlink()
    monkeypatch.setattr(need_browsers.Browser, "usual", str(both["FIREFOX"]))
    monkeypatch.setattr(need_browsers, "way_to_install", lambda: ["env", "true"])
    monkeypatch.setattr(
        "subprocess.run", lambda words, **_: both["FIREFOX"].touch(0o755) if "install" in words else None
    )
    assert need_browsers.main() == 0
    assert capsys.readouterr().err == ""


def test_who_may_not_install_is_not_asked_for_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    assert need_browsers.way_to_install() is None
