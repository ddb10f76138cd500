"""The pictures of a run, and the place with its people that they are taken of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError

from tests.e2e.test_for_everybody import lasting
from tests.product import Product
from tests.screens.listed import KEPT, KEPT_BYTES, Who
from tests.town import Visitor

SIZES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
NAMES = {
    "en": ("Ada Okafor", "Jonas Weber", "Mei Lin", "School on the Hill", ("Physics, class 3", "Parents' evening", "Weekly review")),
    "zh-CN": ("陈雅文", "林小川", "王梅", "山坡中学", ("三班物理课", "家长会", "每周例会")),
}  # fmt: skip
Light = Literal["light", "dark"]
LIGHTS: tuple[Light, ...] = ("light", "dark")
PATIENCE_MS = 45_000
FADE_MS = 400


@dataclass
class Album:
    """The pictures of one language on one size of screen."""

    folder: Path
    only: str
    """A pattern of what is wanted; nothing is everything."""
    keeps: Path | None = None
    """Where the pictures of the guides go."""
    lights: Sequence[Light] = LIGHTS
    troubles: list[str] = field(default_factory=list)

    def wants(self, name: str) -> bool:
        return re.search(self.only, name) is not None

    def shoot(
        self,
        page: Page,
        name: str,
        *,
        whole: bool = False,
        soon: bool = False,
        reach: Callable[[], None] | None = None,
    ) -> None:
        """`soon`: it passes by itself, perhaps before axe has looked. `reach`: what leads there, done anew for each light."""
        if not self.wants(name):
            return
        for light in self.lights:
            page.emulate_media(color_scheme=light)
            if reach:
                reach()
            where = self.folder / f"{name}-{light}.png"
            if soon or reach:
                page.wait_for_timeout(FADE_MS)
                page.screenshot(path=where)
            self.troubles += [f"{where.stem}, {self.folder.name}: {said}" for said in lasting(page)]
            if not (soon or reach):
                page.screenshot(path=where, full_page=whole)
            if self.keeps and where.stem in KEPT:
                keep(page, self.keeps / f"{KEPT[where.stem]}.jpg")

    @contextmanager
    def trying(self, name: str, page: Page | None = None) -> Iterator[None]:
        """What can't be reached is told at the end, and the next one is tried; what was there instead is in a picture."""
        try:
            yield
        except (PlaywrightError, AssertionError) as error:
            self.unreached(name, error)
            if page:
                page.screenshot(path=self.folder / f"{name.split()[0]}-unreached.png")

    def unreached(self, name: str, error: Exception) -> None:
        self.troubles.append(f"{name}, {self.folder.name}: not reached: {str(error).splitlines()[0]}")


def keep(page: Page, where: Path) -> None:
    """As good as it may be in so many bytes."""
    for quality in (80, 70, 60, 50, 40):
        if len(page.screenshot(path=where, type="jpeg", quality=quality)) <= KEPT_BYTES:
            return


@dataclass(frozen=True)
class Place:
    """A server with people of one language on it."""

    product: Product
    language: str
    visitors: dict[Who, Visitor]
    facts: dict[str, str]

    @contextmanager
    def page(self, browser: Browser, who: Who, size: str) -> Iterator[Page]:
        context = browser.new_context(
            locale=self.language,
            base_url=self.product.address,
            permissions=["camera", "microphone"],
            **SIZES[size],
        )
        if who in self.visitors:
            context.add_cookies(
                [
                    {
                        "name": name,
                        "value": value,
                        "domain": "localhost",
                        "path": "/",
                        "secure": name.startswith("__"),
                    }
                    for name, value in self.visitors[who].cookies.items()
                ]
            )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        if who in self.visitors:
            page.goto("/settings/profile")  # from here on the browser knows that somebody is signed in
            page.locator("h1").wait_for()
        yield page
        context.close()
