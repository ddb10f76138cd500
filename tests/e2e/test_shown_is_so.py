"""What a person is shown of their own devices is what is so, whatever comes late, stands unanswered or does not come."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import Someone
from tests.e2e.people import Person, eventually
from tests.product import Product

LIBRARY = "**/livekit-client*.js*"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

# A prompt that nobody answers: for pictures only, the microphone is given as ever.
UNANSWERED = """(() => {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wish) => (wish.video ? new Promise(() => undefined) : open(wish));
})()"""

LIVE = "(kind) => window.opened.filter((t) => t.kind === kind && t.readyState === 'live').length"


@pytest.fixture
def ada(someone: Someone, product: Product) -> Person:
    """In a meeting that she began."""
    ada = someone("Ada")
    ada.start_a_meeting(product.address, camera=False)
    return ada


@pytest.fixture
def bo(someone: Someone) -> Person:
    """On a phone, where muting gives the microphone back."""
    return someone("Bo", **PHONE)


def test_who_mutes_before_the_media_library_has_come_is_heard_by_nobody(ada: Person, bo: Person) -> None:
    held: list[Route] = []
    bo.page.route(LIBRARY, lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    bo.open(ada.page.url)
    bo.join(camera=False)
    eventually(lambda: held, "the library is asked for")
    bo.press("Mute microphone")
    for route in held:
        route.continue_()
    cell = ada.page.get_by_role("gridcell", name="Bo")
    expect(cell).to_be_visible()
    expect(cell.get_by_text("Connecting…")).to_have_count(0, timeout=20_000)
    ada.page.wait_for_timeout(1_500)
    assert not ada.heard()
    expect(bo.page.get_by_role("button", name="Unmute microphone")).to_be_visible()
    bo.press("Unmute microphone")
    ada.hears(bo.hz)


def test_mute_and_unmute_work_while_the_prompt_for_the_camera_stands_unanswered(
    ada: Person, bo: Person
) -> None:
    bo.open(ada.page.url)
    bo.join(camera=False)
    ada.hears(bo.hz)
    bo.page.evaluate(UNANSWERED)
    bo.press("Start video")
    told = bo.page.get_by_role("status").filter(has_text="Your browser is asking for the camera.")
    expect(told).to_contain_text("Nobody sees you until you allow it.")
    bo.press("Mute microphone")
    eventually(lambda: not ada.heard(), "Bo is silent")
    eventually(lambda: bo.page.evaluate(LIVE, "audio") == 0, "and gives the microphone back")
    bo.press("Unmute microphone")
    ada.hears(bo.hz)
    bo.press("Stop video")
    expect(told).to_have_count(0)


def test_a_library_that_does_not_come_is_told_and_tried_again_and_leaving_closes_everything(
    ada: Person, bo: Person
) -> None:
    bo.page.route(LIBRARY, lambda route: route.abort())
    bo.open(ada.page.url)
    bo.join(camera=False)
    told = bo.page.get_by_role("status").filter(has_text="Sound and pictures haven't loaded.")
    expect(told).to_be_visible(timeout=15_000)
    told.get_by_role("button", name="Leave").click()
    bo.sees_text("You left the meeting")
    bo.closes_everything()
    bo.press("Rejoin")
    bo.comes_back()
    expect(told).to_be_visible(timeout=15_000)
    bo.page.unroute(LIBRARY)
    ada.hears(bo.hz, within=30)
    expect(told).to_have_count(0)


def test_back_asks_before_it_hangs_up_and_leaves_when_told_to(ada: Person, bo: Person) -> None:
    bo.open(ada.page.url)
    bo.join(camera=False)
    ada.hears(bo.hz)
    # A browser passes over what a page put there without a press of anybody's.
    bo.press("Mute microphone")
    bo.press("Unmute microphone")
    asked = bo.page.get_by_role("alertdialog", name="Leave the meeting?")
    bo.page.evaluate("history.back()")
    asked.get_by_role("button", name="Stay").click()
    expect(asked).to_have_count(0)
    ada.hears(bo.hz)
    bo.page.evaluate("history.back()")
    asked.get_by_role("button", name="Leave the meeting").click()
    bo.sees_text("You left the meeting")
    bo.closes_everything()


def test_a_screen_is_called_shared_when_it_is_chosen_and_not_before(ada: Person) -> None:
    ada.page.evaluate(
        """() => {
          const pick = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getDisplayMedia = (wish) =>
            new Promise((chosen) => { window.choose = () => chosen(pick(wish)); });
        }"""
    )
    ada.press("Share your screen")
    eventually(lambda: ada.page.evaluate("'choose' in window"), "the picker is open")
    told = ada.page.get_by_role("status").filter(has_text="You're sharing")
    expect(told).to_have_count(0)
    ada.press("Mute microphone")
    expect(ada.page.get_by_role("button", name="Unmute microphone")).to_be_visible()
    ada.page.evaluate("window.choose()")
    expect(told).to_be_visible()


def test_a_tab_that_is_closed_is_gone_from_the_others_at_once(ada: Person, bo: Person) -> None:
    bo.open(ada.page.url)
    bo.join(camera=False)
    cells = ada.page.get_by_role("gridcell")
    expect(cells).to_have_count(2)
    ada.hears(bo.hz)
    bo.page.close(run_before_unload=True)
    expect(cells).to_have_count(1, timeout=8_000)


@pytest.mark.parametrize("minutes", [14, -14])
def test_the_time_of_a_meeting_is_the_servers_whatever_the_clock_of_a_laptop_says(
    someone: Someone, product: Product, minutes: int
) -> None:
    eve = someone("Eve")
    eve.context.add_init_script(
        f"const off = {minutes * 60_000};"
        """(() => {
          const Real = Date;
          window.Date = class extends Real {
            constructor(...of) { super(...(of.length ? of : [Real.now() + off])); }
            static now() { return Real.now() + off; }
          };
        })()"""
    )
    eve.start_a_meeting(product.address, camera=False)
    eve.page.wait_for_timeout(1_200)
    hours, minutes_shown, seconds = map(int, eve.page.get_by_role("timer").inner_text().split(":"))
    assert 1 <= hours * 3600 + minutes_shown * 60 + seconds <= 60
