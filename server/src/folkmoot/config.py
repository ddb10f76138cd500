"""What this server is told: one frozen, typed tree.

Law: a flag beats the environment, which beats the file, which beats the defaults. A name that nobody knows is an error
that names its nearest neighbour, never something silently ignored. Nothing below `app` and `cli` reads the environment.

In the file (TOML) the tree is written as tables; in the environment `http.port` is `FOLKMOOT_HTTP__PORT`, and a list is
written with commas.
"""

from __future__ import annotations

import difflib
import ipaddress
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from folkmoot.kit.network import LOOPBACK, endpoint

PREFIX, BETWEEN = "FOLKMOOT_", "__"
DEV_KEY, DEV_SECRET = "devkey", "secret"
SHORTEST_SECRET = 32
MEDIA_PORT, MEDIA_TCP_PORT = 7882, 7881


class ConfigError(Exception):
    """For the one who starts the server: a stable code, and a sentence that says what to change."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def _by_commas(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _pairs(value: object) -> object:
    """`key: secret, key: secret`, as the environment of other LiveKit servers has it."""
    if not isinstance(value, str):
        return value
    pairs = (part.partition(":") for part in value.split(",") if part.strip())
    return {key.strip(): secret.strip() for key, _, secret in pairs}


def _json(value: object) -> object:
    """As the environment has it."""
    return json.loads(value) if isinstance(value, str) else value


PresetName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Names = Annotated[tuple[str, ...], BeforeValidator(_by_commas)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Http(_Part):
    address: str = ""
    """Where people reach this server: `https://meet.example`. Links in mails lead there. Not set: this machine's, for itself alone."""
    host: str = "localhost"
    """`localhost` is both loopbacks; `::` and `0.0.0.0` are everybody who reaches this machine."""
    port: int = Field(default=7880, ge=0, le=65535)
    certificate: Path | None = None
    """PEM, with its chain; together with `key`. Without them: plain http, for loopback or behind a reverse proxy."""
    key: Path | None = None
    certificates: Path | None = None
    """A folder with one for each own address of an organisation, as certbot, lego and Caddy write them; read again when one changes."""
    names: Names = ()
    """Other names that this server is reached by, such as `meet.internal.example`. Where `address` is set, browsers are let in by no other."""
    origins: Names = ()
    """Pages of other addresses that may open meeting channels here, such as `https://meet.example`."""
    trusted_proxies: Names = ("127.0.0.1", "::1")
    """Whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed."""
    most_sockets: int | None = Field(default=None, ge=16)
    """At once; three quarters of them by one network. Not set: half of the files that this process may open."""


class Media(_Part):
    host: str = "::"
    udp_port: int | None = Field(default=None, ge=0, le=65535)
    """One port for all media. Not set: any free one while only this machine is served, else 7882."""
    tcp_port: int | None = Field(default=None, ge=0, le=65535)
    """And one for those whose network lets no UDP pass; 0: none. Not set: as above, else 7881."""
    advertise: Names = ()
    """The addresses clients send media to. Empty: those of this machine. Behind NAT: the public one."""
    most_uplink_kbps: int = Field(default=30_000, ge=1000)
    """What one participant may send; what is more is dropped. Three layers of a 4K camera and a screen need two thirds."""
    most_uplink_packets: int = Field(default=6000, ge=500)
    """The same in packets a second."""
    threads: int | None = Field(default=None, ge=1, le=64)
    """That carry it. Not set: one for each core."""
    people_per_thread: int = Field(default=50, ge=1)
    """Of one meeting: a larger one takes another thread for each so many more."""


class Meetings(_Part):
    most_people: int = Field(default=2000, ge=1, le=5000)
    """In one meeting."""
    most_running: int = Field(default=10_000, ge=1)
    """Meetings at once; others are asked to come back in a while."""
    empty_minutes: float = Field(default=10, gt=0)
    """A meeting that everybody left ends after this."""
    keep_days: float = Field(default=30, ge=0)
    """What is kept of an ended meeting is deleted after this."""


