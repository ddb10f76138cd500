"""What pages get: the wire's names."""

from __future__ import annotations

from pydantic import BaseModel

from folkmoot.branding.colour import Light, Shade
from folkmoot.branding.model import Branding, Logo, Shown

LOGOS = "/api/branding/logos"


class LogoShown(BaseModel):
    url: str
    """Nothing but this address leads to it, and another logo has another."""
    width: int
    height: int
    """Of its pixels: a page keeps its place."""


class LineShown(BaseModel):
    en: str
    zh: str


class ShadeShown(BaseModel):
    """Colours as `#rrggbb`."""

    accent: str
    hover: str
    on: str
    """Words on either of the two."""
    soft: str
    """Behind words in `accent`."""


class ShadesShown(BaseModel):
    light: ShadeShown
    dark: ShadeShown


class BrandingShown(BaseModel):
    name: str
    line: LineShown
    """What who waits reads; empty where nothing is said in that language."""
    shades: ShadesShown | None
    """Null: Folkmoot's own."""
    logo: LogoShown | None


def branding(seen: Shown | None) -> BrandingShown | None:
    if seen is None:
        return None
    said = seen.branding
    return BrandingShown(
        name=seen.name,
        line=LineShown(en=said.line_en, zh=said.line_zh),
        shades=shades(said),
        logo=logo(said.logo),
    )


def shades(said: Branding) -> ShadesShown | None:
    found = said.shades
    if found is None:
        return None
    return ShadesShown(light=_shade(found[Light.LIGHT]), dark=_shade(found[Light.DARK]))


def logo(known: Logo | None) -> LogoShown | None:
    if known is None:
        return None
    return LogoShown(url=f"{LOGOS}/{known.file}", width=known.width, height=known.height)


def _shade(one: Shade) -> ShadeShown:
    return ShadeShown(accent=str(one.accent), hover=str(one.hover), on=str(one.on), soft=str(one.soft))
