"""A school's own directory says who its people are: by a SCIM client that isn't ours, which checks every answer it gets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from folkmoot.accounts.accounts import SignedIn
from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId, joining, proving, tokens
from folkmoot.orgs.model import State
from folkmoot.orgs.proving import record_of
from folkmoot.orgs.scim import door

from .conftest import Town, right

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass
class Directory:
    town: Town
    org: OrgId
    owner: SignedIn
    http: httpx.AsyncClient

    async def makes(self, address: str, **more: Any) -> dict[str, Any]:
        answer = await self.http.post("/Users", json={"schemas": [USER], "userName": address, **more})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def patches(self, path: str, *operations: dict[str, Any], **headers: str) -> httpx.Response:
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return await self.http.patch(path, json=body, headers=headers)

    async def after(self, path: str, *operations: dict[str, Any]) -> dict[str, Any]:
        answer = await self.patches(path, *operations)
        assert answer.is_success, answer.text
        return dict((await self.http.get(path)).json())


@pytest.fixture
async def directory(town: Town) -> AsyncIterator[Directory]:
    ada = await town.person("Ada")
    org = await town.org(ada)
    claimed = right(await proving.claim(town.at, ada.account, org, "school.example"))
    name, value = record_of(claimed)
    town.zone.records[name] = [value]
    assert await proving.check(town.at, ada.account, org, "school.example") is None
    await town.settled()
    found = await town.office.at.who(ada.token)
    assert found
    _, token = right(await tokens.make(town.at, *found, org, "Our directory"))
    app = Starlette(routes=[Mount("/scim", door(town.at))])
    headers = {"authorization": f"Bearer {token}", "content-type": "application/scim+json"}
    base = "https://meet.example/scim/v2"
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as http:
        yield Directory(town, org, ada, http)


async def test_whom_it_names_is_a_member_when_they_sign_up(directory: Directory) -> None:
    town = directory.town
    made = await directory.makes(
        "Bob@School.example", externalId="e-1", name={"givenName": "Bob", "familyName": "Babbage"}
    )
    assert made["userName"] == "bob@school.example" and made["displayName"] == "Bob Babbage"
    assert made["active"] is True and made["meta"]["version"] == 'W/"1"'
    [_, expected] = await town.people(directory.org, directory.owner)
    assert expected.member.state is State.INVITED
    before = len(town.mailbox.mails)
    bob = await town.person("Bob")
    assert "Bob" in await town.names(directory.org, directory.owner), (
        "the directory said so; no rule is asked"
    )
    told = [mail["Subject"] for mail in town.mailbox.mails[before:]]
    assert "You are a member of Northfield School now" in told
    assert await town.names(directory.org, bob) == ["Ada", "Bob"]


async def test_who_was_here_before_is_asked_and_not_moved(directory: Directory) -> None:
    town = directory.town
    eve = await town.person("Eve")
    made = await directory.makes("eve@school.example")
    assert made["active"] is True
    [asked] = await joining.questions(town.at, eve.account)
    assert (asked.org.id, asked.domain) == (directory.org, "school.example")
    assert "Eve" not in await town.names(directory.org, directory.owner)


async def test_whose_address_is_elsewhere_is_not_asked(directory: Directory) -> None:
    town = directory.town
    await directory.makes("eve@school.example")
    stranger = await town.person("Eve", "eve@elsewhere.example")
    assert await joining.questions(town.at, stranger.account) == []


async def test_whom_it_switches_off_is_out_at_once_and_keeps_their_account(directory: Directory) -> None:
    town = directory.town
    made = await directory.makes("bob@school.example")
    bob = await town.person("Bob")
    path = f"/Users/{made['id']}"
    off = await directory.after(path, {"op": "replace", "path": "active", "value": False})
    assert off["active"] is False
    assert await joining.leave(town.at, bob.account, directory.org) is not None, "they are in it no more"
    assert await town.office.at.who(bob.token) is not None
    on = await directory.after(path, {"op": "replace", "value": {"active": True}})
    assert on["active"] is True
    assert await town.names(directory.org, bob) == ["Ada", "Bob"]
    [one] = await town.people(directory.org, directory.owner, "Ada")
    last = await directory.http.delete(f"/Users/{one.member.id}")
    assert last.status_code == 400, "an organisation is never without an owner"
    assert (await directory.http.delete(f"/Users/{made['id']}")).status_code == 204
    assert (await directory.http.get(f"/Users/{made['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"userName": "eve@elsewhere.example"}, 400, "invalidValue"),
        ({"userName": "no address"}, 400, "invalidValue"),
        ({"userName": "eve@school.example.evil.example"}, 400, "invalidValue"),
        ({}, 400, "invalidValue"),
        ({"userName": "ada@school.example"}, 409, "uniqueness"),
    ],
)
async def test_it_speaks_for_its_own_domains_alone(
    directory: Directory, body: dict[str, Any], status: int, kind: str
) -> None:
    answer = await directory.http.post("/Users", json={"schemas": [USER], **body})
    assert (answer.status_code, answer.json().get("scimType")) == (status, kind)
    assert answer.headers["content-type"].startswith("application/scim+json")


async def test_people_are_found_a_page_at_a_time(directory: Directory) -> None:
    for name in ("kim", "lee", "moe"):
        await directory.makes(f"{name}@school.example", externalId=f"e-{name}")
    for said, found in (
        ('userName eq "LEE@school.example"', ["lee@school.example"]),
        ('externalId eq "e-moe"', ["moe@school.example"]),
        ('userName sw "k" or emails.value co "moe@"', ["kim@school.example", "moe@school.example"]),
        ('externalId pr and not (userName sw "m" or userName sw "k")', ["lee@school.example"]),
        ('userName eq "nobody@school.example"', []),
    ):
        answer = (await directory.http.get("/Users", params={"filter": said})).json()
        shown = sorted(one["userName"] for one in answer.get("Resources", []))
        assert [one for one in shown if one != "ada@school.example"] == found, said
    page = (
        await directory.http.get("/Users", params={"startIndex": 2, "count": 2, "sortBy": "userName"})
    ).json()
    assert (page["totalResults"], page["itemsPerPage"]) == (4, 2)
    assert [one["userName"] for one in page["Resources"]] == ["kim@school.example", "lee@school.example"]
    wrong = await directory.http.get("/Users", params={"filter": "userName eq"})
    assert (wrong.status_code, wrong.json()["scimType"]) == (400, "invalidFilter")


async def test_two_who_write_at_once_do_not_lose_each_others_word(directory: Directory) -> None:
    made = await directory.makes("bob@school.example")
    path, name = f"/Users/{made['id']}", {"op": "replace", "path": "displayName", "value": "Robert"}
    first = await directory.http.get(path)
    assert first.headers["etag"] == 'W/"1"'
    unchanged = await directory.http.get(path, headers={"if-none-match": 'W/"1"'})
    assert unchanged.status_code == 304
    done = await directory.patches(path, name, **{"if-match": 'W/"1"'})
    assert done.is_success
    kept = await directory.http.get(path)
    assert (kept.json()["displayName"], kept.headers["etag"]) == ("Robert", 'W/"2"')
    late = await directory.patches(path, name, **{"if-match": 'W/"1"'})
    assert late.status_code == 412


async def test_groups_are_departments(directory: Directory) -> None:
    town = directory.town
    kim, lee = [await directory.makes(f"{name}@school.example") for name in ("kim", "lee")]
    body = {"schemas": [GROUP], "displayName": "Class 3", "members": [{"value": kim["id"]}]}
    made = (await directory.http.post("/Groups", json=body)).json()
    path = f"/Groups/{made['id']}"
    added = await directory.after(path, {"op": "add", "path": "members", "value": [{"value": lee["id"]}]})
    assert {one["value"] for one in added["members"]} == {kim["id"], lee["id"]}
    gone = await directory.after(path, {"op": "remove", "path": f'members[value eq "{kim["id"]}"]'})
    assert [one["value"] for one in gone["members"]] == [lee["id"]]
    [shown] = [one for one in await town.people(directory.org, directory.owner) if one.member.id == lee["id"]]
    assert shown.groups == (made["id"],)
    twice = await directory.http.post("/Groups", json=body)
    assert (twice.status_code, twice.json()["scimType"]) == (409, "uniqueness")
    unknown = await directory.patches(path, {"op": "add", "path": "members", "value": [{"value": "m_other"}]})
    assert unknown.status_code == 400
    assert (await directory.http.delete(path)).status_code == 204
    assert "Class 3" not in str((await directory.http.get("/Groups")).json())


async def test_a_token_is_good_for_its_own_organisation_and_until_it_is_revoked(directory: Directory) -> None:
    town = directory.town
    eve = await town.person("Eve", "eve@elsewhere.example")
    other = await town.org(eve, "Another")
    [theirs] = await town.people(other, eve)
    assert (await directory.http.get(f"/Users/{theirs.member.id}")).status_code == 404
    for wrong in (
        "",
        "Bearer ",
        "Bearer fmd_nonsense",
        f"Basic {directory.http.headers['authorization'][7:]}",
    ):
        answer = await directory.http.get("/Users", headers={"authorization": wrong})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    [kept] = right(await tokens.listed(town.at, directory.owner.account, directory.org))
    assert kept.used_at is not None
    assert await tokens.revoke(town.at, directory.owner.account, directory.org, kept.id) is None
    assert (await directory.http.get("/Users")).status_code == 401


async def test_what_it_can_is_told(directory: Directory) -> None:
    config = (await directory.http.get("/ServiceProviderConfig")).json()
    assert [config[one]["supported"] for one in ("patch", "filter", "etag", "bulk", "changePassword")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    kinds = (await directory.http.get("/ResourceTypes")).json()
    assert {one["name"] for one in kinds["Resources"]} == {"User", "Group"}


async def test_a_directory_that_the_plan_holds_no_more_is_told_so_as_scim_tells(directory: Directory) -> None:
    made = await directory.makes("bob@school.example")
    held = directory.town.office.at.held
    held.holds = lambda owner, service: (owner, service) != (directory.org, "directory_sync")
    answer = await directory.http.get(f"/Users/{made['id']}")
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/scim+json")
    said = answer.json()
    assert said["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"] and said["status"] == "403"
    assert "plan" in said["detail"]
    found = await directory.town.office.at.who(directory.owner.token)
    assert found
    more = await tokens.make(directory.town.at, *found, directory.org, "Another")
    assert isinstance(more, Refusal) and more.code == "plan.without"
    assert len(right(await tokens.listed(directory.town.at, found[0], directory.org))) == 1
    held.holds = lambda owner, service: True
    assert (await directory.http.get(f"/Users/{made['id']}")).status_code == 200, "nothing was deleted"
