"""Who runs the server looks after it, and nobody else does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from fastapi import FastAPI

from folkmoot import rest
from folkmoot.accounts import administering, keys, router
from folkmoot.accounts.administering import begin_setup
from folkmoot.accounts.inside import COOKIE
from folkmoot.audit import Audit
from folkmoot.audit.anchors import Anchors
from folkmoot.cli.certificate import certificate_for
from folkmoot.files import Files, Folder
from folkmoot.kit import Refusal, SystemRandomness
from folkmoot.operating import Operating, Parts, found, open_router
from folkmoot.operating import operating as operating_module
from folkmoot.operating import router as operating_router
from folkmoot.operating.checks import certificate
from folkmoot.operating.choosing import Choices
from folkmoot.orgs import Orgs, founding
from folkmoot.orgs.tables import domains
from folkmoot.outward import store as outward_store
from folkmoot.outward.model import Host
from folkmoot.static import policy

from ..accounts.conftest import ORIGIN, Office, mailbox, office, text_of

__all__ = ["mailbox", "office"]
OURS = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
COUNTS = {"rooms": 3.0, "meetings": 2.0, "people_in_meetings": 41.0}
CHECKS = (found("clock.right", time="09:00"), found("storage.full", mib=3))


@pytest.fixture
def operating(office: Office, tmp_path: Path) -> Operating:
    at = office.at
    audit = Audit(at.storage, b"a" * 32, Anchors(tmp_path), office.clock)
    files = Files(at.storage, Folder(tmp_path / "files"), office.jobs, office.clock, SystemRandomness())
    parts = Parts(lambda: COUNTS, lambda: {"media": "hangs"}, lambda: CHECKS, "1.2.3")
    return Operating(at, Orgs(at, audit, office.jobs), files, office.jobs, audit, parts)


@pytest.fixture
async def app(office: Office, operating: Operating) -> FastAPI:
    app, at = FastAPI(), office.at
    setup = await begin_setup(at)
    rest.install(app, [operating_router(operating), open_router(operating), router(at, setup)], "1")
    return app


async def person(app: FastAPI, office: Office, name: str, address: str) -> httpx.AsyncClient:
    inside = await office.has_account(name, address)
    transport = httpx.ASGITransport(app, client=("192.0.2.1", 1))
    client = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=OURS)
    client.cookies.set(COOKIE, inside.token)
    return client


@pytest.fixture
async def bo(app: FastAPI, office: Office) -> AsyncIterator[httpx.AsyncClient]:
    async with await person(app, office, "Bo", "bo@example.org") as client:
        yield client


@pytest.fixture
async def ada(app: FastAPI, office: Office) -> AsyncIterator[httpx.AsyncClient]:
    """Who runs it."""
    async with await person(app, office, "Ada", "ada@example.org") as client:
        id = (await client.get("/api/account")).json()["id"]
        await administering.appoint(office.at, id, operator=True)
        yield client


async def id_of(client: httpx.AsyncClient) -> str:
    return str((await client.get("/api/account")).json()["id"])


async def test_nobody_else_sees_or_does_any_of_it(app: FastAPI, bo: httpx.AsyncClient) -> None:
    transport = httpx.ASGITransport(app)
    asked = 0
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=OURS) as stranger:
        for path, ways in app.openapi()["paths"].items():
            if not path.startswith("/api/operator"):
                continue
            for method in ways:
                body: dict[str, Any] = {
                    "suspended": True,
                    "operator": True,
                    "en": "x",
                    "ends": "2027-01-01T00:00:00Z",
                }
                there = path.replace("{id}", "a_1")
                answers = [await one.request(method, there, json=body) for one in (stranger, bo)]
                assert [one.json()["code"] for one in answers] == ["account.signed_out", "operator.not_you"]
                asked += 1
    assert asked > 12


async def test_it_wants_somebody_who_was_there_a_moment_ago(ada: httpx.AsyncClient, office: Office) -> None:
    assert (await ada.get("/api/operator")).status_code == 200
    office.clock.advance(11 * 60)
    assert (await ada.get("/api/operator")).json()["code"] == "account.prove_again"


async def test_the_overview_has_counts_and_nobodys_name(ada: httpx.AsyncClient) -> None:
    said = (await ada.get("/api/operator")).json()
    assert (said["rooms"], said["meetings"], said["people"]) == (3, 2, 41)
    assert said["ill"] == {"media": "hangs"}
    assert said["certificate"] is None
    assert "Ada" not in str(said)


async def test_a_program_does_it_by_a_key_of_that_scope(
    ada: httpx.AsyncClient, app: FastAPI, office: Office
) -> None:
    made = await keys.make(office.at, await id_of(ada), "watch", ["operator:read"])
    assert not isinstance(made, Refusal)
    office.clock.advance(11 * 60)
    transport = httpx.ASGITransport(app)
    headers = {"authorization": f"Bearer {made[1]}"}
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as program:
        assert (await program.get("/api/operator")).json()["people"] == 41
        refused = await program.patch("/api/operator/choices", json={"sign_up": "closed"})
    assert refused.json()["code"] == "key.scope"


async def test_somebody_is_suspended_and_it_is_noted(
    ada: httpx.AsyncClient, bo: httpx.AsyncClient, operating: Operating
) -> None:
    [found] = (await ada.get("/api/operator/people", params={"like": "bo@"})).json()["people"]
    assert (found["name"], found["suspended"]) == ("Bo", False)
    there = f"/api/operator/people/{found['id']}"
    assert (await ada.put(f"{there}/suspended", json={"suspended": True})).status_code == 204
    assert (await bo.get("/api/account")).json()["code"] == "account.signed_out"
    assert (await ada.put(f"{there}/suspended", json={"suspended": False})).status_code == 204
    noted = (await ada.get("/api/operator/audit")).json()["notes"]
    assert [one["what"] for one in noted] == ["account.restored", "account.suspended"]
    assert {(one["subject"], one["subject_name"]) for one in noted} == {(found["id"], "Bo")}
    assert "Bo" not in str(await operating.noted(None)), "the name is the account's, and goes with it"


async def test_there_is_always_an_operator_who_can_do_something(
    ada: httpx.AsyncClient, bo: httpx.AsyncClient
) -> None:
    me, other = await id_of(ada), await id_of(bo)
    said = await ada.put(f"/api/operator/people/{me}/suspended", json={"suspended": True})
    assert said.json()["code"] == "operator.not_oneself"
    said = await ada.put(f"/api/operator/people/{me}/operator", json={"operator": False})
    assert said.json()["code"] == "account.last_operator"
    assert (
        await ada.put(f"/api/operator/people/{other}/operator", json={"operator": True})
    ).status_code == 204
    assert (await bo.get("/api/operator")).status_code == 200
    said = await ada.put("/api/operator/people/a_none/operator", json={"operator": True})
    assert said.json()["code"] == "account.unknown"
    noted = (await ada.get("/api/operator/audit")).json()["notes"]
    assert [one["what"] for one in noted] == ["operator.appointed"], "what was refused wasn't done"


async def test_a_link_is_made_to_hand_on(ada: httpx.AsyncClient, bo: httpx.AsyncClient) -> None:
    said = (await ada.post(f"/api/operator/people/{await id_of(bo)}/reset")).json()
    assert said["link"].startswith(f"{ORIGIN}/reset#")


async def test_who_may_sign_up_is_chosen_while_the_server_runs(
    ada: httpx.AsyncClient, office: Office, operating: Operating
) -> None:
    said = await ada.patch(
        "/api/operator/choices", json={"sign_up": "domain", "domains": ["School.example "]}
    )
    assert said.json() == {
        "sign_up": "domain",
        "domains": ["school.example"],
        "embed": [],
        "people": 0,
        "minutes": 0,
    }
    refused = await office.signs_up("Cy", "cy@elsewhere.example")
    assert refused == Refusal("signup.closed")
    assert not isinstance(await office.signs_up("Cy", "cy@school.example"), Refusal)
    for wanted, code in (
        ({"domains": ["no domain"]}, "choice.domain"),
        ({"embed": ["javascript:alert(1)"]}, "choice.origin"),
        ({"embed": ["https://a.example; script-src *"]}, "choice.origin"),
        ({"embed": ["*"]}, "choice.origin"),
        ({"sign_up": "everybody"}, "request.invalid"),
        ({"minutes": 9}, "choice.limit"),
        ({"people": 1}, "choice.limit"),
        ({"people": 5001}, "choice.limit"),
        ({"minutes": -1}, "request.invalid"),
    ):
        assert (await ada.patch("/api/operator/choices", json=wanted)).json()["code"] == code


async def test_what_the_shell_chose_is_known_soon(
    operating: Operating, office: Office, tmp_path: Path
) -> None:
    shell = Operating(
        office.at, operating._orgs, operating._files, office.jobs, operating._audit, operating.parts
    )
    assert await shell.choose("the shell", Choices(embed=("https://www.school.example",))) is None
    assert operating.embed_origins() == ()
    await operating.refresh()
    assert operating.embed_origins() == ("https://www.school.example",)


def test_nothing_but_a_meeting_is_ever_in_a_frame() -> None:
    origins = ("https://www.school.example",)
    assert "frame-ancestors https://www.school.example" in policy("/m/123456789012", origins)
    for path in ("/", "/signin", "/settings/profile", "/operator/overview", "/api/account", "/mine"):
        assert "frame-ancestors 'none'" in policy(path, origins)
    assert "frame-ancestors 'none'" in policy("/m/123456789012", ())


async def test_an_announcement_is_for_everybody_from_then_until_then(
    app: FastAPI, ada: httpx.AsyncClient, office: Office
) -> None:
    now = office.clock.now()
    begins, ends = now + timedelta(hours=1), now + timedelta(hours=2)
    made = await ada.post(
        "/api/operator/announcements",
        json={"en": "Down at noon.", "begins": begins.isoformat(), "ends": ends.isoformat()},
    )
    assert made.json()["zh"] == "Down at noon.", "one of the two stands for both"
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as stranger:
        assert (await stranger.get("/api/announcements")).json() == []
        office.clock.advance(3600)
        assert [one["en"] for one in (await stranger.get("/api/announcements")).json()] == ["Down at noon."]
        office.clock.advance(3600)
        assert (await stranger.get("/api/announcements")).json() == []


async def test_what_can_not_be_announced_is_refused(ada: httpx.AsyncClient, office: Office) -> None:
    now = office.clock.now()
    soon = (now + timedelta(hours=1)).isoformat()
    for wanted, code in (
        ({"en": "", "zh": "", "ends": soon}, "announcement.invalid"),
        ({"en": "x" * 301, "ends": soon}, "announcement.invalid"),
        ({"en": "two\nlines", "ends": soon}, "announcement.invalid"),
        ({"en": "x", "ends": now.isoformat()}, "announcement.times"),
        ({"en": "x", "ends": "2090-01-01T00:00:00Z"}, "announcement.times"),
        ({"en": "x", "ends": "2026-01-01T13:00:00"}, "announcement.times"),
    ):
        assert (await ada.post("/api/operator/announcements", json=wanted)).json()["code"] == code
    assert (await ada.delete("/api/operator/announcements/n_0")).json()["code"] == "announcement.unknown"


async def test_mail_is_tried_and_what_was_given_up_is_seen(ada: httpx.AsyncClient, office: Office) -> None:
    assert (await ada.post("/api/operator/mail-test")).json() == {"address": "ada@example.org"}
    await office.jobs.settled()
    assert "Mail leaves this server." in text_of(office.mailbox.last_to("ada@example.org"))
    office.mailbox.answer = "550 no"
    await ada.post("/api/operator/mail-test")
    await office.jobs.settled()
    said = (await ada.get("/api/operator/storage")).json()
    assert [one["kind"] for one in said["given_up"]] == ["mail"]
    assert said["free_bytes"] > 0


async def test_checks_and_organisations_are_listed(ada: httpx.AsyncClient) -> None:
    said = (await ada.get("/api/operator/checks")).json()
    assert [(one["good"], one["what"], one["advice"]) for one in said] == [
        (True, "the clock says 09:00 UTC", ""),
        (False, "3 MiB free", "Make room."),
    ]
    assert [(one["code"], one["params"]) for one in said] == [
        ("clock.right", {"time": "09:00"}),
        ("storage.full", {"mib": "3"}),
    ]
    said = await ada.get("/api/operator/organisations")
    assert said.json() == {"organisations": [], "next": None}


async def test_people_and_organisations_are_found_by_parts_of_a_name_of_any_script(
    ada: httpx.AsyncClient, office: Office, operating: Operating
) -> None:
    for number, name in enumerate(("Éva Ödön", "ŞULE", "李娜", "Straße 100%", "Нина")):
        inside = await office.has_account(name, f"p{number}_x@example.org")
        await founding.found(operating._orgs, inside.account, f"Haus {name}")
    for like, names in (
        ("éva", ["Éva Ödön"]),
        ("ÖDÖN éva", ["Éva Ödön"]),
        ("娜", ["李娜"]),
        ("STRASSE", ["Straße 100%"]),
        ("100%", ["Straße 100%"]),
        ("нин", ["Нина"]),
        ("%", ["Straße 100%"]),
        ("P0_X@", ["Éva Ödön"]),
        ("nobody", []),
    ):
        page = (await ada.get("/api/operator/people", params={"like": like})).json()
        assert ([one["name"] for one in page["people"]], page["next"]) == (names, None), like
        page = (await ada.get("/api/operator/organisations", params={"like": like})).json()
        assert "@" in like or [one["name"] for one in page["organisations"]] == [
            f"Haus {one}" for one in names
        ], like


async def test_an_organisation_is_found_by_its_own_address_and_by_its_domain(
    ada: httpx.AsyncClient, office: Office, operating: Operating
) -> None:
    inside = await office.has_account("Lea", "lea@example.org")
    for name in ("Glen School", "Hill School"):
        made = await founding.found(operating._orgs, inside.account, name)
        assert not isinstance(made, Refusal)
        if name == "Hill School":
            continue
        async with office.at.storage.writing() as connection:
            now = office.clock.now()
            proven = {
                "org": made.id,
                "domain": "glen.example",
                "token": "t",
                "made_at": now,
                "proven_at": now,
            }
            await connection.execute(domains.insert().values(**proven))
            await outward_store.add_host(connection, Host("meet.glen.example", made.id, now))
    for like, names in (
        ("meet.glen", ["Glen School"]),
        ("GLEN.example", ["Glen School"]),
        ("hill.example", []),
        ("school", ["Glen School", "Hill School"]),
        ("meet.%", []),
    ):
        page = (await ada.get("/api/operator/organisations", params={"like": like})).json()
        assert sorted(one["name"] for one in page["organisations"]) == names, like
    page = (await ada.get("/api/operator/organisations", params={"like": "glen"})).json()
    assert page["organisations"][0]["hosts"] == [{"host": "meet.glen.example", "state": "waiting"}]


async def test_long_lists_come_a_page_at_a_time_and_nobody_twice(
    ada: httpx.AsyncClient, operating: Operating, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (administering, operating_module):
        monkeypatch.setattr(module, "MOST_LISTED", 2)
    for number in range(4):  # at the same moment, some of them
        inside = await office.has_account(f"Person {number}", f"p{number}@example.org")
        await founding.found(operating._orgs, inside.account, f"House {number}")
        office.clock.advance(number % 2)
    for what, there in (("people", "Person 2"), ("organisations", "House 2")):
        seen, after = [], None
        while True:
            params = {"like": "e", **({"after": after} if after else {})}
            page = (await ada.get(f"/api/operator/{what}", params=params)).json()
            assert len(page[what]) <= 2
            seen += [one["name"] for one in page[what]]
            if (after := page["next"]) is None:
                break
        assert len(seen) == len(set(seen)) and there in seen and len(seen) >= 4
        nonsense = await ada.get(f"/api/operator/{what}", params={"after": "~'; --"})
        assert nonsense.json()[what], "what is no place of ours begins at the beginning"


def test_a_certificate_that_ends_soon_says_so(tmp_path: Path) -> None:
    made = certificate_for(["192.0.2.1"], tmp_path, datetime.now(UTC))
    read = x509.load_pem_x509_certificate(made.certificate.read_bytes())
    found = certificate(made.certificate, datetime.now(UTC), ours=True)
    assert found is not None
    assert not found.soon
    assert "192.0.2.1" in found.names
    almost = read.not_valid_after_utc - timedelta(days=3)
    late = certificate(made.certificate, almost, ours=True)
    assert late is not None
    assert (late.soon, late.days_left) == (True, 3)
    assert certificate(tmp_path / "none.pem", almost, ours=True) is None


async def test_what_a_meeting_is_limited_to_is_chosen_and_taken_back(
    ada: httpx.AsyncClient, operating: Operating
) -> None:
    said = await ada.patch("/api/operator/choices", json={"minutes": 40, "people": 100})
    assert (said.json()["minutes"], said.json()["people"]) == (40, 100)
    await operating.refresh()
    assert (operating.choices.minutes, operating.choices.people) == (40, 100)
    said = await ada.patch("/api/operator/choices", json={"minutes": 0})
    assert (said.json()["minutes"], said.json()["people"]) == (0, 100)
