from __future__ import annotations

from pathlib import Path

import pytest

from folkmoot.config import MEDIA_PORT, MEDIA_TCP_PORT, ConfigError, load
from folkmoot.kit.network import endpoint

STRONG = "a-secret-of-forty-characters-and-no-less"


def refused(**said: object) -> ConfigError:
    with pytest.raises(ConfigError) as refusal:
        load(**{"flags": {}, "environment": {}, **said})  # type: ignore[arg-type]
    return refusal.value


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folkmoot.toml"


def test_a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default(file: Path) -> None:
    file.write_text('[http]\nport = 1\nhost = "::"\n[log]\nlevel = "debug"\n[media]\nudp_port = 5\n')
    environment = {"FOLKMOOT_HTTP__PORT": "2", "FOLKMOOT_LOG__LEVEL": "error", "PATH": "/bin"}
    config = load({"http": {"port": 3}}, environment, file)
    assert (config.http.port, config.log.level, config.media.udp_port, config.http.host) == (
        3,
        "error",
        5,
        "::",
    )
    assert config.log.format == "auto"


def test_lists_and_keys_can_be_written_in_the_environment() -> None:
    environment = {"FOLKMOOT_MEDIA__ADVERTISE": "192.0.2.7, 2001:db8::7", "FOLKMOOT_KEYS": f"APIx: {STRONG}"}
    config = load({}, environment)
    assert config.media.advertise == ("192.0.2.7", "2001:db8::7")
    assert config.keys["APIx"].get_secret_value() == STRONG


def test_a_mistyped_name_in_the_file_is_refused_with_its_neighbour(file: Path) -> None:
    file.write_text("[http]\nprot = 80\n")
    refusal = refused(file=file)
    assert refusal.code == "config.unknown_key"
    assert "http.prot" in refusal.message
    assert "Did you mean http.port?" in refusal.message


def test_a_mistyped_name_in_the_environment_is_refused_with_its_neighbour() -> None:
    refusal = refused(environment={"FOLKMOOT_HTTP_PORT": "80"})
    assert refusal.code == "config.unknown_key"
    assert "Did you mean FOLKMOOT_HTTP__PORT?" in refusal.message


@pytest.mark.parametrize(
    "text", ["[http]\nport = 70000\n", "http = 3\n", "[log]\nlevel = 'loud'\n", "port =", "keys = 7\n"]
)
def test_a_value_that_cannot_be_is_refused_and_named(file: Path, text: str) -> None:
    file.write_text(text)
    assert refused(file=file).code == "config.invalid"


def test_a_file_that_is_not_there_is_named(file: Path) -> None:
    refusal = refused(file=file)
    assert refusal.code == "config.unreadable"
    assert str(file) in refusal.message


def test_the_whole_tree_is_frozen() -> None:
    config = load({}, {})
    with pytest.raises(ValueError, match="frozen"):
        config.http.port = 1


def test_the_development_key_works_on_loopback_alone() -> None:
    assert load({"dev": True}, {}).dev
    assert refused(flags={"dev": True, "lan": True}).code == "config.dev_beyond_loopback"
    assert refused(flags={"dev": True, "http": {"host": "0.0.0.0"}}).code == "config.dev_beyond_loopback"


@pytest.mark.parametrize("keys", [{"devkey": "secret"}, {"devkey": STRONG}, {"APIx": "short"}, {"APIx": ""}])
def test_a_key_that_everybody_knows_or_guesses_is_refused_without_dev(keys: dict[str, str]) -> None:
    refusal = refused(flags={"keys": keys})
    assert refusal.code == "config.weak_secret"
    assert STRONG not in refusal.message


def test_a_certificate_without_its_key_is_refused() -> None:
    assert refused(flags={"http": {"certificate": "x.pem"}}).code == "config.half_certificate"


def test_media_takes_any_port_on_loopback_and_a_known_one_for_others() -> None:
    assert load({}, {}).udp_port == 0
    assert load({"lan": True}, {}).udp_port == MEDIA_PORT
    assert load({"lan": True, "media": {"udp_port": 50000}}, {}).udp_port == 50000
    assert load({}, {}).tcp_port == 0
    assert load({"lan": True}, {}).tcp_port == MEDIA_TCP_PORT
    assert load({"lan": True}, {"FOLKMOOT_MEDIA__TCP_PORT": "443"}).tcp_port == 443


