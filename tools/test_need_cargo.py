from __future__ import annotations

import pytest

from tools.need_cargo import refusal, version

COMPILER = "/usr/bin/cc"


@pytest.mark.parametrize("said", ["cargo 1.89.0 (abc 2025-01-01)", "cargo 1.95.0", "cargo 2.0.0"])
def test_a_rust_that_builds_the_engine_passes(said: str) -> None:
    assert refusal(said, COMPILER) is None


@pytest.mark.parametrize("said", [None, "cargo 1.88.9", "cargo 1.63.0 (Debian 12)", "not found"])
def test_another_is_refused_with_the_way_to_get_one(said: str | None) -> None:
    complaint = refusal(said, COMPILER)
    assert complaint
    assert "rustup" in complaint
    assert "1.89" in complaint


def test_without_a_c_compiler_it_says_so() -> None:
    complaint = refusal("cargo 1.95.0", None)
    assert complaint
    assert "C compiler" in complaint


def test_the_version_is_read_as_numbers() -> None:
    assert version("cargo 1.100.2") == (1, 100)
