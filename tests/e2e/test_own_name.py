"""A school under its own name: what guests see of it, and that they meet at its own address by its own certificate."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, Route, expect

from tests.e2e.certified import browser_of, called, certified
from tests.e2e.test_for_everybody import complaints
from tests.e2e.test_organisations import DOMAIN, ON_A_PHONE, PLANS, opened, shell, signed_in
from tests.e2e.words import words
from tests.town import PASSWORD, Town, Visitor

say = words("en")


def test_guests_see_whose_meeting_it_is_where_the_plan_holds_it(
    town: Town, browser: Browser, tmp_path: Path
) -> None:
    owner = town.comes("Lea", f"lea@{DOMAIN}")
    org = town.organisation(owner, "Glen School", "glen.example")
    shell(town, "admin", "operator", f"lea@{DOMAIN}")
    sells_branding(owner, yes=True)
    planned = {"title": "Physics", "starts": "2027-03-01T10:00", "minutes": 60, "time_zone": "UTC"}
    link = owner.does("POST", "/api/calendar/meetings", planned)["link"]
    with signed_in(browser, town, "Lea") as context:
        page = opened(context, "/org/branding")
        brings_a_logo(page, tmp_path)
        picks_a_colour(page)
        page.get_by_label(say("branding.name"), exact=True).fill("Glen")
        page.get_by_role("button", name=say("branding.save")).first.click()
        page.get_by_label(say("branding.line.zh"), exact=True).fill("九点开始入场。")
        page.get_by_role("button", name=say("branding.save")).last.click()
        preview = page.get_by_role("complementary", name=say("branding.preview"))
        expect(preview.get_by_text("九点开始入场。")).to_have_count(2)
        assert complaints(page) == [], "the page of branding"
        sees_it(browser, town, link)
        sells_branding(owner, yes=False)
        page.reload()
        expect(page.get_by_text(say("branding.notHeld"))).to_be_visible()
        expect(page.get_by_label(say("branding.name"), exact=True)).to_have_value("Glen")
        expect(page.get_by_label(say("branding.name"), exact=True)).to_be_disabled()
        assert complaints(page) == [], "a plan without"
        sees_folkmoots_own(browser, town, link)
        page.get_by_role("button", name=say("branding.plans")).click()
        expect(page).to_have_url(re.compile("/org/plan$"))
        sells_branding(owner, yes=True)
        assert owner.does("GET", f"/api/orgs/{org}/branding")["logo"], "nothing was lost"


def sells_branding(owner: Visitor, *, yes: bool) -> None:
    free = {
        "id": "free",
        "name": "Free",
        "services": ["api", "directory_sync", *(["branding"] if yes else [])],
    }
    owner.does("PUT", "/api/operator/billing/plans", {"plans": [free, *PLANS]})


def brings_a_logo(page: Page, folder: Path) -> None:
    """A drawing that may hold programs is refused in words; a picture is taken."""
    (folder / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    )
    Image.new("RGB", (600, 200), "#8b2500").save(folder / "logo.png")
    chosen = page.locator("input[type=file]")
    chosen.set_input_files(folder / "logo.svg")
    expect(page.get_by_role("alert")).to_have_text(say("refused.branding.vector"))
    chosen.set_input_files(folder / "logo.png")
    expect(page.get_by_role("img", name=say("branding.logo.now"))).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def picks_a_colour(page: Page) -> None:
    """One that can't be read is told by how much it can't; the nearest that can is one press away."""
    page.get_by_label(say("branding.colour.light"), exact=True).fill("#ffcc00")
    told = page.get_by_text("1.39")
    expect(told).to_be_visible()
    assert complaints(page) == [], "a colour that can't be read"
    page.get_by_role("button", name=say("branding.lack.use", colour="#8b6d00")).click()
    expect(told).to_have_count(0)
    save = page.get_by_role("button", name=say("branding.save")).nth(1)
    save.click()
    expect(save).to_be_disabled()


def sees_it(browser: Browser, town: Town, link: str) -> None:
    said = words("zh-CN")
    with browser.new_context(base_url=town.product.address, bypass_csp=True, **ON_A_PHONE) as nobodys:  # type: ignore[arg-type]
        page = opened(nobodys, link)
        header = page.get_by_role("banner")
        expect(header.get_by_text("Glen", exact=True)).to_be_visible()
        expect(header.locator("img")).to_have_js_property("complete", True)
        assert header.locator("img").evaluate("image => image.naturalWidth") == 480
        join = page.locator("form button[type=submit]")
        expect(join).to_have_css("background-color", "rgb(139, 109, 0)")
        assert complaints(page) == [], "prejoin"
        page.locator("input[name=name]").fill("Gus")
        join.click()
        expect(page.get_by_role("heading", name=said("door.early"))).to_be_visible()
        expect(page.get_by_text("九点开始入场。")).to_be_visible()
        assert complaints(page) == [], "the door"


def sees_folkmoots_own(browser: Browser, town: Town, link: str) -> None:
    with browser.new_context(base_url=town.product.address, bypass_csp=True, **ON_A_PHONE) as nobodys:  # type: ignore[arg-type]
        page = nobodys.new_page()
        with page.expect_response(re.compile("/branding$")) as asked:
            page.goto(link)
        assert asked.value.json() == {"branding": None}
        expect(page.locator("form button[type=submit]")).to_be_visible()
        expect(page.get_by_text("Glen")).to_have_count(0)


MAIN, OWN = "folk.example", "meet.fell.example"


def test_guests_meet_at_a_schools_own_address_by_its_own_certificate(
    town: Town, playwright: Playwright, tmp_path: Path
) -> None:
    """The owner is at the server's own address, where people sign in; both are in one meeting."""
    owner = town.comes("Nia", f"nia@{DOMAIN}")
    org = town.organisation(owner, "Fell School", "fell.example")
    owner.does("PATCH", f"/api/orgs/{org}/branding", {"name": "Fell"})
    link = owner.does("POST", "/api/calendar/now", {"title": "Physics"})["link"]
    path = "/m/" + link.partition("/m/")[2]
    keys = [certified(name, tmp_path) for name in (MAIN, OWN)]
    with (
        called(town.product, MAIN, tmp_path) as address,
        browser_of(playwright, (MAIN, OWN, "fell.example"), keys) as browser,
    ):
        theirs = address.replace(MAIN, OWN)
        host = browser.new_context(base_url=address, bypass_csp=True, locale="en").new_page()
        signs_in_by_hand(host, f"nia@{DOMAIN}")
        adds_an_address(host)
        joins_as_the_account(host, path)

        guest = browser.new_context(base_url=theirs, bypass_csp=True, **ON_A_PHONE).new_page()  # type: ignore[arg-type]
        shown = guest.goto(path)
        details = shown.security_details() if shown else None
        assert details and details["subjectName"] == OWN
        expect(guest.get_by_role("banner").get_by_text("Fell", exact=True)).to_be_visible()
        guest.locator("input[name=name]").fill("Gus")
        guest.locator("form button[type=submit]").click()
        expect(guest.locator("[data-region=bar]")).to_be_visible()
        expect(host.get_by_role("gridcell")).to_have_count(2)
        assert guest.url.startswith(f"{theirs}/m/")
        assert guest.context.cookies() == [], "nobody is known by a school's own address"

        guest.goto("/signin")
        assert guest.url.startswith(f"{address}/signin"), "people sign in at the server's own"


