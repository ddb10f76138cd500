"""Strangers stay out, hosts hold the room, and everybody sees why: as hosts, guests and strangers see and hear it."""

from __future__ import annotations

import re
import time
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from tests.e2e.conftest import Someone
from tests.e2e.gauges import busyness
from tests.e2e.people import Person, eventually, seen
from tests.e2e.words import words
from tests.product import Product

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WAITS = "You're in the waiting room."
DENIED = "The host didn't let you in."

# At a moment by the page's own clock, what another's press may have taken away meanwhile.
PRESS_AT = """([words, at]) => {
  window.isPressed = false;
  setTimeout(() => {
    document.querySelector(`button[aria-label="${words}"]`)?.click();
    window.isPressed = true;
  }, at - Date.now());
}"""

# Another program has the camera.
IN_USE = """() => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotReadableError'); };
}"""

# What is behind the strips, and their words.
PAPER = """() => [getComputedStyle(document.body).backgroundColor,
  getComputedStyle(document.querySelector('[data-print]')).color]"""

# Every sentence from now on that says that something was not done, however short a time it is shown.
FAILURES = """() => {
  window.failures = [];
  new MutationObserver(() => {
    const said = document.body.innerText.match(/That didn't work.*/g) ?? [];
    window.failures.push(...said);
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


@pytest.fixture
def ada(product: Product, someone: Someone) -> Person:
    """A host whose meeting has a waiting room."""
    ada = someone("Ada")
    ada.start_a_meeting(product.address, camera=False, waiting_room=True)
    return ada


def knocks(who: Person, link: str) -> None:
    who.open(link)
    who.asks_in(camera=False)
    expect(who.page.get_by_role("heading", name=WAITS)).to_be_visible()


def test_a_stranger_waits_hears_nothing_and_is_heard_when_let_in(ada: Person, someone: Someone) -> None:
    bo = someone("Bo")
    knocks(bo, ada.page.url)
    admit = ada.page.get_by_role("button", name="Admit Bo")
    admit.wait_for()
    expect(ada.page).to_have_title(re.compile(r"^\(1\) "))
    expect(ada.page.get_by_role("button", name="People, 1, 1 waiting")).to_be_visible()
    expect(bo.page.get_by_text("Ada")).to_have_count(0)
    assert bo.heard() == [] and bo.received()["frames"] == 0, "who waits gets nothing of the meeting"
    assert not ada.heard(), "nor does the meeting of them"
    admit.click()
    bo.leave_button.wait_for()
    ada.hears(bo.hz)
    bo.hears(ada.hz)
    expect(ada.page).not_to_have_title(re.compile(r"^\("))


def test_who_is_denied_is_told_and_who_is_blocked_stays_out(ada: Person, someone: Someone) -> None:
    bo, cy = someone("Bo"), someone("Cy")
    knocks(bo, ada.page.url)
    ada.page.get_by_role("button", name="Deny Bo").click()
    bo.sees_text(DENIED)
    knocks(cy, ada.page.url)
    ada.opens("People")
    ada.page.get_by_role("button", name="More about Cy, who is waiting").click()
    ada.chooses(ada.page.get_by_role("menuitem", name="Deny and block"))
    expect(cy.page.get_by_role("heading", name=WAITS)).to_have_count(0)
    cy.page.reload()
    cy.name = "Somebody else"
    cy.asks_in(camera=False)
    cy.sees_text("You were removed from the meeting")


def at_once(*presses: tuple[Person, str]) -> None:
    """Each page presses its button at the same moment, by a timer of its own, and minds nothing if it is gone by then."""
    at = time.time() * 1000 + 700
    for who, button in presses:
        who.page.evaluate(PRESS_AT, [button, at])
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


def test_of_two_hosts_who_disagree_one_was_sooner_and_a_yes_outlives_a_reload(
    ada: Person, someone: Someone
) -> None:
    eve, cy, di = co_host("Eve", ada, someone), someone("Cy"), someone("Di")
    for host in (ada, eve):
        host.page.evaluate(FAILURES)
    knocks(cy, ada.page.url)
    answers = (ada, "Admit Cy"), (eve, "Deny Cy")
    for host, answer in answers:
        host.page.get_by_role("button", name=answer).wait_for()
    at_once(*answers)
    denied = cy.page.get_by_text(DENIED)
    expect(cy.leave_button.or_(denied)).to_be_visible()
    expect(cy.page.get_by_role("heading", name=WAITS)).to_have_count(0)
    is_in = not denied.is_visible()
    for host in (ada, eve):
        expect(host.page.get_by_role("button", name="Admit Cy")).to_have_count(0)
        expect(host.page.get_by_role("gridcell", name="Cy")).to_have_count(int(is_in))
        eventually(host.channel.is_answered, f"{host.name} has an answer")
        assert set(host.channel.refused()) <= {"meeting.not_waiting"}
        assert host.page.evaluate("window.failures") == [], "to be slower is no mistake"
    knocks(di, ada.page.url)
    tools = ada.opens_tools()
    tools.get_by_role("button", name="Settings: ").click()
    ada.chooses(ada.page.get_by_role("menuitemradio", name="Summit"))
    ada.closes(tools)
    ada.page.get_by_role("button", name="Admit Di").click()
    eve.sees_text("one host said yes")
    ada.page.reload()
    ada.asks_in(camera=False)
    ada.sees_text("you said yes, another host must too")
    eve.page.get_by_role("button", name="Admit Di").click()
    di.leave_button.wait_for()


def test_who_waits_changes_their_name_and_comes_in_with_the_devices_as_they_left_them(
    ada: Person, someone: Someone
) -> None:
    bo = someone("Bo")
    bo.open(ada.page.url)
    bo.sees_text("Microphone on", within=30)  # who joins while the browser still asks comes in muted
    bo.asks_in(camera=False)
    bo.press("Mute microphone")
    bo.press("Change your name")
    bo.types(bo.page.get_by_label("Your name"), "Bo Andersson")
    bo.press("Change")
    expect(seen(bo.page, "The host sees you as Bo Andersson")).to_be_visible()
    bo.page.evaluate(IN_USE)
    bo.press("Start video")
    bo.sees_text("Another app is using the camera.")
    ada.page.get_by_role("button", name="Admit Bo Andersson").click()
    expect(bo.page.get_by_role("button", name="Unmute microphone")).to_be_visible()
    expect(ada.page.get_by_role("gridcell", name="Bo Andersson, guest, muted")).to_be_visible()
    bo.page.reload()
    expect(bo.page.get_by_label("Your name")).to_have_value("Bo Andersson")


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
    expect(seen(ada.page, "personal link already in use")).to_be_visible()


def links_for(host: Person, *names: str) -> list[str]:
    """Pasted as a list; what lies on the clipboard afterwards."""
    host.context.grant_permissions(["clipboard-read", "clipboard-write", "microphone", "camera"])
    host.opens_tools()
    host.press("Personal links")
    host.page.get_by_label("Names, one a line").fill("\n".join(names))
    host.press(f"Make {len(names)} link{'s' if len(names) > 1 else ''}")
    host.press("Copy all")
    expect(seen(host.page, "copied.").first).to_be_visible()
    copied: str = host.page.evaluate("navigator.clipboard.readText()")
    host.closes(host.page.get_by_role("dialog"))
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
    tools = ada.opens_tools()
    ada.press("Stop everything")
    ada.press("Stop now")
    pressed = time.monotonic()
    for child in people:
        child.sees_text("A host paused the meeting.")
        expect(child.page.get_by_role("button", name="Unmute microphone, not allowed")).to_be_visible()
    assert time.monotonic() - pressed < 5 * busyness(), "each learns it at once"
    eventually(lambda: not ada.heard(), "nobody but hosts is heard")
    ada.page.get_by_role("switch", name="Unmute").press("Space")
    people[0].page.get_by_role("button", name="Unmute microphone", exact=True).click()
    ada.closes(tools)
    expect(ada.page.get_by_role("gridcell", name="Bo, member, microphone on")).to_be_visible()
    ada.press("Resume…")
    ada.press("Resume all")
    expect(people[1].page.get_by_role("status").filter(has_text="A host paused")).to_have_count(0)


def test_a_class_on_a_phone_in_chinese(product: Product, someone: Someone) -> None:
    """A teacher with nothing but a phone: the list, thirty links on paper, everything stopped, and on again."""
    say = words("zh-CN")
    wang, na = someone("王老师", locale="zh-CN", **PHONE), someone("?", locale="zh-CN", **PHONE)
    page = wang.page
    page.goto(product.address)
    page.get_by_role("button", name=say("home.start")).click()
    page.get_by_label(say("lobby.name")).fill("王老师")
    page.locator("form button[type=submit]").click()

    def tools() -> None:
        page.get_by_role("button", name=say("call.more"), exact=True).click()
        page.get_by_role("menuitem", name=say("host.tools")).click()
        page.get_by_role("dialog", name=say("host.tools")).wait_for()

    tools()
    page.get_by_role("button", name=say("invite.title")).click()
    names = ["李娜", *(f"学生{n:02}" for n in range(2, 31))]
    page.get_by_label(say("invite.names")).fill("、".join(names))
    page.get_by_role("button", name="生成 30 个链接").click()
    page.evaluate("window.print = () => undefined")
    page.get_by_role("button", name=say("invite.print")).click()
    strips = page.locator("[data-print] section")
    expect(strips).to_have_count(30)
    page.emulate_media(media="print")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('[data-print] section')).breakInside")
        == "avoid"
    )
    assert page.evaluate(PAPER) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"], (
        "black on white, however dark the room is"
    )
    link = strips.first.locator("code").inner_text()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(strips).to_have_count(0)
    page.get_by_role("dialog", name=say("invite.title")).get_by_role("button", name=say("ui.close")).click()
    na.open(link)
    na.page.get_by_label(say("lobby.name")).fill("谁")
    na.page.locator("form button[type=submit]").click()
    expect(page.get_by_role("gridcell", name="李娜 成员，麦克风已开")).to_be_visible()
    wang.hears(na.hz)
    tools()
    page.get_by_role("button", name=say("host.stop")).click()
    page.get_by_role("button", name=say("host.stop.now")).click()
    na.sees_text(say("host.stopped"))
    eventually(lambda: not wang.heard(), "nobody but hosts is heard")
    page.get_by_role("button", name=say("host.stopped.resume_all")).click()
    expect(na.page.get_by_role("status").filter(has_text=say("host.stopped"))).to_have_count(0)


def test_a_host_whose_browser_dies_is_the_host_again_by_itself_or_by_the_key(
    product: Product, someone: Someone
) -> None:
    # Without the offline page: Playwright holds a worker that died with its page. A browser alone starts it again at once.
    ada = someone("Ada", service_workers="block")
    ada.start_a_meeting(product.address, camera=False, waiting_room=True)
    bo, link = someone("Bo"), ada.page.url
    knocks(bo, link)
    ada.page.get_by_role("button", name="Admit Bo").click()
    bo.leave_button.wait_for()
    ada.opens_tools()
    ada.press("Host key")
    key = ada.page.get_by_role("dialog").locator("code").inner_text()
    with suppress(Error):
        ada.page.goto("chrome://crash", timeout=3000)
    ada.page = ada.context.new_page()
    ada.page.goto(link)
    ada.asks_in(camera=False)
    expect(ada.page.get_by_role("button", name="Host tools")).to_be_visible()
    expect(bo.page.get_by_role("button", name="Host tools")).to_have_count(0)
    ada.context.close()
    phone = someone("Ada", **PHONE)
    phone.open(link)
    phone.press("I have the host key")
    phone.page.get_by_label("Host key").fill(key)
    phone.asks_in(camera=False)
    phone.leave_button.wait_for()
    phone.press("More")
    expect(phone.page.get_by_role("menuitem", name="Host tools")).to_be_visible()
    expect(bo.page.get_by_role("button", name="Host tools")).to_have_count(0)


def test_links_of_an_earlier_page_are_replaced_and_a_host_who_leaves_last_is_asked_who_follows(
    ada: Person, someone: Someone
) -> None:
    [old] = links_for(ada, "Bo")
    ada.page.reload()
    ada.asks_in(camera=False)
    ada.opens_tools()
    ada.press("Personal links")
    links = ada.page.get_by_role("dialog", name="Personal links")
    expect(links.get_by_text("can't be shown again")).to_be_visible()
    links.get_by_role("button", name="Make a new link for Bo").click()
    links.get_by_role("button", name="Copy the link of Bo").click()
    expect(seen(ada.page, "Link copied.")).to_be_visible()
    new: str = ada.page.evaluate("navigator.clipboard.readText()")
    ada.closes(links)
    bo = someone("Bo")
    bo.open(old)
    bo.asks_in(camera=False)
    expect(bo.page.get_by_role("heading", name="This link can't let you in right now.")).to_be_visible()
    bo.open(new)
    bo.page.reload()
    bo.join(camera=False)
    ada.leave_button.click()
    ada.press("Leave the meeting")
    ada.sees_text("You left the meeting")
    bo.sees_text("You're a co-host now.")
    expect(bo.page.get_by_role("button", name="Host tools")).to_be_visible()


def test_who_may_not_share_asks_and_is_let(ada: Person, someone: Someone) -> None:
    bo = someone("Bo")
    knocks(bo, ada.page.url)
    ada.page.get_by_role("button", name="Admit Bo").click()
    bo.leave_button.wait_for()
    tools = ada.opens_tools()
    tools.get_by_role("checkbox", name="Share").press("Space")
    ada.closes(tools)
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
