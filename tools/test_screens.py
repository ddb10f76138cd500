"""What `make screenshots` draws, beside what the web client has."""

from __future__ import annotations

import re
from pathlib import Path

from tests.screens.listed import OPERATOR, ORGANISATION, SCREENS, SETTINGS

WEB = Path(__file__).parents[1] / "web/src"
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


def test_no_two_screens_are_drawn_over_one_another() -> None:
    names = [screen.name for screen in SCREENS]
    assert len(set(names)) == len(names)
