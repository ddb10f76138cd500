"""A school's meeting as its guests see it, where the plan holds branding: before, waiting, in the room and afterwards."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page

from tests.e2e.words import words
from tests.screens.album import NAMES, Album, Place
from tests.screens.listed import BRANDED

ACCENT = "#8b2500"
LINES = ("Doors open at nine. Have your worksheet ready.", "九点开始入场，请准备好练习。")
Enters = Callable[[Page, str], None]


def branded(place: Place, browser: Browser, size: str, album: Album, enters: Enters) -> None:
    if not any(album.wants(name) for name in BRANDED):
        return
    teacher, say = place.visitors["teacher"], words(place.language)
    org = place.facts["org"]
    looks(place, org)
    lets_in(place, org, "everyone")
    with ExitStack() as open_pages, album.trying(BRANDED[0]):
        host = open_pages.enter_context(place.page(browser, "teacher", size))
        guest = open_pages.enter_context(place.page(browser, "nobody", size))
        called, title = NAMES[place.language][1], NAMES[place.language][4][0]
        link = teacher.does("POST", "/api/calendar/now", {"title": title})["link"]
        enters(host, link)
        host.locator("[data-region=bar]").wait_for()
        guest.goto(link)
        guest.locator("input[name=name]").fill(called)
        guest.get_by_role("banner").locator("img").wait_for()
        album.shoot(guest, "branded-prejoin", whole=True)
        guest.locator("form button[type=submit]").click()
        guest.get_by_role("checkbox").wait_for()
        album.shoot(guest, "branded-waiting", whole=True)
        host.get_by_role("button", name=say("waiting.admit.label", name=called)).first.click()
        guest.locator("[data-region=bar]").wait_for()
        album.shoot(guest, "branded-room")
        guest.locator("[data-region=bar] button").last.click()
        guest.locator("section h1").wait_for()
        album.shoot(guest, "branded-left", whole=True)
    lets_in(place, org, "off")
    says(place, org, "--put-back")


def lets_in(place: Place, org: str, value: str) -> None:
    rule = {"group": None, "name": "waiting_room", "value": value}
    place.visitors["teacher"].does("PUT", f"/api/orgs/{org}/rules", rule)


def looks(place: Place, org: str) -> None:
    """A mark and its letters, on a ground that can be seen through."""
    logo = Image.new("RGBA", (600, 200), "#00000000")
    draw = ImageDraw.Draw(logo)
    draw.ellipse((20, 20, 180, 180), fill=ACCENT)
    draw.polygon([(40, 150), (100, 60), (160, 150)], fill="#ffffff")
    draw.rectangle((220, 60, 580, 80), fill=ACCENT)
    draw.rectangle((220, 120, 480, 140), fill=ACCENT)
    file = place.product.data / "logo.png"
    logo.save(file)
    lines = ("--line-en", LINES[0], "--line-zh", LINES[1])
    says(place, org, "--logo", str(file), "--accent", ACCENT, *lines)


def says(place: Place, org: str, *words: str) -> None:
    told = ("admin", "org", "branding", org, *words, "--data", str(place.product.data))
    subprocess.run([sys.executable, "-m", "folkmoot", *told], check=True, capture_output=True)
