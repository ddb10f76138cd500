"""A teacher plans a class in one zone, a guest's phone comes by a link of its own in another, and the class begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import APIRequestContext, Browser, BrowserContext, Playwright, expect

from tests.e2e.people import chromium
from tests.e2e.words import words
from tests.product import Product

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PASSWORD = "a pendulum swings at noon"
# The server says at most thirty seconds when to ask again.
LET_IN_MS = 90_000
say, sage = words("en"), words("zh-CN")


def test_a_class_is_planned_waited_for_and_begun(
    product: Product, playwright: Playwright, tmp_path: Path
) -> None:
    with chromium(playwright, tmp_path, "class", 440) as browser:
        teacher = _signed_in(browser, product.address.rstrip("/"))
        page = teacher.new_page()

        page.goto("/meetings/new")
        page.get_by_label(say("meetings.plan.name"), exact=True).fill("Physics, class 3")
        page.get_by_label(say("meetings.plan.people"), exact=True).fill("Jonas Weber,")
        page.get_by_role("button", name=say("meetings.plan.do")).click()
        page.get_by_role("link", name="Physics, class 3").first.click()
        expect(page.get_by_role("heading", name="Physics, class 3")).to_be_visible()
        link = _every_week_over_the_change_of_clocks(teacher.request, page.url.rpartition("/")[2])

        # Six in the morning there stays six; in Shanghai, without such a change, it is an hour sooner.
        page.reload()
        expect(page.get_by_role("heading", name=say("meetings.dates"))).to_be_visible()
        expect(page.get_by_text("7:00 – 7:45 PM").first).to_be_visible()
        expect(page.get_by_text("6:00 – 6:45 PM").first).to_be_visible()

        guest = browser.new_context(
            base_url=product.address, locale="zh-CN", timezone_id="Asia/Shanghai", **PHONE
        )
        phone = guest.new_page()
        phone.goto(link)
        phone.locator("input[name=name]").fill("Jonas")
        phone.get_by_role("button", name=sage("lobby.join"), exact=True).click()
        expect(phone.get_by_role("heading", name=sage("door.early"))).to_be_visible()
        phone.get_by_role("button", name=sage("door.early.wait")).click()

        page.get_by_role("button", name=say("meetings.join"), exact=True).first.click()
        expect(page.locator("input[name=name]")).to_have_value("Ada")
        page.get_by_role("button", name=say("lobby.join"), exact=True).click()
        expect(page.get_by_role("button", name="Leave")).to_be_visible(timeout=30_000)
        expect(phone.get_by_text("Ada").first).to_be_visible(timeout=LET_IN_MS)
        expect(phone.get_by_role("heading", name=sage("door.early"))).to_have_count(0)


def _signed_in(browser: Browser, address: str) -> BrowserContext:
    context = browser.new_context(base_url=address, locale="en-US", timezone_id="Asia/Shanghai")
    headers = {"origin": address, "sec-fetch-site": "same-origin"}
    who = {"address": "ada@school.example", "password": PASSWORD}
    more = {"name": "Ada", "language": "en", "time_zone": "Asia/Shanghai"}
    for path, said in (("signup", who | more), ("signin", who)):
        answer = context.request.post(f"/api/{path}", data=said, headers=headers)
        assert answer.ok, answer.text()
    return context


def _every_week_over_the_change_of_clocks(request: APIRequestContext, id: str) -> str:
    """At six in the morning of New York, from the week before its clocks go forward.

    @returns the link of who is invited by name
    """
    first = _before_the_change()
    wanted = {
        "starts": f"{first:%Y-%m-%d}T06:00",
        "minutes": 45,
        "time_zone": "America/New_York",
        "rrule": "FREQ=WEEKLY;COUNT=2",
        "scope": "all",
    }
    answer = request.patch(
        f"/api/calendar/meetings/{id}", data=wanted, headers={"sec-fetch-site": "same-origin"}
    )
    assert answer.ok, answer.text()
    return str(answer.json()["people"][0]["link"])


def _before_the_change() -> datetime:
    """A day whose clocks go by another hour a week later."""
    day = datetime.now(UTC).astimezone(ZoneInfo("America/New_York")).replace(hour=6, minute=0) + timedelta(
        days=2
    )
    while (day + timedelta(days=7)).dst() == day.dst() or day.dst() != timedelta(0):
        day += timedelta(days=1)
    return day
