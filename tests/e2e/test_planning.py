"""A teacher, from sign-up to the second week of a class: the clocks are changed between, and people come from another zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import icalendar
import recurring_ical_events
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from tests.e2e.people import chromium
from tests.e2e.words import Say, words
from tests.posts import Post, post_office, text_of
from tests.product import Product

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PASSWORD = "a pendulum swings at noon"
# The server says at most thirty seconds when to ask again.
LET_IN_MS = 90_000
say, sage = words("en"), words("zh-CN")

PLANNED = datetime(2026, 10, 19, 6, 40, tzinfo=UTC)
"""A Monday, twenty to nine in Berlin, whose clocks go back on the Sunday after it."""
SECOND_WEEK = datetime(2026, 10, 26, 7, 45, tzinfo=UTC)
"""A quarter to nine there; Shanghai's clocks are never changed."""

# The browser's day, by the same clock as the server's.
THAT_DAY = """
{
  const Native = Date, ahead = AHEAD;
  globalThis.Date = class extends Native {
    constructor(...of) { if (of.length > 0) super(...of); else super(Native.now() + ahead); }
    static now() { return Native.now() + ahead; }
  };
}
"""


def test_a_teacher_from_sign_up_to_the_second_week_over_a_change_of_clocks(
    playwright: Playwright, tmp_path: Path
) -> None:
    with post_office() as (post, environment), chromium(playwright, tmp_path, "class", 440) as browser:
        product = Product(tmp_path / "data", environment=environment, program="tests.e2e.another_day")
        with on_that_day(product, PLANNED):
            page = comes(browser, product, "en-US", "Europe/Berlin")
            phone = comes(browser, product, "zh-CN", "Asia/Shanghai", **PHONE)
            signs_up(page, post)
            plans_physics(page, "jonas@example.org")
            invitation = post.to("jonas@example.org")[-1]
            its_calendar_says(invitation, "2026-10-19T07:00", "2026-10-26T08:00")
            answers(phone, link_in(invitation, r"/answer#t=\S+&a=yes"))
            page.goto("/")
            page.get_by_role("link", name="Physics").first.click()
            expect(page.get_by_text(say("meetings.answer.yes"), exact=True)).to_be_visible()
            changes_some_of_it(page, post)
            reads_it_in_shanghai(page, browser, product)

        with on_that_day(product, SECOND_WEEK):
            for one in (page, phone):
                one.context.add_init_script(ahead(SECOND_WEEK - PLANNED))
            page.goto("/")
            expect(page.get_by_role("region", name=say("meetings.next"))).to_contain_text("9:00 AM")
            expect(page.get_by_role("region", name=say("meetings.later"))).to_contain_text(
                re.compile("10:00.*10:45.AM")
            )
            waits_for_the_start(phone)
            begins(page)
            expect(phone.get_by_text("Ada").first).to_be_visible(timeout=LET_IN_MS)
            expect(phone.get_by_role("heading", name=sage("door.early"))).to_have_count(0)
            link = link_of(page)
            for locale, tell in (("en-GB", say), ("zh-CN", sage)):
                comes_as_a_guest(comes(browser, product, locale, "Europe/London", **PHONE), link, tell, page)


# --- what each does -------------------------------------------------------------------------------------------------------


def signs_up(page: Page, post: Post) -> None:
    page.goto("/signup")
    page.get_by_label(say("account.name")).fill("Ada")
    page.get_by_label(say("account.address")).fill("ada@school.example")
    page.get_by_label(say("account.password"), exact=True).fill(PASSWORD)
    page.get_by_role("button", name=say("account.signUp.do")).click()
    page.goto(link_in(post.to("ada@school.example")[-1], r"/\S+"))
    page.get_by_role("button", name=say("account.verify.do")).click()
    expect(page.get_by_role("button", name="Your account")).to_be_visible(timeout=60_000)