def test_media_by_tcp_can_be_switched_off() -> None:
    assert load({}, {"FOLKMOOT_MEDIA__TCP_PORT": "0"}).tcp_port is None
    assert load({"lan": True, "media": {"tcp_port": 0}}, {}).tcp_port is None
    assert refused(flags={"media": {"tcp_port": 65536}}).code == "config.invalid"


def test_who_is_told_by_webhooks_has_an_address_and_a_key_that_is_there() -> None:
    assert refused(flags={"webhooks": {"urls": ["ftp://x"]}}).code == "config.invalid"
    told = {"urls": ["https://x/hook"], "key": "APIx"}
    assert refused(flags={"webhooks": told}).code == "config.unknown_key_of_webhooks"
    assert load({"webhooks": told, "keys": {"APIx": STRONG}}, {}).webhooks.key == "APIx"


def test_an_origin_is_one(tmp_path: Path) -> None:
    assert load({"http": {"origins": "https://meet.example"}}, {}).http.origins == ("https://meet.example",)
    with pytest.raises(ConfigError, match=r"http\.origins"):
        load({"http": {"origins": "https://meet.example/page"}}, {})


def test_what_meetings_are_bounded_by_can_be_said() -> None:
    said = {"FOLKMOOT_MEETINGS__MOST_PEOPLE": "40", "FOLKMOOT_MEETINGS__KEEP_DAYS": "0.5"}
    assert (load({}, said).meetings.most_people, load({}, said).meetings.keep_days) == (40, 0.5)
    for setting, value in {"most_people": 0, "most_running": 0, "empty_minutes": 0, "keep_days": -1}.items():
        assert refused(flags={"meetings": {setting: value}}).code == "config.invalid"
    assert refused(flags={"http": {"most_sockets": 3}}).code == "config.invalid"


@pytest.mark.parametrize("server", ["dns.example", "192.0.2.53:0", "192.0.2.53:x", "1.2.3.4:53:53", "[::1"])
def test_a_dns_server_is_an_address(server: str) -> None:
    assert refused(flags={"dns": {"servers": [server]}}).code == "config.invalid"


def test_dns_servers_have_ports_where_they_say_so() -> None:
    said = ["192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]:5353"]
    kept = load({"dns": {"servers": said}}, {}).dns.servers
    assert [endpoint(one, 53) for one in kept] == [
        ("192.0.2.53", 53), ("192.0.2.53", 5353), ("2001:db8::53", 53), ("2001:db8::53", 5353),
    ]  # fmt: skip


STRIPE = {
    "FOLKMOOT_BILLING__PROVIDER": "stripe",
    "FOLKMOOT_BILLING__STRIPE__KEY": "sk_test_123",
    "FOLKMOOT_BILLING__STRIPE__WEBHOOK_SECRETS": "whsec_new, whsec_old",
}


def test_stripe_is_told_its_key_and_what_it_signs_with() -> None:
    said = load({}, STRIPE).billing.stripe
    assert said.key.get_secret_value() == "sk_test_123"
    assert [one.get_secret_value() for one in said.webhook_secrets] == ["whsec_new", "whsec_old"]
    assert "123" not in repr(said) and "whsec" not in repr(said)


@pytest.mark.parametrize(
    ("other", "word"),
    [
        ({"STRIPE__KEY": "pk_live_123"}, "publishable"),
        ({"STRIPE__KEY": ""}, "billing.stripe.key"),
        ({"STRIPE__KEY": "sk_nonsense"}, "billing.stripe.key"),
        ({"STRIPE__WEBHOOK_SECRETS": ""}, "webhook_secrets"),
        ({"STRIPE__WEBHOOK_SECRETS": "whsec_a,sk_live_1"}, "webhook_secrets"),
        ({"STRIPE__ADDRESS": "http://stripe.example"}, "https origin"),
        ({"STRIPE__ADDRESS": "https://stripe.example/v1"}, "https origin"),
        ({"PROVIDER": "manual"}, "nobody uses it"),
    ],
)
def test_half_a_provider_is_refused_at_the_start(other: dict[str, str], word: str) -> None:
    environment = STRIPE | {f"FOLKMOOT_BILLING__{name}": value for name, value in other.items()}
    refusal = refused(environment=environment)
    assert word in refusal.message
    assert "123" not in refusal.message, "no secret is said"


def test_who_paid_is_sent_back_to_an_address() -> None:
    refusal = refused(flags={"http": {"host": "::"}}, environment=STRIPE)
    assert (refusal.code, "http.address" in refusal.message) == ("config.half_provider", True)
