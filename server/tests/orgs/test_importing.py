"""A list of people as a table: each bad line named, each good one taken; and nothing runs in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest

from folkmoot.kit import Refusal, text
from folkmoot.orgs import Role, importing, inviting, taking_in
from folkmoot.orgs.importing import MOST_LINES, Read, read, unescaped
from folkmoot.orgs.model import LINK_LIFE, State

from .conftest import Town, right

TABLE = """\
address,name,role,groups
bob@school.example,Bob,admin,Teachers/Science; Class 3
not an address,Eve,,
kim@school.example,Kim,boss,
bob@school.example,Bob again,,
lee@school.example,,,Class 3
"""


async def test_each_bad_line_is_named_and_the_good_ones_are_taken(town: Town) -> None:
    ada = await town.person("Ada")
    org = await town.org(ada)
    tried = right(await taking_in.take_in(town.at, ada.account, org, TABLE.encode(), try_only=True))
    faults = [(one.number, one.column, one.refusal.code) for one in tried.faults]
    assert faults == [
        (3, "address", "address.invalid"),
        (4, "role", "org.import_role"),
        (5, "address", "org.import_twice"),
    ]
    assert (tried.lines, tried.invited, tried.changed) == (5, 2, 0)
    assert await town.names(org, ada) == ["Ada"], "looking at it does nothing"
    taken = right(await taking_in.take_in(town.at, ada.account, org, TABLE.encode(), try_only=False))
    assert [(one.number, one.column) for one in taken.faults] == [(3, "address"), (4, "role"), (5, "address")]
    people = {one.member.name: one for one in await town.people(org, ada)}
    assert (people["Bob"].member.role, people["Bob"].member.state) == (Role.ADMIN, State.INVITED)
    assert len(people["Bob"].groups) == 2 and people["lee"].groups[0] in people["Bob"].groups
    await town.settled()
    assert {mail["To"] for mail in town.mailbox.mails} >= {"bob@school.example", "lee@school.example"}


async def test_who_is_in_gets_what_their_line_says(town: Town) -> None:
    ada, bob = await town.person("Ada"), await town.person("Bob")
    org = await town.org(ada)
    _, link = right(await inviting.open_link(town.at, ada.account, org, None, LINK_LIFE))
    await town.comes(bob, link.partition("#")[2])
    table = "address,role,groups\nbob@school.example,admin,Class 3\nada@school.example,member,\n"
    taken = right(await taking_in.take_in(town.at, ada.account, org, table.encode(), try_only=False))
    assert (taken.changed, [(one.number, one.refusal.code) for one in taken.faults]) == (
        1,
        [(3, "org.last_owner")],
    )
    [entry] = await town.people(org, ada, "Bob")
    assert entry.member.role is Role.ADMIN and len(entry.groups) == 1


async def test_an_admin_makes_no_owner_by_a_table(town: Town) -> None:
    ada, bob = await town.person("Ada"), await town.person("Bob")
    org = await town.org(ada)
    table = b"address,role\nbob@school.example,admin\n"
    right(await taking_in.take_in(town.at, ada.account, org, table, try_only=False, fresh=True))
    await town.settled()
    await town.comes(bob, town.secret_to("bob@school.example"))
    table = b"address,role\neve@school.example,owner\nada@school.example,member\n"
    taken = right(await taking_in.take_in(town.at, bob.account, org, table, try_only=False, fresh=True))
    assert [one.refusal.code for one in taken.faults] == ["org.outranked"] * 2


async def test_what_goes_out_comes_in_again_and_runs_nothing(town: Town) -> None:
    ada = await town.person("=cmd|' /C calc'!A1", "ada@school.example")
    org = await town.org(ada)
    said = right(await taking_in.exported(town.at, ada.account, org))
    [_, row] = csv.reader(io.StringIO(said.removeprefix("\ufeff"), newline=""))
    assert row[0].startswith("'="), "a spreadsheet shows it"
    found = read(said.encode())
    assert isinstance(found, Read) and [line.name for line in found.lines] == ["=cmd|' /C calc'!A1"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "'=x", "plain", "", "'quoted'"])
def test_an_apostrophe_goes_on_and_off(cell: str) -> None:
    assert unescaped(text.cell(cell)) == cell or cell == "'=x"
    assert not text.cell(cell).startswith(("=", "+", "-", "@", "\t"))


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\xff\xfe\x00", "org.import_encoding"),
        (b"address\n\0", "org.import_encoding"),
        (b"", "org.import_no_address"),
        (b"name,role\nBob,member\n", "org.import_no_address"),
        (b'address,name\na@b.example,"Bob\n', "org.import_broken"),
        (b"address\n" + b"a@b.example\n" * (MOST_LINES + 1), "org.import_too_long"),
    ],
)
def test_what_is_no_table(raw: bytes, code: str) -> None:
    found = read(raw)
    assert isinstance(found, Refusal) and found.code == code


@pytest.mark.parametrize(
    "table",
    ["\ufeffaddress;name\r\nbob@school.example;Bob\r\n", "name\taddress\nBob\tbob@school.example\n",
     "邮箱,姓名,角色\nbob@school.example,Bob,成员\n"],
)  # fmt: skip
def test_as_spreadsheets_of_other_countries_write_it(table: str) -> None:
    found = read(table.encode())
    assert isinstance(found, Read)
    assert [(line.address, line.name) for line in found.lines] == [("bob@school.example", "Bob")]
    assert importing.COLUMNS["邮箱"] == "address"
