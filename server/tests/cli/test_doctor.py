"""`folkmoot doctor`: one line for each thing tried, and what to do about the bad ones."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from folkmoot import cli
from folkmoot.cli.data import sole_owner
from folkmoot.cli.doctor import _clock, _open_files, _payments, _webhooks
from folkmoot.config import load
from folkmoot.engine import EngineError

Doctor = Callable[..., tuple[int, str]]


class Probed:
    """An engine whose ways are as the test wants them."""

    def __init__(self, *found: tuple[str, str, float | None]) -> None:
        self._found, self.closed = found, False

    def probe(self) -> list[tuple[str, str, float | None]]:
        return list(self._found)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Doctor:
    def ask(*flags: str, engine: Probed | EngineError) -> tuple[int, str]:
        def opened(*_: object) -> Probed:
            if isinstance(engine, EngineError):
                raise engine
            return engine

        monkeypatch.setattr(sys.modules["folkmoot.cli.doctor"], "open_engine", opened)
        monkeypatch.setattr("sys.argv", ["folkmoot", "doctor", "--data", str(tmp_path / "data"), *flags])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return int(end.value.code or 0), capsys.readouterr().out

    return ask


def test_what_works_is_said_with_what_was_tried(doctor: Doctor, tmp_path: Path) -> None:
    engine = Probed(("udp", "127.0.0.1:7882", 0.0004), ("tcp", "127.0.0.1:7881", 0.0011))
    _, said = doctor("--port", "0", engine=engine)
    assert "ok    UDP 127.0.0.1:7882 answers in 0.4 ms" in said
    assert "ok    TCP 127.0.0.1:7881 answers in 1.1 ms" in said
    assert f"ok    {tmp_path / 'data'} can be written" in said
    assert "ok    the clock says" in said
    assert engine.closed
    assert not [left for left in (tmp_path / "data").iterdir() if left.name.startswith(".doctor")]


def test_a_silent_address_fails_and_points_to_the_firewall(doctor: Doctor) -> None:
    for transport in ("udp", "tcp"):
        status, said = doctor("--port", "0", engine=Probed((transport, "198.51.100.4:7882", None)))
        assert status == 1
        assert f"FAIL  {transport.upper()} 198.51.100.4:7882" in said
        assert "firewall" in said


def test_media_without_tcp_is_a_choice_that_is_named(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no media by TCP" not in doctor("--port", "0", engine=Probed())[1]
    monkeypatch.setenv("FOLKMOOT_MEDIA__TCP_PORT", "0")
    assert "ok    no media by TCP" in doctor("--port", "0", engine=Probed())[1]


def test_a_busy_port_fails_with_the_way_out(doctor: Doctor) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        status, said = doctor("--port", str(taken.getsockname()[1]), engine=Probed())
    assert status == 1
    assert "FAIL  TCP port" in said
    assert "--port" in said


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (200, "ok    the server of this folder answers"),
        (503, "isn't well: mail"),
        (None, "doesn't answer at"),
    ],
)
def test_beside_a_server_that_runs_it_is_asked_and_its_ports_are_not_in_the_way(
    doctor: Doctor, tmp_path: Path, status: int | None, says: str
) -> None:
    class Healthz(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status or 500)
            self.end_headers()
            self.wfile.write(b"mail")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Healthz)
    threading.Thread(target=server.serve_forever).start()
    if status is None:
        server.shutdown()
        server.server_close()
    with sole_owner(tmp_path / "data"):
        ended, said = doctor("--port", str(server.server_port), engine=EngineError("engine.bind", "taken"))
    if status is not None:
        server.shutdown()
        server.server_close()
    assert says in said
    assert "taken" not in said and "TCP port" not in said
    assert (ended == 0) is (status == 200), said


def test_an_engine_that_does_not_start_fails_with_its_own_words(doctor: Doctor) -> None:
    status, said = doctor("--port", "0", engine=EngineError("engine.bind", "UDP port 7882 cannot be used."))
    assert status == 1
    assert "UDP port 7882 cannot be used." in said


def test_a_folder_that_cannot_be_written_fails(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    status, said = doctor("--port", "0", "--data", str(tmp_path / "file/below"), engine=Probed())
    assert status == 1
    assert "FAIL  storage in" in said
    assert "--data" in said


def test_a_clock_of_another_age_fails() -> None:
    (finding,) = _clock(load({}, {}), now=lambda: datetime(1970, 1, 1, tzinfo=UTC))
    assert not finding.good
    assert "set the clock" in finding.advice


def test_a_system_that_allows_few_files_is_named_with_what_they_are_for() -> None:
    (few,) = _open_files(load({}, {}), allowed=lambda: 1024)
    assert few.what == "1024 files may be open"
    assert "LimitNOFILE" in few.advice
    (enough,) = _open_files(load({}, {}), allowed=lambda: 65_536)
    assert not enough.advice


def test_a_webhook_receiver_that_is_not_there_is_named(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        url = f"http://127.0.0.1:{port}/hook"
        settings = load({"data": tmp_path, "webhooks": {"urls": url}}, {})
        (gone,) = _webhooks(settings)
        free.listen()
        (there,) = _webhooks(settings)
    assert (gone.good, there.good) == (False, True)
    assert str(port) in gone.what


def test_a_provider_of_payments_is_looked_for_where_there_is_one() -> None:
    assert [*_payments(load({}, {}))] == [], "nobody is asked where money comes by hand"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        stripe = {"key": "sk_test_1", "webhook_secrets": ["whsec_1"]}
        where = {"address": f"http://127.0.0.1:{taken.getsockname()[1]}"}
        settings = load({"billing": {"provider": "stripe", "stripe": stripe | where}}, {})
        (there,) = _payments(settings)
    (gone,) = _payments(settings)
    assert (there.code, gone.code) == ("payments.there", "payments.away")
    assert gone.advice and not gone.good
