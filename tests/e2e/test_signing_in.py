"""An account, from the first mail to a sign-in by passkey, in each language."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path
from typing import Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_for_everybody import complaints
from tests.e2e.words import Say, words
from tests.product import Product, free_port
from tests.screens.listed import SETTINGS

PASSWORD = "heron lamp river 42"
WORDS = {
    "en": ("Your name", "Email", "Password", "Create account", "Confirm", "Your account", "Settings", "Sign out",
           "Add a passkey", "Sign in with a passkey", "Last used", "Choose a picture", "Use this"),
    "zh-CN": ("你的名字", "邮箱", "密码", "创建账号", "确认", "你的账号", "设置", "退出登录", "添加通行密钥", "使用通行密钥", "上次使用", "选择图片", "使用"),
}  # fmt: skip


class Post:
    def __init__(self) -> None:
        self.links: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        mail = BytesParser(policy=email.policy.default).parsebytes(envelope.content)
        body = mail.get_body()
        assert body
        self.links += re.findall(r"https?://\S+", body.get_content())
        return "250 OK"


@pytest.fixture(scope="module")
def place(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Browser, Product, Post]]:
    """One server and one mail server for all of it."""
    post, port = Post(), free_port()
    mails = Controller(post, hostname="127.0.0.1", port=port)
    mails.start()
    told = {"HOST": "127.0.0.1", "PORT": str(port), "SECURITY": "none", "SENDER": "folkmoot@meet.example"}
    product = Product(
        tmp_path_factory.mktemp("data"),
        environment={f"FOLKMOOT_MAIL__{name}": value for name, value in told.items()},
    )
    product.start()
    yield browser, product, post
    product.stop()
    mails.stop()


@pytest.mark.parametrize(("language", "width"), [("en", 1366), ("zh-CN", 390)])
def test_from_the_first_mail_to_a_sign_in_by_passkey(
    place: tuple[Browser, Product, Post], language: str, width: int, tmp_path: Path
) -> None:
    browser, product, post = place
    name, address, password, create, confirm, account, settings, out, add, use, used, picture, use_it = WORDS[
        language
    ]
    context = browser.new_context(locale=language, viewport={"width": width, "height": 844})
    page = context.new_page()
    has_authenticator(page)
    page.goto(product.address + "signup")
    page.get_by_label(name).fill("Ada")
    page.get_by_label(address).fill(f"ada-{width}@example.org")
    page.get_by_label(password, exact=True).fill(PASSWORD)
    page.get_by_role("button", name=create).click()
    link = mailed(page, post)
    opened_elsewhere(browser, link, language, confirm, password)
    page.goto(link)
    page.get_by_role("button", name=confirm).click()
    me = page.get_by_role("button", name=account)
    expect(me).to_be_visible(timeout=60_000)
    assert "#" not in page.url

    me.click()
    page.get_by_role("menuitem", name=settings).click()
    page.goto(product.address + "settings/signin")
    page.get_by_role("button", name=add).click()
    passkeys = page.locator("main section").first  # not the first list: that may be of where one is signed in
    expect(passkeys.get_by_role("listitem")).to_have_count(1, timeout=60_000)

    has_a_picture(page, product, tmp_path, picture, use_it)
    lets_programs_in(page, product)

    me.click()
    page.get_by_role("menuitem", name=out).click()
    expect(me).to_have_count(0, timeout=60_000)
    page.goto(product.address + "signin?next=/settings/signin")
    page.get_by_role("button", name=use).click()
    expect(page.get_by_text(re.compile(used)).first).to_be_visible(timeout=60_000)
    context.close()


PAGES = ("signin", "privacy", "signup", "signin/help", "verify", "reset", "setup")


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("en", "light", 1366), ("zh-CN", "dark", 390)], ids=["en", "zh"]
)
def test_a_passkey_alone_is_an_account_and_every_page_of_it_is_everybodys(
    place: tuple[Browser, Product, Post], language: str, scheme: Literal["light", "dark"], width: int
) -> None:
    browser, product, post = place
    context = browser.new_context(
        locale=language, color_scheme=scheme, viewport={"width": width, "height": 844}, bypass_csp=True
    )
    page = context.new_page()
    has_authenticator(page)
    for path in PAGES:
        page.goto(product.address + path)
        page.locator("main h1, main h2").first.wait_for()
        assert complaints(page) == [], path
    page.goto(product.address + "signup")
    name, address = page.get_by_role("textbox").nth(0), page.get_by_role("textbox").nth(1)
    by_passkey = page.locator("form button[type=button]").filter(has=page.locator("svg")).first
    by_passkey.click()
    expect(name).to_have_attribute("aria-invalid", "true")
    name.fill("Bo")
    address.fill(f"bo-{width}@example.org")
    by_passkey.click()
    page.goto(mailed(page, post))
    page.locator("main button").first.click()
    page.locator("header [aria-haspopup]").last.wait_for()
    for tab in SETTINGS:
        page.goto(product.address + f"settings/{tab}")
        page.locator("main section").first.wait_for()
        assert complaints(page) == [], tab
    opens_devices(page, product, words(language))
    chooses_a_key(page, product, words(language))
    page.goto(product.address + "settings/signin")
    passkeys = page.locator("main section").first
    passkeys.get_by_role("listitem").get_by_role("button").click()
    expect(passkeys.get_by_role("alert")).to_be_visible()
    expect(passkeys.get_by_role("listitem")).to_have_count(1)
    context.close()


def opens_devices(page: Page, product: Product, say: Say) -> None:
    """In the settings: one sees oneself and one's level, and what was chosen in the room stands there as well."""
    page.context.grant_permissions(["camera", "microphone"])
    page.goto(product.address + "settings/devices")
    for kind in ("microphone", "camera"):
        page.get_by_role("button", name=say(f"lobby.{kind}.turnOn")).click()
        expect(page.get_by_role("button", name=say(f"lobby.{kind}.turnOff"))).to_be_visible()
    expect(page.locator("main video")).to_have_js_property("paused", False)
    page.goto(product.address + "settings/notifications")
    switch = page.get_by_role("switch", name=say("notices.sound.message"))
    switch.press("Space")
    page.reload()
    expect(switch).not_to_be_checked()


