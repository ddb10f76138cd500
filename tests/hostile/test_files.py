"""What is brought to a chat to harm who sits there: names, pictures, pages, floods. H49 to H53 of the list of attacks."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any
from urllib.parse import quote

import aiohttp

from tests.hostile.visitor import ADMISSION, Visitor, meeting
from tests.product import Product

NASTY = [
    "<img src=x onerror=alert(1)>.html",
    "../../../../etc/passwd",
    "C:\\windows\\system32\\con.exe",
    "nul.txt",
    "gpj.exe\u202eevil.jpg",
    "null\x00byte.pdf",
    "z" + "\u0301" * 10_000 + ".txt",
    "\U0001f9d1\u200d\U0001f4bb.png",
    'quote"; filename="other.html',
    "line\r\nset-cookie: a=b",
    "",
]
PAGES = {
    "text/html": b"<!doctype html><script>parent.alert(1)</script>",
    "image/svg+xml": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "application/xhtml+xml": b"<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>",
    "image/jpeg": b"\xff\xd8\xff\xe0<script>alert(1)</script>",
    "application/zip": b"PK\x03\x04" + b"\0" * 1000,
    "application/vnd.ms-excel.sheet.macroEnabled.12": b"PK\x03\x04",
}


def bearing(who: Visitor, **said: str) -> dict[str, str]:
    headers = {"folkmoot-name": "notes.txt", "folkmoot-command": secrets.token_hex(4)}
    headers |= {f"folkmoot-{word.replace('_', '-')}": value for word, value in said.items()}
    return headers | {"authorization": f"Bearer {who.joined['channel_token']}"}


async def brings(who: Visitor, content: Any, type: str = "text/plain", **said: str) -> tuple[int, str]:
    url = f"{who.product.address}api/meetings/{who.number}/files"
    headers = bearing(who, **said) | {"content-type": type}
    async with who.http.post(url, data=content, headers=headers) as answer:
        body = await answer.json() if answer.status >= 400 else {}
        return answer.status, str(body.get("code", ""))


async def fetches(who: Visitor, id: str, **headers: str) -> aiohttp.ClientResponse:
    url = f"{who.product.address}api/meetings/{who.number}/files/{quote(id, safe='')}"
    async with who.http.get(url, headers=bearing(who) | headers) as answer:
        await answer.read()
        return answer


async def test_h49_a_name_is_a_label_and_never_a_path_a_header_or_markup(product: Product) -> None:
    async with meeting(product) as host:
        for said in NASTY:
            status, _ = await brings(host, b"x", name=quote(said)[:4096])
            assert status == 204, said
        brought = await all_of(host, len(NASTY))
        for name in (file["name"] for file in brought):
            assert 0 < len(name) <= 120
            assert not set(name) & set('/\\<>:"|?*\r\n\0\u202e'), name
        for file in brought:
            answer = await fetches(host, file["id"])
            assert answer.headers["content-disposition"].startswith("attachment; ")
            assert "set-cookie" not in answer.headers


async def test_h49_a_persons_name_and_their_words_are_text_and_nothing_else(product: Product) -> None:
    """What is kept of either is what everybody gets; a page draws it as text (`web/src/core/names`, `links`)."""
    async with meeting(product) as host:
        for said in NASTY:
            guest = Visitor(product, host.http, host.number)
            status = await guest.join(said, admission=ADMISSION)
            name = guest.joined.get("name", "")
            assert status in (200, 422), said
            assert (status == 200) == (0 < len(name) <= 256), said
            assert not set(name) & set("\r\n\0\u202e"), name
            await host.do("chat", "send", text=said)  # done, or refused with a code
        assert "done" in await host.do("chat", "send", text="and talk")
        for sent in host.events("sent"):
            # It may turn itself round, as words of some scripts do: a page draws it in a block of its own.
            assert "\0" not in sent["text"] and len(sent["text"]) <= 5000, sent["id"]


async def test_h50_and_h52_whatever_a_file_is_a_browser_that_opens_it_runs_nothing(product: Product) -> None:
    async with meeting(product) as host:
        for type, content in PAGES.items():
            assert (await brings(host, content, type))[0] == 204, type
        brought = await all_of(host, len(PAGES))
        for file in brought:
            answer = await fetches(host, file["id"])
            assert answer.headers["content-type"] == "application/octet-stream"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["content-security-policy"].startswith("sandbox;")
            assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        # By its address alone, as a link in a mail would open it, there is nothing at all.
        url = f"{product.address}api/meetings/{host.number}/files/{brought[0]['id']}"
        async with host.http.get(url) as bare:
            assert bare.status == 401


async def test_h51_a_flood_of_files_is_one_persons_trouble(product: Product) -> None:
    async with meeting(product) as host:
        other = Visitor(product, host.http, host.number)
        assert await other.comes("Other") == "guest"
        answers = await asyncio.gather(*(brings(other, b"x") for _ in range(200)))
        assert {code for status, code in answers if status != 204} == {"meeting.rate_limited"}
        assert sum(status == 204 for status, _ in answers) < 100
        assert (await brings(host, b"mine"))[0] == 204, "others bring theirs meanwhile"
        assert "done" in await host.do("chat", "send", text="and talk")


async def test_h52_what_says_it_is_enormous_or_breaks_off_is_nothing(product: Product) -> None:
    async with meeting(product) as host:
        url = f"{product.address}api/meetings/{host.number}/files"
        huge = bearing(host) | {"content-length": str(50 * 1024**3)}
        reader, writer = await asyncio.open_connection("127.0.0.1", product.port)
        lines = [f"POST {url} HTTP/1.1", "host: localhost", *(f"{k}: {v}" for k, v in huge.items())]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        said = await asyncio.wait_for(reader.readline(), 10)
        writer.close()
        assert b" 413 " in said, "it is refused before a byte of it"
        assert await brings(host, b"") == (422, "files.empty")
        small = str(len(PAGES["text/html"]))
        assert (await brings(host, PAGES["text/html"] + b"file", preview=small))[0] == 204
        [file] = await all_of(host, 1)
        assert "preview" not in file, "a page is no picture"
        for odd in ({"preview": "-1"}, {"preview": "999999999"}, {"command": ""}, {"to": "x" * 100}):
            assert (await brings(host, b"x", **odd))[0] == 422, odd
        for id in ("..", "../../passwd", "%2e%2e", "x" * 5000, file["id"].upper(), "\0"):
            assert (await fetches(host, id)).status in (404, 400, 414), id
        for range, status in (
            ("bytes=0-0", 206),
            ("bytes=99-", 416),
            ("bytes=-0", 416),
            ("bytes=0-,0-,0-", 200),
        ):
            assert (await fetches(host, file["id"], range=range)).status == status, range


async def all_of(who: Visitor, count: int) -> list[dict[str, Any]]:
    """So many files, once they were told of."""
    while len(told := who.events("sent")) < count:
        await who.next()
    return [payload["file"] for payload in told if "file" in payload]


async def test_h53_who_waits_was_removed_or_is_of_elsewhere_gets_nothing_of_it(product: Product) -> None:
    async with meeting(product, waiting_room="guests") as host, meeting(product) as elsewhere:
        outside = Visitor(product, host.http, host.number)
        assert await outside.comes("Outside") == "waiting"
        assert (await brings(host, b"secret"))[0] == 204
        [file] = await all_of(host, 1)
        elsewhere.number, home = host.number, elsewhere.number
        for stranger in (outside, elsewhere):
            assert (await fetches(stranger, file["id"])).status in (401, 403)
            assert (await brings(stranger, b"x"))[0] in (401, 403)
        elsewhere.number = home
        assert (await fetches(elsewhere, file["id"])).status == 404
        await host.do("meeting", "admit", participant=outside.id)
        assert (await fetches(outside, file["id"])).status == 200
        await host.do("meeting", "remove", participant=outside.id)
        assert (await fetches(outside, file["id"])).status == 403
