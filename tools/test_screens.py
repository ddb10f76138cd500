"""What `make screenshots` draws, beside what the web client has."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.words import Say, words
from tests.screens.in_the_room import ROOM
from tests.screens.listed import (
    BRANDED,
    IN_A_MEETING,
    KEPT,
    KEPT_BYTES,
    OPERATOR,
    ORGANISATION,
    SCREENS,
    SETTINGS,
)
from tests.screens.states import BEFORE, DOORS

ROOT = Path(__file__).parents[1]
WEB = ROOT / "web/src"
STATES = (*(state.name for state in BEFORE), *DOORS, *ROOM)
A_MEETINGS_OWN = {"/m/:number"}
"""Played, not visited: IN_A_MEETING."""


def written(path: str, pattern: str) -> list[str]:
    found: list[str] = re.findall(pattern, (WEB / path).read_text(), re.MULTILINE)
    assert found, path
    return found


def test_every_address_of_the_client_has_a_screen() -> None:
    addresses = {
        each for file in ("first.ts", "table.ts") for each in written(f"routes/{file}", r'path: "(/[^"]*)"')
    }
    assert addresses - A_MEETINGS_OWN == {screen.route for screen in SCREENS} - {"*"}


def test_every_tab_has_a_screen() -> None:
    assert tuple(written("features/account/Settings.tsx", r'^  \{ id: "(\w+)"')) == SETTINGS
    assert tuple(written("features/organisation/organisation.tsx", r"^  (\w+): \{ Tab: ")) == ORGANISATION
    assert tuple(written("features/operator/operator.tsx", r'^  \{ id: "(\w+)"')) == OPERATOR


def test_every_state_that_has_a_code_has_a_picture() -> None:
    rows = re.findall(r"^\| ([DJN]\d+) \|", (ROOT / "docs/develop/ui.md").read_text(), re.MULTILINE)
    drawn = {name.partition("-")[0] for name in STATES} | {"J21"}
    assert len(rows) > 40
    assert set(rows) - drawn == set()
    assert "at-once" in IN_A_MEETING, "which is J21"


def test_a_picture_waits_for_words_that_the_page_says() -> None:
    """Or the state is never reached, and none that comes after it in the same meeting."""
    program = "".join(path.read_text() for path in (ROOT / "tests/screens").glob("*.py"))
    catalogs = {path.parents[1].name for path in WEB.glob("**/locales/en.po")}
    ids = [id for id in re.findall(r'"([a-z]+\.[a-z_.A-Z]+)"', program) if id.partition(".")[0] in catalogs]
    assert len(ids) > 40
    for language in ("en", "zh-CN"):
        say = words(language)
        assert [id for id in ids if not is_said(say, id)] == [], language


def is_said(say: Say, id: str) -> bool:
    try:
        return say(id) != ""
    except KeyError:
        return False


def test_pictures_of_the_guides_are_few_small_and_shown_there() -> None:
    there = {path.name: path for path in (ROOT / "docs/pictures").iterdir()}
    assert set(there) == {f"{name}.jpg" for name in KEPT.values()}
    pages = "".join(path.read_text() for path in (ROOT / "docs").rglob("*.md"))
    for name, path in there.items():
        assert path.stat().st_size <= KEPT_BYTES, name
        assert f"pictures/{name}" in pages, name


def test_no_two_screens_are_drawn_over_one_another() -> None:
    names = [*(screen.name for screen in SCREENS), *IN_A_MEETING, *BRANDED, *STATES]
    assert len(set(names)) == len(names)
