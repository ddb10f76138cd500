"""Users of SCIM: people of an organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from scim2_models import (
    InvalidValueException,
    MutabilityException,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    UniquenessException,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts.model import address as in_one_form
from folkmoot.accounts.tables import addresses
from folkmoot.audit import Acting
from folkmoot.kit import Refusal, text
from folkmoot.orgs import domain_store, names, store
from folkmoot.orgs.joining import is_last_owner
from folkmoot.orgs.model import LISTED, MOST_MEMBERS, Member, MemberId, OrgId, Role, State
from folkmoot.orgs.orgs import Orgs

SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
ON = (State.MEMBER, State.INVITED)


async def of(connection: AsyncConnection, org: OrgId, id: str) -> Member:
    member = await store.member(connection, org, MemberId(id))
    if member is None or member.state not in LISTED:
        raise NotFoundException
    return member


async def shown(connection: AsyncConnection, members: Sequence[Member]) -> list[dict[str, Any]]:
    c = addresses.c
    accounts = [one.account for one in members if one.account]
    found = addresses.select().where(c.account.in_(accounts), c.proven_at.is_not(None))
    rows = await connection.execute(found.order_by(c.proven_at.desc(), c.address.desc()))
    proven = {row.account: row.address for row in rows}
    return [_shown(one, one.address or proven.get(one.account) or one.name) for one in members]


def _shown(member: Member, address: str) -> dict[str, Any]:
    emails = [{"value": address, "primary": True, "type": "work"}] if "@" in address else []
    return {
        "schemas": [SCHEMA],
        "id": member.id,
        "externalId": member.external,
        "userName": address,
        "displayName": member.name,
        "name": {"formatted": member.name},
        "emails": emails,
        "active": member.state in ON,
        "meta": meta("User", member),
    }


def meta(kind: str, one: Any) -> dict[str, Any]:
    return {
        "resourceType": kind,
        "created": one.made_at.isoformat(),
        "lastModified": one.changed_at.isoformat(),
        "version": f'W/"{one.version}"',
    }


def must_be(one: Any, expected: str | None) -> None:
    if expected is not None and expected != f'W/"{one.version}"':
        raise PreconditionFailedException


async def expect(at: Orgs, act: Acting, org: OrgId, by: str, said: Resource[Any]) -> Member:
    address = await _address(act, org, said)
    there = await store.member_by_address(act.connection, org, address)
    if (there is not None and there.state in LISTED) or await _is_member(act, org, address):
        raise UniquenessException
    if await store.count_members(act.connection, org) >= MOST_MEMBERS:
        raise InvalidValueException(detail=f"An organisation has at most {MOST_MEMBERS} people.")
    now = at.clock.now()
    state = State.INACTIVE if _field(said, "active") is False else State.INVITED
    made = Member(
        *(MemberId(at.draw("m_")), org, None, address, _name(said, address), Role.MEMBER, state, now, now),
        external=_external(said),
        managed=True,
    )
    await store.add_member(act.connection, made)
    await act.note(org, by, "member.expected", made.id)
    return made


async def change(at: Orgs, act: Acting, org: OrgId, by: str, member: Member, said: Resource[Any]) -> Member:
    changed: dict[str, Any] = {"external": _external(said), "managed": True}
    if member.account is None:
        address = await _address(act, org, said)
        other = await store.member_by_address(act.connection, org, address)
        if other is not None and other.id != member.id:
            raise UniquenessException
        changed |= {"address": address, **store.seen_as(_name(said, address), (address,))}
    else:
        [mine] = await shown(act.connection, [member])
        if str(_field(said, "user_name")).lower() != mine["userName"]:
            raise MutabilityException(detail="Whoever has an account here has chosen their address.")
    on = _field(said, "active") is not False
    if on is not (member.state in ON):
        changed["state"] = await _switched(act, member, on=on)
        await act.note(org, by, "member.switched_on" if on else "member.switched_off", member.id)
    else:
        await act.note(org, by, "member.changed", member.id)
    await store.change_member(act.connection, member.id, at.clock.now(), **changed)
    return await of(act.connection, org, member.id)


async def drop(act: Acting, org: OrgId, by: str, member: Member) -> None:
    if await is_last_owner(act, member):
        raise MutabilityException(detail="An organisation is never without an owner.")
    await store.remove_member(act.connection, member.id)
    await act.note(org, by, "member.removed", member.id)


async def _switched(act: Acting, member: Member, *, on: bool) -> str:
    if on:
        return (State.MEMBER if member.account else State.INVITED).value
    if await is_last_owner(act, member):
        raise MutabilityException(detail="An organisation is never without an owner.")
    return State.INACTIVE.value


async def _address(act: Acting, org: OrgId, said: Resource[Any]) -> str:
    """Of a domain that the organisation has proven: it speaks for nobody else."""
    address = in_one_form(str(_field(said, "user_name") or ""))
    if isinstance(address, Refusal):
        raise InvalidValueException(detail="userName is a mail address here.")
    domain = names.domain(address.rpartition("@")[2])
    kept = None if isinstance(domain, Refusal) else await domain_store.domain_of(act.connection, org, domain)
    if kept is None or kept.proven_at is None:
        raise InvalidValueException(detail="userName is of a domain that the organisation hasn't proven.")
    return address


async def _is_member(act: Acting, org: OrgId, address: str) -> bool:
    c = addresses.c
    account = await act.connection.scalar(
        sa.select(c.account).where(c.address == address, c.proven_at.is_not(None))
    )
    mine = None if account is None else await store.member_of(act.connection, org, account)
    return mine is not None and mine.state in LISTED


def _name(said: Resource[Any], address: str) -> str:
    """The first that can be one."""
    whole = _field(said, "name")
    parts = [_field(whole, one) for one in ("given_name", "family_name")] if whole else []
    joined = " ".join(str(part) for part in parts if part)
    for one in (_field(said, "display_name"), _field(whole, "formatted") if whole else None, joined):
        name = text.name(str(one)) if one else ""
        if isinstance(name, str) and name:
            return name
    return address.partition("@")[0]


def _external(said: Resource[Any]) -> str | None:
    external = _field(said, "external_id")
    return None if external is None else str(external)[:255]


def _field(of: Any, name: str) -> Any:
    return getattr(of, name, None)
