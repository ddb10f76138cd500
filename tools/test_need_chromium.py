from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools import need_chromium


def test_one_that_is_there_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "chromium"
    program.write_text("")
    program.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(program))
    assert need_chromium.main() == 0


def test_a_named_one_that_is_not_there_is_asked_for_and_nothing_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nowhere"))
    monkeypatch.setattr(need_chromium, "way_to_install", lambda: pytest.fail("asked"))
    assert need_chromium.main() == 1
    said = capsys.readouterr().err
    assert "apt-get install" in said
    assert str(tmp_path) in said


def test_who_may_not_install_is_not_asked_for_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    assert need_chromium.way_to_install() is None
