"""What the library's server reads and writes: one organisation, as its directory sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scim2_models import (
    InvalidValueException,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimProvider,
    SearchRequest,
)
from scim2_server.memory import InMemoryStorage
from scim2_server.storage import AsyncScimStorage, SearchPage
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.orgs import group_store, store
from folkmoot.orgs.events import MemberLeft, RulesChanged
from folkmoot.orgs.model import Group, Member, OrgId, State
from folkmoot.orgs.orgs import Orgs
from folkmoot.orgs.scim import people, teams

MOST_WALKED = 20_000
"""So many are looked at for a filter that isn't by name; with more the directory asks by userName or id."""


class OneOrganisation(AsyncScimStorage):
    def __init__(self, at: Orgs, org: OrgId, by: str, provider: ScimProvider) -> None:
        self._at, self._org, self._by, self._provider = at, org, by, provider

    async def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        async with self._at.storage.reading() as connection:
            return await self._one(connection, resource_type, resource_id)

    async def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,
    ) -> SearchPage:
        walked = InMemoryStorage()
        async with self._at.storage.reading() as connection:
            found = [one for kind in resource_types for one in await self._all(connection, kind)]
        walked.resources = found
        return walked.search(resource_types, search_request)

    async def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        async with self._at.audit.acting() as act:
            made: Member | Group
            if _is_user(resource_type):
                made = await people.expect(self._at, act, self._org, self._by, resource)
            else:
                made = await teams.make(self._at, act, self._org, self._by, resource)
            kept = await self._one(act.connection, resource_type, made.id)
        self._at.bus.publish(RulesChanged(self._org))
        return kept

    async def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        id, left = str(resource.id), None
        async with self._at.audit.acting() as act:
            if _is_user(resource_type):
                member = await people.of(act.connection, self._org, id)
                people.must_be(member, expected_version)
                now = await people.change(self._at, act, self._org, self._by, member, resource)
                left = member.account if now.state is State.INACTIVE else None
            else:
                group = await teams.of(act.connection, self._org, id)
                people.must_be(group, expected_version)
                await teams.change(self._at, act, self._org, self._by, group, resource)
            kept = await self._one(act.connection, resource_type, id)
        self._told(left)
        return kept

    async def delete(
        self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None
    ) -> None:
        left = None
        async with self._at.audit.acting() as act:
            if _is_user(resource_type):
                member = await people.of(act.connection, self._org, resource_id)
                people.must_be(member, expected_version)
                await people.drop(act, self._org, self._by, member)
                left = member.account
            else:
                group = await teams.of(act.connection, self._org, resource_id)
                people.must_be(group, expected_version)
                await teams.drop(act, self._org, self._by, group)
        self._told(left)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _told(self, left: Any) -> None:
        if left is not None:
            self._at.bus.publish(MemberLeft(self._org, left))
        self._at.bus.publish(RulesChanged(self._org))

    async def _one(self, connection: AsyncConnection, kind: ResourceType, id: str) -> Resource[Any]:
        if _is_user(kind):
            found = await people.shown(connection, [await people.of(connection, self._org, id)])
        else:
            found = await teams.shown(connection, [await teams.of(connection, self._org, id)])
        return self._read(kind, found)[0]

    async def _all(self, connection: AsyncConnection, kind: ResourceType) -> list[Resource[Any]]:
        if _is_user(kind):
            if await store.count_members(connection, self._org) > MOST_WALKED:
                raise InvalidValueException(detail=f"More than {MOST_WALKED} users are asked for by id.")
            return self._read(kind, await people.shown(connection, await store.listed(connection, self._org)))
        tree = await group_store.tree_of(connection, self._org)
        return self._read(kind, await teams.shown(connection, list(tree.groups.values())))

    def _read(self, kind: ResourceType, found: Sequence[dict[str, Any]]) -> list[Resource[Any]]:
        model = self._provider.model_for(kind)
        assert model is not None
        read: list[Resource[Any]] = [model.model_validate(one) for one in found]  # type: ignore[misc]
        return read


def _is_user(kind: ResourceType) -> bool:
    return kind.id == "User"
