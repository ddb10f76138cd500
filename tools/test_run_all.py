from __future__ import annotations

from pathlib import Path

import pytest

from tools.run_all import main


def test_all_run_and_the_failed_ones_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAKEFLAGS", "")
    Path("Makefile").write_text("good:\n\t@echo fine\nbad:\n\t@false\nlast:\n\t@echo still\n")
    assert main(["good", "bad", "last"]) == 1
    said = capfd.readouterr().out
    assert "still" in said
    assert "2 passed, 1 failed: bad" in said
    assert main(["good"]) == 0
