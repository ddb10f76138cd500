"""Domains that anybody may have, that look like another, that aren't any."""

from __future__ import annotations

import pytest

from folkmoot.kit import Refusal
from folkmoot.orgs import names


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("School.Example", "school.example"),
        ("  school.example. ", "school.example"),
        ("@school.example", "school.example"),
        ("學校.example", "xn--n9so80a.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("ｓｃｈｏｏｌ.example", "school.example"),
    ],
)
def test_one_form(said: str, kept: str) -> None:
    assert names.domain(said) == kept


@pytest.mark.parametrize(
    "said",
    ["", "school", "192.0.2.1", "a..b", "-a.example", "a b.example", "a_b.example", "x" * 64 + ".example",
     "http://school.example", "ada@school.example", "school.example/x", "xn--zzzzzzzz--.example", "\u202eschool.example",
     ".".join(["abcdefgh"] * 30) + ".example"],
)  # fmt: skip
def test_what_is_no_domain(said: str) -> None:
    assert names.domain(said) == Refusal("org.domain_invalid")


@pytest.mark.parametrize(
    "public",
    ["gmail.com", "qq.com", "163.com", "outlook.com", "gmx.de", "mail.qq.com", "co.uk", "com.cn", "com", "github.io",
     "ac.uk", "edu.cn", "proton.me"],
)  # fmt: skip
def test_what_is_everybodys_is_nobodys(public: str) -> None:
    assert names.claimable(public) == Refusal("org.domain_public")


@pytest.mark.parametrize(
    "own", ["school.example", "tsinghua.edu.cn", "cs.school.ac.uk", "xn--bcher-kva.example"]
)
def test_ones_own(own: str) -> None:
    assert names.claimable(own) is None


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("bücher.example", "bücher.example"),
        ("學校.example", "學校.example"),
        ("школа.example", "школа.example"),
        # Cyrillic letters in the place of Latin ones: all of them, or some
        ("сосо.example", "xn--n1aahb.example"),
        ("schооl.example", names.domain("schооl.example")),
        ("раураl.example", names.domain("раураl.example")),
    ],
)
def test_what_looks_like_another_is_shown_as_the_dns_has_it(said: str, shown: str) -> None:
    kept = names.domain(said)
    assert isinstance(kept, str)
    assert names.shown(kept) == shown
    assert names.domain(names.written(kept)) == kept
