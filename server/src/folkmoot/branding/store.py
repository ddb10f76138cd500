"""Queries. Each within the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.branding.colour import Colour
from folkmoot.branding.model import NOTHING, Branding, Logo, Shown
from folkmoot.branding.tables import branding
from folkmoot.orgs.tables import orgs


async def of(connection: AsyncConnection, org: str) -> Branding:
    row = (await connection.execute(branding.select().where(branding.c.org == org))).first()
    return NOTHING if row is None else _branding(row)


async def shown(connection: AsyncConnection, org: str) -> Shown | None:
    """None: it looks as Folkmoot does."""
    wanted = sa.select(branding, orgs.c.name.label("called")).join(orgs, orgs.c.id == branding.c.org)
    row = (await connection.execute(wanted.where(branding.c.org == org))).first()
    return None if row is None else Shown(row.name or row.called, _branding(row))


async def put(connection: AsyncConnection, org: str, said: Branding, at: datetime) -> None:
    await remove(connection, org)
    if said == NOTHING:
        return
    logo = said.logo
    row = {"org": org, "name": said.name, "line_en": said.line_en, "line_zh": said.line_zh, "changed_at": at}
    row |= {"accent": _number(said.accent), "accent_dark": _number(said.accent_dark)}
    row |= {"logo": logo and logo.file, "logo_width": logo.width if logo else 0}
    row |= {"logo_height": logo.height if logo else 0}
    await connection.execute(branding.insert().values(row))


async def remove(connection: AsyncConnection, org: str) -> None:
    await connection.execute(branding.delete().where(branding.c.org == org))


def _branding(row: Any) -> Branding:
    logo = None if row.logo is None else Logo(row.logo, row.logo_width, row.logo_height)
    accent, dark = _colour(row.accent), _colour(row.accent_dark)
    return Branding(row.name, row.line_en, row.line_zh, accent, dark, logo)


def _colour(number: int | None) -> Colour | None:
    return None if number is None else Colour.of(number)


def _number(colour: Colour | None) -> int | None:
    return None if colour is None else colour.number
