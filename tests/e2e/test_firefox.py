"""People meet in Firefox: with each other, and with somebody in Chromium."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.conftest import Someone
from tests.e2e.firefox import NEEDED, FirefoxPerson
from tests.e2e.network import SECOND_HOST, FarHost
from tests.e2e.people import Person, eventually, seen
from tests.e2e.test_liked import NOTED, keeps_a_page, tries_everything
from tests.e2e.test_meeting import answers_with
from tests.e2e.test_picture_sound_window import (
    KEPT,
    PHOTOGRAPH,
    SENDS,
    STRONGEST,
    chooses_sound,
    hears_themselves,
)
from tests.product import Product

pytestmark = NEEDED
# A Firefox without a window has no screen to share: a canvas that changes stands in for it.
A_SCREEN = """() => {
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 800 });
    const pen = canvas.getContext('2d');
    setInterval(() => {
      pen.fillStyle = `hsl(${performance.now() % 360} 80% 50%)`;
      pen.fillRect(0, 0, 1280, 800);
    }, 100);
    return canvas.captureStream(10);
  };
}"""


@pytest.fixture
def mixed(product: Product, fox: Browser, someone: Someone) -> Iterator[tuple[Person, Person]]:
    """Ada in Firefox, who began the meeting, and Bo in Chromium."""
    ada, bo = FirefoxPerson(fox, "Ada"), someone("Bo")
    bo.open(ada.start_a_meeting(product.address))
    bo.join()
    yield ada, bo
    ada.context.close()


def meet(*people: Person) -> None:
    """Each sees and hears the other."""
    for me in people:
        me.hears(*(other.hz for other in people if other is not me), within=30)
        me.sees_moving(len(people) - 1, within=30)


def drawn_in(figure: Locator) -> None:
    eventually(lambda: figure.locator("video").evaluate("(v) => v.videoWidth > 0"), "the screen is drawn")


def flows_again(me: Person, before: dict[str, Any]) -> None:
    eventually(lambda: me.received()["audio"] > before["audio"], f"{me.name} gets sound again", within=10)
    eventually(
        lambda: me.received()["frames"] > before["frames"], f"{me.name} gets pictures again", within=10
    )


def falls_silent(hearer: Person, speaker: Person) -> None:
    expect(speaker.page.get_by_role("button", name="Unmute microphone")).to_be_visible()
    eventually(lambda: not hearer.heard(), f"{speaker.name} is silent")


def test_two_in_firefox_see_and_hear_each_other_and_leave(product: Product, fox: Browser) -> None:
    ada, bo = FirefoxPerson(fox, "Ada"), FirefoxPerson(fox, "Bo")
    bo.open(ada.start_a_meeting(product.address))
    bo.page.get_by_role("button", name="Join", exact=True).wait_for()
    expect(ada.page.get_by_text("Sound is off")).to_have_count(0)
    bo.join()
    meet(ada, bo)
    assert ada.received()["cipher"] == bo.received()["cipher"] == ["SRTP_AEAD_AES_256_GCM"]
    bo.leave_button.click()
    bo.sees_text("You left the meeting")
    bo.closes_everything()
    expect(ada.page.get_by_role("gridcell")).to_have_count(1)
    assert ada.complained + bo.complained == []
    for me in (ada, bo):
        me.context.close()


def test_devices_and_network_are_tried_in_firefox_which_says_when_there_is_no_server(
    product: Product, fox: Browser
) -> None:
    cy = FirefoxPerson(fox, "Cy")
    cy.page.goto(product.address)
    cy.page.get_by_role("link", name="Test devices and network").click()
    tries_everything(cy.page, "en")
    assert cy.complained == []
    keeps_a_page(cy.page)
    product.stop()
    try:
        cy.page.goto("about:blank")
        cy.page.goto(f"{product.address}test")
        expect(cy.page.get_by_role("heading", name="Folkmoot isn't answering.")).to_be_visible()
    finally:
        product.start()
    expect(cy.page.get_by_role("heading", name="Test devices and network")).to_be_visible(timeout=20_000)
    cy.context.close()


def test_firefox_and_chromium_share_a_meeting(mixed: tuple[Person, Person]) -> None:
    ada, bo = mixed
    meet(ada, bo)
    for me, other in ((ada, bo), (bo, ada)):
        me.press("Mute microphone")
        falls_silent(other, me)
        me.press("Unmute microphone")
        other.hears(me.hz)
        me.press("Stop video")
        seen = other.page.get_by_role("gridcell", name=f"{me.name}, ")
        expect(seen).to_have_accessible_name(
            f"{me.name}, {'host' if me is ada else 'guest'}, microphone on, camera off"
        )
        me.press("Start video")
        other.sees_moving(1)
    for me in (ada, bo):
        me.opens("Chat")
    for me, other in ((ada, bo), (bo, ada)):
        me.writes(f"{me.name} says hello")
        other.sees_text(f"{me.name} says hello")
    assert ada.complained + bo.complained == []


def test_a_screen_shared_in_either_is_seen_in_the_other(mixed: tuple[Person, Person]) -> None:
    ada, bo = mixed
    ada.page.evaluate(A_SCREEN)
    for me, other in ((bo, ada), (ada, bo)):
        me.press("Share your screen")
        shown = other.page.get_by_role("figure", name=f"{me.name} is sharing")
        expect(shown).to_be_visible()
        drawn_in(shown)
        me.stops_sharing()
        expect(shown).to_have_count(0)
    meet(ada, bo)
    assert ada.complained + bo.complained == []


# Whether the browser itself asks a page for its small window.
ASKS = """() => { try { navigator.mediaSession.setActionHandler('enterpictureinpicture', null); return true; }
  catch { return false; } }"""


def test_what_people_like_is_there_in_firefox_too(mixed: tuple[Person, Person]) -> None:
    """Links, answers, files, settings, keys, volume, noise suppression, original sound, one's own voice, the small window: of each
    what this browser has."""
    ada, bo = mixed
    page = ada.page
    for me in (ada, bo):
        me.opens("Chat")
    bo.writes("see https://example.org/a?b=1")
    link = page.get_by_role("link", name="https://example.org/a?b=1")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    answers_with(ada, "Bo", "Reply")
    ada.writes("I have it")
    expect(bo.page.get_by_role("article").filter(has_text="I have it").get_by_text("a?b=1")).to_be_visible()
    changes(ada, "I have it", "I have it here")
    changed = bo.page.get_by_role("article").filter(has_text="I have it here")
    expect(changed).to_contain_text("edited")
    answers_with(ada, "Bo", "👍")
    expect(bo.page.get_by_role("button", name="👍, 1 (Ada)")).to_be_visible()
    # One's own stands there too: the other's has come when there is one more.
    for sent, (me, other) in enumerate(((ada, bo), (bo, ada)), 1):
        me.page.locator("input[type=file]").first.set_input_files(PHOTOGRAPH)
        me.press("Send")
        expect(other.page.get_by_role("button", name="Save person.jpg")).to_have_count(sent)
    page.get_by_role("complementary").get_by_role("button", name="Close").click()
    is_told_by_the_system(ada, bo)
    offers_what_it_has(ada)
    has_keys_of_her_own(ada)
    ada.does_with("Bo", "Volume: 100%")
    dialog = page.get_by_role("dialog", name="How loud Bo is")
    dialog.get_by_role("slider").press("Home")
    expect(dialog.get_by_text("0%", exact=True)).to_be_visible()
    dialog.get_by_role("button", name="As it is (100%)").click()
    ada.closes(dialog)
    # Without a sound card this browser lets no sound be worked on: who is heard comes first, and it is said.
    chooses_sound(ada, "Take noise out")
    bo.hears(ada.hz)
    expect(seen(page, "This browser can't take noise out of your sound here.")).to_be_visible()
    chooses_sound(ada, "Original sound")
    eventually(lambda: 128_000 in page.evaluate(SENDS), "sound goes out at the rate of music")
    untouched = "window.opened.filter((t) => t.kind === 'audio' && t.readyState === 'live').map((t) => t.getSettings().noiseSuppression)"
    assert page.evaluate(untouched) == [False]
    bo.hears(ada.hz)
    chooses_sound(ada, "As usual")
    page.evaluate(KEPT)
    dialog = hears_themselves(ada)
    found = re.compile("That's how others hear you|this browser didn't play it")
    expect(dialog.get_by_text(found).first).to_be_visible()
    assert abs(page.evaluate(STRONGEST)["hz"] - ada.hz) < 15, "what came back is what was said"
    ada.closes(dialog)
    assert ada.complained + bo.complained == []


def changes(person: Person, before: str, after: str) -> None:
    """What they wrote themselves."""
    page = person.page
    page.get_by_text(before).last.hover()
    page.get_by_role("button", name="Options for your message").last.click()
    page.get_by_role("menuitem", name="Edit").click()
    box = page.get_by_role("textbox", name="Change what you wrote")
    person.types(box, after)
    box.press("Enter")


def is_told_by_the_system(ada: Person, bo: Person) -> None:
    """What comes while the tab is hidden; once it has been asked for, by a press."""
    page = ada.page
    page.evaluate(NOTED)
    page.evaluate("look(false)")
    bo.writes("tea?")
    expect(page.get_by_role("button", name="Chat, 1 new message")).to_be_visible()
    page.evaluate("look(true)")
    page.get_by_role("button", name="Show them").click()
    page.evaluate("look(false)")
    bo.writes("and cake?")
    eventually(
        lambda: page.evaluate("notes.map(([title]) => title)") == ["Bo: and cake?"], "the system tells it"
    )
    page.evaluate("look(true)")


def has_keys_of_her_own(ada: Person) -> None:
    """What this browser does by the same keys it doesn't do in a meeting, and what was chosen instead is what counts."""
    page = ada.page
    page.keyboard.press("Control+d")
    expect(page.get_by_role("button", name="Unmute microphone")).to_be_visible()
    page.keyboard.press("Control+d")
    expect(page.get_by_role("button", name="Mute microphone")).to_be_visible()
    page.get_by_role("contentinfo").get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Keyboard shortcuts", exact=True).click()
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    dialog.get_by_role("button", name="Change the keys for: Chat").click()
    page.keyboard.press("Alt+q")
    expect(dialog.get_by_text("Alt+Q", exact=True)).to_be_visible()
    ada.closes(dialog)
    page.keyboard.press("Alt+q")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    page.keyboard.press("Alt+q")
    expect(page.get_by_role("textbox", name="Message")).to_have_count(0)


