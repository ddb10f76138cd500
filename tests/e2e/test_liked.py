"""What people who come from elsewhere look for in their first hour: files, sounds, settings, the devices' page."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Someone
from tests.e2e.people import Person, eventually
from tests.e2e.test_for_everybody import complaints
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


def test_what_happens_is_told_in_time_as_one_set_it(product: Product, someone: Someone) -> None:
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


def settles(page: Page, what: str) -> None:
    """A dialog from More."""
    page.get_by_role("contentinfo").get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name=what, exact=True).click()
    page.get_by_role("dialog", name=what).wait_for()
