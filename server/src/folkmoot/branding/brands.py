"""What all that is done with branding has at hand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts import Account
from folkmoot.accounts.holding import BRANDING
from folkmoot.branding import store
from folkmoot.branding.model import Shown
from folkmoot.files import File, Files
from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId, Orgs, Role
from folkmoot.orgs import store as orgs_store
from folkmoot.orgs.orgs import UNKNOWN

KIND = "logo"


@dataclass(frozen=True, slots=True)
class Brands:
    orgs: Orgs

    def __post_init__(self) -> None:
        self.orgs.ended.append(self._ended)

    @property
    def files(self) -> Files:
        return self.orgs.accounts.files

    def lacks(self, org: str) -> Refusal | None:
        """What its plan doesn't hold is kept, and shown to nobody."""
        return self.orgs.accounts.held.lacks(org, BRANDING)

    async def shown(self, connection: AsyncConnection, org: str) -> Shown | None:
        """To others. None: Folkmoot's own."""
        return None if not org or self.lacks(org) is not None else await store.shown(connection, org)

    async def logo(self, id: str) -> File | None:
        found = await self.files.find(id)
        return found if found is not None and found.kind == KIND else None

    async def may(self, connection: AsyncConnection, org: OrgId, by: Account | str) -> Refusal | None:
        """`by`: an owner or admin of it, or the word for who runs the server at its shell."""
        if isinstance(by, str):
            return UNKNOWN if await orgs_store.org_of(connection, org) is None else None
        me = await self.orgs.standing(connection, org, by.id, Role.ADMIN)
        return me if isinstance(me, Refusal) else None

    async def _ended(self, connection: AsyncConnection, org: OrgId) -> None:
        """Its row goes with the organisation's; its file goes here."""
        logo = (await store.of(connection, org)).logo
        if logo is not None:
            await self.files.forget(connection, [logo.file])
