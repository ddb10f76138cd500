"""The secrets a server makes for itself: once, in its data folder, for its owner's eyes only.

Law: a secret is never printed, never logged, never regenerated while its file is there: tokens already given out would die.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from folkmoot.config import DEV_KEY, DEV_SECRET, Config, ConfigError

FILE = "secrets.toml"


@dataclass(frozen=True, slots=True)
class ServerSecrets:
    """An API key with its secret, as LiveKit has them, and what the server vouches with for everything else."""

    key: str
    secret: str = field(repr=False)
    seal: str = field(repr=False)


def new_secrets() -> ServerSecrets:
    return ServerSecrets("API" + secrets.token_hex(6), secrets.token_urlsafe(32), secrets.token_urlsafe(32))


def equipped(config: Config, own: ServerSecrets) -> Config:
    """The same configuration with all its API keys. The first one signs what this server mints."""
    key, secret = (DEV_KEY, DEV_SECRET) if config.dev else (own.key, own.secret)
    return config.model_copy(update={"keys": {key: SecretStr(secret)} | config.keys})


def server_secrets(data: Path) -> ServerSecrets:
    file = data / FILE
    if not file.exists():
        _write_once(file, new_secrets())
    try:
        written = tomllib.loads(file.read_text())
        return ServerSecrets(str(written["api_key"]), str(written["api_secret"]), str(written["seal"]))
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise ConfigError(
            "config.secrets_unreadable",
            f"{file} can't be used ({error}). Restore it; or remove it, and tokens given out so far stop working.",
        ) from None


def _write_once(file: Path, own: ServerSecrets) -> None:
    """Whole or not at all, and the first writer wins."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    lines = (
        "# Made by folkmoot. Who has this file can act as this server.",
        f'api_key = "{own.key}"',
        f'api_secret = "{own.secret}"',
        f'seal = "{own.seal}"',
        "",
    )
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write("\n".join(lines))
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
