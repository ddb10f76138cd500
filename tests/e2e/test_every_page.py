"""Every page that an address leads to: axe finds nothing, and it fits. In two looks, each page in one of them.

What comes in a meeting is in `test_for_everybody`. `make screenshots` asks the same of each page in all eight looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, Playwright

from tests.e2e.people import chromium
from tests.posts import post_office
from tests.screens.album import Album
from tests.screens.held import hold
from tests.screens.listed import SCREENS
from tests.screens.shoot import enters, named_server, pages, settle
from tests.town import Town

from .test_for_everybody import lasting

Light = Literal["light", "dark"]
OWN_SCENE = ("operator-growth",)
"""Its figures take their time to be made: `test_operator` asks of it with a small file."""
LOOKS: tuple[tuple[str, str, Light], ...] = (("en", "desk", "light"), ("zh-CN", "phone", "dark"))


@dataclass
class Looked(Album):
    """Nothing is drawn: axe is asked, in one light."""

    mine: frozenset[str] = frozenset()
    light: Light = "light"

    def wants(self, name: str) -> bool:
        return name in self.mine

    def shoot(
        self,
        page: Page,
        name: str,
        *,
        whole: bool = False,
        soon: bool = False,
        reach: Callable[[], None] | None = None,
    ) -> None:
        page.emulate_media(color_scheme=self.light)
        self.troubles += [f"{name}: {said}" for said in lasting(page)]


def test_axe_finds_nothing_on_any_page(playwright: Playwright, tmp_path: Path) -> None:
    with post_office() as (post, environment), chromium(playwright, tmp_path, "town", 440) as browser:
        product = named_server(tmp_path / "data", environment)
        product.start()
        try:
            wanted = [screen.name for screen in SCREENS if screen.name not in OWN_SCENE]
            for turn, (language, size, light) in enumerate(LOOKS):
                mine = frozenset(wanted[turn :: len(LOOKS)])
                place = settle(Town(product, post), language, f"^({'|'.join(mine)})$")
                if "meeting-past" in mine:
                    hold(place, browser, enters)
                album = Looked(tmp_path, "", mine=mine, light=light)
                pages(place, browser, size, album)
                assert album.troubles == []
        finally:
            product.stop()
