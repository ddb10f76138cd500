"""What owners are told of an open invoice: all of it, in their language, and no threat that isn't carried out."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from folkmoot.billing import declined as declined_
from folkmoot.billing import printed
from folkmoot.billing.deciding import Start
from folkmoot.billing.dunning import Step
from folkmoot.billing.plans import Period
from folkmoot.billing.words import OPEN, WORDS, message, say

from .conftest import TEAM, Shop

TOLD = {
    "name": "Ada", "number": "2026-0001", "amount": "288.00 EUR", "org": "Northfield", "site": "meet.example",
    "due": "2026-01-15", "restricted": "2026-02-14",
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("step", Step)
def test_every_step_has_its_words_in_both_languages(step: Step, language: str) -> None:
    said = message(step, "ada@school.example", language, **TOLD)
    assert said.language == language
    for word in ("Ada", "2026-0001", "288.00 EUR", "2026-01-15", "Northfield"):
        assert word in said.text
    assert "{" not in said.subject + said.text
    if step is Step.WARNED:
        assert "2026-02-14" in said.subject


def test_a_letter_an_invoice_and_the_page_call_a_thing_by_one_name() -> None:
    """A plan is 套餐 and an invoice 发票, as in the page's catalogs."""
    declined = (one["zh-CN"] for one in (declined_.SUBJECT, declined_.OPEN))
    letters = [text for step in WORDS.values() for text in step["zh-CN"]]
    said = "".join([*letters, OPEN["zh-CN"], *declined, *printed.WORDS["zh-CN"].values()])
    assert "套餐" in said and "发票" in said
    assert not {"方案", "账单"} & {said[n : n + 2] for n in range(len(said))}


def test_who_reads_another_language_is_told_in_english() -> None:
    assert message(Step.WARNED, "x@school.example", "fr", **TOLD).language == "en"
    assert set(WORDS) == set(Step)


async def test_the_owner_gets_a_mail(shop: Shop) -> None:
    await shop.does(Start(TEAM.id, 40, Period.YEAR, "EUR"))
    async with shop.at.storage.writing() as connection:
        tell = partial(say, shop.town.at, connection, shop.org)
        await tell(Step.REMINDED, "2026-0001", date(2026, 2, 14))
        await tell(Step.REMINDED, "2026-0099", date(2026, 2, 14))
    await shop.town.settled()
    subject = "Invoice 2026-0001 isn't paid yet"
    assert [str(one["subject"]) for one in shop.town.mailbox.mails].count(subject) == 1
