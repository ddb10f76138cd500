"""Who is there before a journey begins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.e2e.network import FarHost
from tests.e2e.people import Person, person
from tests.product import Product, free_port


@pytest.fixture
def two(product: Product, playwright: Playwright, tmp_path: Path) -> Iterator[tuple[Person, Person]]:
    """Ada and Bo, in a meeting that Ada began."""
    with person(playwright, tmp_path, "Ada", 440) as ada, person(playwright, tmp_path, "Bo", 620) as bo:
        bo.open(ada.start_a_meeting(product.address))
        bo.join()
        yield ada, bo


@pytest.fixture
def lan_product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Product, FarHost]]:
    """A server for the local network, and another host on that network."""
    monkeypatch.setenv("FOLKMOOT_MEDIA__UDP_PORT", "0")
    monkeypatch.setenv("FOLKMOOT_MEDIA__TCP_PORT", str(free_port()))  # 0 would be none
    with FarHost(tmp_path) as far:
        product = Product(tmp_path / "data", "--lan", host=far.near, scheme="https")
        product.start()
        try:
            yield product, far
        finally:
            product.stop()
