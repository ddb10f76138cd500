"""A school proves its domain: its people are told and asked. Who says no stays as they were."""

from __future__ import annotations

from datetime import timedelta

import pytest

from folkmoot.kit import Refusal
from folkmoot.orgs import (
    DomainVerified,
    MemberJoined,
    OrgId,
    adopting,
    founding,
    inviting,
    joining,
    proving,
    resolving,
)
from folkmoot.orgs.inviting import Wish
from folkmoot.orgs.model import Joining, State
from folkmoot.orgs.proving import record_of

from ..accounts.conftest import text_of
from .conftest import Town, right


async def proves(town: Town, owner: object, org: OrgId, domain: str = "school.example") -> None:
    account = owner.account  # type: ignore[attr-defined]
    claimed = right(await proving.claim(town.at, account, org, domain))
    name, value = record_of(claimed)
    town.zone.records[name] = ["v=spf1 -all", value]
    assert await proving.check(town.at, account, org, claimed.domain) is None
    await town.settled()


async def test_its_people_are_told_and_asked_and_one_declines(town: Town) -> None:
    heard: list[object] = []
    for kind in (DomainVerified, MemberJoined):
        town.at.bus.subscribe(kind, heard.append)
    ada = await town.person("Ada")
    bob, eve = await town.person("Bob", language="zh-CN"), await town.person("Eve")
    stranger = await town.person("Zoe", "zoe@elsewhere.example")
    org = await town.org(ada)
    await proves(town, ada, org)
    assert heard == [MemberJoined(org, ada.account.id), DomainVerified(org, "school.example")]
    assert "你要加入吗" in town.mailbox.last_to("bob@school.example")["Subject"]
    assert "everything stays as it is" in text_of(town.mailbox.last_to("eve@school.example"))
    assert await town.names(org, ada) == ["Ada"], "nobody is moved unasked, nor shown"
    [question] = await joining.questions(town.at, bob.account)
    assert (question.org.id, question.domain) == (org, "school.example")
    assert await joining.questions(town.at, stranger.account) == []
    assert await joining.questions(town.at, ada.account) == []

    along: list[object] = []

    async def brought(_: object, *said: object) -> None:
        along.append(said)

    town.at.along.append(brought)
    assert await joining.answer(town.at, bob.account, org, yes=True, meetings=["s_1"]) is None
    assert await joining.answer(town.at, eve.account, org, yes=False, meetings=["s_2"]) is None
    assert along == [(org, bob.account.id, ["s_1"])], "those that he chose come along; a no brings nothing"
    assert heard[-1] == MemberJoined(org, bob.account.id)
    assert await town.names(org, ada) == ["Ada", "Bob"]
    assert await joining.questions(town.at, eve.account) == [], "she isn't asked twice"
    assert await founding.look(town.at, eve.account, org) == Refusal("org.unknown"), "and sees nobody"
    assert await town.account(eve) == eve.account, "her account is as it was"
    said = await town.audit(org)
    assert said[-2:] == ["member.joined", "domain.declined"]
    declined = (await town.at.audit.entries(org))[0]
    assert (declined.actor, declined.subject) == ("", "school.example"), "nobody learns who said no"


async def test_who_has_not_answered_is_asked_again_who_said_no_is_not(town: Town) -> None:
    ada, bob, eve = await town.person("Ada"), await town.person("Bob"), await town.person("Eve")
    org = await town.org(ada)
    await proves(town, ada, org)
    assert await joining.answer(town.at, eve.account, org, yes=False) is None
    before = len(town.mailbox.mails)
    assert await adopting.ask_again(town.at, ada.account, org, "school.example") is None
    await town.settled()
    assert [mail["To"] for mail in town.mailbox.mails[before:]] == ["bob@school.example"]
    assert (await joining.questions(town.at, bob.account))[0].org.id == org
    assert await joining.answer(town.at, eve.account, org, yes=True) is None, "she may think better of it"
    assert await town.names(org, ada) == ["Ada", "Eve"]


@pytest.mark.parametrize(
    ("rule", "member", "asked"),
    [(Joining.AUTOMATIC, True, False), (Joining.ASK, False, True), (Joining.NEVER, False, False)],
)
async def test_who_signs_up_later_comes_by_the_rule(
    town: Town, rule: Joining, member: bool, asked: bool
) -> None:
    ada = await town.person("Ada")
    org = await town.org(ada)
    await proves(town, ada, org)
    assert await founding.change(town.at, ada.account, org, None, rule) is None
    bob = await town.person("Bob")
    assert ("Bob" in await town.names(org, ada)) is member
    assert bool(await joining.questions(town.at, bob.account)) is asked
    stranger = await town.person("Eve", "eve@school.example.evil.example")
    assert not await joining.questions(town.at, stranger.account)
    assert "Eve" not in await town.names(org, ada)


