"""A certificate for the local network: browsers give camera and microphone to https alone.

It is made once and kept in the data folder, so that a browser that was told to trust it isn't asked again; it is made
anew when it runs out or when this machine has got an address that it doesn't name.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = timedelta(days=397)
"""Apple's devices refuse longer ones."""
RENEWAL = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Certificate:
    certificate: Path
    key: Path
    fingerprint: str


def certificate_for(addresses: list[str], data: Path, now: datetime) -> Certificate:
    folder = data / "tls"
    kept = Certificate(folder / "lan.crt", folder / "lan.key", "")
    names = {"localhost", socket.gethostname(), "127.0.0.1", "::1", *addresses}
    made = _read(kept.certificate)
    if made is None or not kept.key.exists() or not _good(made, names, now):
        made = _make(names, kept, now)
    return Certificate(kept.certificate, kept.key, made.fingerprint(hashes.SHA256()).hex(":").upper())


def _read(file: Path) -> x509.Certificate | None:
    with contextlib.suppress(OSError, ValueError):
        return x509.load_pem_x509_certificate(file.read_bytes())
    return None


def _good(certificate: x509.Certificate, names: set[str], now: datetime) -> bool:
    with contextlib.suppress(x509.ExtensionNotFound):
        named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        known = {str(name.value) for name in named}
        return names <= known and now < certificate.not_valid_after_utc - RENEWAL
    return False


def _make(names: set[str], kept: Certificate, now: datetime) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Folkmoot on {socket.gethostname()}"[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(
            x509.SubjectAlternativeName([_alternative(name) for name in sorted(names)]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    kept.key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(kept.key, private, 0o600)
    _write(kept.certificate, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return certificate


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(file: Path, content: bytes, mode: int) -> None:
    draft = file.with_suffix(file.suffix + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        out.write(content)
    draft.replace(file)
