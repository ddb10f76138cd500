"""Strangers stay out, hosts hold the room, and everybody sees why: as hosts, guests and strangers see and hear it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.e2e.people import Person, chromium, eventually, person
from tests.product import Product

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WAITS = "You're in the waiting room."
Someone = Callable[..., Person]

# At a moment by the page's own clock, what another's press may have taken away meanwhile.
PRESS_AT = """([words, at]) => {
  window.isPressed = false;
  setTimeout(() => {
    document.querySelector(`button[aria-label="${words}"]`)?.click();
    window.isPressed = true;
  }, at - Date.now());
}"""

# Every sentence from now on that says that something was not done, however short a time it is shown.
FAILURES = """() => {
  window.failures = [];
  new MutationObserver(() => {
    const said = document.body.innerText.match(/That didn't work.*/g) ?? [];
    window.failures.push(...said);
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


@pytest.fixture
def ada(product: Product, playwright: Playwright, tmp_path: Path) -> Iterator[Person]:
    """A host whose meeting has a waiting room."""
    with person(playwright, tmp_path, "Ada", 440) as ada:
        ada.start_a_meeting(product.address, camera=False, waiting_room=True)
        yield ada


@pytest.fixture
def someone(playwright: Playwright, tmp_path: Path) -> Iterator[Someone]:
    """People who share one browser process; each is a browser of their own to the server."""
    with ExitStack() as stack:
        browsers: list[Browser] = []

        def come(name: str, **context: Any) -> Person:
            if not browsers:
                browsers.append(stack.enter_context(chromium(playwright, tmp_path, "others", 620)))
            return Person(browsers[0], name, 620, **context)

        yield come


def knocks(who: Person, link: str) -> None:
    who.open(link)
    who.asks_in(camera=False)
    expect(who.page.get_by_role("heading", name=WAITS)).to_be_visible()


def test_a_stranger_waits_hears_nothing_and_is_heard_when_let_in(ada: Person, someone: Someone) -> None:
    bo = someone("Bo")
    knocks(bo, ada.page.url)
    admit = ada.page.get_by_role("button", name="Admit Bo")
    admit.wait_for()
    assert ada.page.title().startswith("(1) ")
    expect(ada.page.get_by_role("button", name="People, 1, 1 waiting")).to_be_visible()
    expect(bo.page.get_by_text("Ada")).to_have_count(0)
    assert bo.heard() == [] and bo.received()["frames"] == 0, "who waits gets nothing of the meeting"
    assert not ada.heard(), "nor does the meeting of them"
    admit.click()
    bo.leave_button.wait_for()
    ada.hears(bo.hz)
    bo.hears(ada.hz)
    assert not ada.page.title().startswith("(")


def test_who_is_denied_is_told_and_who_is_blocked_stays_out(ada: Person, someone: Someone) -> None:
    bo, cy = someone("Bo"), someone("Cy")
    knocks(bo, ada.page.url)
    ada.page.get_by_role("button", name="Deny Bo").click()
    bo.sees_text("The host didn't let you in.")
    knocks(cy, ada.page.url)
    ada.opens("People")
    ada.page.get_by_role("button", name="More about Cy, who is waiting").click()
    ada.page.get_by_role("menuitem", name="Deny and block").click()
    eventually(lambda: cy.page.get_by_role("heading", name=WAITS).count() == 0, "Cy no longer waits")
    cy.page.reload()
    cy.name = "Somebody else"
    cy.asks_in(camera=False)
    cy.sees_text("You were removed from the meeting")


def at_once(*presses: tuple[Person, str]) -> None:
    """Each page presses its button at the same moment, by a timer of its own, and minds nothing if it is gone by then."""
    at = time.time() * 1000 + 700
    for who, words in presses:
        who.page.evaluate(PRESS_AT, [words, at])
    for who, _ in presses:
        eventually(lambda page=who.page: page.evaluate("window.isPressed"), "the moment is past", every=0.05)  # type: ignore[misc]


def co_host(name: str, ada: Person, someone: Someone) -> Person:
    """Somebody who hosts beside Ada."""
    other = someone(name)
    knocks(other, ada.page.url)
    ada.page.get_by_role("button", name=f"Admit {name}").click()
    other.leave_button.wait_for()
    ada.does_with(name, "Make co-host")
    expect(other.page.get_by_role("button", name="Host tools")).to_be_visible()
    return other


def test_two_hosts_who_answer_at_once_let_one_person_in_once(ada: Person, someone: Someone) -> None:
    eve = co_host("Eve", ada, someone)
    bo = someone("Bo")
    for host in (ada, eve):
        host.page.evaluate(FAILURES)
    knocks(bo, ada.page.url)
    for host in (ada, eve):
        host.page.get_by_role("button", name="Admit Bo").wait_for()
    at_once((ada, "Admit Bo"), (eve, "Admit Bo"))
    bo.leave_button.wait_for()
    for host in (ada, eve):
        expect(host.page.get_by_role("gridcell")).to_have_count(3)
        expect(host.page.get_by_role("button", name="Admit Bo")).to_have_count(0)
    assert [joined["payload"]["name"] for joined in eve.channel.happened("joined")].count("Bo") == 1
    for host in (ada, eve):
        eventually(host.channel.is_answered, f"{host.name} has an answer")
        assert host.channel.refused() == []
        assert host.page.evaluate("window.failures") == [], "the slower one is told of no mistake"


def test_a_forwarded_personal_link_lets_in_one_and_both_are_told(ada: Person, someone: Someone) -> None:
    [link] = links_for(ada, "Bo")
    bo, eve = someone("Anything"), someone("Mallory")
    bo.open(link)
    bo.asks_in(camera=False)
    bo.leave_button.wait_for()
    expect(ada.page.get_by_role("gridcell", name="Bo")).to_be_visible()
    eve.open(link)
    eve.asks_in(camera=False)
    eve.sees_text("This personal link is already in use.")
    bo.sees_text("Somebody else opened your personal link.")
    expect(ada.page.get_by_text("personal link already in use")).to_be_visible()


def links_for(host: Person, *names: str) -> list[str]:
    """Pasted as a list; what lies on the clipboard afterwards."""
    host.context.grant_permissions(["clipboard-read", "clipboard-write", "microphone", "camera"])
    host.press("Host tools")
    host.press("Personal links")
    host.page.get_by_label("Names, one a line").fill("\n".join(names))
    host.press(f"Make {len(names)} link{'s' if len(names) > 1 else ''}")
    host.press("Copy all")
    expect(host.page.get_by_text("copied.", exact=False).first).to_be_visible()
    copied: str = host.page.evaluate("navigator.clipboard.readText()")
    host.page.keyboard.press("Escape")
    host.page.keyboard.press("Escape")
    return [line.split("\t")[1] for line in copied.splitlines()]


def test_a_class_from_the_pasted_list_to_stop_everything(ada: Person, someone: Someone) -> None:
    children = ["Bo", "Cy", "Di"]
    people = [someone(f"{name} at home") for name in children]
    for child, link in zip(people, links_for(ada, *children), strict=True):
        child.open(link)
        child.asks_in(camera=False)
        child.leave_button.wait_for()
    for name in children:
        expect(ada.page.get_by_role("gridcell", name=name)).to_be_visible()
    ada.hears(people[-1].hz)
    ada.press("Host tools")
    ada.press("Stop everything")
    pressed = time.monotonic()
    ada.press("Stop now")
    for child in people:
        child.sees_text("A host paused the meeting.")
        expect(child.page.get_by_role("button", name="Unmute microphone, not allowed")).to_be_visible()
    assert time.monotonic() - pressed < 5, "each learns it at once"
    eventually(lambda: not ada.heard(), "nobody but hosts is heard")
    ada.page.get_by_role("switch", name="Unmute").press("Space")
    people[0].page.get_by_role("button", name="Unmute microphone", exact=True).click()
    ada.page.keyboard.press("Escape")
    expect(ada.page.get_by_role("gridcell", name="Bo, member, microphone on")).to_be_visible()
    ada.press("Resume…")
    ada.press("Resume all")
    expect(people[1].page.get_by_role("status").filter(has_text="A host paused")).to_have_count(0)


def test_a_host_whose_browser_dies_comes_back_on_another_device_by_the_key(
    product: Product, playwright: Playwright, tmp_path: Path, someone: Someone
) -> None:
    bo = someone("Bo")
    with person(playwright, tmp_path, "Ada", 440) as ada:
        link = ada.start_a_meeting(product.address, camera=False, waiting_room=True)
        knocks(bo, link)
        ada.page.get_by_role("button", name="Admit Bo").click()
        bo.leave_button.wait_for()
        ada.press("Host tools")
        ada.press("Host key")
        key = ada.page.get_by_role("dialog").locator("code").inner_text()
    expect(bo.page.get_by_role("button", name="Host tools")).to_have_count(0)
    phone = someone("Ada", **PHONE)
    phone.open(link)
    phone.press("I have the host key")
    phone.page.get_by_label("Host key").fill(key)
    phone.asks_in(camera=False)
    phone.leave_button.wait_for()
    phone.press("More")
    expect(phone.page.get_by_role("menuitem", name="Host tools")).to_be_visible()
    expect(bo.page.get_by_role("button", name="Host tools")).to_have_count(0)


def test_who_may_not_share_asks_and_is_let(ada: Person, someone: Someone) -> None:
    bo = someone("Bo")
    knocks(bo, ada.page.url)
    ada.page.get_by_role("button", name="Admit Bo").click()
    bo.leave_button.wait_for()
    ada.press("Host tools")
    ada.page.get_by_role("checkbox", name="Share").press("Space")
    ada.page.keyboard.press("Escape")
    bo.sees_text("Only hosts can share here now.")
    bo.page.get_by_role("contentinfo").get_by_role("button", name="Share").click()
    bo.press("Ask to share")
    ada.press("Let them share")
    bo.sees_text("You can share now.")
    ada.does_with("Bo", "To the waiting room")
    bo.sees_text("You were moved to the waiting room.")
    expect(bo.page.get_by_text("Ada")).to_have_count(0)


def test_in_chinese_on_a_phone_one_waits_and_is_let_in(ada: Person, someone: Someone) -> None:
    na = someone("李娜", locale="zh-CN", **PHONE)
    na.open(ada.page.url)
    na.page.get_by_label("名字", exact=False).first.fill("李娜")
    na.page.locator("form button[type=submit]").click()
    expect(na.page.get_by_role("heading", name="你在等候室。")).to_be_visible()
    ada.page.get_by_role("button", name="Admit 李娜").click()
    expect(na.page.get_by_role("button", name="离开")).to_be_visible()
    ada.hears(na.hz)
