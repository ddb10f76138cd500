"""What a guide tells somebody to press is called so on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDES = sorted([*ROOT.glob("docs/guides/*.md"), *ROOT.glob("docs/get-started/*.md")])
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
MARKED = re.compile(r"\*\*(.+?)\*\*|(?<![\*\w])\*([^*\s(;:][^*\n]*?)\*(?!\*)")
FIRST_CELL = re.compile(r"^\| ([^|]+?) \|", re.MULTILINE)
BETWEEN = re.compile(r"→|›| · |, ")
NOT_OURS = {
    "advanced", "proceed", "share", "add to home screen", "file", "add to dock",  # of browsers
    "and 3 more", "make 30 links", "make 30 new ones",  # figures
    "on this machine", "cohosts", "which rooms it comes to", "what opens", "in words",  # said with weight
}  # fmt: skip


def letters(text: str) -> str:
    return " ".join(
        re.sub(r"[^a-z0-9 ]", " ", text.lower().replace("'", "").replace("’", "").replace("-", "")).split()
    )


@cache
def page() -> str:
    return letters(" ".join(file.read_text() for file in sorted(ROOT.glob("web/src/**/locales/en.po"))))


def names(guide: Path) -> Iterator[str]:
    text = CODE.sub("", guide.read_text())
    for bold, slanted in MARKED.findall(text):
        if not bold.endswith((".", ":")):  # that one begins a paragraph
            yield from BETWEEN.split(bold or slanted)
    if guide.name == "joining.md":  # its table is what the page says
        for cell in FIRST_CELL.findall(text):
            yield from BETWEEN.split(cell)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_names_what_the_page_has(guide: Path) -> None:
    said = {letters(name) for name in names(guide)} - {"", "it says"}
    assert {name for name in said if name not in page()} <= NOT_OURS