def plans_physics(page: Page, whom: str) -> None:
    """At the next half hour, which is nine; every week, as often as the form says."""
    page.goto("/meetings/new")
    page.get_by_label(say("meetings.plan.name"), exact=True).fill("Physics")
    page.get_by_role("button", name=re.compile(say("meetings.repeat"))).click()
    page.get_by_role("option", name=say("meetings.every.week")).click()
    people = page.get_by_role("combobox", name=say("meetings.plan.people"), exact=True)
    people.fill(whom)
    people.press("Enter")
    page.get_by_role("button", name=say("meetings.plan.do")).click()
    expect(page.get_by_role("link", name="Physics").first).to_be_visible()


def answers(phone: Page, link: str) -> None:
    """By the mail's own link, in Shanghai: the press in the mail is the answer."""
    phone.goto(link)
    expect(phone.get_by_role("radio", name=sage("meetings.reply.yes"), exact=True)).to_be_checked()
    expect(phone.get_by_text("15:00–15:45").first).to_be_visible()
    expect(phone.get_by_text("09:00–09:45").first).to_be_visible()


def waits_for_the_start(phone: Page) -> None:
    """A week on nine in Berlin is an hour later there."""
    phone.reload()
    expect(phone.get_by_text("16:00–16:45").first).to_be_visible()
    phone.get_by_role("button", name=sage("meetings.answer.join")).click()
    phone.locator("input[name=name]").fill("Jonas")
    phone.get_by_role("button", name=sage("lobby.join"), exact=True).click()
    expect(phone.get_by_role("heading", name=sage("door.early"))).to_be_visible()
    phone.get_by_role("button", name=sage("door.early.wait")).click()


def begins(page: Page) -> None:
    page.get_by_role("button", name=say("meetings.join"), exact=True).first.click()
    expect(page.locator("input[name=name]")).to_have_value("Ada")
    page.get_by_role("button", name=say("lobby.join"), exact=True).click()
    expect(page.get_by_role("button", name="Leave")).to_be_visible(timeout=30_000)


def comes_as_a_guest(phone: Page, link: str, tell: Say, host: Page) -> None:
    """By the meeting's link, without an account: waits, and is let in."""
    phone.goto(link)
    phone.locator("input[name=name]").fill("Mei")
    phone.get_by_role("button", name=tell("lobby.join"), exact=True).click()
    expect(phone.get_by_role("heading", name=tell("waiting.waiting.title"))).to_be_visible()
    host.get_by_role("button", name=say("waiting.admit.label", name="Mei"), exact=True).first.click()
    expect(phone.get_by_text("Ada").first).to_be_visible(timeout=30_000)
    phone.context.close()


def link_of(page: Page) -> str:
    board = page.context.request.get("/api/calendar").json()
    answer = page.context.request.get(f"/api/calendar/meetings/{board['now'][0]['meeting']}")
    return str(answer.json()["link"])


def changes_some_of_it(page: Page, post: Post) -> None:
    """One time an hour later, from the next on two hours later, and of those one is cancelled: each in the mail, and in calendars."""
    at = page.url.partition("?")[0]
    it_begins(page, f"{at}/edit?at=2026-11-02T09:00", "this", "10")
    told = "Changed: Physics, Mon 2 Nov 2026, 10:00–10:45 (Europe/Berlin)"
    mail = subject(post, told)
    assert "Before: Mon 2 Nov 2026, 09:00–09:45" in text_of(mail)
    it_begins(page, f"{at}/edit?at=2026-11-09T09:00", "following", "11")
    mail = subject(post, "Changed: Physics, from Mon 9 Nov 2026, 11:00–11:45 (Europe/Berlin)")
    left = (datetime(2026, 11, 9, 10, tzinfo=UTC) + timedelta(weeks=n) for n in range(9))
    its_calendar_says(mail, *(f"{one:%Y-%m-%dT%H:%M}" for one in left), until="2027-03-01")
    mail = subject(post, "Changed: Physics, until Mon 9 Nov 2026, 09:00–09:45 (Europe/Berlin)")
    before = ("2026-10-19T07:00", "2026-10-26T08:00", "2026-11-02T09:00")
    its_calendar_says(mail, *before, until="2027-03-01")

    page.goto(f"{at}?at=2026-11-16T11:00")
    page.get_by_role("button", name=say("meetings.cancel.open")).click()
    asked = page.get_by_role("alertdialog")
    expect(asked).to_contain_text("The links go on for the other times.")
    asked.get_by_role("button", name=say("meetings.cancel.do")).click()
    expect(asked).to_have_count(0)
    mail = subject(post, "Cancelled: Physics, Mon 16 Nov 2026, 11:00–11:45 (Europe/Berlin)")
    its_calendar_says(mail, "2026-11-09T10:00", "2026-11-23T10:00", until="2026-11-24")
    expect(row(page, "Nov 2")).to_contain_text(re.compile("10:00.*10:45.AM"))
    expect(row(page, "Nov 2")).to_contain_text(say("meetings.changed"))
    expect(row(page, "Nov 16")).to_contain_text(say("meetings.cancelled"))
    expect(row(page, "Nov 23")).to_contain_text(re.compile("11:00.*11:45.AM"))


