"""The flags that every command knows, and the configuration that they, the environment and the file make."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from folkmoot.config import Config, load

ConfigFile = Annotated[Path | None, typer.Option("--config", help="A TOML file.", dir_okay=False)]
Data = Annotated[Path | None, typer.Option("--data", help="Where everything is kept.", file_okay=False)]
Port = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="7880, unless said otherwise.")]
Dev = Annotated[
    bool, typer.Option("--dev", help="LiveKit's --dev: this machine only; key devkey, secret secret.")
]
Lan = Annotated[bool, typer.Option("--lan", help="Serve the other devices of the network, by https.")]


def configured(
    file: Path | None = None,
    *,
    data: Path | None = None,
    port: int | None = None,
    dev: bool = False,
    lan: bool = False,
    certificate: Path | None = None,
    key: Path | None = None,
) -> Config:
    flags: dict[str, Any] = {"data": data, "dev": dev or None, "lan": lan or None}
    http = {"port": port, "certificate": certificate, "key": key}
    flags["http"] = {name: value for name, value in http.items() if value is not None}
    said = {name: value for name, value in flags.items() if value not in (None, {})}
    return load(said, os.environ, file)
