"""Somebody makes an organisation and brings colleagues; who is in it is seen by them, and by nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from folkmoot.accounts import profile
from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId, Role, auditing, changing, founding, inviting, joining
from folkmoot.orgs.belonging import Belonging
from folkmoot.orgs.changing import Change
from folkmoot.orgs.inviting import Wish
from folkmoot.orgs.model import LINK_LIFE, MOST_OWNED

from ..alike import APART, SAMPLES, told_apart
from ..measured import Measured
from .conftest import Town, right


async def change(town: Town, by: object, org: OrgId, who: object, wanted: Change) -> Refusal | None:
    [entry] = await town.people(org, by, who.account.name)  # type: ignore[attr-defined, arg-type]
    found = await town.office.at.who(by.token)  # type: ignore[attr-defined]
    assert found
    return await changing.change(town.at, *found, org, [entry.member.id], wanted)


async def test_who_makes_one_invites_a_colleague_by_mail(town: Town) -> None:
    ada, bob = await town.person("Ada"), await town.person("Bob", "bob@elsewhere.example")
    org = await town.org(ada)
    [sent] = right(await inviting.invite(town.at, ada.account, org, [Wish("Bob@elsewhere.example", "Bob")]))
    assert sent.refusal is None and sent.link is None, "the link goes by mail alone"
    await town.settled()
    secret = town.secret_to("bob@elsewhere.example")
    shown = right(await joining.look_at_link(town.at, secret))
    assert (shown.org.name, shown.by, shown.address) == ("Northfield School", "Ada", "bob@elsewhere.example")
    await town.comes(bob, secret)
    assert await town.names(org, bob) == ["Ada", "Bob"]
    assert await joining.join(town.at, ada.account, secret) == Refusal("org.link_over"), "it is good once"
    assert await town.audit(org) == ["org.founded", "member.invited", "member.joined"]


async def test_without_a_mail_server_the_link_is_shown(without_mail: Town) -> None:
    town = without_mail
    ada = await town.office.signs_up()
    org = await town.org(ada)
    [made] = right(await inviting.invite(town.at, ada.account, org, [Wish("bob@school.example")]))
    assert made.link is not None and made.link.startswith("https://meet.example/invite#")


async def test_one_bad_address_keeps_no_other(town: Town) -> None:
    ada = await town.person("Ada")
    org = await town.org(ada)
    wishes = [Wish("not an address"), Wish("bob@school.example"), Wish("eve@school.example", "\u202e")]
    made = right(await inviting.invite(town.at, ada.account, org, wishes))
    assert [one.refusal.code if one.refusal else None for one in made] == [
        "address.invalid",
        None,
        "name.invalid",
    ]


async def test_an_outsider_learns_nothing_not_even_that_it_is_there(town: Town) -> None:
    ada, eve = await town.person("Ada"), await town.person("Eve", "eve@elsewhere.example")
    org = await town.org(ada)
    for id in (org, OrgId("o_nothing")):
        assert await founding.look(town.at, eve.account, id) == Refusal("org.unknown")
        assert await inviting.invite(town.at, eve.account, id, [Wish("a@b.example")]) == Refusal(
            "org.unknown"
        )
        assert await joining.answer(town.at, eve.account, id, yes=True) == Refusal("org.not_asked")
        assert await joining.leave(town.at, eve.account, id) == Refusal("org.unknown")


async def test_who_founds_an_organisation_is_in_it_at_once(town: Town) -> None:
    ada, belonging = await town.person("Ada"), Belonging(town.at)
    org = await town.org(ada)
    await belonging.settled()
    assert belonging.of(ada.account.id) == {org: "Northfield School"}, (
        "their meetings are its own from now on"
    )


async def test_a_member_sees_colleagues_and_governs_nothing(town: Town) -> None:
    ada, bob = await town.person("Ada"), await town.person("Bob")
    org = await town.org(ada)
    _, link = right(await inviting.open_link(town.at, ada.account, org, None, LINK_LIFE))
    await town.comes(bob, link.partition("#")[2])
    [seen, _] = await town.people(org, bob)
    assert seen.member.name == "Ada" and seen.address == "ada@school.example"
    assert seen.seen_at is None and not seen.signs_in_with, "that is for who looks after them"
    refused = await inviting.invite(town.at, bob.account, org, [Wish("a@b.example")])
    assert refused == Refusal("org.not_allowed", {"role": "admin"})
    assert await founding.change(town.at, bob.account, org, "Mine", None) == Refusal(
        "org.not_allowed", {"role": "owner"}
    )


async def test_a_link_that_goes_round_makes_members_until_it_is_over(town: Town) -> None:
    ada, bob = await town.person("Ada"), await town.person("Bob")
    org = await town.org(ada)
    made, link = right(await inviting.open_link(town.at, ada.account, org, None, timedelta(days=1)))
    secret = link.partition("#")[2]
    await town.comes(bob, secret)
    await town.comes(bob, secret)
    assert await town.names(org, ada) == ["Ada", "Bob"]
    assert await inviting.close_link(town.at, ada.account, org, made.id) is None
    assert await joining.look_at_link(town.at, secret) == Refusal("org.link_over")
    _, link = right(await inviting.open_link(town.at, ada.account, org, None, timedelta(days=1)))
    town.office.clock.advance(86401)
    assert await joining.look_at_link(town.at, link.partition("#")[2]) == Refusal("org.link_over")


async def test_the_last_owner_stays_until_there_is_another(town: Town) -> None:
    ada, bob = await town.person("Ada"), await town.person("Bob")
    org = await town.org(ada)
    _, link = right(await inviting.open_link(town.at, ada.account, org, None, LINK_LIFE))
    await town.comes(bob, link.partition("#")[2])
    assert await joining.leave(town.at, ada.account, org) == Refusal("org.last_owner")
    assert await change(town, ada, org, ada, Change(role=Role.MEMBER)) == Refusal("org.last_owner")
    assert await change(town, ada, org, ada, Change(remove=True)) == Refusal("org.last_owner")
    assert await change(town, ada, org, bob, Change(role=Role.OWNER)) is None
    assert await joining.leave(town.at, ada.account, org) is None
    assert await town.names(org, bob) == ["Bob"]


async def test_an_owner_is_made_by_one_who_just_proved_who_they_are(town: Town) -> None:
    ada, bob = await town.person("Ada"), await town.person("Bob")
    org = await town.org(ada)
    _, link = right(await inviting.open_link(town.at, ada.account, org, None, LINK_LIFE))
    await town.comes(bob, link.partition("#")[2])
    town.office.clock.advance(601)
    assert await change(town, ada, org, bob, Change(role=Role.OWNER)) == Refusal("account.prove_again")
    assert await change(town, ada, org, bob, Change(role=Role.ADMIN)) is None


async def test_who_deletes_their_account_is_followed_by_who_was_there_the_longest(town: Town) -> None:
    ada, bob, eve = await town.person("Ada"), await town.person("Bob"), await town.person("Eve")
    org = await town.org(ada)
    _, link = right(await inviting.open_link(town.at, ada.account, org, None, LINK_LIFE))
    for who in (bob, eve):
        town.office.clock.advance(1)
        await town.comes(who, link.partition("#")[2])
    found = await town.office.at.who(ada.token)
    assert found and await profile.delete(town.office.at, *found) is None
    await town.settled()
    assert await town.names(org, eve) == ["Bob", "Eve"]
    [heir] = await town.people(org, eve, "Bob")
    assert heir.member.role is Role.OWNER
    for who in (eve, bob):
        found = await town.office.at.who(who.token)
        assert found and await profile.delete(town.office.at, *found) is None
    await town.settled()
    assert (await town.audit(org))[-1] == "org.deleted", "with nobody in it, it ends"


async def test_a_new_name_is_found(town: Town) -> None:
    ada = await town.person("Ada")
    org = await town.org(ada)
    assert await profile.change(town.office.at, ada.account, "Countess Lovelace", None, None) is None
    await town.settled()
    assert await town.names(org, ada, "lovelace") == ["Countess Lovelace"]
    assert await town.names(org, ada, "ada@school") == ["Countess Lovelace"], "the address is still theirs"


async def test_an_organisation_ends_and_its_people_stay(town: Town) -> None:
    ada = await town.person("Ada")
    org = await town.org(ada)
    found = await town.office.at.who(ada.token)
    assert found and await founding.delete(town.at, *found, org) is None
    assert await founding.look(town.at, ada.account, org) == Refusal("org.unknown")
    assert await town.office.at.who(ada.token) is not None
    assert await town.audit(org) == ["org.founded", "org.deleted"]


async def test_nobody_founds_without_end(town: Town) -> None:
    ada = await town.person("Ada")
    for number in range(MOST_OWNED):
        await town.org(ada, f"Club {number}")
    assert await founding.found(town.at, ada.account, "One more") == Refusal(
        "org.too_many", {"most": MOST_OWNED}
    )
    assert await founding.found(town.at, ada.account, " ") == Refusal("name.invalid")


async def test_an_invitation_tells_nobody_who_has_an_account(town: Town) -> None:
    ada = await town.person("Ada")
    org = await town.org(ada)
    await town.person("Robert", "bob@elsewhere.example")
    wishes = [Wish("bob@elsewhere.example"), Wish("eve@elsewhere.example")]
    made = right(await inviting.invite(town.at, ada.account, org, wishes))
    assert [(one.member is not None, one.link, one.refusal) for one in made] == [(True, None, None)] * 2
    assert sorted(await town.names(org, ada)) == ["Ada", "bob", "eve"]


async def test_who_invites_learns_neither_by_words_nor_by_time_who_has_an_account(
    town: Town, measured: Measured
) -> None:
    ada = await town.person("Ada")
    for number in range(SAMPLES):
        await town.person(f"P{number}", f"p{number}@elsewhere.example")

    async def begin() -> Callable[[int, bool], Awaitable[object]]:
        org = await town.org(ada)

        async def asks(number: int, known: bool) -> object:
            address = f"{'p' if known else 'q'}{number}@elsewhere.example"
            [said] = right(await inviting.invite(town.at, ada.account, org, [Wish(address)]))
            return said.link, said.refusal

        return asks

    ratio, said = await told_apart(measured, begin)
    assert set(said) == {(None, None)}
    assert ratio < APART


async def test_the_audit_says_which_address_which_invoice_and_whose_subscription(town: Town) -> None:
    """By ids alone nobody knows what was done to what; and what is about the organisation as a whole names nothing else."""
    ada = await town.person("Ada")
    org = await town.org(ada)
    async with town.at.audit.acting() as act:
        await act.note(org, ada.account.id, "host.added", "meet.school.example")
        await act.note(org, ada.account.id, "billing.start", org)
        await act.note(org, ada.account.id, "billing.credit_note", "2026-0002")
        await act.note(org, ada.account.id, "branding.put_back", org)
    listed = right(await auditing.listed(town.at, ada.account, org, None))
    assert {one.entry.what: one.subject for one in listed} == {
        "org.founded": "",
        "host.added": "meet.school.example",
        "billing.start": "Northfield School",
        "billing.credit_note": "2026-0002",
        "branding.put_back": "",
    }