def it_begins(page: Page, at: str, scope: str, hour: str) -> None:
    page.goto(at)
    page.get_by_role("radio", name=say(f"meetings.scope.{scope}"), exact=True).check(force=True)
    from_ = page.get_by_role("group", name=say("meetings.when.from"))
    from_.get_by_role("spinbutton").first.press_sequentially(hour)
    page.get_by_role("button", name=say("meetings.plan.save"), exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def reads_it_in_shanghai(page: Page, browser: Browser, product: Product) -> None:
    """The teacher herself, on her way: the same times, on other clocks."""
    there = comes(browser, product, "zh-CN", "Asia/Shanghai", storage_state=page.context.storage_state())
    there.goto(page.url.partition("?")[0])
    for day, said in (
        ("10月19日", "15:00–15:45"),
        ("10月26日", "16:00–16:45"),
        ("11月2日", "17:00–17:45"),
        ("11月16日", sage("meetings.cancelled")),
        ("11月23日", "18:00–18:45"),
    ):
        expect(row(there, day)).to_contain_text(said)
    there.context.close()


def row(page: Page, day: str) -> Locator:
    """Of the meeting's times."""
    return page.get_by_role("listitem").filter(has=page.get_by_text(re.compile(rf"{day}(?!\d)"))).first


def subject(post: Post, said: str) -> EmailMessage:
    """The one of that name; several come at once, in any order."""
    for count in range(2, 9):
        found = [mail for mail in post.to("jonas@example.org", count) if mail["Subject"] == said]
        if found:
            return found[-1]
    raise AssertionError(said)


def its_calendar_says(mail: EmailMessage, *starts: str, until: str = "2026-10-27") -> None:
    """Read by another program than wrote it."""
    [part] = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    read = icalendar.Calendar.from_ical(payload)
    assert str(read["METHOD"]) == "REQUEST"
    there = recurring_ical_events.of(read).between(PLANNED, datetime.fromisoformat(until).replace(tzinfo=UTC))
    assert [f"{one['DTSTART'].dt.astimezone(UTC):%Y-%m-%dT%H:%M}" for one in there] == [*starts]


# --- the day, the mail, the browsers --------------------------------------------------------------------------------------


@contextmanager
def on_that_day(product: Product, day: datetime) -> Iterator[None]:
    product.environment["DAY_AHEAD_S"] = str((day - datetime.now(UTC)).total_seconds())
    product.start()
    try:
        yield
    finally:
        product.stop()


def comes(browser: Browser, product: Product, locale: str, zone: str, **more: Any) -> Page:
    """A browser of their own, there and then."""
    context = browser.new_context(
        base_url=product.address,
        locale=locale,
        timezone_id=zone,
        permissions=["camera", "microphone", "clipboard-write"],
        **more,
    )
    context.add_init_script(ahead(timedelta(seconds=float(product.environment["DAY_AHEAD_S"]))))
    return context.new_page()


def ahead(by: timedelta) -> str:
    return THAT_DAY.replace("AHEAD", str(round(by.total_seconds() * 1000)))


def link_in(mail: EmailMessage, path: str) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https?://[^/\s]+{path}", body.get_content())
    assert found is not None, body.get_content()
    return found[0]
