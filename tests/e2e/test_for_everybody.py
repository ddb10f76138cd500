"""Every screen can be used by everybody: axe finds nothing, in both languages, in both lights, on a desk and a phone."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Someone
from tests.e2e.people import Person, eventually
from tests.product import Product

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"

# What React Aria puts beside the page for a moment (its announcer, the edges of a layer) is no part of a landmark.
SETTLED = """
() => Promise.all(document.getAnimations()
  .filter((each) => each.effect.getComputedTiming().iterations !== Infinity)
  .map((each) => each.finished.catch(() => undefined))).then(() => undefined)
"""

ASK = """
async () => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await axe.run(
    { exclude: ['[data-live-announcer]'] },
    { resultTypes: ['violations'], runOnly: tags, rules: { region: { enabled: false } } },
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, any, all, none }) => `${id}: ${target}: ${html.slice(0, 200)}: ${[...any, ...all, ...none][0]?.message}`));
}
"""

REFUSING = """navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException('Permission denied', 'NotAllowedError');
};"""

DESK = {"viewport": {"width": 1366, "height": 728}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def complaints(page: Page) -> list[str]:
    """What appears fades in: colours are judged when it has."""
    page.evaluate(SETTLED)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(ASK)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("the page scrolls sideways")
    return found


def is_fine(page: Page, where: object) -> None:
    assert lasting(page) == [], where


def lasting(page: Page) -> list[str]:
    """Complaints once it has settled: what fades in has too little contrast on its way."""
    found: list[str] = []

    def none() -> bool:
        found[:] = complaints(page)
        return not found

    with contextlib.suppress(AssertionError):
        eventually(none, "nothing to complain of", within=5)
    return found


@pytest.fixture(params=[("en-GB", "dark"), ("zh-CN", "light")], ids=" ".join)
def look(request: pytest.FixtureRequest) -> dict[str, Any]:
    locale, theme = request.param
    return {"locale": locale, "color_scheme": theme}


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def ann(product: Product, someone: Someone, look: dict[str, Any], request: pytest.FixtureRequest) -> Person:
    """Somebody on the home page."""
    ann = someone("Ann", 440, **look, **request.param)
    ann.page.goto(product.address)
    ann.page.locator("main button").first.wait_for()
    return ann


def test_the_pages_around_a_meeting(product: Product, ann: Person) -> None:
    page = ann.page
    is_fine(page, "home")
    page.locator("main button").first.click()
    page.wait_for_url("**/m/**")
    page.get_by_role("textbox").fill("Ann")
    is_fine(page, "prejoin")
    link = page.url
    page.locator("form button[type=submit]").click()
    leave = page.locator("[data-region=bar] button").last
    leave.click()
    page.get_by_role("dialog").get_by_role("button").first.click()
    page.locator("section h1").wait_for()
    is_fine(page, "left")
    page.goto(product.address + "nothing")
    page.locator("section h1").wait_for()
    is_fine(page, "not found")
    # Ann, who began it, has other proofs than the link.
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    size = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(link.partition("#")[0])
    page.locator("input[name=name]").fill("Ann")
    page.locator("input[name=passcode]").fill("271828")
    page.locator("form button[type=submit]").click()
    page.locator("[name=passcode][aria-invalid=true]").wait_for()
    eventually(
        lambda: is_whole_in_sight(page, page.locator("form button[type=submit]")), "Join is above the edge"
    )
    is_fine(page, "prejoin, a passcode that doesn't match")
    page.set_viewport_size(size or {"width": 1366, "height": 728})
    page.add_init_script(REFUSING)
    page.goto("about:blank")
    page.goto(link)
    page.get_by_role("status").wait_for()
    is_fine(page, "prejoin, blocked")
    page.goto(product.address)
    page.goto(link[:-4] + "AAAA")
    page.get_by_role("textbox").first.fill("Ann")
    page.locator("form button[type=submit]").click()
    expect(page.locator("form")).to_have_count(0)
    is_fine(page, "closed door")


def test_the_meeting(ann: Person) -> None:
    page = ann.page
    page.locator("main button").first.click()
    page.wait_for_url("**/m/**")
    page.get_by_role("textbox").fill("Ann")
    page.locator("form button[type=submit]").click()
    bar = page.locator("[data-region=bar]")
    bar.wait_for()
    is_fine(page, "room")
    page.keyboard.press("Control+d")
    page.keyboard.press("Control+e")
    is_fine(page, "room, the other way round")
    for key, what in (("Alt+h", "chat"), ("Alt+u", "people")):
        page.keyboard.press(key)
        page.get_by_role("complementary").wait_for()
        is_fine(page, what)
        # On a phone the panel stands where the bar was: the keys do what they say all the same.
        page.keyboard.press("Control+/")
        page.get_by_role("dialog").wait_for()
        is_fine(page, f"list of keys over {what}")
        ann.closes(page.get_by_role("dialog"))
        page.keyboard.press(key)
        expect(page.get_by_role("complementary")).to_have_count(0)
    page.keyboard.press("Control+/")
    page.get_by_role("dialog").wait_for()
    ann.closes(page.get_by_role("dialog"))
    opening = bar.locator("[aria-haspopup=true], [aria-haspopup=menu], [aria-expanded]")
    for each in range(opening.count()):
        opening.nth(each).click()
        layer = page.locator("[role=menu], [role=dialog]").first
        layer.wait_for()
        is_fine(page, opening.nth(each).get_attribute("aria-label"))
        ann.closes(page.locator("[role=menu], [role=dialog]"))


def test_every_stop_of_the_tab_key_is_seen_and_the_bar_comes_in_order(ann: Person) -> None:
    page = ann.page
    page.locator("main button").first.click()
    page.wait_for_url("**/m/**")
    page.get_by_role("textbox").fill("Ann")
    page.locator("form button[type=submit]").click()
    page.locator("[data-region=bar] button").last.wait_for()

    def is_in_the_bar() -> bool:
        return bool(page.evaluate("document.activeElement.closest('[data-region=bar]') !== null"))

    def gets_there() -> bool:
        page.keyboard.press("F2")
        return is_in_the_bar()

    # The bar is drawn before the keys are listened to.
    eventually(gets_there, "F2 leads to the bar")
    seen: list[float] = []
    while is_in_the_bar():
        style = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; })()"
        )
        assert style, page.evaluate("document.activeElement.ariaLabel")
        seen.append(page.evaluate("document.activeElement.getBoundingClientRect().x"))
        page.keyboard.press("Tab")
    assert len(seen) >= 6
    assert seen == sorted(seen)


def test_the_door(ann: Person, someone: Someone, look: dict[str, Any]) -> None:
    """Who waits, and what a host sees of them; then everything stopped."""
    page = ann.page
    page.locator("main button").first.click()
    page.wait_for_url("**/m/**")
    page.get_by_role("textbox").fill("Ann")
    page.locator("form button[type=submit]").click()
    page.locator("[data-region=bar]").wait_for()
    other = someone("Bo", **look, viewport=page.viewport_size)
    other.open(page.url)
    other.page.get_by_role("textbox").first.fill("Bo")
    other.page.locator("form button[type=submit]").click()
    other.page.get_by_role("checkbox").wait_for()
    assert complaints(other.page) == [], "waiting room"
    page.locator("[data-region=notice]").first.wait_for()
    is_fine(page, "somebody at the door")
    page.keyboard.press("Alt+u")
    page.get_by_role("complementary").get_by_text("Bo", exact=True).wait_for()
    is_fine(page, "people, with one who waits")
    page.get_by_role("complementary").get_by_role("button", name=re.compile("^(Admit|准入)")).first.click()
    page.keyboard.press("Alt+u")
    expect(page.get_by_role("gridcell")).to_have_count(2)
    is_fine(page, "two tiles")
    other.page.locator("[data-region=bar]").wait_for()
    other.page.keyboard.press("Control+d")
    other.page.keyboard.press("Alt+y")
    theirs = page.locator("[role=gridcell]:not([data-self])")
    expect(theirs).to_have_accessible_name(re.compile("muted|静音"))
    is_fine(page, "one who is muted and has a hand up")
    theirs.focus()
    page.keyboard.press("Enter")
    page.get_by_role("menu").wait_for()
    is_fine(page, "the menu of a tile")


# 1280 by 728 at 400 %, the smallest window that counts, a phone on its side, and one whose keyboard is out.
SHAPES = [(320, 182), (320, 256), (844, 390), (390, 430)]


def is_whole_in_sight(page: Page, button: Locator) -> bool:
    box, size = button.bounding_box(), page.viewport_size
    return bool(
        box
        and size
        and box["x"] >= 0
        and box["y"] >= 0
        and box["x"] + box["width"] <= size["width"]
        and box["y"] + box["height"] <= size["height"]
    )


def holds_everything(ann: Person, where: str) -> None:
    page = ann.page
    for name in ("Mute microphone", "Start video", "More", "Leave"):
        button = page.get_by_role("contentinfo").get_by_role("button", name=name, exact=True)
        eventually(lambda button=button: is_whole_in_sight(page, button), f"{name} at {where}")  # type: ignore[misc]
    is_fine(page, where)
    page.keyboard.press("Alt+h")
    panel = page.get_by_role("complementary", name="Chat")
    message = panel.get_by_role("textbox", name="Message")
    message.press_sequentially("tea?")
    eventually(lambda: is_whole_in_sight(page, message), f"what is written is seen at {where}")
    message.press("Enter")
    expect(panel.get_by_text("tea?").last).to_be_visible()
    is_fine(page, f"chat at {where}")
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_have_count(0)
    page.keyboard.press("Control+/")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    keys.get_by_role("button", name="Close").click()
    expect(keys).to_have_count(0)


def test_nothing_is_lost_in_a_small_window_or_at_400_per_cent(product: Product, someone: Someone) -> None:
    ann = someone("Ann", 440, viewport=DESK["viewport"])
    page = ann.page
    ann.start_a_meeting(product.address, camera=False)
    for width, height in SHAPES:
        page.set_viewport_size({"width": width, "height": height})
        holds_everything(ann, f"{width} by {height}")


KNOBS = """() => [...document.querySelectorAll('[role=dialog] label i')].map((each) =>
  [getComputedStyle(each).backgroundColor, getComputedStyle(each, '::after').backgroundColor].join())"""


def test_without_colours_of_its_own_a_switch_says_which_it_is(product: Product, someone: Someone) -> None:
    ann = someone("Ann", 440, viewport=DESK["viewport"], forced_colors="active")
    ann.start_a_meeting(product.address, camera=False)
    ann.page.keyboard.press("Control+/")
    switch = ann.page.get_by_role("switch", name="Use keyboard shortcuts")
    expect(switch).to_be_checked()
    on = ann.page.evaluate(KNOBS)
    switch.press("Space")
    expect(switch).not_to_be_checked()
    eventually(lambda: ann.page.evaluate(KNOBS) != on, "off looks otherwise")
    # Colours are the system's own then, which axe does not see.
    assert [found for found in lasting(ann.page) if not found.startswith("color-contrast")] == []