class Rooms(_Part):
    most: int = Field(default=20_000, ge=1)
    """Rooms at once, those of meetings among them; what would open another is asked to come back."""
    most_participants: int = Field(default=50_000, ge=1)
    """In all of them together."""


class Storage(_Part):
    url: SecretStr = SecretStr("")
    """`postgresql://user:password@host/database`. Empty: one SQLite file in the data folder."""


class Files(_Part):
    """What people bring along: pictures, and what they share in a chat."""

    bucket: str = ""
    """Of S3. Empty: they are in the folder `files` of the data folder."""
    endpoint: str = ""
    """Where S3 is, such as `https://s3.example:9000`. Empty: at Amazon, in that region."""
    region: str = "us-east-1"
    access_key: str = ""
    secret: SecretStr = SecretStr("")
    prefix: str = ""
    """What keys in the bucket begin with, where it has other things in it."""
    keep_free_mb: int = Field(default=1024, ge=0)
    """Of the folder's disk: what would leave less than this is refused."""
    chat_most_mb: int = Field(default=50, ge=0)
    """The largest file that the chat takes. 0: none."""
    chat_person_mb: int = Field(default=500, ge=0)
    """All that one person brings to one meeting."""
    chat_meeting_mb: int = Field(default=2000, ge=0)
    """All that is brought to one meeting; it is kept as long as the meeting's history."""


class Log(_Part):
    format: Literal["auto", "console", "json"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"


class SignInProvider(_Part):
    name: str = Field(min_length=1, max_length=100)
    """As the button says it: `Northfield School`."""
    issuer: str = Field(max_length=255)
    client_id: str
    client_secret: SecretStr = SecretStr("")
    domains: Names = ()
    """For whose addresses it speaks."""


ProviderId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]


class Accounts(_Part):
    sign_up: Literal["open", "domain", "closed"] = "open"
    """Who may make an account: everybody, who has an address of one of `domains`, or nobody but the operator."""
    domains: Names = ()
    providers: Annotated[dict[ProviderId, SignInProvider], BeforeValidator(_json)] = Field(
        default_factory=dict
    )
    """Organisations whose people may sign in here by their own sign-in (OpenID Connect)."""


class Mail(_Part):
    host: str = ""
    """Of the SMTP server that takes mails. Empty: none is sent, and links are shown to copy."""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = ""
    """The address that mails are from."""
    sender_name: str = "Folkmoot"
    spf: str = ""
    """The domain whose SPF record names the servers that your mail leaves by; organisations include it. Empty: that of `sender`."""
    dkim: str = ""
    """Where the key is that your mail server signs organisations' mail with: `folkmoot._domainkey.meet.example`. Empty: it doesn't."""


class Webhooks(_Part):
    urls: Names = ()
    """Who is told what happens in the rooms, by LiveKit's webhooks."""
    key: str = ""
    """Which API key they are signed with. Empty: this server's own."""
    allowed_networks: Names = ()
    """Of one's own, such as `10.1.0.0/16`, that webhooks of accounts and organisations may reach. They reach the public alone else."""


class Dns(_Part):
    servers: Names = ()
    """Asked whether a domain is an organisation's: `192.0.2.53`, `192.0.2.53:5353`. Empty: those of this machine."""


class StripeAccount(_Part):
    """Of whom payments come through, where `billing.provider` is `stripe`."""

    key: SecretStr = SecretStr("")
    """Its secret key, or a restricted one: `sk_live_…`, `rk_live_…`."""
    webhook_secrets: Annotated[tuple[SecretStr, ...], BeforeValidator(_by_commas)] = ()
    """That its webhooks are signed with, `whsec_…`; two while one replaces the other."""
    address: str = ""
    """Where it is, for tests. Empty: at Stripe."""


