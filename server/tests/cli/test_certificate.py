from __future__ import annotations

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from folkmoot.cli.certificate import LIFETIME, certificate_for

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def test_the_same_certificate_is_kept_so_that_no_browser_asks_twice(tmp_path: Path) -> None:
    first = certificate_for(["192.0.2.7"], tmp_path, NOW)
    again = certificate_for(["192.0.2.7"], tmp_path, NOW + timedelta(days=100))
    assert first == again
    assert stat.S_IMODE(first.key.stat().st_mode) == 0o600


def test_a_new_address_or_a_near_end_makes_a_new_one(tmp_path: Path) -> None:
    first = certificate_for(["192.0.2.7"], tmp_path, NOW)
    moved = certificate_for(["192.0.2.8"], tmp_path, NOW)
    late = certificate_for(["192.0.2.8"], tmp_path, NOW + LIFETIME - timedelta(days=1))
    assert len({first.fingerprint, moved.fingerprint, late.fingerprint}) == 3


def test_it_fits_its_key_and_names_the_addresses(tmp_path: Path) -> None:
    made = certificate_for(["192.0.2.7", "2001:db8::7"], tmp_path, NOW)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    shown = ssl._ssl._test_decode_cert(str(made.certificate))  # type: ignore[attr-defined]
    names = {name for _, name in shown["subjectAltName"]}
    assert {"192.0.2.7", "2001:DB8:0:0:0:0:0:7", "127.0.0.1", "localhost"} <= names


def test_a_damaged_one_is_made_anew(tmp_path: Path) -> None:
    made = certificate_for([], tmp_path, NOW)
    made.certificate.write_text("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
    assert certificate_for([], tmp_path, NOW).fingerprint != made.fingerprint
