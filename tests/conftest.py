"""The product under test, started once for all tests of a file, as a user starts it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.e2e.firefox import firefox
from tests.product import Product

LONGEST_FIRST = [
    "every_page",
    "organisations",
    "staying",
    "the_door",
    "picture_sound_window",
    "planning",
    "operator",
    "for_everybody",
    "firefox",
    "signing_in",
    "budgets",
    "js_sdk",
]
"""Two workers take file after file: one that is begun last would leave the other idle for as long as it lasts."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Playwright's loop, once begun, stays on this thread, and no other can run beside it: so it comes last."""
    items.sort(
        key=lambda item: (not inspect.iscoroutinefunction(getattr(item, "function", None)), _turn(item))
    )


def _turn(item: pytest.Item) -> int:
    name = item.path.stem.removeprefix("test_")
    return LONGEST_FIRST.index(name) if name in LONGEST_FIRST else len(LONGEST_FIRST)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """On free ports, with a data folder of its own and LiveKit's development key."""
    product = Product(tmp_path_factory.mktemp("data"), "--dev")
    product.start()
    yield product
    product.stop()


@pytest.fixture(scope="module")
def fox(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One Firefox for all tests of a file; each person has a context of their own in it."""
    with firefox(playwright, tmp_path_factory.mktemp("firefox")) as browser:
        yield browser