async def test_who_was_invited_by_name_finds_that_on_their_page_too(town: Town) -> None:
    ada, bob = await town.person("Ada"), await town.person("Bob")
    org = await town.org(ada)
    right(await inviting.invite(town.at, ada.account, org, [Wish("bob@school.example")]))
    [question] = await joining.questions(town.at, bob.account)
    assert (question.org.id, question.domain) == (org, None)
    [_, expected] = await town.people(org, ada)
    assert expected.member.state is State.INVITED
    assert await joining.answer(town.at, bob.account, org, yes=True) is None
    assert [one.member.state for one in await town.people(org, ada)] == [State.MEMBER] * 2


async def test_asked_and_invited_at_once_is_one_member(town: Town) -> None:
    ada, bob = await town.person("Ada"), await town.person("Bob")
    org = await town.org(ada)
    right(await inviting.invite(town.at, ada.account, org, [Wish("bob@school.example")]))
    await town.settled()
    secret = town.secret_to("bob@school.example")
    await proves(town, ada, org)
    await town.comes(bob, secret)
    assert await town.names(org, ada) == ["Ada", "Bob"]
    assert await joining.questions(town.at, bob.account) == []


async def test_until_the_record_is_there_nothing_follows(town: Town) -> None:
    ada, bob = await town.person("Ada"), await town.person("Bob")
    org = await town.org(ada)
    claimed = right(await proving.claim(town.at, ada.account, org, " School.Example. "))
    name, value = record_of(claimed)
    without = Refusal("org.dns_without", {"name": name, "value": value})
    assert await proving.check(town.at, ada.account, org, "school.example") == without
    town.zone.records[name] = ["folkmoot=something-else"]
    assert await proving.check(town.at, ada.account, org, "school.example") == without
    assert town.zone.asked == ["_folkmoot.school.example"] * 2
    await town.settled()
    assert await joining.questions(town.at, bob.account) == []


async def test_a_code_read_by_its_postmaster_proves_it_too(town: Town) -> None:
    ada = await town.person("Ada")
    org = await town.org(ada)
    right(await proving.claim(town.at, ada.account, org, "school.example"))
    assert await proving.enter_code(town.at, ada.account, org, "school.example", "1") == Refusal(
        "org.code_wrong"
    )
    assert await proving.mail_code(town.at, ada.account, org, "school.example") is None
    await town.settled()
    said = text_of(town.mailbox.last_to("postmaster@school.example"))
    code = next(word for word in said.split() if word.isdigit() and len(word) == 8)
    wrong = "00000000" if code != "00000000" else "11111111"
    assert await proving.enter_code(town.at, ada.account, org, "school.example", wrong) == Refusal(
        "org.code_wrong"
    )
    spaced = f" {code[:4]} {code[4:]} "
    assert await proving.enter_code(town.at, ada.account, org, "school.example", spaced) is None
    assert (await town.audit(org))[-1] == "domain.proven"


async def test_a_code_is_not_guessed(town: Town) -> None:
    ada = await town.person("Ada")
    org = await town.org(ada)
    right(await proving.claim(town.at, ada.account, org, "school.example"))
    assert await proving.mail_code(town.at, ada.account, org, "school.example") is None
    said = [
        await proving.enter_code(town.at, ada.account, org, "school.example", f"{number:08}")
        for number in range(11)
    ]
    assert said[-1] is not None and said[-1].code == "signin.too_many_tries"


async def test_a_code_of_yesterday_proves_nothing(town: Town) -> None:
    ada = await town.person("Ada")
    org = await town.org(ada)
    right(await proving.claim(town.at, ada.account, org, "school.example"))
    assert await proving.mail_code(town.at, ada.account, org, "school.example") is None
    await town.settled()
    said = text_of(town.mailbox.last_to("postmaster@school.example"))
    code = next(word for word in said.split() if word.isdigit() and len(word) == 8)
    town.office.clock.advance(timedelta(minutes=31).total_seconds())
    assert await proving.enter_code(town.at, ada.account, org, "school.example", code) == Refusal(
        "org.code_wrong"
    )


async def test_a_domain_is_one_organisations(town: Town) -> None:
    ada, eve = await town.person("Ada"), await town.person("Eve", "eve@elsewhere.example")
    org, other = await town.org(ada), await town.org(eve, "Another")
    await proves(town, ada, org)
    claimed = right(await proving.claim(town.at, eve.account, other, "school.example"))
    name, value = record_of(claimed)
    town.zone.records[name].append(value)
    assert await proving.check(town.at, eve.account, other, "school.example") == Refusal("org.domain_taken")
    assert await proving.give_up(town.at, ada.account, org, "school.example") is None
    assert await proving.check(town.at, eve.account, other, "school.example") is None


