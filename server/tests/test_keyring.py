from __future__ import annotations

import stat
from pathlib import Path

import pytest

from folkmoot.config import ConfigError, load
from folkmoot.keyring import FILE, equipped, own_pair


def test_the_pair_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    pair = own_pair(data)
    assert own_pair(data) == pair
    assert len(pair.secret) >= 32
    assert stat.S_IMODE((data / FILE).stat().st_mode) == 0o600
    assert [file.name for file in data.iterdir()] == [FILE]


def test_another_server_has_another_pair(tmp_path: Path) -> None:
    assert own_pair(tmp_path / "a") != own_pair(tmp_path / "b")


def test_a_damaged_file_is_named_and_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("api_key = ")
    with pytest.raises(ConfigError) as refusal:
        own_pair(tmp_path)
    assert refusal.value.code == "config.secrets_unreadable"
    assert (tmp_path / FILE).read_text() == "api_key = "


def test_the_own_pair_signs_and_the_given_keys_are_known_too(tmp_path: Path) -> None:
    config = equipped(load({"data": tmp_path, "keys": {"APIgiven": "x" * 40}}, {}))
    assert list(config.keys) == [own_pair(tmp_path).key, "APIgiven"]


def test_dev_has_livekits_key_and_writes_nothing(tmp_path: Path) -> None:
    config = equipped(load({"dev": True, "data": tmp_path}, {}))
    assert {key: secret.get_secret_value() for key, secret in config.keys.items()} == {"devkey": "secret"}
    assert not list(tmp_path.iterdir())


def test_a_secret_shows_itself_nowhere(tmp_path: Path) -> None:
    config = equipped(load({"data": tmp_path}, {}))
    assert own_pair(tmp_path).secret not in f"{config!r} {config} {config.model_dump_json()}"
