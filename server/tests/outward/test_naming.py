"""Names that others read: in an address bar, before a mail. What would make them somebody else's is refused."""

from __future__ import annotations

import pytest

from folkmoot.kit import Refusal
from folkmoot.orgs import OrgId
from folkmoot.outward.naming import own_host, sender_name, skeleton, taken

MINE, THEIRS = OrgId("o_1"), OrgId("o_2")
PROVEN = {
    "school.example": MINE,
    "art.school.example": THEIRS,
    "bücher.example": MINE,
    "xn--bcher-kva.example": MINE,
}


@pytest.mark.parametrize(
    "name",
    [
        "Northfield School",
        "École Normale",
        "清华大学",
        "Школа 57",
        "Uni X – Math",
        "Dr. Who's School",
        "东京 Lab",
    ],
)
def test_a_name_is_a_name(name: str) -> None:
    assert sender_name(name) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "sender.name"),
        ("School\r\nBcc: all@victims.example", "sender.name"),
        ("School\nSubject: You won", "sender.name"),
        ("School\x00", "sender.name"),
        ("School\u202egro.knab", "sender.name"),
        ("service@bank.example", "sender.name"),
        ("service＠bank.example", "sender.name"),  # a wide sign is one all the same
        ("Bank <service", "sender.name"),
        ('Bank" <x', "sender.name"),
        ("www.bank.example", "sender.name"),
        ("bank.com", "sender.name"),
        ("https://bank", "sender.name"),
        ("A, B", "sender.name"),
        ("x" * 65, "sender.name"),
        ("Nоrthfield", "sender.name_mixed"),  # a Cyrillic о
        ("Ραypal", "sender.name_mixed"),
    ],
)
def test_what_is_no_name_is_refused(name: str, code: str) -> None:
    refused = sender_name(name)
    assert isinstance(refused, Refusal) and refused.code == code


@pytest.mark.parametrize(
    "name",
    [
        "Northfield School",
        "NORTHFIELD  SCHOOL",
        "Northfield-School",
        "Northfieid School",
        "N0rthfield School",
        "Nοrthfield Schοοl",
        "Northfield Schооl",
        "Norţhfield School",
    ],
)
def test_what_looks_like_anothers_name_is_theirs(name: str) -> None:
    assert taken(name, ["Northfield School"], ()) == Refusal("sender.name_taken")


@pytest.mark.parametrize("name", ["Folkmoot", "FoIkmoot", "F0lkmoot", "meet.school", "Meeting Desk"])
def test_nobody_is_called_as_this_server_is(name: str) -> None:
    assert taken(name, [], ("Meeting Desk", "meet.school")) == Refusal("sender.name_taken")


def test_another_name_is_free() -> None:
    assert taken("Southfield School", ["Northfield School"], ("Folkmoot",)) is None
    assert skeleton("清华大学") != skeleton("北京大学")
    assert skeleton("modern") == skeleton("modem")


@pytest.mark.parametrize(
    ("said", "host"),
    [
        ("meet.school.example", "meet.school.example"),
        (" https://Meet.School.example/ ", "meet.school.example"),
        ("meet.school.example.", "meet.school.example"),
        ("school.example", "school.example"),
        ("meet.bücher.example", "meet.xn--bcher-kva.example"),
    ],
)
def test_an_address_is_below_a_domain_that_is_proven(said: str, host: str) -> None:
    assert own_host(said, "meet.example", PROVEN, MINE) == host


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("meet", "host.invalid"),
        ("", "host.invalid"),
        ("192.0.2.1", "host.invalid"),
        ("[::1]", "host.invalid"),
        ("meet school.example", "host.invalid"),
        ("*.school.example", "host.invalid"),
        ("meet.school.example:8443", "host.invalid"),
        ("a@school.example", "host.invalid"),
        ("meet.example", "host.servers_own"),
        ("meet.other.example", "host.not_proven"),
        ("meet.art.school.example", "host.not_proven"),  # nearer is another's
        ("evilschool.example", "host.not_proven"),
        ("mееt.school.example", "host.mixed"),  # Cyrillic е
    ],
)
def test_what_is_no_address_of_theirs_is_refused(said: str, code: str) -> None:
    refused = own_host(said, "meet.example", PROVEN, MINE)
    assert isinstance(refused, Refusal) and refused.code == code
