from __future__ import annotations

import json
import logging

import pytest
import structlog

from folkmoot import logs

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"


def line(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    written: dict[str, object] = json.loads(capsys.readouterr().err.splitlines()[-1])
    return written


def test_a_line_is_json_with_what_was_bound(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    structlog.get_logger("folkmoot.rooms").bind(room="standup", participant="PA_1").info("joined", tracks=2)
    written = line(capsys)
    assert (written["event"], written["room"], written["participant"], written["tracks"]) == (
        "joined", "standup", "PA_1", 2,
    )  # fmt: skip
    assert written["level"] == "info"
    assert written["logger"] == "folkmoot.rooms"


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize(
    "said",
    [
        {"token": TOKEN},
        {"url": f"/rtc?access_token={TOKEN}&x=1"},
        {"url": "/api/meetings/1/channel?token=s3cr3t-opaque"},
        {"headers": {"Authorization": "Bearer s3cr3t-opaque"}},
        {"headers": [("authorization-like", f"Bearer {TOKEN}")]},
        {"body": {"passcode": "s3cr3t-opaque", "name": "Ada"}},
        {"nested": {"deep": [f"said {TOKEN}"]}},
        {"frame": TOKEN.encode()},
        {"text": "/rtc/v1?join_request=s3cr3t-opaque"},
    ],
)
def test_no_token_and_no_secret_is_written(
    capsys: pytest.CaptureFixture[str], form: str, said: dict[str, object]
) -> None:
    logs.configure(form)
    structlog.get_logger("folkmoot").info("request", **said)
    written = capsys.readouterr().err
    assert "request" in written
    assert TOKEN not in written
    assert TOKEN.split(".")[2] not in written
    assert "s3cr3t-opaque" not in written


def test_a_traceback_and_a_librarys_line_are_cleaned_too(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    try:
        raise ValueError(f"can't read {TOKEN}")
    except ValueError:
        structlog.get_logger("folkmoot").exception("failed")
    written = line(capsys)
    assert "ValueError" in str(written["exception"])
    assert TOKEN not in str(written)
    logging.getLogger("some.library").warning("GET %s", f"/rtc?access_token={TOKEN}")
    written = line(capsys)
    assert written["event"] == "GET /rtc?access_token=…"


def test_what_is_no_secret_stays_readable(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    structlog.get_logger("folkmoot").info("joined", identity="ada", reason="request=fine", tokens=None)
    assert line(capsys)["identity"] == "ada"
