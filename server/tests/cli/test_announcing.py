"""What somebody who started the server reads."""

from __future__ import annotations

import pytest

from folkmoot.cli.announcing import announce
from folkmoot.config import Config


def said(capsys: pytest.CaptureFixture[str], setup: str | None, **http: str) -> str:
    announce(Config.model_validate({"http": http}), 7880, None, setup)
    return capsys.readouterr().out


def test_who_starts_the_first_server_is_shown_the_link_to_become_its_operator(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "http://localhost:7880/setup#0123" in said(capsys, "0123")
    assert "https://meet.example/setup#0123" in said(capsys, "0123", address="https://meet.example")


def test_a_server_with_an_operator_shows_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert "setup" not in said(capsys, None)
