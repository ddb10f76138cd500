"""An organisation's meetings have an address of its own, and nobody is kept out when it ends."""

from __future__ import annotations

from datetime import timedelta

from folkmoot.kit import Refusal
from folkmoot.orgs import founding, proving
from folkmoot.outward import hosting
from folkmoot.outward.model import LEAVING, Seen, State, Why
from folkmoot.outward.routes import may_be_certified

from ..accounts.conftest import text_of
from ..orgs.conftest import right
from ..orgs.test_adoption import proves
from .conftest import HOST, ON_ONE, OURS, School


async def test_it_is_named_in_links_when_it_leads_here_and_no_sooner(school: School) -> None:
    made = right(await hosting.add(school.at, school.ada.account, school.org, f"https://{HOST}/"))
    assert hosting.records(school.at, made.host) == [hosting.Record("CNAME", HOST, "meet.example")]
    await school.round()
    [waiting] = school.at.known.hosts.values()
    assert (waiting.state(school.now), waiting.seen) == (State.WAITING, Seen.NO_RECORD)
    assert school.at.known.link_host(school.org, school.now) is None
    assert may_be_certified(school.at, HOST), "or nobody could ever get a certificate for it"
    school.leads_here()
    checked = right(await hosting.check(school.at, school.ada.account, school.org, HOST))
    assert (checked.state(school.now), checked.seen) == (State.READY, Seen.OK)
    await school.rounds.read()
    assert school.at.known.link_host(school.org, school.now) == HOST
    assert (await school.town.audit(school.org))[-2:] == ["host.added", "host.ready"]


@ON_ONE
async def test_what_is_in_the_way_is_said_by_its_name(school: School) -> None:
    right(await hosting.add(school.at, school.ada.account, school.org, HOST))
    zone = school.town.zone.others
    await school.round()

    async def seen(answer: str = "away") -> Seen | None:
        school.answers[HOST] = answer
        return (await hosting.see(school.at, HOST))[0]

    assert await seen() is Seen.NO_RECORD
    zone[HOST, "A"] = ["198.51.100.9"]
    assert await seen("stranger") is Seen.ELSEWHERE
    zone[HOST, "A"] = [OURS]
    assert await seen("certificate") is Seen.CERTIFICATE
    assert await seen("stranger") is Seen.STRANGER
    assert await seen("late") is Seen.AWAY
    school.ends[HOST] = school.now + timedelta(days=60)
    assert await seen("inside") is Seen.OK, "a network that lets nobody out and in again"
    school.ends[HOST] = school.now - timedelta(days=1)
    assert await seen("inside") is Seen.AWAY
    assert await seen("ok") is Seen.OK
    school.town.zone.silent = True
    assert await seen("away") is None, "who doesn't answer says nothing"


@ON_ONE
async def test_at_the_top_of_a_zone_there_are_addresses_instead_of_an_alias(school: School) -> None:
    made = right(await hosting.add(school.at, school.ada.account, school.org, "school.example"))
    await school.round()
    assert hosting.records(school.at, made.host) == [hosting.Record("A", "school.example", OURS)]


async def test_only_an_owner_of_who_has_proven_it_has_it_where_the_plan_holds_that(school: School) -> None:
    eve = await school.town.person("Eve", "eve@elsewhere.example")
    at = school.at
    assert await hosting.add(at, eve.account, school.org, HOST) == Refusal("org.unknown")
    other = right(await founding.found(at.orgs, eve.account, "Elsewhere")).id
    refused = await hosting.add(at, eve.account, other, HOST)
    assert refused == Refusal("host.not_proven", {"host": HOST})
    school.held[school.org] = False
    lacks = await hosting.add(at, school.ada.account, school.org, HOST)
    assert lacks == Refusal("plan.without", {"service": "branding"})
    school.held.clear()
    for n in range(5):
        right(await hosting.add(at, school.ada.account, school.org, f"{n}.school.example"))
    assert await hosting.add(at, school.ada.account, school.org, HOST) == Refusal(
        "host.too_many", {"most": 5}
    )
    assert await hosting.remove(at, school.ada.account, school.org, HOST) == Refusal("host.none")
    assert await hosting.check(at, eve.account, other, "1.school.example") == Refusal("host.none")