def chooses_a_key(page: Page, product: Product, say: Say) -> None:
    """In the settings, for every meeting to come."""
    page.goto(product.address + "settings/shortcuts")
    what = say("call.keys.camera")
    change = page.get_by_role("button", name=re.compile(re.escape(what)))
    change.click()
    page.keyboard.press("Alt+h")
    expect(page.get_by_role("status").filter(has_text="Alt+H")).to_contain_text(say("chat.title"))
    change.click()
    page.keyboard.press("Alt+q")
    expect(page.get_by_role("status").filter(has_text="Alt+Q")).to_contain_text(what)
    expect(change).to_be_focused()
    assert complaints(page) == []
    page.reload()
    expect(page.get_by_text("Alt+Q", exact=True)).to_be_visible()


def has_a_picture(page: Page, product: Product, folder: Path, choose: str, use: str) -> None:
    """Cut in the page, drawn by the server, seen in the header; by its address also by who isn't signed in."""
    Image.new("RGB", (900, 600), "red").save(folder / "me.png")
    page.goto(product.address + "settings/profile")
    page.get_by_label(choose).set_input_files(folder / "me.png")
    dialog = page.get_by_role("dialog")
    for _ in range(3):
        dialog.get_by_role("slider").last.press("ArrowRight")
    dialog.get_by_role("button", name=use).click()
    shown = page.locator("header img")
    expect(shown).to_have_js_property("naturalWidth", 256, timeout=60_000)
    address = shown.get_attribute("src")
    assert address
    outside = page.context.browser.new_context() if page.context.browser else None
    assert outside
    answer = outside.request.get(product.address.rstrip("/") + address)
    assert answer.ok and answer.headers["content-type"] == "image/webp"
    outside.close()


def lets_programs_in(page: Page, product: Product) -> None:
    """A key is shown once and does what it may; a webhook is refused beside its address, or says how its last try went."""
    page.goto(product.address + "settings/programs")
    parts, dialog = page.locator("section").filter(has=page.locator("h2")), page.get_by_role("dialog")
    keys, hooks = parts.nth(0), parts.nth(1)
    keys.get_by_role("button").click()
    dialog.get_by_role("textbox").fill("A robot")
    dialog.locator("button[type=submit]").click()
    secret = dialog.locator("code").inner_text()
    asking = page.context.browser.new_context() if page.context.browser else None
    assert asking
    headers = {"authorization": f"Bearer {secret}"}
    assert asking.request.get(product.address + "api/calendar", headers=headers).ok
    assert asking.request.get(product.address + "api/account", headers=headers).status == 403
    dialog.get_by_role("button").last.click()
    keys.get_by_role("listitem").get_by_role("button").click()
    expect(keys.get_by_role("listitem")).to_have_count(0)
    assert asking.request.get(product.address + "api/calendar", headers=headers).status == 401
    asking.close()

    hooks.get_by_role("button").click()
    address = dialog.get_by_role("textbox")
    for wrong in ("http://hooks.example/a", "https://127.0.0.1/a"):
        address.fill(wrong)
        dialog.locator("button[type=submit]").click()
        expect(address).to_have_attribute("aria-invalid", "true")
    address.fill("https://hooks.invalid/a")
    dialog.locator("button[type=submit]").click()
    dialog.get_by_role("button").last.click()
    hook = hooks.get_by_role("listitem")
    expect(hook).to_have_count(1)
    hook.get_by_role("button").first.click()
    expect(hook.locator("[data-failed]")).to_be_visible(timeout=60_000)


def opened_elsewhere(browser: Browser, link: str, language: str, confirm: str, password: str) -> None:
    """In another browser the link wants the password, and stays good for the first."""
    context = browser.new_context(locale=language, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name=confirm).click()
    page.get_by_label(password, exact=True).fill("not that password")
    page.get_by_role("button", name=confirm).click()
    expect(page.get_by_role("textbox")).to_have_attribute("aria-invalid", "true", timeout=60_000)
    context.close()


def has_authenticator(page: Page) -> None:
    """One that verifies its owner, as a phone does."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip


def mailed(page: Page, post: Post, within: int = 600) -> str:
    for _ in range(within):
        if post.links:
            return post.links.pop()
        page.wait_for_timeout(100)
    raise AssertionError("no mail came")
