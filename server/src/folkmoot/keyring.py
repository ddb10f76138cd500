"""The secrets a server makes for itself: once, in its data folder, for its owner's eyes only.

Law: a secret is never printed, never logged, never regenerated while its file is there: tokens already given out would die.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from folkmoot.config import DEV_KEY, DEV_SECRET, Config, ConfigError

FILE = "secrets.toml"


@dataclass(frozen=True, slots=True)
class Pair:
    """An API key and its secret, as LiveKit has them."""

    key: str
    secret: str


def new_pair() -> Pair:
    return Pair("API" + secrets.token_hex(6), secrets.token_urlsafe(32))


def equipped(config: Config) -> Config:
    """The same configuration with all its API keys. The first one signs what this server mints."""
    own = Pair(DEV_KEY, DEV_SECRET) if config.dev else own_pair(config.data)
    keys = {own.key: SecretStr(own.secret)} | config.keys
    return config.model_copy(update={"keys": keys})


def own_pair(data: Path) -> Pair:
    file = data / FILE
    if not file.exists():
        _write_once(file, new_pair())
    try:
        written = tomllib.loads(file.read_text())
        return Pair(str(written["api_key"]), str(written["api_secret"]))
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise ConfigError(
            "config.secrets_unreadable",
            f"{file} can't be used ({error}). Restore it; or remove it, and tokens given out so far stop working.",
        ) from None


def _write_once(file: Path, pair: Pair) -> None:
    """Whole or not at all, and the first writer wins."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    text = f'# Made by folkmoot. Who has this file can act as this server.\napi_key = "{pair.key}"\napi_secret = "{pair.secret}"\n'
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as error:
        raise ConfigError(
            "data.unwritable",
            f"{file.parent} can't be written: {error.strerror}. Name another folder with --data.",
        ) from None
