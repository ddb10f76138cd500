"""What is remembered of plans is never older than the last change, and no more than so much."""

from __future__ import annotations

import pytest

from folkmoot.accounts import AccountId
from folkmoot.accounts.store import account_of
from folkmoot.calendar import known, store
from folkmoot.calendar.calendar import visitor
from folkmoot.calendar.known import Known
from folkmoot.meetings.feature import Role

from .conftest import Person, School


async def role_of(school: School, number: str, person: Person) -> Role:
    async with school.calendar.storage.reading() as connection:
        account = await account_of(connection, AccountId(person.id))
    assert account is not None
    plans = school.meetings.plans
    return (await plans.standing(number, visitor(account), "")).role


async def test_whoever_is_invited_named_and_taken_back_is_so_at_once(ada: Person, school: School) -> None:
    bo = await school.person("Bo", "bo@x.example")
    made = await ada.plans()
    number, path = made["number"], f"/api/calendar/meetings/{made['id']}/people"
    assert await role_of(school, number, bo) is Role.GUEST
    [invited] = await ada.asks("POST", path, 201, people=[{"to": bo.address}])
    assert await role_of(school, number, bo) is Role.MEMBER
    await ada.asks("PATCH", f"{path}/{invited['id']}", cohost=True)
    assert await role_of(school, number, bo) is Role.COHOST
    await ada.asks("DELETE", f"{path}/{invited['id']}", 204)
    assert await role_of(school, number, bo) is Role.GUEST
    await ada.asks("POST", f"{path}/{invited['id']}/renew")
    assert await role_of(school, number, bo) is Role.COHOST


async def test_a_second_look_asks_the_database_nothing(
    ada: Person, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo = await school.person("Bo", "bo@x.example")
    made = await ada.plans(people=[{"to": bo.address}])
    assert await role_of(school, made["number"], bo) is Role.MEMBER
    asked: list[str] = []

    async def of_number(_: object, number: str) -> None:
        asked.append(number)

    monkeypatch.setattr(store, "of_number", of_number)
    assert await role_of(school, made["number"], bo) is Role.MEMBER
    assert asked == []


async def test_a_change_while_it_is_read_is_not_forgotten(
    ada: Person, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await ada.plans()
    at = Known(school.calendar)
    reads = store.invited

    async def slowly(*said: object) -> object:
        found = await reads(*said)  # type: ignore[arg-type]
        monkeypatch.setattr(store, "invited", reads)
        await ada.asks("PATCH", f"/api/calendar/meetings/{made['id']}", title="Otherwise")
        return found

    monkeypatch.setattr(store, "invited", slowly)
    before = await at.plan(made["number"])
    after = await at.plan(made["number"])
    assert before and after and (before.series.title, after.series.title) == ("Physics", "Otherwise")


async def test_so_much_is_remembered_and_no_more(
    ada: Person, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "MOST_INVITED", 4)
    at = Known(school.calendar)
    numbers = [
        (await ada.plans(people=[{"to": f"p{n}{k}@x.example"} for k in range(3)]))["number"] for n in range(3)
    ]
    for number in numbers:
        assert await at.plan(number) is not None
    assert [*at._plans] == numbers[-1:] and at._invited == 3
