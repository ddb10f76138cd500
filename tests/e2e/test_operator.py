"""Who runs the server, in a browser; and a meeting in a frame of somebody else's page."""

from __future__ import annotations

import functools
import http.server
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import Someone
from tests.e2e.people import eventually
from tests.e2e.test_for_everybody import complaints
from tests.e2e.words import words
from tests.product import Product

PASSWORD = "a long and rare one"
TABS = ("people", "organisations", "access", "announcements", "storage", "checks", "audit", "overview")
AROUND = """<!doctype html><meta name="viewport" content="width=device-width"><title>A course</title>
<iframe id="meeting" style="width: 100%; height: 90vh; border: 0" allow="camera; microphone; autoplay"></iframe>
<iframe id="advert" sandbox="allow-scripts" srcdoc="<script>
  addEventListener('message', ({ data }) => parent.frames[0].postMessage(data, '*'));
</script>" hidden></iframe><script>
  const said = [], meet = "MEET", path = new URLSearchParams(location.search).get("at") ?? "/m/123456789012";
  addEventListener("message", ({ origin, data }) => origin === meet && data.folkmoot && said.push(data));
  const frame = document.getElementById("meeting");
  frame.src = meet + path + location.hash;
  const say = (message) => frame.contentWindow.postMessage(message, meet);
  const hello = setInterval(() => (said.length ? clearInterval(hello) : say({ folkmoot: "hello" })), 200);
</script>"""


