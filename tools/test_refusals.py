"""No code is said that the catalogue doesn't know, and what is generated from it is what it says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from folkmoot.kit.refusals import AT_A_START, TWIRP
from tools.refusals import PAGE, TYPES, catalogue, page, types

SOURCE = Path("server/src/folkmoot")
SPEAKERS = {
    "Refusal": catalogue(),
    "Problem": catalogue(),
    "TwirpError": TWIRP,
    "ConfigError": AT_A_START,
    "StorageError": AT_A_START,
}


def said(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Who speaks, and the code: `Refusal("a.b" if … else "c.d")` says two."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPEAKERS:
            first = node.args[0] if node.args else None
            branches = (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,)
            for branch in branches:
                if isinstance(branch, ast.Constant) and isinstance(branch.value, str):
                    yield node.func.id, branch.value


def strangers(source: str) -> list[str]:
    return [code for speaker, code in said(ast.parse(source)) if code not in SPEAKERS[speaker]]


@pytest.mark.parametrize("file", sorted(SOURCE.rglob("*.py")), ids=lambda file: str(file.relative_to(SOURCE)))
def test_every_code_that_is_said_is_in_the_catalogue(file: Path) -> None:
    assert strangers(file.read_text()) == []


def test_a_code_that_nobody_knows_is_found() -> None:
    assert strangers('Refusal("chat.empty" if x else "chat.emtpy")') == ["chat.emtpy"]
    assert strangers('raise TwirpError("meeting.ended", "…")') == ["meeting.ended"]


def test_what_is_generated_is_what_the_catalogue_says() -> None:
    assert PAGE.read_text() == page(), "python -m tools.refusals"
    assert TYPES.read_text() == types(), "python -m tools.refusals"


def test_a_sentence_ends_and_a_code_is_two_words() -> None:
    for code, known in catalogue().items():
        livekits = code.startswith(("room.", "participant.", "track.", "dispatch."))
        assert livekits or known.sentence.endswith("."), code
        assert "." in code or code == "internal"
