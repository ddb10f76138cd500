from __future__ import annotations

from pathlib import Path

import pytest

from tools.api_types import API, all_written

MEETINGS, ACCOUNTS = all_written()[API / "http.ts"], all_written()[API / "accounts.ts"]


@pytest.mark.parametrize("file", all_written())
def test_the_pages_types_are_what_the_servers_openapi_says(file: Path) -> None:
    assert file.read_text() == all_written()[file], "python -m tools.api_types"


def test_what_may_be_left_out_is_asked_of_no_answer() -> None:
    assert "link_secret?: string;" in MEETINGS
    shapes = MEETINGS.partition("export const shapes")[2]
    assert "link_secret" not in shapes
    assert 'passcode: "string"' in shapes


def test_only_answers_have_a_shape() -> None:
    shapes = MEETINGS.partition("export const shapes")[2]
    assert "JoinRequest" not in shapes
    assert "meeting: { number: " in shapes


def test_what_may_be_null_is_there_all_the_same() -> None:
    assert "used_at: string | null;" in ACCOUNTS
    assert 'used_at: ["string", null]' in ACCOUNTS


def test_each_of_a_list_has_its_shape() -> None:
    assert 'addresses: [{ address: "string", proven: "boolean" }]' in ACCOUNTS
    assert 'RecoveryCodes: { codes: ["string"] }' in ACCOUNTS
