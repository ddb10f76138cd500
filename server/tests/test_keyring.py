from __future__ import annotations

import stat
from pathlib import Path

import pytest

from folkmoot.config import ConfigError, load
from folkmoot.keyring import FILE, equipped, server_secrets


def test_the_pair_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    pair = server_secrets(data)
    assert server_secrets(data) == pair
    assert len(pair.secret) >= 32
    assert stat.S_IMODE((data / FILE).stat().st_mode) == 0o600
    assert [file.name for file in data.iterdir()] == [FILE]


def test_another_server_has_another_pair(tmp_path: Path) -> None:
    assert server_secrets(tmp_path / "a") != server_secrets(tmp_path / "b")


def test_a_damaged_file_is_named_and_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("api_key = ")
    with pytest.raises(ConfigError) as refusal:
        server_secrets(tmp_path)
    assert refusal.value.code == "config.secrets_unreadable"
    assert (tmp_path / FILE).read_text() == "api_key = "


def test_the_own_pair_signs_and_the_given_keys_are_known_too(tmp_path: Path) -> None:
    own = server_secrets(tmp_path)
    config = equipped(load({"data": tmp_path, "keys": {"APIgiven": "x" * 40}}, {}), own)
    assert list(config.keys) == [own.key, "APIgiven"]


def test_dev_has_livekits_key_and_not_the_servers_own(tmp_path: Path) -> None:
    config = equipped(load({"dev": True, "data": tmp_path}, {}), server_secrets(tmp_path))
    assert {key: secret.get_secret_value() for key, secret in config.keys.items()} == {"devkey": "secret"}


def test_a_secret_shows_itself_nowhere(tmp_path: Path) -> None:
    own = server_secrets(tmp_path)
    config = equipped(load({"data": tmp_path}, {}), own)
    shown = f"{config!r} {config} {config.model_dump_json()} {own!r} {own}"
    assert own.secret not in shown
    assert own.seal not in shown