class Billing(_Part):
    provider: Literal["manual", "stripe"] = "manual"
    """Through whom money comes. `manual`: a bank account, and you note it; nothing goes to anybody."""
    stripe: StripeAccount = StripeAccount()
    seller: str = Field(default="", max_length=1000)
    """Who invoices are from: name, address, tax number, a line each. Documents that were sent keep what it was."""


class Embed(_Part):
    origins: Names = ()
    """Pages that may show a meeting in a frame, such as `https://www.school.example`. The operator's page can choose others."""


class Metrics(_Part):
    public: bool = False
    """Otherwise `/metrics` answers this machine only, and nothing that came through a proxy."""


class Preset(_Part):
    """What a meeting made by this name allows. What isn't said is as the preset of that name has it, or as `open` has."""

    waiting_room: Literal["off", "guests", "everyone"] | None = None
    chat: Literal["all", "hosts", "off"] | None = None
    without_host: Literal["wait", "meet"] | None = None
    unmute: bool | None = None
    video: bool | None = None
    share: bool | None = None
    react: bool | None = None
    rename: bool | None = None
    files: bool | None = None
    draw: bool | None = None
    mute_on_entry: bool | None = None
    show_title: bool | None = None
    waiting_line: str | None = Field(default=None, max_length=200)
    personal_only: bool | None = None
    hosts_to_admit: Literal[1, 2] | None = None
    heirs: Literal["named", "invited", "anybody"] | None = None
    """Who may follow the last host where none was named: nobody, who has a personal link, anybody."""


def default_data() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "folkmoot"


class Config(_Part):
    dev: bool = False
    """LiveKit's `--dev`: loopback only, API key `devkey`, secret `secret`."""
    lan: bool = False
    """Serve the other devices of the network, by https."""
    data: Path = Field(default_factory=default_data)
    http: Http = Http()
    media: Media = Media()
    meetings: Meetings = Meetings()
    rooms: Rooms = Rooms()
    accounts: Accounts = Accounts()
    mail: Mail = Mail()
    storage: Storage = Storage()
    files: Files = Files()
    log: Log = Log()
    metrics: Metrics = Metrics()
    embed: Embed = Embed()
    billing: Billing = Billing()
    webhooks: Webhooks = Webhooks()
    dns: Dns = Dns()
    keys: Annotated[dict[str, SecretStr], BeforeValidator(_pairs)] = Field(default_factory=dict)
    """API keys and their secrets, for LiveKit's server SDKs. One more, this server's own, is made by itself."""
    presets: Annotated[dict[PresetName, Preset], BeforeValidator(_json)] = Field(default_factory=dict)
    """What meetings may be made like, beside or instead of `open`, `careful`, `class` and `summit`."""

    @property
    def loopback(self) -> bool:
        """Only this machine is served."""
        return not self.lan and self.http.host in LOOPBACK

    @property
    def origin(self) -> str:
        """Where people reach this server."""
        scheme = "http" if self.http.certificate is None else "https"
        return self.http.address or f"{scheme}://localhost:{self.http.port}"

    @property
    def certified(self) -> bool:
        """The certificate is one that browsers believe, not the one that `--lan` made."""
        return self.http.certificate is not None and self.http.certificate.parent != self.data / "tls"

    @property
    def udp_port(self) -> int:
        if self.media.udp_port is not None:
            return self.media.udp_port
        return 0 if self.loopback else MEDIA_PORT

    @property
    def uplink(self) -> tuple[int, int]:
        """Bits and packets a second."""
        return self.media.most_uplink_kbps * 1000, self.media.most_uplink_packets

    @property
    def tcp_port(self) -> int | None:
        """0: any free one. None: no media by TCP."""
        if self.media.tcp_port is not None:
            return self.media.tcp_port or None
        return 0 if self.loopback else MEDIA_TCP_PORT


