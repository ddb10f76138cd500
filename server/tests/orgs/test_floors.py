"""The strictest that anybody said holds, and who said it is known; a tree without cycles."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId, floor_of, grouping, ruling
from folkmoot.orgs.belonging import Belonging
from folkmoot.orgs.floors import RULES, Decided, Said, checked, floor, strictness
from folkmoot.orgs.group_store import put_in
from folkmoot.orgs.model import DEEPEST, Group, GroupId
from folkmoot.orgs.tree import Tree

from .conftest import Town, right

NOW = datetime(2026, 1, 1, tzinfo=UTC)
rule_and_value = st.sampled_from([(name, value) for name, values in RULES.items() for value in values])


@given(st.lists(st.tuples(rule_and_value, st.sampled_from(["", "g_1", "g_2"]))))
def test_nobody_below_makes_it_looser(said: list[tuple[tuple[str, str], str]]) -> None:
    rules = [Said(name, value, by) for (name, value), by in said]
    decided = floor(rules, {})
    for one in rules:
        in_force = decided[one.name].value if one.name in decided else RULES[one.name][0]
        assert strictness(one.name, in_force) >= strictness(one.name, one.value)
    for name, one_ in decided.items():
        assert Said(name, one_.value, one_.by) in rules, "somebody said it"


def test_of_equals_the_one_above_decided() -> None:
    said = [Said("chat", "hosts", ""), Said("chat", "hosts", "g_1"), Said("share", "hosts", "g_1")]
    assert floor(said, {"": "School", "g_1": "Class 3"}) == {
        "chat": Decided("hosts", "", "School"),
        "share": Decided("hosts", "g_1", "Class 3"),
    }


def test_what_is_no_rule() -> None:
    assert checked("lobby", "off") == Refusal("org.rule_unknown", {"known": ", ".join(RULES)})
    assert checked("chat", "loud") == Refusal("org.rule_value", {"known": "everybody, hosts, off"})
    assert checked("chat", None) is None


def test_security_is_never_loosened_by_a_rule() -> None:
    """A rule's first value is what holds when nobody says anything: the meeting's own."""
    for name, values in RULES.items():
        assert floor([Said(name, values[0], "")], {}) == {}


def group(id: str, parent: str | None = None, name: str = "") -> Group:
    return Group(GroupId(id), OrgId("o_1"), GroupId(parent) if parent else None, name or id, NOW, NOW)


CHAIN = [group("g0")] + [group(f"g{n}", f"g{n - 1}") for n in range(1, DEEPEST)]


def test_a_group_is_never_within_itself() -> None:
    tree = Tree(CHAIN)
    for under in ("g3", "g5", "g7"):
        assert tree.may_stand(GroupId("g3"), "g3", GroupId(under)) == Refusal("org.group_in_itself")
    assert tree.may_stand(GroupId("g3"), "g3", GroupId("g0")) is None


def test_a_tree_has_its_bounds() -> None:
    tree = Tree([*CHAIN, group("h"), group("i", "h")])
    deep = Refusal("org.groups_too_deep", {"most": DEEPEST})
    assert tree.may_stand(None, "new", GroupId(f"g{DEEPEST - 1}")) == deep
    assert tree.may_stand(GroupId("h"), "h", GroupId(f"g{DEEPEST - 2}")) == deep, "with what is in it"
    assert tree.may_stand(GroupId("i"), "i", GroupId(f"g{DEEPEST - 2}")) is None
    assert tree.may_stand(None, "H", None) == Refusal("org.group_taken")
    assert tree.may_stand(None, "new", GroupId("g_nowhere")) == Refusal("org.group_unknown")


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(-1, 11)), max_size=40))
def test_however_it_is_moved_it_stays_a_tree(moves: list[tuple[int, int]]) -> None:
    groups = {GroupId(f"g{n}"): group(f"g{n}") for n in range(12)}
    for what, where in moves:
        id, under = GroupId(f"g{what}"), GroupId(f"g{where}") if where >= 0 else None
        if Tree(groups.values()).may_stand(id, id, under) is None:
            groups[id] = group(id, under)
    tree = Tree(groups.values())
    drawn = list(tree.walk())
    assert {one.id for one, _ in drawn} == set(groups), "all of them are drawn: none is in a circle"
    assert max(depth for _, depth in drawn) < DEEPEST


async def test_a_meeting_of_somebody_in_two_departments(town: Town) -> None:
    ada = await town.person("Ada")
    org = await town.org(ada)
    teachers = right(await grouping.make(town.at, ada.account, org, "Teachers", None))
    science = right(await grouping.make(town.at, ada.account, org, "Science", teachers.id))
    [me] = await town.people(org, ada)
    async with town.at.storage.writing() as connection:
        await put_in(connection, science.id, [me.member.id])
    for where, name, value in (
        (None, "waiting_room", "guests"),
        (teachers.id, "waiting_room", "everyone"),
        (science.id, "waiting_room", "guests"),
        (science.id, "chat", "hosts"),
    ):
        assert await ruling.say(town.at, ada.account, org, where, name, value) is None
    assert await floor_of(town.at, org, ada.account.id) == {
        "waiting_room": Decided("everyone", teachers.id, "Teachers"),
        "chat": Decided("hosts", science.id, "Science"),
    }
    assert await floor_of(town.at, org, None) == {"waiting_room": Decided("guests", "", "Northfield School")}
    shown = {one.name: one for one in right(await ruling.listed(town.at, ada.account, org, science.id))}
    assert (shown["waiting_room"].said, shown["waiting_room"].decided) == (
        "guests",
        Decided("everyone", teachers.id, "Teachers"),
    )
    assert await grouping.remove(town.at, ada.account, org, teachers.id) is None
    assert (await floor_of(town.at, org, ada.account.id))["waiting_room"].value == "guests"


@pytest.mark.parametrize("name", ["lobby", "chat"])
async def test_a_rule_that_cannot_be_is_refused(town: Town, name: str) -> None:
    ada = await town.person("Ada")
    org = await town.org(ada)
    said = await ruling.say(town.at, ada.account, org, None, name, "nonsense")
    assert said is not None and said.code in ("org.rule_unknown", "org.rule_value")


async def test_what_meetings_of_somebody_are_never_looser_than_is_at_hand(town: Town) -> None:
    ada, eve = await town.person("Ada"), await town.person("Eve", "eve@elsewhere.example")
    belonging, told = Belonging(town.at), list[str]()
    await belonging.start()

    async def follows() -> None:
        told.append("again")

    belonging.then.append(follows)
    org, other = await town.org(ada), await town.org(ada, "Chess club")
    assert await ruling.say(town.at, ada.account, org, None, "waiting_room", "guests") is None
    assert await ruling.say(town.at, ada.account, other, None, "waiting_room", "everyone") is None
    await belonging.settled()
    assert told, "meetings that run are asked again"
    assert await belonging.floor(ada.account.id) == {"waiting_room": ("everyone", "Chess club")}
    assert (await belonging.floor(eve.account.id), belonging.name(eve.account.id)) == ({}, "")
    assert belonging.name(ada.account.id) == "Northfield School"
    await belonging.stop()
