"""Every state of prejoin, of the door and of the room: by the code that docs/develop/ui.md gives it, reached by fakes.

Law: what has a code there is drawn here (`tools/test_screens.py`). A state that lasts a moment is reached anew for each light.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect
from playwright.sync_api import Error as PlaywrightError

from tests.e2e.words import Say, words
from tests.screens.album import NAMES, PATIENCE_MS, Album, Place
from tests.screens.fakes import (
    ASKS_FOR_EVER,
    INSECURE,
    INSIDE_AN_APP,
    LISTENED,
    TOO_OLD,
    WITH_A_CAMERA,
    Wire,
    refused,
)

JOIN = re.compile(r"/api/meetings/\d+/join$")


@dataclass(frozen=True)
class Before:
    """A state of prejoin: what the browser is made to believe."""

    name: str
    script: str
    awaits: str = "[role=status] p"
    press: str = ""
    """The word of what is pressed then."""


BEFORE = (
    Before("D1-asks", ASKS_FOR_EVER + WITH_A_CAMERA),
    Before("D2-blocked", refused("NotAllowedError") + WITH_A_CAMERA),
    Before("D2-show-me", refused("NotAllowedError"), press="lobby.showMe"),
    Before("D3-system", refused("NotAllowedError", "Permission denied by system") + WITH_A_CAMERA),
    Before("D4-none", refused("NotFoundError")),
    Before("D5-busy", refused("NotReadableError")),
    Before("D11-insecure", INSECURE),
    Before("D12-inside-an-app", INSIDE_AN_APP),
    Before("D13-too-old", TOO_OLD, "main h1"),
)


def in_a_minute(minutes: float) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


@dataclass(frozen=True)
class AtTheDoor:
    """What the server says to who asks for a ticket, with the way to word it that its parameters have."""

    name: str
    code: str
    params: dict[str, Any]
    awaits: str = "main h1"


def refusals(account: str) -> tuple[AtTheDoor, ...]:
    return (
        AtTheDoor("J1-closed", "meeting.closed_door", {}),
        AtTheDoor("J2-over", "meeting.over", {"ended_at": in_a_minute(-95), "id": "m"}),
        AtTheDoor("J2-over-guest", "meeting.over", {}),
        AtTheDoor("J3-early", "meeting.not_started", {"starts_at": in_a_minute(40), "retry_after_s": 600}),
        AtTheDoor("J7-sign-in", "meeting.sign_in", {}),
        AtTheDoor("J8-not-invited", "meeting.not_invited", {"account": account}),
        AtTheDoor("J9-no-match", "meeting.no_match", {}, "[name=passcode][aria-invalid=true]"),
        AtTheDoor("J10-too-many", "meeting.too_many_tries", {"retry_after_s": 300}, "[name=passcode][aria-invalid=true]"),
    )  # fmt: skip


DENIALS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("J4-locked", "meeting.locked", {}),
    ("J5-full", "meeting.full", {"most": 40, "retry_after_s": 600}),
    ("J13-denied", "meeting.turned_away", {}),
    ("J14-waiting-full", "meeting.waiting_room_full", {}),
    ("J15-removed", "meeting.removed", {"again": False, "at": in_a_minute(-1)}),
    ("J15-removed-again", "meeting.removed", {"again": True, "at": in_a_minute(-1)}),
)
WAITING = {"J11": "waiting", "J12": "no_host", "J16": "sent", "J17": "link_in_use"}
LINES = {"en": "We begin at ten past. Have your notebook ready.", "zh-CN": "十点十分开始，请准备好笔记本。"}

DOORS = (
    *(each.name for each in refusals("")), *(name for name, _, _ in DENIALS),
    "J6-queue", *(f"{code}-{reason}" for code, reason in WAITING.items()), "J18-elsewhere", "N9-no-server", "N1-slow",
)  # fmt: skip


@contextmanager
def guest(place: Place, browser: Browser, size: str, *scripts: str) -> Iterator[tuple[Page, Wire]]:
    with place.page(browser, "nobody", size) as page:
        for script in scripts:
            page.add_init_script(script)
        yield page, Wire(page)


def asks_in(page: Page, link: str, name: str) -> None:
    page.goto(link)
    sends(page, name)


def sends(page: Page, name: str) -> None:
    page.locator("input[name=name]").fill(name)
    page.locator("form button[type=submit]").click()


def before(place: Place, browser: Browser, size: str, album: Album, link: str) -> None:
    say, name = words(place.language), NAMES[place.language][1]
    for state in BEFORE:
        if not album.wants(state.name):
            continue
        with guest(place, browser, size, state.script) as (page, _), album.trying(state.name):
            page.goto(link)
            if state.script != TOO_OLD:
                page.locator("input[name=name]").fill(name)
            page.locator(state.awaits).first.wait_for()
            if state.press:
                page.get_by_role("button", name=say(state.press)).click()
                page.get_by_role("dialog").wait_for()
            album.shoot(page, state.name)


def refuses(page: Page, problem: dict[str, Any]) -> None:
    """Whoever asks for a ticket."""

    def answers(route: Route) -> None:
        route.fulfill(status=403, content_type="application/problem+json", body=json.dumps(problem))

    page.route(JOIN, answers)


def doors(place: Place, browser: Browser, size: str, album: Album, link: str) -> None:
    name = NAMES[place.language][1]
    for state in refusals(f"newcomer@{place.language.lower()}.example"):
        if not album.wants(state.name):
            continue
        with guest(place, browser, size) as (page, _), album.trying(state.name):
            refuses(page, {"code": state.code, "params": state.params, "title": "", "status": 403})
            if "passcode" in state.awaits:
                page.goto(link.partition("#")[0])
                page.locator("input[name=passcode]").fill("271828")
                sends(page, name)
            else:
                asks_in(page, link, name)
                expect(page.locator("input[name=name]")).to_have_count(0)
            page.locator(state.awaits).first.wait_for()
            album.shoot(page, state.name)
    for called, code, params in DENIALS:
        denies(place, browser, size, album, link, called, {"denied": {"code": code, "params": params}})
    if album.wants("J6-queue"):
        queues(place, browser, size, album, link)
    for code, reason in WAITING.items():
        waits(place, browser, size, album, link, code, reason)
    if album.wants("J18-elsewhere"):
        with guest(place, browser, size) as (page, wire), album.trying("J18-elsewhere"):
            wire.answers = lambda socket: socket.close(code=4004)
            asks_in(page, link, name)
            page.locator("main h1 + p").wait_for()
            album.shoot(page, "J18-elsewhere")
    if album.wants("N9-no-server"):
        with guest(place, browser, size) as (page, _), album.trying("N9-no-server"):
            page.route(JOIN, lambda route: route.abort())
            asks_in(page, link, name)
            expect(page.locator("input[name=name]")).to_have_count(0)
            album.shoot(page, "N9-no-server")
    if album.wants("N1-slow"):
        with guest(place, browser, size) as (page, _), album.trying("N1-slow"):
            page.route(JOIN, lambda _: None)
            asks_in(page, link, name)
            page.get_by_text(words(place.language)("lobby.slow.text")).wait_for()
            album.shoot(page, "N1-slow")


def denies(
    place: Place, browser: Browser, size: str, album: Album, link: str, called: str, said: dict[str, Any]
) -> None:
    if not album.wants(called):
        return
    with guest(place, browser, size) as (page, wire), album.trying(called):
        wire.answers = lambda socket: socket.send(json.dumps(said))
        asks_in(page, link, NAMES[place.language][1])
        expect(page.locator("input[name=name]")).to_have_count(0)
        page.locator("main h1").wait_for()
        album.shoot(page, called)


def queues(place: Place, browser: Browser, size: str, album: Album, link: str) -> None:
    """How long it takes is said once the line has moved for some seconds."""
    with guest(place, browser, size) as (page, wire), album.trying("J6-queue"):
        stands: list[WebSocketRoute] = []

        def answers(socket: WebSocketRoute) -> None:
            stands.append(socket)
            socket.send(json.dumps({"queued": {"place": 412}}))

        wire.answers = answers
        asks_in(page, link, NAMES[place.language][1])
        page.locator("[role=status] h1").wait_for()
        page.wait_for_timeout(5_500)
        stands[-1].send(json.dumps({"queued": {"place": 380}}))
        page.get_by_text("380").wait_for()
        album.shoot(page, "J6-queue")


def waits(place: Place, browser: Browser, size: str, album: Album, link: str, code: str, reason: str) -> None:
    called = f"{code}-{reason}"
    host, name, *_, titles = NAMES[place.language]
    told = {
        "reason": reason,
        "line": LINES[place.language] if reason == "waiting" else "",
        "title": titles[0],
        "host": host,
    }
    you = {"participant": "one", "name": name, "role": "waiting", "may": []}
    now = datetime.now(UTC).isoformat()
    welcome = {"welcome": {"seq": 0, "you": you, "snapshot": {"meeting": {"waiting": told}}, "now": now}}
    if not album.wants(called):
        return
    with guest(place, browser, size, WITH_A_CAMERA) as (page, wire), album.trying(called):
        wire.answers = lambda socket: socket.send(json.dumps(welcome))
        asks_in(page, link, name)
        page.get_by_text(words(place.language)(f"waiting.{reason}.title")).first.wait_for()
        album.shoot(page, called)


Reach = Callable[["Room"], None]


@dataclass
class Room:
    """A host whose page is looked at, with two others."""

    place: Place
    size: str
    album: Album
    link: str
    say: Say
    host: Page
    wire: Wire
    guests: list[Page]

    @property
    def is_phone(self) -> bool:
        return self.size == "phone"

    def shows(self, id: str) -> None:
        """Some sentence of the page, of which as much as stands before the first name or number in it."""
        sentence = re.sub(r"^\{\w+, plural,.* other \{", "", self.say(id))
        plain = re.split("[{#]", sentence)[0].strip()
        assert plain, f"{id} begins with what isn't known"
        self.host.get_by_text(plain).first.wait_for()


@contextmanager
def in_the_room(place: Place, browser: Browser, size: str, album: Album) -> Iterator[Room]:
    names = NAMES[place.language]
    with (
        guest(place, browser, size, LISTENED, WITH_A_CAMERA) as (host, wire),
        guest(place, browser, "desk", LISTENED, WITH_A_CAMERA) as (one, _),
        guest(place, browser, "desk", LISTENED, WITH_A_CAMERA) as (other, _),
    ):
        link = begun(host)
        host.locator("input[name=name]").fill(names[0])
        host.locator("form button[type=submit]").click()
        host.locator("[data-region=bar]").wait_for()
        for page, name in ((one, names[1]), (other, names[2])):
            asks_in(page, link, name)
            page.locator("[data-region=bar]").wait_for()
        expect(host.locator("[role=gridcell] video[data-live]")).to_have_count(3, timeout=PATIENCE_MS)
        host.mouse.move(1, 1)  # or the tip of what lies where Join was is in each picture
        yield Room(place, size, album, link, words(place.language), host, wire, [one, other])


def begun(host: Page) -> str:
    """A meeting whose link lets in without waiting; its host is before it. @returns the link"""
    host.goto("/")
    host.locator("main button").first.click()
    host.wait_for_url("**/m/**")
    host.locator("label", has=host.get_by_role("switch")).first.click()
    return host.url


def states(place: Place, browser: Browser, size: str, album: Album) -> None:
    from tests.screens.in_the_room import ROOM, play

    try:
        if any(album.wants(name) for name in (*(each.name for each in BEFORE), *DOORS)):
            with place.page(browser, "nobody", size) as host:
                link = begun(host)
            before(place, browser, size, album, link)
            doors(place, browser, size, album, link)
        if any(album.wants(name) for name in ROOM):
            with in_the_room(place, browser, size, album) as room:
                play(room, browser)
    except (PlaywrightError, AssertionError) as error:
        album.unreached("states", error)
