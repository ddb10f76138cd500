"""Schools on a server: one asks its people, others subscribe, are offered a contract, don't pay and do. Whoever declines loses nothing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.people import seen
from tests.e2e.test_for_everybody import complaints
from tests.e2e.words import Say, words
from tests.posts import links, text_of
from tests.town import OURS, PASSWORD, Town

SCHOOL, DOMAIN = "Northfield School", "school.example"
TABS = ("people", "rules", "domains", "audit", "about")
say = words("en")
ON_A_PHONE = {"locale": "zh-CN", "viewport": {"width": 390, "height": 844}}


def signed_in(browser: Browser, town: Town, name: str, **look: object) -> BrowserContext:
    """With an account, on a device of theirs."""
    address, base = f"{name.lower()}@{DOMAIN}", town.product.address
    context = browser.new_context(base_url=base, bypass_csp=True, **{"locale": "en", **look})  # type: ignore[arg-type]
    who = {"address": address, "password": PASSWORD}
    answer = context.request.post("/api/signin", data=who, headers=OURS)
    assert answer.ok, answer.text()
    return context


def opened(context: BrowserContext, path: str) -> Page:
    page = context.new_page()
    page.goto(path)
    return page


def test_a_school_asks_its_people_and_who_declines_loses_nothing(town: Town, browser: Browser) -> None:
    for name in ("Ada", "Bo", "Cai"):
        town.comes(name, f"{name.lower()}@{DOMAIN}")
    ada, bo, cai = (signed_in(browser, town, name) for name in ("Ada", "Bo", "Cai"))
    planned = {"title": "Cai's own hour", "starts": "2027-03-01T10:00", "minutes": 60, "time_zone": "UTC"}
    answer = cai.request.post("/api/calendar/meetings", data=planned, headers=OURS)
    assert answer.ok, answer.text()
    owned = cai.request.get("/api/calendar/owned").json()

    office = opened(ada, "/org")
    office.get_by_label(say("organisation.found.name")).fill(SCHOOL)
    office.get_by_role("button", name=say("organisation.found.make")).click()
    expect(office.get_by_role("heading", name=say("organisation.tab.people"), level=1)).to_be_visible()
    proves_its_domain(office, town)
    expect(
        office.get_by_role("region", name=say("organisation.domain.proven", domain=DOMAIN))
    ).to_be_visible()

    question = say("organisation.question", name=SCHOOL)
    for who, context, answered in (("bo", bo, "join"), ("cai", cai, "decline")):
        page = opened(context, town.post.link_to(f"{who}@{DOMAIN}", 2))
        asked = page.get_by_role("region", name=question)
        expect(asked.get_by_text(say("organisation.question.no"))).to_be_visible()
        assert complaints(page) == [], "the question"
        asked.get_by_role("button", name=say(f"organisation.question.{answered}"), exact=True).click()
        expect(asked).to_have_count(0)
        page.close()
    assert cai.request.get("/api/calendar/owned").json() == owned
    assert cai.request.get("/api/orgs").json() == {"orgs": [], "questions": []}

    office.goto("/org/people")
    people = office.get_by_role("main")
    expect(people.get_by_text("bo@school.example")).to_be_visible()
    expect(people.get_by_text("cai@school.example")).to_have_count(0)
    office.goto("/org/rules")
    office.get_by_label(say("organisation.rule.waiting_room"), exact=True).select_option("everyone")
    decided = say(
        "organisation.rules.decided", value=say("organisation.rule.waiting_room.everyone"), by=SCHOOL
    )
    expect(office.get_by_text(decided)).to_be_visible()
    member = opened(bo, "/org/rules")
    expect(member.get_by_text(decided)).to_be_visible()
    expect(member.get_by_label(say("organisation.rule.waiting_room"), exact=True)).to_have_count(0)
    the_audit_proves_it(office, town)
    member.close()
    office.close()
    for_everybody(browser, town)


def proves_its_domain(page: Page, town: Town) -> None:
    """By the postmaster's mail; a wrong code is refused beside the field."""
    page.goto("/org/domains")
    page.get_by_label(say("organisation.domains.add"), exact=True).fill(DOMAIN)
    page.get_by_role("button", name=say("organisation.domains.begin")).click()
    proof = page.get_by_role("region", name=DOMAIN)
    proof.get_by_role("button", name=say("organisation.domains.send")).click()
    code = town.code_to(DOMAIN)
    field = proof.get_by_label(say("organisation.domains.code"))
    field.fill("0000 0000" if code != "00000000" else "1111 1111")
    proof.get_by_role("button", name=say("organisation.domains.confirm")).click()
    expect(proof.get_by_text(say("refused.org.code_wrong"))).to_be_visible()
    assert complaints(page) == []
    field.fill(f"{code[:4]} {code[4:]}")
    proof.get_by_role("button", name=say("organisation.domains.confirm")).click()