async def test_a_domain_is_lost_to_who_shows_it_where_nothing_is_left_of_who_had_it(town: Town) -> None:
    ada, bob, kim = await town.person("Ada"), await town.person("Bob"), await town.person("Kim")
    eve = await town.person("Eve", "eve@elsewhere.example", language="zh-CN")
    org, other = await town.org(ada), await town.org(eve, "Another")
    await proves(town, ada, org)
    assert await joining.answer(town.at, bob.account, org, yes=True) is None
    claimed = right(await proving.claim(town.at, eve.account, other, "school.example"))
    name, value = record_of(claimed)
    town.zone.records[name] = [value]
    assert await proving.check(town.at, eve.account, other, "school.example") is None
    await town.settled()
    told = [mail["Subject"] for mail in town.mailbox.mails if mail["To"] == "ada@school.example"]
    assert "school.example is another organisation's now" in told
    assert await town.names(org, ada) == ["Ada", "Bob"], "members stay"
    assert [one.org.id for one in await joining.questions(town.at, kim.account)] == [other]
    assert (await town.audit(org))[-1] == "domain.lost"
    [entry, *_] = await town.at.audit.entries(org)
    assert (entry.actor, entry.subject) == ("", "school.example"), "nor by whom"
    town.zone.records[name].append(
        record_of(right(await proving.claim(town.at, ada.account, org, name[10:])))[1]
    )
    assert await proving.check(town.at, ada.account, org, "school.example") == Refusal("org.domain_taken")


async def test_a_code_takes_a_domain_from_nobody(town: Town) -> None:
    """Whoever reads the postmaster's mail shows less than who writes the DNS."""
    ada, eve = await town.person("Ada"), await town.person("Eve", "eve@elsewhere.example")
    org, other = await town.org(ada), await town.org(eve, "Another")
    await proves(town, ada, org)
    town.zone.records.clear()
    right(await proving.claim(town.at, eve.account, other, "school.example"))
    assert await proving.mail_code(town.at, eve.account, other, "school.example") is None
    await town.settled()
    said = text_of(town.mailbox.last_to("postmaster@school.example"))
    code = next(word for word in said.split() if word.isdigit() and len(word) == 8)
    assert await proving.enter_code(town.at, eve.account, other, "school.example", code) == Refusal(
        "org.domain_taken"
    )


async def test_what_looks_like_a_school_is_another_domain(town: Town) -> None:
    """With a Cyrillic letter in it: proven, it asks nobody of the school, and it is shown as the DNS has it."""
    ada, eve = await town.person("Ada"), await town.person("Eve", "eve@elsewhere.example")
    org = await town.org(eve, "Another")
    claimed = right(await proving.claim(town.at, eve.account, org, "schо\u043el.example"))
    assert claimed.domain.startswith("xn--")
    name, value = record_of(claimed)
    town.zone.records[name] = [value]
    assert await proving.check(town.at, eve.account, org, claimed.domain) is None
    await town.settled()
    assert await joining.questions(town.at, ada.account) == []
    assert (await proving.claim(town.at, eve.account, org, "co.uk")) == Refusal("org.domain_public")


async def test_an_address_in_another_script_finds_its_organisation(town: Town) -> None:
    ada = await town.person("Ada", "ada@b\u00fccher.example")
    bob = await town.person("Bob", "bob@b\u00fccher.example")
    org = await town.org(ada)
    await proves(town, ada, org, "b\u00fccher.example")
    assert [one.org.id for one in await joining.questions(town.at, bob.account)] == [org]


async def test_a_dns_that_says_nothing_is_no_answer(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolving, "LONGEST_S", 0.3)
    ada = await town.person("Ada")
    org = await town.org(ada)
    right(await proving.claim(town.at, ada.account, org, "school.example"))
    town.zone.silent = True
    assert await proving.check(town.at, ada.account, org, "school.example") == Refusal("org.dns_silent")


async def test_a_university_is_asked_a_few_at_a_time(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adopting, "AT_ONCE", 2)
    ada = await town.person("Ada")
    people = [await town.person(name) for name in ("Bob", "Eve", "Kim", "Lee", "Moe")]
    org = await town.org(ada)
    await proves(town, ada, org)
    for who in people:
        assert len(await joining.questions(town.at, who.account)) == 1
    asked = [entry for entry in await town.at.audit.entries(org) if entry.what == "domain.asked"]
    assert [entry.detail["people"] for entry in asked] == [1, 2, 2]