async def ready(school: School) -> None:
    school.leads_here()
    right(await hosting.add(school.at, school.ada.account, school.org, HOST))
    await school.round()
    await school.rounds.read()
    assert school.at.known.link_host(school.org, school.now) == HOST


async def test_a_plans_end_sends_on_what_comes_and_its_return_brings_it_back(school: School) -> None:
    await ready(school)
    school.held[school.org] = False
    await school.round()
    host = school.host()
    assert host and (host.state(school.now), host.why) == (State.LEAVING, Why.SERVICE)
    assert school.at.known.link_host(school.org, school.now) is None
    assert school.told()[-1] == f"{HOST} stops being your meetings' address"
    until = (school.now + LEAVING).date().isoformat()
    assert until in text_of(school.town.mailbox.last_to("ada@school.example"))
    assert may_be_certified(school.at, HOST), "who is sent on comes by https"
    await school.later(days=100)
    assert school.at.known.of(HOST, school.now) is None and school.host(), "nobody's, and kept"
    assert not may_be_certified(school.at, HOST)
    school.held.clear()
    await school.round()
    assert school.at.known.link_host(school.org, school.now) == HOST
    assert school.told()[-1] == f"{HOST} is your meetings' address again"
    assert (await school.town.audit(school.org))[-2:] == ["host.leaves", "host.back"]


@ON_ONE
async def test_a_domain_given_up_takes_its_addresses_along_after_ninety_days(school: School) -> None:
    await ready(school)
    assert await proving.give_up(school.at.orgs, school.ada.account, school.org, "school.example") is None
    await school.round()
    host = school.host()
    assert host and host.why is Why.PROOF
    await school.later(days=89)
    assert school.at.known.of(HOST, school.now)
    await school.later(days=2)
    await school.rounds.read()
    assert school.host() is None
    assert (await school.town.audit(school.org))[-1] == "host.gone"


@ON_ONE
async def test_one_that_is_taken_out_is_sent_on_and_one_that_never_led_here_is_gone(school: School) -> None:
    await ready(school)
    right(await hosting.add(school.at, school.ada.account, school.org, "live.school.example"))
    for host in (HOST, "live.school.example"):
        assert await hosting.remove(school.at, school.ada.account, school.org, host) is None
    await school.round()
    assert [(one.host, one.why) for one in school.at.known.hosts.values()] == [(HOST, Why.REMOVED)]
    again = right(await hosting.add(school.at, school.ada.account, school.org, HOST))
    assert again.state(school.now) is State.READY, "it leads here still"


async def test_who_has_the_domain_now_has_its_addresses(school: School) -> None:
    await ready(school)
    kim = await school.town.person("Kim", "kim@elsewhere.example")
    other = right(await founding.found(school.at.orgs, kim.account, "New School")).id
    school.town.zone.records.pop("_folkmoot.school.example")
    await proves(school.town, kim, other)
    await school.round()
    assert school.at.known.link_host(school.org, school.now) is None
    right(await hosting.add(school.at, kim.account, other, HOST))
    await school.round()
    await school.rounds.read()
    assert school.at.known.link_host(other, school.now) == HOST
    assert (await school.town.audit(school.org))[-1] == "host.gone"


@ON_ONE
async def test_one_that_fails_for_a_day_is_told_of_and_links_do_without_it(school: School) -> None:
    await ready(school)
    school.answers[HOST] = "certificate"
    await school.later(days=1)
    await school.rounds.read()
    assert school.at.known.link_host(school.org, school.now) == HOST
    await school.later(days=1, minutes=1)
    await school.rounds.read()
    assert school.at.known.link_host(school.org, school.now) is None
    assert school.told()[-1] == f"{HOST} no longer leads to your meetings"
    assert "its certificate doesn't hold" in text_of(school.town.mailbox.last_to("ada@school.example"))
    school.answers[HOST] = "ok"
    await school.later(hours=1)
    await school.rounds.read()
    assert school.at.known.link_host(school.org, school.now) == HOST
