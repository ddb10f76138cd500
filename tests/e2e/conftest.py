"""Who is there before a journey begins.

Law: a scene pays for what it is about. One server and one browser for each tone serve all scenes of a run; a scene begins with
contexts of its own, which is as much as with browsers of its own. Who needs another server or another browser makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright

from tests.e2e.network import FarHost
from tests.e2e.people import CHROMIUM, FLAGS, PRESENT, Ensemble, Person
from tests.posts import post_office
from tests.product import Product, free_port
from tests.town import Town

Someone = Callable[..., Person]
TONES = {"Ada": 440.0, "Bo": 620.0, "Cai": 860.0, "Dana": 1180.0}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Of a scene that failed, what the pages showed then."""
    report = yield
    if report.failed and report.when == "call":
        told = [person.told() for person in PRESENT if not person.page.is_closed()]
        report.sections.append(("what the pages showed", "\n".join(told)))
    return report


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One server for all scenes, each a meeting of its own. Who kills it starts it again."""
    product = Product(tmp_path_factory.mktemp("data"), "--dev")
    product.start()
    yield product
    product.stop()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A server with a post office, which can be on another day."""
    with post_office() as (post, mailing):
        product = Product(
            tmp_path_factory.mktemp("data"),
            "--dev",
            environment={**mailing, "DAY_AHEAD_S": "0"},
            program="tests.e2e.another_day",
        )
        product.start()
        yield Town(product, post)
        product.stop()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """For scenes in which nobody is heard; each person has a context of their own in it."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def ensemble(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ensemble]:
    ensemble = Ensemble(playwright, tmp_path_factory.mktemp("singing"))
    yield ensemble
    ensemble.end()


@pytest.fixture
def someone(ensemble: Ensemble) -> Iterator[Someone]:
    """`someone("Bo")` comes: a browser of their own to the server, gone when the scene ends. Who isn't named here sings as Bo."""
    here: list[Person] = []

    def come(name: str, hz: float | None = None, **context: Any) -> Person:
        tone = TONES.get(name, TONES["Bo"]) if hz is None else hz
        here.append(Person(ensemble.singing(tone), name, tone, **context))
        return here[-1]

    yield come
    for person in here:
        person.context.close()


@pytest.fixture
def two(product: Product, someone: Someone) -> tuple[Person, Person]:
    """Ada and Bo, in a meeting that Ada began."""
    ada, bo = someone("Ada"), someone("Bo")
    bo.open(ada.start_a_meeting(product.address))
    bo.join()
    return ada, bo


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
