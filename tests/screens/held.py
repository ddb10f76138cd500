"""A lesson that was held, with all that can be kept of one; and a meeting that a colleague was made organiser of."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from playwright.sync_api import Browser, Page, expect

from tests.e2e.words import words
from tests.screens.album import NAMES, Place

Enters = Callable[[Page, str], None]
QUESTIONS = {
    "en": "Is a pendulum slower where it is colder? https://school.example/pendulum",
    "zh-CN": "天冷时摆会变慢吗？https://school.example/pendulum",
}


def hold(place: Place, browser: Browser, enters: Enters) -> None:
    """One is asked whether she is there and says so, one is gone before, and somebody has asked something."""
    teacher, say, names = place.visitors["teacher"], words(place.language), NAMES[place.language]
    wanted = {"title": names[4][0], "preset": "open", "waiting_room": "off", "attendance": True}
    lesson = teacher.does("POST", "/api/calendar/now", wanted)
    with ExitStack() as open_pages:
        host = open_pages.enter_context(place.page(browser, "teacher", "desk"))
        enters(host, lesson["link"])
        host.locator("[data-region=bar]").wait_for()
        pupil, early = (open_pages.enter_context(place.page(browser, "nobody", "desk")) for _ in range(2))
        for page, name in ((pupil, names[2]), (early, names[1])):
            page.goto(lesson["link"])
            page.locator("input[name=name]").fill(name)
            page.locator("form button[type=submit]").click()
            page.locator("[data-region=bar]").wait_for()
        pupil.keyboard.press("Alt+h")
        pupil.get_by_role("textbox", name=say("chat.field")).fill(QUESTIONS[place.language])
        pupil.get_by_role("button", name=say("chat.send"), exact=True).click()
        early.get_by_role("button", name=say("call.leave"), exact=True).first.click()
        early.locator("section h1").wait_for()
        host.evaluate("Math.random = () => 0")  # the page draws when, within five minutes: at once
        host.get_by_role("button", name=say("host.tools"), exact=True).first.click()
        host.get_by_role("button", name=say("attendance.check"), exact=True).click()
        pupil.get_by_role("button", name=say("attendance.here"), exact=True).click()
        expect(pupil.get_by_text(say("attendance.asked"))).to_have_count(0)
        host.keyboard.press("Escape")
        host.get_by_role("button", name=say("call.leave"), exact=True).first.click()
        host.get_by_role("button", name=say("call.leave.end"), exact=True).click()
        pupil.get_by_text(say("left.ended.title")).wait_for()
    place.facts["held"] = str(lesson["id"])


def hand_on(place: Place, meeting: str) -> None:
    """The colleague is asked; until they have answered, their list and the meeting say so."""
    teacher, colleague = place.visitors["teacher"], place.visitors["colleague"]
    link = teacher.does("POST", f"/api/orgs/{place.facts['org']}/links", {})["link"]
    colleague.does("POST", "/api/orgs/join", {"secret": link.partition("#")[2]})
    there = f"/api/calendar/meetings/{meeting}/people"
    [invited] = teacher.does("POST", there, {"people": [{"to": colleague.does("GET", "/api/account")["id"]}]})
    teacher.does("POST", f"{there}/{invited['id']}/owner")
    place.facts["handed"] = meeting
