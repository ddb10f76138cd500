"""Mails about an organisation's meetings are from it: by name; and from an address of its own, where the DNS lets this server."""

from __future__ import annotations

import pytest

from folkmoot.kit import Refusal
from folkmoot.mail import Message
from folkmoot.orgs import founding
from folkmoot.outward import sending

from ..accounts.conftest import SENDER, text_of
from ..orgs.conftest import right
from ..orgs.test_adoption import proves
from .conftest import ON_ONE, School

OWN = "meetings@school.example"
POLICY = "v=spf1 include:_spf.meet.example ~all"


async def mailed(school: School) -> tuple[str, str | None]:
    """As an invitation arrives: from whom, and whom one answers."""
    message = Message("bob@elsewhere.example", "Physics", "Come.", reply_to="ada@school.example")
    async with school.at.orgs.storage.writing() as connection:
        assert school.at.orgs.accounts.post
        await school.at.orgs.accounts.post.put(
            connection, sending.appearing(school.at, school.org).on(message)
        )
    await school.town.settled()
    mail = school.town.mailbox.last_to("bob@elsewhere.example")
    return str(mail["From"]), mail["Reply-To"]


async def chooses(school: School, name: str = "", reply: str | None = None, own: str | None = None) -> None:
    right(await sending.choose(school.at, school.ada.account, school.org, name, reply, own))
    await school.round()


async def test_its_name_stands_before_this_servers_address(school: School) -> None:
    assert await mailed(school) == (f"Folkmoot <{SENDER}>", "ada@school.example")
    await chooses(school)
    assert await mailed(school) == (f"Northfield School via Folkmoot <{SENDER}>", "ada@school.example")
    await chooses(school, "北方学校", "office@school.example")
    assert await mailed(school) == (f"北方学校 via Folkmoot <{SENDER}>", "office@school.example")
    assert await sending.forget(school.at, school.ada.account, school.org) is None
    await school.round()
    assert await mailed(school) == (f"Folkmoot <{SENDER}>", "ada@school.example")
    assert (await school.town.audit(school.org))[-1] == "sender.dropped"


async def test_its_own_address_is_used_while_spf_lets_this_server_send(school: School) -> None:
    zone = school.town.zone.records
    await chooses(school, own=OWN)
    assert (await mailed(school))[0] == f"Northfield School via Folkmoot <{SENDER}>", "nothing lets us"
    zone["school.example"] = [POLICY]
    seen = right(await sending.check(school.at, school.ada.account, school.org))
    assert seen.seen == ("spf.good", "dmarc.missing") and seen.good_at
    await school.rounds.read()
    assert await mailed(school) == (f"Northfield School <{OWN}>", "ada@school.example")
    to = right(await sending.trial(school.at, school.ada.account, school.org))
    await school.town.settled()
    assert school.town.mailbox.last_to(to)["From"] == f"Northfield School <{OWN}>"
    zone["school.example"] = ["v=spf1 mx -all"]
    await school.later(days=1)
    await school.rounds.read()
    assert (await mailed(school))[0] == f"Northfield School via Folkmoot <{SENDER}>"
    assert school.told()[-1] == f"Mails of Northfield School are no longer from {OWN}"
    school.town.zone.silent = True
    zone["school.example"] = [POLICY]
    await school.later(days=1)
    school.town.zone.silent = False
    await school.later(minutes=11)
    await school.rounds.read()
    assert (await mailed(school))[0] == f"Northfield School <{OWN}>", "as soon as it is mended"


@ON_ONE
async def test_a_silent_dns_takes_nothing_away(school: School) -> None:
    school.town.zone.records["school.example"] = [POLICY]
    await chooses(school, own=OWN)
    await school.rounds.read()
    school.town.zone.silent = True
    await school.later(days=2)
    await school.rounds.read()
    assert (await mailed(school))[0] == f"Northfield School <{OWN}>"


@ON_ONE
async def test_a_plans_end_makes_mails_this_servers_at_once_and_keeps_what_was_chosen(school: School) -> None:
    await chooses(school)
    school.held[school.org] = False
    assert await mailed(school) == (f"Folkmoot <{SENDER}>", "ada@school.example")
    refused = await sending.choose(school.at, school.ada.account, school.org, "", None, None)
    assert refused == Refusal("plan.without", {"service": "branding"})
    school.held.clear()
    assert (await mailed(school))[0] == f"Northfield School via Folkmoot <{SENDER}>"


@ON_ONE
@pytest.mark.parametrize(
    ("name", "reply", "own", "refused"),
    [
        ("Bank <x@bank.example>", None, None, Refusal("sender.name")),
        ("School\r\nBcc: all@victims.example", None, None, Refusal("sender.name")),
        ("Nоrthfield", None, None, Refusal("sender.name_mixed")),
        ("FoIkmoot", None, None, Refusal("sender.name_taken")),
        ("S0uthfield", None, None, Refusal("sender.name_taken")),
        ("", None, "a@bank.example", Refusal("sender.not_proven", {"domain": "bank.example", "field": "address"})),
        ("", "a@bank.example", None, Refusal("sender.not_proven", {"domain": "bank.example", "field": "reply_to"})),
        ("", None, "a@mail.school.example", Refusal("sender.not_proven", {"domain": "mail.school.example", "field": "address"})),
        ("", None, "a@school.example\r\nBcc: z@y.example", Refusal("sender.address", {"field": "address"})),
        ("", None, "a@school.example, b@school.example", Refusal("sender.address", {"field": "address"})),
        ("", None, "аda@school.example", Refusal("sender.address", {"field": "address"})),  # a Cyrillic а
    ],
)  # fmt: skip
async def test_nobody_writes_as_somebody_else(
    school: School, name: str, reply: str | None, own: str | None, refused: Refusal
) -> None:
    kim = await school.town.person("Kim", "kim@south.example")
    south = right(await founding.found(school.at.orgs, kim.account, "Southfield")).id
    await proves(school.town, kim, south, "south.example")
    said = await sending.choose(school.at, school.ada.account, school.org, name, reply, own)
    assert said == refused


async def test_who_has_proven_nothing_is_named_in_no_mail(school: School) -> None:
    eve = await school.town.person("Eve", "eve@elsewhere.example")
    bank = right(await founding.found(school.at.orgs, eve.account, "Your Bank")).id
    assert await sending.choose(school.at, eve.account, bank, "", None, None) == Refusal("sender.unproven")
    assert await sending.trial(school.at, eve.account, bank) == Refusal("sender.none")
    assert await sending.choose(school.at, eve.account, school.org, "", None, None) == Refusal("org.unknown")


@ON_ONE
async def test_the_trial_says_what_it_is_in_the_readers_language(school: School) -> None:
    await chooses(school)
    to = right(await sending.trial(school.at, school.ada.account, school.org))
    await school.town.settled()
    assert "junk" in text_of(school.town.mailbox.last_to(to))
