"""Who may do what to whom: nobody reaches above their own role, by whatever way, and an organisation is never without an owner."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from folkmoot.accounts.accounts import SignedIn
from folkmoot.kit import Refusal
from folkmoot.orgs import (
    OrgId,
    Role,
    changing,
    founding,
    grouping,
    inviting,
    joining,
    proving,
    ruling,
    taking_in,
    tokens,
)
from folkmoot.orgs.changing import Change
from folkmoot.orgs.inviting import Wish
from folkmoot.orgs.model import LINK_LIFE, Joining

from .conftest import Town, right

OUTRANKED, LAST = Refusal("org.outranked"), Refusal("org.last_owner")


@dataclass
class School:
    """Ada and Eve own it, Bob is an admin, Kim a member."""

    town: Town
    org: OrgId
    ada: SignedIn
    eve: SignedIn
    bob: SignedIn
    kim: SignedIn

    async def does(self, by: SignedIn, wanted: Change, *to: SignedIn) -> Refusal | None:
        people = {one.member.account: one.member.id for one in await self.town.people(self.org, self.kim)}
        found = await self.town.office.at.who(by.token)
        assert found
        return await changing.change(
            self.town.at, *found, self.org, [people[one.account.id] for one in to], wanted
        )

    async def roles(self) -> dict[str, Role]:
        return {one.member.name: one.member.role for one in await self.town.people(self.org, self.kim)}

    async def table(self, by: SignedIn, line: str, *, fresh: bool = True) -> list[str]:
        raw = f"address,role\n{line}\n".encode()
        taken = right(
            await taking_in.take_in(self.town.at, by.account, self.org, raw, try_only=False, fresh=fresh)
        )
        return [one.refusal.code for one in taken.faults]


@pytest.fixture
async def school(town: Town) -> School:
    ada, eve, bob, kim = [await town.person(name) for name in ("Ada", "Eve", "Bob", "Kim")]
    org = await town.org(ada)
    _, link = right(await inviting.open_link(town.at, ada.account, org, None, LINK_LIFE))
    for who in (eve, bob, kim):
        await town.comes(who, link.partition("#")[2])
    made = School(town, org, ada, eve, bob, kim)
    assert await made.does(ada, Change(role=Role.OWNER), eve) is None
    assert await made.does(ada, Change(role=Role.ADMIN), bob) is None
    return made


async def test_an_admin_touches_no_owner_by_any_way(school: School) -> None:
    group = right(await grouping.make(school.town.at, school.bob.account, school.org, "Teachers", None))
    for wanted in (
        Change(role=Role.MEMBER),
        Change(role=Role.OWNER),
        Change(remove=True),
        Change(into=group.id),
        Change(out_of=group.id),
    ):
        assert await school.does(school.bob, wanted, school.eve) == OUTRANKED
        assert await school.does(school.bob, wanted, school.kim, school.eve) == OUTRANKED, "nor with others"
    assert await school.table(school.bob, "eve@school.example,member") == ["org.outranked"]
    assert await school.roles() == {
        "Ada": Role.OWNER, "Eve": Role.OWNER, "Bob": Role.ADMIN, "Kim": Role.MEMBER,
    }  # fmt: skip


async def test_an_admin_makes_no_owner_by_any_way(school: School) -> None:
    at = school.town.at
    for who in (school.bob, school.kim):
        assert await school.does(school.bob, Change(role=Role.OWNER), who) == OUTRANKED
    wish = Wish("mia@school.example", role=Role.OWNER)
    [made] = right(await inviting.invite(at, school.bob.account, school.org, [wish], fresh=True))
    assert made.refusal == OUTRANKED
    assert await school.table(school.bob, "kim@school.example,owner") == ["org.outranked"]
    assert await school.table(school.bob, "mia@school.example,owner") == ["org.outranked"]
    assert await school.does(school.bob, Change(role=Role.ADMIN), school.kim) is None, "their own, they may"


async def test_what_is_an_owners_is_not_an_admins(school: School) -> None:
    at, found = school.town.at, await school.town.office.at.who(school.bob.token)
    assert found
    owners = Refusal("org.not_allowed", {"role": "owner"})
    for refused in (
        await founding.delete(at, *found, school.org),
        await founding.change(at, found[0], school.org, "Mine", None),
        await founding.change(at, found[0], school.org, None, Joining.AUTOMATIC),
        await proving.claim(at, found[0], school.org, "school.example"),
        await proving.give_up(at, found[0], school.org, "school.example"),
        await proving.mail_code(at, found[0], school.org, "school.example"),
        await proving.check(at, found[0], school.org, "school.example"),
        await tokens.make(at, *found, school.org, "Directory"),
        await tokens.listed(at, found[0], school.org),
    ):
        assert refused == owners


async def test_a_member_changes_nothing(school: School) -> None:
    at, kim = school.town.at, school.kim.account
    admins = Refusal("org.not_allowed", {"role": "admin"})
    for refused in (
        await school.does(school.kim, Change(role=Role.ADMIN), school.kim),
        await school.does(school.kim, Change(remove=True), school.bob),
        await grouping.make(at, kim, school.org, "Mine", None),
        await ruling.say(at, kim, school.org, None, "waiting_room", "everyone"),
        await inviting.open_link(at, kim, school.org, None, LINK_LIFE),
        await taking_in.take_in(at, kim, school.org, b"address\nx@y.example\n", try_only=True),
        await taking_in.exported(at, kim, school.org),
    ):
        assert refused == admins


async def test_whoever_is_in_a_group_governs_by_the_role_in_the_organisation_alone(school: School) -> None:
    """An admin who sits in one department governs all; a member in the highest governs none."""
    at = school.town.at
    top = right(await grouping.make(at, school.ada.account, school.org, "Teachers", None))
    below = right(await grouping.make(at, school.ada.account, school.org, "Science", top.id))
    assert await school.does(school.ada, Change(into=below.id), school.bob) is None
    assert await school.does(school.ada, Change(into=top.id), school.kim) is None
    refused = await grouping.change(at, school.kim.account, school.org, below.id, "Mine", None)
    assert refused == Refusal("org.not_allowed", {"role": "admin"})
    assert await grouping.change(at, school.bob.account, school.org, top.id, "Staff", None) is None
    foreign = await school.town.org(school.kim, "Another")
    theirs = right(await grouping.make(at, school.kim.account, foreign, "Elsewhere", None))
    assert await school.does(school.bob, Change(into=theirs.id), school.kim) == Refusal("org.group_unknown")


async def test_two_owners_who_go_at_once_leave_one(school: School) -> None:
    went = await asyncio.gather(
        joining.leave(school.town.at, school.ada.account, school.org),
        joining.leave(school.town.at, school.eve.account, school.org),
    )
    assert sorted(map(str, went)) == sorted(map(str, (None, LAST)))
    assert [*(await school.roles()).values()].count(Role.OWNER) == 1


async def test_two_owners_who_put_each_other_down_at_once_leave_one(school: School) -> None:
    done = await asyncio.gather(
        school.does(school.ada, Change(role=Role.MEMBER), school.eve),
        school.does(school.eve, Change(role=Role.MEMBER), school.ada),
    )
    refused = [one for one in done if one is not None]
    assert [one.code for one in refused] == ["org.not_allowed"], "whoever came second is no owner any more"
    assert [*(await school.roles()).values()].count(Role.OWNER) == 1


async def test_all_owners_in_one_stroke_are_refused(school: School) -> None:
    for wanted in (Change(role=Role.ADMIN), Change(remove=True)):
        assert await school.does(school.ada, wanted, school.ada, school.eve) == LAST
    assert await school.does(school.ada, Change(role=Role.MEMBER), school.ada) is None, "one of two may"
    assert await school.table(school.eve, "eve@school.example,member") == ["org.last_owner"]


async def test_an_owner_is_invited_by_one_who_just_proved_who_they_are(school: School) -> None:
    at, wish = school.town.at, Wish("mia@school.example", role=Role.OWNER)
    refused = Refusal("account.prove_again")
    assert await inviting.invite(at, school.ada.account, school.org, [wish]) == refused
    table = b"address,role\nkim@school.example,owner\n"
    assert await taking_in.take_in(at, school.ada.account, school.org, table, try_only=False) == refused
    right(await taking_in.take_in(at, school.ada.account, school.org, table, try_only=True))
    assert (await school.roles())["Kim"] is Role.MEMBER
    [made] = right(await inviting.invite(at, school.ada.account, school.org, [wish], fresh=True))
    assert made.refusal is None


async def test_an_admin_gets_no_link_of_somebody_expected_as_owner(without_mail: Town) -> None:
    """Where no mail goes, whoever invites is shown the link: of one above themselves it would make them an owner."""
    town = without_mail
    ada = await town.office.signs_up("Ada", "ada@school.example")
    bob = await town.office.signs_up("Bob", "bob@school.example")
    org = await town.org(ada)
    wishes = [Wish("mia@school.example", role=Role.OWNER), Wish("bob@school.example", role=Role.ADMIN)]
    _, admin = right(await inviting.invite(town.at, ada.account, org, wishes, fresh=True))
    assert admin.link
    await town.comes(bob, admin.link.partition("#")[2])
    [again] = right(await inviting.invite(town.at, bob.account, org, [Wish("mia@school.example")]))
    assert (again.link, again.refusal) == (None, OUTRANKED)
