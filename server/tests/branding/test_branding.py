"""An organisation says how it looks; guests see it with a link, where the plan holds it; nothing of it is markup."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from folkmoot.files.redraw import LOGO
from folkmoot.orgs import changing, founding, inviting
from folkmoot.orgs.changing import Change
from folkmoot.orgs.model import LINK_LIFE, Role

from ..orgs.conftest import right
from .conftest import TICKET, School, drawn, mailbox, picture

__all__ = ["mailbox"]

WORDS = {"name": "Northfield", "line_en": "We let you in at nine.", "line_zh": "九点开始入场。"}


async def test_what_is_said_is_what_a_guest_with_the_link_sees(school: School) -> None:
    assert await school.seen() is None
    said = await school.gets("PATCH", **WORDS, accent="#1d4ed8")
    assert said["held"] and said["name"] == "Northfield" and said["accent"] == "#1d4ed8"
    seen = await school.seen()
    assert seen["name"] == "Northfield" and seen["logo"] is None
    assert seen["line"] == {"en": WORDS["line_en"], "zh": WORDS["line_zh"]}
    assert seen["shades"]["light"]["accent"] == "#1d4ed8"
    assert seen == await school.seen(admission="", bearer=TICKET)
    assert await school.audit() == [f"branding.{one}" for one in ("name", "line_en", "line_zh", "accent")]


async def test_without_a_link_there_is_one_answer_whatever_there_is(school: School) -> None:
    await school.gets("PATCH", **WORDS)
    for shown in (
        {"admission": "guessed"},
        {"admission": ""},
        {"admission": "", "bearer": "guessed"},
        {"number": "999999999999"},
    ):
        assert await school.seen(**shown) == "meeting.closed_door"


async def test_a_name_alone_is_enough_and_without_one_it_is_called_as_it_is(school: School) -> None:
    await school.gets("PATCH", line_en="Soon.")
    assert (await school.seen())["name"] == "Northfield School"
    await school.gets("PATCH", line_en="")
    assert await school.seen() is None, "nothing is said any more"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"name": "x" * 65}, "name.invalid"),
        ({"name": "\u202eevil"}, "name.invalid"),
        ({"line_en": "x" * 141}, "branding.line"),
        ({"line_zh": "one\ntwo"}, "branding.line"),
        ({"accent": "url(//x)"}, "branding.colour"),
        ({"accent": "#fff;}"}, "branding.colour"),
        ({"accent_dark": "red"}, "branding.colour"),
    ],
)
async def test_what_can_not_be_is_refused_and_nothing_is_changed(
    school: School, said: dict[str, Any], code: str
) -> None:
    await school.gets("PATCH", **WORDS)
    before = await school.gets()
    assert (await school.refused("PATCH", **said))[0] == code
    assert await school.gets() == before


async def test_markup_is_text(school: School) -> None:
    await school.gets("PATCH", name="<b>Nord</b>", line_en="<script>alert(1)</script>")
    assert (await school.seen())["line"]["en"] == "<script>alert(1)</script>"


async def test_a_colour_that_can_not_be_read_is_refused_with_the_nearest_that_can(school: School) -> None:
    code, params = await school.refused("PATCH", accent="#ffcc00")
    assert code == "branding.contrast"
    assert params == {"light": "light", "against": "page", "ratio": 1.39, "least": 4.5, "nearest": "#8b6d00"}
    judged = await school.gets("POST", "/colour", colour="#ffcc00", light="light")
    assert judged["lack"] == {"against": "page", "ratio": 1.39, "least": 4.5}
    assert judged["nearest"] == "#8b6d00" == judged["shades"]["light"]["accent"]
    said = await school.gets("PATCH", accent=judged["nearest"], accent_dark="#ffcc00")
    assert said["shades"]["dark"]["accent"] == "#ffcc00"
    assert (await school.gets("PATCH", accent=""))["accent_dark"] == "", (
        "one of dark pages stands beside one of light"
    )


async def test_a_logo_is_drawn_anew_and_shown_to_who_has_its_address(school: School) -> None:
    said = await school.gets("PUT", "/logo", content=picture("JPEG", (3000, 1000)))
    logo = said["logo"]
    assert (logo["width"], logo["height"]) == LOGO
    answer = await school.asks(None, "GET", logo["url"])
    assert drawn(answer.content).size == LOGO
    headers = answer.headers
    assert headers["content-type"] == "image/png" and headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["cache-control"].startswith("public") and "set-cookie" not in headers
    assert await school.audit() == ["branding.logo"]
    again = await school.gets("PUT", "/logo", content=picture("WEBP", (100, 100)))
    assert again["logo"]["url"] != logo["url"]
    assert (await school.asks(None, "GET", logo["url"])).status_code == 404
    assert await school.bytes_kept() == 1
    assert (await school.asks(None, "GET", "/api/branding/logos/" + "0" * 32)).status_code == 404


@pytest.mark.parametrize(("ink", "ground"), [("navy", (255, 255, 255)), ("white", (28, 30, 27))])
async def test_what_can_be_seen_through_has_the_ground_it_was_drawn_for(
    school: School, ink: str, ground: tuple[int, int, int]
) -> None:
    said = await school.gets("PUT", "/logo", content=picture(mode="RGBA", ink=ink))
    image = drawn((await school.asks(None, "GET", said["logo"]["url"])).content)
    assert image.getpixel((2, 2)) == ground
    assert image.getpixel((image.width // 2, image.height // 2)) == (
        (0, 0, 128) if ink == "navy" else (255, 255, 255)
    )


@pytest.mark.parametrize(
    ("brought", "code"),
    [
        (
            b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
            "branding.vector",
        ),
        (b"\xef\xbb\xbf  <SVG onload=alert(1)>", "branding.vector"),
        (b"GIF89a" + b"\0" * 40, "picture.unreadable"),
        (b"\x89PNG\r\n\x1a\n but no picture", "picture.unreadable"),
        (picture(mode="RGBA", ink=(0, 0, 0, 0)), "picture.unreadable"),
        (b"", "files.empty"),
        (b"\xff" * (2 * 1024 * 1024 + 1), "files.too_large"),
    ],
    ids=["svg", "svg with a mark", "gif", "broken", "nothing to see", "empty", "too large"],
)
async def test_what_is_no_logo_is_refused_and_the_one_before_stays(
    school: School, brought: bytes, code: str
) -> None:
    before = await school.gets("PUT", "/logo", content=picture())
    assert (await school.refused("PUT", "/logo", content=brought))[0] == code
    assert (await school.gets())["logo"] == before["logo"]
    assert await school.bytes_kept() == 1


async def test_a_plan_without_it_shows_nothing_and_loses_nothing(school: School) -> None:
    await school.gets("PATCH", **WORDS)
    await school.gets("PUT", "/logo", content=picture())
    seen = await school.seen()
    school.held.clear()
    assert await school.seen() is None
    said = await school.gets()
    assert not said["held"] and said["name"] == "Northfield" and said["logo"]
    for method, path, more in (("PATCH", "", {"name": "Else"}), ("PUT", "/logo", {"content": picture()})):
        assert await school.refused(method, path, **more) == ("plan.without", {"service": "branding"})
    school.held.add("branding")
    assert await school.seen() == seen
    school.held.clear()
    await school.gets("DELETE", "/logo")
    await school.gets("DELETE")
    school.held.add("branding")
    assert await school.seen() is None, "putting back asks no plan"


async def test_put_back_to_folkmoots_own(school: School) -> None:
    await school.gets("PATCH", **WORDS, accent="#1d4ed8")
    await school.gets("PUT", "/logo", content=picture())
    await school.gets("DELETE")
    await school.gets("DELETE")
    assert (await school.audit())[-1:] == ["branding.put_back"], "once"
    assert await school.seen() is None and await school.bytes_kept() == 0


async def test_only_owners_and_admins_may_and_an_outsider_hears_nothing(school: School) -> None:
    town = school.town
    bo, eve = await town.person("Bo"), await town.person("Eve", "eve@elsewhere.example")
    _, made = right(await inviting.open_link(town.at, school.ada.account, school.org, None, LINK_LIFE))
    await town.comes(bo, made.partition("#")[2])

    async def code(who: Any, method: str = "GET", **said: Any) -> str:
        answer = await school.asks(who, method, school.where, **said)
        return answer.json()["code"] if answer.status_code >= 400 else "ok"

    assert await code(bo) == await code(bo, "PATCH", name="Bo's") == "org.not_allowed"
    assert await code(eve) == await code(eve, "DELETE") == "org.unknown"
    assert await code(None) == "account.signed_out"
    [entry] = await town.people(school.org, school.ada, "Bo")
    change = Change(role=Role.ADMIN)
    session = (await town.office.at.who(school.ada.token))[1]  # type: ignore[index]
    assert (
        await changing.change(town.at, school.ada.account, session, school.org, [entry.member.id], change)
        is None
    )
    assert await code(bo, "PATCH", name="Bo's") == "ok"


async def test_an_organisation_that_ends_takes_its_logo_along(school: School) -> None:
    await school.gets("PUT", "/logo", content=picture())
    session = (await school.town.office.at.who(school.ada.token))[1]  # type: ignore[index]
    assert await founding.delete(school.town.at, school.ada.account, session, school.org) is None
    assert await school.bytes_kept() == 0
    assert await school.seen() is None


async def test_two_who_change_at_once_lose_nothing_of_each_other(school: School) -> None:
    await asyncio.gather(
        *(school.gets("PATCH", name="Northfield") for _ in range(3)),
        *(school.gets("PATCH", line_en="Soon.") for _ in range(3)),
        school.gets("PUT", "/logo", content=picture()),
    )
    seen = await school.seen()
    assert seen["name"] == "Northfield" and seen["line"]["en"] == "Soon." and seen["logo"]
    assert sorted(await school.audit()) == ["branding.line_en", "branding.logo", "branding.name"]
