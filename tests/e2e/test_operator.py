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

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.e2e.conftest import Someone
from tests.e2e.test_for_everybody import complaints
from tests.e2e.words import words
from tests.product import Product

PASSWORD = "a long and rare one"
TABS = ("people", "organisations", "access", "announcements", "storage", "checks", "audit", "overview")
AROUND = """<!doctype html><title>A course</title>
<iframe id="meeting" width="900" height="600" allow="camera; microphone"></iframe><script>
  const said = []; const meet = "MEET";
  addEventListener("message", ({ origin, data }) => origin === meet && data.folkmoot && said.push(data));
  document.getElementById("meeting").src = meet + "/m/123456789012";
  setInterval(() => document.getElementById("meeting").contentWindow.postMessage({ folkmoot: "hello" }, "*"), 200);
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


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    yield browser
    browser.close()


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


def test_who_runs_the_server_looks_after_it(product: Product, chromium: Browser) -> None:
    admin(product, "create", "ada@example.org", "--name", "Ada", "--operator")
    admin(product, "create", "bo@example.org", "--name", "Bo")
    context = chromium.new_context(locale="en")
    page = context.new_page()
    sign_in(page, product)
    expect(page.get_by_text("Every part of the server is well.")).to_be_visible()
    side = page.get_by_role("navigation", name=re.compile("localhost"))
    for tab in TABS:
        side.get_by_role("link", name=tab.capitalize()).click()
        expect(page.get_by_role("heading", name=tab.capitalize(), level=1)).to_be_visible()
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
    stranger = chromium.new_context(locale="en").new_page()
    stranger.goto(product.address)
    expect(stranger.get_by_text("Down on Sunday at four.")).to_be_visible()
    side.get_by_role("link", name="Announcements").click()
    page.get_by_role("button", name="Remove: Down on Sunday at four.").click()
    expect(page.get_by_text("Nothing is announced.")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_role("button", name="Start a meeting")).to_be_visible()
    expect(stranger.get_by_text("Down on Sunday at four.")).to_have_count(0)
    context.close()


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
    product: Product, chromium: Browser, tmp_path: Path
) -> None:
    context = chromium.new_context(locale="en", bypass_csp=True)
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
    context = chromium.new_context(locale="zh-CN", bypass_csp=True, **look)
    page, say = context.new_page(), words("zh-CN")
    sign_in(page, product, say("operator.tab.overview"))
    page.goto(f"{product.address}operator/growth")
    expect(page.get_by_role("heading", name=say("growth.figure.revenue"), exact=True)).to_be_visible()
    expect(page.get_by_text(say("growth.is.funnel"))).to_be_visible()
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_a_page_that_nobody_named_shows_no_meeting(product: Product, chromium: Browser, around: str) -> None:
    page = chromium.new_page()
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(around)
    assert page.evaluate("said.length") == 0
    page.close()


def test_a_page_that_the_operator_named_shows_it_and_is_told(
    product: Product, chromium: Browser, around: str
) -> None:
    admin(product, "embed", around)
    context = chromium.new_context(locale="en")
    page = context.new_page()

    def told() -> None:
        page.goto(around)
        expect(page.frame_locator("#meeting").locator("#main")).to_be_visible(timeout=4000)

    for _ in range(8):  # a server that runs reads it every ten seconds
        try:
            told()
            break
        except AssertionError:
            continue
    expect(page.frame_locator("#meeting").locator("#main")).to_be_visible()
    handle = page.wait_for_function("() => said.find((one) => one.at === 'prejoin')")
    assert handle.json_value()["folkmoot"] == "state"
    context.close()
