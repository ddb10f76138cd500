from __future__ import annotations

import os
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


def test_what_need_not_wait_runs_beside_each_other_and_is_told_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAKEFLAGS", "")
    # Each waits for the other: one after the other they would never end.
    os.mkfifo("there")
    Path("Makefile").write_text(
        "first:\n\t@echo first begins; cat there\nsecond:\n\t@echo first was heard > there\nthird:\n\t@false\nlast:\n"
    )
    assert main(["first + second third", "last"]) == 1
    said = capfd.readouterr().out
    assert "══ first\nfirst begins\nfirst was heard\n" in said
    assert said.endswith("3 passed, 1 failed: third\n")
