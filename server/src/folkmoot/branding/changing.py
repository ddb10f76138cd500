"""An organisation's branding is looked at, changed, and put back to Folkmoot's own.

Law: every change is in the audit, by whom and of what; its words are not. What is kept of a logo is what this server drew
(`files.redraw`). Putting back asks no plan.
"""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

from folkmoot.accounts import Account
from folkmoot.audit import Acting
from folkmoot.branding import model, store
from folkmoot.branding.brands import KIND, Brands
from folkmoot.branding.colour import Light
from folkmoot.branding.model import NOTHING, Branding, Logo
from folkmoot.files import Bounds, File, Wish
from folkmoot.kit import Refusal, text
from folkmoot.orgs import OrgId

LARGEST_LOGO = 2 * 1024 * 1024
DRAWN = Bounds(most=512 * 1024)
By = Account | str


@dataclass(frozen=True, slots=True)
class Wanted:
    """None: as it was. Empty: Folkmoot's own."""

    name: str | None = None
    line_en: str | None = None
    line_zh: str | None = None
    accent: str | None = None
    accent_dark: str | None = None


async def look(at: Brands, by: By, org: OrgId) -> Branding | Refusal:
    async with at.orgs.storage.reading() as connection:
        refusal = await at.may(connection, org, by)
        return await store.of(connection, org) if refusal is None else refusal


async def change(at: Brands, by: By, org: OrgId, wanted: Wanted) -> Branding | Refusal:
    async with at.orgs.audit.acting() as act:
        before = await _open(at, act, org, by)
        if isinstance(before, Refusal):
            return before
        after = changed(before, wanted)
        if not isinstance(after, Refusal):
            await _put(at, act, org, by, before, after)
        return after


def changed(before: Branding, wanted: Wanted) -> Branding | Refusal:
    read: dict[str, Any] = {}
    for part in ("name", "line_en", "line_zh", "accent", "accent_dark"):
        said: str | None = getattr(wanted, part)
        if said is None:
            continue
        value = READ[part](said) if said.strip() else getattr(NOTHING, part)
        if isinstance(value, Refusal):
            return value
        read[part] = value
    after = replace(before, **read)
    return replace(after, accent_dark=None) if after.accent is None else after


READ: Mapping[str, Callable[[str], object]] = {
    "name": text.name,
    "line_en": model.line,
    "line_zh": model.line,
    "accent": partial(model.accent, light=Light.LIGHT),
    "accent_dark": partial(model.accent, light=Light.DARK),
}


async def bring_logo(at: Brands, by: By, org: OrgId, brought: AsyncIterator[bytes]) -> Branding | Refusal:
    accounts = at.orgs.accounts
    async with at.orgs.storage.reading() as connection:
        refusal = await at.may(connection, org, by) or at.lacks(org)
    if refusal is not None:
        return refusal
    if wait := accounts.limits.picture(org, at.orgs.clock.monotonic()):
        return Refusal("request.too_many", {"retry_after_s": round(wait, 1)})
    drawn = await _drawn(at, brought)
    if isinstance(drawn, Refusal):
        return drawn
    wish = Wish(org, KIND, "logo.png", "image/png", len(drawn))
    kept = await at.files.keep(wish, DRAWN, _at_once(drawn))
    return kept if isinstance(kept, Refusal) else await _is(at, by, org, kept, drawn)


async def take_logo_away(at: Brands, by: By, org: OrgId) -> Refusal | None:
    async with at.orgs.audit.acting() as act:
        if (refusal := await at.may(act.connection, org, by)) is not None:
            return refusal
        before = await store.of(act.connection, org)
        await _put(at, act, org, by, before, replace(before, logo=None))
    return None


async def put_back(at: Brands, by: By, org: OrgId) -> Refusal | None:
    async with at.orgs.audit.acting() as act:
        if (refusal := await at.may(act.connection, org, by)) is not None:
            return refusal
        before = await store.of(act.connection, org)
        if before == NOTHING:
            return None
        await _forget(at, act, before)
        await store.remove(act.connection, org)
        await act.note(org, _actor(by), "branding.put_back", org)
    return None


# --- inside -----------------------------------------------------------------------------------------------------------


async def _open(at: Brands, act: Acting, org: OrgId, by: By) -> Branding | Refusal:
    refusal = await at.may(act.connection, org, by) or at.lacks(org)
    return refusal if refusal is not None else await store.of(act.connection, org)


async def _put(at: Brands, act: Acting, org: OrgId, by: By, before: Branding, after: Branding) -> None:
    parts = [
        one
        for one in (field.name for field in fields(Branding))
        if getattr(before, one) != getattr(after, one)
    ]
    if not parts:
        return
    if "logo" in parts:
        await _forget(at, act, before)
    await store.put(act.connection, org, after, at.orgs.clock.now())
    for part in parts:
        await act.note(org, _actor(by), f"branding.{part}", org)


async def _forget(at: Brands, act: Acting, before: Branding) -> None:
    if before.logo is not None:
        await at.files.forget(act.connection, [before.logo.file])


async def _is(at: Brands, by: By, org: OrgId, kept: File, drawn: bytes) -> Branding | Refusal:
    """Unless meanwhile they may no more, or the plan has ended."""
    async with at.orgs.audit.acting() as act:
        before = await _open(at, act, org, by)
        if isinstance(before, Refusal):
            await at.files.forget(act.connection, [kept.id])
            return before
        after = replace(before, logo=Logo(kept.id, *_size(drawn)))
        await _put(at, act, org, by, before, after)
    return after


async def _drawn(at: Brands, brought: AsyncIterator[bytes]) -> bytes | Refusal:
    whole = bytearray()
    async for chunk in brought:
        whole += chunk
        if len(whole) > LARGEST_LOGO:
            return Refusal("files.too_large", {"most": LARGEST_LOGO})
    if not whole:
        return Refusal("files.empty")
    if _is_vector(bytes(whole[:4096])):
        return Refusal("branding.vector")
    return await at.orgs.accounts.easel.logo(bytes(whole))


def _is_vector(head: bytes) -> bool:
    """It may hold programs, and look otherwise wherever it is drawn; so it is refused by name, not as something broken."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<svg" in head.lower()


def _size(png: bytes) -> tuple[int, int]:
    """Of the header chunk, which is the first (PNG, 11.2.1)."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _actor(by: By) -> str:
    return by if isinstance(by, str) else by.id


async def _at_once(drawn: bytes) -> AsyncIterator[bytes]:
    yield drawn