def joins_as_the_account(page: Page, path: str) -> None:
    """By its number alone, where it is told late who they are: nothing is asked that an account answers, nobody joins by another name."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/account", hold)
    page.goto(path)
    join = page.locator("form button[type=submit]")
    expect(join).to_be_disabled()
    expect(page.locator("input[name=passcode]")).to_have_count(0)
    for one in held:
        one.continue_()
    expect(page.locator("input[name=name]")).to_have_value("Nia")
    join.click()
    expect(page.locator("[data-region=bar]")).to_be_visible()


def signs_in_by_hand(page: Page, address: str) -> None:
    page.goto("/signin?next=/org/domains")
    page.get_by_label(re.compile("mail", re.IGNORECASE)).first.fill(address)
    page.locator("input[type=password]").first.fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=say("organisation.tab.domains"), level=1)).to_be_visible()


def adds_an_address(page: Page) -> None:
    """What isn't below a domain of theirs is refused beside the field; what is comes with its record."""
    field = page.get_by_label(say("organisation.own.add"), exact=True)
    for typed in ("meet.elsewhere.example", OWN):
        field.fill(typed)
        page.get_by_role("button", name=say("organisation.own.begin")).click()
        if typed != OWN:
            expect(page.get_by_text("meet.elsewhere.example is not within a domain")).to_be_visible()
            expect(field).to_have_value(typed)
    record = page.get_by_role("region", name=OWN)
    expect(record).to_contain_text("CNAME")
    expect(record).to_contain_text(MAIN)
    assert complaints(page) == []
