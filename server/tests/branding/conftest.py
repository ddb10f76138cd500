"""A school that is branded, in a database of each kind; and what people bring as its logo."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image, ImageDraw

from folkmoot import rest
from folkmoot.accounts.accounts import SignedIn
from folkmoot.accounts.inside import COOKIE
from folkmoot.accounts.model import SignUp
from folkmoot.branding import Brands, open_router, router
from folkmoot.orgs import OrgId

from ..accounts.conftest import ORIGIN, Mailbox, mailbox, opened
from ..orgs.conftest import Town, built

__all__ = ["mailbox"]

LINK, TICKET, NUMBER = "the link's admission", "a ticket", "123456789012"


@dataclass
class School:
    town: Town
    brands: Brands
    app: FastAPI
    ada: SignedIn
    org: OrgId
    kept_in: Path
    held: set[str] = field(default_factory=lambda: {"branding"})
    """Services of its plan."""

    @property
    def where(self) -> str:
        return f"/api/orgs/{self.org}/branding"

    async def asks(
        self, who: SignedIn | None, method: str, path: str, *, content: bytes | None = None, **said: Any
    ) -> httpx.Response:
        headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
        if who is not None:
            headers["cookie"] = f"{COOKIE}={who.token}"
        if bearer := said.pop("bearer", ""):
            headers["authorization"] = f"Bearer {bearer}"
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client:
            if content is not None:
                return await client.request(method, path, content=content)
            return await client.request(method, path, json=said or None)

    async def gets(self, method: str = "GET", path: str = "", **said: Any) -> Any:
        """What an owner is answered."""
        answer = await self.asks(self.ada, method, self.where + path, **said)
        assert answer.status_code in (200, 204), answer.text
        return answer.json() if answer.content else None

    async def refused(self, method: str, path: str = "", **said: Any) -> tuple[str, dict[str, Any]]:
        answer = await self.asks(self.ada, method, self.where + path, **said)
        problem = answer.json()
        return problem["code"], problem.get("params", {})

    async def seen(self, admission: str = LINK, bearer: str = "", number: str = NUMBER) -> Any:
        """By a guest: the branding, or the code of what they are refused with."""
        path = f"/api/meetings/{number}/branding"
        answer = await self.asks(None, "POST", path, admission=admission, bearer=bearer)
        assert "set-cookie" not in answer.headers
        return answer.json()["branding"] if answer.status_code == 200 else answer.json()["code"]

    async def audit(self) -> list[str]:
        return [one for one in await self.town.audit(self.org) if one.startswith("branding")]

    async def bytes_kept(self) -> int:
        """How many files lie on the disk."""
        await self.town.office.jobs.settled()
        return sum(1 for one in self.kept_in.rglob("*") if one.is_file())


@pytest.fixture
async def school(address: str, mailbox: tuple[Mailbox, int], tmp_path: Path) -> AsyncIterator[School]:
    async with opened(address, mailbox, SignUp.OPEN, mail=True) as office, built(office, tmp_path) as town:
        brands = Brands(town.at)
        ada = await town.person("Ada")
        org = await town.org(ada)

        async def proves(number: str, admission: str, token: str) -> bool:
            return number == NUMBER and (admission == LINK or token == TICKET)

        async def org_of(number: str) -> str:
            return org if number == NUMBER else ""

        app = FastAPI()
        rest.install(app, [router(brands), open_router(brands, proves, org_of)], "0")
        made = School(town, brands, app, ada, org, office.at.files._blobs._root)  # type: ignore[attr-defined]
        office.at.held.holds = lambda owner, service: owner == org and service in made.held
        yield made


def picture(
    kind: str = "PNG", size: tuple[int, int] = (900, 300), mode: str = "RGB", ink: Any = "navy"
) -> bytes:
    """A bar in the middle, of this ink; where something can be seen through, nothing round it."""
    image = Image.new(mode, size, (0, 0, 0, 0) if mode == "RGBA" else "white")
    ImageDraw.Draw(image).rectangle(
        (size[0] // 4, size[1] // 4, 3 * size[0] // 4, 3 * size[1] // 4), fill=ink
    )
    written = BytesIO()
    image.save(written, kind)
    return written.getvalue()


def drawn(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    assert image.format == "PNG" and image.mode == "RGB" and not image.info.get("exif")
    return image
