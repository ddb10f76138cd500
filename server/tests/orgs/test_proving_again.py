"""A domain that was proven is looked at again; nothing is taken away suddenly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from folkmoot.accounts.accounts import SignedIn
from folkmoot.orgs import OrgId, domain_store, joining, proving, resolving
from folkmoot.orgs.model import Domain
from folkmoot.orgs.proving_again import GRACE, LAST_WORD, Step, begin, follows, kept_until

from ..accounts.conftest import text_of
from .conftest import Town, right
from .test_adoption import proves

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LAST = NOON + GRACE - LAST_WORD
MISSING = "Nothing shows any more that school.example is yours"


def kept(missing: datetime | None = None, warned: datetime | None = None) -> Domain:
    return Domain(OrgId("o_1"), "school.example", "t", NOON, NOON, "dns", missing, warned)


@pytest.mark.parametrize(
    ("domain", "seen", "now", "step"),
    [
        (kept(), True, NOON, None),
        (kept(), None, NOON, None),
        (kept(), False, NOON, Step.MISSING),
        (kept(NOON, NOON), True, NOON, Step.FOUND),
        (kept(NOON, NOON), False, LAST - timedelta(seconds=1), None),
        (kept(NOON, NOON), False, LAST, Step.REMINDED),
        (
            kept(NOON, NOON),
            False,
            NOON + 2 * GRACE,
            Step.REMINDED,
        ),  # the server was off: a word first, all the same
        (kept(NOON, LAST), False, LAST + LAST_WORD - timedelta(seconds=1), None),
        (kept(NOON, LAST), False, LAST + LAST_WORD, Step.LOST),
        (kept(NOON, LAST), None, NOON + 2 * GRACE, None),  # a DNS that is silent takes nothing away
        (kept(NOON, LAST), True, NOON + 2 * GRACE, Step.FOUND),
    ],
)
def test_what_follows_from_a_look(
    domain: Domain, seen: bool | None, now: datetime, step: Step | None
) -> None:
    assert follows(domain, seen, now) is step
    if step is Step.LOST:
        until = kept_until(domain)
        assert until is not None and now >= until


@dataclass
class School:
    """It has proven its domain."""

    town: Town
    ada: SignedIn
    org: OrgId

    @property
    def record(self) -> str:
        return "_folkmoot.school.example"

    async def a_day_later(self, days: int = 1) -> None:
        for _ in range(days):
            self.town.office.clock.advance(timedelta(days=1).total_seconds())
            await begin(self.town.at)
            await self.town.settled()

    async def domain(self) -> Domain:
        async with self.town.at.storage.reading() as connection:
            found = await domain_store.domain_of(connection, self.org, "school.example")
        assert found
        return found

    def told(self) -> list[str]:
        return [mail["Subject"] for mail in self.town.mailbox.mails if mail["To"] == "ada@school.example"]


async def school(town: Town) -> School:
    ada = await town.person("Ada")
    org = await town.org(ada)
    await proves(town, ada, org)
    return School(town, ada, org)


async def test_a_record_that_is_gone_is_told_of_twice_and_then_lost_and_members_stay(town: Town) -> None:
    bob = await town.person("Bob")
    here = await school(town)
    assert await joining.answer(town.at, bob.account, here.org, yes=True) is None
    await here.a_day_later()
    assert (await here.domain()).missing_since is None
    town.zone.records.clear()
    await here.a_day_later()
    assert here.told()[-1] == MISSING
    said = text_of(town.mailbox.last_to("ada@school.example"))
    until = kept_until(await here.domain())
    assert until and until.date().isoformat() in said and here.record in said
    await here.a_day_later(22)
    assert here.told().count(MISSING) == 1, "not every day"
    await here.a_day_later()
    assert here.told().count(MISSING) == 2
    kim = await town.person("Kim")
    assert [one.org.id for one in await joining.questions(town.at, kim.account)] == [here.org], (
        "it still holds"
    )
    await here.a_day_later(6)
    assert (await here.domain()).proven_at
    await here.a_day_later()
    assert (await here.domain()).proven_at is None
    assert here.told()[-1] == "school.example is no longer proven"
    assert await town.names(here.org, here.ada) == ["Ada", "Bob"]
    assert await joining.questions(town.at, kim.account) == []
    assert await joining.questions(town.at, (await town.person("Lee")).account) == []
    deeds = [one for one in await town.audit(here.org) if one in set(Step)]
    assert deeds == [Step.MISSING, Step.REMINDED, Step.LOST]


async def test_who_puts_the_record_back_has_it_as_before_and_nobody_is_asked_anew(town: Town) -> None:
    here = await school(town)
    kept_there = dict(town.zone.records)
    town.zone.records.clear()
    await here.a_day_later()
    asked = town.zone.asked.count(here.record)
    town.zone.records.update(kept_there)
    await here.a_day_later()
    assert (await here.domain()).missing_since is None
    assert (await town.audit(here.org))[-2:] == ["domain.missing", "domain.found"]
    town.zone.records.clear()
    await here.a_day_later()
    town.zone.records.update(kept_there)
    assert await proving.check(town.at, here.ada.account, here.org, "school.example") is None, "or at once"
    assert (await here.domain()).missing_since is None
    assert town.zone.asked.count(here.record) == asked + 3, "once a day, and when somebody asks"


async def test_a_dns_that_is_silent_for_a_year_takes_nothing_away(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolving, "LONGEST_S", 0.05)
    here = await school(town)
    town.zone.silent = True
    await here.a_day_later(3)
    assert (await here.domain()).missing_since is None
    assert MISSING not in here.told()


async def test_what_a_code_proved_is_asked_for_again_after_a_year(town: Town) -> None:
    ada = await town.person("Ada", language="zh-CN")
    here = School(town, ada, await town.org(ada))
    right(await proving.claim(town.at, ada.account, here.org, "school.example"))
    await by_code(here)
    await here.a_day_later(2)
    assert here.record not in town.zone.asked, "it never had a record"
    town.office.clock.advance(timedelta(days=365).total_seconds())
    await here.a_day_later()
    assert here.told()[-1] == "目前无法确认 school.example 仍属于你们"
    await by_code(here)
    assert (await here.domain()).missing_since is None
    asked = len(town.zone.asked)
    await here.a_day_later(2)
    assert len(town.zone.asked) == asked, "for another year"


async def by_code(here: School) -> None:
    town, account = here.town, here.ada.account
    assert await proving.mail_code(town.at, account, here.org, "school.example") is None
    await town.settled()
    said = text_of(town.mailbox.last_to("postmaster@school.example"))
    code = next(word for word in said.split() if word.isdigit() and len(word) == 8)
    assert await proving.enter_code(town.at, account, here.org, "school.example", code) is None
    await town.settled()


async def test_what_was_only_claimed_or_was_given_up_is_not_looked_at(town: Town) -> None:
    here = await school(town)
    right(await proving.claim(town.at, here.ada.account, here.org, "other.example"))
    assert await proving.give_up(town.at, here.ada.account, here.org, "school.example") is None
    town.zone.asked.clear()
    await here.a_day_later(2)
    assert town.zone.asked == []
