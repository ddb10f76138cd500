from __future__ import annotations

import pytest

from tools.lint_tree import names, places


@pytest.mark.parametrize(
    "path", ["server/src/x/utils.py", "engine/sfu/src/common.rs", "web/src/helpers/a.ts"]
)
def test_a_name_that_says_nothing_is_found(path: str) -> None:
    assert list(names(path))


@pytest.mark.parametrize(
    "path", ["server/src/x/leaving.py", "docs/utilities.md", "web/src/ui/Common.stories.md"]
)
def test_a_name_with_a_subject_passes(path: str) -> None:
    assert not list(names(path))


@pytest.mark.parametrize(
    "line", ["see /wo·rk/notes", "cd /ro·ot/x", "https://registry.np·mjs.org/x", "py·pi.org/simple"]
)
def test_a_place_of_one_machine_is_found_with_its_line(line: str) -> None:
    (breach,) = places("docs/a.md", f"fine\n{line.replace('·', '')}\n")
    assert breach.startswith("docs/a.md:2:")


@pytest.mark.parametrize("line", ["server/workloads", "homework", "the rooms of a home", "$HOME/x"])
def test_what_only_looks_alike_passes(line: str) -> None:
    assert not list(places("docs/a.md", line))


def test_a_generated_lock_may_name_its_registry() -> None:
    assert not list(places("engine/Cargo.lock", "registry+https://index.cra·tes.io/".replace("·", "")))
