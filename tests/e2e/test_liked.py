"""What people who come from elsewhere look for in their first hour: files, sounds, settings, the devices' page."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Someone
from tests.e2e.people import Person, eventually
from tests.e2e.test_for_everybody import complaints
from tests.e2e.words import words
from tests.product import Product


def picture(side: int = 800) -> bytes:
    """A PNG of one colour."""

    def part(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    rows = (b"\0" + b"\x20\x80\x70" * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
    )


@pytest.fixture
def desk_and_phone(product: Product, someone: Someone) -> tuple[Person, Person]:
    """Ada, a host at a desk in English; Bo at a phone in Chinese, by day."""
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "color_scheme": "light"}
    ada = someone("Ada", viewport={"width": 1366, "height": 728}, color_scheme="dark", accept_downloads=True)
    bo = someone("Bo", locale="zh-CN", accept_downloads=True, **phone)
    bo.open(ada.start_a_meeting(product.address, camera=False))
    bo.types(bo.page.get_by_label("你的名字").first, "Bo")
    bo.press("加入会议")
    bo.page.get_by_role("button", name="离开").first.wait_for(timeout=15_000)
    return ada, bo


def chooses(page: Page, *files: tuple[str, str, bytes]) -> None:
    made = [{"name": name, "mimeType": type, "buffer": content} for name, type, content in files]
    page.locator("input[type=file]").set_input_files(made)  # type: ignore[arg-type]


def test_a_picture_and_a_file_from_a_desk_to_a_phone(
    desk_and_phone: tuple[Person, Person], tmp_path: Path
) -> None:
    ada, bo = desk_and_phone
    ada.opens("Chat")
    chooses(
        ada.page, ("holiday.png", "image/png", picture()), ("报告.html", "text/html", b"<script>1</script>")
    )
    expect(ada.page.get_by_role("list", name="Files to send").get_by_role("listitem")).to_have_count(2)
    ada.press("Send")
    expect(ada.page.get_by_role("button", name=re.compile("Save 报告.html"))).to_be_visible()
    bo.page.get_by_role("button", name=re.compile("聊天")).first.click()
    shown = bo.page.get_by_role("button", name="查看 holiday.png").locator("img")
    eventually(lambda: shown.evaluate("(i) => i.naturalWidth") == 320, "the small picture is drawn")
    with bo.page.expect_download() as got:
        bo.page.get_by_role("button", name=re.compile("保存 报告.html")).click()
    assert got.value.suggested_filename == "报告.html"
    assert Path(got.value.path()).read_bytes() == b"<script>1</script>"
    assert complaints(bo.page) == [], "a phone, by day, in Chinese"
    assert complaints(ada.page) == [], "a desk, in the dark, in English"
    bo.page.get_by_role("button", name="查看 holiday.png").click()
    large = bo.page.get_by_role("dialog").locator("img")
    eventually(lambda: large.evaluate("(i) => i.naturalWidth") == 800, "the picture itself is drawn")
    assert complaints(bo.page) == [], "a picture, large"
    bo.page.keyboard.press("Escape")

    ada.page.get_by_role("button", name="Options for your message").first.click()
    ada.page.get_by_role("menuitem", name="Delete").click()
    expect(bo.page.get_by_role("button", name=re.compile("保存 holiday.png"))).to_have_count(0)

    ada.opens_tools()
    ada.page.get_by_role("checkbox", name="Send files").press("Space")
    ada.page.keyboard.press("Escape")
    expect(bo.page.get_by_role("button", name="添加文件")).to_have_count(0)
    drops(bo.page)
    expect(bo.page.get_by_text("主持人未允许在此发送文件。").first).to_be_visible()
    assert "/m/" in bo.page.url, "what is let go of beside the chat replaces no meeting"


def drops(page: Page) -> None:
    page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(['x'], 'x.txt'));
          document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        }"""
    )


# Notes every tone that is begun, and every notification instead of showing it; `look(false)` hides the page.
NOTED = """(() => {
  window.tones = []; window.notes = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) { window.tones.push(this.frequency.value); return start.apply(this, at); };
  window.Notification = class { static permission = 'default';
    static requestPermission = async () => (window.Notification.permission = 'granted');
    constructor(title, { body }) { window.notes.push([title, body]); } close() {} };
  window.look = (isSeen) => {
    Object.defineProperty(document, 'hidden', { value: !isSeen, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  };
})()"""


