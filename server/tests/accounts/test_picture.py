"""A picture of oneself: whatever is brought, what is kept is small, square, plain, and gone when it should be."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator
from io import BytesIO

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from folkmoot.accounts import picture, profile, store
from folkmoot.accounts.accounts import SignedIn
from folkmoot.accounts.model import Account, Session
from folkmoot.accounts.picture_routes import pictures_router
from folkmoot.files import pictures
from folkmoot.kit import Refusal
from folkmoot.rest import install

from .conftest import Office

Inside = tuple[Account, Session]
UNREADABLE = Refusal("picture.unreadable")
SECRET = b"where it was taken"


async def inside(office: Office) -> Inside:
    found = await office.at.who((await office.has_account()).token)
    assert found
    return found


async def shown(office: Office, who: Inside) -> Account:
    async with office.at.storage.reading() as connection:
        found = await store.account_of(connection, who[0].id)
    assert found
    return found


async def brought(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), 1 << 16):
        yield content[at : at + (1 << 16)]


async def brings(office: Office, who: Inside, content: bytes) -> Refusal | None:
    return await picture.change(office.at, who[0], brought(content))


async def seen(office: Office, who: Inside) -> Image.Image | None:
    """What others see of them now."""
    account = await shown(office, who)
    found = await picture.find(office.at, account.picture) if account.picture else None
    if found is None:
        return None
    return Image.open(BytesIO(b"".join([chunk async for chunk in office.at.files.read(found)])))


def of_camera(kind: str, size: tuple[int, int] = (1200, 900), turned: int = 1) -> bytes:
    """Left half red, right half blue; says where it was taken."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = SECRET.decode(), turned
    written = BytesIO()
    image.save(written, kind, exif=exif)
    assert SECRET in written.getvalue()
    return written.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_what_is_kept_is_drawn_anew_upright_and_without_a_word(office: Office, kind: str) -> None:
    ada = await inside(office)
    assert await brings(office, ada, of_camera(kind, turned=6)) is None
    kept = await seen(office, ada)
    assert kept is not None and (kept.format, kept.size) == ("WEBP", (256, 256))
    above, below = kept.getpixel((128, 20)), kept.getpixel((128, 236))
    assert isinstance(above, tuple) and isinstance(below, tuple)
    assert above[0] > 200 and below[2] > 200, "turned as the camera was held"
    assert SECRET not in b"".join(bytes(str(value), "latin-1") for value in kept.info.values())


async def test_one_that_can_be_seen_through_is_white_behind(office: Office) -> None:
    ada, written = await inside(office), BytesIO()
    Image.new("LA", (40, 40), (0, 0)).save(written, "PNG")
    assert await brings(office, ada, written.getvalue()) is None
    kept = await seen(office, ada)
    assert kept is not None and kept.getpixel((5, 5)) == (255, 255, 255)


def bomb(width: int, height: int) -> bytes:
    """A few bytes that say they are so many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(width // 8 + 1) * min(height, 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def gif() -> bytes:
    written = BytesIO()
    Image.new("P", (8, 8)).save(written, "GIF")
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "files.empty"),
        (b"<svg onload=alert(1)>", "picture.unreadable"),
        (b"GIF89a" + bytes(20), "picture.unreadable"),
        (gif(), "picture.unreadable"),
        (of_camera("JPEG")[:900], "picture.unreadable"),
        (of_camera("PNG")[:400], "picture.unreadable"),
        (bomb(50_000, 50_000), "picture.too_large"),
        (bomb(60_000, 60_000), "picture.too_large"),
        (bytes(pictures.LARGEST + 1), "files.too_large"),
    ],
    ids=[
        "nothing",
        "svg",
        "gif head",
        "gif",
        "cut jpeg",
        "cut png",
        "bomb",
        "greater bomb",
        "too many bytes",
    ],
)
async def test_what_is_no_picture_leaves_the_one_there_was(office: Office, content: bytes, code: str) -> None:
    ada = await inside(office)
    assert await brings(office, ada, of_camera("JPEG")) is None
    refusal = await brings(office, ada, content)
    assert isinstance(refusal, Refusal) and refusal.code == code
    assert await seen(office, ada) is not None


async def test_what_takes_too_long_is_given_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "WITHIN_S", 0.0)
    assert await brings(office, await inside(office), of_camera("JPEG")) == UNREADABLE


async def test_a_new_one_is_in_place_of_the_old_and_both_go_with_the_account(office: Office) -> None:
    ada = await inside(office)
    for _ in range(2):
        assert await brings(office, ada, of_camera("JPEG")) is None
    async with office.at.storage.reading() as connection:
        assert len(await office.at.files.of(connection, ada[0].id)) == 1
    account = await shown(office, ada)
    exported = await profile.exported(office.at, account)
    assert exported["account"]["picture"].startswith("data:image/webp;base64,")
    assert await profile.delete(office.at, account, ada[1]) is None
    assert await picture.find(office.at, account.picture) is None


async def test_one_that_was_drawn_while_the_account_went_is_not_kept(office: Office) -> None:
    ada = await inside(office)
    assert await profile.delete(office.at, *ada) is None
    await brings(office, ada, of_camera("JPEG"))
    async with office.at.storage.reading() as connection:
        assert await office.at.files.of(connection, ada[0].id) == []


async def test_nobody_changes_it_all_day(office: Office) -> None:
    ada = await inside(office)
    said = [await brings(office, ada, b"") for _ in range(21)]
    assert said[19] == Refusal("files.empty")
    assert isinstance(said[20], Refusal) and said[20].code == "request.too_many"


async def test_whoever_has_its_address_sees_it_and_nothing_else(office: Office) -> None:
    ada = await inside(office)
    app = FastAPI()
    install(app, [pictures_router(office.at)], "0")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://meet.example") as anybody:
        unsigned = await anybody.put("/api/account/picture", content=of_camera("JPEG"))
        assert (unsigned.status_code, unsigned.json()["code"]) == (401, "account.signed_out")
        signed = await office.signs_in()
        assert isinstance(signed, SignedIn)
        cookie = {"cookie": f"__Host-folkmoot={signed.token}", "sec-fetch-site": "same-origin"}
        elsewhere = cookie | {"sec-fetch-site": "cross-site"}
        put = await anybody.put("/api/account/picture", content=of_camera("JPEG"), headers=elsewhere)
        assert put.json()["code"] == "request.other_site"
        put = await anybody.put("/api/account/picture", content=of_camera("JPEG"), headers=cookie)
        id = put.json()["picture"]
        assert put.status_code == 200 and len(id) == 32

        answer = await anybody.get(f"/api/pictures/{id}")
        assert answer.headers["content-type"] == "image/webp"
        assert answer.headers["cache-control"] == "private, max-age=86400, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        again = await anybody.get(f"/api/pictures/{id}", headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
        assert (await anybody.delete("/api/account/picture", headers=cookie)).status_code == 204
        for gone in (id, "0" * 32):
            assert (await anybody.get(f"/api/pictures/{gone}")).json()["code"] == "files.unknown"
        assert (await anybody.get("/api/pictures/notes.txt")).json()["code"] == "request.invalid"
    assert await seen(office, ada) is None
