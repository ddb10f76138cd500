from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tools import audit


def test_what_cannot_be_asked_is_said_and_is_not_a_pass(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    offline = [sys.executable, "-c", "raise SystemExit('no route to host')"]
    monkeypatch.setattr(audit, "ASKED", {"X": (["no-such-tool"], "."), "Y": (offline, ".")})
    assert not audit._holes("X") and not audit._holes("Y")
    said = capsys.readouterr().out
    assert said.count("--  ") == 2 and "no route to host" in said and "ok" not in said


def test_a_known_hole_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [sys.executable, "-c", "print('Found 2 known vulnerabilities'); raise SystemExit(1)"]
    monkeypatch.setattr(audit, "ASKED", {"X": (found, ".")})
    assert audit._holes("X")


def test_a_licence_we_do_not_take_and_a_package_without_a_hash_are_named(tmp_path: Path) -> None:
    lock = tmp_path / "lock.json"
    packages = {
        "": {},
        "a": {"license": "MIT", "integrity": "sha512-x"},
        "b": {"license": "AGPL-3.0", "integrity": "sha512-x"},
        "c": {"license": "ISC"},
        "d": {"license": "AGPL-3.0", "dev": True},
    }
    lock.write_text(json.dumps({"packages": packages}))
    assert list(audit._npm(lock)) == ["npm b: licence AGPL-3.0", "npm c: no hash in the lock"]
