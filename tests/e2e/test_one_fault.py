"""What goes wrong in one part of the page stays there, and words go to whom they were begun for."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import Someone
from tests.e2e.people import Person, eventually
from tests.product import Product

PANEL = re.compile(r"/assets/ChatPanel-[^/]*\.js$")
SMALL = [(320, 568), (360, 640), (568, 320), (667, 331), (320, 256)]
ON_SCREEN = """
(button) => {
  const { x, y, width, height } = button.getBoundingClientRect();
  const top = document.elementFromPoint(x + width / 2, y + height / 2);
  return x >= 0 && y >= 0 && x + width <= innerWidth && y + height <= innerHeight && button.contains(top);
}
"""


@pytest.fixture
def ada(someone: Someone) -> Person:
    return someone("Ada")


@pytest.fixture
def broken_line(ada: Person) -> list[str]:
    """Ada's page can't fetch its chat panel, as long as something is in the list."""
    broken = ["chat"]

    def answer(route: Route) -> None:
        if broken:
            route.abort()
        else:
            route.continue_()

    ada.page.route(PANEL, answer)
    return broken


def test_a_panel_that_does_not_load_says_so_and_comes_when_asked_again(
    ada: Person, product: Product, broken_line: list[str]
) -> None:
    ada.start_a_meeting(product.address, camera=False)
    ada.opens("Chat")
    ada.sees_text("This part didn't load.", within=20)
    expect(ada.leave_button).to_be_visible()
    broken_line.clear()
    ada.press("Try again")
    expect(ada.page.get_by_role("textbox", name="Message")).to_be_visible()


def test_a_private_word_to_somebody_who_has_left_stays_unsent(
    two: tuple[Person, Person],
) -> None:
    ada, bo = two
    ada.does_with("Bo", "Write to this person")
    field = ada.page.get_by_role("textbox", name="Message to Bo")
    ada.types(field, "only for you")
    bo.leave_button.click()
    ada.sees_text("Bo has left. Your message wasn't sent")
    field.press("Enter")
    expect(field).to_have_value("only for you")
    expect(ada.page.get_by_role("log", name="Chat")).not_to_contain_text("only for you")


def test_mute_camera_and_leave_are_on_every_screen(ada: Person, product: Product) -> None:
    ada.start_a_meeting(product.address, camera=False)
    for width, height in SMALL:
        ada.page.set_viewport_size({"width": width, "height": height})
        for words in ("Mute microphone", "Start video", "Leave"):
            button = ada.page.get_by_role("button", name=words).first
            expect(button, f"{words} at {width}×{height}").to_be_visible()
            where = f"{words} is on a screen of {width}×{height}"
            eventually(lambda button=button: button.evaluate(ON_SCREEN), where, within=5)  # type: ignore[misc]


def test_the_language_is_changed_without_leaving(ada: Person, product: Product) -> None:
    ada.start_a_meeting(product.address, camera=False)
    ada.page.get_by_role("button", name="More", exact=True).click()
    ada.page.get_by_role("menuitem", name="Settings").click()
    ada.press("中文")
    expect(ada.page.get_by_role("button", name="离开").first).to_be_attached()
    expect(ada.page.get_by_role("timer")).to_be_attached()
