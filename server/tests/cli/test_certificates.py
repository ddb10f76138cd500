"""Certificates of several names on one port: real TLS, chosen by the name that a client asks for, read again when files change."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from folkmoot.cli.certificates import Certificates, pairs
from folkmoot.cli.doctor import _certificates
from folkmoot.cli.server import LOOP
from folkmoot.config import Config, Http

NOW = datetime.now(UTC)


@dataclass
class Authority:
    """That the tests' clients trust."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def new(cls) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(key, _signed(key, key, "Authority", "Authority", [], NOW + timedelta(days=90), ca=True))

    def issue(self, certificate: Path, key: Path, *names: str, days: float = 60) -> None:
        """Into those files, whole."""
        certificate.parent.mkdir(parents=True, exist_ok=True)
        own = ec.generate_private_key(ec.SECP256R1())
        made = _signed(own, self.key, names[0], "Authority", names, NOW + timedelta(days=days))
        certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        key.write_bytes(
            own.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(
            cadata=self.certificate.public_bytes(serialization.Encoding.PEM).decode()
        )


def _signed(
    key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey, subject: str, issuer: str,
    names: tuple[str, ...] | list[str], until: datetime, *, ca: bool = False,
) -> x509.Certificate:  # fmt: skip
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    building = (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(NOW, until) - timedelta(days=30))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if names:
        alternative = x509.SubjectAlternativeName([x509.DNSName(one) for one in names])
        building = building.add_extension(alternative, critical=False)
    return building.sign(by, hashes.SHA256())


@dataclass
class House:
    """A server's own certificate, and a folder for the others."""

    authority: Authority
    main: tuple[Path, Path]
    folder: Path

    def issue(self, host: str, *also: str, days: float = 60) -> None:
        folder = self.folder / host
        self.authority.issue(folder / "fullchain.pem", folder / "privkey.pem", host, *also, days=days)

    def certificates(self) -> Certificates:
        return Certificates(*self.main, self.folder)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(Authority.new(), (tmp_path / "main.pem", tmp_path / "main.key"), tmp_path / "hosts")
    made.authority.issue(*made.main, "meet.example")
    made.folder.mkdir()
    return made


@asynccontextmanager
async def listening(certificates: Certificates) -> AsyncIterator[int]:
    """As the product listens, on uvloop where that is there."""

    async def app(scope: object, receive: object, send: object) -> None: ...

    settings = uvicorn.Config(
        app, port=0, log_config=None, ssl_context_factory=lambda *_: certificates.context()
    )
    settings.load()
    server = await asyncio.get_running_loop().create_server(
        asyncio.Protocol, "127.0.0.1", 0, ssl=settings.ssl
    )
    yield server.sockets[0].getsockname()[1]
    server.close()


async def shown_to(port: int, trusting: ssl.SSLContext, name: str) -> str:
    """What somebody who asks for that name is shown; the certificate holds for it, or this raises."""
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting, server_hostname=name)
    shown = writer.get_extra_info("ssl_object").getpeercert()
    writer.close()
    return f"{shown['subject'][0][0][1]} {shown['serialNumber']}"


def test_each_name_has_its_own_certificate_and_a_renewal_needs_no_restart(house: House) -> None:
    house.issue("meet.school.example")
    house.issue("wild.example", "*.wild.example")
    house.authority.issue(
        house.folder / "lego.example.crt", house.folder / "lego.example.key", "lego.example"
    )
    caddys = house.folder / "caddy.example"
    house.authority.issue(caddys / "caddy.example.crt", caddys / "caddy.example.key", "caddy.example")
    certificates, client = house.certificates(), house.authority.client()

    async def scene() -> None:
        async with listening(certificates) as port:
            for name in (
                "meet.example",
                "meet.school.example",
                "wild.example",
                "lego.example",
                "caddy.example",
            ):
                assert (await shown_to(port, client, name)).startswith(name)
            assert (await shown_to(port, client, "a.wild.example")).startswith("wild.example")
            for stranger in ("nobody.example", "a.b.wild.example"):
                with pytest.raises(ssl.SSLError):
                    await shown_to(port, client, stranger)
            before = await shown_to(port, client, "meet.school.example")
            main = await shown_to(port, client, "meet.example")
            house.issue("meet.school.example")
            house.authority.issue(*house.main, "meet.example")
            house.issue("new.example")
            certificates.look()
            after = await shown_to(port, client, "meet.school.example")
            assert after.startswith("meet.school.example") and after != before
            assert await shown_to(port, client, "meet.example") != main, "its own too"
            assert (await shown_to(port, client, "new.example")).startswith("new.example")

    with asyncio.Runner(loop_factory=LOOP) as runner:
        runner.run(scene())


def test_a_renewal_half_written_leaves_what_was_good(house: House) -> None:
    house.issue("meet.school.example")
    certificates = house.certificates()
    until = certificates.until("meet.school.example")
    key = house.folder / "meet.school.example" / "privkey.pem"
    good = key.read_bytes()
    house.issue("meet.school.example", days=80)
    renewed = key.read_bytes()
    key.write_bytes(good)
    certificates.look()
    assert certificates.until("meet.school.example") == until
    assert "don't belong together" in certificates.broken[key.with_name("fullchain.pem")]
    key.write_bytes(renewed)
    certificates.look()
    after = certificates.until("meet.school.example")
    assert until and after and after > until and certificates.broken == {}


def test_of_two_for_one_name_the_later_counts_and_one_that_is_gone_is_gone(house: House) -> None:
    house.issue("meet.school.example", days=10)
    folder = house.folder / "meet.school.example-0001"
    house.authority.issue(folder / "fullchain.pem", folder / "privkey.pem", "meet.school.example", days=50)
    certificates = house.certificates()
    until = certificates.until("meet.school.example")
    assert until and (until - NOW).days >= 49
    for file in folder.iterdir():
        file.unlink()
    certificates.look()
    until = certificates.until("meet.school.example")
    assert until and (until - NOW).days < 11
    assert certificates.until("other.example") is None
    assert certificates.until("meet.example")


def test_what_is_no_pair_is_none(house: House) -> None:
    lone = house.folder / "lone.example"
    lone.mkdir()
    (lone / "fullchain.pem").write_text("x")
    (house.folder / "issuer.crt").write_text("x")
    assert list(pairs(house.folder)) == []
    assert list(pairs(house.folder / "nowhere")) == []


@pytest.mark.parametrize(("days", "code"), [(60, "good"), (20, "soon"), (6, "last"), (-1, "over")])
def test_the_doctor_says_when_each_ends(house: House, days: int, code: str) -> None:
    house.issue("meet.school.example", days=days + 0.5)
    broken = house.folder / "broken.example"
    broken.mkdir()
    for name in ("fullchain.pem", "privkey.pem"):
        (broken / name).write_text("no PEM")
    http = Http(certificate=house.main[0], key=house.main[1], certificates=house.folder)
    found = list(_certificates(Config(http=http)))
    assert [one.code for one in found] == ["certificate.good", f"certificate.{code}", "certificate.broken"]
    assert "meet.school.example" in found[1].what
