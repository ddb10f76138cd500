"""The values: what an organisation looks like, and to whom. Pure.

Law: what is shown to a guest is text and numbers. No word of it is markup, no colour is a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from folkmoot.branding.colour import Colour, Lack, Light, Shade, lack, nearest, parsed, shade
from folkmoot.kit import Refusal, text

LONGEST_LINE = 140
"""Characters that who waits reads."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG that this server drew. Width and height of its pixels, so that a page keeps its place."""

    file: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Branding:
    name: str = ""
    """Empty: as the organisation is called."""
    line_en: str = ""
    line_zh: str = ""
    accent: Colour | None = None
    accent_dark: Colour | None = None
    """None: the nearest to `accent` that is read on a dark page."""
    logo: Logo | None = None

    @property
    def shades(self) -> Mapping[Light, Shade] | None:
        if self.accent is None:
            return None
        dark = self.accent_dark or nearest(self.accent, Light.DARK)
        return {Light.LIGHT: shade(self.accent, Light.LIGHT), Light.DARK: shade(dark, Light.DARK)}


NOTHING = Branding()
"""Folkmoot's own."""


@dataclass(frozen=True, slots=True)
class Shown:
    """As others see it."""

    name: str
    branding: Branding


def accent(said: str, light: Light) -> Colour | Refusal:
    found = judged(said, light)
    if isinstance(found, Refusal):
        return found
    colour, missing, _ = found
    if missing is None:
        return colour
    told = {"light": light.value, "against": missing.against, "nearest": str(missing.nearest)}
    return Refusal("branding.contrast", told | {"ratio": missing.shown_ratio, "least": missing.least})


def judged(said: str, light: Light) -> tuple[Colour, Lack | None, Branding] | Refusal:
    """The colour, what it lacks, and how it would look with the nearest that lacks nothing."""
    colour = parsed(said.strip())
    if colour is None:
        return Refusal("branding.colour")
    missing = lack(colour, light)
    passing = colour if missing is None else missing.nearest
    if light is Light.DARK:
        return colour, missing, Branding(accent=nearest(passing, Light.LIGHT), accent_dark=passing)
    return colour, missing, Branding(accent=passing)


def line(said: str) -> str | Refusal:
    accepted = text.title(said)
    if isinstance(accepted, Refusal) or text.graphemes(accepted) > LONGEST_LINE:
        return Refusal("branding.line", {"most": LONGEST_LINE})
    return accepted
