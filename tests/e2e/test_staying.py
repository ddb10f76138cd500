"""What one person does in a meeting: sharing, looking, leaving, coming back, by mouse, key and phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Someone
from tests.e2e.people import Person, eventually
from tests.e2e.test_for_everybody import complaints
from tests.e2e.test_picture_sound_window import PLUGGED
from tests.product import Product

REFUSING = """navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException('Permission denied', 'NotAllowedError');
};"""


def test_a_shared_screen_takes_the_stage_and_gives_it_back(two: tuple[Person, Person]) -> None:
    ada, bo = two
    bo.press("Share your screen")
    shown = ada.page.get_by_role("figure", name="Bo is sharing")
    expect(shown).to_be_visible()
    eventually(lambda: shown.locator("video").evaluate("(v) => v.videoWidth > 0"), "the screen is drawn")
    stage = ada.page.get_by_role("main").bounding_box()
    box = shown.bounding_box()
    assert stage and box
    assert box["width"] >= 0.75 * (stage["width"] - 32)
    ada.page.get_by_role("radio", name="100%").click()
    expect(shown).to_have_attribute("data-size", "actual")
    bo.stops_sharing()
    expect(shown).to_have_count(0)


# How the picture of a shared screen is sent, by every layer of it.
SENT_SCREEN = """() => window.connections.flatMap((c) => c.getSenders())
  .filter((s) => s.track?.kind === 'video' && s.track.getSettings().displaySurface)
  .map((s) => [s.track.contentHint, Math.max(...s.getParameters().encodings.map((e) => e.maxFramerate))])"""


# Three whole screens are more than a machine of two cores can encode: small ones are as good here.
SMALL_SCREEN = """navigator.mediaDevices.getDisplayMedia = async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 200 });
  const pen = canvas.getContext('2d');
  setInterval(() => {
    pen.fillStyle = `hsl(${performance.now() % 360} 80% 50%)`;
    pen.fillRect(0, 0, 320, 200);
  }, 500);
  return canvas.captureStream(2);
};"""


def test_of_three_who_share_at_once_each_is_reached_on_a_desk_and_on_a_phone(
    product: Product, someone: Someone
) -> None:
    """Dana looks; the last two who began are side by side, any one alone by the menu beside their number, and a spotlight stays."""
    ada, bo, cai, dana = (someone(name) for name in ("Ada", "Bo", "Cai", "Dana"))
    link = ada.start_a_meeting(product.address, camera=False)
    for each in (bo, cai, dana):
        each.open(link)
        each.join(camera=False)
    for each in (bo, cai, ada):
        each.page.evaluate(SMALL_SCREEN)
        each.press("Share your screen")
        expect(dana.page.get_by_role("figure", name=f"{each.name} is sharing")).to_be_visible()
    shown = dana.page.get_by_role("figure")
    expect(shown).to_have_count(2)
    expect(shown.first).to_have_accessible_name("Cai is sharing")
    ada.does_with("Cai", "Spotlight for everyone")
    for size in ({"width": 1366, "height": 728}, {"width": 390, "height": 844}):
        dana.page.set_viewport_size(size)  # type: ignore[arg-type]
        for each in (bo, cai, ada):
            dana.page.get_by_role("banner").get_by_role("button", name=re.compile("shar")).click()
            dana.chooses(dana.page.get_by_role("menuitemradio", name=each.name))
            expect(shown).to_have_count(1)
            expect(shown).to_have_accessible_name(f"{each.name} is sharing")
            drawn = shown.locator("video")
            eventually(lambda seen=drawn: seen.evaluate("(v) => v.videoWidth > 0"), f"it is {each.name}'s")  # type: ignore[misc]
        expect(dana.page.get_by_role("gridcell", name="Cai")).to_be_visible()
        for button in dana.page.get_by_role("banner").get_by_role("button").all():
            expect(button).to_be_in_viewport(ratio=1)
        assert complaints(dana.page) == []
    dana.page.get_by_role("banner").get_by_role("button", name=re.compile("shar")).click()
    dana.chooses(dana.page.get_by_role("menuitemradio", name="The two newest"))
    ada.stops_sharing()
    expect(dana.page.get_by_role("figure", name="Bo is sharing")).to_be_visible()
    expect(dana.page.get_by_role("figure", name="Cai is sharing")).to_be_visible()


def test_a_shared_screen_is_sent_as_text_or_as_motion(two: tuple[Person, Person]) -> None:
    ada, bo = two
    bo.press("Share your screen")
    banner = bo.page.get_by_role("status").filter(has_text="You're sharing your screen.")
    expect(banner.get_by_role("radio", name="Text")).to_be_checked()
    eventually(lambda: bo.page.evaluate(SENT_SCREEN) == [["detail", 15]], "sent as text")
    banner.get_by_role("radio", name="Motion").click()
    eventually(lambda: bo.page.evaluate(SENT_SCREEN) == [["motion", 30]], "sent as motion")
    shown = ada.page.get_by_role("figure", name="Bo is sharing").locator("video")
    eventually(lambda: shown.evaluate("(v) => v.videoWidth > 0"), "the screen is drawn")
    before = shown.evaluate("(v) => v.getVideoPlaybackQuality().totalVideoFrames")
    eventually(
        lambda: shown.evaluate("(v) => v.getVideoPlaybackQuality().totalVideoFrames") > before + 5,
        "it goes on moving",
    )
    said = ada.page.locator("[aria-live=polite][aria-atomic=true]")
    bo.stops_sharing()
    expect(said).to_contain_text("Bo stopped sharing")


# Of the sound that is sent and no microphone's: whether any of it goes out.
SHARED_SOUND = """() => window.connections.flatMap((c) => c.getSenders())
  .filter((s) => s.track?.kind === 'audio' && !window.opened.includes(s.track))
  .map((s) => s.track.enabled && s.track.readyState === 'live')"""


def test_the_sound_of_what_is_shared_can_be_held_back(two: tuple[Person, Person]) -> None:
    _, bo = two
    bo.press("Share your screen")
    banner = bo.page.get_by_role("status").filter(has_text="You're sharing")
    eventually(lambda: bo.page.evaluate(SHARED_SOUND) == [True], "its sound is sent")
    banner.get_by_role("button", name="Mute its sound").click()
    eventually(lambda: bo.page.evaluate(SHARED_SOUND) == [False], "it is held back")
    banner.get_by_role("button", name="Share its sound").click()
    eventually(lambda: bo.page.evaluate(SHARED_SOUND) == [True], "it goes out again")
    expect(banner.get_by_role("button", name="Mute its sound")).to_be_visible()


def test_the_menu_of_a_tile_is_walked_by_keyboard_and_gives_the_focus_back(
    two: tuple[Person, Person],
) -> None:
    ada, _ = two
    page = ada.page
    tile = page.get_by_role("gridcell", name="Bo, guest")
    tile.focus()
    page.keyboard.press("Enter")
    items = page.get_by_role("menu").get_by_role("menuitem")
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    ada.closes(page.get_by_role("menu"))
    expect(tile).to_be_focused()
    page.keyboard.press("Enter")
    expect(items.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(tile.get_by_role("img", name="Pinned")).to_be_visible()
    expect(tile).to_be_focused()


def test_a_shared_screen_fills_the_whole_screen_and_comes_back(two: tuple[Person, Person]) -> None:
    ada, bo = two
    bo.press("Share your screen")
    shown = ada.page.get_by_role("figure", name="Bo is sharing")
    expect(shown).to_be_visible()
    ada.page.get_by_role("button", name="Full", exact=True).click()
    eventually(lambda: shown.evaluate("(f) => f === document.fullscreenElement"), "it fills the screen")
    # Whether one is heard is never out of sight, and what is told is told there.
    ada.page.keyboard.press("Control+d")
    expect(shown.get_by_role("button", name="Unmute microphone")).to_be_visible()
    shown.get_by_role("button", name="Unmute microphone").click()
    expect(shown.get_by_role("button", name="Mute microphone")).to_be_visible()
    ada.page.evaluate(PLUGGED, True)
    expect(shown.get_by_text("The sound comes from Red headset now.")).to_be_visible()
    ada.page.evaluate("document.exitFullscreen()")
    expect(shown).to_be_visible()


def test_in_a_narrow_window_a_panel_lies_over_the_stage(two: tuple[Person, Person]) -> None:
    _, bo = two
    bo.page.set_viewport_size({"width": 800, "height": 700})
    stage = bo.page.locator("[data-arrangement]")
    eventually(lambda: (stage.bounding_box() or {"width": 801})["width"] <= 800, "the stage is as narrow")
    before = stage.bounding_box()
    bo.opens("Chat")
    panel = bo.page.get_by_role("complementary", name="Chat")
    expect(panel).to_be_visible()
    assert stage.bounding_box() == before
    bo.press("Share your screen")
    told = bo.page.get_by_role("status").filter(has_text="You're sharing")
    expect(told).to_be_visible()
    card, below = panel.bounding_box(), told.bounding_box()
    assert card and below and card["y"] + card["height"] <= below["y"]
    bo.stops_sharing()
    expect(told).to_have_count(0)
    bo.page.set_viewport_size({"width": 1366, "height": 728})
    eventually(lambda: (stage.bounding_box() or {"width": 0})["width"] == 966, "now it pushes the stage")


def test_ones_hidden_picture_leaves_a_word_and_hidden_people_come_back(two: tuple[Person, Person]) -> None:
    ada, bo = two
    view = ada.page.get_by_role("button", name="View")
    view.click()
    ada.page.get_by_role("menuitem", name="Hide self view").click()
    expect(ada.page.get_by_role("banner").get_by_text("Camera on")).to_be_visible()
    expect(ada.page.get_by_role("gridcell")).to_have_count(1)
    view.click()
    ada.page.get_by_role("menuitem", name="Show self view").click()
    expect(ada.page.get_by_role("gridcell")).to_have_count(2)
    view.click()
    ada.page.get_by_role("menuitem", name="Hide people without video").click()
    expect(ada.page.get_by_role("gridcell")).to_have_count(2)
    bo.press("Stop video")
    faceless = ada.page.get_by_role("gridcell", name="Bo, guest, microphone on, camera off")
    # Nobody else is left to be seen: then hiding would leave an empty room.
    expect(faceless).to_be_visible()
    expect(ada.page.get_by_role("gridcell")).to_have_count(2)


def test_who_speaks_is_marked_and_takes_the_large_tile(two: tuple[Person, Person]) -> None:
    ada, _ = two
    bo = ada.page.locator("[role=gridcell]:not([data-self])")
    eventually(lambda: bo.get_attribute("data-speaking") is not None, "Bo's tile is marked", within=20)
    ada.page.keyboard.press("Alt+g")
    ada.page.keyboard.press("Alt+g")
    expect(bo).to_have_attribute("data-look", "lead")


def test_ones_own_picture_is_dragged_out_of_the_way(two: tuple[Person, Person]) -> None:
    ada, _ = two
    mine = ada.page.locator("[role=gridcell][data-self]")
    expect(mine).to_have_attribute("data-look", "float")
    mine.hover()
    ada.page.mouse.down()
    ada.page.mouse.move(300, 150, steps=5)
    ada.page.mouse.up()
    expect(ada.page.locator("[data-corner]")).to_have_attribute("data-corner", "top-left")
    mine.focus()
    ada.page.keyboard.press("Enter")
    expect(ada.page.locator("[data-corner]")).to_have_attribute("data-corner", "top-right")


def test_a_camera_goes_off_and_on_again(two: tuple[Person, Person]) -> None:
    ada, bo = two
    ada.sees_moving(1)
    bo.press("Stop video")
    tile = ada.page.get_by_role("gridcell", name="Bo, guest")
    expect(tile).to_have_accessible_name("Bo, guest, microphone on, camera off")
    bo.press("Start video")
    ada.sees_moving(1)


def test_leaving_closes_everything_and_coming_back_is_one_press(two: tuple[Person, Person]) -> None:
    ada, bo = two
    bo.leave_button.click()
    bo.sees_text("You left the meeting")
    expect(ada.page.get_by_role("gridcell")).to_have_count(1)
    bo.closes_everything()
    bo.press("Rejoin")
    bo.comes_back()
    ada.hears(bo.hz)


# A headset that takes its time, as one by Bluetooth does.
SLOW = """const quick = navigator.mediaDevices.getUserMedia;
navigator.mediaDevices.getUserMedia = async (...wish) => {
  await new Promise((done) => setTimeout(done, 3000));
  return quick(...wish);
};"""


def test_a_reload_is_the_same_person_and_heard_though_the_microphone_is_slow(
    two: tuple[Person, Person],
) -> None:
    ada, bo = two
    bo.context.add_init_script(SLOW)
    bo.page.reload()
    bo.comes_back()
    ada.hears(bo.hz)
    expect(ada.page.get_by_role("gridcell")).to_have_count(2)


def test_keys_mute_and_say_so_and_space_talks_while_held(two: tuple[Person, Person]) -> None:
    _, bo = two
    said = bo.page.locator("[aria-live=assertive][aria-atomic=true]")
    bo.page.keyboard.press("Control+d")
    expect(bo.page.get_by_role("button", name="Unmute microphone")).to_be_visible()
    expect(said).to_have_text("Microphone off")
    bo.page.evaluate("document.activeElement.blur()")
    bo.page.keyboard.down("Space")
    expect(bo.page.get_by_role("button", name="Mute microphone")).to_be_visible()
    bo.page.keyboard.up("Space")
    expect(bo.page.get_by_role("button", name="Unmute microphone")).to_be_visible()
    bo.page.keyboard.press("Alt+i")
    expect(said).to_contain_text("2 people")


def test_who_needs_the_keys_for_something_else_turns_ours_off(two: tuple[Person, Person]) -> None:
    _, bo = two
    bo.page.keyboard.press("Control+/")
    keys = bo.page.get_by_role("switch", name="Use keyboard shortcuts")
    expect(keys).to_be_checked()
    keys.press("Space")
    bo.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    bo.page.keyboard.press("Control+d")
    bo.page.keyboard.press("Alt+h")
    expect(bo.page.get_by_role("complementary")).to_have_count(0)
    expect(bo.page.get_by_role("button", name="Mute microphone")).to_be_visible()
    bo.page.get_by_role("button", name="More", exact=True).click()
    bo.page.get_by_role("menuitem", name="Keyboard shortcuts").click()
    keys.press("Space")
    bo.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    bo.page.keyboard.press("Control+d")
    expect(bo.page.get_by_role("button", name="Unmute microphone")).to_be_visible()


def test_who_is_alone_is_shown_how_others_come_in(two: tuple[Person, Person]) -> None:
    ada, bo = two
    alone = ada.page.get_by_role("status").filter(has_text="You're the only one here.")
    expect(alone).to_have_count(0)
    bo.leave_button.click()
    ada.context.grant_permissions(["clipboard-write"])
    alone.get_by_role("button", name="Copy invitation").click()
    ada.sees_text("Invitation copied")
    bo.sees_text("What we measured: your connection held the whole time.")


def test_a_system_that_keeps_the_screen_to_itself_is_named(two: tuple[Person, Person]) -> None:
    _, bo = two
    bo.page.evaluate(
        "() => { navigator.mediaDevices.getDisplayMedia = async () => {"
        " throw new DOMException('Permission denied by system', 'NotAllowedError'); }; }"
    )
    bo.press("Share your screen")
    bo.sees_text("won't let this browser see the screen.")
    expect(bo.page.get_by_role("button", name="Share your screen")).to_be_visible()


def test_a_panel_closes_with_escape_and_gives_the_focus_back(two: tuple[Person, Person]) -> None:
    _, bo = two
    bo.page.keyboard.press("F2")
    expect(bo.page.get_by_role("button", name="Mute microphone")).to_be_focused()
    chat = bo.page.get_by_role("contentinfo").get_by_role("button", name="Chat")
    chat.focus()
    bo.page.keyboard.press("Enter")
    box = bo.page.get_by_role("textbox", name="Message")
    box.fill("half a sent")
    box.press("Escape")
    expect(box).to_have_count(0)
    expect(chat).to_be_focused()
    bo.opens("Chat")
    expect(box).to_have_value("half a sent")
    bo.opens("Activities")
    panel = bo.page.get_by_role("complementary")
    polls = panel.get_by_role("button", name="Polls")
    polls.click()
    expect(panel.get_by_role("button", name="All activities")).to_be_focused()
    bo.page.keyboard.press("Enter")
    expect(polls).to_be_focused()
    polls.press("Escape")
    expect(panel).to_have_count(0)


def test_enter_that_ends_a_composition_sends_nothing(two: tuple[Person, Person]) -> None:
    _, bo = two
    bo.opens("Chat")
    box = bo.page.get_by_role("textbox", name="Message")
    box.fill("ni hao")
    box.evaluate(
        "(e) => e.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', keyCode: 229, bubbles: true, cancelable: true}))"
    )
    expect(box).to_have_value("ni hao")


def test_whom_the_browser_refuses_joins_and_listens(two: tuple[Person, Person], someone: Someone) -> None:
    ada, bo = two
    cai = someone("Cai")
    cai.context.add_init_script(REFUSING)
    cai.open(ada.page.url)
    cai.sees_text("Your browser is blocking the microphone")
    cai.page.get_by_label("Your name").fill("Cai")
    cai.press("Join and listen")
    cai.leave_button.wait_for()
    cai.hears(ada.hz, bo.hz)
    cai.press("Unmute microphone")
    cai.sees_text("Click the icon beside the address and allow it.")
    expect(cai.page.get_by_role("button", name="Unmute microphone")).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "join", "leave"), [("zh-CN", "加入会议", "离开"), ("en-GB", "Join", "Leave")]
)
def test_a_phone_has_six_buttons_and_sheets_with_the_rest(
    product: Product, someone: Someone, locale: str, join: str, leave: str
) -> None:
    phone = {"width": 390, "height": 844}
    ann = someone("Ann", locale=locale, viewport=phone, has_touch=True, is_mobile=True)
    ann.page.goto(product.address)
    ann.page.get_by_role("button").first.wait_for()
    ann.page.locator("main button").first.click()
    ann.page.wait_for_url("**/m/**")
    ann.page.get_by_role("textbox").fill("Ann")
    ann.press(join)
    bar = ann.page.get_by_role("contentinfo")
    bar.get_by_role("button", name=leave).wait_for()
    expect(bar.get_by_role("button")).to_have_count(6)
    assert ann.page.evaluate("document.documentElement.scrollWidth") <= 390
    boxes = [button.bounding_box() for button in bar.get_by_role("button").all()]
    assert all(box and box["width"] >= 48 and box["height"] >= 48 for box in boxes)
    ann.page.get_by_role("banner").get_by_role("button").last.click()
    panel = ann.page.get_by_role("complementary")
    expect(panel).to_be_focused()  # the button that opened it is gone
    ann.closes(panel)
    expect(ann.page.get_by_role("main")).to_be_focused()


def test_nothing_the_page_does_is_an_error(
    two: tuple[Person, Person], record_property: Callable[[str, object], None]
) -> None:
    ada, bo = two
    ada.sees_moving(1)
    for panel in ("Chat", "People"):
        bo.opens(panel)
    bo.leave_button.click()
    bo.sees_text("You left the meeting")
    record_property("said", ada.said + bo.said)
    assert ada.complained + bo.complained == []
