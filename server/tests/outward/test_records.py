"""What the DNS says of who may send for a domain (RFC 7208, RFC 7489)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from folkmoot.orgs.resolving import Ask
from folkmoot.outward import records

WANTED = "_spf.meet.example"
EMPTY: Mapping[str, list[str]] = MappingProxyType({})


def zone(texts: Mapping[str, list[str]] = EMPTY, silent: str = "") -> Ask:
    async def ask(name: str, kind: str) -> list[str] | None:
        return None if name == silent else texts.get(f"{kind}|{name}", [])

    return ask


def saying(*policies: str, **more: str) -> dict[str, list[str]]:
    return {"TXT|school.example": list(policies)} | {f"TXT|{name}": [text] for name, text in more.items()}


@pytest.mark.parametrize(
    ("policies", "more", "said"),
    [
        ([], {}, "spf.none"),
        (["google-site-verification=1"], {}, "spf.none"),
        (["v=spf10 include:_spf.meet.example"], {}, "spf.none"),
        (["v=spf1 include:_spf.meet.example ~all"], {}, "spf.good"),
        (["V=SPF1 mx +include:_SPF.meet.example. -all"], {}, "spf.good"),
        (["v=spf1 -all include:_spf.meet.example"], {}, "spf.without"),  # nothing is read behind `all`
        (["v=spf1 -include:_spf.meet.example ~all"], {}, "spf.without"),
        (["v=spf1 include:_spf.meet.example.evil.example ~all"], {}, "spf.without"),
        (["v=spf1 mx ~all"], {}, "spf.without"),
        (["v=spf1 mx ~all", "v=spf1 include:_spf.meet.example ~all"], {}, "spf.several"),  # RFC 7208, 4.5
        (["v=spf1 include:all.school.example ~all"], {"all.school.example": f"v=spf1 include:{WANTED} -all"}, "spf.good"),
        (["v=spf1 redirect=all.school.example"], {"all.school.example": f"v=spf1 include:{WANTED} -all"}, "spf.good"),
        (["v=spf1 include:a.example ~all"], {"a.example": "v=spf1 include:school.example include:a.example -all"}, "spf.without"),
        ([f"v=spf1 {' '.join(f'include:{n}.example' for n in range(10))} include:{WANTED} ~all"], {}, "spf.too_many"),
        ([f"v=spf1 {' '.join(f'a:{n}.example' for n in range(10))} include:{WANTED} ~all"], {}, "spf.too_many"),
    ],
)  # fmt: skip
async def test_spf_lets_this_server_send_or_not(policies: list[str], more: dict[str, str], said: str) -> None:
    assert await records.spf(zone(saying(*policies, **more)), "school.example", WANTED) == said


async def test_a_dns_that_is_silent_says_nothing() -> None:
    assert await records.spf(zone(silent="school.example"), "school.example", WANTED) is None
    below = saying("v=spf1 include:a.example ~all")
    assert await records.spf(zone(below, "a.example"), "school.example", WANTED) is None


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({}, "dmarc.missing"),
        ({"TXT|_dmarc.school.example": ["v=DMARC1; p=reject"]}, "dmarc.reject"),
        ({"TXT|_dmarc.school.example": ["v=DMARC1; p=none; sp=reject"]}, "dmarc.reject"),
        ({"TXT|_dmarc.mail.school.example": ["v=DMARC1;p=quarantine;aspf=s"]}, "dmarc.quarantine"),
        ({"TXT|_dmarc.school.example": ["p=reject"]}, "dmarc.missing"),
    ],
)
async def test_dmarc_is_its_own_or_that_of_what_was_registered(
    texts: dict[str, list[str]], said: str
) -> None:
    assert await records.dmarc(zone(texts), "mail.school.example", "school.example") == said


async def test_a_key_is_found_where_the_operators_is() -> None:
    target = "folkmoot._domainkey.meet.example"
    there = {"CNAME|folkmoot._domainkey.school.example": [target]}
    assert await records.dkim(zone(there), "school.example", target) == "dkim.good"
    assert await records.dkim(zone(), "school.example", target) == "dkim.none"
    assert await records.dkim(zone(), "school.example", "") is None
