from __future__ import annotations

from tools.api_types import TARGET, written


def test_the_pages_types_are_what_the_servers_openapi_says() -> None:
    assert TARGET.read_text() == written(), "python -m tools.api_types"


def test_what_may_be_left_out_is_asked_of_no_answer() -> None:
    assert "link_secret?: string;" in written()
    shapes = written().partition("export const shapes")[2]
    assert "link_secret" not in shapes
    assert 'passcode: "string"' in shapes


def test_only_answers_have_a_shape() -> None:
    shapes = written().partition("export const shapes")[2]
    assert "JoinRequest" not in shapes
    assert "meeting: { number: " in shapes
