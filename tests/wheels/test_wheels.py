"""The wheels of dist/, in an empty environment and an empty folder: no checkout, no compiler, no Node."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.product import Product

ROOT = Path(__file__).parents[2]
UV = ROOT / ".tools/bin/uv"


def wheel(name: str) -> Path:
    found = sorted((ROOT / "dist").glob(f"{name}-*.whl"))
    if len(found) != 1:
        pytest.fail(f"dist/ holds {len(found)} wheels of {name}; run `make wheels`")
    return found[0]


def test_the_wheel_carries_the_web_client_and_nothing_that_was_only_for_tests() -> None:
    names = zipfile.ZipFile(wheel("folkmoot")).namelist()
    assert "folkmoot/web/index.html" in names
    assert any(name.startswith("folkmoot/web/assets/") and name.endswith(".js") for name in names)
    assert "folkmoot/py.typed" in names
    assert not [name for name in names if "/test" in name or name.endswith((".pyc", ".so"))]


def test_an_empty_environment_serves_meetings(tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    python = environment / "bin/python"
    for words in (
        ["venv", "-q", "--python", sys.executable, str(environment)],
        ["pip", "install", "-q", "--python", str(python), "-r", str(ROOT / "requirements.lock")],
        [
            "pip",
            "install",
            "-q",
            "--python",
            str(python),
            "--no-deps",
            str(wheel("folkmoot_engine")),
            str(wheel("folkmoot")),
        ],
    ):
        subprocess.run([UV, *words], check=True, cwd=tmp_path)
    bare = {"PATH": f"{environment}/bin:/usr/bin:/bin", "HOME": str(tmp_path)}
    said = subprocess.run(
        ["folkmoot", "--version"], env=bare, cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert said.stdout.startswith("folkmoot ")

    product = Product(tmp_path / "data", "--dev", python=str(python))
    product.start()
    try:
        asked = urllib.request.Request(product.address, headers={"accept": "text/html"})
        with urllib.request.urlopen(asked, timeout=5) as answer:
            page = answer.read().decode()
        assert "<script" in page
    finally:
        product.stop()
    assert os.access(product.log, os.R_OK)
