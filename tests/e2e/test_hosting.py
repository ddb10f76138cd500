"""What a host does to a meeting, as its people see and hear it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Someone
from tests.e2e.people import Person, eventually


def test_a_host_mutes_somebody_and_asks_them_to_unmute(two: tuple[Person, Person]) -> None:
    ada, bo = two
    ada.hears(bo.hz)
    ada.does_with("Bo", "Mute")
    bo.sees_text("A host muted you.")
    expect(bo.page.get_by_role("button", name="Unmute microphone")).to_be_visible()
    eventually(lambda: not ada.heard(), "Bo is silent")
    ada.does_with("Bo", "Ask to unmute")
    asked = bo.page.get_by_role("status").filter(has_text="The host asks you to unmute.")
    asked.get_by_role("button", name="Unmute", exact=True).click()
    ada.hears(bo.hz)
    expect(asked).to_have_count(0)


def test_a_removed_person_learns_it_and_is_gone(two: tuple[Person, Person]) -> None:
    ada, bo = two
    ada.does_with("Bo", "Remove")
    asked = ada.page.get_by_role("alertdialog")
    asked.get_by_text("Block them as well").click()
    expect(asked).to_contain_text("can't come back, under this name or another")
    asked.get_by_text("Block them as well").click()
    expect(asked).to_contain_text("can ask to come back")
    asked.get_by_role("button", name="Remove").click()
    bo.sees_text("You were removed from the meeting")
    expect(ada.page.get_by_role("gridcell")).to_have_count(1)
    bo.closes_everything()


def test_a_locked_meeting_lets_nobody_new_in(two: tuple[Person, Person], someone: Someone) -> None:
    ada, _ = two
    link = ada.page.url
    ada.opens_tools()
    ada.page.get_by_role("switch", name="Lock the meeting").press("Space")
    expect(ada.page.get_by_role("switch", name="Lock the meeting")).to_be_checked()
    late = someone("Late")
    late.open(link)
    late.asks_in(camera=False)
    page = late.page
    expect(page.get_by_role("heading", name="The meeting is locked.")).to_be_visible()
    page.get_by_role("button", name="Tell the host").click()
    ada.sees_text("Late is at the locked door.")


def test_the_end_for_everyone_is_the_end_for_everyone(two: tuple[Person, Person]) -> None:
    ada, bo = two
    ada.leave_button.click()
    ada.press("End for everyone")
    bo.sees_text("The host ended the meeting")
    ada.page.get_by_role("button", name="Home").wait_for()
    assert "couldn't be ended" not in ada.page.locator("body").inner_text()


def test_a_guest_has_no_tools_of_a_host(two: tuple[Person, Person]) -> None:
    _, bo = two
    expect(bo.page.get_by_role("button", name="Host tools")).to_have_count(0)
    bo.opens("People")
    bo.page.get_by_role("complementary").get_by_role("button", name="More about Ada").click()
    expect(bo.page.get_by_role("menuitem", name="Write to this person")).to_be_visible()
    expect(bo.page.get_by_role("menuitem", name="Remove")).to_have_count(0)


def test_the_last_host_leaves_and_whom_the_dialog_named_has_the_tools(two: tuple[Person, Person]) -> None:
    ada, bo = two
    ada.leave_button.click()
    expect(ada.page.get_by_label("Who hosts when you leave")).to_have_value(re.compile("."))
    ada.press("Leave the meeting")
    bo.page.get_by_role("button", name="Host tools").wait_for()


def test_the_last_host_leaves_and_says_that_nobody_hosts(two: tuple[Person, Person]) -> None:
    ada, bo = two
    ada.leave_button.click()
    ada.page.get_by_label("Who hosts when you leave").select_option("")
    ada.press("Leave the meeting")
    bo.sees_text("Nobody hosts this meeting now.")
    expect(bo.page.get_by_role("button", name="Host tools")).to_have_count(0)


def test_a_host_says_beforehand_that_nobody_follows_them(two: tuple[Person, Person]) -> None:
    ada, _ = two
    tools = ada.opens_tools()
    follows = tools.get_by_role("radiogroup", name="Who hosts when the last host leaves")
    expect(follows.get_by_role("radio", name="Invited")).to_be_checked()
    follows.get_by_role("radio", name="Nobody").click()
    expect(follows.get_by_role("radio", name="Nobody")).to_be_checked()
    ada.closes(tools)
    ada.leave_button.click()
    expect(ada.page.get_by_label("Who hosts when you leave")).to_have_value("")
