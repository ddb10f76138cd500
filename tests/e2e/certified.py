"""A server that is called by its name: https, with a certificate for each name it has, and browsers that find them all on this machine."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, Playwright

from tests.e2e.people import CHROMIUM, FLAGS
from tests.product import Product


def certified(name: str, folder: Path) -> str:
    """As certbot leaves it: `folder/name/fullchain.pem` and `privkey.pem`. @returns what a browser that trusts it is told of its key"""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    there = folder / name
    there.mkdir(parents=True)
    (there / "fullchain.pem").write_bytes(made.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (there / "privkey.pem").write_bytes(private)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(public).digest()).decode()


@contextmanager
def called(product: Product, name: str, folder: Path) -> Iterator[str]:
    """Restarted under that name, with the certificates of the folder; and as it was, when that is over. @returns its address"""
    before = product.flags, product.scheme, product.environment
    own = folder / name
    said = {"ADDRESS": (address := f"https://{name}:{product.port}"), "CERTIFICATES": str(folder)}
    product.stop()
    product.flags = (
        *product.flags,
        "--cert", str(own / "fullchain.pem"), "--key", str(own / "privkey.pem"),
    )  # fmt: skip
    product.scheme = "https"
    product.environment = product.environment | {
        f"FOLKMOOT_HTTP__{key}": value for key, value in said.items()
    }
    product.start()
    try:
        yield address
    finally:
        product.stop()
        product.flags, product.scheme, product.environment = before
        product.start()


@contextmanager
def browser_of(playwright: Playwright, names: Iterable[str], keys: Iterable[str]) -> Iterator[Browser]:
    """Each name is this machine, and no certificate is believed but those of these keys."""
    mapped = ",".join(f"MAP {name} 127.0.0.1" for name in names)
    flags = [f"--host-resolver-rules={mapped}", f"--ignore-certificate-errors-spki-list={','.join(keys)}"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
    yield browser
    browser.close()
