"""A host asks, people answer, in two languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Someone
from tests.e2e.people import Person
from tests.product import Product


@pytest.fixture
def host_and_phone(product: Product, someone: Someone) -> tuple[Person, Person]:
    """Ada at a desk in English, Bo at a phone in Chinese, in one meeting."""
    phone = {"width": 390, "height": 844}
    ada = someone("Ada")
    bo = someone("Bo", locale="zh-CN", viewport=phone, has_touch=True)
    bo.open(ada.start_a_meeting(product.address, camera=False))
    bo.types(bo.page.get_by_label("你的名字").first, "Bo")
    bo.press("加入会议")
    bo.page.get_by_role("button", name="离开").first.wait_for(timeout=15_000)
    return ada, bo


def opens_polls(person: Person, activities: str, polls: str) -> None:
    button = person.page.get_by_role("button", name=re.compile(activities)).first
    if not button.is_visible():
        person.page.get_by_role("button", name="更多", exact=True).click()
        button = person.page.get_by_role("menuitem", name=re.compile(activities))
    button.click()
    person.page.get_by_role("button", name=re.compile(polls)).first.click()


def asks(host: Person, question: str, *answers: str, anonymous: bool = False) -> None:
    host.press("New poll")
    host.types(host.page.get_by_label("Question"), question)
    for place, answer in enumerate(answers, 1):
        if place > 2:
            host.press("Add an answer")
        host.types(host.page.get_by_label(f"Answer {place}", exact=True), answer)
    if anonymous:
        host.page.get_by_role("switch", name="Anonymous").press("Space")
    host.press("Ask")
    expect(host.page.get_by_role("heading", name=question)).to_be_visible()


def test_a_poll_from_question_to_result(host_and_phone: tuple[Person, Person]) -> None:
    ada, bo = host_and_phone
    opens_polls(ada, "Activities", "Polls")
    asks(ada, "Tea or coffee?", "Tea", "Coffee", "Water")
    expect(bo.page.get_by_text("新投票：Tea or coffee?").first).to_be_visible()
    opens_polls(bo, "活动", "投票")
    panel = bo.page.get_by_role("complementary").bounding_box()
    assert panel is not None and panel["height"] > 600, "on a phone a panel is the page"
    bo.page.get_by_text("Coffee", exact=True).click()
    bo.press("提交")
    bo.sees_text("你的回答：Coffee")
    expect(ada.page.get_by_text("1 · 100%")).to_be_visible()

    bo.press("更改回答")
    bo.page.get_by_text("Tea", exact=True).click()
    bo.press("提交")
    bo.sees_text("你的回答：Tea")
    ada.page.get_by_role("radio", name="Tea").check()
    ada.press("Answer")
    ada.press("Close the poll")
    expect(bo.page.get_by_text("2 票 · 100%")).to_be_visible()
    expect(bo.page.get_by_text("Bo · Ada")).to_be_visible()

    bo.page.reload()
    bo.press("加入会议")
    opens_polls(bo, "活动", "投票")
    expect(bo.page.get_by_text("2 票 · 100%")).to_be_visible()
    ada.press("Delete")
    ada.press("Delete with every answer")
    expect(bo.page.get_by_text("还没有投票")).to_be_visible()


def test_an_anonymous_answer_is_nobodys_and_shown_at_the_end(host_and_phone: tuple[Person, Person]) -> None:
    ada, bo = host_and_phone
    opens_polls(ada, "Activities", "Polls")
    opens_polls(bo, "活动", "投票")
    asks(ada, "Is the class too fast?", "Yes", "No", anonymous=True)
    bo.page.get_by_text("Yes", exact=True).click()
    bo.press("提交")
    bo.sees_text("你已回答，没有人能看到你选了什么。")
    expect(ada.page.get_by_text("Anonymous · 1 answer · open")).to_be_visible()
    expect(ada.page.get_by_text("1 · 100%")).to_have_count(0)
    ada.press("Close the poll")
    for page in (ada.page, bo.page):
        expect(page.get_by_text("100%")).to_be_visible()
    expect(ada.page.get_by_role("article").get_by_text("Bo")).to_have_count(0)
