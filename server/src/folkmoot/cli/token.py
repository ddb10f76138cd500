"""`folkmoot token`: an access token for a LiveKit client, or a new pair of API key and secret."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from folkmoot import keyring
from folkmoot.cli.settings import ConfigFile, Data, Dev, configured
from folkmoot.config import ConfigError
from folkmoot.kit import SystemClock
from folkmoot.protocol.tokens import Claims, Keys, VideoGrant


def token(
    room: Annotated[str, typer.Option(help="Which room it opens.")] = "",
    identity: Annotated[str, typer.Option(help="Whom it names.")] = "",
    name: Annotated[str, typer.Option(help="What others see.")] = "",
    admin: Annotated[bool, typer.Option(help="May also run the room by the server API.")] = False,
    minutes: Annotated[
        int, typer.Option(min=1, max=60 * 24 * 30, help="How long it can be used to come in.")
    ] = 60,
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Make an API key and its secret instead.")
    ] = False,
    dev: Dev = False,
    data: Data = None,
    config: ConfigFile = None,
) -> None:
    """Print an access token made with this server's own API key."""
    if new_key:
        made = keyring.new_secrets()
        typer.echo(f'[keys]\n{made.key} = "{made.secret}"')
        return
    if not room or not identity:
        raise ConfigError(
            "token.incomplete", "A token names a room and a person: --room standup --identity ada."
        )
    settings = configured(config, dev=dev, data=data)
    settings = keyring.equipped(settings, keyring.server_secrets(settings.data))
    keys = Keys({key: secret.get_secret_value() for key, secret in settings.keys.items()}, SystemClock())
    grant = VideoGrant(room=room, room_join=True, room_admin=admin)
    typer.echo(
        keys.mint(Claims(key="", identity=identity, name=name, video=grant), timedelta(minutes=minutes))
    )