@pytest.fixture(scope="module")
def around(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page of another origin, with a meeting in it."""
    folder = tmp_path_factory.mktemp("around")
    (folder / "index.html").write_text(AROUND.replace("MEET", product.address.rstrip("/")))
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def admin(product: Product, *words: str) -> None:
    typed = f"import getpass; getpass.getpass = lambda _: {PASSWORD!r}; from folkmoot.cli import main; main()"
    subprocess.run(
        [sys.executable, "-c", typed, "admin", *words, "--data", str(product.data)],
        check=True, capture_output=True,
    )  # fmt: skip


def sign_in(page: Page, product: Product, overview: str = "Overview") -> None:
    page.goto(product.address + "signin?next=/operator/overview")
    page.get_by_label(re.compile("mail|邮箱", re.IGNORECASE)).first.fill("ada@example.org")
    page.locator("input[type=password]").first.fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=overview, level=1)).to_be_visible()


def test_who_runs_the_server_looks_after_it(product: Product, browser: Browser) -> None:
    admin(product, "create", "ada@example.org", "--name", "Ada", "--operator")
    admin(product, "create", "bo@example.org", "--name", "Bo")
    context = browser.new_context(locale="en")
    page = context.new_page()
    sign_in(page, product)
    expect(page.get_by_text("Every part of the server is well.")).to_be_visible()
    side = page.get_by_role("navigation", name=re.compile("localhost"))
    for tab in TABS:
        side.get_by_role("link", name=tab.capitalize()).click()
        expect(page.get_by_role("heading", name=tab.capitalize(), level=1)).to_be_visible()
    offers_no_mail(page, product)
    side.get_by_role("link", name="People").click()
    page.get_by_role("button", name="More for Bo").click()
    page.get_by_role("menuitem", name="Suspend").click()
    page.get_by_role("dialog").get_by_role("button", name="Suspend").click()
    expect(page.get_by_role("listitem").filter(has_text="Bo").get_by_text("Suspended")).to_be_visible()
    side.get_by_role("link", name="Access").click()
    minutes = page.locator("form").filter(has_text="Minutes a meeting lasts")
    for typed, answer in (("9", "From 10 to 10080, or empty."), ("5000", "Saved"), ("", "Saved")):
        minutes.get_by_role("textbox").fill(typed)
        minutes.get_by_role("button", name="Save").click()
        expect(minutes.get_by_text(answer)).to_be_visible()
    side.get_by_role("link", name="Announcements").click()
    page.get_by_label("In English").fill("Down on Sunday at four.")
    page.get_by_role("button", name="Announce").click()
    expect(page.get_by_role("listitem").filter(has_text="Down on Sunday")).to_be_visible()
    side.get_by_role("link", name="Audit").click()
    expect(page.get_by_text("Account suspended")).to_be_visible()
    stranger = browser.new_context(locale="en", viewport={"width": 360, "height": 640}).new_page()
    start = stranger.get_by_role("button", name="Start a meeting")
    held: list[Route] = []
    stranger.route("**/api/announcements", lambda route: held.append(route))  # noqa: PLW0108  (it marks what it calls)
    with stranger.expect_request("**/api/announcements"):
        stranger.goto(product.address)
    expect(start).to_be_visible()
    before = start.bounding_box()
    held[0].continue_()
    expect(stranger.get_by_text("Down on Sunday at four.")).to_be_visible()
    assert start.bounding_box() == before, "what one is about to press stays where it is"
    stranger.unroute("**/api/announcements")
    side.get_by_role("link", name="Announcements").click()
    page.get_by_role("button", name="Remove: Down on Sunday at four.").click()
    expect(page.get_by_text("Nothing is announced.")).to_be_visible()
    stranger.reload()
    expect(start).to_be_visible()
    expect(stranger.get_by_text("Down on Sunday at four.")).to_have_count(0)
    context.close()


def offers_no_mail(page: Page, product: Product) -> None:
    """None leaves this server, so each page says that instead."""
    page.goto(product.address + "operator/checks")
    expect(page.get_by_text("No mail server is set")).to_be_visible()
    expect(page.get_by_role("button", name="Send me a mail")).to_have_count(0)
    page.goto(product.address + "settings/signin")
    expect(page.get_by_text("no other address can be confirmed")).to_be_visible()
    expect(page.get_by_label("Another address")).to_have_count(0)
    page.goto(product.address + "meetings/new")
    expect(page.get_by_text("everyone gets a link of their own")).to_be_visible()
    page.goto(product.address + "reset#over")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_text("Ask the administrator for a link.")).to_be_visible()
    page.goto(product.address + "operator/overview")


def test_a_limit_is_said_in_a_meeting_that_runs(product: Product, someone: Someone) -> None:
    ada = someone("Ada")
    ada.start_a_meeting(product.address)
    said = ada.page.get_by_role("status").filter(has_text="The meeting ends in 10 minutes.")
    try:
        admin(product, "limits", "--minutes", "10")
        expect(said).to_be_visible(timeout=60_000)
        expect(said).to_contain_text("This meeting may last 10 minutes.")
    finally:
        admin(product, "limits", "--minutes", "0")
    expect(said).to_have_count(0, timeout=60_000)


EVENTS = """
{"kind":"organisation.created","id":"a","at":"2025-01-01T00:00:00Z","organisation":"o1","name":"Harbour College"}
{"kind":"subscription.set","id":"b","at":"2025-01-01T00:00:00Z","organisation":"o1","plan":"Team","seats":20,"monthly":10000,"currency":"EUR"}
{"kind":"invoice.line","id":"c","at":"2025-01-01T00:00:00Z","organisation":"o1","invoice":"1","amount":120000,"currency":"EUR","first":"2025-01-01","last":"2025-12-31"}
{"kind":"usage","id":"d","at":"2025-11-03T00:00:00Z","span":"day","date":"2025-11-03","participants":310,"organisations":1}
{"kind":"person.joined","id":"e","at":"2025-12-31T00:00:00Z","person":"p"}
"""


def test_growth_from_a_small_file_to_the_events_behind_a_figure(
    product: Product, browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(locale="en", bypass_csp=True)
    page, say = context.new_page(), words("en")
    sign_in(page, product)
    page.goto(f"{product.address}operator/growth")
    good, wrong = tmp_path / "events.jsonl", tmp_path / "wrong.jsonl"
    good.write_text(EVENTS)
    wrong.write_text(EVENTS.replace('"seats":20', '"seats":-1'))
    choose = page.locator("input[type=file]")
    choose.set_input_files(wrong)
    expect(page.get_by_role("alert").filter(has_text="Line 3: the field seats")).to_be_visible()
    choose.set_input_files(good)
    revenue = page.get_by_role("button", name=say("growth.behindOf", what="Revenue", value="€302.47"))
    expect(revenue).to_be_visible(timeout=60_000)

    revenue.click()
    behind = page.get_by_role("dialog")
    behind.get_by_role("button", name="Harbour College").click()
    expect(behind.get_by_text(re.compile("EUR.302.47"))).to_be_visible()
    with page.expect_download() as table:
        behind.get_by_role("link", name=say("growth.csvEvents")).click()
    assert "c,o1,1,120000,EUR,2025-01-01,2025-12-31,30247" in table.value.path().read_text()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    made = page.get_by_role("button", name=re.compile("^Forecast of the year, "))
    made.focus()
    page.keyboard.press("Enter")
    rates = page.get_by_role("dialog").get_by_role("region", name=say("growth.forecast.rates"))
    expect(rates.get_by_role("row").last).to_contain_text("Jan 2025")
    expect(
        page.get_by_role("dialog").get_by_role("button", name="Recognised, Dec 2025, EUR", exact=False)
    ).to_be_visible()
    assert complaints(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("region", name=say("growth.funnel")).get_by_role(
        "button", name=re.compile("^Person, ")
    ).click()
    expect(page.get_by_role("dialog").get_by_text("Only domains of five people or more")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.get_by_role("button", name=re.compile("People in meetings, 310")).click()
    expect(page.get_by_role("dialog").get_by_text("310 people")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.get_by_role("button", name="Costs and rates").click()
    costs = page.get_by_role("dialog")
    costs.get_by_label("What for").fill("machines")
    costs.get_by_label("Amount").fill("12.50")
    costs.get_by_role("button", name="Add").click()
    expect(costs.get_by_role("listitem").filter(has_text=re.compile("EUR.12.50"))).to_be_visible(
        timeout=60_000
    )
    assert complaints(page) == []
    costs.get_by_role("button", name="Take back: machines").click()
    expect(costs.get_by_text("None yet.")).to_be_visible(timeout=60_000)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.get_by_role("button", name=say("growth.tableOf", what=say("growth.revenues"))).click()
    expect(
        page.get_by_role("region", name=say("growth.revenues"), exact=True).get_by_role("row").last
    ).to_contain_text("€302.47")
    assert complaints(page) == []
    context.close()

    look: dict[str, Any] = {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}
    context = browser.new_context(locale="zh-CN", bypass_csp=True, **look)
    page, say = context.new_page(), words("zh-CN")
    sign_in(page, product, say("operator.tab.overview"))
    page.goto(f"{product.address}operator/growth")
    expect(page.get_by_role("heading", name=say("growth.figure.revenue"), exact=True)).to_be_visible()
    expect(page.get_by_text(say("growth.is.funnel"))).to_be_visible()
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_a_page_that_nobody_named_shows_no_meeting(product: Product, browser: Browser, around: str) -> None:
    page = browser.new_page()
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(around)
    assert page.evaluate("said.length") == 0
    page.close()


def test_a_page_that_the_operator_named_shows_it_is_told_and_says_what_to_do(
    product: Product, someone: Someone, around: str
) -> None:
    """All that the guide on embedding says, on a phone, in Chinese; and what it says of others."""
    admin(product, "embed", around)
    ada, mei = someone("Ada"), someone("Mei", locale="zh-CN", viewport={"width": 360, "height": 740})
    link, page, say = ada.start_a_meeting(product.address), mei.page, words("zh-CN")
    course = f"{around}/?at={urlsplit(link).path}#{urlsplit(link).fragment}"

    def is_framed() -> bool:  # a server that runs reads it every ten seconds
        page.goto("about:blank")  # to the same page with the same mark after # nothing would be loaded
        page.goto(course)
        return page.frames[1].url.startswith(product.address)

    eventually(is_framed, "the page was not let", within=60)
    frame = page.frames[1]

    def told(**how: object) -> None:
        """The last word of the frame, and nothing more than that."""
        page.wait_for_function(
            "([how]) => { const last = said.at(-1); return last && Object.keys(how).every((key) => last[key] === how[key]); }",
            arg=[how],
            timeout=60_000,
        )
        assert set(page.evaluate("said.at(-1)")) == {"folkmoot", "at", "muted", "video"}

    def does(what: str, **more: str) -> None:
        page.evaluate("(message) => say(message)", {"folkmoot": "do", "do": what, **more})

    told(folkmoot="state", at="prejoin")
    expect(frame.get_by_role("button", name=say("lobby.join"), exact=True)).to_be_visible()
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert frame.evaluate("document.documentElement.lang") == "zh-CN"

    # A window that isn't the page around is not heard: else it would be in by the time that the page is answered.
    stranger = "document.getElementById('advert').contentWindow.postMessage({ folkmoot: 'do', do: 'join', name: 'Eve' }, '*')"
    page.evaluate(f"said.length = 0; {stranger}; setTimeout(() => say({{ folkmoot: 'hello' }}), 500)")
    told(at="prejoin")

    does("join", name="小梅")
    told(at="meeting")
    expect(ada.page.get_by_text("小梅").first).to_be_visible()
    expect(ada.page.get_by_text("Eve")).to_have_count(0)
    for what, how in (
        ("mute", {"muted": True}),
        ("unmute", {"muted": False}),
        ("start_video", {"video": True}),
        ("stop_video", {"video": False}),
    ):
        does(what)
        told(at="meeting", **how)
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    does("leave")
    told(at="left")
    expect(ada.page.get_by_text("小梅 left")).to_be_visible()

    answer = page.context.request.get(product.address + "signin", headers={"accept": "text/html"})
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    answer = page.context.request.get(link, headers={"accept": "text/html"})
    assert f"frame-ancestors {around};" in answer.headers["content-security-policy"] + ";"


def test_a_teacher_checks_who_is_here_and_finds_it_in_the_roll(product: Product, someone: Someone) -> None:
    """Who is there is told that it is noted, is asked, and answers by hand; on a phone, in Chinese."""
    admin(product, "create", "cleo@example.org", "--name", "Cleo")
    cleo = someone("Cleo", bypass_csp=True)
    mei = someone("Mei", locale="zh-CN", viewport={"width": 390, "height": 844})
    page, tell = cleo.page, words("zh-CN")
    page.goto(product.address + "signin")
    page.get_by_label("Email").fill("cleo@example.org")
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Start now").click(timeout=60_000)
    page.wait_for_url("**/m/**")
    cleo.comes_back()
    ask = page.context.request
    meeting = ask.get(product.address + "api/calendar").json()["now"][0]["meeting"]
    link = ask.get(f"{product.address}api/calendar/meetings/{meeting}").json()["link"]
    mei.open(link)
    mei.page.locator("input[name=name]").fill("Mei")
    mei.page.locator("form button[type=submit]").click()
    cleo.press(words("en")("waiting.admit.label", name="Mei"))
    mei.page.locator("[data-region=bar]").wait_for()

    cleo.opens_tools()
    page.get_by_role("switch", name="Keep attendance").press("Space")
    expect(mei.page.get_by_text(tell("attendance.on"), exact=True)).to_be_visible(timeout=60_000)
    page.evaluate("Math.random = () => 0")  # the page draws when, within five minutes: at once
    page.get_by_role("button", name="Check who is here").click()
    mei.sees_text(tell("attendance.asked"))
    mei.press(tell("attendance.here"))
    expect(mei.page.get_by_text(tell("attendance.asked"))).to_have_count(0)
    cleo.closes(page.get_by_role("dialog", name="Host tools"))
    expect(page.get_by_text("1 has answered.")).to_be_visible()
    cleo.leave_button.click()
    cleo.press("End for everyone")
    mei.sees_text(tell("left.ended.title"))
    page.get_by_role("button", name="Home").wait_for()
    page.wait_for_function("history.state !== 'in a meeting'")  # the room's place there is given back

    page.goto(f"{product.address}meetings/{meeting}?n=1")
    rows = page.get_by_role("row")
    expect(rows.filter(has_text="Mei")).to_contain_text("1 of 1")
    expect(rows.filter(has_text="Cleo")).to_contain_text("0 of 1")
    table = ask.get(f"{product.address}api/calendar/meetings/{meeting}/occurrences/1/attendance.csv").text()
    lines = {line.partition(",")[0]: line for line in table.splitlines()}
    assert lines["Mei"].endswith("yes") and lines["Cleo"].endswith("no"), table
    assert complaints(page) == []
