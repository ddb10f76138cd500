"""Can they hear me? What a person is told about their own microphone, and what it does while muted."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Someone
from tests.e2e.people import HEARD, Person, eventually
from tests.product import Product

OPEN_MICROPHONES = "() => window.opened.filter((t) => t.kind === 'audio' && t.readyState === 'live').length"


def sound_menu(page: Page) -> None:
    page.get_by_role("button", name="Microphone and speaker").click()


def test_who_talks_while_muted_is_told_and_nothing_of_it_is_sent(two: tuple[Person, Person]) -> None:
    ada, bo = two
    ada.hears(bo.hz)
    bo.press("Mute microphone")
    told = bo.page.get_by_role("region", name="Notice").filter(has_text="You're muted.")
    told.get_by_role("button", name="Unmute").click()
    expect(told).to_have_count(0)
    ada.hears(bo.hz)
    bo.press("Mute microphone")
    eventually(lambda: not ada.page.evaluate(HEARD), "Bo is silent, though he goes on talking")


def test_without_the_warning_a_muted_microphone_is_given_back(two: tuple[Person, Person]) -> None:
    ada, bo = two
    ada.hears(bo.hz)
    bo.press("Mute microphone")
    assert bo.page.evaluate(OPEN_MICROPHONES) == 1
    sound_menu(bo.page)
    warning = bo.page.get_by_role("menuitemcheckbox", name="Warn me if I talk muted")
    expect(warning).to_be_checked()
    expect(warning).to_have_accessible_description(
        "The microphone stays open on this device; nothing is sent."
    )
    warning.press("Enter")
    eventually(lambda: bo.page.evaluate(OPEN_MICROPHONES) == 0, "the microphone is closed")
    expect(bo.page.get_by_role("menu")).to_have_count(0)
    bo.press("Unmute microphone")
    ada.hears(bo.hz)
    bo.press("Mute microphone")
    eventually(lambda: bo.page.evaluate(OPEN_MICROPHONES) == 0, "the microphone is closed again")
    bo.press("Unmute microphone")
    ada.hears(bo.hz)


def test_the_menu_says_whether_ones_sound_arrives(two: tuple[Person, Person]) -> None:
    _, bo = two
    sound_menu(bo.page)
    expect(bo.page.get_by_text("Your sound arrives at the server.")).to_be_visible(timeout=15_000)
    expect(bo.page.get_by_role("menu")).to_have_accessible_description("Your sound arrives at the server.")
    bo.closes(bo.page.get_by_role("menu"))
    bo.press("Mute microphone")
    sound_menu(bo.page)
    expect(bo.page.get_by_text("Your microphone is off. Nobody hears you.")).to_be_visible()
    bo.page.get_by_role("menuitem", name="Play a test sound").click()


def test_each_device_stands_in_its_own_list(two: tuple[Person, Person]) -> None:
    _, bo = two
    sound_menu(bo.page)
    for kind, heading in (("Input", "Microphone"), ("Output", "Speaker")):
        devices = bo.page.get_by_role("group", name=heading).get_by_role("menuitemradio")
        expect(devices.filter(has_text=f"Fake Default Audio {kind}")).to_be_checked()
        expect(devices.filter(has_text="Fake")).to_have_count(3)
        expect(devices.filter(has_text=kind)).to_have_count(3)
    microphones = bo.page.get_by_role("group", name="Microphone").get_by_role("menuitemradio")
    bo.chooses(microphones.filter(has_text="Fake Audio Input 1"))
    sound_menu(bo.page)
    expect(microphones.filter(has_text="Fake Audio Input 1")).to_be_checked()


def test_whose_microphone_gives_no_sound_is_told_and_chooses_another(
    product: Product, someone: Someone
) -> None:
    mim = someone("Mim", 0)
    mim.start_a_meeting(product.address, camera=False)
    told = mim.page.get_by_role("status").filter(has_text="Check its mute switch or choose another.")
    expect(told).to_be_visible(timeout=20_000)
    told.get_by_role("button", name="Choose").click()
    mim.closes(mim.page.get_by_role("menu", name="Microphone and speaker"))
    mim.press("Mute microphone")
    expect(told).to_have_count(0)


def test_whose_microphone_is_pulled_out_is_told_that_nobody_hears_them(two: tuple[Person, Person]) -> None:
    ada, bo = two
    ada.hears(bo.hz)
    bo.page.evaluate(
        """() => {
          navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('gone', 'NotFoundError'); };
          const microphone = window.opened.find(({ kind }) => kind === 'audio');
          microphone.stop();
          microphone.dispatchEvent(new Event('ended'));
        }"""
    )
    told = bo.page.get_by_role("region", name="Notice")
    expect(told).to_contain_text("Your microphone was disconnected. Nobody can hear you.")
    expect(bo.page.get_by_role("button", name="Unmute microphone")).to_be_visible()
    told.get_by_role("button", name="Choose another").click()
    expect(bo.page.get_by_role("menu", name="Microphone and speaker")).to_be_visible()


# What a phone does to a page when a call comes in: what plays is stopped, and the microphone gives nothing; or gives again.
CALLED = """(isCalled) => {
  if (isCalled) for (const each of document.querySelectorAll('audio')) each.pause();
  for (const track of window.opened)
    if (track.kind === 'audio') track.dispatchEvent(new Event(isCalled ? 'mute' : 'unmute'));
}"""
PLAYS = "[...document.querySelectorAll('audio')].every(({ paused }) => !paused)"


def test_a_phone_call_that_takes_the_sound_is_told_and_a_touch_brings_it_back(
    two: tuple[Person, Person],
) -> None:
    ada, bo = two
    ada.hears(bo.hz)
    ada.page.evaluate(CALLED, True)
    told = ada.page.get_by_role("status")
    silent = told.filter(has_text="Sound is off until you click.")
    expect(silent).to_be_visible()
    expect(told.filter(has_text="is muted outside this page.")).to_be_visible()
    silent.get_by_role("button", name="Turn on sound").click()
    expect(silent).to_have_count(0)
    assert ada.page.evaluate(PLAYS)
    ada.page.evaluate(CALLED, False)
    expect(told.filter(has_text="is muted outside this page.")).to_have_count(0)
    ada.page.evaluate(CALLED, True)
    expect(silent).to_be_visible()
    ada.page.get_by_role("gridcell").first.click()
    expect(silent).to_have_count(0)  # wherever one touches
    assert ada.page.evaluate(PLAYS)


def test_two_quick_presses_of_mute_end_where_they_began(two: tuple[Person, Person]) -> None:
    ada, bo = two
    ada.hears(bo.hz)
    bo.page.keyboard.press("Control+d")
    bo.page.keyboard.press("Control+d")
    expect(bo.page.get_by_role("button", name="Mute microphone")).to_be_visible()
    ada.hears(bo.hz)
    expect(bo.page.get_by_role("button", name="Mute microphone")).to_be_visible()
