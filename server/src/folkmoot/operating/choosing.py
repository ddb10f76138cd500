"""What the operator chooses while the server runs. Kept in the database, so that the shell can choose too; read again now and then."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import SignUp
from folkmoot.kit import Refusal
from folkmoot.operating.tables import choices

ORIGIN = re.compile(r"https://[a-z0-9.-]+(:\d{1,5})?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?")
DOMAIN = re.compile(r"[^\s@/:]+\.[^\s@/:.]+")
MOST = 100
PEOPLE, MINUTES = (2, 5000), (10, 7 * 24 * 60)
"""The least and the most that a meeting is limited to. Who is in is told ten minutes before the end."""


@dataclass(frozen=True, slots=True)
class Choices:
    sign_up: SignUp | None = None
    domains: tuple[str, ...] | None = None
    embed: tuple[str, ...] | None = None
    """Origins of pages that may show a meeting in a frame."""
    people: int | None = None
    """That a meeting holds; 0: no limit but the configuration's."""
    minutes: int | None = None
    """That a meeting lasts; 0: as long as it likes."""

    def wrong(self) -> Refusal | None:
        many = (self.domains or (), self.embed or ())
        if any(len(some) > MOST for some in many):
            return Refusal("choice.too_many", {"most": MOST})
        if not all(DOMAIN.fullmatch(one) for one in self.domains or ()):
            return Refusal("choice.domain")
        if not all(ORIGIN.fullmatch(one) for one in self.embed or ()):
            return Refusal("choice.origin")
        for said, (least, most) in ((self.people, PEOPLE), (self.minutes, MINUTES)):
            if said and not least <= said <= most:
                return Refusal("choice.limit", {"least": least, "most": most})
        return None


async def read(connection: AsyncConnection) -> Choices:
    kept = {row.name: row.value for row in await connection.execute(choices.select())}
    sign_up = kept.get("sign_up")
    return Choices(
        SignUp(sign_up) if sign_up in set(SignUp) else None,
        _some(kept.get("domains")),
        _some(kept.get("embed")),
        kept.get("people"),
        kept.get("minutes"),
    )


async def write(connection: AsyncConnection, chosen: Choices) -> None:
    """What isn't chosen stays as it was."""
    said: dict[str, Any] = {"sign_up": chosen.sign_up, "domains": chosen.domains, "embed": chosen.embed}
    said |= {"people": chosen.people, "minutes": chosen.minutes}
    for name, value in said.items():
        if value is not None:
            await connection.execute(choices.delete().where(choices.c.name == name))
            await connection.execute(choices.insert().values(name=name, value=_kept(value)))


def _kept(value: Any) -> Any:
    if isinstance(value, SignUp):
        return value.value
    return value if isinstance(value, int) else list(value)


def _some(kept: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if kept is None else tuple(kept)
