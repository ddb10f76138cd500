"""`/api/orgs/{org}/branding` for its owners and admins; `/api/meetings/{number}/branding` for who has the meeting's link;
`/api/branding/logos/{id}` for who has that address.

Law: whoever shows nothing hears nothing: an unknown meeting, one that has no branding's proof, and a wrong link get one answer.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, Field

from folkmoot.accounts.inside import Inside, signed_in
from folkmoot.branding import changing, model, shown
from folkmoot.branding.brands import Brands
from folkmoot.branding.changing import Wanted
from folkmoot.branding.colour import Against, Light
from folkmoot.branding.model import Branding
from folkmoot.branding.shown import LOGOS, BrandingShown, LineShown, LogoShown, ShadesShown
from folkmoot.files import answer
from folkmoot.kit import Problem, Refusal
from folkmoot.kit.described import gives, takes
from folkmoot.orgs import OrgId
from folkmoot.orgs.routes.answers import done, or_refuse

UPLOAD = re.compile(r"/api/orgs/[^/]+/branding/logo")
BROUGHT = takes("image/png", "image/jpeg", "image/webp")
A_DAY = "public, max-age=86400, immutable"
"""Another logo has another address. Who is asked for it needs to be nobody: no cookie is looked at."""

Proves = Callable[[str, str, str], Awaitable[bool]]
"""Of a meeting's number: whether this admission, or this channel token, is one of its own."""


class BrandingChange(BaseModel):
    """What isn't sent stays; what is empty is Folkmoot's own again."""

    name: str | None = Field(default=None, max_length=1000)
    line_en: str | None = Field(default=None, max_length=2000)
    line_zh: str | None = Field(default=None, max_length=2000)
    accent: str | None = Field(default=None, max_length=32)
    """`#rrggbb`, read on a light page and with words on it."""
    accent_dark: str | None = Field(default=None, max_length=32)
    """On a dark page. Empty: the nearest to `accent` that does."""


class BrandingSaid(BaseModel):
    """What was said, beside what others see of it."""

    name: str
    """Empty: as the organisation is called."""
    line: LineShown
    accent: str
    accent_dark: str
    shades: ShadesShown | None
    logo: LogoShown | None
    held: bool
    """False: the organisation's plan doesn't hold branding. What is here is kept, and shown to nobody else."""


class ColourRequest(BaseModel):
    colour: str = Field(max_length=32)
    light: Light


class LackShown(BaseModel):
    against: Against
    """`label`: words on the colour. `stage`: the ground behind pictures."""
    ratio: float
    least: float


class ColourJudged(BaseModel):
    colour: str
    """As it is read."""
    lack: LackShown | None
    """Null: it can be read."""
    nearest: str
    """The nearest colour that can be; itself, if it can."""
    shades: ShadesShown
    """What would be drawn with the nearest."""


class LinkRequest(BaseModel):
    admission: str = Field(default="", max_length=200)
    """Of the meeting's link or of one's own; without, the channel token is the bearer."""


class MeetingBranding(BaseModel):
    branding: BrandingShown | None
    """Null: Folkmoot's own."""


def router(at: Brands) -> APIRouter:
    api = APIRouter(tags=["organisations"])
    known = Depends(signed_in(at.orgs.accounts))

    def said(org: str, found: Branding) -> BrandingSaid:
        return BrandingSaid(
            name=found.name,
            line=LineShown(en=found.line_en, zh=found.line_zh),
            accent=str(found.accent or ""),
            accent_dark=str(found.accent_dark or ""),
            shades=shown.shades(found),
            logo=shown.logo(found.logo),
            held=at.lacks(org) is None,
        )

    @api.get("/api/orgs/{org}/branding")
    async def look(org: str, me: Inside = known) -> BrandingSaid:
        """By an admin."""
        return said(org, or_refuse(await changing.look(at, me[0], OrgId(org))))

    @api.patch("/api/orgs/{org}/branding")
    async def change(org: str, wanted: BrandingChange, me: Inside = known) -> BrandingSaid:
        """By an admin, where the plan holds branding. A colour that can't be read is refused, with the nearest that can."""
        changed = Wanted(**wanted.model_dump())
        return said(org, or_refuse(await changing.change(at, me[0], OrgId(org), changed)))

    @api.delete("/api/orgs/{org}/branding", status_code=204)
    async def put_back(org: str, me: Inside = known) -> None:
        """Folkmoot's own again, all of it. By an admin, whatever the plan."""
        done(await changing.put_back(at, me[0], OrgId(org)))

    @api.put("/api/orgs/{org}/branding/logo", openapi_extra=BROUGHT)
    async def bring_logo(org: str, request: Request, me: Inside = known) -> BrandingSaid:
        """A PNG, JPEG or WebP of at most 2 MiB. Kept is what this server draws of it, within 480 by 160 pixels. By an admin."""
        return said(org, or_refuse(await changing.bring_logo(at, me[0], OrgId(org), request.stream())))

    @api.delete("/api/orgs/{org}/branding/logo", status_code=204)
    async def take_logo_away(org: str, me: Inside = known) -> None:
        """Its address leads nowhere from now on. By an admin."""
        done(await changing.take_logo_away(at, me[0], OrgId(org)))

    @api.post("/api/orgs/{org}/branding/colour")
    async def judge(org: str, wanted: ColourRequest, me: Inside = known) -> ColourJudged:
        """Whether a colour can be read, by how much not, and the nearest that can. It changes nothing. By an admin."""
        or_refuse(await changing.look(at, me[0], OrgId(org)))
        return judged(wanted)

    return api


def judged(wanted: ColourRequest) -> ColourJudged:
    found = model.judged(wanted.colour, wanted.light)
    if isinstance(found, Refusal):
        raise Problem.of(found)
    colour, missing, drawn = found
    drawn_so = shown.shades(drawn)
    assert drawn_so is not None
    short = None
    if missing is not None:
        short = LackShown(against=missing.against, ratio=missing.shown_ratio, least=missing.least)
    nearest = missing.nearest if missing else colour
    return ColourJudged(colour=str(colour), lack=short, nearest=str(nearest), shades=drawn_so)


def open_router(at: Brands, proves: Proves, org_of: Callable[[str], Awaitable[str]]) -> APIRouter:
    """`org_of`: whose the meeting of that number is; empty: nobody's."""
    api = APIRouter(tags=["meetings"])

    @api.post("/api/meetings/{number}/branding")
    async def of_meeting(
        number: Annotated[str, "Twelve digits"], wanted: LinkRequest, request: Request, response: Response
    ) -> MeetingBranding:
        """How the meeting's organisation looks, to who has a link of it or is there already. Nothing of joining waits for it."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        bearer = token.strip() if scheme.lower() == "bearer" else ""
        if not await proves(number, wanted.admission, bearer):
            raise Problem("meeting.closed_door")
        response.headers["Cache-Control"] = "no-store"
        org = await org_of(number)
        async with at.orgs.storage.reading() as connection:
            return MeetingBranding(branding=shown.branding(await at.shown(connection, org)))

    @api.get(LOGOS + "/{id}", response_class=Response, responses=gives("image/png"))
    async def see_logo(id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")], request: Request) -> Response:
        """To whoever has its address: the branding of a meeting, or of an organisation that one looks after, says it."""
        found = await at.logo(id)
        if found is None:
            raise Problem("files.unknown")
        return await answer(at.files, found, request.headers, inline=True, cache=A_DAY)

    return api
