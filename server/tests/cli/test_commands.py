"""The commands, as somebody at a terminal meets them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest

from folkmoot import cli
from folkmoot.cli.addresses import listen, of_this_machine, to_advertise
from folkmoot.config import ConfigError, load
from folkmoot.kit import SystemClock
from folkmoot.protocol.tokens import Keys


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["folkmoot", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_busy_port_is_one_sentence_with_a_code_and_a_way_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], busy_port: int, tmp_path: Path
) -> None:
    assert run(monkeypatch, "serve", "--dev", "--port", str(busy_port), "--data", str(tmp_path)) == 2
    said = capsys.readouterr().err
    assert f"Port {busy_port}" in said
    assert "--port" in said
    assert "[http.port_busy]" in said
    assert "Traceback" not in said


def test_dev_for_others_is_refused_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "serve", "--dev", "--lan", "--data", str(tmp_path)) == 2
    assert "[config.dev_beyond_loopback]" in capsys.readouterr().err


def test_the_known_secret_without_dev_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("FOLKMOOT_KEYS", "devkey: secret")
    assert run(monkeypatch, "serve", "--port", "0", "--data", str(tmp_path)) == 2
    assert "[config.weak_secret]" in capsys.readouterr().err


def test_two_servers_do_not_share_a_data_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from folkmoot.cli.data import sole_owner

    with sole_owner(tmp_path):
        assert run(monkeypatch, "serve", "--port", "0", "--data", str(tmp_path)) == 2
    assert "[data.in_use]" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    assert run(monkeypatch, "serve", "--port", "0", "--data", str(tmp_path / "file/below")) == 2
    assert "[data.unwritable]" in capsys.readouterr().err


def test_a_token_opens_the_room_it_names(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert (
        run(monkeypatch, "token", "--dev", "--room", "standup", "--identity", "ada", "--data", str(tmp_path))
        == 0
    )
    claims = Keys({"devkey": "secret"}, SystemClock()).verify(capsys.readouterr().out.strip())
    assert (claims.identity, claims.video.room, claims.video.room_join, claims.video.room_admin) == (
        "ada", "standup", True, False,
    )  # fmt: skip


def test_a_token_for_nobody_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "token", "--room", "standup", "--data", str(tmp_path)) == 2
    assert "[token.incomplete]" in capsys.readouterr().err


def test_without_dev_the_servers_own_secret_signs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "token", "--room", "r", "--identity", "ada", "--data", str(tmp_path)) == 0
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(capsys.readouterr().out.strip(), "secret", algorithms=["HS256"])


def test_a_new_key_is_strong_enough_for_the_configuration(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "token", "--new-key") == 0
    file = tmp_path / "folkmoot.toml"
    file.write_text(capsys.readouterr().out)
    assert len(load({}, {}, file).keys) == 1


def test_localhost_is_both_loopbacks_on_one_port() -> None:
    sockets = listen(load({"http": {"port": 0}}, {}))
    try:
        assert sockets[0].getsockname()[0] == "127.0.0.1"
        assert len({made.getsockname()[1] for made in sockets}) == 1
    finally:
        for made in sockets:
            made.close()


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(ConfigError) as refusal:
        listen(load({"http": {"host": "192.0.2.1", "port": 0}}, {}))
    assert refusal.value.code == "http.no_address"


def test_media_is_advertised_where_it_can_be_reached() -> None:
    assert to_advertise(load({"media": {"advertise": ["198.51.100.4"]}}, {})) == ["198.51.100.4"]
    assert "127.0.0.1" in to_advertise(load({}, {}))
    assert "127.0.0.1" not in of_this_machine()
