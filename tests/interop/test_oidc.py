"""Signing in at one's organisation against a real provider (`oidc-provider`), as a browser goes there and back."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.e2e.people import CHROMIUM, FLAGS
from tests.e2e.test_for_everybody import complaints
from tests.e2e.words import Say, words
from tests.product import Product, free_port

PAGE = Path(__file__).parent / "page"
OURS = {"sec-fetch-site": "same-origin"}
NAME, PASSWORD = "Northfield School", "heron lamp river 42"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[tuple[Product, subprocess.Popen[bytes]]]:
    """A server, and the sign-in of a school that it knows."""
    issuer_port = free_port()
    told = {
        "name": NAME,
        "issuer": f"http://localhost:{issuer_port}",
        "client_id": "folkmoot",
        "client_secret": "a secret between the two of them",
        "domains": ["school.example"],
    }
    product = Product(
        tmp_path / "data", environment={"FOLKMOOT_ACCOUNTS__PROVIDERS": json.dumps({"school": told})}
    )
    done = f"{product.address}api/signin/providers/school/done"
    words = ["node", str(PAGE / "provider.mjs"), str(issuer_port), done]
    with subprocess.Popen(words, cwd=PAGE, stdout=subprocess.PIPE) as provider:
        assert provider.stdout
        assert provider.stdout.readline() == b"ready\n"
        product.start()
        yield product, provider
        product.stop()
        provider.kill()


def test_ada_signs_in_at_her_school_and_is_who_she_is_there(
    school: tuple[Product, subprocess.Popen[bytes]],
) -> None:
    product, provider = school
    with httpx.Client(base_url=product.address, timeout=30) as client:
        [shown] = client.get("/api/signin/providers").json()
        assert shown == {"id": "school", "name": "Northfield School"}
        begun = client.post(
            "/api/signin/providers/school/begin", json={"next": "/settings/profile"}, headers=OURS
        )
        # a browser takes a localhost without https for as safe; httpx doesn't send its cookies there
        jar = {cookie.name: str(cookie.value) for cookie in client.cookies.jar}
        back = returning(begun.json()["address"])
        answer = client.get(
            back, headers={"cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/settings/profile")
        session = next(
            one for one in answer.headers.get_list("set-cookie") if one.startswith("__Host-folkmoot=")
        )
        mine = client.get("/api/account", headers={"cookie": session.partition(";")[0]}).json()
        assert mine["name"] == "Ada Lovelace"
        assert mine["addresses"] == [{"address": "ada@school.example", "proven": True}]

        again = client.get(
            back, headers={"cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        )
        assert "refused=provider" in again.headers["location"], "a code is good once"

        provider.kill()
        provider.wait()
        still = client.post("/api/signin/providers/school/begin", json={}, headers=OURS)
        assert still.status_code == 200, "what it said last is good"


def test_it_is_connected_and_disconnected_on_ones_own_page_in_both_languages(
    school: tuple[Product, subprocess.Popen[bytes]], playwright: Playwright
) -> None:
    """Grace has an account here, and connects what the school's sign-in knows as Ada; nobody else can have it then."""
    product, _ = school
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    page, say = has_an_account(browser, product, "Grace", "en", width=1366)
    connects(page, say)
    expect(page.get_by_role("button", name=say("account.disconnect.label", name=NAME))).to_be_visible()
    expect(page.get_by_role("button", name=say("account.connect", name=NAME), exact=True)).to_have_count(0)
    assert complaints(page) == []

    other, tells = has_an_account(browser, product, "小川", "zh-CN", width=390)
    connects(other, tells)
    expect(other.get_by_text(tells("refused.provider.anothers"))).to_be_visible()
    assert complaints(other) == []

    page.get_by_role("button", name=say("account.disconnect.label", name=NAME)).click()
    expect(page.get_by_role("button", name=say("account.connect", name=NAME), exact=True)).to_be_visible()
    connects(other, tells)
    theirs = other.get_by_role("button", name=tells("account.disconnect.label", name=NAME))
    expect(theirs).to_be_visible()
    other.reload()
    expect(theirs, "it is kept, and the refusal of before is gone").to_be_visible()
    expect(other.get_by_text(tells("refused.provider.anothers"))).to_have_count(0)

    visitor = browser.new_context(locale="zh-CN").new_page()
    visitor.goto(f"{product.address}signin")
    visitor.get_by_role("button", name=NAME).click()
    expect(visitor.get_by_role("button", name=tells("frame.account", name="小川"))).to_be_visible()
    shown = visitor.evaluate("fetch('/api/account').then((answer) => answer.json())")
    assert shown["name"] == "小川", "by the school's sign-in one is who connected it"
    browser.close()


def has_an_account(
    browser: Browser, product: Product, name: str, locale: str, width: int
) -> tuple[Page, Say]:
    """Without a mail server it begins at once."""
    context = browser.new_context(locale=locale, viewport={"width": width, "height": 844})
    page, address = context.new_page(), f"{width}@elsewhere.example"
    wanted = {"name": name, "address": address, "password": PASSWORD, "language": locale, "time_zone": "UTC"}
    made = context.request.post(f"{product.address}api/signup", data=wanted, headers=OURS)
    assert made.ok, made.text()
    page.goto(f"{product.address}settings/signin")
    return page, words(locale)


def connects(page: Page, say: Say) -> None:
    with page.expect_navigation(url="**/settings/signin**"):
        page.get_by_role("button", name=say("account.connect", name=NAME), exact=True).click()


def returning(address: str) -> str:
    """What the provider sends the browser back to."""
    with httpx.Client(timeout=30) as browser:
        for _ in range(10):
            answer = browser.get(address, headers={"cookie": _plain(browser)})
            assert answer.is_redirect, answer.text
            assert answer.next_request
            address = str(answer.next_request.url)
            if "/done?" in address:
                return address
    raise AssertionError("it goes round and round")


def _plain(browser: httpx.Client) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)
