"""Mails of an organisation's meetings under its own letterhead, as a mail program reads them; and the page that they lead to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from folkmoot.accounts.model import SignUp
from folkmoot.branding.brands import KIND
from folkmoot.branding.colour import parsed
from folkmoot.branding.model import Branding, Logo, Shown
from folkmoot.files import Bounds, Wish

from ..accounts.conftest import Mailbox, mailbox, opened, text_of
from ..branding.conftest import picture
from .conftest import Person, School, school_of
from .test_mails import calendar_of

__all__ = ["mailbox"]

NAME = 'Nord & "Süd" <b>'


class Wardrobe:
    """How meetings look at this moment."""

    def __init__(self) -> None:
        self.shown: Shown | None = None

    async def branded(self, *_: Any) -> Shown | None:
        return self.shown


@pytest.fixture
def wardrobe() -> Wardrobe:
    return Wardrobe()


@pytest.fixture
async def school(address: str, mailbox: tuple[Mailbox, int], wardrobe: Wardrobe) -> AsyncIterator[School]:
    async with (
        opened(address, mailbox, SignUp.OPEN, mail=True) as office,
        school_of(office, branded=wardrobe.branded) as made,
    ):
        yield made


async def with_logo(school: School, wardrobe: Wardrobe) -> None:
    async def brought() -> AsyncIterator[bytes]:
        yield picture(size=(480, 160))

    kept = await school.office.at.files.keep(
        Wish("o_1", KIND, "logo.png", "image/png"), Bounds(most=1 << 20), brought()
    )
    logo = Logo(kept.id, 480, 160)  # type: ignore[union-attr]
    wardrobe.shown = Shown(NAME, Branding(accent=parsed("#1d4ed8"), logo=logo))


def page_of(mail: EmailMessage) -> str:
    part = next(one for one in mail.walk() if one.get_content_type() == "text/html")
    return str(part.get_content())


def invited(school: School) -> EmailMessage:
    return school.mailbox.last_to("bo@y.example")


async def test_name_and_logo_come_with_the_mail_and_nothing_is_loaded(
    ada: Person, school: School, wardrobe: Wardrobe
) -> None:
    await with_logo(school, wardrobe)
    await ada.plans("Physics <i>", people=[{"to": "bo@y.example", "name": "Bo"}])
    await school.settled()
    mail = invited(school)
    kinds = [one.get_content_type() for one in mail.walk()]
    assert kinds == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/calendar",
    ]
    plain, page = text_of(mail), page_of(mail)
    image = next(one for one in mail.walk() if one.get_content_type() == "image/png")
    drawn = Image.open(BytesIO(image.get_payload(decode=True)))  # type: ignore[arg-type]
    assert drawn.size == (480, 160)
    assert image["Content-ID"].strip("<>") in page
    assert "src=" in page and page.count("src=") == page.count('src="cid:')
    assert "url(" not in page and "<link" not in page and "<script" not in page
    assert (
        "Nord &amp; &quot;Süd&quot; &lt;b&gt;" in page and "Physics &lt;i&gt;" in page and "<b>" not in page
    )
    assert "#1d4ed8" in page
    assert plain.splitlines()[0] == NAME and "https://meet.example/m/" in plain
    assert 'href="https://meet.example/m/' in page
    assert str(calendar_of(mail)["METHOD"]) == "REQUEST"


async def test_a_logo_that_went_meanwhile_leaves_the_words(
    ada: Person, school: School, wardrobe: Wardrobe
) -> None:
    wardrobe.shown = Shown("Northfield", Branding(logo=Logo("0" * 32, 480, 160)))
    await ada.plans("Physics", people=[{"to": "bo@y.example", "name": "Bo"}])
    await school.settled()
    assert "Northfield" in page_of(invited(school)) and "<img" not in page_of(invited(school))


async def test_without_branding_a_mail_is_plain_as_ever(ada: Person, school: School) -> None:
    await ada.plans("Physics", people=[{"to": "bo@y.example", "name": "Bo"}])
    await school.settled()
    assert [one.get_content_type() for one in invited(school).walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/calendar",
    ]


async def test_the_page_of_an_answer_and_a_ring_are_branded_too(
    ada: Person, school: School, wardrobe: Wardrobe
) -> None:
    wardrobe.shown = Shown("Northfield", Branding(line_en="Soon."))
    made = await ada.plans("Physics", people=[{"to": "bo@y.example", "name": "Bo"}])
    await school.settled()
    token = next(line for line in text_of(invited(school)).splitlines() if "/answer#" in line).partition(
        "t="
    )[2]
    said = await school.browser().post("/api/calendar/answers/show", json={"token": token.partition("&")[0]})
    assert said.json()["branding"]["name"] == "Northfield"
    wardrobe.shown = None
    said = await school.browser().post("/api/calendar/answers/show", json={"token": token.partition("&")[0]})
    assert said.json()["branding"] is None
    wardrobe.shown = Shown("Northfield", Branding(line_en="Soon."))
    [person] = made["people"]
    await ada.asks("POST", f"/api/calendar/meetings/{made['id']}/people/{person['id']}/ring")
    await school.settled()
    assert text_of(invited(school)).splitlines()[0] == "Northfield"