def the_audit_proves_it(page: Page, town: Town) -> None:
    page.goto("/org/audit")
    for did in ("domain_proven", "member_joined", "rule_said"):
        expect(page.get_by_text(say(f"organisation.did.{did}")).first).to_be_visible()
    page.get_by_role("button", name=say("organisation.audit.prove")).click()
    expect(page.get_by_role("status").filter(has_text="all as they were written")).to_be_visible()
    verified = subprocess.run(
        [sys.executable, "-m", "folkmoot", "audit", "verify", "--data", str(town.product.data)],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "all as they were written" in verified


def for_everybody(browser: Browser, town: Town) -> None:
    """The owner's pages, in both languages and lights, on a desk and a phone."""
    for locale, light, width in (("en", "light", 1366), ("zh-CN", "dark", 390)):
        look = {"locale": locale, "color_scheme": light, "viewport": {"width": width, "height": 844}}
        context = signed_in(browser, town, "Ada", **look)
        for tab in TABS:
            page = opened(context, f"/org/{tab}")
            heading = page.get_by_role("heading", name=words(locale)(f"organisation.tab.{tab}"), level=1)
            expect(heading).to_be_visible()
            expect(page.locator("[aria-busy=true]")).to_have_count(0)
            assert complaints(page) == [], f"{tab} {locale}"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{tab} {locale} fits"
            page.close()
        context.close()


def test_who_is_made_organiser_is_asked_gives_it_back_and_the_other_keeps_it(
    town: Town, browser: Browser
) -> None:
    """Handed on at a desk, given back on a phone; the invited hear of both."""
    gil, hao = town.comes("Gil", f"gil@{DOMAIN}"), town.comes("Hao", f"hao@{DOMAIN}", "zh-CN")
    org = gil.does("POST", "/api/orgs", {"name": "Ford School"})["id"]
    link = gil.does("POST", f"/api/orgs/{org}/links", {})["link"]
    hao.does("POST", "/api/orgs/join", {"secret": link.partition("#")[2]})
    pupil = {"to": "pupil@elsewhere.example"}
    people = [{"to": hao.does("GET", "/api/account")["id"]}, pupil]
    when = {"starts": "2027-03-01T10:00", "minutes": 60, "time_zone": "UTC"}
    wanted = {"title": "Physics", "people": people, **when}
    at = f"/meetings/{gil.does('POST', '/api/calendar/meetings', wanted)['id']}"

    desk = opened(signed_in(browser, town, "Gil"), at)
    desk.get_by_role("button", name=say("meetings.people.deeds", name="Hao")).click()
    desk.get_by_role("menuitem", name=re.compile(say("meetings.owner.make"))).click()
    asked = desk.get_by_role("alertdialog")
    expect(asked).to_contain_text("Everyone invited is told.")
    assert complaints(desk) == [], "handing it on"
    asked.get_by_role("button", name=say("meetings.owner.make")).click()
    expect(desk.get_by_text(say("meetings.by", name="Hao"))).to_be_visible()

    said = words("zh-CN")
    mail = town.post.to(f"hao@{DOMAIN}", 3)[-1]
    assert mail["Subject"] == "Gil 将会议转交给你：Physics"
    phone = opened(signed_in(browser, town, "Hao", **ON_A_PHONE), links(mail)[-1])
    question = phone.get_by_text("你现在是“Physics”的组织者。")
    expect(question).to_be_visible()
    phone.goto("/")
    expect(question).to_be_visible()
    assert complaints(phone) == [], "the question"
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.get_by_role("button", name=said("meetings.handed.return")).click()
    expect(seen(phone, said("meetings.handed.returned", by="Gil"))).to_be_visible()
    expect(phone.get_by_role("button", name=said("meetings.handed.return"))).to_have_count(0)
    expect(phone.get_by_text(said("meetings.by", name="Gil"))).to_be_visible()

    desk.reload()
    expect(desk.get_by_text(say("meetings.handed.by", by="Hao"))).to_be_visible()
    assert complaints(desk) == [], "the question on the meeting's page"
    desk.get_by_role("button", name=say("meetings.handed.keep"), exact=True).click()
    expect(desk.get_by_text(say("meetings.handed.by", by="Hao"))).to_have_count(0)
    desk.reload()
    expect(desk.get_by_role("heading", name="Physics", level=1)).to_be_visible()
    expect(desk.get_by_role("button", name=say("meetings.handed.keep"), exact=True)).to_have_count(0)
    told = {str(mail["Subject"]).partition(":")[0] for mail in town.post.to(pupil["to"], 3)}
    assert told == {"Invitation", "Hao organises now", "Gil organises now"}


PLANS = [
    {
        "id": id,
        "name": name,
        "limits": {"people": people, "at_once": 20},
        "support": "mail",
        "prices": [
            {"period": "month", "seat": {"amount": month, "currency": "EUR"}},
            {"period": "year", "seat": {"amount": 10 * month, "currency": "EUR"}},
        ],
    }
    for id, name, people, month in (("team", "Team", 300, 600), ("school", "School", 500, 999))
]


def test_an_owner_sees_what_it_costs_orders_shrinks_keeps_and_cancels(
    town: Town, browser: Browser, tmp_path: Path
) -> None:
    offer(town, tmp_path)
    owner = town.comes("Dora", f"dora@{DOMAIN}")
    town.organisation(owner, "Riverside School", "riverside.example")
    page = opened(signed_in(browser, town, "Dora"), "/org/plan")
    page.get_by_role("button", name=say("billing.choose")).click()
    says_who_pays(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Team").check()
    dialog.get_by_label(say("billing.seats.label")).fill("10")
    expect(dialog.get_by_role("status")).to_contain_text("€60.00")
    assert complaints(page) == []
    dialog.get_by_role("button", name=say("billing.order")).click()
    dialog.wait_for(state="hidden")
    expect(page.get_by_role("heading", name="Team, by the month")).to_be_visible()
    invoice = page.get_by_role("row").filter(has_text="€60.00")
    expect(invoice).to_have_count(1)

    page.get_by_role("button", name=say("billing.change")).click()
    dialog.get_by_label(say("billing.seats.label")).fill("4")
    expect(dialog.get_by_role("status")).to_contain_text("€24.00")
    dialog.get_by_role("button", name=say("billing.confirm")).click()
    dialog.wait_for(state="hidden")
    page.get_by_role("button", name=say("billing.keep")).click()
    expect(page.get_by_role("button", name=say("billing.keep"))).to_have_count(0)

    page.get_by_role("button", name=say("billing.cancel")).click()
    assert complaints(page) == []
    dialog.get_by_role("button", name=say("billing.cancel")).click()
    dialog.wait_for(state="hidden")
    expect(page.get_by_role("button", name=say("billing.stay"))).to_be_visible()
    assert complaints(page) == []
    invoice.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Invoice")
    with page.expect_download() as download:
        page.get_by_role("link", name=say("billing.documents.pdf")).click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    assert complaints(page) == []


def test_an_operator_sells_an_owner_accepts_and_both_see_it_paid(town: Town, browser: Browser) -> None:
    """Plans, an offer, the contract, its invoice, the money, a credit note: by two people, on two pages."""
    org = town.organisation(town.comes("Emil", f"emil@{DOMAIN}"), "Hill School", "hill.example")
    town.comes("Olu", f"olu@{DOMAIN}")
    shell(town, "admin", "operator", f"olu@{DOMAIN}")
    desk = opened(signed_in(browser, town, "Olu"), "/operator/plans")
    offers_a_plan(desk)
    makes_an_offer(desk)

    phone = {"width": 390, "height": 844}
    page = opened(signed_in(browser, town, "Emil", locale="zh-CN", viewport=phone), "/org/plan")
    said = words("zh-CN")
    page.get_by_role("button", name=said("billing.quote.look")).click()
    says_who_pays(page, said)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("status")).to_contain_text("€3,500.00")
    assert complaints(page) == []
    dialog.get_by_role("button", name=said("billing.quote.accept")).click()
    dialog.wait_for(state="hidden")
    expect(page.get_by_role("heading", name="Campus，按月")).to_be_visible()
    number = page.get_by_role("rowheader").inner_text()

    desk.reload()
    expect(desk.get_by_text(re.compile("^Contract until"))).to_be_visible()
    notes_the_money(desk, number)
    page.reload()
    expect(page.get_by_role("row").filter(has_text=number)).to_contain_text(said("billing.paid"))
    assert complaints(page) == []
    corrects_it(desk, number)
    finds_them(desk, org)


def offers_a_plan(desk: Page) -> None:
    desk.get_by_role("button", name=say("billing.selling.plan.make")).click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label(say("billing.selling.plan.name"), exact=True).fill("Campus")
    expect(dialog.get_by_label(say("billing.selling.plan.id"))).to_have_value("campus")
    for typed in ("9.999", "9.99"):
        dialog.get_by_label(say("billing.selling.amount")).fill(typed)
    dialog.get_by_label(say("billing.limit.people")).fill("0")
    dialog.get_by_role("button", name=say("billing.selling.plan.offer")).click()
    expect(dialog.get_by_text(say("billing.selling.refused.limit"))).to_be_visible()
    expect(dialog.get_by_label(say("billing.selling.plan.name"), exact=True)).to_have_value("Campus")
    assert complaints(desk) == []
    dialog.get_by_label(say("billing.limit.people")).fill("500")
    expect(dialog.get_by_role("status")).to_contain_text("€9.99 a month")
    dialog.get_by_role("button", name=say("billing.selling.plan.offer")).click()
    dialog.wait_for(state="hidden")
    plans = desk.get_by_role("region", name=say("billing.selling.plans"))
    expect(plans.get_by_role("listitem").filter(has_text="Campus")).to_contain_text("up to 500 people")


def makes_an_offer(desk: Page) -> None:
    desk.get_by_role("button", name=say("billing.selling.offer.make")).click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label(say("billing.selling.offer.who")).fill("hill")
    dialog.get_by_role("button", name="Hill School").click()
    chooses(desk, say("billing.plan"), "Campus")
    dialog.get_by_label(say("billing.seats.label")).fill("500")
    dialog.get_by_label(say("billing.selling.offer.price")).fill("7,00")
    expect(dialog.get_by_role("status")).to_contain_text("€42,000.00")
    assert complaints(desk) == []
    dialog.get_by_label(say("billing.selling.offer.months")).fill("121")
    dialog.get_by_role("button", name=say("billing.selling.offer.say")).click()
    expect(dialog.get_by_text("1 to 120 months")).to_be_visible()
    dialog.get_by_label(say("billing.selling.offer.months")).fill("12")
    dialog.get_by_role("button", name=say("billing.selling.offer.say")).click()
    expect(desk.get_by_role("heading", name="Hill School", level=1)).to_be_visible()
    expect(desk.get_by_text("Open until").first).to_be_visible()
    assert complaints(desk) == []


def chooses(page: Page, label: str, word: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=label).click()
    page.get_by_role("option", name=word, exact=True).click()


def notes_the_money(desk: Page, number: str) -> None:
    """Part of it, then more than the rest."""
    dialog = desk.get_by_role("dialog")
    for typed, id, comes_to in (
        ("3000", "bank-1", f"€500.00 of {number} stays open."),
        ("512.50", "bank-2", "€12.50 is more than was asked for"),
    ):
        desk.get_by_role("button", name=say("billing.selling.payment.title")).click()
        dialog.get_by_label("Amount, EUR").fill(typed)
        dialog.get_by_label(say("billing.selling.payment.id")).fill(id)
        expect(dialog.get_by_role("status")).to_contain_text(comes_to)
        assert complaints(desk) == []
        dialog.get_by_role("button", name=say("billing.selling.payment.say")).click()
        dialog.wait_for(state="hidden")
    expect(
        desk.get_by_role("region", name=say("billing.selling.balance")).get_by_text("€12.50")
    ).to_be_visible()
    expect(desk.get_by_role("button", name=say("billing.selling.payment.title"))).to_have_count(0)


def corrects_it(desk: Page, number: str) -> None:
    desk.get_by_role("link", name=number, exact=True).click()
    desk.get_by_role("button", name=say("billing.selling.correction.make")).click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Less by, before tax, EUR").fill("50")
    dialog.get_by_label(say("billing.selling.credit.note")).fill("an outage")
    expect(dialog.get_by_role("status")).to_contain_text("€50.00 of it was paid already")
    dialog.get_by_role("button", name=say("billing.selling.credit.say")).click()
    dialog.wait_for(state="hidden")
    assert complaints(desk) == []
    desk.get_by_role("link", name=say("billing.selling.back.customer")).click()
    expect(
        desk.get_by_role("region", name=say("billing.selling.balance")).get_by_text("€62.50")
    ).to_be_visible()


def finds_them(desk: Page, org: str) -> None:
    desk.get_by_role("link", name=say("billing.selling.back")).click()
    customers = desk.get_by_role("region", name=say("billing.selling.customers"))
    customers.get_by_role("button", name=say("billing.selling.customers.which")).click()
    desk.get_by_role("option", name=say("billing.selling.customers.contract")).click()
    expect(customers.get_by_role("link")).to_have_text(["Hill School"])
    assert customers.get_by_role("link").get_attribute("href") == f"/operator/plans/{org}"
    customers.get_by_label(say("billing.selling.customers.search")).fill("nobody is called so")
    expect(customers.get_by_text(say("billing.selling.customers.nothing"))).to_be_visible()
    assert complaints(desk) == []
    with desk.expect_download() as download:
        desk.get_by_role("link", name=say("billing.selling.books.ledger")).click()
    assert b"Income" in Path(download.value.path()).read_bytes()


def test_one_meeting_too_many_is_told_what_goes_on_and_begins_when_there_is_room(
    town: Town, browser: Browser
) -> None:
    owner = town.comes("Fay", f"fay@{DOMAIN}")
    org = town.organisation(owner, "Lake School", "lake.example")
    shell(town, "admin", "operator", f"fay@{DOMAIN}")
    free = {"id": "free", "name": "Free", "limits": {"at_once": 1}}
    owner.does("PUT", "/api/operator/billing/plans", {"plans": [free, *PLANS]})
    first = owner.does("POST", "/api/calendar/now", {"title": "Physics"})
    room = owner.does("GET", "/api/calendar/room")["link"]
    with signed_in(browser, town, "Fay") as at_the_desk, small(browser, town) as on_the_phone:
        said = words("zh-CN")
        for context in (at_the_desk, on_the_phone):
            knows_who(context)
        running = goes_in(at_the_desk, first["link"])
        expect(running.locator("[data-region=bar]")).to_be_visible()
        second = goes_in(on_the_phone, room)
        expect(second.get_by_role("heading", name=said("door.at_once"))).to_be_visible()
        way = second.get_by_role("link", name=said("door.at_once.plans"))
        expect(way).to_have_attribute("href", f"/org/plan?org={org}")
        expect(second.get_by_role("link", name="Physics")).to_have_attribute("href", f"/m/{first['number']}")
        assert complaints(second) == [], "at the door"
        dashboard = opened(on_the_phone, "/")
        dashboard.get_by_role("button", name=said("meetings.start"), exact=True).click()
        expect(dashboard.get_by_text(said("refused.meeting.at_once", most="1"))).to_be_visible()
        expect(dashboard.get_by_role("link", name=said("meetings.start.plans"))).to_be_visible()
        assert complaints(dashboard) == [], "on the dashboard"
        with browser.new_context(base_url=town.product.address, bypass_csp=True, locale="en") as nobodys:
            guest = goes_in(nobodys, room, "Gus")
            expect(guest.get_by_role("heading", name=say("door.at_once"))).to_be_visible()
            expect(guest.get_by_role("link", name="Physics")).to_have_count(0)
            expect(guest.get_by_role("link", name=say("door.at_once.plans"))).to_have_count(0)
            assert complaints(guest) == [], "a guest at the door"
        expect(running.locator("[data-region=bar]")).to_be_visible()
        owner.does("PUT", "/api/operator/billing/plans", {"plans": [free | {"limits": {}}]})
        second.get_by_role("button", name=said("errors.tryAgain")).click()
        second.locator("form button[type=submit]").click()
        expect(second.locator("[data-region=bar]")).to_be_visible()


def small(browser: Browser, town: Town) -> BrowserContext:
    return signed_in(browser, town, "Fay", locale="zh-CN", viewport={"width": 390, "height": 844})


def knows_who(context: BrowserContext) -> None:
    """From here on the browser knows that somebody is signed in: a guest is kept waiting for no answer."""
    page = opened(context, "/settings/profile")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.close()


def goes_in(context: BrowserContext, link: str, name: str = "") -> Page:
    """From prejoin on. Who is signed in is called as their account is."""
    page = opened(context, link)
    called = page.locator("input[name=name]")
    if name:
        called.fill(name)
    expect(called).not_to_have_value("")
    page.locator("form button[type=submit]").click()
    return page


DUNNED_ON = (15, 25, 36, 45)
"""Days after the invoice's: it is due after 14, and no step comes sooner after the one before."""


def test_who_does_not_pay_is_told_step_by_step_and_all_returns_with_the_money(
    town: Town, browser: Browser, tmp_path: Path
) -> None:
    offer(town, tmp_path)
    owner = town.comes("Ida", f"ida@{DOMAIN}")
    org = town.organisation(owner, "Mere School", "mere.example")
    there = f"/api/billing/{org}"
    owner.does("PUT", f"{there}/customer", {"name": "Mere School", "address": "1 Lake Road", "country": "GB"})
    wanted = {"plan": "team", "seats": 10, "period": "year", "currency": "EUR", "seen": 0}
    owner.does("POST", f"{there}/subscription", wanted)
    before = len(town.post.to(f"ida@{DOMAIN}"))
    for at, day in enumerate(DUNNED_ON):
        on_another_day(town, day)
        told = town.post.to(f"ida@{DOMAIN}", before + at + 1)[-1]
        assert "2026-" in text_of(told) or "2027-" in text_of(told), "each names the invoice"
        if at == 0:
            cannot_add(browser, town)
    page = opened(signed_in(browser, town, "Ida"), "/org/plan")
    expect(page.get_by_text(say("billing.restricted"))).to_be_visible()
    assert complaints(page) == []
    sells(town, "paid", page.get_by_role("rowheader").inner_text(), "600.00", "EUR", "--id", "lake-1")
    page.reload()
    expect(page.get_by_role("heading", name="Team, by the year")).to_be_visible()
    expect(page.get_by_text(say("billing.restricted"))).to_have_count(0)
    page.get_by_role("button", name=say("billing.change")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(say("billing.seats.label")).fill("12")
    expect(dialog.get_by_role("button", name=say("billing.order"))).to_be_enabled()


def cannot_add(browser: Browser, town: Town) -> None:
    page = opened(signed_in(browser, town, "Ida"), "/org/plan")
    expect(page.get_by_text(say("billing.pastDue"))).to_be_visible()
    page.get_by_role("button", name=say("billing.change")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(say("billing.seats.label")).fill("12")
    expect(dialog.get_by_text(say("billing.refused.pastDue"))).to_be_visible()
    expect(dialog.get_by_label(say("billing.seats.label"))).to_have_value("12")
    assert complaints(page) == []
    page.context.close()


def on_another_day(town: Town, ahead: int) -> None:
    """The server was off, and is there again so many days later."""
    town.product.stop()
    town.product.environment["DAY_AHEAD_S"] = str(ahead * 86_400)
    town.product.start()


def offer(town: Town, folder: Path) -> None:
    (folder / "plans.json").write_text(json.dumps(PLANS))
    sells(town, "plans", str(folder / "plans.json"))


def sells(town: Town, *said: str) -> None:
    shell(town, "billing", *said)


def shell(town: Town, *said: str) -> None:
    """As who runs the server, on its day."""
    run = (sys.executable, "-m", town.product.program, *said, "--data", str(town.product.data))
    subprocess.run(run, check=True, capture_output=True, env=town.product.environment)


def says_who_pays(page: Page, say: Say = say) -> None:
    page.get_by_label(say("billing.customer.name")).fill("Riverside School")
    page.get_by_label(say("billing.customer.address")).fill("1 River Road")
    page.get_by_label(say("billing.customer.country")).fill("g1")
    page.get_by_role("button", name=say("billing.customer.keep")).click()
    expect(page.get_by_text(say("billing.refused.country"))).to_be_visible()
    page.get_by_label(say("billing.customer.country")).fill("gb")
    page.get_by_role("button", name=say("billing.customer.keep")).click()
