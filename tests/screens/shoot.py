"""Plays through the product with a town of people and shoots every screen, in both languages and lights, on a desk and a phone.

    python -m tests.screens.shoot --into .run/screenshots [--only settings] [--language zh-CN]

Each screen is asked by axe as well. What it complains of, and what couldn't be reached, is told at the end and fails the command.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from folkmoot.cli.archive import DATABASE
from tests.e2e.people import chromium, small_film
from tests.e2e.words import words
from tests.posts import post_office
from tests.product import Product
from tests.screens.album import LIGHTS, NAMES, PATIENCE_MS, SIZES, Album, Place
from tests.screens.branded import branded
from tests.screens.held import hand_on, hold
from tests.screens.listed import BRANDED, IN_A_MEETING, KEPT, SCREENS, Screen, Who
from tests.screens.states import states
from tests.town import Town, Visitor

TEAM = {
    "id": "team",
    "name": "Team",
    "limits": {"at_once": 20},
    "services": ["api", "directory_sync"],
    "support": "mail",
    "prices": [{"period": "month", "seat": {"amount": 600, "currency": "EUR"}}],
}


def named_server(data: Path, environment: Mapping[str, str]) -> Product:
    """It knows its own address: without, no organisation can have one beside it."""
    product = Product(data, environment=environment)
    product.environment["FOLKMOOT_HTTP__ADDRESS"] = product.address.rstrip("/")
    return product


def settle(town: Town, language: str, only: str) -> Place:
    """A teacher with a school, meetings to come and the server to look after; and somebody who has nothing yet. What no
    wanted picture shows is not made."""
    teacher_name, other_name, third_name, school, titles = NAMES[language]
    there = language.lower()
    teacher = town.comes(teacher_name, f"teacher@{there}.example", language=language)
    newcomer = town.comes(other_name, f"newcomer@{there}.example", language=language)
    colleague = town.comes(third_name, f"colleague@{there}.example", language=language)
    people: dict[Who, Visitor] = {"teacher": teacher, "newcomer": newcomer, "colleague": colleague}
    place = Place(town.product, language, people, {})
    if not any(
        re.search(only, name) for name in (*(screen.name for screen in SCREENS), *BRANDED, "at-once-start")
    ):
        return place
    town.organisation(teacher, school, f"{there}.example")
    first = (datetime.now(UTC) + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    planned = [plans(teacher, title, first + timedelta(hours=3 * at)) for at, title in enumerate(titles)]
    operates(town.product, f"teacher@{there}.example")
    if re.search(only, "operator-growth"):
        shell(town.product, "growth", "demo", "--one-in", "50")
    org = str(teacher.does("GET", "/api/orgs")["orgs"][0]["id"])
    teacher.does("POST", f"/api/orgs/{org}/hosts", {"host": f"meet.{there}.example"})
    met(town.product, org)
    invoice = subscribes(town.product, teacher, org, school)
    place.facts.update({"meeting": planned[0], "org": org, "invoice": invoice})
    if any(re.search(only, name) for name in ("meeting-handed", "dashboard-handed")):
        hand_on(place, plans(teacher, titles[0], first + timedelta(days=7)))
    return place


PLANS = [
    {
        "id": id,
        "name": id.title(),
        "limits": limits,
        "services": services,
        "support": support,
        "prices": [
            {"period": "month", "seat": {"amount": month, "currency": currency}}
            for currency, month in (("EUR", euros), ("USD", euros + 50))
        ],
        "trial_days": 14,
    }
    for id, euros, limits, services, support in (
        ("team", 600, {"people": 300, "at_once": 20, "minutes": 100}, ["api"], "mail"),
        ("school", 999, {"people": 500}, ["api", "directory_sync"], "priority"),
    )
]


def subscribes(product: Product, owner: Visitor, org: str, school: str) -> str:
    """A school that pays, was offered more, and has a tax. @returns the number of its invoice"""
    file = product.data / "plans.json"
    file.write_text(json.dumps(PLANS))
    shell(product, "billing", "plans", str(file))
    shell(product, "billing", "rate", "GB", "20", "2011-01-04")
    shell(product, "billing", "rate", "DE", "19", "2007-01-01", "--name", "MwSt")
    at = f"/api/billing/{org}"
    who = {
        "name": school,
        "address": "1 School Lane\nNorthfield",
        "country": "GB",
        "tax_number": "GB123456789",
    }
    owner.does("PUT", f"{at}/customer", who)
    wanted = {"plan": "team", "seats": 42, "period": "month", "currency": "EUR", "seen": 0}
    page = owner.does("POST", f"{at}/subscription", wanted)
    today = datetime.now(UTC).date()
    days = ("--starts", str(today), "--open-until", str(today + timedelta(days=20)), "--months", "24")
    shell(
        product,
        "billing",
        "quote",
        org,
        "school",
        "500",
        "7.00",
        "EUR",
        *days,
        "--period",
        "month",
        "--id",
        "large",
    )
    return str(page["documents"][0]["number"])


def plans(who: Visitor, title: str, starts: datetime) -> str:
    said = {
        "title": title,
        "starts": starts.strftime("%Y-%m-%dT%H:%M"),
        "minutes": 45,
        "people": [{"to": "jonas@example.org"}],
    }
    return str(who.does("POST", "/api/calendar/meetings", said)["id"])


def met(product: Product, org: str) -> None:
    """On some days of this month many, on others few: what a school with such a month sees."""
    first = datetime.now(UTC).date().replace(day=1)
    figures = [
        (0, 1420, 12, 31),
        (1, 2210, 17, 34),
        (3, 88, 2, 3),
        (6, 1900, 15, 29),
        (7, 61, 1, 2),
        (8, 640, 6, 12),
    ]
    days = [
        (org, str(first + timedelta(days=day)), minutes * 60_000, *more) for day, minutes, *more in figures
    ]
    with closing(sqlite3.connect(product.data / DATABASE)) as database, database:
        database.executemany(
            "INSERT INTO usage_days (org, day, ms, meetings, peak) VALUES (?, ?, ?, ?, ?)", days
        )
        nine = int(datetime(first.year, first.month, 1, 9, tzinfo=UTC).timestamp() * 1000)
        sittings = [(org, nine + at * 600_000, nine + (at + 9) * 600_000) for at in range(5)]
        database.executemany(
            "INSERT INTO usage_sittings (org, began_ms, ended_ms) VALUES (?, ?, ?)", sittings
        )


def operates(product: Product, address: str) -> None:
    shell(product, "admin", "operator", address)


def shell(product: Product, *words: str) -> None:
    told = [sys.executable, "-m", "folkmoot", *words, "--data", str(product.data)]
    subprocess.run(told, check=True, capture_output=True)


def pages(place: Place, browser: Browser, size: str, album: Album) -> None:
    """All that an address alone leads to."""
    for who in get_args(Who):
        wanted = [screen for screen in SCREENS if screen.who == who and album.wants(screen.name)]
        if not wanted:
            continue
        with place.page(browser, who, size) as page:
            for screen in wanted:
                one(place, page, screen, album)


def one(place: Place, page: Page, screen: Screen, album: Album) -> None:
    try:
        page.goto("about:blank")  # or another fragment of the same address would be no new visit
        page.goto(screen.path.format(**place.facts))
        page.locator(screen.awaits).first.wait_for()
        expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=PATIENCE_MS)
        album.shoot(page, screen.name, whole=True)
    except (PlaywrightError, AssertionError) as error:
        album.unreached(screen.name, error)


def meeting(place: Place, browser: Browser, size: str, album: Album) -> None:
    """From home to the page after it, with two who knock."""
    if not any(album.wants(name) for name in IN_A_MEETING):
        return
    name, *others = NAMES[place.language][:3]
    with ExitStack() as open_pages:
        host = open_pages.enter_context(place.page(browser, "nobody", size))
        guests = [open_pages.enter_context(place.page(browser, "nobody", size)) for _ in others]
        try:
            begins(host, name, album)
            for guest, called in zip(guests, others, strict=True):
                knocks(guest, host.url, called)
            meets(place, host, guests, album)
        except (PlaywrightError, AssertionError) as error:
            album.unreached("the meeting", error)


def begins(host: Page, name: str, album: Album) -> None:
    host.goto("/")
    host.locator("main button").first.click()
    host.wait_for_url("**/m/**")
    host.locator("input[name=name]").fill(name)
    album.shoot(host, "prejoin")
    host.locator("form button[type=submit]").click()
    host.locator("[data-region=bar]").wait_for()


def knocks(guest: Page, link: str, name: str) -> None:
    guest.goto(link)
    guest.locator("input[name=name]").fill(name)
    guest.locator("form button[type=submit]").click()
    guest.get_by_role("checkbox").wait_for()


def meets(place: Place, host: Page, guests: list[Page], album: Album) -> None:
    say = words(place.language)
    album.shoot(guests[0], "waiting")
    host.locator("[data-region=notice]").first.wait_for()
    album.shoot(host, "room-knock")
    host.get_by_role("button", name=say("waiting.admit_all"), exact=True).first.click()
    for guest in guests:
        guest.locator("[data-region=bar]").wait_for()
    album.shoot(host, "room")
    for key, panel in (("Alt+h", "chat"), ("Alt+u", "people")):
        host.keyboard.press(key)
        host.get_by_role("complementary").wait_for()
        album.shoot(host, f"room-{panel}")
        host.keyboard.press(key)
        expect(host.get_by_role("complementary")).to_have_count(0)
    host.keyboard.press("Control+d")
    album.shoot(host, "room-muted")
    host.keyboard.press("Control+/")
    host.get_by_role("dialog").wait_for()
    album.shoot(host, "room-keys")
    host.keyboard.press("Escape")
    expect(host.get_by_role("dialog")).to_have_count(0)
    guests[0].locator("[data-region=bar] button").last.click()
    guests[0].locator("section h1").wait_for()
    album.shoot(guests[0], "left")


def too_many(place: Place, browser: Browser, size: str, album: Album) -> None:
    """One meeting more at once than the plan allows, for who owns the one that goes on."""
    if not any(album.wants(name) for name in ("at-once", "at-once-start")):
        return
    teacher, free = place.visitors["teacher"], {"id": "free", "name": "Free", "limits": {"at_once": 1}}
    with ExitStack() as open_pages:
        page, other = (open_pages.enter_context(place.page(browser, "teacher", size)) for _ in range(2))
        try:
            room = teacher.does("GET", "/api/calendar/room")["link"]
            enters(
                page,
                teacher.does("POST", "/api/calendar/now", {"title": NAMES[place.language][4][0]})["link"],
            )
            page.locator("[data-region=bar]").wait_for()
            teacher.does("PUT", "/api/operator/billing/plans", {"plans": [free, TEAM]})
            enters(other, room)
            other.locator("a[href^='/m/']").first.wait_for()
            album.shoot(other, "at-once")
            other.goto("/")
            other.get_by_role("button", name=words(place.language)("meetings.start"), exact=True).click()
            other.locator("a[href^='/org/plan']").wait_for()
            album.shoot(other, "at-once-start")
        except (PlaywrightError, AssertionError) as error:
            album.unreached("at-once", error)
        finally:
            teacher.does("PUT", "/api/operator/billing/plans", {"plans": [free | {"limits": {}}]})


def enters(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.locator("input[name=name]")).not_to_have_value("")
    page.locator("form button[type=submit]").click()


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--into", type=Path, required=True)
    asked.add_argument("--only", default="", help="screens whose name has this pattern")
    asked.add_argument("--language", choices=NAMES, help="one instead of both")
    asked.add_argument("--size", choices=SIZES, help="one instead of both")
    asked.add_argument("--light", choices=LIGHTS, help="one instead of both")
    asked.add_argument(
        "--keep", type=Path, help="no more than the pictures of the guides, and these in that folder"
    )
    wish = asked.parse_args()
    if wish.keep:
        wish.only, wish.language, wish.size = (
            f"^({'|'.join(name.rpartition('-')[0] for name in KEPT)})$",
            "en",
            "desk",
        )
    lights = (wish.light,) if wish.light else LIGHTS
    began, troubles = time.monotonic(), list[str]()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        post, environment = stack.enter_context(post_office())
        product = named_server(folder / "data", environment)
        product.start()
        stack.callback(product.stop)
        playwright = stack.enter_context(sync_playwright())
        film = small_film(folder / "camera.y4m")
        browser = stack.enter_context(chromium(playwright, folder, "town", 440, film=film))
        for language in [wish.language] if wish.language else NAMES:
            place = settle(Town(product, post), language, wish.only)
            if re.search(wish.only, "meeting-past"):
                hold(place, browser, enters)
            for size in [wish.size] if wish.size else SIZES:
                album = Album(wish.into / f"{language}-{size}", wish.only, wish.keep, lights, troubles)
                album.folder.mkdir(parents=True, exist_ok=True)
                pages(place, browser, size, album)
                meeting(place, browser, size, album)
                branded(place, browser, size, album, enters)
                too_many(place, browser, size, album)
                states(place, browser, size, album)
    drawn = len(list(wish.into.glob("*/*.png")))
    print(*troubles, f"{drawn} pictures in {wish.into}, {time.monotonic() - began:.0f} s", sep="\n")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