def offers_what_it_has(ada: Person) -> None:
    """The settings, without a switch that does nothing, and the small window."""
    page = ada.page
    more = page.get_by_role("contentinfo").get_by_role("button", name="More", exact=True)
    more.click()
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    settings = page.get_by_role("dialog", name="Settings")
    sound = page.get_by_role("switch", name="A message in the chat")
    page.locator("label", has=sound).click()
    expect(sound).not_to_be_checked()
    switch = settings.get_by_role("switch", name="Small window when I go to another tab")
    expect(switch).to_have_count(int(page.evaluate(ASKS)))
    ada.closes(settings)
    more.click()
    page.get_by_role("menuitem", name="Open the small window").click()
    eventually(
        lambda: page.evaluate(
            "Boolean(globalThis.documentPictureInPicture?.window || document.pictureInPictureElement)"
        ),
        "the small window is there",
    )
    page.evaluate("globalThis.documentPictureInPicture?.window?.close()")


def test_it_outlives_the_server(product: Product, mixed: tuple[Person, Person]) -> None:
    ada, bo = mixed
    meet(ada, bo)
    product.kill()
    ada.sees_text("Reconnecting…")
    product.start()
    meet(ada, bo)


@SECOND_HOST
def test_a_cut_network_heals_by_itself(fox: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is on the other host: a Firefox is driven over this one's network and can't be there itself."""
    monkeypatch.setenv("FOLKMOOT_MEDIA__UDP_PORT", "0")
    with FarHost(tmp_path) as far:
        product = Product(
            tmp_path / "data", "--lan", host=far.far, scheme="https", python=far.program(sys.executable)
        )
        product.start()
        try:
            ada = FirefoxPerson(fox, "Ada", ignore_https_errors=True)
            bo = FirefoxPerson(fox, "Bo", ignore_https_errors=True)
            bo.open(ada.start_a_meeting(product.address))
            bo.join()
            meet(ada, bo)
            far.cut()
            ada.page.wait_for_timeout(8_000)
            before = [me.received() for me in (ada, bo)]
            far.mend()
            for me, then in zip((ada, bo), before, strict=True):
                flows_again(me, then)
            meet(ada, bo)
            for me in (ada, bo):
                me.context.close()
        finally:
            product.stop()