def load(flags: Mapping[str, Any], environment: Mapping[str, str], file: Path | None = None) -> Config:
    """`flags` has the tree's shape and only what was said, such as `{"http": {"port": 80}}`."""
    written = _read(file) if file else {}
    for path in _paths(written, Config):
        _refuse_stranger(".".join(path), [".".join(known) for known in settings_of(Config)], f" in {file}")
    config = _checked(_layered(_layered(written, _of_environment(environment)), flags))
    _refuse_contradictions(config)
    return config


# --- the sources ------------------------------------------------------------------------------------------------------


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text())
    except OSError as error:
        raise ConfigError("config.unreadable", f"{file} can't be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError("config.invalid", f"{file} is not TOML: {error}.") from None


def _of_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    names = {PREFIX + BETWEEN.join(path).upper(): path for path in settings_of(Config)}
    tree: dict[str, Any] = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX):
            continue
        _refuse_stranger(name, list(names), " in the environment")
        *tables, leaf = names[name]
        table = tree
        for step in tables:
            table = table.setdefault(step, {})
        table[leaf] = value
    return tree


def _layered(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for name, value in above.items():
        beneath = merged.get(name)
        both = isinstance(value, Mapping) and isinstance(beneath, Mapping)
        merged[name] = _layered(beneath, value) if both else value  # type: ignore[arg-type]
    return merged


def _part(of: type[BaseModel], name: str) -> type[BaseModel] | None:
    field = of.model_fields.get(name)
    kind = field.annotation if field else None
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def settings_of(tree: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    for name in tree.model_fields:
        part = _part(tree, name)
        if part is None:
            yield (name,)
        else:
            yield from ((name, *rest) for rest in settings_of(part))


def _paths(written: Mapping[str, Any], tree: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    for name, value in written.items():
        part = _part(tree, name)
        if part is not None and isinstance(value, Mapping):
            yield from ((name, *rest) for rest in _paths(value, part))
        elif part is None:
            yield (name,)


# --- the refusals -----------------------------------------------------------------------------------------------------


def _refuse_stranger(name: str, known: list[str], where: str) -> None:
    if name in known:
        return
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f" Did you mean {nearest[0]}?" if nearest else f" Known are: {', '.join(sorted(known))}."
    raise ConfigError("config.unknown_key", f"There is no setting {name}{where}.{hint}")


def _checked(tree: Mapping[str, Any]) -> Config:
    try:
        return Config.model_validate(tree)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(step) for step in first["loc"])
        raise ConfigError("config.invalid", f"{name}: {first['msg']}.") from None


def _refuse_contradictions(config: Config) -> None:
    if (config.http.certificate is None) != (config.http.key is None):
        raise ConfigError(
            "config.half_certificate", "A certificate needs its key: give both --cert and --key."
        )
    if config.http.certificates is not None and config.http.certificate is None:
        raise ConfigError(
            "config.half_certificate",
            "http.certificates is for a server that speaks https itself: set http.certificate and http.key too.",
        )
    if config.mail.dkim and not re.fullmatch(r"[a-z0-9-]+\._domainkey(\.[a-z0-9-]+)+", config.mail.dkim):
        raise ConfigError("config.invalid", "mail.dkim is a name such as folkmoot._domainkey.meet.example.")
    if config.dev and (config.lan or config.http.host not in LOOPBACK):
        raise ConfigError(
            "config.dev_beyond_loopback",
            "--dev uses a secret that everybody knows, so it serves this machine alone. Leave out --dev to serve others.",
        )
    if config.http.address and not re.fullmatch(r"https?://[^/\s]+", config.http.address):
        raise ConfigError(
            "config.invalid", "http.address is an origin, such as https://meet.example, without a path."
        )
    if config.mail.host and not (config.mail.sender and (config.http.address or config.loopback)):
        raise ConfigError(
            "config.half_mail",
            "Mails need to be from somebody and to lead somewhere: set mail.sender and http.address.",
        )
    _refuse_half_provider(config)
    if config.files.bucket and not (config.files.access_key and config.files.secret.get_secret_value()):
        raise ConfigError(
            "config.half_bucket",
            "A bucket needs its key: set files.access_key and files.secret.",
        )
    if config.files.endpoint and not re.fullmatch(r"https?://[^/\s]+", config.files.endpoint):
        raise ConfigError(
            "config.invalid",
            "files.endpoint is an origin, such as https://s3.example:9000, without a path.",
        )
    for name, origins in {"http.origins": config.http.origins, "embed.origins": config.embed.origins}.items():
        for origin in origins:
            if not re.fullmatch(r"https?://[^/\s;,']+", origin):
                raise ConfigError(
                    "config.invalid", f"{name}: {origin} is not an origin, such as https://meet.example."
                )
    for id, provider in config.accounts.providers.items():
        if not re.fullmatch(r"https://\S+|http://(localhost|127\.0\.0\.1)[:/]\S*", provider.issuer):
            raise ConfigError("config.invalid", f"accounts.providers.{id}: the issuer is an https address.")
    for url in config.webhooks.urls:
        if not url.startswith(("http://", "https://")):
            raise ConfigError("config.invalid", f"webhooks.urls: {url} is not an address of http or https.")
    for network in config.webhooks.allowed_networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise ConfigError(
                "config.invalid",
                f"webhooks.allowed_networks: {network} is no network, such as 10.1.0.0/16.",
            ) from None
    for server in config.dns.servers:
        try:
            endpoint(server, 53)
        except ValueError:
            raise ConfigError(
                "config.invalid",
                f"dns.servers: {server} is no address, such as 192.0.2.53 or 192.0.2.53:5353.",
            ) from None
    if config.webhooks.key and config.webhooks.key not in config.keys:
        raise ConfigError(
            "config.unknown_key_of_webhooks",
            f"webhooks.key: there is no API key {config.webhooks.key} in keys.",
        )
    for key, secret in config.keys.items():
        length = len(secret.get_secret_value())
        if not config.dev and (key == DEV_KEY or length < SHORTEST_SECRET):
            raise ConfigError(
                "config.weak_secret",
                f"The secret of API key {key} is one that can be guessed. Secrets have {SHORTEST_SECRET} characters or more"
                f" (folkmoot token --new-key makes one); {DEV_KEY} works with --dev only.",
            )


def _refuse_half_provider(config: Config) -> None:
    """Said at the start, not when somebody wants to pay."""
    said = config.billing.stripe
    key, secrets = said.key.get_secret_value(), [one.get_secret_value() for one in said.webhook_secrets]
    if config.billing.provider != "stripe":
        if key or secrets:
            raise ConfigError(
                "config.half_provider",
                "Stripe's key is set and nobody uses it: set billing.provider to stripe, or take the key out.",
            )
        return
    if key.startswith("pk_"):
        raise ConfigError(
            "config.half_provider",
            "billing.stripe.key is the publishable key, pk_…. Folkmoot needs the secret one, sk_…, or a restricted one, rk_….",
        )
    if not re.fullmatch(r"(sk|rk)_(live|test)_\w+", key):
        raise ConfigError(
            "config.half_provider", "billing.stripe.key is a secret key of Stripe's, sk_live_… or rk_live_…."
        )
    if not secrets or not all(re.fullmatch(r"whsec_\S+", one) for one in secrets):
        raise ConfigError(
            "config.half_provider",
            "billing.stripe.webhook_secrets is what Stripe signs with, whsec_…: it is shown where the webhook was added.",
        )
    if said.address and not re.fullmatch(
        r"https://[^/\s]+|http://(localhost|127\.0\.0\.1)(:\d+)?", said.address
    ):
        raise ConfigError(
            "config.invalid",
            "billing.stripe.address is an https origin without a path; leave it out for Stripe.",
        )
    if not (config.http.address or config.loopback):
        raise ConfigError(
            "config.half_provider",
            "Who paid is sent back here: set http.address for billing.provider = stripe.",
        )