def test_told_in_time_by_keys_of_ones_own_and_why_the_line_is_bad(product: Product, someone: Someone) -> None:
    ada, bo = someone("Ada", viewport={"width": 1366, "height": 728}), someone("Bo")
    ada.page.add_init_script(NOTED)
    bo.open(ada.start_a_meeting(product.address, camera=False))
    bo.join(camera=False)
    page = ada.page
    eventually(lambda: page.evaluate("tones.length") >= 2, "somebody who comes is heard")

    settles(page, "Settings")
    page.get_by_role("switch", name="A message in the chat").press("Space")
    assert complaints(page) == [], "the settings"
    page.keyboard.press("Escape")
    page.evaluate("tones.length = 0; look(false)")
    bo.opens("Chat")
    bo.writes("tea?")
    expect(page.get_by_role("button", name="Chat, 1 new message")).to_be_visible()
    assert page.evaluate("[tones.length, notes.length]") == [0, 0], (
        "silent as it was set, and not asked for yet"
    )
    page.evaluate("look(true)")
    page.get_by_role("button", name="Show them").click()
    page.evaluate("look(false)")
    bo.writes("and cake?")
    eventually(
        lambda: page.evaluate("notes.map(([title]) => title)") == ["Bo: and cake?"], "the system tells it"
    )
    page.evaluate("look(true)")

    settles(page, "Keyboard shortcuts")
    change = page.get_by_role("button", name="Change the keys for: Chat")
    change.click()
    page.keyboard.press("Alt+y")
    expect(page.get_by_text(re.compile(r"Alt\+Y is taken: "))).to_be_visible()
    change.click()
    page.keyboard.press("Alt+q")
    expect(page.get_by_text("Alt+Q", exact=True)).to_be_visible()
    assert complaints(page) == [], "the list of keys"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Alt+q")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()

    settles(page, "Connection")
    expect(page.get_by_text(re.compile("^Your connection|^Measuring"))).to_be_visible()
    expect(page.get_by_text("The numbers")).to_be_visible()
    assert complaints(page) == [], "the connection"


def settles(page: Page, what: str) -> None:
    """A dialog from More."""
    page.get_by_role("contentinfo").get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name=what, exact=True).click()
    page.get_by_role("dialog", name=what).wait_for()


@pytest.mark.parametrize(("language", "width"), [("en", 1366), ("zh-CN", 390)])
def test_a_stranger_tries_devices_and_network_before_there_is_a_meeting(
    product: Product, someone: Someone, language: str, width: int
) -> None:
    say = words(language)
    cy = someone("Cy", locale=language, viewport={"width": width, "height": 844}, color_scheme="light")
    page = cy.page
    page.goto(product.address)
    page.get_by_role("link", name=say("ui.check")).click()
    expect(page.get_by_role("heading", level=1, name=say("check.title"))).to_be_visible()
    expect(page.get_by_text(say("check.browser.fit"))).to_be_visible()

    tries_everything(page, language)
    assert complaints(page) == [], (language, width)


def tries_everything(page: Page, language: str) -> None:
    """Each part of the page of devices and network, to what it found."""
    say = words(language)

    def part(of: str) -> Locator:
        return page.get_by_role("region", name=say(f"check.{of}"), exact=True)

    part("line").get_by_role("button").click()
    for device in ("microphone", "camera"):
        part(device).get_by_role("button", name=say("check.try")).click()
        expect(part(device).get_by_role("button", name=say("check.stop"))).to_be_visible()
    part("speaker").get_by_role("button").click()
    part("speaker").get_by_role("button", name=say("check.no")).click()
    expect(part("speaker").get_by_text(say("check.speaker.unheard"))).to_be_visible()
    expect(part("line").get_by_text(say("check.line.good"), exact=True)).to_be_visible(timeout=45_000)
    ways = part("line").get_by_role("definition")
    expect(ways).to_have_count(2)
    expect(ways.filter(has_text=say("check.line.none"))).to_have_count(0)


def keeps_a_page(page: Page) -> None:
    """The browser has the page that it shows without a server.

    Which worker controls *this* page isn't asked: one that was on its way when the worker began is controlled by none, and all
    that is gone to afterwards is (Service Workers, `clients.claim`)."""
    active = "navigator.serviceWorker.ready.then(({ active }) => active.state)"
    eventually(lambda: page.evaluate(active) == "activated", "it stands by")


def test_the_page_is_a_program_that_says_when_there_is_no_server_and_comes_back(
    product: Product, someone: Someone
) -> None:
    ada = someone("Ada", viewport={"width": 1366, "height": 728}, color_scheme="dark")
    bo = someone("Bo", locale="zh-CN", viewport={"width": 390, "height": 844}, color_scheme="light")
    for me in (ada, bo):
        me.page.goto(product.address)
        keeps_a_page(me.page)
    protocol = ada.context.new_cdp_session(ada.page)
    said = protocol.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in said] in ([], ["in-incognito"]), "a browser would install it"
    kept = "caches.keys().then(async ([name]) => (await (await caches.open(name)).keys()).map((r) => new URL(r.url).pathname))"
    assert set(ada.page.evaluate(kept)) == {"/offline.html", "/offline.css", "/coming-back.js", "/icon.svg"}

    link = f"{product.address}m/123456789012#k=secret"
    product.stop()
    try:
        ada.page.goto("about:blank")
        ada.page.goto(link)
        bo.page.reload()
        expect(ada.page.get_by_role("heading", name="Folkmoot isn't answering.")).to_be_visible()
        expect(bo.page.get_by_role("heading", name="Folkmoot 暂时无响应。")).to_be_visible()
        assert complaints(ada.page) + complaints(bo.page) == []
        ada.context.set_offline(True)
        expect(ada.page.get_by_role("heading", name="You're offline.")).to_be_visible()
        ada.context.set_offline(False)
    finally:
        product.start()
    expect(ada.page.get_by_label("Your name")).to_be_visible(timeout=20_000)
    assert ada.page.url == link, "it goes on where one wanted to go"
    expect(bo.page.get_by_role("link", name=words("zh-CN")("ui.check"))).to_be_visible(timeout=20_000)
